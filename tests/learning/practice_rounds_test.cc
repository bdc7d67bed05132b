#include "learning/practice/practice_rounds.h"

#include <catch2/catch_test_macros.hpp>

#include "learning/classroom.h"
#include "learning/honours/honours.h"
#include "learning/practice/practice.h"
#include "platform/base/fields_json.h"

namespace tuition::learning {
namespace {

using tests::Classroom;
using tests::course_of;
using tests::module_of;

struct PracticeRoom : Classroom {
  PracticeRoom() {
    auto draft = course_of("c", {module_of("m", 1, 1, {"a", "ear"})});
    auto& lesson = draft.modules[0].lessons[1];
    lesson.kind = catalogue::LessonKind::practice;
    lesson.body_md = "Listen.\n\n```practice\nexercises: 4\npass: 75\n- interval\n- note, level 3\n```\n";
    put(draft);
  }
  const catalogue::Lesson& lesson() { return shelf->courses.front().lessons[1]; }
  Caller member = subscriber();

  PracticeRound start() { return start_round(learning, member, lesson().id).value(); }
  // The exercises with their answers, as the server knows them.
  std::vector<Exercise> known(const PracticeRound& round) {
    struct Kept {
      std::int64_t seed = 0;
      std::string spec{};
    };
    const auto kept = db->read([&](ReadTx& tx) {
      return tx.one<Kept>("SELECT seed, spec_json FROM practice_rounds WHERE id = ?1", round.id);
    });
    return exercises_of(read_kept_set(kept->spec), static_cast<std::uint64_t>(kept->seed));
  }
  Result<PracticeAnswered> answer(const PracticeRound& round, std::int64_t number, std::int64_t choice) {
    return answer_exercise(learning, member, round.id, {number, {std::to_string(choice)}});
  }
  void play(const PracticeRound& round, int right) {
    const auto exercises = known(round);
    for (std::size_t i = 0; i < exercises.size(); ++i) {
      const bool rightly = static_cast<int>(i) < right;
      const auto choice = rightly ? exercises[i].right
                                  : (exercises[i].right + 1) % static_cast<std::int64_t>(exercises[i].choices.size());
      CHECK(answer(round, static_cast<std::int64_t>(i), choice)->result.right == rightly);
    }
  }
};

}  // namespace

TEST_CASE("a round is handed out without its answers, and goes on after a lost page") {
  PracticeRoom room;
  const auto round = room.start();
  REQUIRE(round.exercises.size() == 4);
  for (const auto& each : round.exercises) CHECK_FALSE(each.result);
  const auto text = to_json(round);
  CHECK(text.find("\"rightAnswer\"") == std::string::npos);
  CHECK(room.start().id == round.id);
  CHECK(get_practice(room.learning, room.member, room.lesson().id)->open_round_id == round.id);
  CHECK(room.answer(round, 2, 0).ok());
  CHECK(get_round(room.learning, room.member, round.id)->exercises[2].result);
}

TEST_CASE("passing a round completes the lesson, failing one does not") {
  PracticeRoom room;
  room.play(room.start(), 2);
  auto about = get_practice(room.learning, room.member, room.lesson().id).value();
  CHECK(about.rounds == 1);
  CHECK(about.best_percent == 50);
  CHECK_FALSE(about.open_round_id);
  CHECK(room.complete(room.member, room.lesson()).error().kind == Kind::unprocessable);

  const auto round = room.start();
  room.play(round, 3);
  about = get_practice(room.learning, room.member, room.lesson().id).value();
  CHECK(about.rounds == 2);
  CHECK(about.best_percent == 75);
  CHECK(get_round(room.learning, room.member, round.id)->passed == true);
  CHECK(room.complete(room.member, room.shelf->courses.front().lessons[0])->course.completed);
  bool earned = false;
  for (const auto& each : list_achievements(room.learning, room.member).achievements)
    earned = earned || (each.key == "practice_1" && each.earned_at);
  CHECK(earned);
}

TEST_CASE("an exercise is answered once") {
  PracticeRoom room;
  const auto round = room.start();
  const auto right = room.known(round)[0].right;
  CHECK(room.answer(round, 0, right)->result.points == 100);
  CHECK(room.answer(round, 0, right).error().code == "ALREADY_ANSWERED");
  CHECK(room.answer(round, 4, 0).error().fields[0].field == "number");
  CHECK(room.answer(round, 1, 99).error().fields[0].field == "answer");
}

TEST_CASE("a round is its owner's, and practice is as open as its lesson") {
  PracticeRoom room;
  const auto round = room.start();
  const auto other = room.subscriber();
  CHECK(get_round(room.learning, other, round.id).error().kind == Kind::not_found);
  CHECK(answer_exercise(room.learning, other, round.id, {0, {"0"}}).error().kind == Kind::not_found);
  CHECK(start_round(room.learning, room.person(), room.lesson().id).error().code == "PAYMENT_REQUIRED");
  CHECK(get_practice(room.learning, room.person(), room.lesson().id).error().code == "PAYMENT_REQUIRED");
  const auto& text = room.shelf->courses.front().lessons[0];
  CHECK(start_round(room.learning, room.member, text.id).error().kind == Kind::not_found);
  room.clock.pass(days(400));
  CHECK(answer_exercise(room.learning, room.member, round.id, {0, {"0"}}).error().code == "PAYMENT_REQUIRED");
  CHECK(get_round(room.learning, room.member, round.id).error().code == "PAYMENT_REQUIRED");
}

TEST_CASE("a round is tried from a text that is kept nowhere") {
  PracticeRoom room;
  const std::string text = "Listen.\n\n```practice\nexercises: 3\npass: 60\n- note\n- rhythm\n```\n";
  const auto trial = try_practice(room.learning, {text}).value();
  REQUIRE(trial.exercises.size() == 3);
  CHECK(trial.mistakes.empty());
  CHECK(trial.pass_percent == 60);
  CHECK(trial.exercises[1].kind == catalogue::ExerciseKind::rhythm);
  CHECK(trial.seed >= 0);
  CHECK(trial.seed <= trial_seed_max);

  std::vector<catalogue::PracticeProblem> wrong;
  const auto known = exercises_of(*catalogue::read_practice_set(text, wrong), static_cast<std::uint64_t>(trial.seed));
  const auto judged = [&](std::int64_t choice) {
    return answer_trial({text, trial.seed, 0, {std::to_string(choice)}}).value();
  };
  CHECK(judged(known[0].right).points == 100);
  CHECK(judged(known[0].right).right);
  const auto other = known[0].right == 0 ? 1 : 0;
  CHECK(!judged(other).right);
  CHECK(judged(other).right_choice == known[0].right);
  CHECK(answer_trial({text, trial.seed, 3, {"0"}}).error().fields[0].field == "number");
  CHECK(answer_trial({text, trial.seed, 0, {"99"}}).error().fields[0].field == "answer");
  CHECK(room.db->read([](ReadTx& tx) { return tx.one<std::int64_t>("SELECT COUNT(*) FROM practice_rounds"); }) == 0);

  const auto refused = try_practice(room.learning, {"```practice\nexercises: 99\n- melody\n```\n"}).value();
  CHECK(refused.exercises.empty());
  REQUIRE(refused.mistakes.size() == 3);
  CHECK(refused.mistakes[0].line == 2);
  CHECK(refused.mistakes[1].line == 3);
  CHECK(answer_trial({"No fence.", 1, 0, {"0"}}).error().fields[0].field == "markdown");
}

}  // namespace tuition::learning
