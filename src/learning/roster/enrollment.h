#pragma once

#include "learning/roster/wire_roster.h"
#include "platform/base/caller.h"
#include "platform/base/page.h"
#include "platform/base/result.h"
#include "platform/http/reply.h"

// Joining a course, and the people in it as its instructor sees them. What an instructor sees and does here is for
// those who teach the course (teaching.h); other instructors do not find it, nor anybody people who are not in it.
namespace tuition::learning {

struct Learning;

// For a course that is free or that the caller may use. ALREADY_ENROLLED when they are in it; PAYMENT_REQUIRED.
Result<EnrollmentView> enroll(Learning& door, const Caller& caller, const std::string& course);

Result<Page<LearnerView>> list_learners(Learning& door, const Caller& caller, const std::string& course,
                                        const RosterForm& form);
Result<LearnerDetail> get_learner(Learning& door, const Caller& caller, const std::string& course, const UserId& user);
// The whole list as a table (text/csv), a piece at a time; no cell is taken for a formula.
Result<http::Reply> export_learners(Learning& door, const Caller& caller, const std::string& course);
// Opens the course to somebody, and tells them. ALREADY_ENROLLED when they are in it by a grant already.
Result<EnrollmentView> grant_course(Learning& door, const Caller& caller, const std::string& course,
                                    const GrantForm& form);
// Takes somebody off the list and takes back what was granted here. What they pay for themselves stays theirs, and so
// does their progress, should they come again.
Result<void> remove_learner(Learning& door, const Caller& caller, const std::string& course, const UserId& user);

// Somebody's courses: all for themselves and administrators; for an instructor, those they teach.
Result<PersonProgress> progress_of(Learning& door, const Caller& caller, const UserId& user);

// How the questions of a quiz work, from everybody's first attempts.
Result<QuizAnalysis> analyse_quiz(Learning& door, const Caller& caller, const catalogue::QuizId& quiz);
// The same as a table (text/csv), a row for each question; no cell is taken for a formula.
Result<http::Reply> export_analysis(Learning& door, const Caller& caller, const catalogue::QuizId& quiz);

}  // namespace tuition::learning
