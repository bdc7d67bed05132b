#include <string>
#include <utility>

#include "learning/delivery.h"
#include "learning/learning.h"
#include "learning/media/media_delivery.h"
#include "learning/overview.h"
#include "learning/progress/progress.h"
#include "learning/quizzes/attempts.h"
#include "learning/route_tables.h"
#include "learning/wire.h"
#include "platform/base/short_list.h"
#include "platform/http/json.h"

namespace tuition::learning {
namespace {

using http::Access;
using http::Bucket;
using http::Method;
using http::Request;

// An id from the path as one of ours. Anything else is merely not found.
template <class T>
T id_in(const Request& request, std::string_view name) {
  return T(std::string(request.param(name)));
}

// The page is encoded already and is copied into the envelope; what follows it is new.
http::Reply lesson_reply(const OpenLesson& lesson, Instant now) {
  http::Reply reply;
  reply.status = 0;
  reply.body.reserve(lesson.page->size() + 512);
  http::detail::begin_envelope(reply.body);
  reply.body += *lesson.page;
  encode(reply.body, lesson.media);
  reply.body += ",\"progress\":";
  encode(reply.body, lesson.progress);
  reply.body += '}';
  http::detail::end_envelope(reply.body, {}, now);
  return reply;
}

http::Endpoint lesson_endpoint(Learning& door) {
  auto endpoint = http::json([&door](const Request& request) -> Result<LessonView> {
    return get_lesson(door, request.caller, id_in<catalogue::LessonId>(request, "id"));
  });
  endpoint.run = [&door, any = std::move(endpoint.run)](const Request& request, http::Respond respond) {
    if (request.query_value("fields")) return any(request, std::move(respond));
    if (!http::detail::may_call(request, respond)) return;
    const auto lesson = open_lesson(door, request.caller, id_in<catalogue::LessonId>(request, "id"));
    if (!lesson) return respond(http::problem(lesson.error(), request));
    auto reply = lesson_reply(lesson.value(), request.now());
    http::detail::add_validator(request, reply);
    respond(std::move(reply));
  };
  return endpoint;
}

http::Routes course_routes(Learning& door) {
  return {
      http::for_keys("courses:read", {Method::get, "/api/courses", "listCourses", Access::anyone, Bucket::api,
                                      "Every published course, with what the caller may use and how far they are.",
                                      http::json([&door](const Request& request,
                                                         const CourseListForm& form) -> Result<Page<CourseCard>> {
                                        return list_courses(door, request.caller, form);
                                      })}),
      http::for_keys("courses:read", {Method::get,
                                      "/api/courses/{idOrSlug}",
                                      "getCourse",
                                      Access::anyone,
                                      Bucket::api,
                                      "A course with its outline, its locks, and the plans that open it.",
                                      http::json([&door](const Request& request) -> Result<CoursePage> {
                                        return get_course(door, request.caller, std::string(request.param("idOrSlug")));
                                      }),
                                      {404}}),
      http::for_keys(
          "courses:read",
          {Method::get,
           "/api/courses/{id}/modules",
           "listCourseModules",
           Access::anyone,
           Bucket::api,
           "All modules of a course in order, with what is locked and why.",
           http::json([&door](const Request& request, const ShortListForm& form) -> Result<Page<ModuleView>> {
             return page_of_all(TRY(course_modules(door, request.caller, std::string(request.param("id")))), form,
                                [](const ModuleView& each) { return each.id.text(); });
           }),
           {404}}),
      http::for_keys("courses:read",
                     {Method::get, "/api/modules", "listModules", Access::member, Bucket::api,
                      "All modules of all courses in order, with what is locked and why.",
                      http::json([&door](const Request& request, const ListForm& form) -> Result<Page<ModuleView>> {
                        return list_modules(door, request.caller, form);
                      })}),
      http::for_keys("courses:read", {Method::get,
                                      "/api/modules/{id}",
                                      "getModule",
                                      Access::anyone,
                                      Bucket::api,
                                      "A module's introduction and lessons, for who may see them.",
                                      http::json([&door](const Request& request) -> Result<ModulePage> {
                                        return get_module(door, request.caller,
                                                          id_in<catalogue::ModuleId>(request, "id"));
                                      }),
                                      {402, 403, 404}}),
      http::for_keys("courses:read", {Method::get,
                                      "/api/lessons/{id}",
                                      "getLesson",
                                      Access::anyone,
                                      Bucket::api,
                                      "A lesson, for who may see it: previews are open to everybody.",
                                      lesson_endpoint(door),
                                      {402, 403, 404}}),
  };
}

http::Routes progress_routes(Learning& door) {
  return {
      http::for_keys(
          "progress:write",
          {Method::post,
           "/api/progress/save",
           "saveProgress",
           Access::member,
           Bucket::api,
           "Saves how far the caller is with a lesson, a module or a level. Never goes backwards; saving twice is "
           "harmless.",
           http::json([&door](const Request& request, const ProgressForm& form,
                              std::function<void(Result<ProgressSaved>)> answer) {
             save_progress(door, request.caller, form, std::move(answer));
           }),
           {402, 404, 422}}),
      http::for_keys("progress:read", {Method::get, "/api/progress", "getProgress", Access::member, Bucket::api,
                                       "The caller's statistics and progress in every course begun.",
                                       http::json([&door](const Request& request) -> Result<ProgressView> {
                                         return get_progress(door, request.caller);
                                       })}),
      http::for_keys("progress:read", {Method::get,
                                       "/api/progress/courses/{id}",
                                       "getCourseProgress",
                                       Access::member,
                                       Bucket::api,
                                       "The caller's progress in one course, level by level.",
                                       http::json([&door](const Request& request) -> Result<CourseProgress> {
                                         return get_course_progress(door, request.caller,
                                                                    std::string(request.param("id")));
                                       }),
                                       {404}}),
  };
}

http::Routes quiz_routes(Learning& door) {
  return {
      http::for_keys("courses:read", {Method::get,
                                      "/api/quizzes/{id}",
                                      "getQuiz",
                                      Access::anyone,
                                      Bucket::api,
                                      "A quiz without its answers.",
                                      http::json([&door](const Request& request) -> Result<QuizView> {
                                        return get_quiz(door, request.caller, id_in<catalogue::QuizId>(request, "id"));
                                      }),
                                      {402, 403, 404}}),
      http::for_keys("courses:read", {Method::get,
                                      "/api/modules/{id}/quiz",
                                      "getModuleQuiz",
                                      Access::anyone,
                                      Bucket::api,
                                      "The quiz of a module, without its answers.",
                                      http::json([&door](const Request& request) -> Result<QuizView> {
                                        return get_module_quiz(door, request.caller,
                                                               id_in<catalogue::ModuleId>(request, "id"));
                                      }),
                                      {402, 403, 404}}),
      http::for_keys("progress:write", {Method::post,
                                        "/api/quizzes/{id}/attempts",
                                        "startAttempt",
                                        Access::member,
                                        Bucket::api,
                                        "Begins an attempt, or hands out the one that is open.",
                                        http::json([&door](const Request& request) -> Result<AttemptView> {
                                          return start_attempt(door, request.caller,
                                                               id_in<catalogue::QuizId>(request, "id"));
                                        }),
                                        {402, 404, 409},
                                        {},
                                        64 * 1024,
                                        201}),
      http::for_keys("progress:read", {Method::get,
                                       "/api/quizzes/{id}/attempts/{attemptId}",
                                       "getAttempt",
                                       Access::member,
                                       Bucket::api,
                                       "An attempt of the caller's, or of somebody in a course the caller teaches.",
                                       http::json([&door](const Request& request) -> Result<AttemptView> {
                                         return get_attempt(door, request.caller,
                                                            id_in<catalogue::QuizId>(request, "id"),
                                                            id_in<AttemptId>(request, "attemptId"));
                                       }),
                                       {402, 404}}),
      http::for_keys("progress:write",
                     {Method::post,
                      "/api/quizzes/{id}/attempts/{attemptId}/answers",
                      "answerQuestion",
                      Access::member,
                      Bucket::api,
                      "Answers one question, once. Tells whether it is right where the quiz gives feedback at once.",
                      http::json([&door](const Request& request, const AnswerForm& form) -> Result<AnswerResult> {
                        return answer_question(door, request.caller, id_in<catalogue::QuizId>(request, "id"),
                                               id_in<AttemptId>(request, "attemptId"), form);
                      }),
                      {402, 404, 409}}),
      http::for_keys("progress:write", {Method::post,
                                        "/api/quizzes/{id}/attempts/{attemptId}/submit",
                                        "submitAttempt",
                                        Access::member,
                                        Bucket::api,
                                        "Hands the attempt in: scores it, and completes the lesson when it is passed.",
                                        http::json([&door](const Request& request) -> Result<AttemptView> {
                                          return submit_attempt(door, request.caller,
                                                                id_in<catalogue::QuizId>(request, "id"),
                                                                id_in<AttemptId>(request, "attemptId"));
                                        }),
                                        {402, 403, 404}}),
  };
}

}  // namespace

http::Routes routes(Learning& door) {
  auto all = course_routes(door);
  for (auto* part : {&progress_routes, &quiz_routes, &media_routes, &certificate_routes, &roster_routes, &honour_routes,
                     &practice_routes})
    for (auto& route : part(door)) all.push_back(std::move(route));
  return all;
}

}  // namespace tuition::learning
