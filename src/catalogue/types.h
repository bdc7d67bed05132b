#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "catalogue/media/file_facts.h"
#include "platform/base/id.h"
#include "platform/base/time.h"

namespace tuition::catalogue {

using CourseId = Id<struct CourseTag>;
using ModuleId = Id<struct ModuleTag>;
using LessonId = Id<struct LessonTag>;
using QuizId = Id<struct QuizTag>;
using QuestionId = Id<struct QuestionTag>;

enum class Status { draft, published, archived };

constexpr auto names_of(Status) {
  return std::array{std::pair{Status::draft, std::string_view{"draft"}},
                    std::pair{Status::published, std::string_view{"published"}},
                    std::pair{Status::archived, std::string_view{"archived"}}};
}

enum class CourseAccess { free, paid };

constexpr auto names_of(CourseAccess) {
  return std::array{std::pair{CourseAccess::free, std::string_view{"free"}},
                    std::pair{CourseAccess::paid, std::string_view{"paid"}}};
}

// A colour token of the web app.
enum class Accent { violet, teal, amber, rose, blue, green };

constexpr auto names_of(Accent) {
  return std::array{
      std::pair{Accent::violet, std::string_view{"violet"}}, std::pair{Accent::teal, std::string_view{"teal"}},
      std::pair{Accent::amber, std::string_view{"amber"}},   std::pair{Accent::rose, std::string_view{"rose"}},
      std::pair{Accent::blue, std::string_view{"blue"}},     std::pair{Accent::green, std::string_view{"green"}}};
}

enum class LessonKind { text, image, audio, video, file, embed, quiz, case_review, practice };

constexpr auto names_of(LessonKind) {
  return std::array{std::pair{LessonKind::text, std::string_view{"text"}},
                    std::pair{LessonKind::image, std::string_view{"image"}},
                    std::pair{LessonKind::audio, std::string_view{"audio"}},
                    std::pair{LessonKind::video, std::string_view{"video"}},
                    std::pair{LessonKind::file, std::string_view{"file"}},
                    std::pair{LessonKind::embed, std::string_view{"embed"}},
                    std::pair{LessonKind::quiz, std::string_view{"quiz"}},
                    std::pair{LessonKind::case_review, std::string_view{"case_review"}},
                    std::pair{LessonKind::practice, std::string_view{"practice"}}};
}

// What completes a lesson.
enum class Completion { read, watched, passed, dwell };

constexpr auto names_of(Completion) {
  return std::array{std::pair{Completion::read, std::string_view{"read"}},
                    std::pair{Completion::watched, std::string_view{"watched"}},
                    std::pair{Completion::passed, std::string_view{"passed"}},
                    std::pair{Completion::dwell, std::string_view{"dwell"}}};
}

// What its author asks of a lesson, beside its place in the course (lesson_rules.h).
struct LessonRules {
  std::optional<Completion> completion{};         // none: as its kind has it
  std::optional<std::int64_t> watched_percent{};  // with Completion::watched
  std::optional<std::int64_t> dwell_seconds{};    // with Completion::dwell
  std::optional<std::int64_t> drip_days{};        // opens so many days after joining
  std::optional<Instant> drip_at{};               // opens at this time
  std::vector<LessonId> prerequisites{};          // of the same course, to be completed before
  bool operator==(const LessonRules&) const = default;
};

enum class QuestionKind { single, multiple, true_false, number, text, ordering, matching };

constexpr auto names_of(QuestionKind) {
  return std::array{std::pair{QuestionKind::single, std::string_view{"single"}},
                    std::pair{QuestionKind::multiple, std::string_view{"multiple"}},
                    std::pair{QuestionKind::true_false, std::string_view{"true_false"}},
                    std::pair{QuestionKind::number, std::string_view{"number"}},
                    std::pair{QuestionKind::text, std::string_view{"text"}},
                    std::pair{QuestionKind::ordering, std::string_view{"ordering"}},
                    std::pair{QuestionKind::matching, std::string_view{"matching"}}};
}

enum class Feedback { immediate, after, never };

constexpr auto names_of(Feedback) {
  return std::array{std::pair{Feedback::immediate, std::string_view{"immediate"}},
                    std::pair{Feedback::after, std::string_view{"after"}},
                    std::pair{Feedback::never, std::string_view{"never"}}};
}

// --- The published outline, as it stands in memory. Bodies are not in it.

struct Lesson {
  LessonId id{};
  LessonKind kind = LessonKind::text;
  std::string title{};
  bool preview = false;
  std::optional<std::int64_t> duration_seconds{};
  std::optional<std::string> embed_url{};
  QuizId quiz{};              // empty: none
  std::string media{};        // id of what it shows or plays; empty: none
  bool downloadable = false;  // whether that may be kept
  LessonRules rules{};
  std::size_t module = 0;  // index in Course::modules
  std::int64_t level = 1;  // of its module
};

struct Module {
  ModuleId id{};
  std::string title{};
  std::int64_t level = 1;
  std::int64_t order_index = 0;
  bool preview = false;
  std::optional<std::int64_t> drip_days{};
  std::optional<Instant> drip_at{};
  std::size_t first_lesson = 0;  // its lessons stand together in Course::lessons
  std::size_t lesson_count = 0;
};

inline constexpr std::int64_t certificate_months_max = 600;

// What a course asks and gives beside its lessons (course_terms.h).
struct CourseTerms {
  bool certificate = false;                          // finishing it earns one
  std::optional<std::int64_t> certificate_months{};  // so long it holds; none: for good
  UserId teacher{};                                  // empty: every instructor
  std::vector<CourseId> prerequisites{};             // to be finished before
  bool lessons_wait = false;                         // some lesson has prerequisites or a day of its own
  bool operator==(const CourseTerms&) const = default;
};

// `lessons` are all lessons in the order they are taken; a lesson's index there is its place. `revision` changes
// whenever the list does.
struct Course {
  CourseId id{};
  std::string slug{};
  std::string title{};
  std::string summary{};
  CourseAccess access = CourseAccess::paid;
  std::string category{};
  Accent accent = Accent::violet;
  std::optional<std::string> instructor{};
  bool level_gate = false;
  std::int64_t revision = 0;
  std::vector<Module> modules{};
  std::vector<Lesson> lessons{};
  std::vector<std::int64_t> levels{};  // each that has a module, ascending
  std::int64_t minutes = 0;
  CourseTerms terms{};
};

// Where something stands on the shelf. The pointers live as long as the shelf.
struct LessonPlace {
  const Course* course = nullptr;
  std::size_t index = 0;
  const Lesson& lesson() const { return course->lessons[index]; }
  const Module& module() const { return course->modules[lesson().module]; }
};
struct ModulePlace {
  const Course* course = nullptr;
  std::size_t index = 0;
  const Module& module() const { return course->modules[index]; }
};

// Everything that is published, at one moment; never changed once made.
struct Shelf {
  std::vector<Course> courses{};  // by title
  std::unordered_map<std::string, std::size_t> by_id{};
  std::unordered_map<std::string, std::size_t> by_slug{};
  std::unordered_map<std::string, LessonPlace> lessons{};
  std::unordered_map<std::string, ModulePlace> modules{};
  std::unordered_map<std::string, LessonPlace> quizzes{};  // the lesson of a quiz
  std::uint64_t version = 0;                               // grows with every shelf made

  const Course* course(std::string_view id_or_slug) const;
  const LessonPlace* lesson(const LessonId& id) const;
  const ModulePlace* module(const ModuleId& id) const;
  const LessonPlace* quiz(const QuizId& id) const;
};

// --- Quizzes, with their answers: never sent as they are.

struct Question {
  QuestionId id{};
  QuestionKind kind = QuestionKind::single;
  std::string question_html{};
  std::vector<std::string> options{};  // plain text
  std::string correct_json{};          // by kind, see schema
  std::string explanation_html{};
  std::int64_t points = 1;
  std::string media{};  // id of its image or recording; empty: none
};

struct Quiz {
  QuizId id{};
  LessonId lesson{};
  std::string title{};
  std::int64_t pass_percent = 70;
  std::optional<std::int64_t> attempts_max{};
  std::optional<std::int64_t> time_limit_s{};
  bool shuffle = false;
  Feedback feedback = Feedback::immediate;
  std::vector<Question> questions{};   // in order
  bool negative_marks = false;         // a wrong answer costs what a right one is worth
  std::optional<std::int64_t> draw{};  // an attempt asks so many of them
  std::int64_t max_score() const {
    std::int64_t sum = 0;
    for (const auto& each : questions) sum += each.points;
    return sum;
  }
};

// --- What a lesson of kind practice asks (practice_set.h)

enum class ExerciseKind { interval, chord, rhythm, note };

constexpr auto names_of(ExerciseKind) {
  return std::array{std::pair{ExerciseKind::interval, std::string_view{"interval"}},
                    std::pair{ExerciseKind::chord, std::string_view{"chord"}},
                    std::pair{ExerciseKind::rhythm, std::string_view{"rhythm"}},
                    std::pair{ExerciseKind::note, std::string_view{"note"}}};
}

struct ExerciseSpec {
  ExerciseKind kind = ExerciseKind::interval;
  std::int64_t level = 1;
  std::int64_t low = 60;  // MIDI: 60 is C4
  std::int64_t high = 84;
  bool operator==(const ExerciseSpec&) const = default;
};

struct PracticeSet {
  std::int64_t exercises = 10;
  std::int64_t pass_percent = 80;
  std::vector<ExerciseSpec> specs{};
  bool operator==(const PracticeSet&) const = default;
};

// --- A course as its author writes it: what a course folder holds.

struct QuestionDraft {
  QuestionKind kind = QuestionKind::single;
  std::string question{};  // Markdown
  std::vector<std::string> options{};
  std::string correct_json{};
  std::string explanation{};
  std::int64_t points = 1;
  std::string file{};   // its picture or recording: a path of CourseDraft::files; empty: none
  std::string media{};  // that file's id, once it has one
  bool operator==(const QuestionDraft&) const = default;
};

struct QuizDraft {
  std::int64_t pass_percent = 70;
  std::optional<std::int64_t> attempts_max{};
  std::vector<QuestionDraft> questions{};
  std::optional<std::int64_t> time_limit_s{};
  bool shuffle = false;
  Feedback feedback = Feedback::immediate;
  bool negative_marks = false;
  std::optional<std::int64_t> draw{};
  bool operator==(const QuizDraft&) const = default;
};

struct LessonDraft {
  std::string slug{};
  std::string file_name{};
  std::int64_t order_index = 0;
  std::string title{};
  LessonKind kind = LessonKind::text;
  bool preview = false;
  std::optional<std::int64_t> duration_seconds{};
  std::optional<std::string> embed_url{};
  std::string body_md{};
  std::string body_html{};  // rendered when it is put into the catalogue
  std::string file{};       // what it shows, plays or hands out: a path of CourseDraft::files; empty: none
  std::string media{};      // that file's id, once it has one
  std::optional<QuizDraft> quiz{};
  bool downloadable = false;
  LessonRules rules{};                   // without prerequisites
  std::vector<std::string> waits_for{};  // those, as "module-slug/lesson-slug"
  bool operator==(const LessonDraft&) const = default;
};

struct ModuleDraft {
  std::string slug{};
  std::string file_name{};
  std::int64_t order_index = 0;
  std::string title{};
  std::int64_t level = 1;
  bool preview = false;
  std::string body_md{};
  std::string body_html{};
  std::vector<LessonDraft> lessons{};
  std::optional<std::int64_t> drip_days{};
  std::optional<Instant> drip_at{};
  bool operator==(const ModuleDraft&) const = default;
};

// A file of the course's folder. Its bytes must outlive the draft; they are not there in a draft that was read back.
struct CourseFile {
  std::string path{};        // media/drone.ogg
  std::string sha256{};      // hex
  std::string_view bytes{};  // empty where they are put away already
  FileFacts facts{};
  bool operator==(const CourseFile& other) const { return path == other.path && sha256 == other.sha256; }
};

struct CourseDraft {
  std::string slug{};
  std::string title{};
  std::string summary{};
  CourseAccess access = CourseAccess::paid;
  Accent accent = Accent::violet;
  std::string instructor{};
  bool level_gate = false;
  std::string body_md{};
  std::string body_html{};
  std::vector<ModuleDraft> modules{};
  std::vector<CourseFile> files{};  // by path
  std::string category{};
  bool certificate = false;
  std::optional<std::int64_t> certificate_months{};
  std::vector<std::string> waits_for{};  // courses to be finished before, by slug
  bool operator==(const CourseDraft&) const = default;
};

}  // namespace tuition::catalogue
