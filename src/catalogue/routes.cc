#include <string>
#include <utility>

#include "catalogue/authoring/authoring.h"
#include "catalogue/authoring/outlining.h"
#include "catalogue/catalogue.h"
#include "catalogue/folders/transfer.h"
#include "catalogue/quizzes/question_editing.h"
#include "platform/base/blocking.h"
#include "platform/base/text.h"
#include "platform/http/json.h"

namespace tuition::catalogue {
namespace {

using http::Access;
using http::Bucket;
using http::Method;
using http::Request;

constexpr std::size_t text_max = 2 * 1024 * 1024;  // bytes of a body that holds a lesson

template <class T>
T id_in(const Request& request, std::string_view name = "id") {
  return T(std::string(request.param(name)));
}

http::Routes course_routes(Catalogue& door) {
  return {
      http::for_keys(
          "courses:write",
          {Method::get, "/api/studio/courses", "listStudioCourses", Access::instructor, Bucket::api,
           "The caller's own courses, drafts included, the latest changed first; for administrators everybody's.",
           http::json([&door](const Request& request, const StudioListForm& form) -> Result<Page<StudioCourse>> {
             return list_own_courses(door, request.caller, form);
           })}),
      http::for_keys("courses:write", {Method::get,
                                       "/api/studio/courses/{id}",
                                       "getStudioCourse",
                                       Access::instructor,
                                       Bucket::api,
                                       "A course with its outline as its author works on it.",
                                       http::json([&door](const Request& request) -> Result<CourseSource> {
                                         return course_source(door, request.caller, id_in<CourseId>(request));
                                       }),
                                       {404}}),
      http::for_keys("courses:write",
                     {Method::post,
                      "/api/courses",
                      "createCourse",
                      Access::instructor,
                      Bucket::api,
                      "Makes a course, as a draft.",
                      http::json([&door](const Request& request, const CourseForm& form) -> Result<CourseSource> {
                        return create_course(door, request.caller, form);
                      }),
                      {409, 422},
                      {},
                      text_max,
                      201}),
      http::for_keys("courses:write",
                     {Method::put,
                      "/api/courses/{idOrSlug}",
                      "changeCourse",
                      Access::instructor,
                      Bucket::api,
                      "Changes a course; what the form leaves out is as for a new one, but its slug and teacher.",
                      http::json([&door](const Request& request, const CourseForm& form) -> Result<CourseSource> {
                        return change_course(door, request.caller, std::string(request.param("idOrSlug")), form);
                      }),
                      {404, 409, 422},
                      {},
                      text_max}),
      http::for_keys("courses:write", {Method::del,
                                       "/api/courses/{idOrSlug}",
                                       "removeCourse",
                                       Access::instructor,
                                       Bucket::api,
                                       "Takes a course away: archived where people have joined it, else deleted.",
                                       http::json([&door](const Request& request) -> Result<Removed> {
                                         return remove_course(door, request.caller,
                                                              std::string(request.param("idOrSlug")));
                                       }),
                                       {404}}),
      http::for_keys("courses:write",
                     {Method::post,
                      "/api/courses/{id}/publish",
                      "publishCourse",
                      Access::instructor,
                      Bucket::api,
                      "Shows the course to learners. What is still missing for that is listed (422).",
                      http::json([&door](const Request& request, const RevisionForm& form) -> Result<CourseSource> {
                        return publish_course(door, request.caller, id_in<CourseId>(request), form);
                      }),
                      {404, 409, 422}}),
      http::for_keys("courses:write",
                     {Method::post,
                      "/api/courses/{id}/withdraw",
                      "withdrawCourse",
                      Access::instructor,
                      Bucket::api,
                      "Takes the course back to a draft; learners keep their progress.",
                      http::json([&door](const Request& request, const RevisionForm& form) -> Result<CourseSource> {
                        return withdraw_course(door, request.caller, id_in<CourseId>(request), form);
                      }),
                      {404, 409}}),
      http::for_keys("courses:write",
                     {Method::post,
                      "/api/markdown/preview",
                      "previewMarkdown",
                      Access::instructor,
                      Bucket::api,
                      "Markdown as learners will see it.",
                      http::json([&door](const Request& request, const MarkdownForm& form) -> Result<MarkdownView> {
                        return preview_markdown(door, request.caller, form);
                      }),
                      {404, 422},
                      {},
                      text_max}),
  };
}

http::Routes module_routes(Catalogue& door) {
  return {
      http::for_keys("courses:write",
                     {Method::post,
                      "/api/courses/{id}/modules",
                      "createModule",
                      Access::instructor,
                      Bucket::api,
                      "Adds a module at the end of a course.",
                      http::json([&door](const Request& request, const ModuleForm& form) -> Result<ModuleSource> {
                        return create_module(door, request.caller, id_in<CourseId>(request), form);
                      }),
                      {404, 422},
                      {},
                      text_max,
                      201}),
      http::for_keys("courses:write",
                     {Method::post,
                      "/api/courses/{id}/modules/reorder",
                      "reorderModules",
                      Access::instructor,
                      Bucket::api,
                      "Puts the modules in another order. All of them are named; otherwise nothing moves (422).",
                      http::json([&door](const Request& request, const OrderForm& form) -> Result<CourseSource> {
                        return reorder_modules(door, request.caller, id_in<CourseId>(request), form);
                      }),
                      {404, 422},
                      {},
                      text_max}),
      http::for_keys("courses:write", {Method::get,
                                       "/api/studio/modules/{id}",
                                       "getStudioModule",
                                       Access::instructor,
                                       Bucket::api,
                                       "A module as its author works on it.",
                                       http::json([&door](const Request& request) -> Result<ModuleSource> {
                                         return module_source(door, request.caller, id_in<ModuleId>(request));
                                       }),
                                       {404}}),
      http::for_keys("courses:write",
                     {Method::put,
                      "/api/modules/{id}",
                      "changeModule",
                      Access::instructor,
                      Bucket::api,
                      "Changes a module.",
                      http::json([&door](const Request& request, const ModuleForm& form) -> Result<ModuleSource> {
                        return change_module(door, request.caller, id_in<ModuleId>(request), form);
                      }),
                      {404, 409, 422},
                      {},
                      text_max}),
      http::for_keys("courses:write",
                     {Method::del,
                      "/api/modules/{id}",
                      "removeModule",
                      Access::instructor,
                      Bucket::api,
                      "Deletes a module with its lessons.",
                      http::json([&door](const Request& request, const ForceForm& form) -> Result<Removed> {
                        return remove_module(door, request.caller, id_in<ModuleId>(request), form);
                      }),
                      {404, 409}}),
  };
}

http::Routes lesson_routes(Catalogue& door) {
  return {
      http::for_keys("courses:write",
                     {Method::post,
                      "/api/modules/{id}/lessons",
                      "createLesson",
                      Access::instructor,
                      Bucket::api,
                      "Adds a lesson at the end of a module.",
                      http::json([&door](const Request& request, const LessonForm& form) -> Result<LessonSource> {
                        return create_lesson(door, request.caller, id_in<ModuleId>(request), form);
                      }),
                      {404, 422},
                      {},
                      text_max,
                      201}),
      http::for_keys("courses:write",
                     {Method::post,
                      "/api/modules/{id}/lessons/reorder",
                      "reorderLessons",
                      Access::instructor,
                      Bucket::api,
                      "Puts the lessons of a module in another order; lessons of other modules of the course move "
                      "here. All of the "
                      "module's are named; otherwise nothing moves (422).",
                      http::json([&door](const Request& request, const OrderForm& form) -> Result<CourseSource> {
                        return reorder_lessons(door, request.caller, id_in<ModuleId>(request), form);
                      }),
                      {404, 422},
                      {},
                      text_max}),
      http::for_keys("courses:write", {Method::get,
                                       "/api/studio/lessons/{id}",
                                       "getStudioLesson",
                                       Access::instructor,
                                       Bucket::api,
                                       "A lesson as its author works on it.",
                                       http::json([&door](const Request& request) -> Result<LessonSource> {
                                         return lesson_source(door, request.caller, id_in<LessonId>(request));
                                       }),
                                       {404}}),
      http::for_keys("courses:write",
                     {Method::put,
                      "/api/lessons/{id}",
                      "changeLesson",
                      Access::instructor,
                      Bucket::api,
                      "Changes a lesson.",
                      http::json([&door](const Request& request, const LessonForm& form) -> Result<LessonSource> {
                        return change_lesson(door, request.caller, id_in<LessonId>(request), form);
                      }),
                      {404, 409, 422},
                      {},
                      text_max}),
      http::for_keys("courses:write",
                     {Method::del,
                      "/api/lessons/{id}",
                      "removeLesson",
                      Access::instructor,
                      Bucket::api,
                      "Deletes a lesson.",
                      http::json([&door](const Request& request, const ForceForm& form) -> Result<Removed> {
                        return remove_lesson(door, request.caller, id_in<LessonId>(request), form);
                      }),
                      {404, 409}}),
  };
}

http::Routes quiz_routes(Catalogue& door) {
  return {
      http::for_keys("courses:write",
                     {Method::post,
                      "/api/quizzes",
                      "createQuiz",
                      Access::instructor,
                      Bucket::api,
                      "Makes a quiz, with a lesson of its own at the end of a module or for a lesson that has none.",
                      http::json([&door](const Request& request, const QuizForm& form) -> Result<QuizSource> {
                        return create_quiz(door, request.caller, form);
                      }),
                      {404, 409, 422},
                      {},
                      64 * 1024,
                      201}),
      http::for_keys("courses:write",
                     {Method::put,
                      "/api/quizzes/{id}",
                      "changeQuiz",
                      Access::instructor,
                      Bucket::api,
                      "Changes how a quiz is taken.",
                      http::json([&door](const Request& request, const QuizForm& form) -> Result<QuizSource> {
                        return change_quiz(door, request.caller, id_in<QuizId>(request), form);
                      }),
                      {404, 409}}),
      http::for_keys("courses:write",
                     {Method::del,
                      "/api/quizzes/{id}",
                      "removeQuiz",
                      Access::instructor,
                      Bucket::api,
                      "Deletes a quiz with its lesson.",
                      http::json([&door](const Request& request, const ForceForm& form) -> Result<Removed> {
                        return remove_quiz(door, request.caller, id_in<QuizId>(request), form);
                      }),
                      {404, 409}}),
      http::for_keys("courses:write", {Method::get,
                                       "/api/quizzes/{id}/questions",
                                       "getQuizSource",
                                       Access::instructor,
                                       Bucket::api,
                                       "A quiz with its questions and answers, for the course's author.",
                                       http::json([&door](const Request& request) -> Result<QuizSource> {
                                         return quiz_source(door, request.caller, id_in<QuizId>(request));
                                       }),
                                       {404}}),
      http::for_keys("courses:write",
                     {Method::post,
                      "/api/quizzes/{id}/questions",
                      "addQuestion",
                      Access::instructor,
                      Bucket::api,
                      "Adds a question at the end of a quiz.",
                      http::json([&door](const Request& request, const QuestionForm& form) -> Result<QuestionSource> {
                        return add_question(door, request.caller, id_in<QuizId>(request), form);
                      }),
                      {404, 422},
                      {},
                      256 * 1024,
                      201}),
      http::for_keys(
          "courses:write",
          {Method::put,
           "/api/quizzes/{id}/questions/{questionId}",
           "changeQuestion",
           Access::instructor,
           Bucket::api,
           "Changes a question. Where the quiz has been taken, the new words are a new question with an id of its own.",
           http::json([&door](const Request& request, const QuestionForm& form) -> Result<QuestionSource> {
             return change_question(door, request.caller, id_in<QuizId>(request),
                                    id_in<QuestionId>(request, "questionId"), form);
           }),
           {404, 409, 422},
           {},
           256 * 1024}),
      http::for_keys("courses:write", {Method::del,
                                       "/api/quizzes/{id}/questions/{questionId}",
                                       "removeQuestion",
                                       Access::instructor,
                                       Bucket::api,
                                       "Takes a question out of a quiz; it is kept for the attempts that answered it.",
                                       http::json([&door](const Request& request) -> Result<Removed> {
                                         return remove_question(door, request.caller, id_in<QuizId>(request),
                                                                id_in<QuestionId>(request, "questionId"));
                                       }),
                                       {404}}),
      http::for_keys("courses:write",
                     {Method::post,
                      "/api/quizzes/{id}/questions/reorder",
                      "reorderQuestions",
                      Access::instructor,
                      Bucket::api,
                      "Puts the questions in another order. All of them are named; otherwise nothing moves (422).",
                      http::json([&door](const Request& request, const OrderForm& form) -> Result<QuizSource> {
                        return reorder_questions(door, request.caller, id_in<QuizId>(request), form);
                      }),
                      {404, 422}}),
      http::for_keys("courses:write",
                     {Method::post,
                      "/api/quizzes/{id}/questions/copy",
                      "copyQuestions",
                      Access::instructor,
                      Bucket::api,
                      "Copies questions of the course's bank to the end of a quiz.",
                      http::json([&door](const Request& request, const CopyForm& form) -> Result<QuizSource> {
                        return copy_questions(door, request.caller, id_in<QuizId>(request), form);
                      }),
                      {404, 422}}),
      http::for_keys("courses:write",
                     {Method::get,
                      "/api/courses/{id}/questions",
                      "listQuestionBank",
                      Access::instructor,
                      Bucket::api,
                      "Every question that was ever written for a quiz of the course.",
                      http::json([&door](const Request& request, const BankForm& form) -> Result<Page<BankQuestion>> {
                        return question_bank(door, request.caller, id_in<CourseId>(request), form);
                      }),
                      {404}}),
  };
}

// The body is the archive itself.
http::Endpoint importing(Catalogue& door) {
  auto endpoint = http::upload([&door](std::shared_ptr<const Request> request) -> Result<http::Upload> {
    const auto type = request->header("content-type");
    if (!equals_ignoring_case(trim(type.substr(0, type.find(';'))), "application/zip"))
      return Error{Kind::unsupported_media, "UNSUPPORTED_MEDIA", "Send the archive itself, as application/zip."};
    const auto query = TRY(decode_pairs<CourseImportQuery>(request->query, Unknown::refused));
    std::optional<std::uint64_t> declared;
    if (const auto length = parse_integer(request->header("content-length")); length && *length >= 0)
      declared = static_cast<std::uint64_t>(*length);
    // Shared, because both functions of an Upload can be copied.
    const std::shared_ptr<CourseUpload> upload = TRY(
        CourseUpload::begin(door, request->caller, query.check.value_or(false) ? DryRun::yes : DryRun::no, declared));
    return http::Upload{[upload](std::string_view piece) { return upload->take(piece); },
                        [upload](http::Respond respond) {
                          Result<CourseImport> made = unprocessable("");
                          {
                            const Blocking waiting;
                            made = upload->finish();
                          }
                          respond(http::detail::reply_to(*respond.asked(), made));
                        }};
  });
  endpoint.takes = "application/zip";
  endpoint.form = &shape_of<CourseImportQuery>();
  endpoint.view = &shape_of<CourseImport>();
  return endpoint;
}

http::Endpoint exporting(Catalogue& door) {
  return http::raw([&door](const Request& request) -> http::Reply {
    auto course = export_course(door, request.caller, std::string(request.param("id")));
    if (!course) return http::problem(course.error(), request);
    http::Reply reply;
    reply.content_type = "application/zip";
    reply.with("Content-Disposition", "attachment; filename=\"" + course->slug + ".zip\"");
    reply.with("Cache-Control", "no-store");
    const auto zip = std::make_shared<archive::ZipStream>(zip_course(door, std::move(*course)));
    reply.stream = std::make_shared<http::BodyStream>(
        http::BodyStream{zip->length(), [zip](std::string& out) { return zip->next(out); }});
    return reply;
  });
}

http::Routes transfer_routes(Catalogue& door) {
  return {
      http::for_keys("courses:write", {Method::get,
                                       "/api/courses/{id}/export",
                                       "exportCourse",
                                       Access::instructor,
                                       Bucket::api,
                                       "The course's folder as a ZIP, from which it can be imported again.",
                                       exporting(door),
                                       {404}}),
      http::for_keys("courses:write", {Method::post,
                                       "/api/courses/import",
                                       "importCourse",
                                       Access::instructor,
                                       Bucket::api,
                                       "Makes a course of a ZIP with one course folder, or changes the one of the same "
                                       "name. Every problem is named with its file and line.",
                                       importing(door),
                                       {403, 409, 415, 422, 507},
                                       {},
                                       upload_body_max}),
  };
}

}  // namespace

http::Routes routes(Catalogue& door) {
  auto all = course_routes(door);
  for (auto* part : {&module_routes, &lesson_routes, &quiz_routes, &transfer_routes})
    for (auto& route : part(door)) all.push_back(std::move(route));
  return all;
}

}  // namespace tuition::catalogue
