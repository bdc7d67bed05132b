#include "learning/quizzes/attempts.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "learning/access.h"
#include "learning/learning.h"
#include "learning/media/media_delivery.h"
#include "learning/progress/journal.h"
#include "learning/quizzes/grading.h"
#include "learning/quizzes/question_order.h"
#include "learning/roster/teaching.h"
#include "learning/store.h"
#include "platform/base/check.h"
#include "platform/base/fields_json.h"

namespace tuition::learning {
namespace {

using catalogue::Feedback;
using catalogue::Quiz;

struct AdmittedQuiz {
  catalogue::ShelfPtr shelf;
  const catalogue::LessonPlace* place;
};

Error no_such_quiz() { return not_found("There is no such quiz."); }
Error no_such_attempt() { return not_found("There is no such attempt."); }

Result<AdmittedQuiz> admitted(Learning& door, const Caller& caller, const catalogue::QuizId& id) {
  auto shelf = catalogue::shelf(door.catalogue);
  const auto* place = shelf->quiz(id);
  if (!place) return no_such_quiz();
  const auto viewer = viewer_of(door, caller);
  if (const auto lock = lock_of(viewer, *place, standing_for(door, viewer, *place->course))) return locked_error(*lock);
  return AdmittedQuiz{std::move(shelf), place};
}

// What may be told now?
bool tells(const Quiz& quiz, const store::Attempt& attempt) {
  switch (quiz.feedback) {
    case Feedback::immediate: return true;
    case Feedback::after: return attempt.submitted_at.has_value();
    case Feedback::never: return false;
  }
  return false;
}

std::vector<std::string> in_order(const std::vector<std::string>& texts, const std::vector<std::int64_t>& shown) {
  if (shown.empty()) return texts;
  std::vector<std::string> ordered;
  for (const auto place : shown)
    if (place >= 0 && place < static_cast<std::int64_t>(texts.size()))
      ordered.push_back(texts[static_cast<std::size_t>(place)]);
  return ordered;
}

QuestionView shown_question(const Learning& door, ReadTx& tx, const catalogue::Question& question, const Asked& asked) {
  const bool matches = question.kind == catalogue::QuestionKind::matching;
  QuestionView view{question.id,
                    question.kind,
                    question.question_html,
                    matches ? question.options : in_order(question.options, asked.shown),
                    question.points,
                    {},
                    {}};
  if (matches) view.choices = in_order(choices_of(question), asked.shown);
  if (!question.media.empty())
    if (const auto item = catalogue::media(tx, catalogue::MediaId(question.media)))
      view.media = lesson_media(door, *item);
  return view;
}

enum class Told { as_the_quiz_says, everything };

AttemptView view_of(const Learning& door, ReadTx& tx, const Quiz& quiz, const store::Attempt& attempt,
                    Told told = Told::as_the_quiz_says) {
  AttemptView view{attempt.id,
                   attempt.quiz,
                   attempt.no,
                   attempt.started_at,
                   attempt.deadline_at,
                   attempt.submitted_at,
                   attempt.score,
                   attempt.max_score,
                   attempt.passed,
                   {},
                   {}};
  std::map<std::string, catalogue::Question> questions;
  for (const auto& each : quiz.questions) questions.emplace(each.id.text(), each);
  for (const auto& asked : read_order(attempt.question_order_json)) {
    auto at = questions.find(asked.question.text());
    // One that was taken out of the quiz since.
    if (at == questions.end())
      if (auto gone = catalogue::question(tx, quiz.id, asked.question))
        at = questions.emplace(asked.question.text(), std::move(*gone)).first;
    if (at != questions.end()) view.questions.push_back(shown_question(door, tx, at->second, asked));
  }
  for (const auto& row : store::answers(tx, attempt.id)) {
    AttemptAnswer answer{row.question, {}, {}, {row.answer_json}, {}};
    if (told == Told::everything || tells(quiz, attempt)) {
      answer.correct = row.correct;
      answer.points = row.points;
      if (const auto at = questions.find(row.question.text());
          at != questions.end() && !at->second.explanation_html.empty())
        answer.explanation = at->second.explanation_html;
    }
    view.answers.push_back(std::move(answer));
  }
  return view;
}

std::int64_t asked_count(const Quiz& quiz) {
  const auto there = static_cast<std::int64_t>(quiz.questions.size());
  return quiz.draw ? std::min(*quiz.draw, there) : there;
}

QuizView view_of(const Learning& door, ReadTx& tx, const Quiz& quiz, const UserId& user) {
  QuizView view{quiz.id, quiz.lesson, quiz.title,        quiz.pass_percent, quiz.attempts_max, {},
                0,       {},          asked_count(quiz), quiz.time_limit_s, quiz.feedback,     quiz.negative_marks};
  // Each attempt has its own questions and its own order there, and its answers name these.
  if (!quiz.shuffle && !quiz.draw)
    for (const auto& each : quiz.questions) view.questions.push_back(shown_question(door, tx, each, {each.id, {}}));
  if (user.empty()) return view;
  view.attempts_used = store::attempts_used(tx, user, quiz.id);
  if (const auto best = store::best_attempt(tx, user, quiz.id))
    view.best = QuizBest{best->score, best->max_score, best->passed};
  return view;
}

std::vector<Asked> drawn(const Quiz& quiz, Entropy& entropy) {
  std::array<std::uint8_t, 8> bytes{};
  entropy.fill(bytes);
  std::uint64_t seed = 0;
  for (const auto byte : bytes) seed = seed << 8 | byte;
  return asked_of(quiz, seed);
}

std::int64_t max_score_of(const Quiz& quiz, const std::vector<Asked>& asked) {
  std::int64_t sum = 0;
  for (const auto& question : quiz.questions)
    if (find_asked(asked, question.id)) sum += question.points;
  return sum;
}

// Somebody else's attempt is as absent as none.
std::optional<store::Attempt> own_attempt(ReadTx& tx, const Caller& caller, const catalogue::QuizId& quiz,
                                          const AttemptId& id) {
  auto attempt = store::attempt(tx, id);
  if (!attempt || attempt->quiz != quiz || !caller.is(attempt->user)) return std::nullopt;
  return attempt;
}

bool is_over(const store::Attempt& attempt, Instant now) { return attempt.deadline_at && now > *attempt.deadline_at; }

// Scores the attempt, and lets the lesson know.
void close(Learning& door, WriteTx& tx, const Caller& caller, const catalogue::LessonPlace& place, const Quiz& quiz,
           store::Attempt& attempt) {
  std::vector<std::int64_t> points;
  for (const auto& row : store::answers(tx, attempt.id)) points.push_back(row.points);
  const auto score = score_of(points);
  const bool passed_before = store::has_passed(tx, attempt.user, quiz.id);
  attempt.submitted_at = door.clock.now();
  attempt.score = score;
  attempt.passed = passes(score, attempt.max_score, quiz.pass_percent);
  store::close_attempt(tx, attempt);

  Journal journal(door, tx, caller, *place.course);
  Report said;
  said.score =
      attempt.max_score == 0 ? 0.0 : 100.0 * static_cast<double>(score) / static_cast<double>(attempt.max_score);
  said.completed = *attempt.passed;
  journal.report(place.index, said);
  if (*attempt.passed && !passed_before) journal.passed_quiz(quiz.id);
  if (attempt.max_score > 0 && score == attempt.max_score) journal.full_marks();
  journal.close();
}

}  // namespace

Result<QuizView> get_quiz(Learning& door, const Caller& caller, const catalogue::QuizId& id) {
  TRY(admitted(door, caller, id));
  return door.db.read([&](ReadTx& tx) -> Result<QuizView> {
    const auto quiz = catalogue::quiz(tx, id);
    if (!quiz) return no_such_quiz();
    return view_of(door, tx, *quiz, caller.user);
  });
}

Result<QuizView> get_module_quiz(Learning& door, const Caller& caller, const catalogue::ModuleId& id) {
  const auto shelf = catalogue::shelf(door.catalogue);
  const auto* place = shelf->module(id);
  if (!place) return not_found("There is no such module.");
  const auto& module = place->module();
  for (std::size_t i = 0; i < module.lesson_count; ++i)
    if (const auto& lesson = place->course->lessons[module.first_lesson + i]; !lesson.quiz.empty())
      return get_quiz(door, caller, lesson.quiz);
  return not_found("This module has no quiz.");
}

Result<AttemptView> start_attempt(Learning& door, const Caller& caller, const catalogue::QuizId& id) {
  const auto found = TRY(admitted(door, caller, id));
  // The refusal of a further attempt is a value of the write: an error would take back the closing of the last one.
  using Outcome = Result<AttemptView>;
  return TRY(door.db.write([&](WriteTx& tx) -> Result<Outcome> {
    const auto quiz = catalogue::quiz(tx, id);
    if (!quiz || quiz->questions.empty()) return no_such_quiz();
    const auto now = door.clock.now();
    if (auto open = store::open_attempt(tx, caller.user, id)) {
      if (!is_over(*open, now)) return Outcome(view_of(door, tx, *quiz, *open));
      close(door, tx, caller, *found.place, *quiz, *open);
    }
    const auto used = store::attempts_used(tx, caller.user, id);
    if (quiz->attempts_max && used >= *quiz->attempts_max)
      return Outcome(conflict("NO_ATTEMPTS_LEFT", "All attempts at this quiz have been used."));
    store::Attempt attempt;
    attempt.id = new_id<AttemptTag>(door.clock, door.entropy);
    attempt.quiz = id;
    attempt.user = caller.user;
    attempt.no = used + 1;
    const auto asked = drawn(*quiz, door.entropy);
    attempt.question_order_json = kept_order(asked);
    attempt.started_at = now;
    if (quiz->time_limit_s) attempt.deadline_at = now + seconds(*quiz->time_limit_s);
    attempt.max_score = max_score_of(*quiz, asked);
    store::insert_attempt(tx, attempt);
    return Outcome(view_of(door, tx, *quiz, attempt));
  }));
}

Result<AnswerResult> answer_question(Learning& door, const Caller& caller, const catalogue::QuizId& quiz_id,
                                     const AttemptId& id, const AnswerForm& form) {
  TRY(admitted(door, caller, quiz_id));
  return door.db.write([&](WriteTx& tx) -> Result<AnswerResult> {
    const auto attempt = own_attempt(tx, caller, quiz_id, id);
    const auto quiz = catalogue::quiz(tx, quiz_id);
    if (!attempt || !quiz) return no_such_attempt();
    const auto now = door.clock.now();
    if (attempt->submitted_at || is_over(*attempt, now))
      return conflict("ATTEMPT_CLOSED", "This attempt is closed. Begin another one.");
    const auto question = catalogue::question(tx, quiz_id, form.question_id);
    const auto order = read_order(attempt->question_order_json);
    const auto* asked = find_asked(order, form.question_id);
    if (!question || !asked) return invalid_field("questionId", "is no question of this attempt");
    const auto grade = TRY(learning::grade(*question, as_author(*asked, form.answer.text),
                                           quiz->negative_marks ? Marks::negative : Marks::positive));
    if (!store::insert_answer(tx, id, {form.question_id, form.answer.text, grade.correct, grade.points}, now))
      return conflict("ALREADY_ANSWERED", "This question has been answered in this attempt.");
    AnswerResult result{form.question_id, {}, {}, 0};
    if (tells(*quiz, *attempt)) {
      result.correct = grade.correct;
      result.points = grade.points;
      if (!question->explanation_html.empty()) result.explanation_html = question->explanation_html;
    }
    return result;
  });
}

Result<AttemptView> submit_attempt(Learning& door, const Caller& caller, const catalogue::QuizId& quiz_id,
                                   const AttemptId& id) {
  const auto found = TRY(admitted(door, caller, quiz_id));
  return door.db.write([&](WriteTx& tx) -> Result<AttemptView> {
    auto attempt = own_attempt(tx, caller, quiz_id, id);
    const auto quiz = catalogue::quiz(tx, quiz_id);
    if (!attempt || !quiz) return no_such_attempt();
    if (!attempt->submitted_at) close(door, tx, caller, *found.place, *quiz, *attempt);
    return view_of(door, tx, *quiz, *attempt);
  });
}

Result<AttemptView> get_attempt(Learning& door, const Caller& caller, const catalogue::QuizId& quiz_id,
                                const AttemptId& id) {
  const auto attempt = door.db.read([&](ReadTx& tx) { return store::attempt(tx, id); });
  if (!attempt || attempt->quiz != quiz_id) return no_such_attempt();
  const bool own = caller.is(attempt->user);
  if (own) {
    TRY(admitted(door, caller, quiz_id));
  } else {
    const auto shelf = catalogue::shelf(door.catalogue);
    const auto* place = shelf->quiz(quiz_id);
    if (!place || !teaches(caller, place->course->terms)) return no_such_attempt();
  }
  return door.db.read([&](ReadTx& tx) -> Result<AttemptView> {
    const auto now = store::attempt(tx, id);
    const auto quiz = catalogue::quiz(tx, quiz_id);
    if (!now || !quiz) return no_such_attempt();
    return view_of(door, tx, *quiz, *now, own ? Told::as_the_quiz_says : Told::everything);
  });
}

}  // namespace tuition::learning
