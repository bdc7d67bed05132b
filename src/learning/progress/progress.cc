#include "learning/progress/progress.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "learning/access.h"
#include "learning/learning.h"
#include "learning/progress/completion.h"
#include "learning/progress/journal.h"
#include "learning/store.h"
#include "learning/views.h"

namespace tuition::learning {
namespace {

// What a save is about, found on the shelf and allowed.
struct Subject {
  catalogue::ShelfPtr shelf{};  // keeps course alive
  const catalogue::Course* course = nullptr;
  Scope scope = Scope::lesson;
  std::string scope_id{};
  std::int64_t level = 1;
  std::vector<std::size_t> lessons{};  // places of the lessons in it
  std::vector<std::size_t> open{};     // of these, the ones that may be completed by saying so
};

Result<Subject> find_lesson(catalogue::ShelfPtr shelf, const catalogue::LessonId& id) {
  const auto* place = shelf->lesson(id);
  if (!place) return not_found("There is no such lesson.");
  return Subject{std::move(shelf), place->course, Scope::lesson, id.text(), place->lesson().level, {place->index}, {}};
}

Result<Subject> find_module(catalogue::ShelfPtr shelf, const catalogue::ModuleId& id) {
  const auto* place = shelf->module(id);
  if (!place) return not_found("There is no such module.");
  const auto& module = place->module();
  Subject subject{std::move(shelf), place->course, Scope::module, id.text(), module.level, {}, {}};
  for (std::size_t i = 0; i < module.lesson_count; ++i) subject.lessons.push_back(module.first_lesson + i);
  return subject;
}

bool has_level(const catalogue::Course& course, std::int64_t level) {
  return std::find(course.levels.begin(), course.levels.end(), level) != course.levels.end();
}

// The course meant by a level alone: the only one that has it or, of several, the only one the caller has begun.
Result<const catalogue::Course*> course_meant(Learning& door, const Caller& caller, const catalogue::Shelf& shelf,
                                              std::int64_t level) {
  std::vector<const catalogue::Course*> having;
  for (const auto& course : shelf.courses)
    if (has_level(course, level)) having.push_back(&course);
  if (having.empty()) return not_found("No course has such a level.");
  if (having.size() == 1) return having.front();
  const auto begun = door.db.read([&](ReadTx& tx) { return store::enrollments(tx, caller.user); });
  std::erase_if(having, [&](const auto* course) {
    return std::none_of(begun.begin(), begun.end(), [&](const auto& each) { return each.course == course->id; });
  });
  if (having.size() == 1) return having.front();
  return Error{Kind::invalid,
               "VALIDATION_ERROR",
               "Please check the marked fields.",
               {},
               {{"courseId", "is required: several courses have this level"}}};
}

Result<Subject> find_level(Learning& door, const Caller& caller, catalogue::ShelfPtr shelf,
                           const std::optional<catalogue::CourseId>& course_id, std::int64_t level) {
  const auto* course = course_id ? shelf->course(course_id->text()) : TRY(course_meant(door, caller, *shelf, level));
  if (!course) return not_found("There is no such course.");
  Subject subject{
      std::move(shelf), course, Scope::level, course->id.text() + ":" + std::to_string(level), level, {}, {}};
  for (std::size_t i = 0; i < course->lessons.size(); ++i)
    if (course->lessons[i].level == level) subject.lessons.push_back(i);
  if (subject.lessons.empty()) return not_found("The course has no such level.");
  return subject;
}

Result<Subject> find(Learning& door, const Caller& caller, const ProgressForm& form) {
  auto shelf = catalogue::shelf(door.catalogue);
  if (form.lesson_id) return find_lesson(std::move(shelf), *form.lesson_id);
  if (form.module_id) return find_module(std::move(shelf), *form.module_id);
  return find_level(door, caller, std::move(shelf), form.course_id, *form.level);
}

// Open as a whole: a module or level must be open itself, whatever previews are in it.
std::optional<Lock> lock_of(const Viewer& viewer, const Subject& subject, const Standing& standing) {
  const auto& course = *subject.course;
  if (subject.scope == Scope::lesson)
    return learning::lock_of(viewer, catalogue::LessonPlace{&course, subject.lessons.front()}, standing);
  for (const auto lesson : subject.lessons)
    if (auto lock = learning::lock_of(viewer, course, course.modules[course.lessons[lesson].module], standing))
      return lock;
  return std::nullopt;
}

Report report_of(const ProgressForm& form) {
  Report said{form.score, form.completed.value_or(false), form.position_seconds, {}};
  for (const auto& range : form.watched_ranges) said.watched.push_back({range[0], range[1]});
  return said;
}

// What a quiz is worth only its own attempts can say.
Result<void> check_claims(const Subject& subject, const ProgressForm& form) {
  if (subject.scope != Scope::lesson) return {};
  const auto kind = subject.course->lessons[subject.lessons.front()].kind;
  if (!form.completed.value_or(false) && !form.score) return {};
  if (kind == catalogue::LessonKind::quiz) return unprocessable("A quiz is completed and scored by taking it.");
  if (kind == catalogue::LessonKind::practice) return unprocessable("Practice is completed and scored by doing it.");
  return {};
}

ProgressSaved saved(const Subject& subject, const Progress& progress, const Journal& journal) {
  ProgressSaved view{view_of(subject.scope, subject.scope_id, progress),
                     summary_of(*subject.course, journal.done()),
                     view_of(journal.stats(), journal.now()),
                     {}};
  if (subject.scope == Scope::lesson)
    view.progress.left = what_is_left(subject.course->lessons[subject.lessons.front()], progress, journal.now());
  for (const auto& each : journal.earned()) view.earned.push_back({std::string(each.key), std::string(each.title)});
  return view;
}

ProgressSaved save(Learning& door, WriteTx& tx, const audit::Actor& who, const Subject& subject, const Report& said) {
  const auto& course = *subject.course;
  Journal journal(door, tx, who, course);
  Progress progress;
  if (subject.scope == Scope::lesson) {
    progress = journal.claim(subject.lessons.front(), said);
  } else {
    if (said.completed)
      for (const auto lesson : subject.open)
        if (!journal.done().has(lesson)) journal.report(lesson, {.completed = true});
    bool all_done = true;
    for (const auto lesson : subject.lessons) all_done = all_done && journal.done().has(lesson);
    progress =
        journal.report(subject.scope, subject.scope_id, subject.level, said, all_done && !subject.lessons.empty());
  }
  journal.close();
  return saved(subject, progress, journal);
}

Result<Subject> admitted(Learning& door, const Caller& caller, const ProgressForm& form) {
  TRY(checked(form));
  auto subject = TRY(find(door, caller, form));
  const auto viewer = viewer_of(door, caller);
  const auto standing = standing_for(door, viewer, *subject.course);
  if (const auto lock = lock_of(viewer, subject, standing)) return locked_error(*lock);
  TRY(check_claims(subject, form));
  if (subject.scope != Scope::lesson)
    for (const auto lesson : subject.lessons) {
      const catalogue::LessonPlace place{subject.course, lesson};
      if (completed_by_saying(place.lesson()) && !learning::lock_of(viewer, place, standing))
        subject.open.push_back(lesson);
    }
  return subject;
}

}  // namespace

void check_form(const ProgressForm& form, FormProblems& problems) {
  const int given = (form.level ? 1 : 0) + (form.module_id ? 1 : 0) + (form.lesson_id ? 1 : 0);
  const bool readable = problems.fine("level") && problems.fine("moduleId") && problems.fine("lessonId");
  if (given != 1 && readable)
    for (const auto* name : {"level", "moduleId", "lessonId"})
      problems.add(name, "exactly one of level, moduleId and lessonId must be given");
  if (!form.level && form.course_id && problems.fine("level")) problems.add("courseId", "is for level only");
  for (std::size_t i = 0; i < form.watched_ranges.size(); ++i) {
    const auto& range = form.watched_ranges[i];
    if (range.size() != 2 || range[0] < 0 || range[1] < range[0] || range[1] > position_max_s)
      problems.add("watchedRanges[" + std::to_string(i) + "]", "must be [from, to] in seconds");
  }
}

void save_progress(Learning& door, const Caller& caller, const ProgressForm& form,
                   std::function<void(Result<ProgressSaved>)> answer) {
  auto subject = admitted(door, caller, form);
  if (!subject) return answer(std::move(subject).error());
  door.db.write_later([&door, who = audit::Actor(caller), subject = std::move(subject).value(), said = report_of(form)](
                          WriteTx& tx) -> Result<ProgressSaved> { return save(door, tx, who, subject, said); },
                      std::move(answer), Repeatable::yes);
}

}  // namespace tuition::learning
