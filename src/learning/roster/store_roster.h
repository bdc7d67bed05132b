#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "learning/types.h"
#include "platform/storage/database.h"

// The statements about the people in a course. Verbs call them only for who teaches it, or for the person.
namespace tuition::learning::store {

// Puts somebody in, or in again. False when they are in it.
bool join(WriteTx& tx, const EnrollmentId& id, const UserId& user, const catalogue::CourseId& course,
          EnrollmentSource source, Instant now);
// False when they are not in it.
bool leave(WriteTx& tx, const UserId& user, const catalogue::CourseId& course);
std::optional<EnrollmentSource> source_of(ReadTx& tx, const UserId& user, const catalogue::CourseId& course);

struct RosterRow {
  EnrollmentId id{};
  UserId user{};
  std::string name{};
  std::string email{};
  EnrollmentStatus status = EnrollmentStatus::active;
  EnrollmentSource source = EnrollmentSource::free;
  std::int64_t done_revision = 0;
  Blob done_map{};
  Instant created_at{};
  std::optional<Instant> completed_at{};
  std::optional<Instant> last_active_at{};
};
// Those after the enrolment `after` (the newest first; empty: from the beginning). `q` in lower case; empty: everybody.
Sql roster_statement();
Sql roster_size_statement();
Sql found_size_statement();
std::vector<RosterRow> roster(ReadTx& tx, const catalogue::CourseId& course, const std::string& q,
                              const std::string& after, std::int64_t limit);
// How many there are, as long as they are not more than `most`.
std::optional<std::int64_t> roster_size(ReadTx& tx, const catalogue::CourseId& course, const std::string& q,
                                        std::int64_t most);
std::optional<RosterRow> roster_row(ReadTx& tx, const catalogue::CourseId& course, const UserId& user);

struct LessonRow {
  std::string lesson{};
  Progress progress{};
};
std::vector<LessonRow> lesson_rows(ReadTx& tx, const UserId& user, const catalogue::CourseId& course);

// The latest attempts of one person that were handed in, by the lesson of their quiz.
struct AttemptRow {
  std::string lesson{};
  AttemptId attempt{};
};
Sql last_attempts_statement();
std::vector<AttemptRow> last_attempts(ReadTx& tx, const UserId& user, const catalogue::CourseId& course);

// Everybody's first attempt at a quiz, once handed in, the latest 5000.
struct SittingRow {
  AttemptId attempt{};
  std::string question_order_json{};
  std::int64_t score = 0;
  std::int64_t score_max = 0;
  bool passed = false;
};
Sql first_attempts_statement();
std::vector<SittingRow> first_attempts(ReadTx& tx, const catalogue::QuizId& quiz);

}  // namespace tuition::learning::store
