#include "catalogue/authoring/store_authoring.h"

#include "catalogue/media/store_media.h"

namespace tuition::catalogue::store {

// --- Whose

std::optional<Owned> owner_of(ReadTx& tx, const CourseId& id) {
  return tx.one<Owned>("SELECT id, instructor_id FROM courses WHERE id = ?1", id);
}

std::optional<Owned> owner_of(ReadTx& tx, const ModuleId& id) {
  return tx.one<Owned>(
      "SELECT c.id, c.instructor_id FROM content_modules m JOIN courses c ON c.id = m.course_id WHERE m.id = ?1", id);
}

std::optional<Owned> owner_of(ReadTx& tx, const LessonId& id) {
  return tx.one<Owned>(
      "SELECT c.id, c.instructor_id FROM lessons l JOIN content_modules m ON m.id = l.module_id "
      "JOIN courses c ON c.id = m.course_id WHERE l.id = ?1",
      id);
}

std::optional<Owned> owner_of(ReadTx& tx, const QuizId& id) {
  return tx.one<Owned>(
      "SELECT c.id, c.instructor_id FROM quizzes q JOIN content_modules m ON m.id = q.module_id "
      "JOIN courses c ON c.id = m.course_id WHERE q.id = ?1",
      id);
}

// --- Courses

namespace {

void take_row(Row& row, StudioCourse& out) {
  row.take(out.id, out.slug, out.title, out.summary, out.status, out.access, out.accent, out.instructor_name);
  auto instructor = row.get<UserId>();
  if (!instructor.empty()) out.instructor = std::move(instructor);
  row.take(out.modules, out.lessons, out.updated_at, out.published_at);
}

struct StudioRow {
  StudioCourse course{};
};
void take_row(Row& row, StudioRow& out) { take_row(row, out.course); }

std::vector<StudioCourse> bare(std::vector<StudioRow> rows) {
  std::vector<StudioCourse> courses;
  for (auto& row : rows) courses.push_back(std::move(row.course));
  return courses;
}

}  // namespace

namespace {

constexpr SqlText studio_columns(
    "SELECT c.id, c.slug, c.title, c.summary, c.status, c.access, c.accent, c.instructor_name, c.instructor_id, "
    "(SELECT COUNT(*) FROM content_modules m WHERE m.course_id = c.id), "
    "(SELECT COUNT(*) FROM content_modules m JOIN lessons l ON l.module_id = m.id WHERE m.course_id = c.id), "
    "c.updated_at, c.published_at FROM courses c");
constexpr SqlText studio_filter(
    "(?1 IS NULL OR c.status = ?1) AND instr(lower(c.title), lower(?2)) > 0 AND (c.updated_at, c.id) < (?3, ?4) "
    "ORDER BY c.updated_at DESC, c.id DESC LIMIT ?5");
constexpr SqlText studio_count("SELECT COUNT(*) FROM courses WHERE (?1 IS NULL OR status = ?1)");

}  // namespace

Sql studio_statement(Whose whose) {
  return whose == Whose::everybodys ? sql<studio_columns, "WHERE", studio_filter>()
                                    : sql<studio_columns, "WHERE c.instructor_id = ?6 AND", studio_filter>();
}

Sql studio_count_statement(Whose whose) {
  return whose == Whose::everybodys
             ? sql<studio_count, "AND instr(lower(title), lower(?2)) > 0">()
             : sql<studio_count, "AND instr(lower(title), lower(?2)) > 0 AND instructor_id = ?3">();
}

std::vector<StudioCourse> studio_courses(ReadTx& tx, const UserId& owner, const std::optional<Status>& status,
                                         const std::string& in_title, const StudioPlace& after, std::int64_t limit) {
  if (owner.empty())
    return bare(
        tx.many<StudioRow>(studio_statement(Whose::everybodys), status, in_title, after.updated_at, after.id, limit));
  return bare(
      tx.many<StudioRow>(studio_statement(Whose::own), status, in_title, after.updated_at, after.id, limit, owner));
}

std::int64_t count_studio_courses(ReadTx& tx, const UserId& owner, const std::optional<Status>& status,
                                  const std::string& in_title) {
  if (owner.empty()) return *tx.one<std::int64_t>(studio_count_statement(Whose::everybodys), status, in_title);
  return *tx.one<std::int64_t>(studio_count_statement(Whose::own), status, in_title, owner);
}

std::optional<CourseRef> course_ref(ReadTx& tx, const CourseId& id) {
  return tx.one<CourseRef>("SELECT id, slug, title FROM courses WHERE id = ?1", id);
}

std::optional<CourseEdit> course_edit(ReadTx& tx, const CourseId& id) {
  return tx.one<CourseEdit>(
      "SELECT id, slug, title, summary, body_md, body_html, status, access, accent, category, instructor_name, "
      "instructor_id, level_gate, certificate_enabled, rules_json, edit, created_at, updated_at, published_at "
      "FROM courses WHERE id = ?1",
      id);
}

bool insert_course(WriteTx& tx, const CourseEdit& course) {
  const bool done = tx.attempt(
      "INSERT INTO courses (id, slug, title, summary, body_md, body_html, status, access, accent, category, "
      "instructor_name, instructor_id, level_gate, certificate_enabled, rules_json, created_at, updated_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'draft', ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15)",
      course.id, course.slug, course.title, course.summary, course.body_md, course.body_html, course.access,
      course.accent, course.category, course.instructor_name, course.instructor, course.level_gate, course.certificate,
      course.rules, course.created_at);
  if (done) put_course_uses(tx, course.id.text(), course.body_html);
  return done;
}

bool update_course(WriteTx& tx, const CourseEdit& course) {
  const bool done = tx.attempt(
      "UPDATE courses SET slug = ?2, title = ?3, summary = ?4, body_md = ?5, body_html = ?6, access = ?7, accent = ?8, "
      "category = ?9, instructor_name = ?10, instructor_id = ?11, level_gate = ?12, certificate_enabled = ?13, "
      "rules_json = ?14, edit = edit + 1, updated_at = ?15 WHERE id = ?1",
      course.id, course.slug, course.title, course.summary, course.body_md, course.body_html, course.access,
      course.accent, course.category, course.instructor_name, course.instructor, course.level_gate, course.certificate,
      course.rules, course.updated_at);
  if (done) put_course_uses(tx, course.id.text(), course.body_html);
  return done;
}

void set_status(WriteTx& tx, const CourseId& id, Status status, Instant now) {
  tx.execute(
      "UPDATE courses SET status = ?2, edit = edit + 1, updated_at = ?3, "
      "published_at = CASE WHEN ?2 = 'published' THEN COALESCE(published_at, ?3) ELSE published_at END WHERE id = ?1",
      id, status, now);
}

void delete_course(WriteTx& tx, const CourseId& id) { tx.execute("DELETE FROM courses WHERE id = ?1", id); }

void touch_course(WriteTx& tx, const CourseId& id, Instant now) {
  tx.execute("UPDATE courses SET revision = revision + 1, updated_at = ?2 WHERE id = ?1", id, now);
}

void forget_instructor(WriteTx& tx, const UserId& user) {
  tx.execute("UPDATE courses SET instructor_id = NULL, instructor_name = NULL WHERE instructor_id = ?1", user);
}

// --- Modules

std::optional<ModuleEdit> module_edit(ReadTx& tx, const ModuleId& id) {
  return tx.one<ModuleEdit>(
      "SELECT id, course_id, slug, title, content, content_html, level, order_index, preview, drip_days, drip_at, "
      "edit, updated_at FROM content_modules WHERE id = ?1",
      id);
}

std::vector<ModuleEdit> module_edits(ReadTx& tx, const CourseId& course) {
  return tx.many<ModuleEdit>(
      "SELECT id, course_id, slug, title, '', '', level, order_index, preview, drip_days, drip_at, edit, updated_at "
      "FROM content_modules WHERE course_id = ?1 ORDER BY order_index",
      course);
}

void insert_module(WriteTx& tx, const ModuleEdit& module, Instant now) {
  tx.execute(
      "INSERT INTO content_modules (id, course_id, slug, title, content, content_html, level, order_index, preview, "
      "drip_days, drip_at, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)",
      module.id, module.course, module.slug, module.title, module.body_md, module.body_html, module.level,
      module.order_index, module.preview, module.drip_days, module.drip_at, now);
  put_module_uses(tx, module.id.text(), module.body_html);
}

void update_module(WriteTx& tx, const ModuleEdit& module, Instant now) {
  tx.execute(
      "UPDATE content_modules SET title = ?2, content = ?3, content_html = ?4, level = ?5, preview = ?6, "
      "drip_days = ?7, drip_at = ?8, edit = edit + 1, updated_at = ?9 WHERE id = ?1",
      module.id, module.title, module.body_md, module.body_html, module.level, module.preview, module.drip_days,
      module.drip_at, now);
  put_module_uses(tx, module.id.text(), module.body_html);
}

void lift_modules(WriteTx& tx, const CourseId& course) {
  tx.execute("UPDATE content_modules SET order_index = -1 - order_index WHERE course_id = ?1", course);
}

void place_module(WriteTx& tx, const ModuleId& id, std::int64_t order_index) {
  tx.execute("UPDATE content_modules SET order_index = ?2 WHERE id = ?1", id, order_index);
}

// --- Lessons

std::optional<LessonEdit> lesson_edit(ReadTx& tx, const LessonId& id) {
  return tx.one<LessonEdit>(
      "SELECT l.id, l.module_id, l.slug, l.kind, l.title, l.body_md, l.body_html, l.media_id, l.embed_url, l.preview, "
      "l.downloadable, l.duration_seconds, l.rules_json, l.order_index, l.edit, q.id, l.updated_at "
      "FROM lessons l LEFT JOIN quizzes q ON q.lesson_id = l.id WHERE l.id = ?1",
      id);
}

namespace {

struct LineRow {
  LessonLineRow row{};
};
void take_row(Row& from, LineRow& out) {
  auto& line = out.row.line;
  from.take(line.id, line.slug, line.title, line.kind, line.preview, line.duration_seconds);
  auto quiz = from.get<QuizId>();
  if (!quiz.empty()) line.quiz = std::move(quiz);
  from.take(line.questions, line.revision, out.row.module, out.row.order_index);
}

}  // namespace

std::vector<LessonLineRow> lesson_lines(ReadTx& tx, const CourseId& course) {
  std::vector<LessonLineRow> lines;
  for (auto& each : tx.many<LineRow>(
           "SELECT l.id, l.slug, l.title, l.kind, l.preview, l.duration_seconds, q.id, "
           "(SELECT COUNT(*) FROM quiz_data d WHERE d.quiz_id = q.id AND d.retired_at IS NULL), l.edit, l.module_id, "
           "l.order_index FROM content_modules m JOIN lessons l ON l.module_id = m.id "
           "LEFT JOIN quizzes q ON q.lesson_id = l.id WHERE m.course_id = ?1 ORDER BY m.order_index, l.order_index",
           course))
    lines.push_back(std::move(each.row));
  return lines;
}

void insert_lesson(WriteTx& tx, const LessonEdit& lesson, Instant now) {
  tx.execute(
      "INSERT INTO lessons (id, module_id, slug, kind, title, body_md, body_html, media_id, embed_url, preview, "
      "downloadable, duration_seconds, rules_json, order_index, created_at, updated_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15)",
      lesson.id, lesson.module, lesson.slug, lesson.kind, lesson.title, lesson.body_md, lesson.body_html, lesson.media,
      lesson.embed_url, lesson.preview, lesson.downloadable, lesson.duration_seconds, lesson.rules, lesson.order_index,
      now);
  put_lesson_uses(tx, lesson.id.text(), lesson.body_html);
}

void update_lesson(WriteTx& tx, const LessonEdit& lesson, Instant now) {
  tx.execute(
      "UPDATE lessons SET kind = ?2, title = ?3, body_md = ?4, body_html = ?5, media_id = ?6, embed_url = ?7, "
      "preview = ?8, downloadable = ?9, duration_seconds = ?10, rules_json = ?11, edit = edit + 1, updated_at = ?12 "
      "WHERE id = ?1",
      lesson.id, lesson.kind, lesson.title, lesson.body_md, lesson.body_html, lesson.media, lesson.embed_url,
      lesson.preview, lesson.downloadable, lesson.duration_seconds, lesson.rules, now);
  put_lesson_uses(tx, lesson.id.text(), lesson.body_html);
}

void lift_lessons(WriteTx& tx, const ModuleId& module) {
  tx.execute("UPDATE lessons SET order_index = -1 - order_index WHERE module_id = ?1", module);
}

void place_lesson(WriteTx& tx, const LessonId& id, const ModuleId& module, const std::string& slug,
                  std::int64_t order_index) {
  tx.execute("UPDATE lessons SET module_id = ?2, slug = ?3, order_index = ?4 WHERE id = ?1", id, module, slug,
             order_index);
  tx.execute("UPDATE quizzes SET module_id = ?2 WHERE lesson_id = ?1", id, module);
  tx.execute("UPDATE quiz_data SET module_id = ?2 WHERE quiz_id IN (SELECT id FROM quizzes WHERE lesson_id = ?1)", id,
             module);
}

}  // namespace tuition::catalogue::store
