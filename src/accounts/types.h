#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "platform/base/caller.h"
#include "platform/base/fields.h"

namespace tuition::accounts {

enum class UserStatus { active, disabled, erased };

constexpr auto names_of(UserStatus) {
  return std::array{std::pair{UserStatus::active, std::string_view{"active"}},
                    std::pair{UserStatus::disabled, std::string_view{"disabled"}},
                    std::pair{UserStatus::erased, std::string_view{"erased"}}};
}

// Whom to write to, whom to bill, whose day it is.
struct Person {
  UserId id{};
  std::string email{};
  std::string full_name{};  // may be empty
  Role role = Role::user;
  bool owner = false;
  UserStatus status = UserStatus::active;
  std::optional<std::string> locale{};
  std::optional<std::string> timezone{};
  Instant created_at{};
};

struct PeopleCounts {
  std::int64_t total = 0;  // not erased
  std::int64_t verified = 0;
  std::int64_t joined = 0;     // since the given moment
  std::int64_t signed_in = 0;  // since the given moment
};
// How a session's access token travels.
enum class SessionKind { cookie, bearer };

constexpr auto names_of(SessionKind) {
  return std::array{std::pair{SessionKind::cookie, std::string_view{"cookie"}},
                    std::pair{SessionKind::bearer, std::string_view{"bearer"}}};
}

// A browser, by the digests of two random texts: the one its cookie showed, and the one its cookie will be once whoever
// sits there has shown who they are. A new one each time, because somebody else may have planted the old one. Both
// empty for clients that keep no cookies.
struct Browser {
  std::string shown{};
  std::string next{};
};

// What a link in a mail is for.
enum class TokenPurpose { verify, invite, reset, email_change };

constexpr auto names_of(TokenPurpose) {
  return std::array{std::pair{TokenPurpose::verify, std::string_view{"verify"}},
                    std::pair{TokenPurpose::invite, std::string_view{"invite"}},
                    std::pair{TokenPurpose::reset, std::string_view{"reset"}},
                    std::pair{TokenPurpose::email_change, std::string_view{"email_change"}}};
}

// Does the person pay for anything at present? Computed from entitlements, which stand above accounts.
enum class AccessLevel { free, paid };

constexpr auto names_of(AccessLevel) {
  return std::array{std::pair{AccessLevel::free, std::string_view{"free"}},
                    std::pair{AccessLevel::paid, std::string_view{"paid"}}};
}

// What a person has done, for their profile. Kept by learning, which stands above accounts.
struct Stats {
  std::int64_t lessons_done = 0;
  std::int64_t quizzes_passed = 0;
  std::int64_t minutes = 0;
  std::int64_t xp = 0;
  std::int64_t streak_days = 0;
  std::int64_t streak_best = 0;
  std::optional<Day> last_active_day{};
};
constexpr auto fields_of(const Stats*) {
  return table("ProfileStats", field("lessonsDone", &Stats::lessons_done, "How many lessons are finished."),
               field("quizzesPassed", &Stats::quizzes_passed, "How many quizzes are passed."),
               field("minutes", &Stats::minutes, "Minutes spent learning."),
               field("xp", &Stats::xp, "Experience points."),
               field("streakDays", &Stats::streak_days, "Days in a row with something learned, up to today."),
               field("streakBest", &Stats::streak_best, "The longest such row so far."),
               field("lastActiveDay", &Stats::last_active_day, "The last day with something learned."));
}

}  // namespace tuition::accounts
