#include "learning/media/media_delivery.h"

#include "learning/access.h"
#include "learning/delivery.h"
#include "platform/base/text.h"
#include "platform/http/front/stream.h"
#include "platform/http/problem.h"

namespace tuition::learning {
namespace {

using catalogue::MediaItem;
using catalogue::MediaKind;
using catalogue::Visibility;

// Why the viewer may not see this place, if so; NOT_FOUND where it is not published.
std::optional<Error> refusal_of(Learning& door, const catalogue::Shelf& shelf, const Viewer& viewer,
                                const catalogue::MediaUse& use) {
  if (!use.course.empty()) {
    if (shelf.course(use.course)) return std::nullopt;
  } else if (!use.module.empty()) {
    if (const auto* place = shelf.module(catalogue::ModuleId(use.module))) {
      if (place->module().preview) return std::nullopt;
      const auto lock = lock_of(viewer, *place->course, place->module(), standing_for(door, viewer, *place->course));
      return lock ? std::optional(locked_error(*lock)) : std::nullopt;
    }
  } else if (const auto* place = shelf.lesson(catalogue::LessonId(use.lesson))) {
    if (place->lesson().preview) return std::nullopt;
    const auto lock = lock_of(viewer, *place, standing_for(door, viewer, *place->course));
    return lock ? std::optional(locked_error(*lock)) : std::nullopt;
  }
  return not_found("There is no such file.");
}

Result<void> check_entitled(Learning& door, const Caller& caller, const catalogue::MediaId& id) {
  if (caller.is_staff()) return {};
  const auto shelf = catalogue::shelf(door.catalogue);
  const auto viewer = viewer_of(door, caller);
  auto refusal = not_found("There is no such file.");
  for (const auto& use : door.db.read([&](ReadTx& tx) { return catalogue::uses_of(tx, id); })) {
    auto why_not = refusal_of(door, *shelf, viewer, use);
    if (!why_not) return {};
    if (why_not->kind != Kind::not_found) refusal = std::move(*why_not);
  }
  return refusal;
}

bool hands_out(const catalogue::Shelf& shelf, const catalogue::MediaUse& use) {
  const auto* place = use.lesson.empty() ? nullptr : shelf.lesson(catalogue::LessonId(use.lesson));
  return place && may_be_kept(place->lesson());
}

// Who may open one of the lessons that let it be kept; by a signed link, which does not say of which lesson it is,
// wherever one does.
Result<void> check_download(Learning& door, const Caller& caller, const MediaItem& item, bool by_link) {
  if (item.visibility != Visibility::entitled || item.kind == MediaKind::file || caller.is_staff()) return {};
  const auto shelf = catalogue::shelf(door.catalogue);
  const auto viewer = viewer_of(door, caller);
  for (const auto& use : door.db.read([&](ReadTx& tx) { return catalogue::uses_of(tx, item.id); }))
    if (hands_out(*shelf, use) && (by_link || !refusal_of(door, *shelf, viewer, use))) return {};
  return Error{Kind::forbidden, "NOT_DOWNLOADABLE", "This can be seen and heard in its lesson, but not be kept."};
}

std::string disposition_of(const MediaItem& item, bool download) {
  // Plain names as they are, for old readers; all names encoded.
  std::string plain;
  for (const char c : item.name) plain += c >= 0x20 && c < 0x7f && c != '"' && c != '\\' ? c : '_';
  const bool shown = item.kind != MediaKind::file && !download;
  return std::string(shown ? "inline" : "attachment") + "; filename=\"" + plain + "\"; filename*=UTF-8''" +
         percent_encode(item.name);
}

std::string_view caching_of(const MediaItem& item, bool by_link) {
  switch (item.visibility) {
    // Bytes under an id never change.
    case Visibility::everybody: return "public, max-age=31536000, immutable";
    case Visibility::entitled: return by_link ? "private, max-age=600" : "private, no-cache";
    case Visibility::owner: return "private, no-store";
  }
  return "no-store";
}

}  // namespace

Result<MediaItem> open_media(Learning& door, const Caller& caller, const catalogue::MediaId& id,
                             std::string_view expires, std::string_view signature) {
  auto item = door.db.read([&](ReadTx& tx) { return catalogue::media(tx, id); });
  if (!item) return not_found("There is no such file.");
  switch (item->visibility) {
    case Visibility::everybody: break;
    case Visibility::owner:
      if (!caller.is(item->owner) && !caller.is_admin()) return not_found("There is no such file.");
      break;
    case Visibility::entitled:
      if (signature.empty() || !catalogue::link_is_good(door.catalogue, id, expires, signature))
        TRY(check_entitled(door, caller, id));
      break;
  }
  return std::move(*item);
}

http::Reply media_answer(Learning& door, const http::Request& request) {
  const catalogue::MediaId id{to_lower_ascii(request.param("id"))};
  const auto signature = request.query_value("signature").value_or("");
  const auto expires = request.query_value("expires").value_or("");
  const bool download = request.query_value("download") == "1";
  const auto opened = open_media(door, request.caller, id, expires, signature);
  if (!opened) return http::problem(opened.error(), request);
  const auto& item = *opened;
  if (download) {
    const bool by_link = !signature.empty() && catalogue::link_is_good(door.catalogue, id, expires, signature);
    if (const auto may = check_download(door, request.caller, item, by_link); !may)
      return http::problem(may.error(), request);
  }
  http::Media media;
  media.content_type = item.mime;
  media.size = static_cast<std::uint64_t>(item.bytes);
  media.etag = "\"" + item.sha256.substr(0, 32) + "\"";
  media.disposition = disposition_of(item, download);
  media.read = [&db = door.db, blob = item.blob](std::uint64_t at, std::size_t size, std::string& out) {
    return blobs::read(db, blob, at, size, out);
  };
  auto reply = http::media_reply(request, std::move(media));
  if (reply.status < 400) reply.with("Cache-Control", std::string(caching_of(item, !signature.empty())));
  return reply;
}

// The app's own policy frames nobody, and a page that is already open cannot change its policy for the one lesson that
// needs a film of somebody else's. So the film stands in this page, which may do nothing but frame that one site, and
// the app frames this page, which is of its own origin.
http::Reply embed_answer(Learning& door, const http::Request& request) {
  const auto lesson = get_lesson(door, request.caller, catalogue::LessonId(std::string(request.param("lessonId"))));
  if (!lesson) return http::problem(lesson.error(), request);
  if (!lesson->embed_url) return http::problem(not_found("This lesson embeds nothing."), request);
  const auto& url = *lesson->embed_url;
  const auto site = url.substr(0, url.find('/', std::string_view("https://").size()));
  auto reply = http::html(
      200, "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escape_html(lesson->title) +
               "</title><link rel=\"stylesheet\" href=\"/embed.css\"></head><body><iframe src=\"" + escape_html(url) +
               "\" title=\"" + escape_html(lesson->title) +
               "\" allow=\"fullscreen; picture-in-picture; encrypted-media\" allowfullscreen "
               "referrerpolicy=\"strict-origin-when-cross-origin\" "
               "sandbox=\"allow-scripts allow-same-origin allow-presentation allow-popups\"></iframe></body></html>\n");
  reply.with("Content-Security-Policy",
             "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
             "frame-ancestors 'self'; frame-src " +
                 site);
  return reply;
}

MediaView view_of(const Learning& door, const Caller& caller, const catalogue::LibraryItem& item) {
  return {item.id,      catalogue::media_link(door.catalogue, item),
          item.purpose, item.visibility,
          item.kind,    item.name,
          item.mime,    item.bytes,
          item.width,   item.height,
          item.sha256,  caller.is(item.owner),
          item.shown,   item.created_at};
}

LessonMedia lesson_media(const Learning& door, const MediaItem& item) {
  return {item.id,    catalogue::media_link(door.catalogue, item),
          item.kind,  item.name,
          item.mime,  item.bytes,
          item.width, item.height,
          {}};
}

LessonMedia lesson_media(const Learning& door, const MediaItem& item, const catalogue::Lesson& lesson) {
  auto view = lesson_media(door, item);
  if (may_be_kept(lesson) || item.kind == MediaKind::file)
    view.download_url = view.url + (view.url.find('?') == std::string::npos ? "?" : "&") + "download=1";
  return view;
}

bool may_be_kept(const catalogue::Lesson& lesson) {
  return lesson.downloadable || lesson.kind == catalogue::LessonKind::file;
}

}  // namespace tuition::learning
