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
using CertificateId = Id<struct CertificateTag>;
using RoundId = Id<struct RoundTag>;

// What a progress row is about.
enum class Scope { lesson, module, level, course };

constexpr auto names_of(Scope) {
  return std::array{
      std::pair{Scope::lesson, std::string_view{"lesson"}}, std::pair{Scope::module, std::string_view{"module"}},
      std::pair{Scope::level, std::string_view{"level"}}, std::pair{Scope::course, std::string_view{"course"}}};
}

// Why something is closed to somebody.
enum class LockReason { payment, level, login, drip, course, lesson };

constexpr auto names_of(LockReason) {
  return std::array{std::pair{LockReason::payment, std::string_view{"payment"}},
                    std::pair{LockReason::level, std::string_view{"level"}},
                    std::pair{LockReason::login, std::string_view{"login"}},
                    std::pair{LockReason::drip, std::string_view{"drip"}},
                    std::pair{LockReason::course, std::string_view{"course"}},
                    std::pair{LockReason::lesson, std::string_view{"lesson"}}};
}

enum class EnrollmentStatus { active, completed, removed };

constexpr auto names_of(EnrollmentStatus) {
  return std::array{std::pair{EnrollmentStatus::active, std::string_view{"active"}},
                    std::pair{EnrollmentStatus::completed, std::string_view{"completed"}},
                    std::pair{EnrollmentStatus::removed, std::string_view{"removed"}}};
}

// How somebody came into a course.
enum class EnrollmentSource { progress, free, purchase, grant };

constexpr auto names_of(EnrollmentSource) {
  return std::array{std::pair{EnrollmentSource::progress, std::string_view{"progress"}},
                    std::pair{EnrollmentSource::free, std::string_view{"free"}},
                    std::pair{EnrollmentSource::purchase, std::string_view{"purchase"}},
                    std::pair{EnrollmentSource::grant, std::string_view{"grant"}}};
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

// A course somebody has not finished yet.
struct MissingCourse {
  catalogue::CourseId id{};
  std::string title{};
  bool operator==(const MissingCourse&) const = default;
};

enum class CertificateStatus { valid, expired, revoked };

constexpr auto names_of(CertificateStatus) {
  return std::array{std::pair{CertificateStatus::valid, std::string_view{"valid"}},
                    std::pair{CertificateStatus::expired, std::string_view{"expired"}},
                    std::pair{CertificateStatus::revoked, std::string_view{"revoked"}}};
}

struct Certificate {
  CertificateId id{};
  std::string serial{};
  UserId user{};
  catalogue::CourseId course{};
  std::string school{};
  std::string course_title{};
  std::string name_on{};
  Instant issued_at{};
  std::optional<Instant> expires_at{};
  std::string key_id{};
  std::string signature{};  // base64url
  std::optional<Instant> revoked_at{};
  bool operator==(const Certificate&) const = default;
};

struct Stats {
  std::int64_t lessons_done = 0;
  std::int64_t quizzes_passed = 0;
  std::int64_t seconds = 0;
  std::int64_t xp = 0;
  std::int64_t streak_days = 0;
  std::int64_t streak_best = 0;
  std::optional<Day> last_active_day{};
  Instant day_ends_at{};          // when that day is over where the person lives
  std::int64_t achievements = 0;  // awarded already, one bit each
  bool operator==(const Stats&) const = default;
};

}  // namespace tuition::learning
