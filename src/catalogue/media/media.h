#pragma once

// Files: pictures of people, proofs of payments, and what lessons show, play or hand out.
//
// What a file is, its first bytes say (media_types.h), never its name or what the sender calls it. Pictures pass
// through a cleaner on their way in (picture.h): it bounds their pixels by their headers and leaves out what cameras
// write beside them, such as the place. Everything else is stored as it came; what a browser could run is handed out
// for download only, under a policy that runs nothing.
//
// Nothing here decodes a picture, so nothing resizes one. The web app makes pictures of people small before it sends
// them; a lesson's picture is shown as its author made it. Decoding in this process would put the three libraries with
// the longest lists of holes next to the school's keys, and a second process under seccomp is more machinery than a
// smaller thumbnail is worth; the door for it is the media table, which could hold several widths of one picture.
//
// Who may have a file: pictures of people, everybody. Proofs, their owner and administrators. A lesson's file, whoever
// may open one of the lessons that show it: learning decides that (learning/media/media_delivery.h) and may hand out a
// link that is signed for this file and some hours, for players that bring no cookie.
//
// Quotas count what a person's files take, as rows, although the same bytes are stored once (platform/blobs).

#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/markdown.h"
#include "catalogue/media/media_types.h"
#include "catalogue/media/picture.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/base/time.h"
#include "platform/blobs/blobs.h"
#include "platform/storage/database.h"

namespace tuition::catalogue {

struct Catalogue;

struct MediaItem {
  MediaId id{};
  UserId owner{};  // empty: nobody's
  Purpose purpose = Purpose::lesson;
  Visibility visibility = Visibility::entitled;
  MediaKind kind = MediaKind::file;
  std::string name{};
  std::string mime{};
  std::int64_t bytes = 0;
  std::optional<std::int64_t> width{};
  std::optional<std::int64_t> height{};
  blobs::BlobId blob{};
  std::string sha256{};
  Instant created_at{};
};

// Bytes that are on their way, by owner: what is not stored yet counts, too. Safe from any thread.
class UploadTally {
 public:
  void add(const UserId& owner, std::int64_t bytes);
  std::int64_t of(const UserId& owner) const;

 private:
  mutable std::mutex mutex_;
  std::map<UserId, std::int64_t> bytes_;
};

// What the front lets through to an upload: more than any setting allows, because the upload itself refuses in its own
// words, as early.
inline constexpr std::size_t upload_body_max = std::size_t{256} * 1024 * 1024 * 1024;

// One file on its way in. One thread at a time.
class MediaUpload {
 public:
  // `declared`: how long the sender says it is. Refuses before anything is taken: FORBIDDEN, PAYLOAD_TOO_LARGE,
  // QUOTA_EXCEEDED, STORAGE_FULL.
  static Result<std::unique_ptr<MediaUpload>> begin(Catalogue& door, const Caller& caller, Purpose purpose,
                                                    std::string name, std::optional<std::uint64_t> declared);
  MediaUpload(Catalogue& door, UserId owner, bool staff, Purpose purpose, std::string name);  // for begin()
  ~MediaUpload();  // what did not become a file leaves nothing
  MediaUpload(const MediaUpload&) = delete;
  MediaUpload& operator=(const MediaUpload&) = delete;

  // May wait. UNSUPPORTED_MEDIA, UNPROCESSABLE (a picture too large or damaged), and as begin().
  Result<void> take(std::string_view piece);
  Result<MediaItem> finish();

 private:
  Result<void> check_size(std::uint64_t bytes) const;
  Result<void> recognise();
  Result<void> store(std::string_view piece);

  Catalogue& door_;
  UserId owner_;
  bool staff_;
  Purpose purpose_;
  std::string name_;
  std::uint64_t received_ = 0;
  std::int64_t counted_ = 0;
  std::string beginning_{};
  std::optional<MediaType> type_{};
  std::optional<PictureCleaner> cleaner_{};
  std::string cleaned_{};
  blobs::Writer writer_;
};

std::optional<MediaItem> media(ReadTx& tx, const MediaId& id);

// By its owner or an administrator; CONFLICT while something shows it. NOT_FOUND for who may not know of it.
Result<void> delete_media(Catalogue& door, const Caller& caller, const MediaId& id);
// The file, for who may change it: its owner or an administrator. NOT_FOUND for who may not know of it, FORBIDDEN.
Result<MediaItem> changeable_media(ReadTx& tx, const Caller& caller, const MediaId& id);
// Whether something shows it or holds on to it, so that it cannot be deleted.
bool is_in_use(const Catalogue& door, ReadTx& tx, const MediaId& id);
// Deletes it where nothing shows it, in the caller's name. False where something does.
bool delete_unused(Catalogue& door, WriteTx& tx, const Caller& caller, const MediaId& id);
// Whether it is somebody's own picture.
bool is_avatar_of(ReadTx& tx, const UserId& user, const MediaId& id);
// Their pictures and proofs go, the lessons' files stay without an owner.
void forget_person(Catalogue& door, WriteTx& tx, const UserId& user);
// Pictures of people and proofs of payments that nothing has used for a day, and uploads that were cut.
void sweep_media(Catalogue& door);

// Where something is shown whose lesson, module or course opens it.
struct MediaUse {
  std::string course{};
  std::string module{};
  std::string lesson{};
};
std::vector<MediaUse> uses_of(ReadTx& tx, const MediaId& id);
// The ids of all files that rendered text refers to.
std::vector<MediaId> media_in(std::string_view html);

// What a text of this course may call its files (package.h), as their addresses. Good for as long as it lives.
Addresses file_addresses(ReadTx& tx, const std::string& course_id);
// Whether something may show this file: a lesson's, of one of these kinds. The problem names the field.
Result<void> check_shown(ReadTx& tx, const std::optional<std::string>& id, std::initializer_list<MediaKind> kinds);

// Where to get it: signed where it is not for everybody.
std::string media_link(const Catalogue& door, const MediaItem& item);
// Whether such a link is good now.
bool link_is_good(const Catalogue& door, const MediaId& id, std::string_view expires, std::string_view signature);

// The files of a course's folder, by path.
struct CourseFileRow {
  std::string path{};
  MediaId media{};
  blobs::BlobId blob{};
  std::string sha256{};
  std::int64_t bytes = 0;
};
std::vector<CourseFileRow> course_files(ReadTx& tx, const std::string& course_id);

}  // namespace tuition::catalogue
