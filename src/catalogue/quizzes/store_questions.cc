#include "catalogue/quizzes/store_questions.h"

namespace tuition::catalogue::store {

std::optional<QuizEdit> quiz_edit(ReadTx& tx, const QuizId& id) {
  return tx.one<QuizEdit>(
      "SELECT id, lesson_id, module_id, title, pass_percent, max_attempts, time_limit_s, shuffle, feedback, "
      "negative_marks, draw, edit FROM quizzes WHERE id = ?1",
      id);
}

void insert_quiz(WriteTx& tx, const QuizEdit& quiz, Instant now) {
  tx.execute(
      "INSERT INTO quizzes (id, lesson_id, module_id, title, pass_percent, max_attempts, time_limit_s, shuffle, "
      "feedback, negative_marks, draw, created_at, updated_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)",
      quiz.id, quiz.lesson, quiz.module, quiz.title, quiz.pass_percent, quiz.attempts_max, quiz.time_limit_s,
      quiz.shuffle, quiz.feedback, quiz.negative_marks, quiz.draw, now);
}

void update_quiz(WriteTx& tx, const QuizEdit& quiz, Instant now) {
  tx.execute(
      "UPDATE quizzes SET title = ?2, pass_percent = ?3, max_attempts = ?4, time_limit_s = ?5, shuffle = ?6, "
      "feedback = ?7, negative_marks = ?8, draw = ?9, edit = edit + 1, updated_at = ?10 WHERE id = ?1",
      quiz.id, quiz.title, quiz.pass_percent, quiz.attempts_max, quiz.time_limit_s, quiz.shuffle, quiz.feedback,
      quiz.negative_marks, quiz.draw, now);
}

void delete_quiz(WriteTx& tx, const QuizId& id) { tx.execute("DELETE FROM quizzes WHERE id = ?1", id); }

void touch_quiz(WriteTx& tx, const QuizId& id, Instant now) {
  tx.execute("UPDATE quizzes SET edit = edit + 1, updated_at = ?2 WHERE id = ?1", id, now);
}

std::vector<QuestionEdit> question_edits(ReadTx& tx, const QuizId& quiz) {
  return tx.many<QuestionEdit>(
      "SELECT id, quiz_id, kind, question, options_json, correct_answer, explanation, points, media_id, order_index, "
      "retired_at IS NOT NULL, edit FROM quiz_data WHERE quiz_id = ?1 AND retired_at IS NULL ORDER BY order_index",
      quiz);
}

std::optional<QuestionEdit> question_edit(ReadTx& tx, const QuestionId& id) {
  return tx.one<QuestionEdit>(
      "SELECT id, quiz_id, kind, question, options_json, correct_answer, explanation, points, media_id, order_index, "
      "retired_at IS NOT NULL, edit FROM quiz_data WHERE id = ?1",
      id);
}

std::vector<std::string> question_texts(ReadTx& tx, const QuizId& quiz) {
  return tx.many<std::string>(
      "SELECT question FROM quiz_data WHERE quiz_id = ?1 UNION SELECT explanation FROM quiz_data WHERE quiz_id = ?1",
      quiz);
}

void insert_question(WriteTx& tx, const QuestionEdit& question, Instant now) {
  tx.execute(
      "INSERT INTO quiz_data (id, quiz_id, module_id, kind, question, options_json, correct_answer, explanation, "
      "points, media_id, order_index, created_at, updated_at) "
      "SELECT ?1, ?2, module_id, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11 FROM quizzes WHERE id = ?2",
      question.id, question.quiz, question.kind, question.question, question.options_json, question.correct_json,
      question.explanation, question.points, question.media, question.order_index, now);
}

void update_question(WriteTx& tx, const QuestionEdit& question, Instant now) {
  tx.execute(
      "UPDATE quiz_data SET kind = ?2, question = ?3, options_json = ?4, correct_answer = ?5, explanation = ?6, "
      "points = ?7, media_id = ?8, edit = edit + 1, updated_at = ?9 WHERE id = ?1",
      question.id, question.kind, question.question, question.options_json, question.correct_json, question.explanation,
      question.points, question.media, now);
}

void retire_question(WriteTx& tx, const QuestionId& id, Instant now) {
  tx.execute("UPDATE quiz_data SET retired_at = ?2, edit = edit + 1 WHERE id = ?1", id, now);
}

void delete_question(WriteTx& tx, const QuestionId& id) { tx.execute("DELETE FROM quiz_data WHERE id = ?1", id); }

void place_question(WriteTx& tx, const QuestionId& id, std::int64_t order_index) {
  tx.execute("UPDATE quiz_data SET order_index = ?2 WHERE id = ?1", id, order_index);
}

std::vector<BankQuestion> bank(ReadTx& tx, const CourseId& course, const std::string& holds, const std::string& after,
                               std::int64_t limit) {
  return tx.many<BankQuestion>(
      "SELECT d.id, d.quiz_id, q.title, d.kind, d.question, d.points, d.retired_at IS NOT NULL "
      "FROM content_modules m JOIN quiz_data d ON d.module_id = m.id JOIN quizzes q ON q.id = d.quiz_id "
      "WHERE m.course_id = ?1 AND d.id > ?3 AND instr(lower(d.question), lower(?2)) > 0 ORDER BY d.id LIMIT ?4",
      course, holds, after, limit);
}

std::optional<CourseId> course_of(ReadTx& tx, const QuestionId& id) {
  return tx.one<CourseId>(
      "SELECT m.course_id FROM quiz_data d JOIN content_modules m ON m.id = d.module_id WHERE d.id = ?1", id);
}

}  // namespace tuition::catalogue::store
