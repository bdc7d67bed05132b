#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/types.h"
#include "catalogue/wire.h"
#include "platform/base/fields.h"

// Quizzes with their answers, for the course's author only.
namespace tuition::catalogue {

struct QuizForm {
  std::optional<ModuleId> module{};
  std::optional<LessonId> lesson{};
  std::string title{};
  std::optional<std::int64_t> pass_percent{};
  std::optional<std::int64_t> attempts_max{};
  std::optional<std::int64_t> time_limit_s{};
  std::optional<bool> shuffle{};
  std::optional<Feedback> feedback{};
  std::optional<bool> negative_marks{};
  std::optional<std::int64_t> draw{};
  std::optional<std::int64_t> revision{};
};

constexpr auto fields_of(const QuizForm*) {
  return table(
      "QuizForm",
      field("moduleId", &QuizForm::module, "For a new quiz: the module that gets a lesson with it; this or lessonId."),
      field("lessonId", &QuizForm::lesson, "For a new quiz: a lesson of kind quiz that has none."),
      field("title", &QuizForm::title, "Its title.", length(1, 200)),
      field("passPercent", &QuizForm::pass_percent, "The share of points that passes; left out: 70.", range(0, 100)),
      field("maxAttempts", &QuizForm::attempts_max, "How often it may be taken; left out: without limit.",
            range(1, 1000)),
      field("timeLimitSeconds", &QuizForm::time_limit_s, "How long an attempt lasts; left out: without limit.",
            range(10, 86400)),
      field("shuffle", &QuizForm::shuffle, "Whether every attempt has an order of its own."),
      field("feedback", &QuizForm::feedback, "When is told what is right; left out: immediate."),
      field("negativeMarks", &QuizForm::negative_marks, "Whether a wrong answer costs points."),
      field("draw", &QuizForm::draw, "How many of the questions an attempt asks; left out: all.", range(1, 500)),
      field("revision", &QuizForm::revision, revision_sentence, range(1, 1'000'000'000)));
}

// What is right, in the author's words: one of the members says it, by kind.
struct PairForm {
  std::string left{};
  std::string right{};
  bool operator==(const PairForm&) const = default;
};

constexpr auto fields_of(const PairForm*) {
  return table("QuestionPair", field("left", &PairForm::left, "What is shown.", length(1, 255)),
               field("right", &PairForm::right, "What belongs to it.", length(1, 255)));
}

struct ChoiceForm {
  std::string text{};
  bool right = false;
  bool operator==(const ChoiceForm&) const = default;
};

constexpr auto fields_of(const ChoiceForm*) {
  return table("QuestionChoice", field("text", &ChoiceForm::text, "The option, inline Markdown.", length(1, 500)),
               field("right", &ChoiceForm::right, "Whether it is right."));
}

struct QuestionForm {
  QuestionKind kind = QuestionKind::single;
  std::string question{};
  std::vector<ChoiceForm> choices{};
  std::optional<std::string> number{};
  std::optional<std::string> tolerance{};
  std::vector<std::string> accepted{};
  std::vector<std::string> order{};
  std::vector<PairForm> pairs{};
  std::optional<std::string> explanation{};
  std::optional<std::int64_t> points{};
  std::optional<std::string> media{};
  std::optional<std::int64_t> revision{};
};

constexpr auto fields_of(const QuestionForm*) {
  return table(
      "QuestionForm", field("kind", &QuestionForm::kind, "How it is answered."),
      field("question", &QuestionForm::question, "The question, as Markdown. Its first line stands alone.",
            long_text(1, 20'000)),
      field("choices", &QuestionForm::choices,
            "For single, multiple and true_false: what can be chosen. true_false has True and False, in this order.",
            items(0, 20)),
      field("number", &QuestionForm::number, "For number: the right value, in decimal digits.", length(1, 20)),
      field("tolerance", &QuestionForm::tolerance, "For number: how far off is right as well; left out: 0.",
            length(1, 20)),
      field("accepted", &QuestionForm::accepted, "For text: every answer that is right.", items(0, 50)),
      field("order", &QuestionForm::order, "For ordering: the items in their right order.", items(0, 20)),
      field("pairs", &QuestionForm::pairs, "For matching: what belongs together.", items(0, 20)),
      field("explanation", &QuestionForm::explanation, "Shown after answering, as Markdown.", long_text(0, 20'000)),
      field("points", &QuestionForm::points, "What the right answer is worth; left out: 1.", range(1, 100)),
      field("mediaId", &QuestionForm::media, "An image or a recording that belongs to it.", formatted(Format::uuid)),
      field("revision", &QuestionForm::revision, revision_sentence, range(1, 1'000'000'000)));
}

struct QuestionSource {
  QuestionId id{};
  QuestionKind kind = QuestionKind::single;
  std::string question{};
  std::string question_html{};
  std::vector<ChoiceForm> choices{};
  std::optional<std::string> number{};
  std::optional<std::string> tolerance{};
  std::vector<std::string> accepted{};
  std::vector<std::string> order{};
  std::vector<PairForm> pairs{};
  std::string explanation{};
  std::int64_t points = 1;
  std::optional<std::string> media{};
  std::int64_t revision = 1;
};

constexpr auto fields_of(const QuestionSource*) {
  return table("QuestionSource", field("id", &QuestionSource::id, "The question."),
               field("kind", &QuestionSource::kind, "How it is answered."),
               field("question", &QuestionSource::question, "The question, as Markdown."),
               field("questionHtml", &QuestionSource::question_html, "The question as learners see it."),
               field("choices", &QuestionSource::choices, "What can be chosen, and what is right."),
               field("number", &QuestionSource::number, "For number: the right value."),
               field("tolerance", &QuestionSource::tolerance, "For number: how far off is right as well."),
               field("accepted", &QuestionSource::accepted, "For text: every answer that is right."),
               field("order", &QuestionSource::order, "For ordering: the items in their right order."),
               field("pairs", &QuestionSource::pairs, "For matching: what belongs together."),
               field("explanation", &QuestionSource::explanation, "Shown after answering, as Markdown."),
               field("points", &QuestionSource::points, "What the right answer is worth."),
               field("mediaId", &QuestionSource::media, "An image or a recording that belongs to it."),
               field("revision", &QuestionSource::revision, "Grows with every change."));
}

struct QuizSource {
  QuizId id{};
  LessonId lesson{};
  ModuleId module{};
  CourseId course{};
  std::string title{};
  std::int64_t pass_percent = 70;
  std::optional<std::int64_t> attempts_max{};
  std::optional<std::int64_t> time_limit_s{};
  bool shuffle = false;
  Feedback feedback = Feedback::immediate;
  bool negative_marks = false;
  std::optional<std::int64_t> draw{};
  std::int64_t revision = 1;
  std::vector<QuestionSource> questions{};
};

constexpr auto fields_of(const QuizSource*) {
  return table("QuizSource", field("id", &QuizSource::id, "The quiz."),
               field("lessonId", &QuizSource::lesson, "The lesson it belongs to."),
               field("moduleId", &QuizSource::module, "The module it belongs to."),
               field("courseId", &QuizSource::course, "The course it belongs to."),
               field("title", &QuizSource::title, "Its title."),
               field("passPercent", &QuizSource::pass_percent, "The share of points that passes."),
               field("maxAttempts", &QuizSource::attempts_max, "How often it may be taken; null: without limit."),
               field("timeLimitSeconds", &QuizSource::time_limit_s, "How long an attempt lasts; null: without limit."),
               field("shuffle", &QuizSource::shuffle, "Whether every attempt has an order of its own."),
               field("feedback", &QuizSource::feedback, "When is told what is right."),
               field("negativeMarks", &QuizSource::negative_marks, "Whether a wrong answer costs points."),
               field("draw", &QuizSource::draw, "How many of the questions an attempt asks; null: all."),
               field("revision", &QuizSource::revision, "Grows with every change of these members."),
               field("questions", &QuizSource::questions, "Those in use, in order."));
}

// A question of the course's bank, and where it is asked.
struct BankQuestion {
  QuestionId id{};
  QuizId quiz{};
  std::string quiz_title{};
  QuestionKind kind = QuestionKind::single;
  std::string question{};
  std::int64_t points = 1;
  bool retired = false;
};

constexpr auto fields_of(const BankQuestion*) {
  return table("BankQuestion", field("id", &BankQuestion::id, "The question."),
               field("quizId", &BankQuestion::quiz, "The quiz it was written for."),
               field("quizTitle", &BankQuestion::quiz_title, "That quiz's title."),
               field("kind", &BankQuestion::kind, "How it is answered."),
               field("question", &BankQuestion::question, "The question, as Markdown."),
               field("points", &BankQuestion::points, "What the right answer is worth."),
               field("retired", &BankQuestion::retired, "Whether it was taken out of its quiz."));
}

struct BankForm {
  std::optional<std::string> query{};
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
};

constexpr auto fields_of(const BankForm*) {
  return table("BankForm", field("q", &BankForm::query, "Only those with this in the question.", length(0, 100)),
               field("limit", &BankForm::limit, "How many at once; 20 unless said.", range(1, 100)),
               field("cursor", &BankForm::cursor, "Where the page before ended.", length(1, 200)));
}

struct CopyForm {
  std::vector<QuestionId> questions{};
};

constexpr auto fields_of(const CopyForm*) {
  return table("CopyForm",
               field("questionIds", &CopyForm::questions, "Questions of the course's bank.", items(1, 100)));
}

}  // namespace tuition::catalogue
