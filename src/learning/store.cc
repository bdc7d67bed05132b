#include "learning/store.h"

#include <unordered_set>

#include "platform/base/check.h"
#include "platform/base/fields_json.h"

namespace tuition::learning {

std::string watched_text(const std::vector<WatchedRange>& ranges) {
  std::string out = "[";
  for (const auto& each : ranges) {
    if (out.size() > 1) out += ',';
    out += '[' + std::to_string(each.from) + ',' + std::to_string(each.to) + ']';
  }
  return out + ']';
}

std::vector<WatchedRange> watched_of(const std::string& text) {
  if (text == "[]") return {};
  const auto parsed = parse_json(text);
  check(parsed.ok(), "stored ranges are JSON");
  std::vector<WatchedRange> ranges;
  for (const auto& pair : parsed->items) ranges.push_back({pair.items.at(0).integer, pair.items.at(1).integer});
  return ranges;
}

void take_row(Row& row, Progress& out) {
  row.take(out.completed, out.completed_at, out.position_s);
  out.watched = watched_of(row.get<std::string>());
  row.take(out.score_best, out.score_last, out.attempts, out.created_at, out.updated_at);
}

namespace store {

// --- Progress

std::optional<Progress> progress(ReadTx& tx, const UserId& user, Scope scope, const std::string& scope_id) {
  return tx.one<Progress>(
      "SELECT completed, completed_at, position_s, watched_json, score_best, score_last, attempts, created_at, "
      "updated_at FROM progress WHERE user_id = ?1 AND scope = ?2 AND scope_id = ?3",
      user, scope, scope_id);
}

void put_progress(WriteTx& tx, const UserId& user, Scope scope, const std::string& scope_id,
                  const catalogue::CourseId& course, std::int64_t level, const Progress& p) {
  tx.execute(
      "INSERT INTO progress (user_id, scope, scope_id, course_id, level, completed, completed_at, position_s, "
      "watched_json, score_best, score_last, attempts, created_at, updated_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) "
      "ON CONFLICT (user_id, scope, scope_id) DO UPDATE SET course_id = ?4, level = ?5, completed = ?6, "
      "completed_at = ?7, position_s = ?8, watched_json = ?9, score_best = ?10, score_last = ?11, attempts = ?12, "
      "updated_at = ?14",
      user, scope, scope_id, course, level, p.completed, p.completed_at, p.position_s, watched_text(p.watched),
      p.score_best, p.score_last, p.attempts, p.created_at, p.updated_at);
}

// --- Enrolments

namespace {

struct EnrollmentRow {
  EnrollmentId id{};
  catalogue::CourseId course{};
  EnrollmentStatus status = EnrollmentStatus::active;
  std::int64_t done_revision = 0;
  Blob done_map{};
  Instant created_at{};
  std::optional<Instant> completed_at{};
};

Enrollment enrollment_of(EnrollmentRow row) {
  return {std::move(row.id), std::move(row.course), row.status, row.done_revision, std::move(row.done_map.bytes),
          row.created_at,    row.completed_at};
}

}  // namespace

std::optional<Enrollment> enrollment(ReadTx& tx, const UserId& user, const catalogue::CourseId& course) {
  auto row = tx.one<EnrollmentRow>(
      "SELECT id, course_id, status, done_revision, done_map, created_at, completed_at FROM enrollments "
      "WHERE user_id = ?1 AND course_id = ?2",
      user, course);
  if (!row) return std::nullopt;
  return enrollment_of(std::move(*row));
}

std::vector<Enrollment> enrollments(ReadTx& tx, const UserId& user) {
  std::vector<Enrollment> all;
  for (auto& row : tx.many<EnrollmentRow>(
           "SELECT id, course_id, status, done_revision, done_map, created_at, completed_at FROM enrollments "
           "WHERE user_id = ?1 AND status <> 'removed' ORDER BY created_at DESC, id",
           user))
    all.push_back(enrollment_of(std::move(row)));
  return all;
}

void put_enrollment(WriteTx& tx, const UserId& user, const Enrollment& e) {
  tx.execute(
      "INSERT INTO enrollments (id, user_id, course_id, source, status, done_revision, done_map, created_at, "
      "completed_at) VALUES (?1, ?2, ?3, 'progress', ?4, ?5, ?6, ?7, ?8) "
      "ON CONFLICT (user_id, course_id) DO UPDATE SET status = ?4, done_revision = ?5, done_map = ?6, "
      "created_at = ?7, completed_at = ?8",
      e.id, user, e.course, e.status, e.done_revision, Blob{e.done_map}, e.created_at, e.completed_at);
}

DoneMap done_map(ReadTx& tx, const UserId& user, const catalogue::Course& course,
                 const std::optional<Enrollment>& enrollment) {
  if (!enrollment) return DoneMap(course.lessons.size());
  if (enrollment->done_revision == course.revision) return DoneMap(enrollment->done_map);
  std::unordered_set<std::string> done;
  for (auto& id : tx.many<std::string>(
           "SELECT scope_id FROM progress WHERE user_id = ?1 AND scope = 'lesson' AND completed = 1", user))
    done.insert(std::move(id));
  DoneMap made(course.lessons.size());
  for (std::size_t i = 0; i < course.lessons.size(); ++i)
    if (done.contains(course.lessons[i].id.text())) made.add(i);
  return made;
}

std::optional<MissingCourse> missing_course(ReadTx& tx, const UserId& user, const catalogue::CourseId& course) {
  return tx.one<MissingCourse>(
      "SELECT c.id, c.title FROM courses c WHERE c.id = ?2 AND c.status = 'published' AND NOT EXISTS "
      "(SELECT 1 FROM enrollments e WHERE e.user_id = ?1 AND e.course_id = c.id AND e.completed_at IS NOT NULL)",
      user, course);
}

// --- Statistics

std::optional<Stats> stats(ReadTx& tx, const UserId& user) {
  return tx.one<Stats>(
      "SELECT lessons_done, quizzes_passed, seconds, xp, streak_days, streak_best, last_active_day, day_ends_at, "
      "achievements FROM user_stats WHERE user_id = ?1",
      user);
}

void put_stats(WriteTx& tx, const UserId& user, const Stats& s, Instant now) {
  tx.execute(
      "INSERT INTO user_stats (user_id, lessons_done, quizzes_passed, seconds, xp, streak_days, streak_best, "
      "last_active_day, day_ends_at, updated_at, achievements) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) "
      "ON CONFLICT (user_id) DO UPDATE SET lessons_done = ?2, quizzes_passed = ?3, seconds = ?4, xp = ?5, "
      "streak_days = ?6, streak_best = ?7, last_active_day = ?8, day_ends_at = ?9, updated_at = ?10, achievements = "
      "?11",
      user, s.lessons_done, s.quizzes_passed, s.seconds, s.xp, s.streak_days, s.streak_best, s.last_active_day,
      s.day_ends_at, now, s.achievements);
}

namespace {

struct StandingRow {
  std::optional<EnrollmentId> id{};
  std::optional<EnrollmentStatus> status{};
  std::optional<std::int64_t> done_revision{};
  std::optional<Blob> done_map{};
  std::optional<Instant> created_at{};
  std::optional<Instant> completed_at{};
  std::optional<std::int64_t> lessons_done{};
  std::optional<std::int64_t> quizzes_passed{};
  std::optional<std::int64_t> seconds{};
  std::optional<std::int64_t> xp{};
  std::optional<std::int64_t> streak_days{};
  std::optional<std::int64_t> streak_best{};
  std::optional<Day> last_active_day{};
  std::optional<Instant> day_ends_at{};
  std::optional<std::int64_t> achievements{};
};

}  // namespace

Standing standing(ReadTx& tx, const UserId& user, const catalogue::CourseId& course) {
  auto row = *tx.one<StandingRow>(
      "SELECT e.id, e.status, e.done_revision, e.done_map, e.created_at, e.completed_at, s.lessons_done, "
      "s.quizzes_passed, s.seconds, s.xp, s.streak_days, s.streak_best, s.last_active_day, s.day_ends_at, "
      "s.achievements "
      "FROM (SELECT 1) LEFT JOIN enrollments e ON e.user_id = ?1 AND e.course_id = ?2 "
      "LEFT JOIN user_stats s ON s.user_id = ?1",
      user, course);
  Standing made;
  if (row.id)
    made.enrollment =
        Enrollment{std::move(*row.id), course,          *row.status, *row.done_revision, std::move(row.done_map->bytes),
                   *row.created_at,    row.completed_at};
  if (row.lessons_done)
    made.stats = Stats{*row.lessons_done, *row.quizzes_passed, *row.seconds,     *row.xp,          *row.streak_days,
                       *row.streak_best,  row.last_active_day, *row.day_ends_at, *row.achievements};
  return made;
}

bool award(WriteTx& tx, const UserId& user, const catalogue::CourseId& course, const std::string& key,
           std::int64_t points, const std::string& reason, const std::string& ref_id, Instant now) {
  return tx.execute(
             "INSERT INTO xp_events (user_id, key, points, reason, ref_id, at, course_id) "
             "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (user_id, key) DO NOTHING",
             user, key, points, reason, ref_id, now, course) > 0;
}

// --- Quiz attempts

std::optional<Attempt> attempt(ReadTx& tx, const AttemptId& id) {
  return tx.one<Attempt>(
      "SELECT id, quiz_id, user_id, no, question_order_json, started_at, deadline_at, submitted_at, score, max_score, "
      "passed FROM quiz_attempts WHERE id = ?1",
      id);
}

std::optional<Attempt> open_attempt(ReadTx& tx, const UserId& user, const catalogue::QuizId& quiz) {
  return tx.one<Attempt>(
      "SELECT id, quiz_id, user_id, no, question_order_json, started_at, deadline_at, submitted_at, score, max_score, "
      "passed FROM quiz_attempts WHERE quiz_id = ?2 AND user_id = ?1 AND submitted_at IS NULL ORDER BY no DESC LIMIT 1",
      user, quiz);
}

std::int64_t attempts_used(ReadTx& tx, const UserId& user, const catalogue::QuizId& quiz) {
  return *tx.one<std::int64_t>("SELECT COALESCE(MAX(no), 0) FROM quiz_attempts WHERE quiz_id = ?2 AND user_id = ?1",
                               user, quiz);
}

std::optional<Best> best_attempt(ReadTx& tx, const UserId& user, const catalogue::QuizId& quiz) {
  return tx.one<Best>(
      "SELECT score, max_score, passed FROM quiz_attempts WHERE quiz_id = ?2 AND user_id = ?1 AND score IS NOT NULL "
      "ORDER BY passed DESC, score * 1.0 / max_score DESC, no LIMIT 1",
      user, quiz);
}

bool has_passed(ReadTx& tx, const UserId& user, const catalogue::QuizId& quiz) {
  return tx
      .one<std::int64_t>("SELECT 1 FROM quiz_attempts WHERE quiz_id = ?2 AND user_id = ?1 AND passed = 1 LIMIT 1", user,
                         quiz)
      .has_value();
}

void insert_attempt(WriteTx& tx, const Attempt& a) {
  tx.execute(
      "INSERT INTO quiz_attempts (id, quiz_id, user_id, no, question_order_json, started_at, deadline_at, max_score) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      a.id, a.quiz, a.user, a.no, a.question_order_json, a.started_at, a.deadline_at, a.max_score);
}

void close_attempt(WriteTx& tx, const Attempt& a) {
  tx.execute(
      "UPDATE quiz_attempts SET submitted_at = ?2, score = ?3, max_score = ?4, passed = ?5 "
      "WHERE id = ?1 AND submitted_at IS NULL",
      a.id, a.submitted_at, a.score, a.max_score, a.passed);
}

std::vector<AnswerRow> answers(ReadTx& tx, const AttemptId& id) {
  return tx.many<AnswerRow>("SELECT question_id, answer_json, correct, points FROM quiz_answers WHERE attempt_id = ?1",
                            id);
}

bool insert_answer(WriteTx& tx, const AttemptId& id, const AnswerRow& answer, Instant now) {
  return tx.execute(
             "INSERT INTO quiz_answers (attempt_id, question_id, answer_json, correct, points, answered_at) "
             "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (attempt_id, question_id) DO NOTHING",
             id, answer.question, answer.answer_json, answer.correct, answer.points, now) > 0;
}

// --- Figures

std::int64_t active_learners(ReadTx& tx, Day since) {
  return *tx.one<std::int64_t>("SELECT COUNT(*) FROM user_stats WHERE last_active_day >= ?1", since);
}

std::int64_t lessons_completed(ReadTx& tx) {
  return *tx.one<std::int64_t>("SELECT COALESCE(SUM(lessons_done), 0) FROM user_stats");
}

bool has_learners(ReadTx& tx, const catalogue::CourseId& course) {
  return tx.one<std::int64_t>("SELECT 1 FROM enrollments WHERE course_id = ?1 LIMIT 1", course).has_value();
}

bool has_attempts(ReadTx& tx, const catalogue::QuizId& quiz) {
  return tx.one<std::int64_t>("SELECT 1 FROM quiz_attempts WHERE quiz_id = ?1 LIMIT 1", quiz).has_value();
}

// --- Leaving

void forget_person(WriteTx& tx, const UserId& user) {
  tx.execute("DELETE FROM quiz_attempts WHERE user_id = ?1", user);  // with their answers
  tx.execute("DELETE FROM progress WHERE user_id = ?1", user);
  tx.execute("DELETE FROM enrollments WHERE user_id = ?1", user);
  tx.execute("DELETE FROM user_stats WHERE user_id = ?1", user);
  tx.execute("DELETE FROM leaderboard_people WHERE user_id = ?1", user);  // with their points there
  tx.execute("DELETE FROM xp_events WHERE user_id = ?1", user);
  tx.execute("DELETE FROM user_achievements WHERE user_id = ?1", user);
  tx.execute("DELETE FROM practice_rounds WHERE user_id = ?1", user);  // with their answers
}

}  // namespace store
}  // namespace tuition::learning
