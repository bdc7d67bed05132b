#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/catalogue.h"
#include "platform/base/fields.h"

namespace tuition::learning {

// The query of an upload, whose body is the file.
struct UploadQuery {
  catalogue::Purpose purpose = catalogue::Purpose::lesson;
  std::optional<std::string> name{};
};

constexpr auto fields_of(const UploadQuery*) {
  return table(
      "UploadQuery",
      field("purpose", &UploadQuery::purpose,
            "What the file is for: avatar (a PNG, JPEG or WebP picture of oneself), proof (of a payment), or lesson "
            "(instructors)."),
      field("name", &UploadQuery::name, "The file's name; for people only, its type is told from its content.",
            length(0, 255)));
}

struct LibraryQuery {
  std::optional<catalogue::MediaId> id{};
  std::optional<catalogue::MediaKind> kind{};
  std::optional<std::string> q{};
  std::optional<bool> mine{};
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
};

constexpr auto fields_of(const LibraryQuery*) {
  return table("LibraryQuery", field("id", &LibraryQuery::id, "Only this file."),
               field("kind", &LibraryQuery::kind, "Only files of this kind."),
               field("q", &LibraryQuery::q, "Part of the name.", length(1, 100)),
               field("mine", &LibraryQuery::mine, "Only what the caller uploaded."),
               field("limit", &LibraryQuery::limit, "How many at once; 20 when not given.", range(1, 100)),
               field("cursor", &LibraryQuery::cursor, "Where the page before ended, as it said.", length(1, 200)));
}

struct MediaView {
  catalogue::MediaId id{};
  std::string url{};
  catalogue::Purpose purpose = catalogue::Purpose::lesson;
  catalogue::Visibility visibility = catalogue::Visibility::entitled;
  catalogue::MediaKind kind = catalogue::MediaKind::file;
  std::string name{};
  std::string mime{};
  std::int64_t bytes = 0;
  std::optional<std::int64_t> width{};
  std::optional<std::int64_t> height{};
  std::string sha256{};
  bool mine = false;
  bool shown = false;
  Instant created_at{};
};

constexpr auto fields_of(const MediaView*) {
  return table(
      "Media", field("id", &MediaView::id, "The file."),
      field("url", &MediaView::url, "Where to get it; signed, and good for some hours, where it is a lesson's."),
      field("purpose", &MediaView::purpose, "What it is for."),
      field("visibility", &MediaView::visibility,
            "Who may have it: public, entitled (who may open a lesson that shows it), or private."),
      field("kind", &MediaView::kind, "Image, audio, video, or a file to be downloaded."),
      field("name", &MediaView::name, "Its name."), field("mime", &MediaView::mime, "Its type, as its content says."),
      field("bytes", &MediaView::bytes, "Its size."), field("width", &MediaView::width, "A picture's width in pixels."),
      field("height", &MediaView::height, "A picture's height in pixels."),
      field("sha256", &MediaView::sha256, "Its content's SHA-256, in hex."),
      field("mine", &MediaView::mine, "Whether the caller uploaded it."),
      field("shown", &MediaView::shown, "Whether something shows it or holds on to it, so that it cannot be deleted."),
      field("createdAt", &MediaView::created_at, "When it was uploaded."));
}

struct MediaNameForm {
  std::string name{};
};

constexpr auto fields_of(const MediaNameForm*) {
  return table("MediaNameForm",
               field("name", &MediaNameForm::name,
                     "Its new name. An ending that fits its content is added where there is none.", length(1, 255)));
}

struct MediaRoomView {
  std::int64_t bytes = 0;
  std::int64_t quota_bytes = 0;
  std::int64_t file_bytes_max = 0;
};

constexpr auto fields_of(const MediaRoomView*) {
  return table("MediaRoom", field("bytes", &MediaRoomView::bytes, "What all files of the caller take."),
               field("quotaBytes", &MediaRoomView::quota_bytes, "What they may take together."),
               field("fileBytesMax", &MediaRoomView::file_bytes_max, "What one of them may take."));
}

struct MediaPlaceView {
  catalogue::PlaceKind kind = catalogue::PlaceKind::course;
  catalogue::CourseId course_id{};
  std::string course_title{};
  std::string id{};
  std::string title{};
  bool editable = false;
};

constexpr auto fields_of(const MediaPlaceView*) {
  return table(
      "MediaPlace",
      field("kind", &MediaPlaceView::kind,
            "What holds on to the file: the text of a course, module or lesson; a lesson of which it is the file; a "
            "question, or one taken out that is kept for its attempts (retired); the folder a course was imported "
            "from."),
      field("courseId", &MediaPlaceView::course_id, "The course it belongs to."),
      field("courseTitle", &MediaPlaceView::course_title, "Its title."),
      field("id", &MediaPlaceView::id, "The module's, lesson's or quiz's id; the course's where it is none of them."),
      field("title", &MediaPlaceView::title, "The same one's title; the path in a folder; empty for a course's text."),
      field("editable", &MediaPlaceView::editable, "Whether the caller may change it there."));
}

struct MediaPlacesView {
  std::vector<MediaPlaceView> places{};
  std::int64_t elsewhere = 0;
};

constexpr auto fields_of(const MediaPlacesView*) {
  return table("MediaPlaces", field("places", &MediaPlacesView::places, "Where it is shown, by course."),
               field("elsewhere", &MediaPlacesView::elsewhere, "In how many more places of drafts of others."));
}

// What a lesson shows, plays or hands out.
struct LessonMedia {
  catalogue::MediaId id{};
  std::string url{};
  catalogue::MediaKind kind = catalogue::MediaKind::file;
  std::string name{};
  std::string mime{};
  std::int64_t bytes = 0;
  std::optional<std::int64_t> width{};
  std::optional<std::int64_t> height{};
  std::optional<std::string> download_url{};
};

constexpr auto fields_of(const LessonMedia*) {
  return table("LessonMedia", field("id", &LessonMedia::id, "The file."),
               field("url", &LessonMedia::url, "Where to get it: signed, and good for some hours without a sign-in."),
               field("kind", &LessonMedia::kind, "Image, audio, video, or a file to be downloaded."),
               field("name", &LessonMedia::name, "Its name."), field("mime", &LessonMedia::mime, "Its type."),
               field("bytes", &LessonMedia::bytes, "Its size."),
               field("width", &LessonMedia::width, "A picture's width in pixels."),
               field("height", &LessonMedia::height, "A picture's height in pixels."),
               field("downloadUrl", &LessonMedia::download_url, "Where to get it to keep; null: it may not be kept."));
}

}  // namespace tuition::learning
