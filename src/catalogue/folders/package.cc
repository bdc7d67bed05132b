#include "catalogue/folders/package.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "catalogue/authoring/author_text.h"
#include "catalogue/authoring/lesson_rules.h"
#include "catalogue/folders/package_text.h"
#include "catalogue/markdown.h"
#include "catalogue/media/media_types.h"
#include "catalogue/quizzes/practice_set.h"
#include "platform/base/fields.h"
#include "platform/base/text.h"

namespace tuition::catalogue {
namespace {

bool is_slug(std::string_view text) {
  if (text.empty() || text.size() > 100 || text.front() == '-' || text.back() == '-') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '-' && text[i - 1] == '-') return false;
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  }
  return true;
}

// "02-notes-on-the-staff" as number and slug.
struct Numbered {
  std::int64_t number;
  std::string_view slug;
};
std::optional<Numbered> read_numbered(std::string_view name) {
  const auto dash = name.find('-');
  if (dash != 2 && dash != 3) return std::nullopt;
  const auto number = parse_integer(name.substr(0, dash));
  if (!number || *number < 0 || !is_slug(name.substr(dash + 1))) return std::nullopt;
  return Numbered{*number, name.substr(dash + 1)};
}

// Names that need no care in an address, a file system or an archive.
bool is_media_name(std::string_view name) {
  if (name.empty() || name.size() > 100 || name.front() == '.' || name.front() == '-') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

bool is_hidden(std::string_view path) {
  for (const auto part : split(path, '/'))
    if (part.starts_with('.')) return true;
  return false;
}

class CourseReader {
 public:
  explicit CourseReader(std::vector<PackageFile> files) : files_(std::move(files)) {
    std::erase_if(files_, [](const PackageFile& file) { return is_hidden(file.path); });
    std::sort(files_.begin(), files_.end(), [](const PackageFile& a, const PackageFile& b) { return a.path < b.path; });
  }

  Result<CourseDraft> read() {
    if (files_.empty()) return unprocessable("There is no course in this folder.");
    folder_ = files_.front().path.substr(0, files_.front().path.find('/'));
    sort_files();
    read_media();
    read_course_file();
    read_modules();
    check_levels();
    check_required();
    if (problems_.empty()) return std::move(made_);
    return Error{Kind::invalid,
                 "VALIDATION_ERROR",
                 "The course folder has problems. Nothing was imported.",
                 {},
                 std::move(problems_)};
  }

 private:
  struct ModuleFiles {
    const PackageFile* module = nullptr;
    std::vector<const PackageFile*> lessons{};
  };

  void complain(std::string_view path, std::int64_t line, std::string what) {
    if (problems_.size() < 200) problems_.push_back({std::string(path) + ":" + std::to_string(line), std::move(what)});
  }
  void complain(std::string_view path, std::vector<package::Problem> found) {
    for (auto& each : found) complain(path, each.line, std::move(each.what));
  }

  void sort_files() {
    for (const auto& file : files_) {
      const auto parts = split(file.path, '/');
      if (parts.size() == 2 && parts[0] == folder_ && parts[1] == "course.md") {
        course_ = &file;
      } else if (parts.size() == 3 && parts[0] == folder_ && read_numbered(parts[1]) && parts[2] == "module.md") {
        modules_[parts[1]].module = &file;
      } else if (parts.size() == 3 && parts[0] == folder_ && read_numbered(parts[1]) && parts[2].ends_with(".md") &&
                 read_numbered(parts[2].substr(0, parts[2].size() - 3))) {
        modules_[parts[1]].lessons.push_back(&file);
      } else if (parts[0] == folder_ && is_package_media(file.path)) {
        media_.push_back(&file);
      } else {
        complain(file.path, 1,
                 "has no place in a course folder: course.md, NN-module/module.md, NN-module/NN-lesson.md or "
                 "media/NAME");
      }
    }
    if (!course_) complain(std::string(folder_) + "/course.md", 1, "is missing");
    if (modules_.empty()) complain(std::string(folder_), 1, "a course has at least one module");
  }

  // Files are kept as they are, so that an export writes the same bytes: what must not go out with a picture has to be
  // taken out by its author.
  void read_media() {
    for (const auto* file : media_) {
      const auto path = file->path.substr(folder_.size() + 1);
      const auto name = path.substr(path.find('/') + 1);
      auto facts = file->facts ? *file->facts : facts_of(file->bytes);
      if (!is_media_name(name)) complain(file->path, 1, "may be named with letters, digits, hyphens, dots and _ only");
      if (facts.bytes == 0) complain(file->path, 1, "is empty");
      if (name_contradicts(name, facts.type)) complain(file->path, 1, "is not what its name says");
      if (!facts.picture_problem.empty())
        complain(file->path, 1, facts.picture_problem);
      else if (facts.metadata)
        complain(file->path, 1, "holds more than the picture (place, camera, remarks): save it without metadata");
      types_.emplace(std::string(path), facts.type);
      made_.files.push_back({std::string(path), facts.sha256, file->bytes, std::move(facts)});
    }
  }

  // What a text refers to is there.
  void check_addresses(const PackageFile& file, std::string_view body) {
    std::set<std::string> missing;
    const auto rendered = to_html(body, [&](std::string_view address) -> std::optional<std::string> {
      const auto path = file_path_of(address);
      if (!path.empty() && !types_.contains(path)) missing.emplace(path);
      return std::nullopt;
    });
    if (!rendered) complain(file.path, 1, rendered.error().safe);
    for (const auto& each : missing) complain(file.path, 1, each + " is named here and not there");
  }

  // The file's front matter, after the rules for every file; none when nothing can be read of it.
  std::optional<package::FrontMatter> open(const PackageFile& file, std::initializer_list<std::string_view> known) {
    if (file.bytes.size() > package_file_max) {
      complain(file.path, 1, "is longer than " + std::to_string(package_file_max / 1024) + " KiB");
      return std::nullopt;
    }
    std::vector<package::Problem> found;
    package::check_text(file.bytes, found);
    auto front = package::read_front_matter(file.bytes, found);
    complain(file.path, std::move(found));
    if (!front) return std::nullopt;
    for (const auto& entry : front->entries)
      if (std::find(known.begin(), known.end(), entry.key) == known.end())
        complain(file.path, entry.line, std::string(entry.key) + " is not a key of this file");
    return front;
  }

  std::string text(const PackageFile& file, const package::FrontMatter& front, std::string_view key, std::size_t max) {
    const auto* entry = front.find(key);
    if (!entry) {
      complain(file.path, 1, std::string(key) + " is missing");
      return {};
    }
    if (count_code_points(entry->value) > max)
      complain(file.path, entry->line, std::string(key) + " is longer than " + std::to_string(max) + " characters");
    return std::string(entry->value);
  }

  bool flag(const PackageFile& file, const package::FrontMatter& front, std::string_view key) {
    const auto* entry = front.find(key);
    if (entry && entry->value != "true" && entry->value != "false")
      complain(file.path, entry->line, std::string(key) + " must be true or false");
    return entry && entry->value == "true";
  }

  std::optional<std::int64_t> number(const PackageFile& file, const package::FrontMatter& front, std::string_view key,
                                     std::int64_t min, std::int64_t max) {
    const auto* entry = front.find(key);
    if (!entry) return std::nullopt;
    const bool digits =
        std::all_of(entry->value.begin(), entry->value.end(), [](char c) { return c >= '0' && c <= '9'; });
    const auto value = digits ? parse_integer(entry->value) : std::nullopt;
    if (value && *value >= min && *value <= max) return value;
    complain(file.path, entry->line,
             std::string(key) + " must be a number from " + std::to_string(min) + " to " + std::to_string(max));
    return std::nullopt;
  }

  std::optional<Instant> instant(const PackageFile& file, const package::FrontMatter& front, std::string_view key) {
    const auto* entry = front.find(key);
    if (!entry) return std::nullopt;
    const auto at = parse_instant(entry->value);
    if (at) return *at;
    complain(file.path, entry->line, std::string(key) + " must be a time such as 2026-09-01T08:00:00Z");
    return std::nullopt;
  }

  template <class E>
  E choice(const PackageFile& file, const package::FrontMatter& front, std::string_view key, E fallback) {
    const auto* entry = front.find(key);
    if (!entry) return fallback;
    if (const auto value = named<E>(entry->value)) return *value;
    std::string all;
    for (const auto& [value, name] : names_of(E{})) all += (all.empty() ? "" : ", ") + std::string(name);
    complain(file.path, entry->line, std::string(key) + " must be one of " + all);
    return fallback;
  }

  void require(const PackageFile& file, const package::FrontMatter& front, std::string_view key) {
    if (!front.find(key)) complain(file.path, 1, std::string(key) + " is missing");
  }

  void read_course_file() {
    if (!course_) return;
    const auto front = open(*course_, {"slug", "title", "summary", "access", "accent", "instructor", "level_gate",
                                       "category", "certificate", "certificate_months", "requires"});
    if (!front) return;
    made_.slug = text(*course_, *front, "slug", 100);
    if (const auto* slug = front->find("slug"); slug && !is_slug(slug->value))
      complain(course_->path, slug->line, "slug may hold only small letters, digits and single hyphens");
    else if (slug && slug->value != folder_)
      complain(course_->path, slug->line, "slug must be the folder's name, " + std::string(folder_));
    made_.title = text(*course_, *front, "title", 200);
    if (front->find("summary")) made_.summary = text(*course_, *front, "summary", 500);
    require(*course_, *front, "access");
    made_.access = choice(*course_, *front, "access", CourseAccess::paid);
    made_.accent = choice(*course_, *front, "accent", Accent::violet);
    if (front->find("instructor")) made_.instructor = text(*course_, *front, "instructor", 200);
    made_.level_gate = flag(*course_, *front, "level_gate");
    if (const auto* category = front->find("category")) {
      made_.category = text(*course_, *front, "category", 60);
      if (!is_slug(category->value))
        complain(course_->path, category->line, "category may hold only small letters, digits and single hyphens");
    }
    made_.certificate = flag(*course_, *front, "certificate");
    made_.certificate_months = number(*course_, *front, "certificate_months", 1, certificate_months_max);
    if (const auto* before = front->find("requires")) read_required_courses(*before);
    made_.body_md = front->body;
    check_addresses(*course_, front->body);
  }

  void read_required_courses(const package::FrontMatter::Entry& before) {
    for (const auto part : split(before.value, ',')) {
      const auto slug = trim(part);
      auto& all = made_.waits_for;
      if (!is_slug(slug))
        complain(course_->path, before.line, "requires must be slugs of other courses, with commas between them");
      else if (slug == folder_)
        complain(course_->path, before.line, "requires would have the course wait for itself");
      else if (std::find(all.begin(), all.end(), slug) != all.end())
        complain(course_->path, before.line, "requires names " + std::string(slug) + " twice");
      else
        all.emplace_back(slug);
    }
  }

  void read_modules() {
    for (const auto& [name, files] : modules_) {
      const auto numbered = *read_numbered(name);
      ModuleDraft module;
      module.slug = numbered.slug;
      module.file_name = name;
      module.order_index = numbered.number;
      const auto path = std::string(folder_) + "/" + std::string(name);
      if (files.module) {
        read_module_file(*files.module, module);
      } else {
        complain(path + "/module.md", 1, "is missing");
      }
      for (const auto* file : files.lessons) read_lesson_file(*file, module);
      std::stable_sort(module.lessons.begin(), module.lessons.end(),
                       [](const LessonDraft& a, const LessonDraft& b) { return a.order_index < b.order_index; });
      for (std::size_t i = 1; i < module.lessons.size(); ++i)
        if (module.lessons[i].order_index == module.lessons[i - 1].order_index)
          complain(path + "/" + module.lessons[i].file_name, 1, "another lesson of the module has the same number");
      check_slugs(path, module.lessons, "lesson of the module");
      made_.modules.push_back(std::move(module));
    }
    std::stable_sort(made_.modules.begin(), made_.modules.end(),
                     [](const ModuleDraft& a, const ModuleDraft& b) { return a.order_index < b.order_index; });
    for (std::size_t i = 1; i < made_.modules.size(); ++i)
      if (made_.modules[i].order_index == made_.modules[i - 1].order_index)
        complain(std::string(folder_) + "/" + made_.modules[i].file_name, 1, "another module has the same number");
    check_slugs(std::string(folder_), made_.modules, "module");
  }

  template <class Each>
  void check_slugs(const std::string& path, const std::vector<Each>& all, const std::string& what) {
    std::map<std::string_view, int> seen;
    for (const auto& each : all)
      if (++seen[each.slug] == 2) complain(path + "/" + each.file_name, 1, "another " + what + " has the same slug");
  }

  void read_module_file(const PackageFile& file, ModuleDraft& module) {
    const auto front = open(file, {"title", "level", "preview", "drip_days", "drip_at"});
    if (!front) return;
    module.title = text(file, *front, "title", 200);
    require(file, *front, "level");
    module.level = number(file, *front, "level", 1, 99).value_or(1);
    module.preview = flag(file, *front, "preview");
    module.drip_days = number(file, *front, "drip_days", 0, 3650);
    module.drip_at = instant(file, *front, "drip_at");
    module.body_md = front->body;
    check_addresses(file, front->body);
  }

  void check_levels() {
    std::int64_t before = 0;
    for (const auto& module : made_.modules) {
      const auto path = std::string(folder_) + "/" + module.file_name + "/module.md";
      if (module.level < before) complain(path, 1, "level may not be lower than that of the module before");
      before = std::max(before, module.level);
    }
  }

  void read_lesson_file(const PackageFile& file, ModuleDraft& module) {
    const auto name = split(file.path, '/')[2];
    const auto numbered = *read_numbered(name.substr(0, name.size() - 3));
    LessonDraft lesson;
    lesson.slug = numbered.slug;
    lesson.file_name = name;
    lesson.order_index = numbered.number;
    if (const auto front = open(
            file, {"title",          "kind",         "preview",      "minutes",    "seconds",         "embed_url",
                   "file",           "pass_percent", "max_attempts", "time_limit", "shuffle",         "feedback",
                   "negative_marks", "draw",         "downloadable", "completion", "watched_percent", "dwell_seconds",
                   "drip_days",      "drip_at",      "requires"})) {
      lesson.title = text(file, *front, "title", 200);
      read_kind(file, *front, lesson);
      lesson.preview = flag(file, *front, "preview");
      if (const auto minutes = number(file, *front, "minutes", 1, 600)) lesson.duration_seconds = *minutes * 60;
      if (const auto seconds = number(file, *front, "seconds", 1, 86400)) lesson.duration_seconds = *seconds;
      if (const auto* seconds = front->find("seconds"); seconds && front->find("minutes"))
        complain(file.path, seconds->line, "seconds is given instead of minutes, not beside it");
      lesson.downloadable = flag(file, *front, "downloadable");
      read_rules(file, *front, module, lesson);
      if (lesson.kind == LessonKind::quiz) {
        std::vector<package::Problem> found;
        auto quiz = package::read_quiz(front->body, front->body_line, found);
        complain(file.path, std::move(found));
        lesson.body_md = std::move(quiz.introduction);
        // The empty line before the first question parts; it is no part of the introduction.
        if (lesson.body_md.ends_with("\n\n")) lesson.body_md.pop_back();
        lesson.quiz->questions = std::move(quiz.questions);
        for (std::size_t i = 0; i < quiz.file_lines.size(); ++i)
          if (quiz.file_lines[i]) check_question_file(file, quiz.file_lines[i], lesson.quiz->questions[i].file);
        for (const auto& each : lesson.quiz->questions) {
          check_addresses(file, each.question);
          check_addresses(file, each.explanation);
        }
      } else {
        lesson.body_md = front->body;
      }
      if (lesson.kind == LessonKind::practice) {
        std::vector<PracticeProblem> found;
        read_practice_set(lesson.body_md, found);
        for (auto& each : found) complain(file.path, front->body_line + each.line - 1, std::move(each.what));
      }
      check_addresses(file, lesson.body_md);
    }
    module.lessons.push_back(std::move(lesson));
  }

  void read_kind(const PackageFile& file, const package::FrontMatter& front, LessonDraft& lesson) {
    const auto* kind = front.find("kind");
    const auto value = kind ? named<LessonKind>(kind->value) : std::nullopt;
    if (value) {
      lesson.kind = *value;
    } else {
      complain(file.path, kind ? kind->line : 1,
               "kind must be text, image, audio, video, file, embed, quiz, case_review or practice");
    }
    read_file(file, front, lesson);
    const auto only_for = [&](LessonKind wanted, std::string_view key) {
      const auto* entry = front.find(key);
      if (entry && lesson.kind != wanted)
        complain(file.path, entry->line, std::string(key) + " is for kind " + std::string(name_of(wanted)) + " only");
    };
    only_for(LessonKind::embed, "embed_url");
    for (const std::string_view key :
         {"pass_percent", "max_attempts", "time_limit", "shuffle", "feedback", "negative_marks", "draw"})
      only_for(LessonKind::quiz, key);
    if (lesson.kind == LessonKind::embed) {
      lesson.embed_url = text(file, front, "embed_url", 500);
      if (const auto* url = front.find("embed_url"); url && !is_embeddable(url->value))
        complain(file.path, url->line,
                 "embed_url must be an https address on www.youtube-nocookie.com or player.vimeo.com");
    }
    if (lesson.kind == LessonKind::quiz) {
      lesson.quiz.emplace();
      lesson.quiz->pass_percent = number(file, front, "pass_percent", 0, 100).value_or(70);
      lesson.quiz->attempts_max = number(file, front, "max_attempts", 1, 1000);
      lesson.quiz->time_limit_s = number(file, front, "time_limit", 10, 86400);
      lesson.quiz->shuffle = flag(file, front, "shuffle");
      lesson.quiz->feedback = choice(file, front, "feedback", Feedback::immediate);
      lesson.quiz->negative_marks = flag(file, front, "negative_marks");
      lesson.quiz->draw = number(file, front, "draw", 1, 500);
    }
  }

  void read_file(const PackageFile& file, const package::FrontMatter& front, LessonDraft& lesson) {
    std::optional<MediaKind> wanted;
    if (lesson.kind == LessonKind::image) wanted = MediaKind::image;
    if (lesson.kind == LessonKind::audio) wanted = MediaKind::audio;
    if (lesson.kind == LessonKind::video) wanted = MediaKind::video;
    const auto* entry = front.find("file");
    if (!wanted && lesson.kind != LessonKind::file) {
      if (entry) complain(file.path, entry->line, "file is for kinds image, audio, video and file only");
      return;
    }
    lesson.file = text(file, front, "file", 110);
    if (!entry) return;
    const auto found = types_.find(lesson.file);
    if (found == types_.end())
      complain(file.path, entry->line, "file must name a file of the course's folder media: media/NAME");
    else if (wanted && found->second.kind != *wanted)
      complain(file.path, entry->line,
               "file names something else than kind says: its content is " + std::string(found->second.mime));
  }

  void check_question_file(const PackageFile& file, std::int64_t line, const std::string& path) {
    const auto found = types_.find(path);
    if (found == types_.end())
      complain(file.path, line, "file must name a file of the course's folder media: media/NAME");
    else if (found->second.kind != MediaKind::image && found->second.kind != MediaKind::audio)
      complain(file.path, line,
               "file must name a picture or a recording: its content is " + std::string(found->second.mime));
  }

  void read_rules(const PackageFile& file, const package::FrontMatter& front, const ModuleDraft& module,
                  LessonDraft& lesson) {
    if (front.find("completion")) lesson.rules.completion = choice(file, front, "completion", Completion::read);
    lesson.rules.watched_percent = number(file, front, "watched_percent", 1, 100);
    lesson.rules.dwell_seconds = number(file, front, "dwell_seconds", 1, 86400);
    lesson.rules.drip_days = number(file, front, "drip_days", 0, 3650);
    lesson.rules.drip_at = instant(file, front, "drip_at");
    if (const auto fits = check_rules(lesson.kind, lesson.rules); !fits)
      for (const auto& each : fits.error().fields) complain(file.path, 1, each.field + " " + each.reason);
    const auto* before = front.find("requires");
    if (!before) return;
    for (const auto part : split(before->value, ',')) lesson.waits_for.emplace_back(trim(part));
    required_.push_back({file.path, before->line, module.slug + "/" + lesson.slug, lesson.waits_for});
  }

  // Every lesson that another one waits for is there, and none waits for itself in the end.
  void check_required() {
    std::map<std::string, std::vector<std::string>> before;
    for (const auto& module : made_.modules)
      for (const auto& lesson : module.lessons) before[module.slug + "/" + lesson.slug] = lesson.waits_for;
    for (const auto& each : required_) {
      std::vector<std::string> open = each.places;
      std::map<std::string, bool> seen;
      bool circle = false;
      while (!open.empty()) {
        const auto place = open.back();
        open.pop_back();
        circle = circle || place == each.lesson;
        if (seen[place]) continue;
        seen[place] = true;
        if (const auto found = before.find(place); found != before.end())
          open.insert(open.end(), found->second.begin(), found->second.end());
      }
      if (circle) complain(each.path, each.line, "requires would have the lesson wait for itself");
      for (const auto& place : each.places)
        if (!before.contains(place))
          complain(each.path, each.line, "requires names " + place + ", which is no module-slug/lesson-slug here");
    }
  }

  struct Required {
    std::string_view path;
    std::int64_t line;
    std::string lesson;
    std::vector<std::string> places;
  };
  std::vector<Required> required_{};

  std::vector<PackageFile> files_;
  std::string_view folder_{};
  const PackageFile* course_ = nullptr;
  std::vector<const PackageFile*> media_{};
  std::map<std::string, MediaType, std::less<>> types_{};  // of the files, by path
  std::map<std::string_view, ModuleFiles> modules_{};
  std::vector<FieldProblem> problems_{};
  CourseDraft made_{};
};

}  // namespace

bool is_package_media(std::string_view path) {
  const auto parts = split(path, '/');
  return parts.size() == 3 && parts[1] == "media" && !is_hidden(path);
}

std::vector<std::vector<PackageFile>> courses_in(const std::vector<PackageFile>& files) {
  std::map<std::string_view, std::vector<PackageFile>> by_folder;
  for (const auto& file : files) {
    const auto slash = file.path.find('/');
    if (slash == std::string_view::npos || is_hidden(file.path)) continue;
    by_folder[file.path.substr(0, slash)].push_back(file);
  }
  std::vector<std::vector<PackageFile>> courses;
  for (auto& [folder, its_files] : by_folder) courses.push_back(std::move(its_files));
  return courses;
}

std::string_view file_path_of(std::string_view address) {
  if (address.starts_with("../")) address.remove_prefix(3);
  if (!address.starts_with("media/") || !is_media_name(address.substr(6))) return {};
  return address;
}

Result<CourseDraft> read_course(std::vector<PackageFile> files) { return CourseReader(std::move(files)).read(); }

}  // namespace tuition::catalogue
