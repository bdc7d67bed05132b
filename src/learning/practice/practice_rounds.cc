#include "learning/practice/practice_rounds.h"

#include <algorithm>
#include <array>

#include "learning/access.h"
#include "learning/honours/store_honours.h"
#include "learning/learning.h"
#include "learning/practice/practice.h"
#include "learning/practice/store_practice.h"
#include "learning/progress/journal.h"

namespace tuition::learning {
namespace {

Error no_such_practice() { return not_found("There is no practice in this lesson."); }
Error no_such_round() { return not_found("There is no such round of practice."); }

struct AdmittedPractice {
  catalogue::ShelfPtr shelf;
  const catalogue::LessonPlace* place;
};

Result<AdmittedPractice> admitted(Learning& door, const Caller& caller, const catalogue::LessonId& id) {
  auto shelf = catalogue::shelf(door.catalogue);
  const auto* place = shelf->lesson(id);
  if (!place || place->lesson().kind != catalogue::LessonKind::practice) return no_such_practice();
  const auto viewer = viewer_of(door, caller);
  if (const auto lock = lock_of(viewer, *place, standing_for(door, viewer, *place->course))) return locked_error(*lock);
  return AdmittedPractice{std::move(shelf), place};
}

std::vector<Exercise> exercises_of_round(const store::Round& round) {
  return exercises_of(read_kept_set(round.spec_json), static_cast<std::uint64_t>(round.seed));
}

PracticeResult result_of(std::int64_t number, const Exercise& exercise, std::int64_t points) {
  PracticeResult result{number, points >= right_from, points, {}, {}};
  if (exercise.choices.empty()) return result;
  result.right_answer = answer_of(exercise);
  result.right_choice = exercise.right;
  return result;
}

PracticeExercise view_of(std::int64_t number, const Exercise& exercise) {
  PracticeExercise view{number, exercise.kind, exercise.prompt, {}, {}, exercise.choices, {}, {}, {}};
  for (const auto& note : exercise.notes) view.notes.push_back({note.midi, note.start_ms, note.length_ms});
  if (!exercise.abc.empty()) view.abc = exercise.abc;
  if (exercise.tempo > 0) {
    view.tempo = exercise.tempo;
    view.beats = exercise.beats;
  }
  return view;
}

PracticeRound view_of(ReadTx& tx, const store::Round& round) {
  const auto set = read_kept_set(round.spec_json);
  PracticeRound view{round.id,         round.lesson, round.started_at, round.finished_at,
                     set.pass_percent, {},           round.passed,     {}};
  if (round.finished_at) view.percent = round.points / round.total;
  const auto exercises = exercises_of_round(round);
  for (std::size_t i = 0; i < exercises.size(); ++i)
    view.exercises.push_back(view_of(static_cast<std::int64_t>(i), exercises[i]));
  for (const auto& answer : store::round_answers(tx, round.id)) {
    const auto at = static_cast<std::size_t>(answer.number);
    view.exercises.at(at).result = result_of(answer.number, exercises.at(at), answer.points);
  }
  return view;
}

std::int64_t seed_from(Entropy& entropy) {
  std::array<std::uint8_t, 8> bytes{};
  entropy.fill(bytes);
  std::uint64_t seed = 0;
  for (const auto byte : bytes) seed = seed << 8 | byte;
  return static_cast<std::int64_t>(seed);
}

// The last exercise was answered.
void finish(Learning& door, WriteTx& tx, const Caller& caller, const catalogue::LessonPlace& place,
            store::Round& round) {
  const auto percent = round.points / round.total;
  round.finished_at = door.clock.now();
  round.passed = percent >= read_kept_set(round.spec_json).pass_percent;
  store::update_round(tx, round);
  Journal journal(door, tx, caller, *place.course);
  Report said;
  said.score = static_cast<double>(percent);
  said.completed = *round.passed;
  journal.report(place.index, said);
  if (*round.passed) journal.passed_practice(store::practice_passed(tx, round.user));
  journal.close();
}

}  // namespace

Result<PracticeView> get_practice(Learning& door, const Caller& caller, const catalogue::LessonId& id) {
  TRY(admitted(door, caller, id));
  return door.db.read([&](ReadTx& tx) -> Result<PracticeView> {
    const auto set = catalogue::practice_set(tx, id);
    if (!set) return no_such_practice();
    const auto done = store::rounds_of(tx, caller.user, id);
    PracticeView view{id, set->exercises, set->pass_percent, {}, done.finished, done.best_percent, {}};
    for (const auto& spec : set->specs)
      if (std::find(view.kinds.begin(), view.kinds.end(), spec.kind) == view.kinds.end())
        view.kinds.push_back(spec.kind);
    if (const auto open = store::open_round(tx, caller.user, id)) view.open_round_id = open->id;
    return view;
  });
}

Result<PracticeRound> start_round(Learning& door, const Caller& caller, const catalogue::LessonId& id) {
  TRY(admitted(door, caller, id));
  return door.db.write([&](WriteTx& tx) -> Result<PracticeRound> {
    if (const auto open = store::open_round(tx, caller.user, id)) return view_of(tx, *open);
    const auto set = catalogue::practice_set(tx, id);
    if (!set) return no_such_practice();
    store::Round round;
    round.id = new_id<RoundTag>(door.clock, door.entropy);
    round.lesson = id;
    round.user = caller.user;
    round.seed = seed_from(door.entropy);
    round.spec_json = kept_set(*set);
    round.started_at = door.clock.now();
    round.total = set->exercises;
    store::insert_round(tx, round);
    return view_of(tx, round);
  });
}

Result<PracticeRound> get_round(Learning& door, const Caller& caller, const RoundId& id) {
  const auto known = door.db.read([&](ReadTx& tx) { return store::round(tx, caller.user, id); });
  if (!known) return no_such_round();
  TRY(admitted(door, caller, known->lesson));
  return door.db.read([&](ReadTx& tx) -> Result<PracticeRound> {
    const auto round = store::round(tx, caller.user, id);
    if (!round) return no_such_round();
    return view_of(tx, *round);
  });
}

Result<PracticeAnswered> answer_exercise(Learning& door, const Caller& caller, const RoundId& id,
                                         const PracticeAnswerForm& form) {
  const auto known = door.db.read([&](ReadTx& tx) { return store::round(tx, caller.user, id); });
  if (!known) return no_such_round();
  const auto found = TRY(admitted(door, caller, known->lesson));
  return door.db.write([&](WriteTx& tx) -> Result<PracticeAnswered> {
    auto round = store::round(tx, caller.user, id);
    if (!round) return no_such_round();
    const auto exercises = exercises_of_round(*round);
    if (form.number >= static_cast<std::int64_t>(exercises.size()))
      return invalid_field("number", "is no exercise of this round");
    const auto& exercise = exercises[static_cast<std::size_t>(form.number)];
    const auto points = TRY(points_for(exercise, form.answer.text));
    if (!store::insert_round_answer(tx, id, form.number, form.answer.text, points, door.clock.now()))
      return conflict("ALREADY_ANSWERED", "This exercise has been answered in this round.");
    round->points += points;
    ++round->answered;
    PracticeAnswered answered{result_of(form.number, exercise, points), round->answered, round->total, {}, {}};
    if (round->answered < round->total) {
      store::update_round(tx, *round);
    } else {
      finish(door, tx, caller, *found.place, *round);
      answered.percent = round->points / round->total;
      answered.passed = round->passed;
    }
    return answered;
  });
}

Result<PracticeTrial> try_practice(Learning& door, const PracticeTrialForm& form) {
  std::vector<catalogue::PracticeProblem> wrong;
  const auto set = catalogue::read_practice_set(form.markdown, wrong);
  PracticeTrial trial;
  for (auto& each : wrong) trial.mistakes.push_back({each.line, std::move(each.what)});
  if (!set) return trial;
  trial.seed = seed_from(door.entropy) & trial_seed_max;
  trial.pass_percent = set->pass_percent;
  for (const auto& each : exercises_of(*set, static_cast<std::uint64_t>(trial.seed)))
    trial.exercises.push_back(view_of(static_cast<std::int64_t>(trial.exercises.size()), each));
  return trial;
}

Result<PracticeResult> answer_trial(const PracticeTrialAnswerForm& form) {
  std::vector<catalogue::PracticeProblem> wrong;
  const auto set = catalogue::read_practice_set(form.markdown, wrong);
  if (!set) return invalid_field("markdown", "has mistakes in its practice fence");
  const auto exercises = exercises_of(*set, static_cast<std::uint64_t>(form.seed));
  if (form.number >= static_cast<std::int64_t>(exercises.size()))
    return invalid_field("number", "is no exercise of this round");
  const auto& exercise = exercises[static_cast<std::size_t>(form.number)];
  return result_of(form.number, exercise, TRY(points_for(exercise, form.answer.text)));
}

}  // namespace tuition::learning
