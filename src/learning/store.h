#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "learning/progress/done_map.h"
#include "learning/types.h"
#include "platform/storage/database.h"

// Every SQL statement about learning.
namespace tuition::learning::store {

// --- Progress
std::optional<Progress> progress(ReadTx& tx, const UserId& user, Scope scope, const std::string& scope_id);
void put_progress(WriteTx& tx, const UserId& user, Scope scope, const std::string& scope_id,
                  const catalogue::CourseId& course, std::int64_t level, const Progress& progress);

// --- Enrolments
std::optional<Enrollment> enrollment(ReadTx& tx, const UserId& user, const catalogue::CourseId& course);
std::vector<Enrollment> enrollments(ReadTx& tx, const UserId& user);  // those not removed, the newest first
void put_enrollment(WriteTx& tx, const UserId& user, const Enrollment& enrollment);

// The enrolment's bits where they stand for the course as it is, else made anew from progress.
DoneMap done_map(ReadTx& tx, const UserId& user, const catalogue::Course& course,
                 const std::optional<Enrollment>& enrollment);

// The course, if it is published and the person has not finished it.
std::optional<MissingCourse> missing_course(ReadTx& tx, const UserId& user, const catalogue::CourseId& course);

// --- Statistics
std::optional<Stats> stats(ReadTx& tx, const UserId& user);
void put_stats(WriteTx& tx, const UserId& user, const Stats& stats, Instant now);

// Enrolment and statistics at one go: what every save needs.
struct Standing {
  std::optional<Enrollment> enrollment{};
  std::optional<Stats> stats{};
};
Standing standing(ReadTx& tx, const UserId& user, const catalogue::CourseId& course);

// False when the key's award is there already.
bool award(WriteTx& tx, const UserId& user, const catalogue::CourseId& course, const std::string& key,
           std::int64_t points, const std::string& reason, const std::string& ref_id, Instant now);

// --- Quiz attempts
struct Attempt {
  AttemptId id{};
  catalogue::QuizId quiz{};
  UserId user{};
  std::int64_t no = 1;
  std::string question_order_json{};
  Instant started_at{};
  std::optional<Instant> deadline_at{};
  std::optional<Instant> submitted_at{};
  std::optional<std::int64_t> score{};
  std::int64_t max_score = 0;
  std::optional<bool> passed{};
};
struct AnswerRow {
  catalogue::QuestionId question{};
  std::string answer_json{};
  bool correct = false;
  std::int64_t points = 0;
};
struct Best {
  std::int64_t score = 0;
  std::int64_t max_score = 0;
  bool passed = false;
};
std::optional<Attempt> attempt(ReadTx& tx, const AttemptId& id);
std::optional<Attempt> open_attempt(ReadTx& tx, const UserId& user, const catalogue::QuizId& quiz);
std::int64_t attempts_used(ReadTx& tx, const UserId& user, const catalogue::QuizId& quiz);
std::optional<Best> best_attempt(ReadTx& tx, const UserId& user, const catalogue::QuizId& quiz);
bool has_passed(ReadTx& tx, const UserId& user, const catalogue::QuizId& quiz);
void insert_attempt(WriteTx& tx, const Attempt& attempt);
void close_attempt(WriteTx& tx, const Attempt& attempt);
std::vector<AnswerRow> answers(ReadTx& tx, const AttemptId& id);
// False when the question has been answered in this attempt.
bool insert_answer(WriteTx& tx, const AttemptId& id, const AnswerRow& answer, Instant now);

// --- Figures
std::int64_t active_learners(ReadTx& tx, Day since);
std::int64_t lessons_completed(ReadTx& tx);
bool has_learners(ReadTx& tx, const catalogue::CourseId& course);
bool has_attempts(ReadTx& tx, const catalogue::QuizId& quiz);

void forget_person(WriteTx& tx, const UserId& user);

}  // namespace tuition::learning::store
