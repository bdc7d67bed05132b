#include "learning/roster/store_roster.h"

#include "platform/base/fold.h"

namespace tuition::learning {

namespace store {

bool join(WriteTx& tx, const EnrollmentId& id, const UserId& user, const catalogue::CourseId& course,
          EnrollmentSource source, Instant now) {
  return tx.execute(
             "INSERT INTO enrollments (id, user_id, course_id, source, status, done_revision, done_map, created_at) "
             "VALUES (?1, ?2, ?3, ?4, 'active', -1, ?5, ?6) ON CONFLICT (user_id, course_id) DO UPDATE SET "
             "status = 'active', source = ?4, completed_at = NULL, created_at = ?6 WHERE status = 'removed'",
             id, user, course, source, Blob{}, now) > 0;
}

bool leave(WriteTx& tx, const UserId& user, const catalogue::CourseId& course) {
  return tx.execute(
             "UPDATE enrollments SET status = 'removed', completed_at = NULL "
             "WHERE user_id = ?1 AND course_id = ?2 AND status <> 'removed'",
             user, course) > 0;
}

std::optional<EnrollmentSource> source_of(ReadTx& tx, const UserId& user, const catalogue::CourseId& course) {
  return tx.one<EnrollmentSource>("SELECT source FROM enrollments WHERE user_id = ?1 AND course_id = ?2", user, course);
}

namespace {

constexpr SqlText roster_columns(
    "SELECT e.id, e.user_id, COALESCE(p.full_name, ''), u.email, e.status, e.source, e.done_revision, e.done_map, "
    "e.created_at, e.completed_at, "
    "(SELECT MAX(g.updated_at) FROM progress g WHERE g.user_id = e.user_id AND g.course_id = e.course_id)");
constexpr SqlText roster_people(
    "FROM enrollments e JOIN users u ON u.id = e.user_id JOIN user_profiles p ON p.id = e.user_id "
    "WHERE e.course_id = ?1 AND e.status <> 'removed'");
constexpr SqlText roster_search("AND (?2 = '' OR instr(u.email, ?2) > 0 OR instr(p.folded_name, ?3) > 0)");

}  // namespace

Sql roster_statement() {
  return sql<roster_columns, roster_people, roster_search, "AND e.id < ?4 ORDER BY e.id DESC LIMIT ?5">();
}

// Everybody in a course has an account and a profile: the index alone tells how many they are.
Sql roster_size_statement() {
  return "SELECT COUNT(*) FROM (SELECT 1 FROM enrollments WHERE course_id = ?1 AND status <> 'removed' LIMIT ?2)";
}

Sql found_size_statement() {
  return sql<"SELECT COUNT(*) FROM (SELECT 1", roster_people, roster_search, "LIMIT ?4)">();
}

std::vector<RosterRow> roster(ReadTx& tx, const catalogue::CourseId& course, const std::string& q,
                              const std::string& after, std::int64_t limit) {
  return tx.many<RosterRow>(roster_statement(), course, q, folded(q), after.empty() ? std::string("~") : after, limit);
}

std::optional<std::int64_t> roster_size(ReadTx& tx, const catalogue::CourseId& course, const std::string& q,
                                        std::int64_t most) {
  const auto size = q.empty() ? tx.one<std::int64_t>(roster_size_statement(), course, most + 1)
                              : tx.one<std::int64_t>(found_size_statement(), course, q, folded(q), most + 1);
  return *size > most ? std::nullopt : size;
}

std::optional<RosterRow> roster_row(ReadTx& tx, const catalogue::CourseId& course, const UserId& user) {
  return tx.one<RosterRow>(sql<roster_columns, roster_people, "AND e.user_id = ?2">(), course, user);
}

std::vector<LessonRow> lesson_rows(ReadTx& tx, const UserId& user, const catalogue::CourseId& course) {
  std::vector<LessonRow> rows;
  tx.each(
      "SELECT scope_id, completed, completed_at, position_s, score_best, score_last, attempts, updated_at "
      "FROM progress WHERE user_id = ?1 AND scope = 'lesson' AND course_id = ?2",
      [&](Row& row) {
        LessonRow one;
        auto& p = one.progress;
        row.take(one.lesson, p.completed, p.completed_at, p.position_s, p.score_best, p.score_last, p.attempts,
                 p.updated_at);
        rows.push_back(std::move(one));
      },
      user, course);
  return rows;
}

Sql last_attempts_statement() {
  return "SELECT q.lesson_id, a.id FROM quiz_attempts a JOIN quizzes q ON q.id = a.quiz_id "
         "JOIN content_modules m ON m.id = q.module_id "
         "WHERE a.user_id = ?1 AND m.course_id = ?2 AND a.submitted_at IS NOT NULL "
         "AND NOT EXISTS (SELECT 1 FROM quiz_attempts later WHERE later.quiz_id = a.quiz_id "
         "AND later.user_id = a.user_id AND later.no > a.no AND later.submitted_at IS NOT NULL)";
}

std::vector<AttemptRow> last_attempts(ReadTx& tx, const UserId& user, const catalogue::CourseId& course) {
  return tx.many<AttemptRow>(last_attempts_statement(), user, course);
}

Sql first_attempts_statement() {
  return "SELECT id, question_order_json, score, max_score, passed FROM quiz_attempts "
         "WHERE quiz_id = ?1 AND no = 1 AND submitted_at IS NOT NULL ORDER BY submitted_at DESC LIMIT 5000";
}

std::vector<SittingRow> first_attempts(ReadTx& tx, const catalogue::QuizId& quiz) {
  return tx.many<SittingRow>(first_attempts_statement(), quiz);
}

}  // namespace store
}  // namespace tuition::learning
