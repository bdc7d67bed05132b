#include "learning/honours/honours.h"
#include "learning/learning.h"
#include "learning/roster/enrollment.h"
#include "learning/route_tables.h"
#include "learning/usage/usage.h"
#include "platform/http/json.h"

namespace tuition::learning {
namespace {

using http::Access;
using http::Bucket;
using http::Method;
using http::NoData;
using http::Request;

std::string course_in(const Request& request) { return std::string(request.param("id")); }
UserId learner_in(const Request& request) { return UserId(std::string(request.param("userId"))); }

}  // namespace

http::Routes roster_routes(Learning& door) {
  return {
      {.method = Method::post,
       .path = "/api/courses/{id}/enroll",
       .operation = "enroll",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "Joins a course that is free or that the caller may use.",
       .endpoint = http::json([&door](const Request& request) -> Result<EnrollmentView> {
         return enroll(door, request.caller, course_in(request));
       }),
       .statuses = {402, 404, 409},
       .success = 201,
       .scope = "progress:write"},
      {.method = Method::get,
       .path = "/api/courses/{id}/learners",
       .operation = "listLearners",
       .access = Access::instructor,
       .bucket = Bucket::api,
       .sentence = "The people in a course, for who teaches it, the newest first.",
       .endpoint = http::json([&door](const Request& request, const RosterForm& form) -> Result<Page<LearnerView>> {
         return list_learners(door, request.caller, course_in(request), form);
       }),
       .statuses = {404},
       .scope = http::no_keys},
      {.method = Method::post,
       .path = "/api/courses/{id}/learners",
       .operation = "grantCourse",
       .access = Access::instructor,
       .bucket = Bucket::api,
       .sentence = "Opens a course to somebody, for who teaches it. The person is told.",
       .endpoint = http::json([&door](const Request& request, const GrantForm& form) -> Result<EnrollmentView> {
         return grant_course(door, request.caller, course_in(request), form);
       }),
       .statuses = {404, 409},
       .success = 201,
       .scope = http::no_keys},
      {.method = Method::get,
       .path = "/api/courses/{id}/learners/export",
       .operation = "exportLearners",
       .access = Access::instructor,
       .bucket = Bucket::api,
       .sentence = "The people in a course as a table, for who teaches it.",
       .endpoint = http::raw([&door](const Request& request) -> http::Reply {
         auto table = export_learners(door, request.caller, course_in(request));
         return table ? std::move(table).value() : http::problem(table.error(), request);
       }),
       .statuses = {404},
       .scope = http::no_keys},
      {.method = Method::get,
       .path = "/api/courses/{id}/learners/{userId}",
       .operation = "getLearner",
       .access = Access::instructor,
       .bucket = Bucket::api,
       .sentence = "How far one person is with each lesson, for who teaches the course.",
       .endpoint = http::json([&door](const Request& request) -> Result<LearnerDetail> {
         return get_learner(door, request.caller, course_in(request), learner_in(request));
       }),
       .statuses = {404},
       .scope = http::no_keys},
      {.method = Method::del,
       .path = "/api/courses/{id}/learners/{userId}",
       .operation = "removeLearner",
       .access = Access::instructor,
       .bucket = Bucket::api,
       .sentence = "Takes somebody off a course, and back what was granted there. What they pay for stays theirs.",
       .endpoint = http::json([&door](const Request& request) -> Result<NoData> {
         TRY(remove_learner(door, request.caller, course_in(request), learner_in(request)));
         return NoData{};
       }),
       .statuses = {404},
       .scope = http::no_keys},
      {.method = Method::get,
       .path = "/api/users/{id}/progress",
       .operation = "getUserProgress",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "Somebody's progress: for themselves, administrators, and instructors in the courses they teach.",
       .endpoint = http::json([&door](const Request& request) -> Result<PersonProgress> {
         return progress_of(door, request.caller, UserId(std::string(request.param("id"))));
       }),
       .statuses = {404},
       .scope = "progress:read"},
      {.method = Method::get,
       .path = "/api/quizzes/{id}/analysis",
       .operation = "analyseQuiz",
       .access = Access::instructor,
       .bucket = Bucket::api,
       .sentence = "How the questions of a quiz work, from everybody's first attempts, for who teaches the course.",
       .endpoint = http::json([&door](const Request& request) -> Result<QuizAnalysis> {
         return analyse_quiz(door, request.caller, catalogue::QuizId(std::string(request.param("id"))));
       }),
       .statuses = {404},
       .scope = http::no_keys},
      {.method = Method::get,
       .path = "/api/quizzes/{id}/analysis/export",
       .operation = "exportQuizAnalysis",
       .access = Access::instructor,
       .bucket = Bucket::api,
       .sentence = "How the questions of a quiz work, as a table, for who teaches the course.",
       .endpoint = http::raw([&door](const Request& request) -> http::Reply {
         auto table = export_analysis(door, request.caller, catalogue::QuizId(std::string(request.param("id"))));
         return table ? std::move(table).value() : http::problem(table.error(), request);
       }),
       .statuses = {404},
       .scope = http::no_keys},
  };
}

http::Routes honour_routes(Learning& door) {
  return {
      {.method = Method::get,
       .path = "/api/achievements",
       .operation = "listAchievements",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "The caller's rank, and every achievement with how far the caller is.",
       .endpoint = http::json([&door](const Request& request) -> Result<AchievementsView> {
         return list_achievements(door, request.caller);
       }),
       .scope = "progress:read"},
      {.method = Method::get,
       .path = "/api/leaderboard",
       .operation = "getLeaderboard",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "Points of the people who want to be compared, and the caller's own place among them.",
       .endpoint = http::json([&door](const Request& request, const LeaderboardForm& form) -> Result<LeaderboardView> {
         return leaderboard(door, request.caller, form);
       }),
       .statuses = {404},
       .scope = "progress:read"},
      {.method = Method::get,
       .path = "/api/users/me/usage",
       .operation = "getMyUsage",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "How much the caller has learned, in all and week by week.",
       .endpoint = http::json([&door](const Request& request, const UsageForm& form) -> Result<UsageView> {
         return usage_of(door, request.caller, form);
       }),
       .scope = "progress:read"},
  };
}

}  // namespace tuition::learning
