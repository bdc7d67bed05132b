#include "learning/progress/journal.h"

#include <algorithm>
#include <utility>

#include "accounts/figures.h"
#include "audit/audit.h"
#include "learning/honours/local_day.h"
#include "learning/honours/statistics.h"
#include "learning/honours/store_honours.h"
#include "learning/learning.h"
#include "learning/progress/completion.h"
#include "learning/store.h"
#include "learning/views.h"

namespace tuition::learning {

Journal::Journal(Learning& door, WriteTx& tx, audit::Actor who, const catalogue::Course& course)
    : door_(door), tx_(tx), who_(std::move(who)), course_(course), now_(door.clock.now()) {
  auto standing = store::standing(tx, user_, course.id);
  enrollment_was_ = std::move(standing.enrollment);
  stats_was_ = standing.stats;
  stats_ = stats_was_.value_or(Stats{});
  done_ = store::done_map(tx, user_, course, enrollment_was_);
  if (enrollment_was_) {
    enrollment_ = *enrollment_was_;
    if (enrollment_.status == EnrollmentStatus::removed) {  // begins again
      enrollment_.status = EnrollmentStatus::active;
      enrollment_.created_at = now_;
    }
  } else {
    enrollment_.id = new_id<EnrollmentTag>(door.clock, door.entropy);
    enrollment_.course = course.id;
    enrollment_.created_at = now_;
  }
}

Progress Journal::report(std::size_t lesson, const Report& said) {
  const auto& about = course_.lessons[lesson];
  const auto was = store::progress(tx_, user_, Scope::lesson, about.id.text()).value_or(Progress{});
  auto is = advance(was, said, now_);
  store::put_progress(tx_, user_, Scope::lesson, about.id.text(), course_.id, about.level, is);
  stats_.seconds +=
      std::max<std::int64_t>(0, time_credit_s(is, about.duration_seconds) - time_credit_s(was, about.duration_seconds));
  if (is.completed && !was.completed) complete(lesson);
  return is;
}

Progress Journal::claim(std::size_t lesson, const Report& said) {
  const auto& about = course_.lessons[lesson];
  if (completed_by_saying(about)) return report(lesson, said);
  auto proven = said;
  proven.completed = false;
  const auto was = store::progress(tx_, user_, Scope::lesson, about.id.text()).value_or(Progress{});
  proven.completed = has_done_enough(about, advance(was, proven, now_), said.completed, now_);
  return report(lesson, proven);
}

Progress Journal::report(Scope scope, const std::string& scope_id, std::int64_t level, const Report& said,
                         bool all_done) {
  auto own = said;
  own.completed = all_done;
  auto is = advance(store::progress(tx_, user_, scope, scope_id).value_or(Progress{}), own, now_);
  store::put_progress(tx_, user_, scope, scope_id, course_.id, level, is);
  return is;
}

void Journal::passed_quiz(const catalogue::QuizId& quiz) {
  if (award("quiz:" + quiz.text(), xp_quiz, "Quiz passed", quiz.text())) ++stats_.quizzes_passed;
}

void Journal::complete(std::size_t lesson) {
  const auto& about = course_.lessons[lesson];
  done_.add(lesson);
  ++stats_.lessons_done;
  award("lesson:" + about.id.text(), xp_lesson, "Lesson completed", about.id.text());
  if (level_count(course_, done_, about.level).completed()) finish_level(about.level);
  if (!next_lesson(course_, done_)) finish_course();
}

bool Journal::award(const std::string& key, std::int64_t points, const std::string& reason, const std::string& ref_id) {
  if (!store::award(tx_, user_, course_.id, key, points, reason, ref_id, now_)) return false;
  stats_.xp += points;
  return true;
}

void Journal::finish_level(std::int64_t level) {
  if (award("level:" + course_.id.text() + ":" + std::to_string(level), xp_level, "Level completed", course_.id.text()))
    note("learning.level_completed", "Completed level " + std::to_string(level) + " of a course.", level);
}

void Journal::finish_course() {
  if (award("course:" + course_.id.text(), xp_course, "Course completed", course_.id.text()))
    note("learning.course_completed", "Completed a course.", course_.levels.back());
  if (enrollment_.status == EnrollmentStatus::completed) return;
  enrollment_.status = EnrollmentStatus::completed;
  enrollment_.completed_at = now_;
  reached_.courses = store::courses_completed(tx_, user_) + 1;
}

void Journal::note(const std::string& action, const std::string& description, std::int64_t level) {
  audit::record(tx_, {.at = now_,
                      .actor = who_,
                      .action = action,
                      .target_type = "course",
                      .target_id = course_.id.text(),
                      .description = description,
                      .metadata = {"{\"level\":" + std::to_string(level) + "}"}});
}

void Journal::live_today() {
  if (stats_was_ && now_ < stats_was_->day_ends_at) return;
  const auto person = accounts::person(tx_, user_);
  const auto zone = person ? person->timezone.value_or("UTC") : "UTC";
  stats_ = with_activity(stats_, local_day(door_.zones.named(zone), now_));
}

void Journal::honour() {
  reached_.lessons = stats_.lessons_done;
  reached_.quizzes = stats_.quizzes_passed;
  reached_.streak = stats_.streak_best;
  reached_.points = stats_.xp;
  earned_ = newly_reached(reached_, stats_.achievements);
  for (const auto& each : earned_) {
    stats_.achievements |= std::int64_t{1} << each.bit;
    store::put_achievement(tx_, user_, each.key, now_);
    audit::record(tx_, {.at = now_,
                        .actor = who_,
                        .action = "learning.achievement",
                        .target_type = "user",
                        .target_id = user_.text(),
                        .description = "Earned the achievement " + std::string(each.title) + ".",
                        .metadata = {"{\"achievement\":\"" + std::string(each.key) + "\"}"}});
  }
}

void Journal::close() {
  live_today();
  honour();
  enrollment_.done_revision = course_.revision;
  enrollment_.done_map = done_.bytes();
  if (!enrollment_was_ || *enrollment_was_ != enrollment_) store::put_enrollment(tx_, user_, enrollment_);
  if (!stats_was_ || *stats_was_ != stats_) store::put_stats(tx_, user_, stats_, now_);
  tell_pages();
}

// What else the learner has open: a second tab, another device. Where nothing was reached there is nothing to see.
void Journal::tell_pages() {
  auto& live = door_.outreach.live;
  if (!live.listens(user_)) return;
  if (!enrollment_was_ || *enrollment_was_ != enrollment_ || !stats_was_ || *stats_was_ != stats_)
    live.tell(tx_, user_, "progress", ProgressTold{summary_of(course_, done_), view_of(stats_, now_)});
  for (const auto& each : earned_)
    live.tell(tx_, user_, "achievement", EarnedView{std::string(each.key), std::string(each.title)});
}

}  // namespace tuition::learning
