#include "catalogue/store.h"

#include <unordered_map>

#include "catalogue/authoring/author_text.h"
#include "catalogue/authoring/course_terms.h"
#include "catalogue/authoring/lesson_rules.h"
#include "catalogue/media/store_media.h"
#include "platform/base/check.h"
#include "platform/base/fields_json.h"

namespace tuition::catalogue::store {

// --- Reading what is published

std::vector<CourseRow> published_courses(ReadTx& tx) {
  return tx.many<CourseRow>(
      "SELECT id, slug, title, summary, access, category, accent, instructor_name, level_gate, revision "
      "FROM courses WHERE status = 'published' ORDER BY title, id");
}

std::vector<ModuleRow> published_modules(ReadTx& tx) {
  return tx.many<ModuleRow>(
      "SELECT m.id, m.course_id, m.title, m.level, m.order_index, m.preview, m.drip_days, m.drip_at "
      "FROM courses c JOIN content_modules m ON m.course_id = c.id "
      "WHERE c.status = 'published' ORDER BY m.course_id, m.order_index");
}

std::vector<LessonRow> published_lessons(ReadTx& tx) {
  return tx.many<LessonRow>(
      "SELECT l.id, l.module_id, l.kind, l.title, l.preview, l.duration_seconds, l.embed_url, l.media_id, "
      "l.downloadable, l.rules_json, q.id "
      "FROM courses c JOIN content_modules m ON m.course_id = c.id JOIN lessons l ON l.module_id = m.id "
      "LEFT JOIN quizzes q ON q.lesson_id = l.id "
      "WHERE c.status = 'published' ORDER BY l.module_id, l.order_index");
}

std::optional<std::string> course_html(ReadTx& tx, const CourseId& id) {
  return tx.one<std::string>("SELECT body_html FROM courses WHERE id = ?1", id);
}

std::optional<std::string> module_html(ReadTx& tx, const ModuleId& id) {
  return tx.one<std::string>("SELECT content_html FROM content_modules WHERE id = ?1", id);
}

std::optional<std::string> lesson_html(ReadTx& tx, const LessonId& id) {
  return tx.one<std::string>("SELECT body_html FROM lessons WHERE id = ?1", id);
}

Counts counts(ReadTx& tx) {
  return *tx.one<Counts>(
      "SELECT (SELECT COUNT(*) FROM courses WHERE status = 'published'), "
      "(SELECT COUNT(*) FROM courses c JOIN content_modules m ON m.course_id = c.id "
      "JOIN lessons l ON l.module_id = m.id WHERE c.status = 'published')");
}

// --- Quizzes

std::optional<QuizRow> quiz(ReadTx& tx, const QuizId& id) {
  return tx.one<QuizRow>(
      "SELECT id, lesson_id, title, pass_percent, max_attempts, time_limit_s, shuffle, feedback, negative_marks, draw "
      "FROM quizzes WHERE id = ?1",
      id);
}

std::vector<QuestionRow> questions(ReadTx& tx, const QuizId& id) {
  return tx.many<QuestionRow>(
      "SELECT id, kind, question, options_json, correct_answer, explanation, points, media_id "
      "FROM quiz_data "
      "WHERE quiz_id = ?1 AND retired_at IS NULL ORDER BY order_index",
      id);
}

std::optional<QuestionRow> question(ReadTx& tx, const QuizId& quiz, const QuestionId& id) {
  return tx.one<QuestionRow>(
      "SELECT id, kind, question, options_json, correct_answer, explanation, points, media_id "
      "FROM quiz_data "
      "WHERE id = ?2 AND quiz_id = ?1",
      quiz, id);
}

std::vector<std::string> texts_of(const std::string& json_list) {
  auto parsed = parse_json(json_list);
  check(parsed.ok() && parsed->sort == JsonNode::Sort::list, "a stored list of texts is a list");
  std::vector<std::string> texts;
  for (auto& item : parsed->items) texts.push_back(std::move(item.text));
  return texts;
}

// --- Authoring

std::optional<CourseKey> course_key(ReadTx& tx, const std::string& slug) {
  return tx.one<CourseKey>("SELECT id, status FROM courses WHERE slug = ?1", slug);
}

std::vector<ModuleKey> module_keys(ReadTx& tx, const CourseId& course) {
  return tx.many<ModuleKey>("SELECT id, slug FROM content_modules WHERE course_id = ?1", course);
}

std::vector<LessonKey> lesson_keys(ReadTx& tx, const CourseId& course) {
  return tx.many<LessonKey>(
      "SELECT l.id, l.slug, m.slug FROM content_modules m JOIN lessons l ON l.module_id = m.id WHERE m.course_id = ?1",
      course);
}

std::vector<QuestionKey> question_keys(ReadTx& tx, const QuizId& quiz) {
  return tx.many<QuestionKey>("SELECT id, question FROM quiz_data WHERE quiz_id = ?1 ORDER BY order_index", quiz);
}

std::optional<QuizId> quiz_of(ReadTx& tx, const LessonId& lesson) {
  return tx.one<QuizId>("SELECT id FROM quizzes WHERE lesson_id = ?1", lesson);
}

namespace {

struct LessonText {
  LessonId id{};
  LessonDraft draft{};
};
void take_row(Row& row, LessonText& out) {
  auto& d = out.draft;
  row.take(out.id, d.slug, d.file_name, d.order_index, d.title, d.kind, d.preview, d.duration_seconds, d.embed_url,
           d.body_md, d.body_html, d.downloadable, d.media, d.file);
  d.rules = rules_of(row.get<std::string>());
}

struct ModuleText {
  ModuleId id{};
  ModuleDraft draft{};
};
void take_row(Row& row, ModuleText& out) {
  auto& d = out.draft;
  row.take(out.id, d.slug, d.file_name, d.order_index, d.title, d.level, d.preview, d.body_md, d.body_html, d.drip_days,
           d.drip_at);
}

struct CourseText {
  CourseDraft draft{};
  std::vector<CourseId> prerequisites{};
};
void take_row(Row& row, CourseText& out) {
  auto& d = out.draft;
  row.take(d.slug, d.title, d.summary, d.access, d.accent, d.instructor, d.level_gate, d.body_md, d.body_html,
           d.category, d.certificate);
  CourseTerms terms;
  read_course_rules(row.get<std::string>(), terms);
  d.certificate_months = terms.certificate_months;
  out.prerequisites = std::move(terms.prerequisites);
}

QuizDraft quiz_draft_of(ReadTx& tx, const QuizId& id, const std::unordered_map<std::string, std::string>& paths) {
  const auto row = *store::quiz(tx, id);
  QuizDraft made{row.pass_percent, row.attempts_max,   {},      row.time_limit_s, row.shuffle,
                 row.feedback,     row.negative_marks, row.draw};
  for (auto& each : questions(tx, id)) {
    auto media = each.media.value_or("");
    const auto path = paths.find(media);
    made.questions.push_back({each.kind, std::move(each.question), texts_of(each.options.text),
                              std::move(each.correct_json), std::move(each.explanation), each.points,
                              path == paths.end() ? std::string{} : path->second, std::move(media)});
  }
  return made;
}

}  // namespace

CourseDraft draft_of(ReadTx& tx, const CourseId& course) {
  auto text = *tx.one<CourseText>(
      "SELECT slug, title, summary, access, accent, COALESCE(instructor_name, ''), level_gate, body_md, "
      "body_html, COALESCE(category, ''), certificate_enabled, rules_json FROM courses WHERE id = ?1",
      course);
  auto made = std::move(text.draft);
  // One that is gone by now is not waited for.
  for (const auto& before : text.prerequisites)
    if (auto slug = tx.one<std::string>("SELECT slug FROM courses WHERE id = ?1", before))
      made.waits_for.push_back(std::move(*slug));
  std::unordered_map<std::string, std::string> paths;
  for (auto& file : course_files(tx, course.text())) {
    paths.emplace(file.media.text(), file.path);
    made.files.push_back({std::move(file.path), std::move(file.sha256), {}});
  }
  std::unordered_map<std::string, std::string> places;
  for (const auto& key : lesson_keys(tx, course)) places.emplace(key.id.text(), key.module_slug + "/" + key.slug);
  for (auto& module : tx.many<ModuleText>(
           "SELECT id, slug, COALESCE(file_name, ''), order_index, title, level, preview, content, content_html, "
           "drip_days, drip_at FROM content_modules WHERE course_id = ?1 ORDER BY order_index",
           course)) {
    for (auto& lesson : tx.many<LessonText>(
             "SELECT id, slug, COALESCE(file_name, ''), order_index, title, kind, preview, duration_seconds, "
             "embed_url, body_md, body_html, downloadable, COALESCE(media_id, ''), "
             "COALESCE((SELECT f.path FROM course_files f WHERE f.media_id = lessons.media_id AND f.course_id = ?2), "
             "''), rules_json FROM lessons WHERE module_id = ?1 ORDER BY order_index",
             module.id, course)) {
      if (const auto quiz = quiz_of(tx, lesson.id)) lesson.draft.quiz = quiz_draft_of(tx, *quiz, paths);
      // One that is gone by now is not waited for.
      for (const auto& before : lesson.draft.rules.prerequisites)
        if (const auto place = places.find(before.text()); place != places.end())
          lesson.draft.waits_for.push_back(place->second);
      lesson.draft.rules.prerequisites.clear();
      lesson.draft.file_name = file_name_of(lesson.draft.file_name, lesson.draft.order_index, lesson.draft.slug, ".md");
      module.draft.lessons.push_back(std::move(lesson.draft));
    }
    module.draft.file_name = file_name_of(module.draft.file_name, module.draft.order_index, module.draft.slug, "");
    made.modules.push_back(std::move(module.draft));
  }
  return made;
}

void insert_course(WriteTx& tx, const CourseId& id, const CourseDraft& draft, const UserId& owner, Instant now) {
  tx.execute(
      "INSERT INTO courses (id, slug, title, summary, body_md, body_html, status, instructor_name, access, accent, "
      "level_gate, created_at, updated_at, category, certificate_enabled, instructor_id) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'draft', NULLIF(?7, ''), ?8, ?9, ?10, ?11, ?11, NULLIF(?12, ''), ?13, ?14)",
      id, draft.slug, draft.title, draft.summary, draft.body_md, draft.body_html, draft.instructor, draft.access,
      draft.accent, draft.level_gate, now, draft.category, draft.certificate, owner);
  put_course_uses(tx, id.text(), draft.body_html);
}

void update_course(WriteTx& tx, const CourseId& id, const CourseDraft& draft, Instant now) {
  tx.execute(
      "UPDATE courses SET title = ?2, summary = ?3, body_md = ?4, body_html = ?5, instructor_name = NULLIF(?6, ''), "
      "access = ?7, accent = ?8, level_gate = ?9, revision = revision + 1, edit = edit + 1, updated_at = ?10, "
      "category = NULLIF(?11, ''), certificate_enabled = ?12 WHERE id = ?1",
      id, draft.title, draft.summary, draft.body_md, draft.body_html, draft.instructor, draft.access, draft.accent,
      draft.level_gate, now, draft.category, draft.certificate);
  put_course_uses(tx, id.text(), draft.body_html);
}

void publish(WriteTx& tx, const CourseId& id, Instant now) {
  tx.execute(
      "UPDATE courses SET status = 'published', published_at = COALESCE(published_at, ?2), updated_at = ?2 "
      "WHERE id = ?1",
      id, now);
}

void set_aside(WriteTx& tx, const CourseId& course) {
  tx.execute(
      "UPDATE content_modules SET order_index = -1 - order_index, slug = '/' || slug "
      "WHERE course_id = ?1",
      course);
  // By id, because lessons of several modules may come together in one.
  tx.execute(
      "UPDATE lessons SET order_index = -1 - order_index, slug = '/' || id "
      "WHERE module_id IN (SELECT id FROM content_modules WHERE course_id = ?1)",
      course);
}

void insert_module(WriteTx& tx, const ModuleId& id, const CourseId& course, const ModuleDraft& draft, Instant now) {
  tx.execute(
      "INSERT INTO content_modules (id, course_id, slug, file_name, title, content, content_html, level, order_index, "
      "preview, created_at, updated_at, drip_days, drip_at) "
      "VALUES (?1, ?2, ?3, NULLIF(?4, ''), ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, ?12, ?13)",
      id, course, draft.slug, draft.file_name, draft.title, draft.body_md, draft.body_html, draft.level,
      draft.order_index, draft.preview, now, draft.drip_days, draft.drip_at);
  put_module_uses(tx, id.text(), draft.body_html);
}

void update_module(WriteTx& tx, const ModuleId& id, const ModuleDraft& draft, Instant now) {
  tx.execute(
      "UPDATE content_modules SET slug = ?2, file_name = NULLIF(?3, ''), title = ?4, content = ?5, content_html = ?6, "
      "level = ?7, order_index = ?8, preview = ?9, updated_at = ?10, drip_days = ?11, drip_at = ?12, edit = edit + 1 "
      "WHERE id = ?1",
      id, draft.slug, draft.file_name, draft.title, draft.body_md, draft.body_html, draft.level, draft.order_index,
      draft.preview, now, draft.drip_days, draft.drip_at);
  put_module_uses(tx, id.text(), draft.body_html);
}

void delete_module(WriteTx& tx, const ModuleId& id) { tx.execute("DELETE FROM content_modules WHERE id = ?1", id); }

void insert_lesson(WriteTx& tx, const LessonId& id, const ModuleId& module, const LessonDraft& draft, Instant now) {
  tx.execute(
      "INSERT INTO lessons (id, module_id, slug, file_name, kind, title, body_md, body_html, embed_url, preview, "
      "duration_seconds, order_index, created_at, updated_at, downloadable, rules_json, media_id) "
      "VALUES (?1, ?2, ?3, NULLIF(?4, ''), ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13, ?14, ?15, NULLIF(?16, ''))",
      id, module, draft.slug, draft.file_name, draft.kind, draft.title, draft.body_md, draft.body_html, draft.embed_url,
      draft.preview, draft.duration_seconds, draft.order_index, now, draft.downloadable, kept_rules(draft.rules),
      draft.media);
  put_lesson_uses(tx, id.text(), draft.body_html);
}

void update_lesson(WriteTx& tx, const LessonId& id, const ModuleId& module, const LessonDraft& draft, Instant now) {
  tx.execute(
      "UPDATE lessons SET module_id = ?2, slug = ?3, file_name = NULLIF(?4, ''), kind = ?5, title = ?6, body_md = ?7, "
      "body_html = ?8, embed_url = ?9, preview = ?10, duration_seconds = ?11, order_index = ?12, updated_at = ?13, "
      "downloadable = ?14, rules_json = ?15, edit = edit + 1, media_id = NULLIF(?16, '') WHERE id = ?1",
      id, module, draft.slug, draft.file_name, draft.kind, draft.title, draft.body_md, draft.body_html, draft.embed_url,
      draft.preview, draft.duration_seconds, draft.order_index, now, draft.downloadable, kept_rules(draft.rules),
      draft.media);
  put_lesson_uses(tx, id.text(), draft.body_html);
}

void set_rules(WriteTx& tx, const LessonId& id, const LessonRules& rules) {
  tx.execute("UPDATE lessons SET rules_json = ?2 WHERE id = ?1", id, kept_rules(rules));
}

void delete_lesson(WriteTx& tx, const LessonId& id) { tx.execute("DELETE FROM lessons WHERE id = ?1", id); }

void insert_quiz(WriteTx& tx, const QuizId& id, const ModuleId& module, const LessonId& lesson,
                 const std::string& title, const QuizDraft& draft, Instant now) {
  tx.execute(
      "INSERT INTO quizzes (id, module_id, lesson_id, title, pass_percent, max_attempts, created_at, updated_at, "
      "time_limit_s, shuffle, feedback, negative_marks, draw) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?9, ?10, ?11, ?12)",
      id, module, lesson, title, draft.pass_percent, draft.attempts_max, now, draft.time_limit_s, draft.shuffle,
      draft.feedback, draft.negative_marks, draft.draw);
}

void update_quiz(WriteTx& tx, const QuizId& id, const ModuleId& module, const std::string& title,
                 const QuizDraft& draft, Instant now) {
  tx.execute(
      "UPDATE quizzes SET module_id = ?2, title = ?3, pass_percent = ?4, max_attempts = ?5, updated_at = ?6, "
      "time_limit_s = ?7, shuffle = ?8, feedback = ?9, negative_marks = ?10, draw = ?11, edit = edit + 1 "
      "WHERE id = ?1",
      id, module, title, draft.pass_percent, draft.attempts_max, now, draft.time_limit_s, draft.shuffle, draft.feedback,
      draft.negative_marks, draft.draw);
}

void delete_quiz_of(WriteTx& tx, const LessonId& lesson) {
  tx.execute("DELETE FROM quizzes WHERE lesson_id = ?1", lesson);
}

void retire_questions(WriteTx& tx, const QuizId& quiz, Instant now) {
  tx.execute("UPDATE quiz_data SET retired_at = ?2 WHERE quiz_id = ?1 AND retired_at IS NULL", quiz, now);
}

void insert_question(WriteTx& tx, const QuestionId& id, const QuizId& quiz, const ModuleId& module,
                     const QuestionDraft& draft, std::int64_t order_index, Instant now) {
  tx.execute(
      "INSERT INTO quiz_data (id, quiz_id, module_id, kind, question, options_json, correct_answer, explanation, "
      "points, order_index, created_at, updated_at, media_id) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, NULLIF(?12, ''))",
      id, quiz, module, draft.kind, draft.question, to_json(draft.options), draft.correct_json, draft.explanation,
      draft.points, order_index, now, draft.media);
}

void update_question(WriteTx& tx, const QuestionId& id, const ModuleId& module, const QuestionDraft& draft,
                     std::int64_t order_index, Instant now) {
  tx.execute(
      "UPDATE quiz_data SET module_id = ?2, kind = ?3, options_json = ?4, correct_answer = ?5, explanation = ?6, "
      "points = ?7, order_index = ?8, retired_at = NULL, updated_at = ?9, media_id = NULLIF(?10, ''), question = ?11 "
      "WHERE id = ?1",
      id, module, draft.kind, to_json(draft.options), draft.correct_json, draft.explanation, draft.points, order_index,
      now, draft.media, draft.question);
}

}  // namespace tuition::catalogue::store
