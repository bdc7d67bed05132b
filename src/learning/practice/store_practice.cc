#include "learning/practice/store_practice.h"

namespace tuition::learning::store {

std::optional<Round> round(ReadTx& tx, const UserId& user, const RoundId& id) {
  return tx.one<Round>(
      "SELECT id, lesson_id, user_id, seed, spec_json, started_at, finished_at, points, answered, total, passed "
      "FROM practice_rounds WHERE id = ?2 AND user_id = ?1",
      user, id);
}

std::optional<Round> open_round(ReadTx& tx, const UserId& user, const catalogue::LessonId& lesson) {
  return tx.one<Round>(
      "SELECT id, lesson_id, user_id, seed, spec_json, started_at, finished_at, points, answered, total, passed "
      "FROM practice_rounds WHERE user_id = ?1 AND lesson_id = ?2 AND finished_at IS NULL "
      "ORDER BY started_at DESC LIMIT 1",
      user, lesson);
}

RoundSummary rounds_of(ReadTx& tx, const UserId& user, const catalogue::LessonId& lesson) {
  return *tx.one<RoundSummary>(
      "SELECT COUNT(*), MAX(points / total) FROM practice_rounds "
      "WHERE user_id = ?1 AND lesson_id = ?2 AND finished_at IS NOT NULL",
      user, lesson);
}

std::vector<RoundAnswer> round_answers(ReadTx& tx, const RoundId& id) {
  return tx.many<RoundAnswer>("SELECT number, points FROM practice_answers WHERE round_id = ?1 ORDER BY number", id);
}

void insert_round(WriteTx& tx, const Round& r) {
  tx.execute(
      "INSERT INTO practice_rounds (id, lesson_id, user_id, seed, spec_json, started_at, total) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      r.id, r.lesson, r.user, r.seed, r.spec_json, r.started_at, r.total);
}

bool insert_round_answer(WriteTx& tx, const RoundId& id, std::int64_t number, const std::string& answer_json,
                         std::int64_t points, Instant now) {
  return tx.execute(
             "INSERT INTO practice_answers (round_id, number, answer_json, points, answered_at) "
             "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (round_id, number) DO NOTHING",
             id, number, answer_json, points, now) > 0;
}

void update_round(WriteTx& tx, const Round& r) {
  tx.execute("UPDATE practice_rounds SET points = ?2, answered = ?3, finished_at = ?4, passed = ?5 WHERE id = ?1", r.id,
             r.points, r.answered, r.finished_at, r.passed);
}

}  // namespace tuition::learning::store
