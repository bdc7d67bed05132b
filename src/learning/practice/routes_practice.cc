#include "learning/learning.h"
#include "learning/practice/practice_rounds.h"
#include "learning/route_tables.h"
#include "platform/http/json.h"

namespace tuition::learning {
namespace {

using http::Access;
using http::Bucket;
using http::Method;
using http::Request;

constexpr std::size_t trial_bytes_max = 2 * 1024 * 1024;  // of a body that holds a lesson

catalogue::LessonId lesson_in(const Request& request) { return catalogue::LessonId(std::string(request.param("id"))); }
RoundId round_in(const Request& request) { return RoundId(std::string(request.param("id"))); }

}  // namespace

http::Routes practice_routes(Learning& door) {
  return {
      {.method = Method::get,
       .path = "/api/lessons/{id}/practice",
       .operation = "getPractice",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "What a practice lesson asks, and how the caller has done so far.",
       .endpoint = http::json([&door](const Request& request) -> Result<PracticeView> {
         return get_practice(door, request.caller, lesson_in(request));
       }),
       .statuses = {402, 404},
       .scope = "progress:read"},
      {.method = Method::post,
       .path = "/api/lessons/{id}/practice",
       .operation = "startPractice",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "Begins a round of practice, or hands out the one that is open.",
       .endpoint = http::json([&door](const Request& request) -> Result<PracticeRound> {
         return start_round(door, request.caller, lesson_in(request));
       }),
       .statuses = {402, 404},
       .success = 201,
       .scope = "progress:write"},
      {.method = Method::get,
       .path = "/api/practice/{id}",
       .operation = "getPracticeRound",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "A round of practice of the caller's.",
       .endpoint = http::json([&door](const Request& request) -> Result<PracticeRound> {
         return get_round(door, request.caller, round_in(request));
       }),
       .statuses = {402, 404},
       .scope = "progress:read"},
      {.method = Method::post,
       .path = "/api/practice/{id}/answers",
       .operation = "answerExercise",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "Answers one exercise, once, and tells what is right. The last one scores the round.",
       .endpoint =
           http::json([&door](const Request& request, const PracticeAnswerForm& form) -> Result<PracticeAnswered> {
             return answer_exercise(door, request.caller, round_in(request), form);
           }),
       .statuses = {402, 404, 409},
       .scope = "progress:write"},
      {.method = Method::post,
       .path = "/api/practice/trial",
       .operation = "tryPractice",
       .access = Access::instructor,
       .bucket = Bucket::api,
       .sentence = "A round of a practice lesson that is being written, or what is wrong with its fence. Nothing is "
                   "kept.",
       .endpoint = http::json([&door](const Request&, const PracticeTrialForm& form) -> Result<PracticeTrial> {
         return try_practice(door, form);
       }),
       .body_max = trial_bytes_max,
       .scope = "courses:write"},
      {.method = Method::post,
       .path = "/api/practice/trial/answers",
       .operation = "answerTrial",
       .access = Access::instructor,
       .bucket = Bucket::api,
       .sentence = "What an answer to an exercise of such a round is worth. Nothing is kept.",
       .endpoint = http::json([](const Request&, const PracticeTrialAnswerForm& form) -> Result<PracticeResult> {
         return answer_trial(form);
       }),
       .body_max = trial_bytes_max,
       .scope = "courses:write"},
  };
}

}  // namespace tuition::learning
