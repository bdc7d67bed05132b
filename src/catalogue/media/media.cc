#include "catalogue/media/media.h"

#include <algorithm>

#include "audit/audit.h"
#include "catalogue/catalogue.h"
#include "catalogue/folders/package.h"
#include "catalogue/media/store_media.h"
#include "platform/base/check.h"
#include "platform/base/text.h"
#include "platform/crypto/hmac.h"

namespace tuition::catalogue {
namespace {

constexpr std::int64_t mib = 1024 * 1024;

// "2 MiB", "64 KiB".
std::string size_text(std::int64_t bytes) {
  return bytes % mib == 0 ? std::to_string(bytes / mib) + " MiB" : std::to_string(bytes / 1024) + " KiB";
}

std::int64_t bytes_max(const MediaOptions& options, Purpose purpose) {
  switch (purpose) {
    case Purpose::avatar: return options.avatar_kib * 1024;
    case Purpose::proof: return options.proof_kib * 1024;
    case Purpose::lesson: return options.lesson_mib * mib;
  }
  return 0;
}

Error too_large(std::int64_t max) {
  return {Kind::too_large, "PAYLOAD_TOO_LARGE", "The file is too large: it may have " + size_text(max) + "."};
}

Error unsupported(std::string why) { return {Kind::unsupported_media, "UNSUPPORTED_MEDIA", std::move(why)}; }

Error over_quota(std::int64_t quota) {
  return {Kind::too_large, "QUOTA_EXCEEDED",
          "Your files would take more than the " + size_text(quota) + " there are for them. Delete some first."};
}

Visibility visibility_of(Purpose purpose) {
  switch (purpose) {
    case Purpose::avatar: return Visibility::everybody;
    case Purpose::proof: return Visibility::owner;
    case Purpose::lesson: return Visibility::entitled;
  }
  return Visibility::owner;
}

Result<void> check_type(Purpose purpose, const MediaType& type) {
  const bool still =
      type.picture == PictureFormat::png || type.picture == PictureFormat::jpeg || type.picture == PictureFormat::webp;
  if (purpose == Purpose::avatar && !still) return unsupported("A picture of you must be a PNG, JPEG or WebP file.");
  if (purpose == Purpose::proof && !still && type.mime != "application/pdf")
    return unsupported("A proof must be a PNG, JPEG, WebP or PDF file.");
  return {};
}

std::string signature_of(const Catalogue& door, const MediaId& id, std::string_view expires) {
  check(!door.link_key.empty(), "links are signed with a key");
  const auto whole = crypto::hmac_sha256(door.link_key.reveal(), "media:" + id.text() + ":" + std::string(expires));
  return to_base64url(std::string_view(whole).substr(0, 16));
}

}  // namespace

void UploadTally::add(const UserId& owner, std::int64_t bytes) {
  std::lock_guard lock(mutex_);
  auto& sum = bytes_[owner];
  sum += bytes;
  if (sum == 0) bytes_.erase(owner);
}

std::int64_t UploadTally::of(const UserId& owner) const {
  std::lock_guard lock(mutex_);
  const auto found = bytes_.find(owner);
  return found == bytes_.end() ? 0 : found->second;
}

MediaUpload::MediaUpload(Catalogue& door, UserId owner, bool staff, Purpose purpose, std::string name)
    : door_(door),
      owner_(std::move(owner)),
      staff_(staff),
      purpose_(purpose),
      name_(std::move(name)),
      writer_(door.blobs) {}

MediaUpload::~MediaUpload() { door_.uploads.add(owner_, -counted_); }

Result<std::unique_ptr<MediaUpload>> MediaUpload::begin(Catalogue& door, const Caller& caller, Purpose purpose,
                                                        std::string name, std::optional<std::uint64_t> declared) {
  if (!caller.signed_in()) return Error{Kind::unauthenticated, "UNAUTHENTICATED", "Please sign in to upload files."};
  if (purpose == Purpose::lesson && !caller.is_staff())
    return Error{Kind::forbidden, "FORBIDDEN", "Only instructors upload files for lessons."};
  auto upload = std::make_unique<MediaUpload>(door, caller.user, caller.is_staff(), purpose, std::move(name));
  TRY(upload->check_size(declared.value_or(0)));
  TRY(blobs::check_room(door.blobs, declared.value_or(0)));
  return upload;
}

Result<void> MediaUpload::check_size(std::uint64_t bytes) const {
  const auto max = bytes_max(door_.media, purpose_);
  if (bytes > static_cast<std::uint64_t>(max)) return too_large(max);
  const auto quota = (staff_ ? door_.media.staff_quota_mib : door_.media.member_quota_mib) * mib;
  const auto stored = door_.db.read([&](ReadTx& tx) { return store::bytes_of(tx, owner_); });
  const auto others = door_.uploads.of(owner_) - counted_;
  if (stored + others + static_cast<std::int64_t>(bytes) > quota) return over_quota(quota);
  return {};
}

Result<void> MediaUpload::take(std::string_view piece) {
  const auto before = received_;
  received_ += piece.size();
  door_.uploads.add(owner_, static_cast<std::int64_t>(piece.size()));
  counted_ += static_cast<std::int64_t>(piece.size());
  // Against what is stored by now, every mebibyte; against the limits of one file, always.
  const auto max = bytes_max(door_.media, purpose_);
  if (received_ > static_cast<std::uint64_t>(max)) return too_large(max);
  if (before / mib != received_ / mib) TRY(check_size(received_));
  if (!type_) {
    const auto part = piece.substr(0, sniff_bytes - beginning_.size());
    beginning_ += part;
    piece.remove_prefix(part.size());
    if (beginning_.size() < sniff_bytes) return {};
    TRY(recognise());
  }
  return store(piece);
}

Result<void> MediaUpload::recognise() {
  type_ = type_of(beginning_);
  TRY(check_type(purpose_, *type_));
  if (name_contradicts(name_, *type_))
    return unsupported("The file's content is not what its name says. Rename it, or save it in that format.");
  if (type_->picture != PictureFormat::none)
    cleaner_.emplace(
        type_->picture,
        PictureLimits{.pixels_max = static_cast<std::uint64_t>(door_.media.picture_megapixels) * 1'000'000});
  const auto beginning = std::exchange(beginning_, {});
  return store(beginning);
}

Result<void> MediaUpload::store(std::string_view piece) {
  if (!cleaner_) return writer_.add(piece);
  cleaned_.clear();
  if (!cleaner_->take(piece, cleaned_)) return unprocessable(cleaner_->problem());
  return writer_.add(cleaned_);
}

Result<MediaItem> MediaUpload::finish() {
  if (received_ == 0) return unprocessable("The file is empty.");
  if (!type_) TRY(recognise());
  if (cleaner_ && !cleaner_->finish()) return unprocessable(cleaner_->problem());
  const auto whole = TRY(writer_.finish());

  MediaItem item;
  item.id = new_id<MediaTag>(door_.clock, door_.entropy);
  item.owner = owner_;
  item.purpose = purpose_;
  item.visibility = visibility_of(purpose_);
  item.kind = type_->kind;
  item.name = tidy_name(name_, *type_);
  item.mime = type_->mime;
  item.bytes = static_cast<std::int64_t>(whole.bytes);
  if (cleaner_) {
    item.width = cleaner_->width();
    item.height = cleaner_->height();
  }
  item.sha256 = whole.sha256;
  item.created_at = door_.clock.now();
  return door_.db.write([&](WriteTx& tx) -> Result<MediaItem> {
    const auto quota = (staff_ ? door_.media.staff_quota_mib : door_.media.member_quota_mib) * mib;
    if (store::bytes_of(tx, owner_) + item.bytes > quota) return over_quota(quota);
    item.blob = blobs::keep(tx, writer_);
    store::insert_media(tx, item);
    return item;
  });
}

std::optional<MediaItem> media(ReadTx& tx, const MediaId& id) { return store::media(tx, id); }

namespace {

// Whose pictures and receipts these were, the trail need not keep; what lessons showed, it names.
std::string removal_of(const MediaItem& item) {
  switch (item.purpose) {
    case Purpose::avatar: return "A picture of a person was deleted.";
    case Purpose::proof: return "A proof of a payment was deleted.";
    case Purpose::lesson: return "The file \"" + item.name + "\" was deleted.";
  }
  return {};
}

void remove(Catalogue& door, WriteTx& tx, const Caller& caller, const MediaItem& item) {
  audit::record(tx, {.at = door.clock.now(),
                     .actor = caller,
                     .action = "media.deleted",
                     .category = audit::Category::business,
                     .target_type = "media",
                     .target_id = item.id.text(),
                     .description = removal_of(item),
                     .metadata = JsonText{"{\"purpose\":\"" + std::string(name_of(item.purpose)) + "\",\"bytes\":" +
                                          std::to_string(item.bytes) + ",\"sha256\":\"" + item.sha256 + "\"}"}});
  store::delete_media(tx, item.id);
  if (!store::has_media(tx, item.blob)) blobs::drop(tx, door.blobs, item.blob);
}

}  // namespace

bool is_in_use(const Catalogue& door, ReadTx& tx, const MediaId& id) {
  return store::is_shown(tx, id) || std::any_of(door.media_users.begin(), door.media_users.end(),
                                                [&](const auto& shows) { return shows(tx, id); });
}

bool delete_unused(Catalogue& door, WriteTx& tx, const Caller& caller, const MediaId& id) {
  const auto item = store::media(tx, id);
  if (!item) return true;
  if (is_in_use(door, tx, id)) return false;
  remove(door, tx, caller, *item);
  return true;
}

Result<MediaItem> changeable_media(ReadTx& tx, const Caller& caller, const MediaId& id) {
  auto item = store::media(tx, id);
  const bool known = item && (item->visibility == Visibility::everybody || caller.is(item->owner) ||
                              caller.is_admin() || (item->purpose == Purpose::lesson && caller.is_staff()));
  if (!known) return not_found("There is no such file.");
  if (!caller.is(item->owner) && !caller.is_admin())
    return Error{Kind::forbidden, "FORBIDDEN", "Only who uploaded a file, or an administrator, may change it."};
  return std::move(*item);
}

Result<void> delete_media(Catalogue& door, const Caller& caller, const MediaId& id) {
  return door.db.write([&](WriteTx& tx) -> Result<void> {
    TRY(changeable_media(tx, caller, id));
    if (!delete_unused(door, tx, caller, id))
      return conflict("MEDIA_IN_USE", "This file is shown somewhere. Take it out there first.");
    return {};
  });
}

bool is_avatar_of(ReadTx& tx, const UserId& user, const MediaId& id) {
  const auto item = store::media(tx, id);
  return item && item->purpose == Purpose::avatar && item->owner == user;
}

void forget_person(Catalogue& door, WriteTx& tx, const UserId& user) {
  for (const auto& item : store::own_media(tx, user)) remove(door, tx, system_caller(), item);
  store::disown_media(tx, user);
}

void sweep_media(Catalogue& door) {
  const auto old = door.db.read([&](ReadTx& tx) { return store::personal_before(tx, door.clock.now() - days(1)); });
  for (const auto& id : old) {
    const bool used = door.db.read([&](ReadTx& tx) {
      return std::any_of(door.media_users.begin(), door.media_users.end(),
                         [&](const auto& shows) { return shows(tx, id); });
    });
    if (!used) door.db.write([&](WriteTx& tx) { delete_unused(door, tx, system_caller(), id); });
  }
  blobs::sweep(door.blobs);
}

std::vector<MediaUse> uses_of(ReadTx& tx, const MediaId& id) { return store::uses_of(tx, id); }

std::vector<MediaId> media_in(std::string_view html) {
  constexpr std::string_view mark = "/api/media/";
  std::vector<MediaId> found;
  for (auto at = html.find(mark); at != html.npos; at = html.find(mark, at + mark.size())) {
    const auto id = html.substr(at + mark.size(), 36);
    if (!is_uuid(id)) continue;
    MediaId made{to_lower_ascii(id)};
    if (std::find(found.begin(), found.end(), made) == found.end()) found.push_back(std::move(made));
  }
  return found;
}

Addresses file_addresses(ReadTx& tx, const std::string& course_id) {
  std::map<std::string, std::string, std::less<>> files;
  for (auto& each : store::course_files(tx, course_id)) files.emplace(std::move(each.path), each.media.text());
  return [files = std::move(files)](std::string_view written) -> std::optional<std::string> {
    const auto found = files.find(file_path_of(written));
    return found == files.end() ? std::nullopt : std::optional("/api/media/" + found->second);
  };
}

Result<void> check_shown(ReadTx& tx, const std::optional<std::string>& id, std::initializer_list<MediaKind> kinds) {
  if (!id) return {};
  const auto item = store::media(tx, MediaId(*id));
  if (!item || item->purpose != Purpose::lesson) return invalid_field("mediaId", "is no file of the library");
  if (std::find(kinds.begin(), kinds.end(), item->kind) == kinds.end())
    return invalid_field("mediaId", "is of another kind: its content is " + item->mime);
  return {};
}

std::string media_link(const Catalogue& door, const MediaItem& item) {
  auto link = "/api/media/" + item.id.text();
  if (item.visibility != Visibility::entitled) return link;
  // Whole steps of time, so that a page asked for twice names the same address and the browser's copy serves.
  const auto step = minutes(10).ms;
  const auto until = (door.clock.now().ms + minutes(door.media.link_minutes).ms + step - 1) / step * step / 1000;
  const auto expires = std::to_string(until);
  return link + "?expires=" + expires + "&signature=" + signature_of(door, item.id, expires);
}

bool link_is_good(const Catalogue& door, const MediaId& id, std::string_view expires, std::string_view signature) {
  const auto until = parse_integer(expires);
  if (!until || expires.size() > 12 || *until * 1000 <= door.clock.now().ms) return false;
  return crypto::equal_in_constant_time(signature, signature_of(door, id, expires));
}

std::vector<CourseFileRow> course_files(ReadTx& tx, const std::string& course_id) {
  return store::course_files(tx, course_id);
}

}  // namespace tuition::catalogue
