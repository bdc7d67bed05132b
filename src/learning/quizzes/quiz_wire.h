#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/types.h"
#include "learning/media/media_wire.h"
#include "learning/types.h"
#include "platform/base/fields.h"

namespace tuition::learning {

struct QuestionView {
  catalogue::QuestionId id{};
  catalogue::QuestionKind kind = catalogue::QuestionKind::single;
  std::string question{};
  std::vector<std::string> options{};
  std::int64_t points = 1;
  std::vector<std::string> choices{};
  std::optional<LessonMedia> media{};
};

constexpr auto fields_of(const QuestionView*) {
  return table("Question", field("id", &QuestionView::id, "The question."),
               field("kind", &QuestionView::kind, "How it is answered."),
               field("question", &QuestionView::question, "The question, as HTML that is safe to show."),
               field("options", &QuestionView::options,
                     "What can be chosen, put in order, or (matching) is given a choice, as plain text."),
               field("points", &QuestionView::points, "What the right answer is worth."),
               field("choices", &QuestionView::choices, "For matching: what belongs to the options, in another order."),
               field("media", &QuestionView::media, "The image or recording it is about."));
}

struct QuizBest {
  std::int64_t score = 0;
  std::int64_t max_score = 0;
  bool passed = false;
};

constexpr auto fields_of(const QuizBest*) {
  return table("QuizBest", field("score", &QuizBest::score, "Points reached."),
               field("maxScore", &QuizBest::max_score, "Points there were."),
               field("passed", &QuizBest::passed, "Whether that was enough."));
}

struct QuizView {
  catalogue::QuizId id{};
  catalogue::LessonId lesson_id{};
  std::string title{};
  std::int64_t pass_percent = 0;
  std::optional<std::int64_t> max_attempts{};
  std::vector<QuestionView> questions{};
  std::int64_t attempts_used = 0;
  std::optional<QuizBest> best{};
  std::int64_t question_count = 0;
  std::optional<std::int64_t> time_limit_seconds{};
  catalogue::Feedback feedback = catalogue::Feedback::immediate;
  bool negative_marks = false;
};

constexpr auto fields_of(const QuizView*) {
  return table(
      "Quiz", field("id", &QuizView::id, "The quiz."),
      field("lessonId", &QuizView::lesson_id, "The lesson it belongs to."),
      field("title", &QuizView::title, "Its title."),
      field("passPercent", &QuizView::pass_percent, "The share of points that passes."),
      field("maxAttempts", &QuizView::max_attempts, "How often it may be taken; null: without limit."),
      field("questions", &QuizView::questions,
            "The questions, without their answers; empty where each attempt draws or shuffles its own."),
      field("attemptsUsed", &QuizView::attempts_used, "How often the caller has begun it."),
      field("best", &QuizView::best, "The caller's best result; null before the first."),
      field("questionCount", &QuizView::question_count, "How many questions an attempt asks."),
      field("timeLimitSeconds", &QuizView::time_limit_seconds, "The time an attempt has; null: without limit."),
      field("feedback", &QuizView::feedback, "When it is told what is right: immediate, after handing in, or never."),
      field("negativeMarks", &QuizView::negative_marks, "Whether a wrong answer costs what a right one is worth."));
}

struct AnswerForm {
  catalogue::QuestionId question_id{};
  JsonText answer{};
};

constexpr auto fields_of(const AnswerForm*) {
  return table("AnswerForm", field("questionId", &AnswerForm::question_id, "The question answered."),
               field("answer", &AnswerForm::answer,
                     "single and true_false: the option's number as the attempt shows them, counted from 0; multiple: "
                     "a list of these; ordering: the numbers of all in the right order; matching: for each option the "
                     "number of its choice; number and text: text.",
                     length(0, 8192)));
}

struct AnswerResult {
  catalogue::QuestionId question_id{};
  std::optional<bool> correct{};
  std::optional<std::string> explanation_html{};
  std::int64_t points = 0;
};

constexpr auto fields_of(const AnswerResult*) {
  return table("AnswerResult", field("questionId", &AnswerResult::question_id, "The question answered."),
               field("correct", &AnswerResult::correct, "Whether it is right; null until the quiz tells."),
               field("explanationHtml", &AnswerResult::explanation_html, "Why, as HTML; null until the quiz tells."),
               field("points", &AnswerResult::points, "Points for it; 0 until the quiz tells."));
}

struct AttemptAnswer {
  catalogue::QuestionId question_id{};
  std::optional<bool> correct{};
  std::optional<std::string> explanation{};
  JsonText answer{};
  std::optional<std::int64_t> points{};
};

constexpr auto fields_of(const AttemptAnswer*) {
  return table("AttemptAnswer", field("questionId", &AttemptAnswer::question_id, "The question."),
               field("correct", &AttemptAnswer::correct, "Whether it was answered rightly; null until that is told."),
               field("explanation", &AttemptAnswer::explanation, "Why, as HTML; null until that is told."),
               field("answer", &AttemptAnswer::answer, "What was answered."),
               field("points", &AttemptAnswer::points, "What it was worth; null until that is told."));
}

struct AttemptView {
  AttemptId id{};
  catalogue::QuizId quiz_id{};
  std::int64_t no = 1;
  Instant started_at{};
  std::optional<Instant> deadline_at{};
  std::optional<Instant> submitted_at{};
  std::optional<std::int64_t> score{};
  std::int64_t max_score = 0;
  std::optional<bool> passed{};
  std::vector<AttemptAnswer> answers{};
  std::vector<QuestionView> questions{};
};

constexpr auto fields_of(const AttemptView*) {
  return table("Attempt", field("id", &AttemptView::id, "The attempt."),
               field("quizId", &AttemptView::quiz_id, "The quiz."),
               field("no", &AttemptView::no, "The caller's first attempt is 1."),
               field("startedAt", &AttemptView::started_at, "When it began."),
               field("deadlineAt", &AttemptView::deadline_at, "Until when it may be answered; null: without limit."),
               field("submittedAt", &AttemptView::submitted_at, "When it was handed in; null: it is open."),
               field("score", &AttemptView::score, "Points reached, once handed in."),
               field("maxScore", &AttemptView::max_score, "Points there are."),
               field("passed", &AttemptView::passed, "Whether that is enough, once handed in."),
               field("answers", &AttemptView::answers, "The questions answered so far."),
               field("questions", &AttemptView::questions, "What this attempt asks, in its order, as it shows it."));
}

}  // namespace tuition::learning
