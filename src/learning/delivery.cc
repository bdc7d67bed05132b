#include "learning/delivery.h"

#include <string_view>

#include "learning/access.h"
#include "learning/learning.h"
#include "learning/media/media_delivery.h"
#include "learning/store.h"
#include "learning/views.h"
#include "platform/base/check.h"
#include "platform/base/fields_json.h"

namespace tuition::learning {
namespace {

LessonView lesson_view(const catalogue::LessonPlace& place, std::string body_html) {
  const auto& course = *place.course;
  const auto& module = place.module();
  const auto& lesson = place.lesson();
  LessonView view;
  view.id = lesson.id;
  view.module_id = module.id;
  view.course_id = course.id;
  view.course_slug = course.slug;
  view.course_title = course.title;
  view.module_title = module.title;
  view.level = lesson.level;
  view.title = lesson.title;
  view.kind = lesson.kind;
  view.body_html = std::move(body_html);
  view.embed_url = lesson.embed_url;
  view.preview = lesson.preview;
  view.duration_seconds = lesson.duration_seconds;
  if (!lesson.quiz.empty()) view.quiz_id = lesson.quiz;
  if (place.index > 0) view.previous_lesson_id = course.lessons[place.index - 1].id;
  if (place.index + 1 < course.lessons.size()) view.next_lesson_id = course.lessons[place.index + 1].id;
  return view;
}

// The lesson encoded up to where the value of its last member but one begins.
std::string encoded_front(const LessonView& view) {
  constexpr std::string_view end = "null,\"progress\":null}";
  auto text = to_json(view);
  check(text.ends_with(end), "a lesson's file and progress are its last members");
  text.resize(text.size() - end.size());
  return text;
}

struct Found {
  catalogue::ShelfPtr shelf;
  const catalogue::LessonPlace* place;
  Viewer viewer;
};

Result<Found> find(Learning& door, const Caller& caller, const catalogue::LessonId& id) {
  auto shelf = catalogue::shelf(door.catalogue);
  const auto* place = shelf->lesson(id);
  if (!place) return not_found("There is no such lesson.");
  auto viewer = viewer_of(door, caller);
  if (!place->lesson().preview) {
    const auto standing = standing_for(door, viewer, *place->course);
    if (const auto lock = lock_of(viewer, *place, standing)) return locked_error(*lock);
  }
  return Found{std::move(shelf), place, std::move(viewer)};
}

std::optional<LessonProgress> progress_in(ReadTx& tx, const Viewer& viewer, const catalogue::LessonId& id) {
  const auto progress = store::progress(tx, viewer.user, Scope::lesson, id.text());
  if (!progress) return std::nullopt;
  return view_of(*progress);
}

std::optional<LessonMedia> media_in(ReadTx& tx, const Learning& door, const catalogue::Lesson& lesson) {
  if (lesson.media.empty()) return std::nullopt;
  const auto item = catalogue::media(tx, catalogue::MediaId(lesson.media));
  return item ? std::optional(lesson_media(door, *item, lesson)) : std::nullopt;
}

}  // namespace

Result<OpenLesson> open_lesson(Learning& door, const Caller& caller, const catalogue::LessonId& id) {
  const auto found = TRY(find(door, caller, id));
  OpenLesson lesson{door.pages.find(found.shelf->version, id), {}, {}};
  const auto& about = found.place->lesson();
  if (lesson.page && about.media.empty() && !found.viewer.signed_in()) return lesson;
  door.db.read([&](ReadTx& tx) {
    lesson.media = media_in(tx, door, about);
    if (found.viewer.signed_in()) lesson.progress = progress_in(tx, found.viewer, id);
    if (lesson.page) return;
    lesson.page = std::make_shared<const std::string>(
        encoded_front(lesson_view(*found.place, catalogue::lesson_html(tx, id).value_or(""))));
    door.pages.keep(found.shelf->version, id, lesson.page);
  });
  return lesson;
}

Result<LessonView> get_lesson(Learning& door, const Caller& caller, const catalogue::LessonId& id) {
  const auto found = TRY(find(door, caller, id));
  return door.db.read([&](ReadTx& tx) -> Result<LessonView> {
    auto view = lesson_view(*found.place, catalogue::lesson_html(tx, id).value_or(""));
    view.media = media_in(tx, door, found.place->lesson());
    if (found.viewer.signed_in()) view.progress = progress_in(tx, found.viewer, id);
    return view;
  });
}

}  // namespace tuition::learning
