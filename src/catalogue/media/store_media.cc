#include "catalogue/media/store_media.h"

#include "platform/base/text.h"

namespace tuition::catalogue::store {
namespace {

constexpr SqlText columns(
    "SELECT m.id, m.owner_id, m.purpose, m.visibility, m.kind, m.name, m.mime, m.bytes, m.width, m.height, m.blob_id, "
    "b.sha256, m.created_at FROM media m JOIN blobs b ON b.id = m.blob_id");

}  // namespace

std::optional<MediaItem> media(ReadTx& tx, const MediaId& id) {
  return tx.one<MediaItem>(sql<columns, "WHERE m.id = ?1">(), id);
}

std::int64_t bytes_of(ReadTx& tx, const UserId& owner) {
  return tx.one<std::int64_t>("SELECT COALESCE(SUM(bytes), 0) FROM media WHERE owner_id = ?1", owner).value_or(0);
}

std::vector<MediaItem> library(ReadTx& tx, const Wanted& wanted) {
  // Three statements, so that each goes by its index.
  if (!wanted.owner.empty())
    return tx.many<MediaItem>(
        sql<columns,
            "WHERE m.purpose = 'lesson' AND m.owner_id = ?4 AND m.id < ?1 AND (?5 = '' OR m.kind = ?5) "
            "AND (?2 = '' OR INSTR(LOWER(m.name), ?2) > 0) ORDER BY m.id DESC LIMIT ?3">(),
        wanted.before, wanted.search, wanted.limit, wanted.owner, wanted.kind);
  if (wanted.kind.empty())
    return tx.many<MediaItem>(
        sql<columns,
            "WHERE m.purpose = 'lesson' AND m.id < ?1 AND (?2 = '' OR INSTR(LOWER(m.name), ?2) > 0) "
            "ORDER BY m.id DESC LIMIT ?3">(),
        wanted.before, wanted.search, wanted.limit);
  return tx.many<MediaItem>(sql<columns,
                                "WHERE m.purpose = 'lesson' AND m.kind = ?4 AND m.id < ?1 "
                                "AND (?2 = '' OR INSTR(LOWER(m.name), ?2) > 0) ORDER BY m.id DESC LIMIT ?3">(),
                            wanted.before, wanted.search, wanted.limit, wanted.kind);
}

void rename_media(WriteTx& tx, const MediaId& id, const std::string& name) {
  tx.execute("UPDATE media SET name = ?2 WHERE id = ?1", id, name);
}

void insert_media(WriteTx& tx, const MediaItem& item) {
  tx.execute(
      "INSERT INTO media (id, owner_id, purpose, visibility, kind, name, mime, bytes, width, height, blob_id, "
      "created_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
      item.id, item.owner, item.purpose, item.visibility, item.kind, item.name, item.mime, item.bytes, item.width,
      item.height, item.blob, item.created_at);
}

bool is_shown(ReadTx& tx, const MediaId& id) {
  return tx
      .one<bool>(
          "SELECT EXISTS (SELECT 1 FROM media_uses WHERE media_id = ?1) "
          "OR EXISTS (SELECT 1 FROM lessons WHERE media_id = ?1) "
          "OR EXISTS (SELECT 1 FROM quiz_data WHERE media_id = ?1) "
          "OR EXISTS (SELECT 1 FROM course_files WHERE media_id = ?1) "
          "OR EXISTS (SELECT 1 FROM courses WHERE cover_media_id = ?1)",
          id)
      .value_or(false);
}

void delete_media(WriteTx& tx, const MediaId& id) { tx.execute("DELETE FROM media WHERE id = ?1", id); }

bool has_media(ReadTx& tx, const blobs::BlobId& blob) {
  return tx.one<bool>("SELECT EXISTS (SELECT 1 FROM media WHERE blob_id = ?1)", blob).value_or(false);
}

std::vector<MediaItem> own_media(ReadTx& tx, const UserId& owner) {
  return tx.many<MediaItem>(sql<columns, "WHERE m.owner_id = ?1 AND m.purpose <> 'lesson'">(), owner);
}

void disown_media(WriteTx& tx, const UserId& owner) {
  tx.execute("UPDATE media SET owner_id = NULL WHERE owner_id = ?1", owner);
}

std::vector<MediaId> personal_before(ReadTx& tx, Instant before) {
  return tx.many<MediaId>("SELECT id FROM media WHERE purpose IN ('avatar', 'proof') AND created_at < ?1", before);
}

std::vector<MediaUse> uses_of(ReadTx& tx, const MediaId& id) {
  return tx.many<MediaUse>(
      "SELECT COALESCE(course_id, ''), COALESCE(module_id, ''), COALESCE(lesson_id, '') FROM media_uses "
      "WHERE media_id = ?1 UNION SELECT '', '', id FROM lessons WHERE media_id = ?1 "
      "UNION SELECT '', '', q.lesson_id FROM quiz_data d JOIN quizzes q ON q.id = d.quiz_id "
      "WHERE d.media_id = ?1 AND d.retired_at IS NULL",
      id);
}

Sql places_statement() {
  return "SELECT 'course', c.id, c.title, c.status, c.instructor_id, c.id, '' FROM media_uses u "
         "JOIN courses c ON c.id = u.course_id WHERE u.media_id = ?1 "
         "UNION SELECT 'module', c.id, c.title, c.status, c.instructor_id, m.id, m.title FROM media_uses u "
         "JOIN content_modules m ON m.id = u.module_id JOIN courses c ON c.id = m.course_id WHERE u.media_id = ?1 "
         "UNION SELECT 'lesson', c.id, c.title, c.status, c.instructor_id, l.id, l.title FROM media_uses u "
         "JOIN lessons l ON l.id = u.lesson_id JOIN content_modules m ON m.id = l.module_id "
         "JOIN courses c ON c.id = m.course_id WHERE u.media_id = ?1 "
         "UNION SELECT 'file', c.id, c.title, c.status, c.instructor_id, l.id, l.title FROM lessons l "
         "JOIN content_modules m ON m.id = l.module_id JOIN courses c ON c.id = m.course_id WHERE l.media_id = ?1 "
         "UNION SELECT CASE WHEN d.retired_at IS NULL THEN 'question' ELSE 'retired' END, c.id, c.title, c.status, "
         "c.instructor_id, q.id, q.title FROM quiz_data d JOIN quizzes q ON q.id = d.quiz_id "
         "JOIN content_modules m ON m.id = q.module_id JOIN courses c ON c.id = m.course_id WHERE d.media_id = ?1 "
         "UNION SELECT 'folder', c.id, c.title, c.status, c.instructor_id, c.id, f.path FROM course_files f "
         "JOIN courses c ON c.id = f.course_id WHERE f.media_id = ?1 ORDER BY 3, 2, 7, 1";
}

std::vector<PlaceRow> places_of(ReadTx& tx, const MediaId& id) { return tx.many<PlaceRow>(places_statement(), id); }

// Texts may name what is not there: that is no use of it.
void put_course_uses(WriteTx& tx, const std::string& course, const std::string& html) {
  tx.execute("DELETE FROM media_uses WHERE course_id = ?1", course);
  for (const auto& id : media_in(html))
    tx.execute("INSERT INTO media_uses (media_id, course_id) SELECT id, ?2 FROM media WHERE id = ?1", id, course);
}

void put_module_uses(WriteTx& tx, const std::string& module, const std::string& html) {
  tx.execute("DELETE FROM media_uses WHERE module_id = ?1", module);
  for (const auto& id : media_in(html))
    tx.execute("INSERT INTO media_uses (media_id, module_id) SELECT id, ?2 FROM media WHERE id = ?1", id, module);
}

void put_lesson_uses(WriteTx& tx, const std::string& lesson, const std::string& html) {
  tx.execute("DELETE FROM media_uses WHERE lesson_id = ?1", lesson);
  for (const auto& id : media_in(html))
    tx.execute("INSERT INTO media_uses (media_id, lesson_id) SELECT id, ?2 FROM media WHERE id = ?1", id, lesson);
}

std::vector<CourseFileRow> course_files(ReadTx& tx, const std::string& course) {
  return tx.many<CourseFileRow>(
      "SELECT f.path, f.media_id, m.blob_id, b.sha256, m.bytes FROM course_files f JOIN media m ON m.id = f.media_id "
      "JOIN blobs b ON b.id = m.blob_id WHERE f.course_id = ?1 ORDER BY f.path",
      course);
}

void insert_course_file(WriteTx& tx, const std::string& course, const std::string& path, const MediaId& media) {
  tx.execute("INSERT INTO course_files (course_id, path, media_id) VALUES (?1, ?2, ?3)", course, path, media);
}

void delete_course_file(WriteTx& tx, const std::string& course, const std::string& path) {
  tx.execute("DELETE FROM course_files WHERE course_id = ?1 AND path = ?2", course, path);
}

std::optional<blobs::BlobId> blob_of(ReadTx& tx, const std::string& sha256) {
  return tx.one<blobs::BlobId>("SELECT id FROM blobs WHERE sha256 = ?1", sha256);
}

}  // namespace tuition::catalogue::store
