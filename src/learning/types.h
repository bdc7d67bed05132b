#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalogue/types.h"
#include "platform/base/id.h"
#include "platform/base/time.h"

namespace tuition::learning {

using EnrollmentId = Id<struct EnrollmentTag>;
using AttemptId = Id<struct AttemptTag>;

// What a progress row is about.
enum class Scope { lesson, module, level, course };

constexpr auto names_of(Scope) {
  return std::array{
      std::pair{Scope::lesson, std::string_view{"lesson"}}, std::pair{Scope::module, std::string_view{"module"}},
      std::pair{Scope::level, std::string_view{"level"}}, std::pair{Scope::course, std::string_view{"course"}}};
}

// Why something is closed to somebody.
enum class LockReason { payment, level, login, drip };

constexpr auto names_of(LockReason) {
  return std::array{std::pair{LockReason::payment, std::string_view{"payment"}},
                    std::pair{LockReason::level, std::string_view{"level"}},
                    std::pair{LockReason::login, std::string_view{"login"}},
                    std::pair{LockReason::drip, std::string_view{"drip"}}};
}

enum class EnrollmentStatus { active, completed, removed };

constexpr auto names_of(EnrollmentStatus) {
  return std::array{std::pair{EnrollmentStatus::active, std::string_view{"active"}},
                    std::pair{EnrollmentStatus::completed, std::string_view{"completed"}},
                    std::pair{EnrollmentStatus::removed, std::string_view{"removed"}}};
}

// From second to second, `from` included, `to` not.
struct WatchedRange {
  std::int64_t from = 0;
  std::int64_t to = 0;
  bool operator==(const WatchedRange&) const = default;
};

// How far somebody is with one thing.
struct Progress {
  bool completed = false;
  std::optional<Instant> completed_at{};
  std::int64_t position_s = 0;
  std::vector<WatchedRange> watched{};  // ascending, apart from each other
  std::optional<double> score_best{};   // percent
  std::optional<double> score_last{};
  std::int64_t attempts = 0;  // scores reported
  Instant created_at{};
  Instant updated_at{};
  bool operator==(const Progress&) const = default;
};

struct Enrollment {
  EnrollmentId id{};
  catalogue::CourseId course{};
  EnrollmentStatus status = EnrollmentStatus::active;
  std::int64_t done_revision = -1;
  std::string done_map{};  // bytes, see done_map.h
  Instant created_at{};
  std::optional<Instant> completed_at{};
  bool operator==(const Enrollment&) const = default;
};

struct Stats {
  std::int64_t lessons_done = 0;
  std::int64_t quizzes_passed = 0;
  std::int64_t seconds = 0;
  std::int64_t xp = 0;
  std::int64_t streak_days = 0;
  std::int64_t streak_best = 0;
  std::optional<Day> last_active_day{};
  Instant day_ends_at{};  // when that day is over where the person lives
  bool operator==(const Stats&) const = default;
};

}  // namespace tuition::learning
