#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalogue/media/media.h"
#include "catalogue/media/media_library.h"
#include "catalogue/types.h"
#include "platform/storage/database.h"

// Every SQL statement about files.
namespace tuition::catalogue::store {

std::optional<MediaItem> media(ReadTx& tx, const MediaId& id);
std::int64_t bytes_of(ReadTx& tx, const UserId& owner);
// Those of lessons, newest first, with an id before `before`; empty: whatever kind, name or owner.
struct Wanted {
  std::string kind{};
  std::string search{};
  UserId owner{};
  std::string before{};
  std::int64_t limit = 0;
};
std::vector<MediaItem> library(ReadTx& tx, const Wanted& wanted);
void rename_media(WriteTx& tx, const MediaId& id, const std::string& name);
void insert_media(WriteTx& tx, const MediaItem& item);
bool is_shown(ReadTx& tx, const MediaId& id);
void delete_media(WriteTx& tx, const MediaId& id);
bool has_media(ReadTx& tx, const blobs::BlobId& blob);
std::vector<MediaItem> own_media(ReadTx& tx, const UserId& owner);  // avatars and proofs
void disown_media(WriteTx& tx, const UserId& owner);
std::vector<MediaId> personal_before(ReadTx& tx, Instant before);  // avatars and proofs

std::vector<MediaUse> uses_of(ReadTx& tx, const MediaId& id);
// What holds on to it, by course.
struct PlaceRow {
  PlaceKind kind = PlaceKind::course;
  CourseId course{};
  std::string course_title{};
  Status status = Status::draft;
  UserId instructor{};
  std::string id{};
  std::string title{};
};
Sql places_statement();
std::vector<PlaceRow> places_of(ReadTx& tx, const MediaId& id);
// What a text shows, in place of what it showed before.
void put_course_uses(WriteTx& tx, const std::string& course, const std::string& html);
void put_module_uses(WriteTx& tx, const std::string& module, const std::string& html);
void put_lesson_uses(WriteTx& tx, const std::string& lesson, const std::string& html);

std::vector<CourseFileRow> course_files(ReadTx& tx, const std::string& course);
void insert_course_file(WriteTx& tx, const std::string& course, const std::string& path, const MediaId& media);
void delete_course_file(WriteTx& tx, const std::string& course, const std::string& path);
std::optional<blobs::BlobId> blob_of(ReadTx& tx, const std::string& sha256);

}  // namespace tuition::catalogue::store
