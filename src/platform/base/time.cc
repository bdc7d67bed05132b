#include "platform/base/time.h"

#include <array>
#include <chrono>
#include <cstdio>

#include "platform/base/text.h"

namespace tuition {
namespace {

namespace chrono = std::chrono;

constexpr std::int64_t ms_per_day = 86'400'000;

struct Parts {
  chrono::year_month_day date;
  int hour, minute, second, ms;
};

Parts parts_of(Instant at) {
  auto day = at.ms / ms_per_day;
  auto rest = at.ms % ms_per_day;
  if (rest < 0) {
    rest += ms_per_day;
    --day;
  }
  return {chrono::year_month_day{chrono::sys_days{chrono::days{day}}}, static_cast<int>(rest / 3'600'000),
          static_cast<int>(rest / 60'000 % 60), static_cast<int>(rest / 1000 % 60), static_cast<int>(rest % 1000)};
}

void put(char*& to, int value, int digits) {
  for (int i = digits - 1; i >= 0; --i) {
    to[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  to += digits;
}

// Exactly `digits` decimal digits at the front of `text`, which is shortened; -1 otherwise.
int take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return -1;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<chrono::year_month_day> take_date(std::string_view& text) {
  const int year = take_digits(text, 4);
  if (year < 0 || !take(text, '-')) return std::nullopt;
  const int month = take_digits(text, 2);
  if (month < 0 || !take(text, '-')) return std::nullopt;
  const int day = take_digits(text, 2);
  if (day < 0) return std::nullopt;
  const chrono::year_month_day date{chrono::year{year}, chrono::month{static_cast<unsigned>(month)},
                                    chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return date;
}

constexpr std::array<const char*, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string long_date(Instant at, const char* zone) {
  const auto p = parts_of(at);
  const chrono::weekday weekday{chrono::sys_days{p.date}};
  char out[48];
  std::snprintf(out, sizeof out, "%s, %02u %s %04d %02d:%02d:%02d %s", weekdays[weekday.c_encoding()],
                static_cast<unsigned>(p.date.day()), months[static_cast<unsigned>(p.date.month()) - 1],
                static_cast<int>(p.date.year()), p.hour, p.minute, p.second, zone);
  return out;
}

}  // namespace

Day day_of(Instant at) {
  auto day = at.ms / ms_per_day;
  if (at.ms % ms_per_day < 0) --day;
  return {static_cast<std::int32_t>(day)};
}

std::string to_text(Day day) { return to_text(Instant{day.number * ms_per_day}).substr(0, 10); }

std::optional<Day> parse_day(std::string_view text) {
  const auto date = take_date(text);
  if (!date || !text.empty()) return std::nullopt;
  return Day{static_cast<std::int32_t>(chrono::sys_days{*date}.time_since_epoch().count())};
}

Instant add_months(Instant at, int months_later) {
  const auto p = parts_of(at);
  auto date = p.date + chrono::months{months_later};
  if (!date.ok()) date = chrono::year_month_day{date.year() / date.month() / chrono::last};
  const auto in_day = at.ms - chrono::sys_days{p.date}.time_since_epoch().count() * ms_per_day;
  return {chrono::sys_days{date}.time_since_epoch().count() * ms_per_day + in_day};
}

void append_text(std::string& out, Instant at) {
  const auto p = parts_of(at);
  char text[24];
  char* to = text;
  put(to, static_cast<int>(p.date.year()), 4);
  *to++ = '-';
  put(to, static_cast<int>(static_cast<unsigned>(p.date.month())), 2);
  *to++ = '-';
  put(to, static_cast<int>(static_cast<unsigned>(p.date.day())), 2);
  *to++ = 'T';
  put(to, p.hour, 2);
  *to++ = ':';
  put(to, p.minute, 2);
  *to++ = ':';
  put(to, p.second, 2);
  *to++ = '.';
  put(to, p.ms, 3);
  *to++ = 'Z';
  out.append(text, to);
}

std::string to_text(Instant at) {
  std::string out;
  append_text(out, at);
  return out;
}

std::optional<Instant> parse_instant(std::string_view text) {
  const auto date = take_date(text);
  if (!date || text.empty()) return std::nullopt;
  if (text.front() != 'T' && text.front() != 't' && text.front() != ' ') return std::nullopt;
  text.remove_prefix(1);
  const int hour = take_digits(text, 2);
  if (hour < 0 || hour > 23 || !take(text, ':')) return std::nullopt;
  const int minute = take_digits(text, 2);
  if (minute < 0 || minute > 59 || !take(text, ':')) return std::nullopt;
  const int second = take_digits(text, 2);
  if (second < 0 || second > 60) return std::nullopt;
  int ms = 0;
  if (take(text, '.')) {
    int scale = 100;
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
      ms += (text[digits] - '0') * scale;
      scale /= 10;
      ++digits;
    }
    if (digits == 0) return std::nullopt;
    text.remove_prefix(digits);
  }
  std::int64_t offset_minutes = 0;
  if (text == "Z" || text == "z") {
    text = {};
  } else if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    const int h = take_digits(text, 2);
    if (h < 0 || h > 23 || !take(text, ':')) return std::nullopt;
    const int m = take_digits(text, 2);
    if (m < 0 || m > 59) return std::nullopt;
    offset_minutes = sign * (h * 60 + m);
  } else {
    return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  const std::int64_t day = chrono::sys_days{*date}.time_since_epoch().count();
  return Instant{day * ms_per_day + hour * 3'600'000LL + (minute - offset_minutes) * 60'000LL + second * 1000LL + ms};
}

std::string http_date(Instant at) { return long_date(at, "GMT"); }
std::string mail_date(Instant at) { return long_date(at, "+0000"); }

std::optional<Duration> parse_duration(std::string_view text) {
  if (const auto plain = parse_integer(text)) {
    if (*plain < 0 || *plain > 100LL * 365 * 86400) return std::nullopt;
    return seconds(*plain);
  }
  if (!take(text, 'P')) return std::nullopt;
  std::int64_t total = 0;
  bool in_time = false;
  bool any = false;
  while (!text.empty()) {
    if (!in_time && take(text, 'T')) {
      in_time = true;
      continue;
    }
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
    const auto value = parse_integer(text.substr(0, digits));
    if (!value || *value > 1'000'000 || digits == text.size()) return std::nullopt;
    const char unit = text[digits];
    text.remove_prefix(digits + 1);
    std::int64_t unit_s = 0;
    if (in_time) {
      unit_s = unit == 'H' ? 3600 : unit == 'M' ? 60 : unit == 'S' ? 1 : 0;
    } else {
      unit_s = unit == 'Y' ? 365 * 86400 : unit == 'M' ? 30 * 86400 : unit == 'W' ? 7 * 86400 : unit == 'D' ? 86400 : 0;
    }
    if (unit_s == 0) return std::nullopt;
    total += *value * unit_s;
    any = true;
  }
  if (!any || total > 100LL * 365 * 86400) return std::nullopt;
  return seconds(total);
}

Instant SystemClock::now() const {
  return {chrono::duration_cast<chrono::milliseconds>(chrono::system_clock::now().time_since_epoch()).count()};
}

Instant AdvancingClock::now() const { return system_.now() + milliseconds(offset_ms_.load()); }

std::int64_t steady_us() {
  return chrono::duration_cast<chrono::microseconds>(chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace tuition
