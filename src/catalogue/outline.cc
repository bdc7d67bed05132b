#include "catalogue/outline.h"

#include <algorithm>

#include "catalogue/authoring/lesson_rules.h"

namespace tuition::catalogue {
namespace {

// Only once nothing moves any more: places point into the courses.
void index(Shelf& shelf) {
  for (std::size_t c = 0; c < shelf.courses.size(); ++c) {
    const auto& course = shelf.courses[c];
    shelf.by_id.emplace(course.id.text(), c);
    shelf.by_slug.emplace(course.slug, c);
    for (std::size_t i = 0; i < course.modules.size(); ++i)
      shelf.modules.emplace(course.modules[i].id.text(), ModulePlace{&course, i});
    for (std::size_t i = 0; i < course.lessons.size(); ++i) {
      const auto& lesson = course.lessons[i];
      shelf.lessons.emplace(lesson.id.text(), LessonPlace{&course, i});
      if (!lesson.quiz.empty()) shelf.quizzes.emplace(lesson.quiz.text(), LessonPlace{&course, i});
    }
  }
}

void sum_up(Course& course) {
  std::int64_t seconds = 0;
  for (const auto& lesson : course.lessons) seconds += lesson.duration_seconds.value_or(0);
  course.minutes = (seconds + 59) / 60;
  for (const auto& module : course.modules) course.levels.push_back(module.level);
  std::sort(course.levels.begin(), course.levels.end());
  course.levels.erase(std::unique(course.levels.begin(), course.levels.end()), course.levels.end());
}

}  // namespace

Shelf make_shelf(std::vector<CourseRow> courses, std::vector<ModuleRow> modules, std::vector<LessonRow> lessons) {
  std::unordered_map<std::string, std::vector<ModuleRow>> modules_of;
  for (auto& row : modules) modules_of[row.course.text()].push_back(std::move(row));
  std::unordered_map<std::string, std::vector<LessonRow>> lessons_of;
  for (auto& row : lessons) lessons_of[row.module.text()].push_back(std::move(row));

  Shelf shelf;
  for (auto& row : courses) {
    Course course;
    course.id = std::move(row.id);
    course.slug = std::move(row.slug);
    course.title = std::move(row.title);
    course.summary = std::move(row.summary);
    course.access = row.access;
    course.category = row.category.value_or("");
    course.accent = row.accent;
    course.instructor = std::move(row.instructor);
    course.level_gate = row.level_gate;
    course.revision = row.revision;
    for (auto& from : modules_of[course.id.text()]) {
      auto& its_lessons = lessons_of[from.id.text()];
      course.modules.push_back({std::move(from.id), std::move(from.title), from.level, from.order_index, from.preview,
                                from.drip_days, from.drip_at, course.lessons.size(), its_lessons.size()});
      for (auto& lesson : its_lessons) {
        course.lessons.push_back({.id = std::move(lesson.id),
                                  .kind = lesson.kind,
                                  .title = std::move(lesson.title),
                                  .preview = lesson.preview,
                                  .duration_seconds = lesson.duration_seconds,
                                  .embed_url = std::move(lesson.embed_url),
                                  .quiz = std::move(lesson.quiz),
                                  .media = std::move(lesson.media).value_or(""),
                                  .downloadable = lesson.downloadable,
                                  .rules = rules_of(lesson.rules),
                                  .module = course.modules.size() - 1,
                                  .level = from.level});
      }
    }
    sum_up(course);
    shelf.courses.push_back(std::move(course));
  }
  index(shelf);
  return shelf;
}

const Course* Shelf::course(std::string_view id_or_slug) const {
  const std::string key(id_or_slug);
  if (const auto found = by_slug.find(key); found != by_slug.end()) return &courses[found->second];
  if (const auto found = by_id.find(key); found != by_id.end()) return &courses[found->second];
  return nullptr;
}

const LessonPlace* Shelf::lesson(const LessonId& id) const {
  const auto found = lessons.find(id.text());
  return found == lessons.end() ? nullptr : &found->second;
}

const ModulePlace* Shelf::module(const ModuleId& id) const {
  const auto found = modules.find(id.text());
  return found == modules.end() ? nullptr : &found->second;
}

const LessonPlace* Shelf::quiz(const QuizId& id) const {
  const auto found = quizzes.find(id.text());
  return found == quizzes.end() ? nullptr : &found->second;
}

}  // namespace tuition::catalogue
