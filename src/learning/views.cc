#include "learning/views.h"

namespace tuition::learning {

StatsView view_of(const Stats& stats, Instant now) {
  return {stats.lessons_done,         stats.quizzes_passed, stats.seconds / 60,   stats.xp,
          current_streak(stats, now), stats.streak_best,    stats.last_active_day};
}

LessonProgress view_of(const Progress& progress) {
  return {progress.completed,  progress.completed_at, progress.position_s,
          progress.score_best, progress.score_last,   progress.updated_at};
}

ScopedProgress view_of(Scope scope, const std::string& scope_id, const Progress& progress) {
  return {scope,
          scope_id,
          progress.completed,
          progress.completed_at,
          progress.position_s,
          progress.score_best,
          progress.score_last,
          progress.updated_at,
          {}};
}

CourseProgress summary_of(const catalogue::Course& course, const DoneMap& done) {
  const auto total = static_cast<std::int64_t>(course.lessons.size());
  const auto count = done_count(course, done);
  CourseProgress view{course.id,
                      course.slug,
                      course.title,
                      total,
                      count,
                      percent_done(count, total),
                      total > 0 && count == total,
                      {},
                      {},
                      course.terms.certificate};
  if (const auto next = next_lesson(course, done)) view.next_lesson_id = course.lessons[*next].id;
  return view;
}

CourseProgress course_progress_of(const catalogue::Course& course, const DoneMap& done) {
  auto view = summary_of(course, done);
  for (const auto level : course.levels) {
    const auto count = level_count(course, done, level);
    view.levels.push_back({level, count.total, count.done, count.completed()});
  }
  return view;
}

CourseCard card_of(const catalogue::Course& course, const Viewer& viewer, const DoneMap* done) {
  CourseCard card{course.id,
                  course.slug,
                  course.title,
                  course.summary,
                  course.access,
                  entitled(viewer, course),
                  static_cast<std::int64_t>(course.lessons.size()),
                  static_cast<std::int64_t>(course.modules.size()),
                  static_cast<std::int64_t>(course.levels.size()),
                  course.minutes,
                  course.accent,
                  {}};
  if (done) {
    const auto count = done_count(course, *done);
    card.progress = CardProgress{count, card.lesson_count, percent_done(count, card.lesson_count)};
  }
  return card;
}

ModuleOutline outline_of(const catalogue::Course& course, const catalogue::Module& module, const Viewer& viewer,
                         const Standing& standing) {
  const auto lock = lock_of(viewer, course, module, standing);
  ModuleOutline view{module.id,      module.title,     module.level, module.order_index,
                     module.preview, lock.has_value(), {},           {}};
  if (lock) view.lock_reason = lock->reason;
  for (auto i = module.first_lesson; i < module.first_lesson + module.lesson_count; ++i) {
    const auto& lesson = course.lessons[i];
    const bool locked =
        lock ? !lesson.preview
             : course.terms.lessons_wait && lock_of(viewer, catalogue::LessonPlace{&course, i}, standing).has_value();
    view.lessons.push_back(
        {lesson.id, lesson.title, lesson.kind, lesson.preview, locked, lesson.duration_seconds, standing.done.has(i)});
  }
  return view;
}

}  // namespace tuition::learning
