#include "catalogue/authoring/outlining.h"

#include <algorithm>
#include <map>
#include <set>

#include "catalogue/authoring/author_text.h"
#include "catalogue/authoring/authoring.h"
#include "catalogue/catalogue.h"
#include "catalogue/markdown.h"
#include "catalogue/quizzes/question_files.h"
#include "catalogue/store.h"

namespace tuition::catalogue {
namespace {

constexpr const char* no_module = "There is no such module.";
constexpr const char* no_lesson = "There is no such lesson.";

ModuleSource view_of(store::ModuleEdit module) {
  return {std::move(module.id),
          std::move(module.course),
          std::move(module.slug),
          std::move(module.title),
          std::move(module.body_md),
          module.level,
          module.preview,
          module.drip_days,
          module.drip_at,
          module.edit,
          module.updated_at};
}

LessonSource view_of(store::LessonEdit lesson, CourseId course) {
  LessonSource view;
  view.id = std::move(lesson.id);
  view.module = std::move(lesson.module);
  view.course = std::move(course);
  view.slug = std::move(lesson.slug);
  view.title = std::move(lesson.title);
  view.kind = lesson.kind;
  view.body_markdown = std::move(lesson.body_md);
  view.body_html = std::move(lesson.body_html);
  view.media = std::move(lesson.media);
  view.embed_url = std::move(lesson.embed_url);
  view.preview = lesson.preview;
  view.downloadable = lesson.downloadable;
  view.duration_seconds = lesson.duration_seconds;
  view.rules = rules_of(lesson.rules);
  if (!lesson.quiz.empty()) view.quiz = std::move(lesson.quiz);
  view.revision = lesson.edit;
  view.updated_at = lesson.updated_at;
  return view;
}

Error levels_would_descend() {
  return Error{Kind::unprocessable,
               "UNPROCESSABLE",
               "A level would come before a lower one. Levels go up from module to module.",
               {},
               {{"level", "may not be lower than that of the module before, nor higher than that of the one after"}}};
}

Result<void> check_levels(const std::vector<store::ModuleEdit>& modules) {
  std::vector<std::int64_t> levels;
  for (const auto& each : modules) levels.push_back(each.level);
  if (!levels_ascend(levels)) return levels_would_descend();
  return {};
}

Error wrong_list(const char* what) {
  return Error{Kind::unprocessable,
               "UNPROCESSABLE",
               "The new order does not fit what is there now. Nothing was moved: load it again.",
               {},
               {{"ids", what}}};
}

Result<void> apply(ReadTx& tx, store::ModuleEdit& module, const ModuleForm& form) {
  module.title = form.title;
  module.body_md = kept_markdown(form.body_markdown.value_or(""));
  module.body_html = TRY(to_html(module.body_md, file_addresses(tx, module.course.text())));
  module.level = form.level.value_or(module.level);
  module.preview = form.preview.value_or(false);
  module.drip_days = form.drip_days;
  module.drip_at = form.drip_at;
  return {};
}

// Whether somebody who must complete `prerequisites` before `lesson` would have to complete `lesson` first.
bool closes_circle(ReadTx& tx, const LessonId& lesson, const std::vector<LessonId>& prerequisites) {
  std::set<LessonId> seen;
  auto open = prerequisites;
  while (!open.empty()) {
    const auto id = open.back();
    open.pop_back();
    if (id == lesson) return true;
    if (!seen.insert(id).second) continue;
    if (const auto row = store::lesson_edit(tx, id))
      for (const auto& before : rules_of(row->rules).prerequisites) open.push_back(before);
  }
  return false;
}

Result<void> check_prerequisites(ReadTx& tx, const CourseId& course, const LessonId& lesson, const LessonRules& rules) {
  for (const auto& each : rules.prerequisites) {
    const auto owned = store::owner_of(tx, each);
    if (!owned || owned->course != course)
      return invalid_field("rules.prerequisites", "names no lesson of this course");
  }
  if (closes_circle(tx, lesson, rules.prerequisites))
    return invalid_field("rules.prerequisites", "would have the lesson wait for itself");
  return {};
}

// Every mistake with its line.
Result<void> check_practice(std::string_view body_md) {
  std::vector<PracticeProblem> wrong;
  read_practice_set(body_md, wrong);
  if (wrong.empty()) return {};
  auto refused = invalid_field("bodyMarkdown", {});
  refused.fields.clear();
  for (const auto& each : wrong)
    refused.fields.push_back({"bodyMarkdown", "line " + std::to_string(each.line) + ": " + each.what});
  return refused;
}

Result<void> apply(ReadTx& tx, const CourseId& course, store::LessonEdit& lesson, const LessonForm& form) {
  lesson.title = form.title;
  lesson.kind = form.kind.value_or(lesson.kind);
  lesson.body_md = kept_markdown(form.body_markdown.value_or(""));
  lesson.body_html = TRY(to_html(lesson.body_md, file_addresses(tx, course.text())));
  if (lesson.kind == LessonKind::practice) TRY(check_practice(lesson.body_md));
  lesson.preview = form.preview.value_or(false);
  lesson.downloadable = form.downloadable.value_or(false);
  lesson.duration_seconds = form.duration_seconds;

  lesson.embed_url.reset();
  if (lesson.kind == LessonKind::embed) {
    if (!form.embed_url) return invalid_field("embedUrl", "is required for a video of YouTube or Vimeo");
    lesson.embed_url = embed_address(*form.embed_url);
    if (!is_embeddable(*lesson.embed_url))
      return invalid_field("embedUrl", "must be the address of a video at YouTube or Vimeo");
  } else if (form.embed_url) {
    return invalid_field("embedUrl", "is for kind embed only");
  }

  const bool shows = lesson.kind == LessonKind::image || lesson.kind == LessonKind::audio ||
                     lesson.kind == LessonKind::video || lesson.kind == LessonKind::file;
  if (form.media && !shows) return invalid_field("mediaId", "is for kinds image, audio, video and file");
  if (lesson.kind == LessonKind::image) TRY(check_shown(tx, form.media, {MediaKind::image}));
  if (lesson.kind == LessonKind::audio) TRY(check_shown(tx, form.media, {MediaKind::audio}));
  if (lesson.kind == LessonKind::video) TRY(check_shown(tx, form.media, {MediaKind::video}));
  if (lesson.kind == LessonKind::file)
    TRY(check_shown(tx, form.media, {MediaKind::image, MediaKind::audio, MediaKind::video, MediaKind::file}));
  lesson.media = form.media;

  const auto rules = form.rules.value_or(LessonRules{});
  TRY(check_rules(lesson.kind, rules));
  TRY(check_prerequisites(tx, course, lesson.id, rules));
  lesson.rules = kept_rules(rules);
  return {};
}

Error has_attempts() {
  return conflict("HAS_ATTEMPTS",
                  "People have taken a quiz that would go with it, and their results would go too. Say so once more if "
                  "that is meant.");
}

bool was_taken(Catalogue& door, ReadTx& tx, const std::optional<QuizId>& quiz) {
  return quiz && door.has_attempts && door.has_attempts(tx, *quiz);
}

}  // namespace

// --- Modules

Result<ModuleSource> create_module(Catalogue& door, const Caller& caller, const CourseId& course,
                                   const ModuleForm& form) {
  return door.db.write([&](WriteTx& tx) -> Result<ModuleSource> {
    TRY(own(tx, caller, course, there_is_no_course));
    auto modules = store::module_edits(tx, course);
    store::ModuleEdit module;
    module.id = new_id<ModuleTag>(door.clock, door.entropy);
    module.course = course;
    if (!modules.empty()) module.level = modules.back().level;
    module.order_index = modules.empty() ? 1 : modules.back().order_index + 1;
    TRY(apply(tx, module, form));
    module.slug = free_slug(slug_from(form.title), [&](const std::string& slug) {
      return std::any_of(modules.begin(), modules.end(), [&](const auto& each) { return each.slug == slug; });
    });
    modules.push_back(module);
    TRY(check_levels(modules));
    store::insert_module(tx, module, door.clock.now());
    note_change(door, tx, caller, course, "module.created", "The module " + module.slug + " was added.");
    return view_of(*store::module_edit(tx, module.id));
  });
}

Result<ModuleSource> module_source(Catalogue& door, const Caller& caller, const ModuleId& id) {
  return door.db.read([&](ReadTx& tx) -> Result<ModuleSource> {
    TRY(own(tx, caller, id, no_module));
    return view_of(*store::module_edit(tx, id));
  });
}

Result<ModuleSource> change_module(Catalogue& door, const Caller& caller, const ModuleId& id, const ModuleForm& form) {
  return door.db.write([&](WriteTx& tx) -> Result<ModuleSource> {
    const auto owned = TRY(own(tx, caller, id, no_module));
    auto module = *store::module_edit(tx, id);
    TRY(check_revision(form.revision, module.edit));
    TRY(apply(tx, module, form));
    auto modules = store::module_edits(tx, owned.course);
    for (auto& each : modules)
      if (each.id == id) each.level = module.level;
    TRY(check_levels(modules));
    store::update_module(tx, module, door.clock.now());
    note_change(door, tx, caller, owned.course, "module.changed", "The module " + module.slug + " was changed.");
    return view_of(*store::module_edit(tx, id));
  });
}

Result<Removed> remove_module(Catalogue& door, const Caller& caller, const ModuleId& id, const ForceForm& form) {
  return door.db.write([&](WriteTx& tx) -> Result<Removed> {
    const auto owned = TRY(own(tx, caller, id, no_module));
    if (!form.force.value_or(false))
      for (const auto& row : store::lesson_lines(tx, owned.course))
        if (row.module == id && was_taken(door, tx, row.line.quiz)) return has_attempts();
    const auto slug = store::module_edit(tx, id)->slug;
    store::delete_module(tx, id);
    note_change(door, tx, caller, owned.course, "module.deleted", "The module " + slug + " was deleted.");
    return Removed{};
  });
}

Result<CourseSource> reorder_modules(Catalogue& door, const Caller& caller, const CourseId& course,
                                     const OrderForm& form) {
  return door.db.write([&](WriteTx& tx) -> Result<CourseSource> {
    TRY(own(tx, caller, course, there_is_no_course));
    std::map<std::string, store::ModuleEdit> there;
    for (auto& each : store::module_edits(tx, course)) there.emplace(each.id.text(), std::move(each));
    std::vector<store::ModuleEdit> ordered;
    for (const auto& id : form.ids) {
      const auto found = there.find(id);
      if (found == there.end()) return wrong_list("names a module that is not in this course, or twice");
      ordered.push_back(std::move(found->second));
      there.erase(found);
    }
    if (!there.empty()) return wrong_list("does not name every module of the course");
    TRY(check_levels(ordered));
    store::lift_modules(tx, course);
    std::int64_t number = 0;
    for (const auto& each : ordered) store::place_module(tx, each.id, ++number);
    note_change(door, tx, caller, course, "course.reordered", "The modules were put in another order.");
    return source_of(tx, course);
  });
}

// --- Lessons

Result<LessonSource> create_lesson(Catalogue& door, const Caller& caller, const ModuleId& module,
                                   const LessonForm& form) {
  return door.db.write([&](WriteTx& tx) -> Result<LessonSource> {
    const auto owned = TRY(own(tx, caller, module, no_module));
    store::LessonEdit lesson;
    lesson.id = new_id<LessonTag>(door.clock, door.entropy);
    lesson.module = module;
    std::set<std::string> slugs;
    for (const auto& row : store::lesson_lines(tx, owned.course)) {
      if (row.module != module) continue;
      slugs.insert(row.line.slug);
      lesson.order_index = std::max(lesson.order_index, row.order_index);
    }
    ++lesson.order_index;
    TRY(apply(tx, owned.course, lesson, form));
    lesson.slug = free_slug(slug_from(form.title), [&](const std::string& slug) { return slugs.contains(slug); });
    const auto now = door.clock.now();
    store::insert_lesson(tx, lesson, now);
    if (lesson.kind == LessonKind::quiz)
      store::insert_quiz(tx, new_id<QuizTag>(door.clock, door.entropy), module, lesson.id, lesson.title, {}, now);
    note_change(door, tx, caller, owned.course, "lesson.created", "The lesson " + lesson.slug + " was added.");
    return view_of(*store::lesson_edit(tx, lesson.id), owned.course);
  });
}

Result<LessonSource> lesson_source(Catalogue& door, const Caller& caller, const LessonId& id) {
  return door.db.read([&](ReadTx& tx) -> Result<LessonSource> {
    const auto owned = TRY(own(tx, caller, id, no_lesson));
    return view_of(*store::lesson_edit(tx, id), owned.course);
  });
}

Result<LessonSource> change_lesson(Catalogue& door, const Caller& caller, const LessonId& id, const LessonForm& form) {
  return door.db.write([&](WriteTx& tx) -> Result<LessonSource> {
    const auto owned = TRY(own(tx, caller, id, no_lesson));
    auto lesson = *store::lesson_edit(tx, id);
    TRY(check_revision(form.revision, lesson.edit));
    if (form.kind && (*form.kind == LessonKind::quiz) != (lesson.kind == LessonKind::quiz))
      return invalid_field("kind", "a quiz stays a quiz, and nothing else becomes one: add another lesson");
    TRY(apply(tx, owned.course, lesson, form));
    store::update_lesson(tx, lesson, door.clock.now());
    put_question_uses(tx, owned.course, id);
    note_change(door, tx, caller, owned.course, "lesson.changed", "The lesson " + lesson.slug + " was changed.");
    return view_of(*store::lesson_edit(tx, id), owned.course);
  });
}

Result<Removed> remove_lesson(Catalogue& door, const Caller& caller, const LessonId& id, const ForceForm& form) {
  return door.db.write([&](WriteTx& tx) -> Result<Removed> {
    const auto owned = TRY(own(tx, caller, id, no_lesson));
    const auto lesson = *store::lesson_edit(tx, id);
    if (!form.force.value_or(false) && !lesson.quiz.empty() && was_taken(door, tx, lesson.quiz)) return has_attempts();
    store::delete_lesson(tx, id);
    note_change(door, tx, caller, owned.course, "lesson.deleted", "The lesson " + lesson.slug + " was deleted.");
    return Removed{};
  });
}

Result<CourseSource> reorder_lessons(Catalogue& door, const Caller& caller, const ModuleId& module,
                                     const OrderForm& form) {
  return door.db.write([&](WriteTx& tx) -> Result<CourseSource> {
    const auto owned = TRY(own(tx, caller, module, no_module));
    std::map<std::string, store::LessonLineRow> of_course;
    std::size_t here = 0;
    for (auto& row : store::lesson_lines(tx, owned.course)) {
      if (row.module == module) ++here;
      of_course.emplace(row.line.id.text(), std::move(row));
    }
    std::vector<store::LessonLineRow> ordered;
    for (const auto& id : form.ids) {
      const auto found = of_course.find(id);
      if (found == of_course.end()) return wrong_list("names a lesson that is not in this course, or twice");
      if (found->second.module == module) --here;
      ordered.push_back(std::move(found->second));
      of_course.erase(found);
    }
    if (here != 0) return wrong_list("does not name every lesson of the module");

    store::lift_lessons(tx, module);
    std::set<std::string> slugs;
    for (const auto& row : ordered)
      if (row.module == module) slugs.insert(row.line.slug);
    std::int64_t number = 0;
    for (auto& row : ordered) {
      auto slug = row.line.slug;
      if (row.module != module) {
        slug = free_slug(slug, [&](const std::string& tried) { return slugs.contains(tried); });
        slugs.insert(slug);
      }
      store::place_lesson(tx, row.line.id, module, slug, ++number);
    }
    note_change(door, tx, caller, owned.course, "course.reordered", "The lessons were put in another order.");
    return source_of(tx, owned.course);
  });
}

}  // namespace tuition::catalogue
