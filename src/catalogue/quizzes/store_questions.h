#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalogue/quizzes/wire_quizzes.h"
#include "catalogue/types.h"
#include "platform/storage/database.h"

// Every SQL statement of the author's side of quizzes.
namespace tuition::catalogue::store {

struct QuizEdit {
  QuizId id{};
  LessonId lesson{};
  ModuleId module{};
  std::string title{};
  std::int64_t pass_percent = 70;
  std::optional<std::int64_t> attempts_max{};
  std::optional<std::int64_t> time_limit_s{};
  bool shuffle = false;
  Feedback feedback = Feedback::immediate;
  bool negative_marks = false;
  std::optional<std::int64_t> draw{};
  std::int64_t edit = 1;
};
std::optional<QuizEdit> quiz_edit(ReadTx& tx, const QuizId& id);
void insert_quiz(WriteTx& tx, const QuizEdit& quiz, Instant now);
void update_quiz(WriteTx& tx, const QuizEdit& quiz, Instant now);
void delete_quiz(WriteTx& tx, const QuizId& id);
void touch_quiz(WriteTx& tx, const QuizId& id, Instant now);  // another revision

struct QuestionEdit {
  QuestionId id{};
  QuizId quiz{};
  QuestionKind kind = QuestionKind::single;
  std::string question{};
  std::string options_json{};
  std::string correct_json{};
  std::string explanation{};
  std::int64_t points = 1;
  std::optional<std::string> media{};
  std::int64_t order_index = 0;
  bool retired = false;
  std::int64_t edit = 1;
};
std::vector<QuestionEdit> question_edits(ReadTx& tx, const QuizId& quiz);  // those in use, in order
std::optional<QuestionEdit> question_edit(ReadTx& tx, const QuestionId& id);
// Of every question and explanation there ever was: attempts show those that were taken out, too.
std::vector<std::string> question_texts(ReadTx& tx, const QuizId& quiz);
void insert_question(WriteTx& tx, const QuestionEdit& question, Instant now);
void update_question(WriteTx& tx, const QuestionEdit& question, Instant now);
void retire_question(WriteTx& tx, const QuestionId& id, Instant now);
void delete_question(WriteTx& tx, const QuestionId& id);
void place_question(WriteTx& tx, const QuestionId& id, std::int64_t order_index);

// Everything ever asked in the course, by id.
std::vector<BankQuestion> bank(ReadTx& tx, const CourseId& course, const std::string& holds, const std::string& after,
                               std::int64_t limit);
std::optional<CourseId> course_of(ReadTx& tx, const QuestionId& id);

}  // namespace tuition::catalogue::store
