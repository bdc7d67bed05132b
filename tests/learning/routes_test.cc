#include <catch2/catch_test_macros.hpp>
#include <set>

#include "entitlements/entitlements.h"
#include "learning/classroom.h"
#include "platform/base/fields_json.h"

namespace tuition::learning {
namespace {

using tests::Classroom;
using tests::course_of;
using tests::module_of;

// The answer of a route, called past the guard.
http::Reply call(const http::Routes& routes, std::string_view operation, http::Request request) {
  for (const auto& route : routes) {
    if (route.operation != operation) continue;
    std::mutex mutex;
    std::condition_variable told;
    std::optional<http::Reply> reply;
    request.method = route.method;
    if (!request.body.empty()) request.headers.emplace_back("content-type", "application/json");
    route.endpoint.run(request, http::Respond([&](http::Reply given) {
                         std::lock_guard lock(mutex);
                         reply = std::move(given);
                         told.notify_one();
                       }));
    std::unique_lock lock(mutex);
    told.wait(lock, [&] { return reply.has_value(); });
    return std::move(*reply);
  }
  FAIL("no route " << operation);
  return {};
}

}  // namespace

TEST_CASE("every route has a name of its own, a sentence, and a view") {
  Classroom room;
  auto all = routes(room.learning);
  for (auto& route : entitlements::routes(room.entitlements)) all.push_back(route);
  std::set<std::string_view> names;
  for (const auto& route : all) {
    INFO(route.path);
    CHECK(names.insert(route.operation).second);
    CHECK(route.sentence.ends_with('.'));
    // Files, pages, and what is done without an answer of its own have none.
    if (!route.endpoint.view) {
      CHECK((!route.endpoint.counts_call || route.method == http::Method::del));
      continue;
    }
    for (const auto& field : route.endpoint.view->fields) CHECK(field.sentence.ends_with('.'));
    if (route.endpoint.form)
      for (const auto& field : route.endpoint.form->fields) CHECK(field.sentence.ends_with('.'));
  }
}

TEST_CASE("a lesson is sent in the envelope, entire or in the fields asked for") {
  Classroom room;
  const auto& course = room.put(course_of("c", {module_of("m", 1, 1, {"a"})}));
  const auto table = routes(room.learning);
  http::Request request;
  request.caller = room.subscriber();
  request.params = {{"id", course.lessons[0].id.text()}};
  auto entire = parse_json(call(table, "getLesson", request).body);
  REQUIRE(entire.ok());
  CHECK(entire->find("success")->boolean);
  CHECK(entire->find("data")->find("title")->text == "a");
  CHECK(entire->find("data")->find("progress")->sort == JsonNode::Sort::null);
  CHECK(entire->find("timestamp"));
  CHECK(call(table, "getLesson", request).headers.empty());  // it is one person's, and kept by nobody
  request.query = {{"fields", "title,kind"}};
  auto part = parse_json(call(table, "getLesson", request).body);
  REQUIRE(part.ok());
  CHECK(part->find("data")->members.size() == 2);
  request.params = {{"id", "../x"}};
  CHECK(call(table, "getLesson", request).status == 404);
}

TEST_CASE("progress is saved over the wire") {
  Classroom room;
  const auto& course = room.put(course_of("c", {module_of("m", 1, 1, {"a", "b"})}));
  const auto table = routes(room.learning);
  http::Request request;
  request.caller = room.subscriber();
  request.body = R"({"lessonId":")" + course.lessons[0].id.text() +
                 R"(","completed":true,"score":50,"watchedRanges":[[0,60]],"clientTime":"2026-11-20T09:30:00+01:00"})";
  const auto saved = parse_json(call(table, "saveProgress", request).body);
  REQUIRE(saved.ok());
  CHECK(saved->find("data")->find("course")->find("percent")->integer == 50);
  CHECK(saved->find("data")->find("stats")->find("lastActiveDay")->text == "2026-11-20");
  request.body = R"({"lessonId":"x","score":101,"watchedRanges":[1],"colour":1})";
  const auto refused = call(table, "saveProgress", request);
  CHECK(refused.status == 400);
  CHECK(parse_json(refused.body)->find("error")->find("details")->items.size() == 4);
}

}  // namespace tuition::learning
