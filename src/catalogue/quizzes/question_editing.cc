#include "catalogue/quizzes/question_editing.h"

#include <algorithm>
#include <map>

#include "catalogue/authoring/authoring.h"
#include "catalogue/authoring/outlining.h"
#include "catalogue/catalogue.h"
#include "catalogue/markdown.h"
#include "catalogue/quizzes/answer_keys.h"
#include "catalogue/quizzes/question_files.h"
#include "catalogue/quizzes/store_questions.h"
#include "catalogue/store.h"
#include "platform/base/fields_json.h"

namespace tuition::catalogue {
namespace {

constexpr const char* no_quiz = "There is no such quiz.";
constexpr std::int64_t questions_max = 500;

Error no_question() { return not_found("There is no such question."); }

QuestionDraft kept_of(const store::QuestionEdit& row) {
  return {row.kind, row.question, store::texts_of(row.options_json), row.correct_json, row.explanation, row.points};
}

QuestionSource view_of(const store::QuestionEdit& row, const Addresses& addresses) {
  QuestionSource view;
  view.id = row.id;
  view.kind = row.kind;
  view.question = row.question;
  view.question_html = to_html(row.question, addresses).value();
  show_key(kept_of(row), view);
  view.explanation = row.explanation;
  view.points = row.points;
  view.media = row.media;
  view.revision = row.edit;
  return view;
}

QuizSource view_of(ReadTx& tx, const QuizId& id, const CourseId& course) {
  auto row = *store::quiz_edit(tx, id);
  QuizSource view;
  view.id = id;
  view.lesson = std::move(row.lesson);
  view.module = std::move(row.module);
  view.course = course;
  view.title = std::move(row.title);
  view.pass_percent = row.pass_percent;
  view.attempts_max = row.attempts_max;
  view.time_limit_s = row.time_limit_s;
  view.shuffle = row.shuffle;
  view.feedback = row.feedback;
  view.negative_marks = row.negative_marks;
  view.draw = row.draw;
  view.revision = row.edit;
  const auto addresses = file_addresses(tx, course.text());
  for (const auto& each : store::question_edits(tx, id)) view.questions.push_back(view_of(each, addresses));
  return view;
}

void apply(store::QuizEdit& quiz, const QuizForm& form) {
  quiz.title = form.title;
  quiz.pass_percent = form.pass_percent.value_or(70);
  quiz.attempts_max = form.attempts_max;
  quiz.time_limit_s = form.time_limit_s;
  quiz.shuffle = form.shuffle.value_or(false);
  quiz.feedback = form.feedback.value_or(Feedback::immediate);
  quiz.negative_marks = form.negative_marks.value_or(false);
  quiz.draw = form.draw;
}

Result<void> apply(ReadTx& tx, store::QuestionEdit& question, const QuestionForm& form) {
  auto kept = TRY(kept_question(form));
  TRY(to_html(kept.question));
  TRY(to_html(kept.explanation));
  question.kind = kept.kind;
  question.question = std::move(kept.question);
  question.options_json = to_json(kept.options);
  question.correct_json = std::move(kept.correct_json);
  question.explanation = std::move(kept.explanation);
  question.points = kept.points;
  TRY(check_shown(tx, form.media, {MediaKind::image, MediaKind::audio}));
  question.media = form.media;
  return {};
}

// What an attempt holds on to.
bool asks_the_same(const store::QuestionEdit& a, const store::QuestionEdit& b) {
  return a.kind == b.kind && a.question == b.question && a.options_json == b.options_json &&
         a.correct_json == b.correct_json && a.points == b.points;
}

bool was_taken(Catalogue& door, ReadTx& tx, const QuizId& quiz) {
  return door.has_attempts && door.has_attempts(tx, quiz);
}

Result<store::QuestionEdit> question_in(ReadTx& tx, const QuizId& quiz, const QuestionId& id) {
  auto question = store::question_edit(tx, id);
  if (!question || question->quiz != quiz || question->retired) return no_question();
  return *std::move(question);
}

Result<void> room_for(ReadTx& tx, const QuizId& quiz, std::size_t more) {
  if (static_cast<std::int64_t>(store::question_edits(tx, quiz).size() + more) > questions_max)
    return unprocessable("A quiz has at most 500 questions.");
  return {};
}

std::int64_t last_place(ReadTx& tx, const QuizId& quiz) {
  const auto there = store::question_edits(tx, quiz);
  return there.empty() ? -1 : there.back().order_index;
}

// A new question, or other words for one.
void note(Catalogue& door, WriteTx& tx, const Caller& caller, const store::Owned& owned, const QuizId& quiz,
          const char* action, const std::string& what) {
  store::touch_quiz(tx, quiz, door.clock.now());
  put_question_uses(tx, owned.course, store::quiz_edit(tx, quiz)->lesson);
  note_change(door, tx, caller, owned.course, action, what);
}

}  // namespace

Result<QuizSource> create_quiz(Catalogue& door, const Caller& caller, const QuizForm& form) {
  if (form.module.has_value() == form.lesson.has_value())
    return invalid_field("moduleId", "must be given, or else lessonId");
  LessonId lesson;
  if (form.module) {
    LessonForm lesson_form;
    lesson_form.title = form.title;
    lesson_form.kind = LessonKind::quiz;
    lesson = TRY(create_lesson(door, caller, *form.module, lesson_form)).id;
  }
  return door.db.write([&](WriteTx& tx) -> Result<QuizSource> {
    const auto owned = TRY(own(tx, caller, form.lesson ? *form.lesson : lesson, "There is no such lesson."));
    const auto row = *store::lesson_edit(tx, form.lesson ? *form.lesson : lesson);
    if (row.kind != LessonKind::quiz) return invalid_field("lessonId", "is no lesson of kind quiz");
    if (form.lesson && !row.quiz.empty()) return conflict("CONFLICT", "This lesson has a quiz already.");
    store::QuizEdit quiz;
    if (!row.quiz.empty()) quiz = *store::quiz_edit(tx, row.quiz);
    apply(quiz, form);
    const auto now = door.clock.now();
    if (row.quiz.empty()) {
      quiz.id = new_id<QuizTag>(door.clock, door.entropy);
      quiz.lesson = row.id;
      quiz.module = row.module;
      store::insert_quiz(tx, quiz, now);
    } else {
      store::update_quiz(tx, quiz, now);
    }
    note_change(door, tx, caller, owned.course, "quiz.created", "The quiz \"" + quiz.title + "\" was made.");
    return view_of(tx, quiz.id, owned.course);
  });
}

Result<QuizSource> quiz_source(Catalogue& door, const Caller& caller, const QuizId& id) {
  return door.db.read([&](ReadTx& tx) -> Result<QuizSource> {
    const auto owned = TRY(own(tx, caller, id, no_quiz));
    return view_of(tx, id, owned.course);
  });
}

Result<QuizSource> change_quiz(Catalogue& door, const Caller& caller, const QuizId& id, const QuizForm& form) {
  if (form.module || form.lesson)
    return invalid_field(form.module ? "moduleId" : "lessonId", "is for new quizzes only: move the lesson instead");
  return door.db.write([&](WriteTx& tx) -> Result<QuizSource> {
    const auto owned = TRY(own(tx, caller, id, no_quiz));
    auto quiz = *store::quiz_edit(tx, id);
    TRY(check_revision(form.revision, quiz.edit));
    apply(quiz, form);
    store::update_quiz(tx, quiz, door.clock.now());
    note_change(door, tx, caller, owned.course, "quiz.changed", "The quiz \"" + quiz.title + "\" was changed.");
    return view_of(tx, id, owned.course);
  });
}

Result<Removed> remove_quiz(Catalogue& door, const Caller& caller, const QuizId& id, const ForceForm& form) {
  const auto lesson = door.db.read([&](ReadTx& tx) -> Result<LessonId> {
    TRY(own(tx, caller, id, no_quiz));
    return store::quiz_edit(tx, id)->lesson;
  });
  if (!lesson) return lesson.error();
  return remove_lesson(door, caller, *lesson, form);
}

Result<QuestionSource> add_question(Catalogue& door, const Caller& caller, const QuizId& quiz,
                                    const QuestionForm& form) {
  return door.db.write([&](WriteTx& tx) -> Result<QuestionSource> {
    const auto owned = TRY(own(tx, caller, quiz, no_quiz));
    TRY(room_for(tx, quiz, 1));
    store::QuestionEdit question;
    question.id = new_id<QuestionTag>(door.clock, door.entropy);
    question.quiz = quiz;
    question.order_index = last_place(tx, quiz) + 1;
    TRY(apply(tx, question, form));
    store::insert_question(tx, question, door.clock.now());
    note(door, tx, caller, owned, quiz, "question.created", "A question was added to a quiz.");
    return view_of(*store::question_edit(tx, question.id), file_addresses(tx, owned.course.text()));
  });
}

Result<QuestionSource> change_question(Catalogue& door, const Caller& caller, const QuizId& quiz, const QuestionId& id,
                                       const QuestionForm& form) {
  return door.db.write([&](WriteTx& tx) -> Result<QuestionSource> {
    const auto owned = TRY(own(tx, caller, quiz, no_quiz));
    const auto before = TRY(question_in(tx, quiz, id));
    TRY(check_revision(form.revision, before.edit));
    auto question = before;
    TRY(apply(tx, question, form));
    const auto now = door.clock.now();
    if (!asks_the_same(before, question) && was_taken(door, tx, quiz)) {
      store::retire_question(tx, id, now);
      question.id = new_id<QuestionTag>(door.clock, door.entropy);
      store::insert_question(tx, question, now);
    } else {
      store::update_question(tx, question, now);
    }
    note(door, tx, caller, owned, quiz, "question.changed", "A question of a quiz was changed.");
    return view_of(*store::question_edit(tx, question.id), file_addresses(tx, owned.course.text()));
  });
}

Result<Removed> remove_question(Catalogue& door, const Caller& caller, const QuizId& quiz, const QuestionId& id) {
  return door.db.write([&](WriteTx& tx) -> Result<Removed> {
    const auto owned = TRY(own(tx, caller, quiz, no_quiz));
    TRY(question_in(tx, quiz, id));
    const bool kept = was_taken(door, tx, quiz);
    if (kept)
      store::retire_question(tx, id, door.clock.now());
    else
      store::delete_question(tx, id);
    note(door, tx, caller, owned, quiz, "question.deleted", "A question was taken out of a quiz.");
    return Removed{kept};
  });
}

Result<QuizSource> reorder_questions(Catalogue& door, const Caller& caller, const QuizId& quiz, const OrderForm& form) {
  return door.db.write([&](WriteTx& tx) -> Result<QuizSource> {
    const auto owned = TRY(own(tx, caller, quiz, no_quiz));
    std::vector<std::string> there;
    for (const auto& each : store::question_edits(tx, quiz)) there.push_back(each.id.text());
    auto given = form.ids;
    std::sort(there.begin(), there.end());
    std::sort(given.begin(), given.end());
    if (there != given)
      return Error{Kind::unprocessable,
                   "UNPROCESSABLE",
                   "The new order does not fit what is there now. Nothing was moved: load it again.",
                   {},
                   {{"ids", "must be every question of the quiz, each once"}}};
    std::int64_t number = 0;
    for (const auto& id : form.ids) store::place_question(tx, QuestionId(id), number++);
    note(door, tx, caller, owned, quiz, "quiz.reordered", "The questions were put in another order.");
    return view_of(tx, quiz, owned.course);
  });
}

Result<Page<BankQuestion>> question_bank(Catalogue& door, const Caller& caller, const CourseId& course,
                                         const BankForm& form) {
  if (form.cursor && !is_uuid(*form.cursor))
    return invalid_field("cursor", "is no place in this list: begin again without it");
  return door.db.read([&](ReadTx& tx) -> Result<Page<BankQuestion>> {
    TRY(own(tx, caller, course, "There is no such course."));
    Page<BankQuestion> page;
    page.limit = form.limit.value_or(20);
    page.rows = store::bank(tx, course, form.query.value_or(""), form.cursor.value_or(""), page.limit + 1);
    if (static_cast<std::int64_t>(page.rows.size()) > page.limit) {
      page.rows.pop_back();
      page.next = page.rows.back().id.text();
    }
    return page;
  });
}

Result<QuizSource> copy_questions(Catalogue& door, const Caller& caller, const QuizId& quiz, const CopyForm& form) {
  return door.db.write([&](WriteTx& tx) -> Result<QuizSource> {
    const auto owned = TRY(own(tx, caller, quiz, no_quiz));
    TRY(room_for(tx, quiz, form.questions.size()));
    auto place = last_place(tx, quiz);
    for (const auto& id : form.questions) {
      if (store::course_of(tx, id) != owned.course)
        return invalid_field("questionIds", "names no question of this course");
      auto question = *store::question_edit(tx, id);
      question.id = new_id<QuestionTag>(door.clock, door.entropy);
      question.quiz = quiz;
      question.order_index = ++place;
      store::insert_question(tx, question, door.clock.now());
    }
    note(door, tx, caller, owned, quiz, "question.created", "Questions were copied into a quiz.");
    return view_of(tx, quiz, owned.course);
  });
}

}  // namespace tuition::catalogue
