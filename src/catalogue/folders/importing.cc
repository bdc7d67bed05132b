#include "catalogue/folders/importing.h"

#include <algorithm>
#include <map>
#include <set>

#include "catalogue/authoring/author_text.h"
#include "catalogue/authoring/course_terms.h"
#include "catalogue/authoring/store_terms.h"
#include "catalogue/catalogue.h"
#include "catalogue/markdown.h"
#include "catalogue/media/store_media.h"
#include "catalogue/quizzes/question_files.h"
#include "catalogue/store.h"

namespace tuition::catalogue {
namespace {

// The course's files, and which rows they are.
class Files {
 public:
  Files(Catalogue& door, ReadTx& tx, const CourseId& course, const CourseDraft& draft) : door_(door) {
    if (!course.empty())
      for (auto& each : store::course_files(tx, course.text())) {
        auto path = each.path;
        stored_.emplace(std::move(path), std::move(each));
      }
    for (const auto& file : draft.files) {
      const auto found = stored_.find(file.path);
      const bool same = found != stored_.end() && found->second.sha256 == file.sha256;
      contents_.emplace(file.path, file.sha256);
      ids_.emplace(file.path, same ? found->second.media : new_id<MediaTag>(door.clock, door.entropy));
      if (!same) fresh_.push_back(&file);
    }
  }

  std::string id_of(const std::string& path) const {
    const auto found = ids_.find(path);
    return found == ids_.end() ? std::string{} : found->second.text();
  }
  // "../media/x.png" and "media/x.png" as the file's address.
  Addresses addresses() const {
    return [this](std::string_view written) -> std::optional<std::string> {
      const auto id = id_of(std::string(file_path_of(written)));
      return id.empty() ? std::nullopt : std::optional("/api/media/" + id);
    };
  }

  // A question's text as it is recognised by: what it shows does not change with what it is called.
  std::string stored_key(ReadTx& tx, std::string_view text) const {
    return with_contents(text, [&](std::string_view address) {
      const auto found = stored_.find(std::string(file_path_of(address)));
      return found != stored_.end() ? found->second.sha256 : content_of(tx, address);
    });
  }
  std::string key(ReadTx& tx, std::string_view text) const {
    return with_contents(text, [&](std::string_view address) {
      const auto found = contents_.find(std::string(file_path_of(address)));
      return found != contents_.end() ? found->second : content_of(tx, address);
    });
  }

  Result<void> put_fresh(WriteTx& tx, const CourseId& course, const StagedFiles& staged, Instant now) {
    for (const auto* file : fresh_) {
      auto item = item_of(*file, now);
      if (const auto known = store::blob_of(tx, file->sha256)) {
        item.blob = *known;
      } else {
        const auto found = staged.find(file->sha256);
        // Somebody deleted the last file with these bytes since they were looked for.
        if (found == staged.end())
          return Error{Kind::unavailable, "UNAVAILABLE", "The course's files changed meanwhile. Please try again."};
        item.blob = blobs::keep(tx, *found->second);
      }
      store::insert_media(tx, item);
      store::delete_course_file(tx, course.text(), file->path);
      store::insert_course_file(tx, course.text(), file->path, item.id);
    }
    return {};
  }

  // Once nothing of the course names them any more.
  void remove_stale(WriteTx& tx, const CourseId& course) {
    for (const auto& [path, row] : stored_) {
      const auto kept = ids_.find(path);
      if (kept != ids_.end() && kept->second == row.media) continue;
      if (kept == ids_.end()) store::delete_course_file(tx, course.text(), path);
      delete_unused(door_, tx, system_caller(), row.media);
    }
  }

 private:
  static std::string content_of(ReadTx& tx, std::string_view address) {
    const auto named = media_in(address);
    const auto item = named.empty() ? std::nullopt : store::media(tx, named.front());
    return item ? item->sha256 : std::string{};
  }

  MediaItem item_of(const CourseFile& file, Instant now) const {
    const auto& facts = file.facts;
    MediaItem item;
    item.id = ids_.at(file.path);
    item.kind = facts.type.kind;
    item.name = tidy_name(file.path, facts.type);
    item.mime = facts.type.mime;
    item.bytes = static_cast<std::int64_t>(facts.bytes);
    item.width = facts.width;
    item.height = facts.height;
    item.created_at = now;
    return item;
  }

  Catalogue& door_;
  std::map<std::string, CourseFileRow> stored_{};
  std::map<std::string, MediaId> ids_{};
  std::map<std::string, std::string> contents_{};  // of the draft's files, by path
  std::vector<const CourseFile*> fresh_{};
};

Result<void> render(CourseDraft& draft, const Addresses& addresses) {
  draft.body_html = TRY(to_html(draft.body_md, addresses));
  for (auto& module : draft.modules) {
    module.body_html = TRY(to_html(module.body_md, addresses));
    for (auto& lesson : module.lessons) {
      lesson.body_html = TRY(to_html(lesson.body_md, addresses));
      if (!lesson.quiz) continue;
      for (const auto& question : lesson.quiz->questions) {
        TRY(to_html(question.question, addresses));
        TRY(to_html(question.explanation, addresses));
      }
    }
  }
  return {};
}

// Which stored lesson each lesson of the draft is.
class Matching {
 public:
  explicit Matching(std::vector<store::LessonKey> stored) {
    for (auto& each : stored) {
      by_slug_[each.slug].push_back(each.id);
      by_place_.emplace(std::pair{each.module_slug, each.slug}, std::move(each.id));
    }
  }

  // First everything that stayed where it was, then what moved.
  void claim(const CourseDraft& draft) {
    for (const auto& module : draft.modules)
      for (const auto& lesson : module.lessons)
        if (const auto found = by_place_.find({module.slug, lesson.slug}); found != by_place_.end()) {
          taken_.insert(found->second);
          chosen_[{module.slug, lesson.slug}] = found->second;
        }
    for (const auto& module : draft.modules)
      for (const auto& lesson : module.lessons)
        if (!chosen_.contains({module.slug, lesson.slug})) claim_moved(module.slug, lesson.slug);
  }

  LessonId find(const std::string& module, const std::string& lesson) const {
    const auto found = chosen_.find({module, lesson});
    return found == chosen_.end() ? LessonId{} : found->second;
  }

 private:
  using Place = std::pair<std::string, std::string>;

  // Only where there is no doubt which one it was.
  void claim_moved(const std::string& module, const std::string& lesson) {
    LessonId free;
    for (const auto& id : by_slug_[lesson]) {
      if (taken_.contains(id)) continue;
      if (!free.empty()) return;
      free = id;
    }
    if (free.empty()) return;
    taken_.insert(free);
    chosen_[{module, lesson}] = free;
  }

  std::map<Place, LessonId> by_place_{};
  std::map<std::string, std::vector<LessonId>> by_slug_{};
  std::set<LessonId> taken_{};
  std::map<Place, LessonId> chosen_{};
};

struct Writer {
  Catalogue& door;
  WriteTx& tx;
  const Files& files;
  Instant now;

  template <class Tag>
  Id<Tag> make() {
    return new_id<Tag>(door.clock, door.entropy);
  }

  void put_questions(const QuizId& quiz, const ModuleId& module, const std::vector<QuestionDraft>& questions) {
    const auto stored = store::question_keys(tx, quiz);
    std::multimap<std::string, std::size_t> by_text;
    std::multimap<std::string, std::size_t> by_key;
    for (std::size_t i = 0; i < stored.size(); ++i) {
      by_text.emplace(stored[i].question, i);
      by_key.emplace(files.stored_key(tx, stored[i].question), i);
    }
    std::vector<bool> taken(stored.size(), false);
    const auto claim = [&](const auto& among, const std::string& text) -> std::optional<QuestionId> {
      for (auto [at, end] = among.equal_range(text); at != end; ++at) {
        if (taken[at->second]) continue;
        taken[at->second] = true;
        return stored[at->second].id;
      }
      return std::nullopt;
    };
    store::retire_questions(tx, quiz, now);
    std::int64_t order = 0;
    for (const auto& each : questions) {
      auto id = claim(by_text, each.question);
      if (!id) id = claim(by_key, files.key(tx, each.question));
      if (id) {
        store::update_question(tx, *id, module, each, order++, now);
      } else {
        store::insert_question(tx, make<QuestionTag>(), quiz, module, each, order++, now);
      }
    }
  }

  void put_quiz(const LessonId& lesson, const ModuleId& module, const LessonDraft& draft) {
    if (!draft.quiz) {
      store::delete_quiz_of(tx, lesson);
      return;
    }
    auto quiz = store::quiz_of(tx, lesson);
    if (quiz) {
      store::update_quiz(tx, *quiz, module, draft.title, *draft.quiz, now);
    } else {
      quiz = make<QuizTag>();
      store::insert_quiz(tx, *quiz, module, lesson, draft.title, *draft.quiz, now);
    }
    put_questions(*quiz, module, draft.quiz->questions);
  }

  // Once every lesson has its place.
  void put_prerequisites(const CourseId& course, const CourseDraft& draft) {
    std::map<std::string, LessonId> by_place;
    for (auto& each : store::lesson_keys(tx, course))
      by_place.emplace(each.module_slug + "/" + each.slug, std::move(each.id));
    for (const auto& module : draft.modules)
      for (const auto& lesson : module.lessons) {
        if (lesson.waits_for.empty()) continue;
        auto rules = lesson.rules;
        for (const auto& place : lesson.waits_for) rules.prerequisites.push_back(by_place.at(place));
        store::set_rules(tx, by_place.at(module.slug + "/" + lesson.slug), rules);
      }
  }

  void put_content(const CourseId& course, const CourseDraft& draft) {
    Matching matching(store::lesson_keys(tx, course));
    matching.claim(draft);
    std::map<std::string, ModuleId> modules;
    for (auto& each : store::module_keys(tx, course)) modules.emplace(std::move(each.slug), std::move(each.id));

    // Out of the way, so that no number or name is met twice on the way to the new order.
    store::set_aside(tx, course);
    std::set<ModuleId> kept_modules;
    std::set<LessonId> kept_lessons;
    for (const auto& module : draft.modules) {
      auto found = modules.find(module.slug);
      const auto id = found == modules.end() ? make<ModuleTag>() : found->second;
      if (found == modules.end())
        store::insert_module(tx, id, course, module, now);
      else
        store::update_module(tx, id, module, now);
      kept_modules.insert(id);
      for (const auto& lesson : module.lessons) {
        auto lesson_id = matching.find(module.slug, lesson.slug);
        if (lesson_id.empty()) {
          lesson_id = make<LessonTag>();
          store::insert_lesson(tx, lesson_id, id, lesson, now);
        } else {
          store::update_lesson(tx, lesson_id, id, lesson, now);
        }
        kept_lessons.insert(lesson_id);
        put_quiz(lesson_id, id, lesson);
        put_question_uses(tx, course, lesson_id);
      }
    }
    put_prerequisites(course, draft);
    for (const auto& each : store::lesson_keys(tx, course))
      if (!kept_lessons.contains(each.id)) store::delete_lesson(tx, each.id);
    for (const auto& [slug, id] : modules)
      if (!kept_modules.contains(id)) store::delete_module(tx, id);
  }
};

// The courses that must be finished before, by their slugs.
Result<std::vector<CourseId>> courses_named(ReadTx& tx, const CourseId& id, const CourseDraft& draft) {
  std::vector<CourseId> found;
  std::vector<FieldProblem> problems;
  const auto complain = [&](std::string what) { problems.push_back({draft.slug + "/course.md:1", std::move(what)}); };
  for (const auto& slug : draft.waits_for) {
    const auto key = store::course_key(tx, slug);
    if (key)
      found.push_back(key->id);
    else
      complain("requires names " + slug + ", which is no course here");
  }
  if (!id.empty() && waits_for_itself(tx, id, found)) complain("requires would have the course wait for itself");
  if (problems.empty()) return found;
  return Error{Kind::invalid,
               "VALIDATION_ERROR",
               "The course folder has problems. Nothing was imported.",
               {},
               std::move(problems)};
}

// Those that others wait for first.
void put_required_first(std::vector<CourseDraft>& drafts) {
  for (std::size_t at = 0; at < drafts.size(); ++at) {
    const auto waits = [&](const CourseDraft& draft) {
      return std::any_of(drafts.begin() + static_cast<std::ptrdiff_t>(at), drafts.end(), [&](const CourseDraft& other) {
        return std::find(draft.waits_for.begin(), draft.waits_for.end(), other.slug) != draft.waits_for.end();
      });
    };
    const auto begin = drafts.begin() + static_cast<std::ptrdiff_t>(at);
    const auto next = std::find_if_not(begin, drafts.end(), waits);
    if (next != drafts.end()) std::rotate(begin, next, next + 1);
  }
}

Imported counted(const CourseDraft& draft, CourseId id, Imported::Change change) {
  Imported made{std::move(id), change, static_cast<std::int64_t>(draft.modules.size()), 0};
  for (const auto& module : draft.modules) made.lessons += static_cast<std::int64_t>(module.lessons.size());
  return made;
}

}  // namespace

Result<StagedFiles> stage_files(Catalogue& door, const CourseDraft& draft, StagedFiles staged) {
  for (const auto& file : draft.files) {
    if (staged.contains(file.sha256)) continue;
    if (door.db.read([&](ReadTx& tx) { return store::blob_of(tx, file.sha256).has_value(); })) continue;
    auto writer = std::make_shared<blobs::Writer>(door.blobs);
    TRY(writer->add(file.bytes));
    TRY(writer->finish());
    staged.emplace(file.sha256, std::move(writer));
  }
  return staged;
}

Result<Imported> put_course(Catalogue& door, WriteTx& tx, CourseDraft draft, Publish publish, const UserId& owner,
                            const StagedFiles& staged) {
  const auto now = door.clock.now();
  const auto there = store::course_key(tx, draft.slug);
  Files files(door, tx, there ? there->id : CourseId{}, draft);
  TRY(render(draft, files.addresses()));
  for (auto& module : draft.modules) {
    module.file_name = file_name_of(module.file_name, module.order_index, module.slug, "");
    for (auto& lesson : module.lessons) {
      lesson.file_name = file_name_of(lesson.file_name, lesson.order_index, lesson.slug, ".md");
      if (!lesson.file.empty()) lesson.media = files.id_of(lesson.file);
      if (!lesson.quiz) continue;
      for (auto& question : lesson.quiz->questions)
        if (!question.file.empty()) question.media = files.id_of(question.file);
    }
  }
  const auto prerequisites = TRY(courses_named(tx, there ? there->id : CourseId{}, draft));
  const bool published = there && there->status == Status::published;
  const bool publishes = publish == Publish::yes && !published;
  if (there && !publishes && store::draft_of(tx, there->id) == draft)
    return counted(draft, there->id, Imported::Change::none);

  const auto id = there ? there->id : new_id<CourseTag>(door.clock, door.entropy);
  if (!there) store::insert_course(tx, id, draft, owner, now);
  TRY(files.put_fresh(tx, id, staged, now));
  if (there)
    store::update_course(tx, id, draft, now);
  else
    store::put_course_uses(tx, id.text(), draft.body_html);  // only now are the files there that its text names
  store::set_course_rules(tx, id, kept_course_rules(draft.certificate_months, prerequisites));
  if (publishes) store::publish(tx, id, now);
  Writer{door, tx, files, now}.put_content(id, draft);
  files.remove_stale(tx, id);
  changed(door, tx);
  return counted(draft, id, there ? Imported::Change::updated : Imported::Change::created);
}

Result<Imported> put_course(Catalogue& door, CourseDraft draft, Publish publish) {
  const auto staged = TRY(stage_files(door, draft));
  return door.db.write([&](WriteTx& tx) { return put_course(door, tx, std::move(draft), publish, UserId{}, staged); });
}

Result<std::vector<Imported>> import_courses(Catalogue& door, const std::vector<PackageFile>& files, Publish publish,
                                             const UserId& owner) {
  std::vector<CourseDraft> drafts;
  std::vector<FieldProblem> problems;
  for (auto& folder : courses_in(files)) {
    auto read = read_course(std::move(folder));
    if (read)
      drafts.push_back(std::move(read).value());
    else
      problems.insert(problems.end(), read.error().fields.begin(), read.error().fields.end());
  }
  if (!problems.empty())
    return Error{Kind::invalid,
                 "VALIDATION_ERROR",
                 "The course folder has problems. Nothing was imported.",
                 {},
                 std::move(problems)};
  if (drafts.empty()) return unprocessable("There is no course in this folder.");
  put_required_first(drafts);
  StagedFiles staged;
  for (const auto& draft : drafts) staged = TRY(stage_files(door, draft, std::move(staged)));
  return door.db.write([&](WriteTx& tx) -> Result<std::vector<Imported>> {
    std::vector<Imported> made;
    for (auto& draft : drafts) made.push_back(TRY(put_course(door, tx, std::move(draft), publish, owner, staged)));
    return made;
  });
}

}  // namespace tuition::catalogue
