#pragma once

#include <optional>
#include <string>
#include <vector>

#include "learning/types.h"
#include "learning/wire.h"
#include "platform/base/fields_json.h"

namespace tuition::learning {

struct EnrollmentView {
  catalogue::CourseId course_id{};
  UserId user_id{};
  EnrollmentStatus status = EnrollmentStatus::active;
  EnrollmentSource source = EnrollmentSource::free;
  Instant created_at{};
  std::optional<Instant> completed_at{};
};

constexpr auto fields_of(const EnrollmentView*) {
  return table("Enrollment", field("courseId", &EnrollmentView::course_id, "The course."),
               field("userId", &EnrollmentView::user_id, "Who is in it."),
               field("status", &EnrollmentView::status, "active, completed or removed."),
               field("source", &EnrollmentView::source, "How they came: free, purchase, grant, or by beginning."),
               field("createdAt", &EnrollmentView::created_at, "Since when."),
               field("completedAt", &EnrollmentView::completed_at, "When they finished; null: not yet."));
}

struct RosterForm {
  std::optional<std::string> q{};
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
};

constexpr auto fields_of(const RosterForm*) {
  return table("RosterForm", field("q", &RosterForm::q, "A part of the name or address.", length(1, 100)),
               field("limit", &RosterForm::limit, "How many at once; 20 when not given.", range(1, 100)),
               field("cursor", &RosterForm::cursor, "Where the page before ended, as it said.", length(1, 200)));
}

struct LearnerView {
  UserId user_id{};
  std::string name{};
  std::string email{};
  EnrollmentStatus status = EnrollmentStatus::active;
  EnrollmentSource source = EnrollmentSource::free;
  Instant joined_at{};
  std::optional<Instant> completed_at{};
  std::int64_t lessons_done = 0;
  std::int64_t lessons_total = 0;
  std::int64_t percent = 0;
  std::optional<Instant> last_active_at{};
};

constexpr auto fields_of(const LearnerView*) {
  return table("Learner", field("userId", &LearnerView::user_id, "The person."),
               field("name", &LearnerView::name, "Their name; empty: none was given."),
               field("email", &LearnerView::email, "Their address."),
               field("status", &LearnerView::status, "active or completed."),
               field("source", &LearnerView::source, "How they came: free, purchase, grant, or by beginning."),
               field("joinedAt", &LearnerView::joined_at, "Since when."),
               field("completedAt", &LearnerView::completed_at, "When they finished; null: not yet."),
               field("lessonsDone", &LearnerView::lessons_done, "Lessons completed of those there are now."),
               field("lessonsTotal", &LearnerView::lessons_total, "Lessons there are."),
               field("percent", &LearnerView::percent, "The share completed, rounded down."),
               field("lastActiveAt", &LearnerView::last_active_at, "When they last saved something of it."));
}

struct GrantForm {
  std::optional<UserId> user_id{};
  std::optional<std::string> email{};
  std::optional<Instant> until{};
};

constexpr auto fields_of(const GrantForm*) {
  return table("GrantForm", field("userId", &GrantForm::user_id, "The person. This or the address is given."),
               field("email", &GrantForm::email, "The address they sign in with.", email_text()),
               field("until", &GrantForm::until, "When it closes again; when absent, never."));
}

inline void check_form(const GrantForm& form, FormProblems& problems) {
  if (problems.fine("email") && form.user_id.has_value() == form.email.has_value())
    problems.add("userId", "is given, or else email: exactly one of them");
}

struct LearnerLesson {
  catalogue::LessonId lesson_id{};
  std::string title{};
  catalogue::LessonKind kind = catalogue::LessonKind::text;
  std::int64_t level = 1;
  bool completed = false;
  std::optional<Instant> completed_at{};
  std::int64_t position_seconds = 0;
  std::optional<double> score_best{};
  std::optional<double> score_last{};
  std::int64_t attempts = 0;
  std::optional<Instant> updated_at{};
  std::optional<catalogue::QuizId> quiz_id{};
  std::optional<AttemptId> attempt_id{};
};

constexpr auto fields_of(const LearnerLesson*) {
  return table("LearnerLesson", field("lessonId", &LearnerLesson::lesson_id, "The lesson."),
               field("title", &LearnerLesson::title, "Its title."),
               field("kind", &LearnerLesson::kind, "What it consists of."),
               field("level", &LearnerLesson::level, "The level it belongs to."),
               field("completed", &LearnerLesson::completed, "Whether it is completed."),
               field("completedAt", &LearnerLesson::completed_at, "When it was first completed."),
               field("positionSeconds", &LearnerLesson::position_seconds, "The furthest place reached."),
               field("scoreBest", &LearnerLesson::score_best, "The best score, in percent."),
               field("scoreLast", &LearnerLesson::score_last, "The latest score, in percent."),
               field("attempts", &LearnerLesson::attempts, "How many scores there are."),
               field("updatedAt", &LearnerLesson::updated_at, "When progress was last saved; null: not begun."),
               field("quizId", &LearnerLesson::quiz_id, "Its quiz, if it has one."),
               field("attemptId", &LearnerLesson::attempt_id,
                     "The latest attempt at that quiz that was handed in; null: none."));
}

struct LearnerDetail {
  LearnerView learner{};
  std::vector<LearnerLesson> lessons{};
};

constexpr auto fields_of(const LearnerDetail*) {
  return table("LearnerDetail", field("learner", &LearnerDetail::learner, "The person, as in the list."),
               field("lessons", &LearnerDetail::lessons, "Every lesson of the course, in order."));
}

struct PersonProgress {
  UserId user_id{};
  std::vector<CourseProgress> courses{};
};

constexpr auto fields_of(const PersonProgress*) {
  return table("PersonProgress", field("userId", &PersonProgress::user_id, "The person."),
               field("courses", &PersonProgress::courses,
                     "The courses they have begun that the caller may know of, the latest first."));
}

struct ItemView {
  catalogue::QuestionId question_id{};
  catalogue::QuestionKind kind = catalogue::QuestionKind::single;
  std::string question{};
  std::int64_t asked = 0;
  std::int64_t answered = 0;
  std::int64_t right = 0;
  std::optional<double> difficulty{};
  std::optional<double> discrimination{};
  std::optional<std::string> hint{};
};

constexpr auto fields_of(const ItemView*) {
  return table(
      "QuizItem", field("questionId", &ItemView::question_id, "The question."),
      field("kind", &ItemView::kind, "How it is answered."),
      field("question", &ItemView::question, "The question, as HTML that is safe to show."),
      field("asked", &ItemView::asked, "In how many first attempts it was asked."),
      field("answered", &ItemView::answered, "In how many of them it was answered."),
      field("right", &ItemView::right, "In how many rightly."),
      field("difficulty", &ItemView::difficulty, "The share of right answers, 0 to 1; null: not asked yet."),
      field("discrimination", &ItemView::discrimination,
            "How well it tells who knows the rest, -1 to 1 (the correlation of a right answer with the rest of the "
            "score); null: too little to say."),
      field("hint", &ItemView::hint, "What to look at, in a sentence; null: nothing stands out."));
}

struct QuizAnalysis {
  catalogue::QuizId quiz_id{};
  std::int64_t people = 0;
  std::optional<double> mean_percent{};
  std::optional<double> pass_share{};
  std::vector<ItemView> items{};
};

constexpr auto fields_of(const QuizAnalysis*) {
  return table(
      "QuizAnalysis", field("quizId", &QuizAnalysis::quiz_id, "The quiz."),
      field("people", &QuizAnalysis::people, "People whose first attempt is counted, at most the latest 5000."),
      field("meanPercent", &QuizAnalysis::mean_percent, "Their mean score; null: nobody yet."),
      field("passShare", &QuizAnalysis::pass_share, "The share that passed, 0 to 1; null: nobody yet."),
      field("items", &QuizAnalysis::items, "The questions, in order."));
}

}  // namespace tuition::learning
