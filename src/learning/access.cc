#include "learning/access.h"

#include <algorithm>

#include "entitlements/entitlements.h"
#include "learning/learning.h"
#include "learning/store.h"

namespace tuition::learning {
namespace {

bool drips(const catalogue::Module& module) { return module.drip_days || module.drip_at; }

std::optional<Instant> drip_opening(const catalogue::Module& module, const Viewer& viewer, const Standing& standing) {
  std::optional<Instant> opens = module.drip_at;
  if (module.drip_days) {
    const auto by_days = standing.joined_at.value_or(viewer.now) + days(*module.drip_days);
    opens = opens ? std::max(*opens, by_days) : by_days;
  }
  return opens;
}

}  // namespace

Viewer viewer_of(Learning& door, const Caller& caller) {
  Viewer viewer{caller.user, caller.is_staff(), nullptr, door.clock.now()};
  if (viewer.signed_in()) viewer.rights = entitlements::rights_of(door.entitlements, caller.user);
  return viewer;
}

bool needs_standing(const Viewer& viewer, const catalogue::Course& course) {
  if (!viewer.signed_in() || viewer.staff) return false;
  return course.level_gate || std::any_of(course.modules.begin(), course.modules.end(), drips);
}

Standing standing_of(ReadTx& tx, const Viewer& viewer, const catalogue::Course& course) {
  const auto enrollment = store::enrollment(tx, viewer.user, course.id);
  Standing standing{store::done_map(tx, viewer.user, course, enrollment), {}};
  if (enrollment) standing.joined_at = enrollment->created_at;
  return standing;
}

Standing standing_for(Learning& door, const Viewer& viewer, const catalogue::Course& course) {
  if (!needs_standing(viewer, course)) return {};
  return door.db.read([&](ReadTx& tx) { return standing_of(tx, viewer, course); });
}

bool entitled(const Viewer& viewer, const catalogue::Course& course) {
  if (viewer.staff || course.access == catalogue::CourseAccess::free) return true;
  if (!viewer.rights) return false;
  return entitlements::effective(*viewer.rights, entitlements::course_target(course.id.text(), course.category),
                                 viewer.now)
      .allowed;
}

std::optional<Lock> lock_of(const Viewer& viewer, const catalogue::Course& course, const catalogue::Module& module,
                            const Standing& standing) {
  if (viewer.staff) return std::nullopt;
  if (!viewer.signed_in()) return Lock{LockReason::login};
  if (!entitled(viewer, course)) return Lock{LockReason::payment};
  if (course.level_gate)
    if (const auto missing = missing_level(course, standing.done, module.level))
      return Lock{LockReason::level, *missing};
  if (const auto opens = drip_opening(module, viewer, standing); opens && *opens > viewer.now)
    return Lock{LockReason::drip, 0, *opens};
  return std::nullopt;
}

std::optional<Lock> lock_of(const Viewer& viewer, const catalogue::LessonPlace& place, const Standing& standing) {
  if (place.lesson().preview) return std::nullopt;
  return lock_of(viewer, *place.course, place.module(), standing);
}

Error locked_error(const Lock& lock) {
  switch (lock.reason) {
    case LockReason::login: return {Kind::unauthenticated, "UNAUTHENTICATED", "Please sign in to open this."};
    case LockReason::payment:
      return {Kind::payment_required, "PAYMENT_REQUIRED", "This belongs to a plan you do not have yet."};
    case LockReason::level:
      return {Kind::forbidden,
              "LOCKED",
              "Finish level " + std::to_string(lock.missing_level) + " first: this opens after it.",
              {},
              {{"level", std::to_string(lock.missing_level)}}};
    case LockReason::drip:
      return {Kind::forbidden,
              "LOCKED",
              "This opens later, on " + to_text(day_of(lock.opens_at)) + ".",
              {},
              {{"opensAt", to_text(lock.opens_at)}}};
  }
  return {};
}

}  // namespace tuition::learning
