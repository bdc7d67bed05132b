#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalogue/types.h"
#include "catalogue/wire.h"
#include "platform/base/caller.h"
#include "platform/storage/database.h"

// Every SQL statement of the author's side: rows with their sources, by author.
namespace tuition::catalogue::store {

// --- Whose
struct Owned {
  CourseId course{};
  UserId instructor{};  // empty: the school's
};
std::optional<Owned> owner_of(ReadTx& tx, const CourseId& id);
std::optional<Owned> owner_of(ReadTx& tx, const ModuleId& id);
std::optional<Owned> owner_of(ReadTx& tx, const LessonId& id);
std::optional<Owned> owner_of(ReadTx& tx, const QuizId& id);

// --- Courses
struct StudioPlace {
  Instant updated_at{};
  std::string id{};
};
// Each has its own statement, so that each walks along its own index.
enum class Whose { own, everybodys };
Sql studio_statement(Whose whose);
Sql studio_count_statement(Whose whose);
// The latest first; `owner` empty: of everybody.
std::vector<StudioCourse> studio_courses(ReadTx& tx, const UserId& owner, const std::optional<Status>& status,
                                         const std::string& in_title, const StudioPlace& after, std::int64_t limit);
std::int64_t count_studio_courses(ReadTx& tx, const UserId& owner, const std::optional<Status>& status,
                                  const std::string& in_title);

struct CourseEdit {
  CourseId id{};
  std::string slug{};
  std::string title{};
  std::string summary{};
  std::string body_md{};
  std::string body_html{};
  Status status = Status::draft;
  CourseAccess access = CourseAccess::paid;
  Accent accent = Accent::violet;
  std::optional<std::string> category{};
  std::optional<std::string> instructor_name{};
  UserId instructor{};
  bool level_gate = false;
  bool certificate = false;
  std::string rules{"{}"};  // course_terms.h
  std::int64_t edit = 1;
  Instant created_at{};
  Instant updated_at{};
  std::optional<Instant> published_at{};
};
std::optional<CourseRef> course_ref(ReadTx& tx, const CourseId& id);
std::optional<CourseEdit> course_edit(ReadTx& tx, const CourseId& id);
bool insert_course(WriteTx& tx, const CourseEdit& course);  // false: the slug is taken
bool update_course(WriteTx& tx, const CourseEdit& course);  // the same; makes a new edit
void set_status(WriteTx& tx, const CourseId& id, Status status, Instant now);
void delete_course(WriteTx& tx, const CourseId& id);
// Everything that anybody reads of the course may have changed.
void touch_course(WriteTx& tx, const CourseId& id, Instant now);
void forget_instructor(WriteTx& tx, const UserId& user);

// --- Modules
struct ModuleEdit {
  ModuleId id{};
  CourseId course{};
  std::string slug{};
  std::string title{};
  std::string body_md{};
  std::string body_html{};
  std::int64_t level = 1;
  std::int64_t order_index = 0;
  bool preview = false;
  std::optional<std::int64_t> drip_days{};
  std::optional<Instant> drip_at{};
  std::int64_t edit = 1;
  Instant updated_at{};
};
std::optional<ModuleEdit> module_edit(ReadTx& tx, const ModuleId& id);
std::vector<ModuleEdit> module_edits(ReadTx& tx, const CourseId& course);  // in order, without their texts
void insert_module(WriteTx& tx, const ModuleEdit& module, Instant now);
void update_module(WriteTx& tx, const ModuleEdit& module, Instant now);
// Two steps, so that no number is met twice: all out of the way, then each to its place.
void lift_modules(WriteTx& tx, const CourseId& course);
void place_module(WriteTx& tx, const ModuleId& id, std::int64_t order_index);

// --- Lessons
struct LessonEdit {
  LessonId id{};
  ModuleId module{};
  std::string slug{};
  LessonKind kind = LessonKind::text;
  std::string title{};
  std::string body_md{};
  std::string body_html{};
  std::optional<std::string> media{};
  std::optional<std::string> embed_url{};
  bool preview = false;
  bool downloadable = false;
  std::optional<std::int64_t> duration_seconds{};
  std::string rules = "{}";
  std::int64_t order_index = 0;
  std::int64_t edit = 1;
  QuizId quiz{};
  Instant updated_at{};
};
std::optional<LessonEdit> lesson_edit(ReadTx& tx, const LessonId& id);
struct LessonLineRow {
  LessonLine line{};
  ModuleId module{};
  std::int64_t order_index = 0;
};
std::vector<LessonLineRow> lesson_lines(ReadTx& tx, const CourseId& course);  // in order
void insert_lesson(WriteTx& tx, const LessonEdit& lesson, Instant now);
void update_lesson(WriteTx& tx, const LessonEdit& lesson, Instant now);
void lift_lessons(WriteTx& tx, const ModuleId& module);
// With its quiz and the quiz's questions.
void place_lesson(WriteTx& tx, const LessonId& id, const ModuleId& module, const std::string& slug,
                  std::int64_t order_index);

}  // namespace tuition::catalogue::store
