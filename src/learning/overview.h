#pragma once

#include <string>
#include <vector>

#include "learning/wire.h"
#include "platform/base/caller.h"
#include "platform/base/page.h"
#include "platform/base/result.h"

// The catalogue as one person sees it: what is open, and how far one is.
namespace tuition::learning {

struct Learning;

// A cursor that is no place in the list is refused.
Result<Page<CourseCard>> list_courses(Learning& door, const Caller& caller, const CourseListForm& form);
Result<CoursePage> get_course(Learning& door, const Caller& caller, const std::string& id_or_slug);
Result<Page<ModuleView>> list_modules(Learning& door, const Caller& caller, const ListForm& form);
// All modules of one course.
Result<std::vector<ModuleView>> course_modules(Learning& door, const Caller& caller, const std::string& id_or_slug);
Result<ModulePage> get_module(Learning& door, const Caller& caller, const catalogue::ModuleId& id);

ProgressView get_progress(Learning& door, const Caller& caller);
Result<CourseProgress> get_course_progress(Learning& door, const Caller& caller, const std::string& id_or_slug);

}  // namespace tuition::learning
