#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalogue/catalogue.h"
#include "learning/types.h"
#include "platform/base/fields.h"

namespace tuition::learning {

struct PracticeNote {
  std::int64_t midi = 0;
  std::int64_t start_ms = 0;
  std::int64_t length_ms = 0;
};

constexpr auto fields_of(const PracticeNote*) {
  return table("PracticeNote", field("midi", &PracticeNote::midi, "Its pitch; 60 is C4."),
               field("startMs", &PracticeNote::start_ms, "When it begins."),
               field("lengthMs", &PracticeNote::length_ms, "How long it sounds."));
}

struct PracticeResult {
  std::int64_t number = 0;
  bool right = false;
  std::int64_t points = 0;
  std::optional<std::string> right_answer{};
  std::optional<std::int64_t> right_choice{};
};

constexpr auto fields_of(const PracticeResult*) {
  return table("PracticeResult", field("number", &PracticeResult::number, "The exercise, counted from 0."),
               field("right", &PracticeResult::right, "Whether it counts as right."),
               field("points", &PracticeResult::points, "What it is worth, of 100."),
               field("rightAnswer", &PracticeResult::right_answer, "The right answer, in words; null for a rhythm."),
               field("rightChoice", &PracticeResult::right_choice, "The number of the right choice."));
}

struct PracticeExercise {
  std::int64_t number = 0;
  catalogue::ExerciseKind kind = catalogue::ExerciseKind::interval;
  std::string prompt{};
  std::vector<PracticeNote> notes{};
  std::optional<std::string> abc{};
  std::vector<std::string> choices{};
  std::optional<std::int64_t> tempo{};
  std::optional<std::int64_t> beats{};
  std::optional<PracticeResult> result{};
};

constexpr auto fields_of(const PracticeExercise*) {
  return table("PracticeExercise", field("number", &PracticeExercise::number, "Its number, counted from 0."),
               field("kind", &PracticeExercise::kind, "What it trains."),
               field("prompt", &PracticeExercise::prompt, "What is asked."),
               field("notes", &PracticeExercise::notes, "What is to be heard; empty: nothing."),
               field("abc", &PracticeExercise::abc, "What is to be seen, in ABC notation; null: nothing."),
               field("choices", &PracticeExercise::choices, "What to choose from; empty: it is tapped."),
               field("tempo", &PracticeExercise::tempo, "Beats a minute, for a rhythm."),
               field("beats", &PracticeExercise::beats, "How many beats the rhythm has."),
               field("result", &PracticeExercise::result, "What came of it; null: not answered yet."));
}

struct PracticeRound {
  RoundId id{};
  catalogue::LessonId lesson_id{};
  Instant started_at{};
  std::optional<Instant> finished_at{};
  std::int64_t pass_percent = 80;
  std::optional<std::int64_t> percent{};
  std::optional<bool> passed{};
  std::vector<PracticeExercise> exercises{};
};

constexpr auto fields_of(const PracticeRound*) {
  return table(
      "PracticeRound", field("id", &PracticeRound::id, "The round."),
      field("lessonId", &PracticeRound::lesson_id, "The lesson it belongs to."),
      field("startedAt", &PracticeRound::started_at, "When it began."),
      field("finishedAt", &PracticeRound::finished_at, "When the last exercise was answered; null: it is open."),
      field("passPercent", &PracticeRound::pass_percent, "The share that passes."),
      field("percent", &PracticeRound::percent, "The share reached, once finished."),
      field("passed", &PracticeRound::passed, "Whether that is enough, once finished."),
      field("exercises", &PracticeRound::exercises, "What it asks, in order."));
}

struct PracticeAnswerForm {
  std::int64_t number = 0;
  JsonText answer{};
};

constexpr auto fields_of(const PracticeAnswerForm*) {
  return table("PracticeAnswerForm",
               field("number", &PracticeAnswerForm::number, "The exercise, counted from 0.", range(0, 49)),
               field("answer", &PracticeAnswerForm::answer,
                     "The number of a choice, counted from 0; for a rhythm the times of the taps in whole milliseconds "
                     "from the first beat on.",
                     length(1, 4096)));
}

struct PracticeAnswered {
  PracticeResult result{};
  std::int64_t answered = 0;
  std::int64_t total = 0;
  std::optional<std::int64_t> percent{};
  std::optional<bool> passed{};
};

constexpr auto fields_of(const PracticeAnswered*) {
  return table("PracticeAnswered", field("result", &PracticeAnswered::result, "What came of this exercise."),
               field("answered", &PracticeAnswered::answered, "Exercises of the round answered so far."),
               field("total", &PracticeAnswered::total, "Exercises there are."),
               field("percent", &PracticeAnswered::percent, "The share reached, once this was the last."),
               field("passed", &PracticeAnswered::passed, "Whether that is enough, once this was the last."));
}

struct PracticeView {
  catalogue::LessonId lesson_id{};
  std::int64_t exercises = 0;
  std::int64_t pass_percent = 0;
  std::vector<catalogue::ExerciseKind> kinds{};
  std::int64_t rounds = 0;
  std::optional<std::int64_t> best_percent{};
  std::optional<RoundId> open_round_id{};
};

constexpr auto fields_of(const PracticeView*) {
  return table("Practice", field("lessonId", &PracticeView::lesson_id, "The lesson."),
               field("exercises", &PracticeView::exercises, "How many exercises make a round."),
               field("passPercent", &PracticeView::pass_percent, "The share that passes."),
               field("kinds", &PracticeView::kinds, "What is trained, each kind once."),
               field("rounds", &PracticeView::rounds, "Rounds the caller has finished."),
               field("bestPercent", &PracticeView::best_percent, "The best of them; null before the first."),
               field("openRoundId", &PracticeView::open_round_id, "The round that was begun and not finished."));
}

// A round of what is being written, kept nowhere.
struct PracticeTrialForm {
  std::string markdown{};
};

constexpr auto fields_of(const PracticeTrialForm*) {
  return table("PracticeTrialForm", field("markdown", &PracticeTrialForm::markdown,
                                          "The lesson's text, with its fence.", catalogue::markdown_text()));
}

struct PracticeMistake {
  std::int64_t line = 1;
  std::string what{};
};

constexpr auto fields_of(const PracticeMistake*) {
  return table("PracticeMistake", field("line", &PracticeMistake::line, "The line of the text, counted from 1."),
               field("what", &PracticeMistake::what, "What is wrong with it."));
}

struct PracticeTrial {
  std::int64_t seed = 0;
  std::int64_t pass_percent = 80;
  std::vector<PracticeExercise> exercises{};
  std::vector<PracticeMistake> mistakes{};
};

constexpr auto fields_of(const PracticeTrial*) {
  return table("PracticeTrial",
               field("seed", &PracticeTrial::seed, "What this round is made of, to be sent back with each answer."),
               field("passPercent", &PracticeTrial::pass_percent, "The share that passes."),
               field("exercises", &PracticeTrial::exercises, "What the round asks; none where there are mistakes."),
               field("mistakes", &PracticeTrial::mistakes, "What is wrong with the fence, line by line."));
}

inline constexpr std::int64_t trial_seed_max = (std::int64_t{1} << 53) - 1;  // what every JSON reader keeps exactly

struct PracticeTrialAnswerForm {
  std::string markdown{};
  std::int64_t seed = 0;
  std::int64_t number = 0;
  JsonText answer{};
};

constexpr auto fields_of(const PracticeTrialAnswerForm*) {
  return table("PracticeTrialAnswerForm",
               field("markdown", &PracticeTrialAnswerForm::markdown, "The text as the round was made of it.",
                     catalogue::markdown_text()),
               field("seed", &PracticeTrialAnswerForm::seed, "The round's seed.", range(0, trial_seed_max)),
               field("number", &PracticeTrialAnswerForm::number, "The exercise, counted from 0.", range(0, 49)),
               field("answer", &PracticeTrialAnswerForm::answer, "As in a round that counts.", length(1, 4096)));
}

}  // namespace tuition::learning
