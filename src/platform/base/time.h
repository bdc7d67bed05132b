#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tuition {

// A moment: milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored.
struct Instant {
  std::int64_t ms = 0;
  auto operator<=>(const Instant&) const = default;
};

struct Duration {
  std::int64_t ms = 0;
  auto operator<=>(const Duration&) const = default;
};

constexpr Duration milliseconds(std::int64_t n) { return {n}; }
constexpr Duration seconds(std::int64_t n) { return {n * 1000}; }
constexpr Duration minutes(std::int64_t n) { return seconds(n * 60); }
constexpr Duration hours(std::int64_t n) { return minutes(n * 60); }
constexpr Duration days(std::int64_t n) { return hours(n * 24); }

constexpr Instant operator+(Instant at, Duration d) { return {at.ms + d.ms}; }
constexpr Instant operator-(Instant at, Duration d) { return {at.ms - d.ms}; }
constexpr Duration operator-(Instant a, Instant b) { return {a.ms - b.ms}; }

// A calendar day in UTC, counted from 1970-01-01.
struct Day {
  std::int32_t number = 0;
  auto operator<=>(const Day&) const = default;
};

Day day_of(Instant at);
std::string to_text(Day day);  // 2026-11-20
std::optional<Day> parse_day(std::string_view text);

// The same day of the month `months` later, the last day where that month is shorter: 31 January + 1 = 28 February.
Instant add_months(Instant at, int months);

// RFC 3339 in UTC with milliseconds: 2026-11-20T08:30:00.000Z.
std::string to_text(Instant at);
void append_text(std::string& out, Instant at);  // the same, written behind what is there
// Any RFC 3339 date-time with offset.
std::optional<Instant> parse_instant(std::string_view text);
// Thu, 20 Nov 2026 08:30:00 GMT (RFC 9110 section 5.6.7, RFC 5322 for mail with +0000).
std::string http_date(Instant at);
std::string mail_date(Instant at);
// ISO 8601 durations of weeks, days, hours, minutes, seconds, months (30 days) and years (365 days), or plain seconds.
std::optional<Duration> parse_duration(std::string_view text);

// What time it is. A parameter everywhere, so that tests and the sandbox can move it.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const override;
};

// The system's time plus an offset that can be advanced; safe from any thread. Time never moves back.
class AdvancingClock final : public Clock {
 public:
  Instant now() const override;
  void advance(Duration by) { offset_ms_.fetch_add(by.ms > 0 ? by.ms : 0); }

 private:
  SystemClock system_;
  std::atomic<std::int64_t> offset_ms_{0};
};

// For intervals only: never jumps. Microseconds from an arbitrary point.
std::int64_t steady_us();

}  // namespace tuition
