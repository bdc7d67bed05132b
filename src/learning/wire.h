#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalogue/types.h"
#include "learning/media/media_wire.h"
#include "learning/types.h"
#include "platform/base/fields_json.h"

namespace tuition::learning {

// --- Statistics

struct StatsView {
  std::int64_t lessons_done = 0;
  std::int64_t quizzes_passed = 0;
  std::int64_t minutes = 0;
  std::int64_t xp = 0;
  std::int64_t streak_days = 0;
  std::int64_t streak_best = 0;
  std::optional<Day> last_active_day{};
};

constexpr auto fields_of(const StatsView*) {
  return table("Stats", field("lessonsDone", &StatsView::lessons_done, "Lessons completed."),
               field("quizzesPassed", &StatsView::quizzes_passed, "Quizzes passed, each counted once."),
               field("minutes", &StatsView::minutes, "Minutes spent learning."),
               field("xp", &StatsView::xp, "Experience points."),
               field("streakDays", &StatsView::streak_days, "Days in a row with learning, up to today or yesterday."),
               field("streakBest", &StatsView::streak_best, "The longest such row so far."),
               field("lastActiveDay", &StatsView::last_active_day,
                     "The last day with learning, in the person's own time zone."));
}

// --- Courses

struct CardProgress {
  std::int64_t lessons_done = 0;
  std::int64_t lessons_total = 0;
  std::int64_t percent = 0;
};

constexpr auto fields_of(const CardProgress*) {
  return table("CardProgress", field("lessonsDone", &CardProgress::lessons_done, "Lessons completed."),
               field("lessonsTotal", &CardProgress::lessons_total, "Lessons there are."),
               field("percent", &CardProgress::percent, "The share completed, rounded down."));
}

struct CourseCard {
  catalogue::CourseId id{};
  std::string slug{};
  std::string title{};
  std::string summary{};
  catalogue::CourseAccess access = catalogue::CourseAccess::paid;
  bool entitled = false;
  std::int64_t lesson_count = 0;
  std::int64_t module_count = 0;
  std::int64_t level_count = 0;
  std::int64_t minutes = 0;
  std::optional<catalogue::Accent> accent{};
  std::optional<CardProgress> progress{};
};

constexpr auto fields_of(const CourseCard*) {
  return table("CourseCard", field("id", &CourseCard::id, "The course."),
               field("slug", &CourseCard::slug, "Its name in addresses."),
               field("title", &CourseCard::title, "Its title."),
               field("summary", &CourseCard::summary, "What it is about, in a sentence."),
               field("access", &CourseCard::access, "Whether it is free or must be paid for."),
               field("entitled", &CourseCard::entitled, "Whether the caller may use it now."),
               field("lessonCount", &CourseCard::lesson_count, "How many lessons it has."),
               field("moduleCount", &CourseCard::module_count, "How many modules it has."),
               field("levelCount", &CourseCard::level_count, "How many levels it has."),
               field("minutes", &CourseCard::minutes, "The time a learner is likely to need for all of it."),
               field("accent", &CourseCard::accent, "The colour it is shown in."),
               field("progress", &CourseCard::progress, "How far the caller is; null before the first step."));
}

struct LessonOutline {
  catalogue::LessonId id{};
  std::string title{};
  catalogue::LessonKind kind = catalogue::LessonKind::text;
  bool preview = false;
  bool locked = false;
  std::optional<std::int64_t> duration_seconds{};
  bool completed = false;
};

constexpr auto fields_of(const LessonOutline*) {
  return table("LessonOutline", field("id", &LessonOutline::id, "The lesson."),
               field("title", &LessonOutline::title, "Its title."),
               field("kind", &LessonOutline::kind, "What it consists of."),
               field("preview", &LessonOutline::preview, "Whether everybody may open it."),
               field("locked", &LessonOutline::locked, "Whether it is closed to the caller now."),
               field("durationSeconds", &LessonOutline::duration_seconds, "The time it is likely to take."),
               field("completed", &LessonOutline::completed, "Whether the caller has completed it."));
}

struct ModuleOutline {
  catalogue::ModuleId id{};
  std::string title{};
  std::int64_t level = 1;
  std::int64_t order_index = 0;
  bool preview = false;
  bool locked = false;
  std::optional<LockReason> lock_reason{};
  std::vector<LessonOutline> lessons{};
};

constexpr auto fields_of(const ModuleOutline*) {
  return table(
      "ModuleOutline", field("id", &ModuleOutline::id, "The module."),
      field("title", &ModuleOutline::title, "Its title."),
      field("level", &ModuleOutline::level, "The level it belongs to."),
      field("orderIndex", &ModuleOutline::order_index, "Its number in the course."),
      field("preview", &ModuleOutline::preview, "Whether everybody may read its introduction."),
      field("locked", &ModuleOutline::locked, "Whether it is closed to the caller now."),
      field("lockReason", &ModuleOutline::lock_reason,
            "Why: payment, level (the one before is not finished), course (another one is not), login, or drip (it "
            "opens later)."),
      field("lessons", &ModuleOutline::lessons, "Its lessons, in order."));
}

struct OfferView {
  std::string plan_id{};
  std::string name{};
};

constexpr auto fields_of(const OfferView*) {
  return table("Offer", field("planId", &OfferView::plan_id, "A plan that opens the course."),
               field("name", &OfferView::name, "The plan's name."));
}

struct OncePriceView {
  std::int64_t amount_minor = 0;
  Currency currency{};
};
constexpr auto fields_of(const OncePriceView*) {
  return table("OncePrice", field("amountMinor", &OncePriceView::amount_minor, "In the currency's smallest unit."),
               field("currency", &OncePriceView::currency, "ISO 4217 code."));
}

struct ProductOfferView {
  std::string product_id{};
  std::string name{};
  std::vector<OncePriceView> prices{};
};
constexpr auto fields_of(const ProductOfferView*) {
  return table("ProductOffer",
               field("productId", &ProductOfferView::product_id, "Something to be paid once that opens the course."),
               field("name", &ProductOfferView::name, "What people see."),
               field("prices", &ProductOfferView::prices, "What it costs, per currency."));
}

// A course page is its card and more, in one object.
struct CoursePage {
  catalogue::CourseId id{};
  std::string slug{};
  std::string title{};
  std::string summary{};
  catalogue::CourseAccess access = catalogue::CourseAccess::paid;
  bool entitled = false;
  std::int64_t lesson_count = 0;
  std::int64_t module_count = 0;
  std::int64_t level_count = 0;
  std::int64_t minutes = 0;
  std::optional<catalogue::Accent> accent{};
  std::optional<CardProgress> progress{};
  std::string body_html{};
  std::optional<std::string> instructor{};
  std::vector<ModuleOutline> modules{};
  std::vector<OfferView> offers{};
  std::vector<ProductOfferView> products{};
};

constexpr auto fields_of(const CoursePage*) {
  return table("Course", field("id", &CoursePage::id, "The course."),
               field("slug", &CoursePage::slug, "Its name in addresses."),
               field("title", &CoursePage::title, "Its title."),
               field("summary", &CoursePage::summary, "What it is about, in a sentence."),
               field("access", &CoursePage::access, "Whether it is free or must be paid for."),
               field("entitled", &CoursePage::entitled, "Whether the caller may use it now."),
               field("lessonCount", &CoursePage::lesson_count, "How many lessons it has."),
               field("moduleCount", &CoursePage::module_count, "How many modules it has."),
               field("levelCount", &CoursePage::level_count, "How many levels it has."),
               field("minutes", &CoursePage::minutes, "The time a learner is likely to need for all of it."),
               field("accent", &CoursePage::accent, "The colour it is shown in."),
               field("progress", &CoursePage::progress, "How far the caller is; null before the first step."),
               field("bodyHtml", &CoursePage::body_html, "The description, as HTML."),
               field("instructor", &CoursePage::instructor, "Who teaches it."),
               field("modules", &CoursePage::modules, "Its modules, in order."),
               field("offers", &CoursePage::offers, "Plans on sale that open it; empty once it is open."),
               field("products", &CoursePage::products, "What is paid once and opens it; empty once it is open."));
}

struct ModuleView {
  catalogue::ModuleId id{};
  std::string title{};
  std::int64_t level = 1;
  std::int64_t order_index = 0;
  bool preview = false;
  bool locked = false;
  std::optional<LockReason> lock_reason{};
  std::vector<LessonOutline> lessons{};
  catalogue::CourseId course_id{};
  std::string course_slug{};
};

constexpr auto fields_of(const ModuleView*) {
  return table(
      "Module", field("id", &ModuleView::id, "The module."), field("title", &ModuleView::title, "Its title."),
      field("level", &ModuleView::level, "The level it belongs to."),
      field("orderIndex", &ModuleView::order_index, "Its number in the course."),
      field("preview", &ModuleView::preview, "Whether everybody may read its introduction."),
      field("locked", &ModuleView::locked, "Whether it is closed to the caller now."),
      field("lockReason", &ModuleView::lock_reason,
            "Why: payment, level (the one before is not finished), course (another one is not), login, or drip (it "
            "opens later)."),
      field("lessons", &ModuleView::lessons, "Its lessons, in order."),
      field("courseId", &ModuleView::course_id, "The course it belongs to."),
      field("courseSlug", &ModuleView::course_slug, "That course's name in addresses."));
}

struct ModulePage {
  catalogue::ModuleId id{};
  std::string title{};
  std::int64_t level = 1;
  std::int64_t order_index = 0;
  bool preview = false;
  std::vector<LessonOutline> lessons{};
  catalogue::CourseId course_id{};
  std::string course_slug{};
  std::string course_title{};
  std::string body_html{};
};

constexpr auto fields_of(const ModulePage*) {
  return table("ModulePage", field("id", &ModulePage::id, "The module."),
               field("title", &ModulePage::title, "Its title."),
               field("level", &ModulePage::level, "The level it belongs to."),
               field("orderIndex", &ModulePage::order_index, "Its number in the course."),
               field("preview", &ModulePage::preview, "Whether everybody may read its introduction."),
               field("lessons", &ModulePage::lessons, "Its lessons, in order."),
               field("courseId", &ModulePage::course_id, "The course it belongs to."),
               field("courseSlug", &ModulePage::course_slug, "That course's name in addresses."),
               field("courseTitle", &ModulePage::course_title, "That course's title."),
               field("bodyHtml", &ModulePage::body_html, "The introduction, as HTML."));
}

// In what order courses come; ids tell when they were made.
enum class CourseOrder { title, title_back, oldest, newest };

constexpr auto names_of(CourseOrder) {
  return std::array{std::pair{CourseOrder::title, std::string_view{"title"}},
                    std::pair{CourseOrder::title_back, std::string_view{"-title"}},
                    std::pair{CourseOrder::oldest, std::string_view{"createdAt"}},
                    std::pair{CourseOrder::newest, std::string_view{"-createdAt"}}};
}

// What GET /api/courses may be asked for.
struct CourseListForm {
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
  std::optional<catalogue::CourseAccess> access{};
  std::optional<std::string> category{};
  std::optional<bool> entitled{};
  std::optional<CourseOrder> sort{};
};

constexpr auto fields_of(const CourseListForm*) {
  return table(
      "CourseListForm", field("limit", &CourseListForm::limit, "How many at once; 20 when not given.", range(1, 100)),
      field("cursor", &CourseListForm::cursor, "Where the page before ended, as it said.", length(1, 200)),
      field("access", &CourseListForm::access, "Only those that are free, or only those to be paid for."),
      field("category", &CourseListForm::category, "Only those of this category.", formatted(Format::slug, 60)),
      field("entitled", &CourseListForm::entitled, "Only those the caller may use now, or only those not."),
      field("sort", &CourseListForm::sort, "The order; with a minus backwards. By title when not given."));
}

// What GET /api/modules may be asked for.
struct ListForm {
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
};

constexpr auto fields_of(const ListForm*) {
  return table("ListForm", field("limit", &ListForm::limit, "How many at once; 20 when not given.", range(1, 100)),
               field("cursor", &ListForm::cursor, "Where the page before ended, as it said.", length(1, 200)));
}

// --- Lessons

struct LessonProgress {
  bool completed = false;
  std::optional<Instant> completed_at{};
  std::int64_t position_seconds = 0;
  std::optional<double> score_best{};
  std::optional<double> score_last{};
  std::optional<Instant> updated_at{};
};

constexpr auto fields_of(const LessonProgress*) {
  return table("LessonProgress", field("completed", &LessonProgress::completed, "Whether it is completed."),
               field("completedAt", &LessonProgress::completed_at, "When it was first completed."),
               field("positionSeconds", &LessonProgress::position_seconds, "The furthest place reached."),
               field("scoreBest", &LessonProgress::score_best, "The best score, in percent."),
               field("scoreLast", &LessonProgress::score_last, "The latest score, in percent."),
               field("updatedAt", &LessonProgress::updated_at, "When progress was last saved."));
}

// `media` and `progress` stand last: delivery.cc keeps everything before them encoded.
struct LessonView {
  catalogue::LessonId id{};
  catalogue::ModuleId module_id{};
  catalogue::CourseId course_id{};
  std::string course_slug{};
  std::string course_title{};
  std::string module_title{};
  std::int64_t level = 1;
  std::string title{};
  catalogue::LessonKind kind = catalogue::LessonKind::text;
  std::string body_html{};
  std::optional<std::string> embed_url{};
  bool preview = false;
  std::optional<std::int64_t> duration_seconds{};
  std::optional<catalogue::QuizId> quiz_id{};
  std::optional<catalogue::LessonId> previous_lesson_id{};
  std::optional<catalogue::LessonId> next_lesson_id{};
  std::optional<LessonMedia> media{};
  std::optional<LessonProgress> progress{};
};

constexpr auto fields_of(const LessonView*) {
  return table(
      "Lesson", field("id", &LessonView::id, "The lesson."),
      field("moduleId", &LessonView::module_id, "The module it belongs to."),
      field("courseId", &LessonView::course_id, "The course it belongs to."),
      field("courseSlug", &LessonView::course_slug, "That course's name in addresses."),
      field("courseTitle", &LessonView::course_title, "That course's title."),
      field("moduleTitle", &LessonView::module_title, "That module's title."),
      field("level", &LessonView::level, "The level it belongs to."), field("title", &LessonView::title, "Its title."),
      field("kind", &LessonView::kind, "What it consists of."),
      field("bodyHtml", &LessonView::body_html,
            "The text, as HTML that is safe to show. Music notation is <pre class=\"abc\" data-abc> with ABC text."),
      field("embedUrl", &LessonView::embed_url,
            "What to embed, for kind embed. /embed/{lessonId} is a page that does."),
      field("preview", &LessonView::preview, "Whether everybody may open it."),
      field("durationSeconds", &LessonView::duration_seconds, "The time it is likely to take."),
      field("quizId", &LessonView::quiz_id, "Its quiz, for kind quiz."),
      field("previousLessonId", &LessonView::previous_lesson_id, "The lesson before it in the course."),
      field("nextLessonId", &LessonView::next_lesson_id, "The lesson after it in the course."),
      field("media", &LessonView::media, "What it shows, plays or hands out, for kinds image, audio, video and file."),
      field("progress", &LessonView::progress, "How far the caller is with it; null before the first step."));
}

// --- Progress

struct ProgressForm {
  std::optional<std::int64_t> level{};
  std::optional<catalogue::ModuleId> module_id{};
  std::optional<catalogue::LessonId> lesson_id{};
  std::optional<catalogue::CourseId> course_id{};
  std::optional<double> score{};
  std::optional<bool> completed{};
  std::optional<std::int64_t> position_seconds{};
  std::vector<std::vector<std::int64_t>> watched_ranges{};
  std::optional<Instant> client_time{};
};

constexpr auto fields_of(const ProgressForm*) {
  return table(
      "ProgressForm", field("level", &ProgressForm::level, "The level this is about.", range(1, 99)),
      field("moduleId", &ProgressForm::module_id, "The module this is about."),
      field("lessonId", &ProgressForm::lesson_id, "The lesson this is about. Exactly one of the three is given."),
      field("courseId", &ProgressForm::course_id,
            "The course of the level; may be left out where only one course has it, or only one of these is begun."),
      field("score", &ProgressForm::score, "A score in percent; the best and the last are kept.", range(0, 100)),
      field(
          "completed", &ProgressForm::completed,
          "Whether it is completed, which stays so. For a module or level this completes all its lessons but quizzes, "
          "which are completed by passing them."),
      field("positionSeconds", &ProgressForm::position_seconds, "How far one has come; the furthest is kept.",
            range(0, 86400)),
      field("watchedRanges", &ProgressForm::watched_ranges,
            "What was watched of a recording, as pairs of seconds from and to; all that is reported adds up.",
            items(0, 100)),
      field("clientTime", &ProgressForm::client_time, "The sender's clock, for diagnosis only."));
}

// Exactly one thing it is about, and ranges that run forwards.
void check_form(const ProgressForm& form, FormProblems& problems);

struct ScopedProgress {
  Scope scope = Scope::lesson;
  std::string scope_id{};
  bool completed = false;
  std::optional<Instant> completed_at{};
  std::int64_t position_seconds = 0;
  std::optional<double> score_best{};
  std::optional<double> score_last{};
  std::optional<Instant> updated_at{};
  std::optional<std::string> left{};
};

constexpr auto fields_of(const ScopedProgress*) {
  return table("ScopedProgress", field("scope", &ScopedProgress::scope, "What it is about."),
               field("scopeId", &ScopedProgress::scope_id,
                     "The lesson or module; for a level the course's id, a colon and the level."),
               field("completed", &ScopedProgress::completed, "Whether it is completed."),
               field("completedAt", &ScopedProgress::completed_at, "When it was first completed."),
               field("positionSeconds", &ScopedProgress::position_seconds, "The furthest place reached."),
               field("scoreBest", &ScopedProgress::score_best, "The best score, in percent."),
               field("scoreLast", &ScopedProgress::score_last, "The latest score, in percent."),
               field("updatedAt", &ScopedProgress::updated_at, "When progress was last saved."),
               field("left", &ScopedProgress::left,
                     "What a lesson still asks for, in a sentence; null: nothing, or to say that it is completed."));
}

struct LevelProgress {
  std::int64_t level = 1;
  std::int64_t lessons_total = 0;
  std::int64_t lessons_done = 0;
  bool completed = false;
};

constexpr auto fields_of(const LevelProgress*) {
  return table("LevelProgress", field("level", &LevelProgress::level, "The level."),
               field("lessonsTotal", &LevelProgress::lessons_total, "Lessons it has."),
               field("lessonsDone", &LevelProgress::lessons_done, "Lessons of it completed."),
               field("completed", &LevelProgress::completed, "Whether nothing of it is left to do."));
}

struct CourseProgress {
  catalogue::CourseId course_id{};
  std::string slug{};
  std::string title{};
  std::int64_t lessons_total = 0;
  std::int64_t lessons_done = 0;
  std::int64_t percent = 0;
  bool completed = false;
  std::optional<catalogue::LessonId> next_lesson_id{};
  std::vector<LevelProgress> levels{};
  bool certificate = false;
};

constexpr auto fields_of(const CourseProgress*) {
  return table("CourseProgress", field("courseId", &CourseProgress::course_id, "The course."),
               field("slug", &CourseProgress::slug, "Its name in addresses."),
               field("title", &CourseProgress::title, "Its title."),
               field("lessonsTotal", &CourseProgress::lessons_total, "Lessons there are now."),
               field("lessonsDone", &CourseProgress::lessons_done, "Lessons of these completed."),
               field("percent", &CourseProgress::percent, "The share completed, rounded down."),
               field("completed", &CourseProgress::completed, "Whether nothing is left to do."),
               field("nextLessonId", &CourseProgress::next_lesson_id, "The first lesson that is left to do."),
               field("levels", &CourseProgress::levels, "Level by level; empty in the answer to a save."),
               field("certificate", &CourseProgress::certificate, "Whether finishing it earns a certificate."));
}

struct EarnedView {
  std::string key{};
  std::string title{};
};

constexpr auto fields_of(const EarnedView*) {
  return table("Earned", field("key", &EarnedView::key, "The achievement's name, which never changes."),
               field("title", &EarnedView::title, "Its title."));
}

struct ProgressSaved {
  ScopedProgress progress{};
  CourseProgress course{};
  StatsView stats{};
  std::vector<EarnedView> earned{};
};

constexpr auto fields_of(const ProgressSaved*) {
  return table("ProgressSaved", field("progress", &ProgressSaved::progress, "What was saved, as it stands now."),
               field("course", &ProgressSaved::course, "How far the caller is with the course."),
               field("stats", &ProgressSaved::stats, "The caller's statistics."),
               field("earned", &ProgressSaved::earned, "The achievements this very save earned."));
}

// On a stream of events (outreach/live.h): what a save changed.
struct ProgressTold {
  CourseProgress course{};
  StatsView stats{};
};

constexpr auto fields_of(const ProgressTold*) {
  return table("ProgressTold", field("course", &ProgressTold::course, "How far the learner is with the course."),
               field("stats", &ProgressTold::stats, "The learner's statistics."));
}

struct ProgressView {
  StatsView stats{};
  std::vector<CourseProgress> courses{};
};

constexpr auto fields_of(const ProgressView*) {
  return table("Progress", field("stats", &ProgressView::stats, "The caller's statistics."),
               field("courses", &ProgressView::courses, "Every course begun, the latest first."));
}

}  // namespace tuition::learning
