#pragma once

#include <string>

#include "catalogue/authoring/store_authoring.h"
#include "catalogue/wire.h"
#include "platform/base/caller.h"
#include "platform/base/page.h"
#include "platform/base/result.h"
#include "platform/storage/database.h"

// Courses, as their authors make them. An instructor works on courses of their own, administrators on all; everybody
// else is told that there is no such thing. Whatever changes here is in the trail, and the shelf follows the commit.
namespace tuition::catalogue {

struct Catalogue;

Result<Page<StudioCourse>> list_own_courses(Catalogue& door, const Caller& caller, const StudioListForm& form);
Result<CourseSource> course_source(Catalogue& door, const Caller& caller, const CourseId& id);

// SLUG_TAKEN where another course has the slug that was asked for; a slug made of the title makes way by itself.
Result<CourseSource> create_course(Catalogue& door, const Caller& caller, const CourseForm& form);
// Everything that the form leaves out is as for a new course, but the slug and the teacher, which stay.
Result<CourseSource> change_course(Catalogue& door, const Caller& caller, const std::string& id_or_slug,
                                   const CourseForm& form);
// Kept as archived where somebody has joined it, else gone.
Result<Removed> remove_course(Catalogue& door, const Caller& caller, const std::string& id_or_slug);
// NOT_READY, with everything that is missing, where learners would meet something unfinished.
Result<CourseSource> publish_course(Catalogue& door, const Caller& caller, const CourseId& id,
                                    const RevisionForm& form);
// Back to a draft: learners do not see it any more, and keep their progress.
Result<CourseSource> withdraw_course(Catalogue& door, const Caller& caller, const CourseId& id,
                                     const RevisionForm& form);

Result<MarkdownView> preview_markdown(Catalogue& door, const Caller& caller, const MarkdownForm& form);

// When a teacher's account is removed: the courses stay, the school's from then on.
void forget_person(WriteTx& tx, const UserId& user);

// --- For the other files of the author's side

inline constexpr const char* there_is_no_course = "There is no such course.";

// The course's key when the caller may work on the thing, else NOT_FOUND with these words.
template <class ThingId>
Result<store::Owned> own(ReadTx& tx, const Caller& caller, const ThingId& id, const char* absent) {
  auto owned = store::owner_of(tx, id);
  if (!owned || !(caller.is_admin() || (caller.is_staff() && caller.is(owned->instructor)))) return not_found(absent);
  return *std::move(owned);
}

// EDITED_MEANWHILE, with the revision that is there, unless the change began with it or says nothing of one.
Result<void> check_revision(const std::optional<std::int64_t>& began_with, std::int64_t there);

CourseSource source_of(ReadTx& tx, const CourseId& id);

// What every change of a course's insides ends with: its outline is a new one, the trail says who, readers look anew.
void note_change(Catalogue& door, WriteTx& tx, const Caller& caller, const CourseId& course, std::string action,
                 std::string description);

}  // namespace tuition::catalogue
