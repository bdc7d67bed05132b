#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "platform/base/id.h"
#include "platform/base/time.h"

namespace tuition::entitlements {

using EntitlementId = Id<struct EntitlementTag>;

// How far an entitlement reaches.
enum class Scope { all, category, course, feature };

constexpr auto names_of(Scope) {
  return std::array{
      std::pair{Scope::all, std::string_view{"all"}}, std::pair{Scope::category, std::string_view{"category"}},
      std::pair{Scope::course, std::string_view{"course"}}, std::pair{Scope::feature, std::string_view{"feature"}}};
}

// What gave it.
enum class Source { subscription, purchase, grant, coupon, manual };

constexpr auto names_of(Source) {
  return std::array{
      std::pair{Source::subscription, std::string_view{"subscription"}},
      std::pair{Source::purchase, std::string_view{"purchase"}}, std::pair{Source::grant, std::string_view{"grant"}},
      std::pair{Source::coupon, std::string_view{"coupon"}}, std::pair{Source::manual, std::string_view{"manual"}}};
}

// What an access check asks about: a course, with the category it stands in, or a feature. `all` covers every course
// and every feature.
struct Target {
  std::string course_id{};
  std::string category{};
  std::string feature{};
};

inline Target course_target(std::string course_id, std::string category) {
  return {std::move(course_id), std::move(category), {}};
}
inline Target feature_target(std::string name) { return {{}, {}, std::move(name)}; }

// One right as the rules see it. From starts_at until before ends_at; without ends_at for good.
struct Right {
  Scope scope = Scope::course;
  std::string scope_id{};
  Instant starts_at{};
  std::optional<Instant> ends_at{};
};

// The one answer to "may they, and until when?". `until` is when it must be asked again at the latest; none: never.
struct Answer {
  bool allowed = false;
  std::optional<Instant> until{};
};

}  // namespace tuition::entitlements
