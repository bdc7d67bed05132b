#include "learning/honours/store_honours.h"

namespace tuition::learning::store {

void put_achievement(WriteTx& tx, const UserId& user, std::string_view key, Instant now) {
  tx.execute(
      "INSERT INTO user_achievements (user_id, achievement, at) VALUES (?1, ?2, ?3) "
      "ON CONFLICT (user_id, achievement) DO NOTHING",
      user, std::string(key), now);
}

std::map<std::string, Instant> achievements_of(ReadTx& tx, const UserId& user) {
  struct EarnedRow {
    std::string key{};
    Instant at{};
  };
  std::map<std::string, Instant> all;
  for (auto& row : tx.many<EarnedRow>("SELECT achievement, at FROM user_achievements WHERE user_id = ?1", user))
    all.emplace(std::move(row.key), row.at);
  return all;
}

std::int64_t courses_completed(ReadTx& tx, const UserId& user) {
  return *tx.one<std::int64_t>("SELECT COUNT(*) FROM enrollments WHERE user_id = ?1 AND status = 'completed'", user);
}

std::int64_t full_marks(ReadTx& tx, const UserId& user) {
  return *tx.one<std::int64_t>(
      "SELECT COUNT(DISTINCT quiz_id) FROM quiz_attempts WHERE user_id = ?1 AND score = max_score AND max_score > 0",
      user);
}

std::int64_t practice_passed(ReadTx& tx, const UserId& user) {
  return *tx.one<std::int64_t>("SELECT COUNT(*) FROM practice_rounds WHERE user_id = ?1 AND passed = 1", user);
}

Sql leaders_statement() {
  return "SELECT b.user_id, COALESCE(p.full_name, ''), b.points FROM leaderboard_points b "
         "JOIN user_profiles p ON p.id = b.user_id WHERE b.course_id = ?1 AND b.period = ?2 "
         "ORDER BY b.points DESC, b.user_id LIMIT ?3";
}

std::vector<Leader> leaders(ReadTx& tx, const catalogue::CourseId& course, Window period, std::int64_t limit) {
  return tx.many<Leader>(leaders_statement(), course.text(), period, limit);
}

std::optional<std::int64_t> board_points(ReadTx& tx, const UserId& user, const catalogue::CourseId& course,
                                         Window period) {
  return tx.one<std::int64_t>(
      "SELECT points FROM leaderboard_points WHERE user_id = ?1 AND period = ?2 AND course_id = ?3", user, period,
      course.text());
}

Sql ahead_statement() {
  return "SELECT COALESCE(SUM(people), 0) FROM leaderboard_places WHERE course_id = ?1 AND period = ?2 AND points > ?3";
}

std::int64_t people_ahead(ReadTx& tx, const catalogue::CourseId& course, Window period, std::int64_t points) {
  return *tx.one<std::int64_t>(ahead_statement(), course.text(), period, points);
}

Sql overdue_statement() {
  return "SELECT user_id, course_id FROM leaderboard_points WHERE period = ?1 AND period <> 'all' AND oldest_at < ?2 "
         "ORDER BY oldest_at LIMIT ?3";
}

std::int64_t take_out_old(WriteTx& tx, Window period, Instant since, std::int64_t limit) {
  struct OverdueRow {
    UserId user{};
    std::string course{};
  };
  struct LeftRow {
    std::optional<std::int64_t> points{};
    std::optional<Instant> oldest_at{};
  };
  const auto overdue = tx.many<OverdueRow>(overdue_statement(), period, since, limit);
  for (const auto& each : overdue) {
    const auto left = *tx.one<LeftRow>(
        "SELECT SUM(points), MIN(at) FROM xp_events "
        "WHERE user_id = ?1 AND at >= ?3 AND (?2 = '' OR course_id = ?2)",
        each.user, each.course, since);
    if (left.points)
      tx.execute(
          "UPDATE leaderboard_points SET points = ?4, oldest_at = ?5 "
          "WHERE user_id = ?1 AND period = ?2 AND course_id = ?3",
          each.user, period, each.course, *left.points, *left.oldest_at);
    else
      tx.execute("DELETE FROM leaderboard_points WHERE user_id = ?1 AND period = ?2 AND course_id = ?3", each.user,
                 period, each.course);
  }
  return static_cast<std::int64_t>(overdue.size());
}

Sql points_statement() {
  return "SELECT COALESCE(SUM(points), 0) FROM xp_events "
         "WHERE user_id = ?1 AND at >= ?3 AND (?2 = '' OR course_id = ?2)";
}

std::int64_t points_of(ReadTx& tx, const UserId& user, const catalogue::CourseId& course, Instant since) {
  return *tx.one<std::int64_t>(points_statement(), user, course.text(), since);
}

bool is_opted_in(ReadTx& tx, const UserId& user) {
  return tx.one<bool>("SELECT leaderboard_opt_in FROM user_profiles WHERE id = ?1", user).value_or(false);
}

}  // namespace tuition::learning::store
