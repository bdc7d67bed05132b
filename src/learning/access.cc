#include "learning/access.h"

#include <algorithm>

#include "entitlements/entitlements.h"
#include "learning/learning.h"
#include "learning/store.h"

namespace tuition::learning {
namespace {

bool drips(const catalogue::Module& module) { return module.drip_days || module.drip_at; }

// A module or a lesson's rules.
template <class Dripping>
std::optional<Lock> drip_lock(const Dripping& it, const Viewer& viewer, const Standing& standing) {
  std::optional<Instant> opens = it.drip_at;
  if (it.drip_days) {
    const auto by_days = standing.joined_at.value_or(viewer.now) + days(*it.drip_days);
    opens = opens ? std::max(*opens, by_days) : by_days;
  }
  if (!opens || *opens <= viewer.now) return std::nullopt;
  return Lock{LockReason::drip, 0, *opens, {}, {}};
}

std::optional<Lock> missing_lesson(const catalogue::Course& course, const catalogue::Lesson& lesson,
                                   const Standing& standing) {
  for (const auto& before : lesson.rules.prerequisites)
    for (std::size_t i = 0; i < course.lessons.size(); ++i)
      if (course.lessons[i].id == before && !standing.done.has(i))
        return Lock{LockReason::lesson, 0, {}, before.text(), course.lessons[i].title};
  return std::nullopt;
}

}  // namespace

Viewer viewer_of(Learning& door, const Caller& caller) {
  Viewer viewer{caller.user, caller.is_staff(), nullptr, door.clock.now()};
  if (viewer.signed_in()) viewer.rights = entitlements::rights_of(door.entitlements, caller.user);
  return viewer;
}

bool needs_standing(const Viewer& viewer, const catalogue::Course& course) {
  if (!viewer.signed_in() || viewer.staff) return false;
  return course.level_gate || course.terms.lessons_wait || !course.terms.prerequisites.empty() ||
         std::any_of(course.modules.begin(), course.modules.end(), drips);
}

Standing standing_of(ReadTx& tx, const Viewer& viewer, const catalogue::Course& course) {
  const auto enrollment = store::enrollment(tx, viewer.user, course.id);
  Standing standing{store::done_map(tx, viewer.user, course, enrollment), {}, {}};
  if (enrollment && enrollment->status != EnrollmentStatus::removed) standing.joined_at = enrollment->created_at;
  for (const auto& before : course.terms.prerequisites)
    if (!standing.missing_course) standing.missing_course = store::missing_course(tx, viewer.user, before);
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
  if (!viewer.signed_in()) return Lock{LockReason::login, 0, {}, {}, {}};
  if (!entitled(viewer, course)) return Lock{LockReason::payment, 0, {}, {}, {}};
  if (const auto& before = standing.missing_course)
    return Lock{LockReason::course, 0, {}, before->id.text(), before->title};
  if (course.level_gate)
    if (const auto missing = missing_level(course, standing.done, module.level))
      return Lock{LockReason::level, *missing, {}, {}, {}};
  return drip_lock(module, viewer, standing);
}

std::optional<Lock> lock_of(const Viewer& viewer, const catalogue::LessonPlace& place, const Standing& standing) {
  if (place.lesson().preview) return std::nullopt;
  if (auto lock = lock_of(viewer, *place.course, place.module(), standing)) return lock;
  if (viewer.staff) return std::nullopt;
  if (auto lock = missing_lesson(*place.course, place.lesson(), standing)) return lock;
  return drip_lock(place.lesson().rules, viewer, standing);
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
    case LockReason::course:
      return {Kind::forbidden,
              "LOCKED",
              "Finish the course \"" + lock.missing_title + "\" first: this one builds on it.",
              {},
              {{"courseId", lock.missing_id}}};
    case LockReason::lesson:
      return {Kind::forbidden,
              "LOCKED",
              "Complete \"" + lock.missing_title + "\" first: this lesson builds on it.",
              {},
              {{"lessonId", lock.missing_id}}};
  }
  return {};
}

}  // namespace tuition::learning
