#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalogue/figures.h"
#include "catalogue/outline.h"
#include "catalogue/types.h"
#include "platform/storage/database.h"

// Every SQL statement about the catalogue.
namespace tuition::catalogue::store {

// --- Reading what is published
std::vector<CourseRow> published_courses(ReadTx& tx);
std::vector<ModuleRow> published_modules(ReadTx& tx);
std::vector<LessonRow> published_lessons(ReadTx& tx);
std::optional<std::string> course_html(ReadTx& tx, const CourseId& id);
std::optional<std::string> module_html(ReadTx& tx, const ModuleId& id);
std::optional<std::string> lesson_html(ReadTx& tx, const LessonId& id);
Counts counts(ReadTx& tx);

// --- Quizzes
struct QuizRow {
  QuizId id{};
  LessonId lesson{};
  std::string title{};
  std::int64_t pass_percent = 0;
  std::optional<std::int64_t> attempts_max{};
  std::optional<std::int64_t> time_limit_s{};
  bool shuffle = false;
  Feedback feedback = Feedback::immediate;
  bool negative_marks = false;
  std::optional<std::int64_t> draw{};
};
struct QuestionRow {
  QuestionId id{};
  QuestionKind kind = QuestionKind::single;
  std::string question{};
  JsonText options{};
  std::string correct_json{};
  std::string explanation{};
  std::int64_t points = 1;
  std::optional<std::string> media{};
};
std::optional<QuizRow> quiz(ReadTx& tx, const QuizId& id);
std::vector<QuestionRow> questions(ReadTx& tx, const QuizId& id);  // those in use, in order
std::optional<QuestionRow> question(ReadTx& tx, const QuizId& quiz, const QuestionId& id);
std::vector<std::string> texts_of(const std::string& json_list);

// --- Authoring
struct CourseKey {
  CourseId id{};
  Status status = Status::draft;
};
struct ModuleKey {
  ModuleId id{};
  std::string slug{};
};
struct LessonKey {
  LessonId id{};
  std::string slug{};
  std::string module_slug{};
};
struct QuestionKey {
  QuestionId id{};
  std::string question{};
};
std::optional<CourseKey> course_key(ReadTx& tx, const std::string& slug);
std::vector<ModuleKey> module_keys(ReadTx& tx, const CourseId& course);
std::vector<LessonKey> lesson_keys(ReadTx& tx, const CourseId& course);
std::vector<QuestionKey> question_keys(ReadTx& tx, const QuizId& quiz);
std::optional<QuizId> quiz_of(ReadTx& tx, const LessonId& lesson);

// The course as its author wrote it, with the names that its files have in a folder.
CourseDraft draft_of(ReadTx& tx, const CourseId& course);

// `owner` empty: the school's.
void insert_course(WriteTx& tx, const CourseId& id, const CourseDraft& draft, const UserId& owner, Instant now);
void update_course(WriteTx& tx, const CourseId& id, const CourseDraft& draft, Instant now);  // a new revision
void publish(WriteTx& tx, const CourseId& id, Instant now);
// Gives the modules and lessons of a course numbers and slugs that no draft uses; each is then updated or deleted.
void set_aside(WriteTx& tx, const CourseId& course);
void insert_module(WriteTx& tx, const ModuleId& id, const CourseId& course, const ModuleDraft& draft, Instant now);
void update_module(WriteTx& tx, const ModuleId& id, const ModuleDraft& draft, Instant now);
void delete_module(WriteTx& tx, const ModuleId& id);
void insert_lesson(WriteTx& tx, const LessonId& id, const ModuleId& module, const LessonDraft& draft, Instant now);
void update_lesson(WriteTx& tx, const LessonId& id, const ModuleId& module, const LessonDraft& draft, Instant now);
void set_rules(WriteTx& tx, const LessonId& id, const LessonRules& rules);
void delete_lesson(WriteTx& tx, const LessonId& id);
void insert_quiz(WriteTx& tx, const QuizId& id, const ModuleId& module, const LessonId& lesson,
                 const std::string& title, const QuizDraft& draft, Instant now);
void update_quiz(WriteTx& tx, const QuizId& id, const ModuleId& module, const std::string& title,
                 const QuizDraft& draft, Instant now);
void delete_quiz_of(WriteTx& tx, const LessonId& lesson);
void retire_questions(WriteTx& tx, const QuizId& quiz, Instant now);
void insert_question(WriteTx& tx, const QuestionId& id, const QuizId& quiz, const ModuleId& module,
                     const QuestionDraft& draft, std::int64_t order_index, Instant now);
void update_question(WriteTx& tx, const QuestionId& id, const ModuleId& module, const QuestionDraft& draft,
                     std::int64_t order_index, Instant now);

}  // namespace tuition::catalogue::store
