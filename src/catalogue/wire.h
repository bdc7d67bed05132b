#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/authoring/lesson_rules.h"
#include "catalogue/types.h"
#include "platform/base/fields.h"

// What authors send and see. Learners' views are in learning.
namespace tuition::catalogue {

inline constexpr std::int64_t markdown_max = 300'000;  // characters of one text

// As typed: a space at the beginning of a line means something.
constexpr Bounds markdown_text() { return {0, markdown_max, Format::none, true, true}; }

// Every form that changes something names the revision it began with; one that has moved on is refused.
inline constexpr std::string_view revision_sentence =
    "The revision the change began with: when the thing has another one by now, nothing is changed (409).";

// --- Courses

struct CourseForm {
  std::string title{};
  std::optional<std::string> slug{};
  std::optional<std::string> summary{};
  std::optional<std::string> body_markdown{};
  std::optional<CourseAccess> access{};
  std::optional<Accent> accent{};
  std::optional<std::string> category{};
  std::optional<std::string> instructor_name{};
  std::optional<UserId> instructor{};
  std::optional<bool> level_gate{};
  std::optional<bool> certificate{};
  std::optional<std::int64_t> certificate_months{};
  std::vector<CourseId> prerequisites{};
  std::optional<std::int64_t> revision{};
};

constexpr auto fields_of(const CourseForm*) {
  return table(
      "CourseForm", field("title", &CourseForm::title, "Its title.", length(1, 200)),
      field("slug", &CourseForm::slug, "Its name in addresses; left out: made of the title, or as it is.",
            formatted(Format::slug, 100)),
      field("summary", &CourseForm::summary, "What it is about, in a sentence.", length(0, 500)),
      field("bodyMarkdown", &CourseForm::body_markdown, "The description, as Markdown.", markdown_text()),
      field("access", &CourseForm::access, "Whether it is free or must be paid for; left out: paid."),
      field("accent", &CourseForm::accent, "The colour it is shown in; left out: violet."),
      field("category", &CourseForm::category, "A word that plans may name to open all courses of it.",
            formatted(Format::slug, 60)),
      field("instructorName", &CourseForm::instructor_name, "The teacher's name as shown; left out: the teacher's own.",
            length(0, 200)),
      field("instructorId", &CourseForm::instructor, "Whose course it is; only administrators say so."),
      field("levelGate", &CourseForm::level_gate, "Whether a level opens when the one before it is completed."),
      field("certificate", &CourseForm::certificate, "Whether completing it earns a certificate."),
      field("certificateMonths", &CourseForm::certificate_months,
            "How long a certificate holds; left out: for good. Those that are issued stay as they are.",
            range(1, certificate_months_max)),
      field("prerequisites", &CourseForm::prerequisites, "Courses to be finished before.", items(0, 20)),
      field("revision", &CourseForm::revision, revision_sentence, range(1, 1'000'000'000)));
}

struct RevisionForm {
  std::optional<std::int64_t> revision{};
};

constexpr auto fields_of(const RevisionForm*) {
  return table("RevisionForm", field("revision", &RevisionForm::revision, revision_sentence, range(1, 1'000'000'000)));
}

struct StudioListForm {
  std::optional<Status> status{};
  std::optional<std::string> query{};
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
};

constexpr auto fields_of(const StudioListForm*) {
  return table("StudioListForm", field("status", &StudioListForm::status, "Only those in this state."),
               field("q", &StudioListForm::query, "Only those with this in the title.", length(0, 100)),
               field("limit", &StudioListForm::limit, "How many at once; 20 unless said.", range(1, 100)),
               field("cursor", &StudioListForm::cursor, "Where the page before ended.", length(1, 200)));
}

struct StudioCourse {
  CourseId id{};
  std::string slug{};
  std::string title{};
  std::string summary{};
  Status status = Status::draft;
  CourseAccess access = CourseAccess::paid;
  Accent accent = Accent::violet;
  std::optional<std::string> instructor_name{};
  std::optional<UserId> instructor{};
  std::int64_t modules = 0;
  std::int64_t lessons = 0;
  Instant updated_at{};
  std::optional<Instant> published_at{};
};

constexpr auto fields_of(const StudioCourse*) {
  return table("StudioCourse", field("id", &StudioCourse::id, "The course."),
               field("slug", &StudioCourse::slug, "Its name in addresses."),
               field("title", &StudioCourse::title, "Its title."),
               field("summary", &StudioCourse::summary, "What it is about."),
               field("status", &StudioCourse::status, "Whether learners can see it."),
               field("access", &StudioCourse::access, "Whether it is free or must be paid for."),
               field("accent", &StudioCourse::accent, "The colour it is shown in."),
               field("instructorName", &StudioCourse::instructor_name, "The teacher's name as shown."),
               field("instructorId", &StudioCourse::instructor, "Whose course it is; null: the school's."),
               field("moduleCount", &StudioCourse::modules, "How many modules it has."),
               field("lessonCount", &StudioCourse::lessons, "How many lessons it has."),
               field("updatedAt", &StudioCourse::updated_at, "When it was last changed."),
               field("publishedAt", &StudioCourse::published_at, "When it was first published."));
}

// --- The outline as its author sees it

struct LessonLine {
  LessonId id{};
  std::string slug{};
  std::string title{};
  LessonKind kind = LessonKind::text;
  bool preview = false;
  std::optional<std::int64_t> duration_seconds{};
  std::optional<QuizId> quiz{};
  std::int64_t questions = 0;
  std::int64_t revision = 1;
};

constexpr auto fields_of(const LessonLine*) {
  return table("LessonLine", field("id", &LessonLine::id, "The lesson."),
               field("slug", &LessonLine::slug, "Its name in a course folder."),
               field("title", &LessonLine::title, "Its title."),
               field("kind", &LessonLine::kind, "What it consists of."),
               field("preview", &LessonLine::preview, "Whether everybody may open it."),
               field("durationSeconds", &LessonLine::duration_seconds, "The time it is likely to take."),
               field("quizId", &LessonLine::quiz, "Its quiz, for kind quiz."),
               field("questionCount", &LessonLine::questions, "How many questions that has."),
               field("revision", &LessonLine::revision, "Grows with every change."));
}

struct ModuleLine {
  ModuleId id{};
  std::string slug{};
  std::string title{};
  std::int64_t level = 1;
  bool preview = false;
  std::optional<std::int64_t> drip_days{};
  std::optional<Instant> drip_at{};
  std::int64_t revision = 1;
  std::vector<LessonLine> lessons{};
};

constexpr auto fields_of(const ModuleLine*) {
  return table("ModuleLine", field("id", &ModuleLine::id, "The module."),
               field("slug", &ModuleLine::slug, "Its name in a course folder."),
               field("title", &ModuleLine::title, "Its title."),
               field("level", &ModuleLine::level, "The level it belongs to."),
               field("preview", &ModuleLine::preview, "Whether everybody may read its introduction."),
               field("dripDays", &ModuleLine::drip_days, "It opens so many days after joining."),
               field("dripAt", &ModuleLine::drip_at, "It opens at this time."),
               field("revision", &ModuleLine::revision, "Grows with every change."),
               field("lessons", &ModuleLine::lessons, "Its lessons, in order."));
}

// A course that another one names.
struct CourseRef {
  CourseId id{};
  std::string slug{};
  std::string title{};
};

constexpr auto fields_of(const CourseRef*) {
  return table("CourseRef", field("id", &CourseRef::id, "The course."),
               field("slug", &CourseRef::slug, "Its name in addresses."),
               field("title", &CourseRef::title, "Its title."));
}

struct CourseSource {
  CourseId id{};
  std::string slug{};
  std::string title{};
  std::string summary{};
  std::string body_markdown{};
  Status status = Status::draft;
  CourseAccess access = CourseAccess::paid;
  Accent accent = Accent::violet;
  std::optional<std::string> category{};
  std::optional<std::string> instructor_name{};
  std::optional<UserId> instructor{};
  bool level_gate = false;
  bool certificate = false;
  std::optional<std::int64_t> certificate_months{};
  std::vector<CourseRef> prerequisites{};
  std::int64_t revision = 1;
  Instant created_at{};
  Instant updated_at{};
  std::optional<Instant> published_at{};
  std::vector<ModuleLine> modules{};
};

constexpr auto fields_of(const CourseSource*) {
  return table(
      "CourseSource", field("id", &CourseSource::id, "The course."),
      field("slug", &CourseSource::slug, "Its name in addresses."), field("title", &CourseSource::title, "Its title."),
      field("summary", &CourseSource::summary, "What it is about."),
      field("bodyMarkdown", &CourseSource::body_markdown, "The description, as Markdown."),
      field("status", &CourseSource::status, "Whether learners can see it."),
      field("access", &CourseSource::access, "Whether it is free or must be paid for."),
      field("accent", &CourseSource::accent, "The colour it is shown in."),
      field("category", &CourseSource::category, "A word that plans may name."),
      field("instructorName", &CourseSource::instructor_name, "The teacher's name as shown."),
      field("instructorId", &CourseSource::instructor, "Whose course it is; null: the school's."),
      field("levelGate", &CourseSource::level_gate, "Whether levels open one after the other."),
      field("certificate", &CourseSource::certificate, "Whether completing it earns a certificate."),
      field("certificateMonths", &CourseSource::certificate_months, "How long a certificate holds; null: for good."),
      field("prerequisites", &CourseSource::prerequisites, "Courses to be finished before."),
      field("revision", &CourseSource::revision, "Grows with every change of these members."),
      field("createdAt", &CourseSource::created_at, "When it was made."),
      field("updatedAt", &CourseSource::updated_at, "When it or anything in it was last changed."),
      field("publishedAt", &CourseSource::published_at, "When it was first published."),
      field("modules", &CourseSource::modules, "Its modules, in order."));
}

struct Removed {
  bool archived = false;
};

constexpr auto fields_of(const Removed*) {
  return table("Removed", field("archived", &Removed::archived,
                                "True: people have learned from it, so it is kept out of sight; false: it is gone."));
}

// --- Modules and lessons

struct ModuleForm {
  std::string title{};
  std::optional<std::string> body_markdown{};
  std::optional<std::int64_t> level{};
  std::optional<bool> preview{};
  std::optional<std::int64_t> drip_days{};
  std::optional<Instant> drip_at{};
  std::optional<std::int64_t> revision{};
};

constexpr auto fields_of(const ModuleForm*) {
  return table("ModuleForm", field("title", &ModuleForm::title, "Its title.", length(1, 200)),
               field("bodyMarkdown", &ModuleForm::body_markdown, "The introduction, as Markdown.", markdown_text()),
               field("level", &ModuleForm::level,
                     "Its level, not lower than that of the module before; left out: the same.", range(1, 99)),
               field("preview", &ModuleForm::preview, "Whether everybody may read its introduction."),
               field("dripDays", &ModuleForm::drip_days, "It opens so many days after joining.", range(0, 3650)),
               field("dripAt", &ModuleForm::drip_at, "It opens at this time."),
               field("revision", &ModuleForm::revision, revision_sentence, range(1, 1'000'000'000)));
}

struct ModuleSource {
  ModuleId id{};
  CourseId course{};
  std::string slug{};
  std::string title{};
  std::string body_markdown{};
  std::int64_t level = 1;
  bool preview = false;
  std::optional<std::int64_t> drip_days{};
  std::optional<Instant> drip_at{};
  std::int64_t revision = 1;
  Instant updated_at{};
};

constexpr auto fields_of(const ModuleSource*) {
  return table("ModuleSource", field("id", &ModuleSource::id, "The module."),
               field("courseId", &ModuleSource::course, "The course it belongs to."),
               field("slug", &ModuleSource::slug, "Its name in a course folder."),
               field("title", &ModuleSource::title, "Its title."),
               field("bodyMarkdown", &ModuleSource::body_markdown, "The introduction, as Markdown."),
               field("level", &ModuleSource::level, "The level it belongs to."),
               field("preview", &ModuleSource::preview, "Whether everybody may read its introduction."),
               field("dripDays", &ModuleSource::drip_days, "It opens so many days after joining."),
               field("dripAt", &ModuleSource::drip_at, "It opens at this time."),
               field("revision", &ModuleSource::revision, "Grows with every change."),
               field("updatedAt", &ModuleSource::updated_at, "When it was last changed."));
}

struct LessonForm {
  std::string title{};
  std::optional<LessonKind> kind{};
  std::optional<std::string> body_markdown{};
  std::optional<std::string> media{};
  std::optional<std::string> embed_url{};
  std::optional<bool> preview{};
  std::optional<bool> downloadable{};
  std::optional<std::int64_t> duration_seconds{};
  std::optional<LessonRules> rules{};
  std::optional<std::int64_t> revision{};
};

constexpr auto fields_of(const LessonForm*) {
  return table(
      "LessonForm", field("title", &LessonForm::title, "Its title.", length(1, 200)),
      field("kind", &LessonForm::kind, "What it consists of; left out: text, or as it is."),
      field("bodyMarkdown", &LessonForm::body_markdown, "The text, as Markdown.", markdown_text()),
      field("mediaId", &LessonForm::media, "What it shows or plays, for kinds image, audio, video and file.",
            formatted(Format::uuid)),
      field("embedUrl", &LessonForm::embed_url,
            "For kind embed: an address at YouTube or Vimeo, which is embedded from its host that sets no cookies.",
            length(1, 500)),
      field("preview", &LessonForm::preview, "Whether everybody may open it."),
      field("downloadable", &LessonForm::downloadable,
            "Whether what it shows or plays may be kept; what a lesson of kind file hands out always may."),
      field("durationSeconds", &LessonForm::duration_seconds, "The time it is likely to take.", range(1, 86400)),
      field("rules", &LessonForm::rules, "What completes it, and what must come before."),
      field("revision", &LessonForm::revision, revision_sentence, range(1, 1'000'000'000)));
}

struct LessonSource {
  LessonId id{};
  ModuleId module{};
  CourseId course{};
  std::string slug{};
  std::string title{};
  LessonKind kind = LessonKind::text;
  std::string body_markdown{};
  std::string body_html{};
  std::optional<std::string> media{};
  std::optional<std::string> embed_url{};
  bool preview = false;
  bool downloadable = false;
  std::optional<std::int64_t> duration_seconds{};
  LessonRules rules{};
  std::optional<QuizId> quiz{};
  std::int64_t revision = 1;
  Instant updated_at{};
};

constexpr auto fields_of(const LessonSource*) {
  return table("LessonSource", field("id", &LessonSource::id, "The lesson."),
               field("moduleId", &LessonSource::module, "The module it belongs to."),
               field("courseId", &LessonSource::course, "The course it belongs to."),
               field("slug", &LessonSource::slug, "Its name in a course folder."),
               field("title", &LessonSource::title, "Its title."),
               field("kind", &LessonSource::kind, "What it consists of."),
               field("bodyMarkdown", &LessonSource::body_markdown, "The text, as Markdown."),
               field("bodyHtml", &LessonSource::body_html, "The text as learners see it."),
               field("mediaId", &LessonSource::media, "What it shows or plays."),
               field("embedUrl", &LessonSource::embed_url, "What it embeds."),
               field("preview", &LessonSource::preview, "Whether everybody may open it."),
               field("downloadable", &LessonSource::downloadable,
                     "Whether what it shows or plays may be kept; what a lesson of kind file hands out always may."),
               field("durationSeconds", &LessonSource::duration_seconds, "The time it is likely to take."),
               field("rules", &LessonSource::rules, "What completes it, and what must come before."),
               field("quizId", &LessonSource::quiz, "Its quiz, for kind quiz."),
               field("revision", &LessonSource::revision, "Grows with every change."),
               field("updatedAt", &LessonSource::updated_at, "When it was last changed."));
}

struct OrderForm {
  std::vector<std::string> ids{};
};

constexpr auto fields_of(const OrderForm*) {
  return table("OrderForm", field("ids", &OrderForm::ids, "All of them, in their new order.", items(0, 2000)));
}

struct ForceForm {
  std::optional<bool> force{};
};

constexpr auto fields_of(const ForceForm*) {
  return table("ForceForm",
               field("force", &ForceForm::force, "Also when people have taken its quiz; their attempts go with it."));
}

struct MarkdownForm {
  std::optional<CourseId> course{};
  std::string markdown{};
};

constexpr auto fields_of(const MarkdownForm*) {
  return table("MarkdownForm",
               field("courseId", &MarkdownForm::course,
                     "The caller's course it is written for: its text may call the files of the course's folder by "
                     "their names there."),
               field("markdown", &MarkdownForm::markdown, "The text.", markdown_text()));
}

struct MarkdownView {
  std::string html{};
};

constexpr auto fields_of(const MarkdownView*) {
  return table("MarkdownHtml", field("html", &MarkdownView::html, "The text as learners see it."));
}

}  // namespace tuition::catalogue
