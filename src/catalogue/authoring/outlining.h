#pragma once

#include "catalogue/wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"

// Modules and lessons, as the course's author puts them in order. Rights as in authoring.h.
namespace tuition::catalogue {

struct Catalogue;

// --- Modules: new ones come last.
Result<ModuleSource> create_module(Catalogue& door, const Caller& caller, const CourseId& course,
                                   const ModuleForm& form);
Result<ModuleSource> module_source(Catalogue& door, const Caller& caller, const ModuleId& id);
Result<ModuleSource> change_module(Catalogue& door, const Caller& caller, const ModuleId& id, const ModuleForm& form);
// With its lessons. HAS_ATTEMPTS where people have taken a quiz of it, unless forced.
Result<Removed> remove_module(Catalogue& door, const Caller& caller, const ModuleId& id, const ForceForm& form);
// Takes all modules of the course, in their new order; UNPROCESSABLE, and nothing has moved, where one is missing,
// there twice, or another course's, or where a level would come before a lower one.
Result<CourseSource> reorder_modules(Catalogue& door, const Caller& caller, const CourseId& course,
                                     const OrderForm& form);

// --- Lessons: new ones come last in their module.
Result<LessonSource> create_lesson(Catalogue& door, const Caller& caller, const ModuleId& module,
                                   const LessonForm& form);
Result<LessonSource> lesson_source(Catalogue& door, const Caller& caller, const LessonId& id);
Result<LessonSource> change_lesson(Catalogue& door, const Caller& caller, const LessonId& id, const LessonForm& form);
Result<Removed> remove_lesson(Catalogue& door, const Caller& caller, const LessonId& id, const ForceForm& form);
// Takes all lessons of the module, in their new order; a lesson of another module of the same course moves here.
Result<CourseSource> reorder_lessons(Catalogue& door, const Caller& caller, const ModuleId& module,
                                     const OrderForm& form);

}  // namespace tuition::catalogue
