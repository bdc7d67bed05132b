#include "learning/quizzes/attempts.h"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "learning/classroom.h"
#include "learning/enrollment.h"
#include "platform/base/fields_json.h"

namespace tuition::learning {
namespace {

using tests::Classroom;
using tests::course_of;
using tests::module_of;

struct Examination : Classroom {
  catalogue::CourseDraft draft = [] {
    auto made = course_of("c", {module_of("m", 1, 1, {"a", "quiz"})});
    auto& quiz_draft = *made.modules[0].lessons[1].quiz;
    quiz_draft.questions.push_back(
        {catalogue::QuestionKind::multiple, "Which?", {"**x**", "y", "z"}, "[0,2]", "Because *so*.", 3});
    return made;
  }();
  const catalogue::Course& course = put(draft);
  catalogue::QuizId quiz = course.lessons[1].quiz;
  Caller member = subscriber();

  AttemptView start() { return start_attempt(learning, member, quiz).value(); }
  Result<AnswerResult> answer(const AttemptView& attempt, std::size_t number, const std::string& json) {
    const auto view = get_quiz(learning, member, quiz).value();
    return answer_question(learning, member, quiz, attempt.id, {view.questions.at(number).id, {json}});
  }
  Result<AttemptView> submit(const AttemptView& attempt) { return submit_attempt(learning, member, quiz, attempt.id); }
  void limit_attempts(std::int64_t most) {
    draft.modules[0].lessons[1].quiz->attempts_max = most;
    put(draft);
  }
};

}  // namespace

TEST_CASE("a quiz is shown without its answers") {
  Examination room;
  const auto view = get_quiz(room.learning, room.member, room.quiz);
  REQUIRE(view.ok());
  const auto text = to_json(*view);
  // As a value or the beginning of one; ids and times may hold these digits anywhere.
  for (const auto* answer : {"\"42", ":42", "[42", ",42"}) CHECK(text.find(answer) == std::string::npos);
  CHECK(text.find("Because") == std::string::npos);
  CHECK(view->questions[1].options == std::vector<std::string>{"x", "y", "z"});
  CHECK(view->questions[0].question == "<p>Six times seven?</p>\n");
  CHECK(view->attempts_used == 0);
  CHECK_FALSE(view->best);
}

TEST_CASE("passing a quiz completes its lesson") {
  Examination room;
  const auto attempt = room.start();
  CHECK(attempt.no == 1);
  CHECK(attempt.max_score == 4);
  const auto right = room.answer(attempt, 0, "\"42\"");
  REQUIRE(right.ok());
  CHECK(right->correct == true);
  CHECK(right->explanation_html == "<p>Multiplied.</p>\n");
  CHECK(right->points == 1);
  CHECK(room.answer(attempt, 1, "[2,0]")->points == 3);
  const auto done = room.submit(attempt);
  REQUIRE(done.ok());
  CHECK(done->score == 4);
  CHECK(done->passed == true);
  CHECK(done->answers.size() == 2);
  const auto saved = room.complete(room.member, room.course.lessons[0]);
  CHECK(saved->course.percent == 100);
  CHECK(saved->stats.quizzes_passed == 1);
  CHECK(get_quiz(room.learning, room.member, room.quiz)->best->passed);
}

TEST_CASE("failing a quiz keeps the score and completes nothing") {
  Examination room;
  const auto attempt = room.start();
  CHECK(room.answer(attempt, 0, "\"42\"")->correct == true);
  CHECK(room.answer(attempt, 1, "[0,1,2]")->correct == false);
  const auto done = room.submit(attempt);
  CHECK(done->score == 1);
  CHECK(done->passed == false);
  const auto stored = room.db->read([](ReadTx& tx) {
    return tx.one<std::int64_t>("SELECT completed FROM progress WHERE scope = 'lesson' AND score_best = 25.0");
  });
  CHECK(stored == 0);
  CHECK(get_quiz(room.learning, room.member, room.quiz)->best->score == 1);
}

TEST_CASE("passing again counts the quiz once") {
  Examination room;
  for (int i = 0; i < 2; ++i) {
    const auto attempt = room.start();
    REQUIRE(room.answer(attempt, 0, "\"42\"").ok());
    REQUIRE(room.answer(attempt, 1, "[0,2]").ok());
    REQUIRE(room.submit(attempt)->passed == true);
  }
  CHECK(room.complete(room.member, room.course.lessons[0])->stats.quizzes_passed == 1);
}

TEST_CASE("a question is answered once, in an attempt that is open") {
  Examination room;
  const auto attempt = room.start();
  REQUIRE(room.answer(attempt, 0, "\"41\"").ok());
  CHECK(room.answer(attempt, 0, "\"42\"").error().code == "ALREADY_ANSWERED");
  CHECK(room.answer(attempt, 1, "\"x\"").error().fields.at(0).field == "answer");
  CHECK(answer_question(room.learning, room.member, room.quiz, attempt.id, {catalogue::QuestionId("x"), {"1"}})
            .error()
            .fields.at(0)
            .field == "questionId");
  REQUIRE(room.submit(attempt).ok());
  CHECK(room.answer(attempt, 1, "[0]").error().code == "ATTEMPT_CLOSED");
  CHECK(room.submit(attempt)->score == 0);
}

TEST_CASE("an open attempt is handed out again, and a used-up quiz is not") {
  Examination room;
  room.limit_attempts(1);
  const auto attempt = room.start();
  CHECK(room.start().id == attempt.id);
  REQUIRE(room.submit(attempt).ok());
  CHECK(start_attempt(room.learning, room.member, room.quiz).error().code == "NO_ATTEMPTS_LEFT");
}

TEST_CASE("an attempt past its deadline takes no answer and closes with what it has") {
  Examination room;
  room.db->write([](WriteTx& tx) { tx.execute("UPDATE quizzes SET time_limit_s = 60"); });
  const auto attempt = room.start();
  CHECK(attempt.deadline_at == room.clock.now() + seconds(60));
  REQUIRE(room.answer(attempt, 0, "\"42\"").ok());
  room.clock.pass(seconds(61));
  CHECK(room.answer(attempt, 1, "[0,2]").error().code == "ATTEMPT_CLOSED");
  const auto next = room.start();
  CHECK(next.no == 2);
  CHECK(get_attempt(room.learning, room.member, room.quiz, attempt.id)->score == 1);
}

TEST_CASE("the last attempt counts what it has when its time ran out, though no further one is left") {
  Examination room;
  room.limit_attempts(1);
  room.db->write([](WriteTx& tx) { tx.execute("UPDATE quizzes SET time_limit_s = 60"); });
  const auto attempt = room.start();
  REQUIRE(room.answer(attempt, 1, "[0,2]").ok());
  room.clock.pass(seconds(61));
  CHECK(start_attempt(room.learning, room.member, room.quiz).error().code == "NO_ATTEMPTS_LEFT");
  const auto closed = get_attempt(room.learning, room.member, room.quiz, attempt.id);
  REQUIRE(closed->submitted_at);
  CHECK(closed->score == 3);
  CHECK(get_quiz(room.learning, room.member, room.quiz)->best->score == 3);
}

TEST_CASE("a quiz tells its answers when it says so") {
  Examination room;
  const auto feedback = [&](catalogue::Feedback when) {
    room.db->write([&](WriteTx& tx) { tx.execute("UPDATE quizzes SET feedback = ?1", when); });
    const auto attempt = room.start();
    const auto now = room.answer(attempt, 0, "\"42\"");
    CHECK(now->points == (now->correct ? 1 : 0));
    const auto open = get_attempt(room.learning, room.member, room.quiz, attempt.id);
    CHECK(open->answers[0].correct == now->correct);
    return std::pair{now->correct.has_value(), room.submit(attempt)->answers[0].explanation.has_value()};
  };
  CHECK(feedback(catalogue::Feedback::immediate) == std::pair{true, true});
  CHECK(feedback(catalogue::Feedback::after) == std::pair{false, true});
  CHECK(feedback(catalogue::Feedback::never) == std::pair{false, false});
}

TEST_CASE("an attempt draws its own questions, and its score is out of these") {
  Examination room;
  room.db->write([](WriteTx& tx) { tx.execute("UPDATE quizzes SET draw = 1, shuffle = 1"); });
  const auto about = get_quiz(room.learning, room.member, room.quiz).value();
  CHECK(about.questions.empty());
  CHECK(about.question_count == 1);
  std::set<std::int64_t> most;
  for (int i = 0; i < 40; ++i) {
    const auto attempt = room.start();
    REQUIRE(attempt.questions.size() == 1);
    CHECK(attempt.max_score == attempt.questions[0].points);
    most.insert(attempt.max_score);
    const auto other = room.db->read([&](ReadTx& tx) {
      return tx.one<catalogue::QuestionId>("SELECT id FROM quiz_data WHERE id <> ?1", attempt.questions[0].id);
    });
    CHECK(answer_question(room.learning, room.member, room.quiz, attempt.id, {*other, {"1"}})
              .error()
              .fields.at(0)
              .field == "questionId");
    REQUIRE(room.submit(attempt).ok());
  }
  CHECK(most == std::set<std::int64_t>{1, 3});
}

TEST_CASE("a shuffled choice is answered as it was shown") {
  Examination room;
  room.db->write([](WriteTx& tx) { tx.execute("UPDATE quizzes SET shuffle = 1"); });
  for (int i = 0; i < 20; ++i) {
    const auto attempt = room.start();
    REQUIRE(attempt.questions.size() == 2);
    const auto& choice = attempt.questions[attempt.questions[0].kind == catalogue::QuestionKind::multiple ? 0 : 1];
    std::string answer = "[";
    for (std::size_t place = 0; place < choice.options.size(); ++place)
      if (choice.options[place] != "y") answer += (answer.size() > 1 ? "," : "") + std::to_string(place);
    const auto given = answer_question(room.learning, room.member, room.quiz, attempt.id, {choice.id, {answer + "]"}});
    CHECK(given->correct == true);
    const auto kept = get_attempt(room.learning, room.member, room.quiz, attempt.id);
    CHECK(kept->answers.at(0).answer.text == answer + "]");
    REQUIRE(room.submit(attempt).ok());
  }
}

TEST_CASE("with negative marks a wrong answer costs what a right one is worth, down to nothing") {
  Examination room;
  room.db->write([](WriteTx& tx) { tx.execute("UPDATE quizzes SET negative_marks = 1"); });
  const auto attempt = room.start();
  CHECK(room.answer(attempt, 0, "\"42\"")->points == 1);
  CHECK(room.answer(attempt, 1, "[0,1,2]")->points == -3);
  const auto done = room.submit(attempt);
  CHECK(done->score == 0);
  CHECK(done->passed == false);
}

TEST_CASE("nobody meets another's attempt, and nobody without access meets a quiz") {
  Examination room;
  const auto attempt = room.start();
  const auto other = room.subscriber();
  CHECK(get_attempt(room.learning, other, room.quiz, attempt.id).error().kind == Kind::not_found);
  CHECK(submit_attempt(room.learning, other, room.quiz, attempt.id).error().kind == Kind::not_found);
  CHECK(get_quiz(room.learning, room.person(), room.quiz).error().code == "PAYMENT_REQUIRED");
  CHECK(get_quiz(room.learning, {}, room.quiz).error().code == "UNAUTHENTICATED");
  CHECK(start_attempt(room.learning, other, catalogue::QuizId("x")).error().kind == Kind::not_found);
  CHECK(get_module_quiz(room.learning, other, room.course.modules[0].id)->id == room.quiz);
}

TEST_CASE("what was begun is closed with the access it was begun with") {
  Examination room;
  const auto attempt = room.start();
  REQUIRE(room.submit(attempt));
  CHECK(get_attempt(room.learning, room.member, room.quiz, attempt.id).ok());
  room.clock.pass(days(400));
  CHECK(get_attempt(room.learning, room.member, room.quiz, attempt.id).error().code == "PAYMENT_REQUIRED");
}

TEST_CASE("who teaches the course reads what its learners answered, and changes nothing of it") {
  Examination room;
  room.draft.modules[0].lessons[1].quiz->feedback = catalogue::Feedback::never;
  room.put(room.draft);
  const auto teacher = room.person(Role::instructor);
  const auto colleague = room.person(Role::instructor);
  room.db->write([&](WriteTx& tx) {
    tx.execute("UPDATE courses SET instructor_id = ?1", teacher.user);
    catalogue::changed(room.catalogue, tx);
  });
  REQUIRE(room.submit(room.start()));
  const auto attempt = room.start();
  REQUIRE(room.answer(attempt, 0, "\"42\""));
  REQUIRE(room.submit(attempt));
  const auto still_open = room.start();
  const auto learner = get_learner(room.learning, teacher, "c", room.member.user);
  REQUIRE(learner);
  CHECK_FALSE(learner->lessons.at(0).quiz_id);
  CHECK(learner->lessons.at(1).quiz_id == room.quiz);
  CHECK(learner->lessons.at(1).attempt_id == attempt.id);
  CHECK(get_attempt(room.learning, teacher, room.quiz, still_open.id)->answers.empty());
  CHECK_FALSE(get_attempt(room.learning, room.member, room.quiz, attempt.id)->answers.at(0).correct);
  for (const auto& who : {teacher, room.person(Role::admin)}) {
    const auto read = get_attempt(room.learning, who, room.quiz, attempt.id);
    REQUIRE(read);
    CHECK(read->answers.at(0).correct == true);
    CHECK(read->answers.at(0).explanation == "<p>Multiplied.</p>\n");
    CHECK(submit_attempt(room.learning, who, room.quiz, attempt.id).error().kind == Kind::not_found);
  }
  CHECK(get_attempt(room.learning, colleague, room.quiz, attempt.id).error().kind == Kind::not_found);
  CHECK(get_attempt(room.learning, teacher, catalogue::QuizId("x"), attempt.id).error().kind == Kind::not_found);
}

}  // namespace tuition::learning
