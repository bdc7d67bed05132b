#include "learning/roster/enrollment.h"

#include <charconv>
#include <map>

#include "accounts/figures.h"
#include "audit/audit.h"
#include "learning/access.h"
#include "learning/learning.h"
#include "learning/quizzes/item_analysis.h"
#include "learning/quizzes/question_order.h"
#include "learning/roster/store_roster.h"
#include "learning/roster/teaching.h"
#include "learning/store.h"
#include "learning/views.h"
#include "platform/base/csv.h"
#include "platform/base/text.h"

namespace tuition::learning {
namespace {

constexpr std::int64_t rows_a_piece = 200;
constexpr std::int64_t counted_most = 10'000;  // a list that is longer does not say how long it is

Error no_course_to_join() { return not_found("There is no such course."); }
Error no_such_learner() { return not_found("That person is not in this course."); }
constexpr const char* no_quiz_to_analyse = "There is no such quiz.";
Error already_in() { return conflict("ALREADY_ENROLLED", "That person is in this course already."); }

struct Taught {
  catalogue::ShelfPtr shelf;
  const catalogue::Course* course;
};

Result<Taught> taught(Learning& door, const Caller& caller, const std::string& id_or_slug) {
  auto shelf = catalogue::shelf(door.catalogue);
  const auto* course = shelf->course(id_or_slug);
  if (!course || !teaches(caller, course->terms)) return no_course_to_join();
  return Taught{std::move(shelf), course};
}

EnrollmentView view_of(const UserId& user, EnrollmentSource source, const Enrollment& e) {
  return {e.course, user, e.status, source, e.created_at, e.completed_at};
}

// The grant of a course to a person has its own source, so that giving it twice gives it once.
std::string grant_id(const catalogue::CourseId& course, const UserId& user) {
  return "course:" + course.text() + ":" + user.text();
}

LearnerView learner_of(ReadTx& tx, const catalogue::Course& course, store::RosterRow row) {
  const Enrollment enrollment{row.id,         course.id,       row.status, row.done_revision, row.done_map.bytes,
                              row.created_at, row.completed_at};
  const auto total = static_cast<std::int64_t>(course.lessons.size());
  const auto done = done_count(course, store::done_map(tx, row.user, course, enrollment));
  return {row.user,
          std::move(row.name),
          std::move(row.email),
          row.status,
          row.source,
          row.created_at,
          row.completed_at,
          done,
          total,
          percent_done(done, total),
          row.last_active_at};
}

void note(WriteTx& tx, Learning& door, const Caller& caller, const catalogue::Course& course, const UserId& user,
          std::string action, std::string description) {
  audit::record(tx, {.at = door.clock.now(),
                     .actor = caller,
                     .action = std::move(action),
                     .target_type = "user",
                     .target_id = user.text(),
                     .description = std::move(description),
                     .metadata = {"{\"course\":\"" + course.id.text() + "\"}"}});
}

std::optional<accounts::Person> person_meant(ReadTx& tx, const GrantForm& form) {
  auto person = form.user_id ? accounts::person(tx, *form.user_id)
                             : accounts::person_by_email(tx, to_lower_ascii(form.email.value_or("")));
  if (person && person->status != accounts::UserStatus::active) return std::nullopt;
  return person;
}

http::Reply table_reply(const std::string& name) {
  http::Reply reply;
  reply.content_type = "text/csv; charset=utf-8";
  reply.with("Content-Disposition", "attachment; filename=\"" + name + ".csv\"").with("Cache-Control", "no-store");
  return reply;
}

// A number as it is: a sign in front makes no formula of it.
void append_csv_number(std::string& out, const std::optional<double>& number) {
  out += ',';
  if (!number) return;
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, *number, std::chars_format::fixed, 4).ptr;
  out.append(digits, end);
}

}  // namespace

Result<EnrollmentView> enroll(Learning& door, const Caller& caller, const std::string& id_or_slug) {
  const auto shelf = catalogue::shelf(door.catalogue);
  const auto* course = shelf->course(id_or_slug);
  if (!course) return no_course_to_join();
  const auto viewer = viewer_of(door, caller);
  if (!entitled(viewer, *course)) return locked_error({LockReason::payment});
  const auto source =
      course->access == catalogue::CourseAccess::free ? EnrollmentSource::free : EnrollmentSource::purchase;
  return door.db.write([&](WriteTx& tx) -> Result<EnrollmentView> {
    if (!store::join(tx, new_id<EnrollmentTag>(door.clock, door.entropy), caller.user, course->id, source, viewer.now))
      return conflict("ALREADY_ENROLLED", "You are in this course already.");
    return view_of(caller.user, source, *store::enrollment(tx, caller.user, course->id));
  });
}

Result<Page<LearnerView>> list_learners(Learning& door, const Caller& caller, const std::string& id_or_slug,
                                        const RosterForm& form) {
  const auto found = TRY(taught(door, caller, id_or_slug));
  if (form.cursor && !is_uuid(*form.cursor))
    return invalid_field("cursor", "is no place in this list: begin again without it");
  const auto q = to_lower_ascii(form.q.value_or(""));
  return door.db.read([&](ReadTx& tx) -> Result<Page<LearnerView>> {
    Page<LearnerView> page;
    page.limit = form.limit.value_or(page_limit_default);
    page.total = store::roster_size(tx, found.course->id, q, counted_most);
    auto rows = store::roster(tx, found.course->id, q, form.cursor.value_or(""), page.limit + 1);
    if (static_cast<std::int64_t>(rows.size()) > page.limit) {
      rows.resize(static_cast<std::size_t>(page.limit));
      page.next = rows.back().id.text();
    }
    for (auto& row : rows) page.rows.push_back(learner_of(tx, *found.course, std::move(row)));
    return page;
  });
}

Result<LearnerDetail> get_learner(Learning& door, const Caller& caller, const std::string& id_or_slug,
                                  const UserId& user) {
  const auto found = TRY(taught(door, caller, id_or_slug));
  const auto& course = *found.course;
  return door.db.read([&](ReadTx& tx) -> Result<LearnerDetail> {
    auto row = store::roster_row(tx, course.id, user);
    if (!row) return no_such_learner();
    LearnerDetail detail{learner_of(tx, course, std::move(*row)), {}};
    std::map<std::string, Progress> rows;
    for (auto& each : store::lesson_rows(tx, user, course.id)) rows.emplace(each.lesson, std::move(each.progress));
    std::map<std::string, AttemptId> attempts;
    for (auto& each : store::last_attempts(tx, user, course.id)) attempts.emplace(each.lesson, std::move(each.attempt));
    for (const auto& lesson : course.lessons) {
      LearnerLesson view{lesson.id, lesson.title, lesson.kind, lesson.level, false, {}, 0, {}, {}, 0, {}, {}, {}};
      if (!lesson.quiz.empty()) view.quiz_id = lesson.quiz;
      if (const auto at = attempts.find(lesson.id.text()); at != attempts.end()) view.attempt_id = at->second;
      if (const auto at = rows.find(lesson.id.text()); at != rows.end()) {
        const auto& p = at->second;
        view.completed = p.completed;
        view.completed_at = p.completed_at;
        view.position_seconds = p.position_s;
        view.score_best = p.score_best;
        view.score_last = p.score_last;
        view.attempts = p.attempts;
        view.updated_at = p.updated_at;
      }
      detail.lessons.push_back(std::move(view));
    }
    return detail;
  });
}

Result<http::Reply> export_learners(Learning& door, const Caller& caller, const std::string& id_or_slug) {
  auto found = TRY(taught(door, caller, id_or_slug));
  auto reply = table_reply("learners-" + found.course->slug);
  auto next = [&door, found = std::move(found), after = std::string(), begun = false](std::string& out) mutable {
    if (!begun)
      out += "userId,name,email,status,source,joinedAt,completedAt,lessonsDone,lessonsTotal,percent,lastActiveAt\r\n";
    begun = true;
    return door.db.read([&](ReadTx& tx) {
      auto rows = store::roster(tx, found.course->id, "", after, rows_a_piece);
      const bool more = static_cast<std::int64_t>(rows.size()) == rows_a_piece;
      if (!rows.empty()) after = rows.back().id.text();
      for (auto& row : rows) {
        const auto learner = learner_of(tx, *found.course, std::move(row));
        const std::string cells[] = {learner.user_id.text(),
                                     learner.name,
                                     learner.email,
                                     std::string(name_of(learner.status)),
                                     std::string(name_of(learner.source)),
                                     to_text(learner.joined_at),
                                     learner.completed_at ? to_text(*learner.completed_at) : "",
                                     std::to_string(learner.lessons_done),
                                     std::to_string(learner.lessons_total),
                                     std::to_string(learner.percent),
                                     learner.last_active_at ? to_text(*learner.last_active_at) : ""};
        append_csv_row(out, cells);
      }
      return more;
    });
  };
  reply.stream = std::make_shared<http::BodyStream>(http::BodyStream{.next = std::move(next)});
  return reply;
}

Result<EnrollmentView> grant_course(Learning& door, const Caller& caller, const std::string& id_or_slug,
                                    const GrantForm& form) {
  const auto found = TRY(taught(door, caller, id_or_slug));
  const auto& course = *found.course;
  const auto now = door.clock.now();
  if (form.user_id.has_value() == form.email.has_value())
    return invalid_field("userId", "is given, or else email: exactly one of them");
  if (form.until && *form.until <= now) return invalid_field("until", "must be in the future");
  return door.db.write([&](WriteTx& tx) -> Result<EnrollmentView> {
    const auto person = person_meant(tx, form);
    if (!person)
      return invalid_field(form.user_id ? "userId" : "email", "is nobody who could take a course: invite them first");
    const auto& user = person->id;
    const bool joined =
        store::join(tx, new_id<EnrollmentTag>(door.clock, door.entropy), user, course.id, EnrollmentSource::grant, now);
    const auto source_id = grant_id(course.id, user);
    bool opened = false;
    if (course.access == catalogue::CourseAccess::paid) {
      opened = entitlements::restore(door.entitlements, tx, entitlements::Source::grant, source_id);
      const entitlements::NewGrant right{.user = user,
                                         .scope = entitlements::Scope::course,
                                         .scope_id = course.id.text(),
                                         .source = entitlements::Source::grant,
                                         .source_id = source_id,
                                         .starts_at = now,
                                         .ends_at = form.until,
                                         .reason = "Given by the school."};
      if (entitlements::grant(door.entitlements, tx, right)) opened = true;
    }
    if (!joined && !opened) return already_in();
    note(tx, door, caller, course, user, "learning.course_granted", "Opened a course to somebody.");
    outreach::enqueue(tx, door.outreach, {.email = person->email, .user = user},
                      outreach::CourseGiven{.name = person->full_name,
                                            .course_title = course.title,
                                            .course_slug = course.slug,
                                            .until = form.until ? std::optional(day_of(*form.until)) : std::nullopt});
    const auto source = store::source_of(tx, user, course.id).value_or(EnrollmentSource::grant);
    return view_of(user, source, *store::enrollment(tx, user, course.id));
  });
}

Result<void> remove_learner(Learning& door, const Caller& caller, const std::string& id_or_slug, const UserId& user) {
  const auto found = TRY(taught(door, caller, id_or_slug));
  const auto& course = *found.course;
  return door.db.write([&](WriteTx& tx) -> Result<void> {
    const bool left = store::leave(tx, user, course.id);
    const bool closed = entitlements::revoke(door.entitlements, tx, entitlements::Source::grant,
                                             grant_id(course.id, user), "Taken off the course by the school.");
    if (!left && !closed) return no_such_learner();
    note(tx, door, caller, course, user, "learning.learner_removed", "Took somebody off a course.");
    return {};
  });
}

Result<PersonProgress> progress_of(Learning& door, const Caller& caller, const UserId& user) {
  const auto shelf = catalogue::shelf(door.catalogue);
  const bool all = caller.is(user) || caller.is_admin();
  if (!all && caller.role != Role::instructor) return not_found("There is no such person.");
  return door.db.read([&](ReadTx& tx) -> Result<PersonProgress> {
    PersonProgress view{user, {}};
    for (const auto& enrollment : store::enrollments(tx, user)) {
      const auto* course = shelf->course(enrollment.course.text());
      if (!course || (!all && !teaches(caller, course->terms))) continue;
      view.courses.push_back(course_progress_of(*course, store::done_map(tx, user, *course, enrollment)));
    }
    if (view.courses.empty() && !caller.is(user) && !(caller.is_admin() && accounts::person(tx, user)))
      return not_found("There is no such person.");
    return view;
  });
}

Result<QuizAnalysis> analyse_quiz(Learning& door, const Caller& caller, const catalogue::QuizId& id) {
  const auto shelf = catalogue::shelf(door.catalogue);
  const auto* place = shelf->quiz(id);
  if (place && !teaches(caller, place->course->terms)) return not_found(no_quiz_to_analyse);
  return door.db.read([&](ReadTx& tx) -> Result<QuizAnalysis> {
    // What is not published any more, or not yet, is known to its author only.
    if (!place) TRY(catalogue::own(tx, caller, id, no_quiz_to_analyse));
    const auto quiz = catalogue::quiz(tx, id);
    if (!quiz) return not_found(no_quiz_to_analyse);
    std::map<std::string, std::vector<Sitting>> sittings;
    std::map<std::string, std::int64_t> points;
    for (const auto& question : quiz->questions) points[question.id.text()] = question.points;
    QuizAnalysis view{id, 0, {}, {}, {}};
    double shares = 0, passed = 0;
    for (const auto& attempt : store::first_attempts(tx, id)) {
      ++view.people;
      passed += attempt.passed ? 1 : 0;
      if (attempt.score_max > 0) shares += static_cast<double>(attempt.score) / static_cast<double>(attempt.score_max);
      std::map<std::string, store::AnswerRow> answers;
      for (auto& answer : store::answers(tx, attempt.attempt)) answers.emplace(answer.question.text(), answer);
      for (const auto& asked : read_order(attempt.question_order_json)) {
        const auto at = points.find(asked.question.text());
        if (at == points.end()) continue;
        const auto given = answers.find(asked.question.text());
        const bool answered = given != answers.end();
        sittings[asked.question.text()].push_back({answered && given->second.correct, answered,
                                                   answered ? given->second.points : 0, attempt.score,
                                                   attempt.score_max, at->second});
      }
    }
    if (view.people > 0) {
      view.mean_percent = 100 * shares / static_cast<double>(view.people);
      view.pass_share = passed / static_cast<double>(view.people);
    }
    for (const auto& question : quiz->questions) {
      const auto item = analysed(sittings[question.id.text()]);
      ItemView one{question.id, question.kind,   question.question_html, item.asked, item.answered,
                   item.right,  item.difficulty, item.discrimination,    {}};
      if (const auto hint = hint_for(item)) one.hint = std::string(*hint);
      view.items.push_back(std::move(one));
    }
    return view;
  });
}

Result<http::Reply> export_analysis(Learning& door, const Caller& caller, const catalogue::QuizId& id) {
  const auto analysis = TRY(analyse_quiz(door, caller, id));
  const auto words = door.db.read([&](ReadTx& tx) { return catalogue::question_words(tx, id); });
  const auto shelf = catalogue::shelf(door.catalogue);
  const auto* place = shelf->quiz(id);
  auto reply = table_reply(place ? "results-" + place->course->slug : "results");
  auto& out = reply.body;
  out = "number,questionId,kind,question,asked,answered,right,difficulty,discrimination,hint\r\n";
  std::int64_t number = 0;
  for (const auto& item : analysis.items) {
    const auto text = words.find(item.question_id.text());
    out += std::to_string(++number) + ',';
    append_csv_cell(out, item.question_id.text());
    out += ',';
    append_csv_cell(out, name_of(item.kind));
    out += ',';
    append_csv_cell(out, text == words.end() ? std::string_view() : std::string_view(text->second));
    for (const auto count : {item.asked, item.answered, item.right}) out += ',' + std::to_string(count);
    append_csv_number(out, item.difficulty);
    append_csv_number(out, item.discrimination);
    out += ',';
    append_csv_cell(out, item.hint.value_or(""));
    out += "\r\n";
  }
  return reply;
}

}  // namespace tuition::learning
