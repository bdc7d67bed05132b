#include "platform/http/engine.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "platform/http/front/gzip.h"
#include "platform/http/front/stream.h"
#include "platform/log/log.h"
#include "site.h"

using namespace tuition;
using namespace tuition::http;
using namespace tuition::http::tests;

namespace {

struct NoteForm {
  std::string title;
  std::optional<std::int64_t> stars;
};
constexpr auto fields_of(const NoteForm*) {
  return table("NoteForm", field("title", &NoteForm::title, "What it is called.", length(1, 10)),
               field("stars", &NoteForm::stars, "How many.", range(1, 5)));
}

struct Note {
  std::string id;
  std::string title;
};
constexpr auto fields_of(const Note*) {
  return table("Note", field("id", &Note::id, "Its id."), field("title", &Note::title, "What it is called."));
}

Endpoint keep_note() {
  return json([](const Request&, const NoteForm& form) -> Result<Note> { return Note{"n1", form.title}; });
}

std::string put(const std::string& path, const std::string& more = "Content-Type: application/json\r\n") {
  return "PUT " + path + " HTTP/1.1\r\nHost: school.example\r\n" + more + "\r\n";
}

}  // namespace

TEST_CASE("a path finds its route, and literal text wins over parameters") {
  const auto tell = [](const char* name) {
    return raw([name](const Request& request) {
      std::string words = name;
      for (const auto& [key, value] : request.params) words += " " + key + "=" + value;
      return text(200, words + " " + request.route);
    });
  };
  Site site({route(Method::get, "/api/things/{id}", tell("one")), route(Method::get, "/api/things/new", tell("new")),
             route(Method::get, "/api/things/{id}/parts/{part}", tell("part")),
             route(Method::get, "/api/things/{id}/parts/all", tell("all"))});
  const auto body = [&](const std::string& path) { return body_of_answer(site.ask(get(path))); };
  CHECK(body("/api/things/new") == "new /api/things/new");
  CHECK(body("/api/things/7") == "one id=7 /api/things/{id}");
  CHECK(body("/api/things/a%20b") == "one id=a b /api/things/{id}");
  CHECK(body("/api/things/7/parts/3") == "part id=7 part=3 /api/things/{id}/parts/{part}");
  CHECK(body("/api/things/7/parts/all") == "all id=7 /api/things/{id}/parts/all");
  for (const auto* path : {"/api/things", "/api/things/", "/api/things/7/", "/api/things/7/parts", "/api/thing/7",
                           "/api/things/7/parts/3/4"})
    CHECK(status_of_answer(site.ask(get(path))) == 404);
}

TEST_CASE("paths that could mean two things are refused") {
  Site site({route(Method::get, "/api/things/{id}", says("x"))});
  for (const auto* path :
       {"/api/things/%2e%2e", "/api/things/..", "/api//things", "/api/things/a%2fb", "/api/things/a%5cb",
        "/api/things/%00", "/api/things/%c0%ae", "/api/things/%252e", "/api/things/%", "/api/./things"})
    CHECK(status_of_answer(site.ask(get(path))) == 400);
}

TEST_CASE("two routes for the same request are a mistake found at the start") {
  CHECK_THROWS(Site({route(Method::get, "/api/a/{id}", says("x")), route(Method::get, "/api/a/{id}", says("y"))}));
}

TEST_CASE("a method that is not there is answered with those that are") {
  Site site({route(Method::get, "/api/a", says("x")), route(Method::post, "/api/a", says("x"))});
  const auto answer = site.ask("DELETE /api/a HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(status_of_answer(answer) == 405);
  CHECK(header_of(answer, "Allow") == "GET, HEAD, POST, OPTIONS");
}

TEST_CASE("a form with problems is answered with all of them") {
  Site site({route(Method::put, "/api/notes", keep_note())});
  const auto envelope = site.ask(put("/api/notes"), R"({"title":"","stars":9,"more":1})");
  CHECK(status_of_answer(envelope) == 400);
  for (const auto* field :
       {"\"field\":\"title\"", "\"field\":\"stars\"", "\"field\":\"more\"", "\"success\":false", "VALIDATION_ERROR"})
    CHECK(envelope.find(field) != std::string::npos);
  const auto problem = site.ask(
      put("/api/notes", "Content-Type: application/json\r\nAccept: application/problem+json\r\n"), R"({"stars":9})");
  CHECK(header_of(problem, "Content-Type") == "application/problem+json");
  CHECK(problem.find(R"("pointer":"#/stars")") != std::string::npos);
  CHECK(status_of_answer(site.ask(put("/api/notes", "Content-Type: text/plain\r\n"), "{}")) == 415);
  CHECK(status_of_answer(site.ask(put("/api/notes"), "{")) == 400);
  const auto kept = site.ask(put("/api/notes"), R"({"title":"Scales"})");
  CHECK(kept.find(R"({"success":true,"data":{"id":"n1","title":"Scales"},"timestamp":")") != std::string::npos);
}

TEST_CASE("fields chosen in the query are the only ones answered") {
  const auto shared = std::make_shared<const tuition::Encoded<std::vector<Note>>>(std::vector{Note{"n1", "Scales"}});
  Site site({route(Method::get, "/api/note", json([](const Request&) -> Result<Note> {
                     return Note{"n1", "Scales"};
                   })),
             route(Method::get, "/api/notes",
                   json([shared](const Request&) -> Result<Shared<std::vector<Note>>> { return shared; }))});
  CHECK(site.ask(get("/api/note?fields=title")).find(R"("data":{"title":"Scales"})") != std::string::npos);
  CHECK(site.ask(get("/api/notes?fields=title")).find(R"("data":[{"title":"Scales"}])") != std::string::npos);
  CHECK(site.ask(get("/api/notes")).find(R"("data":[{"id":"n1","title":"Scales"}],)") != std::string::npos);
}

TEST_CASE("what a handler throws is answered 500 and told to nobody") {
  Site site(
      {route(Method::get, "/api/a", raw([](const Request&) -> Reply { throw std::runtime_error("SELECT secret"); })),
       route(Method::get, "/api/b", Endpoint{[](const Request&, Respond) {}})});
  const auto thrown = site.ask(get("/api/a"));
  CHECK(status_of_answer(thrown) == 500);
  CHECK(thrown.find("secret") == std::string::npos);
  CHECK(status_of_answer(site.ask(get("/api/b"))) == 500);
}

TEST_CASE("a value cannot begin another header") {
  Site site({route(Method::get, "/api/a", raw([](const Request&) { return redirect("/x\r\nSet-Cookie: a=b"); }))});
  const auto answer = site.ask(get("/api/a"));
  CHECK(status_of_answer(answer) == 303);
  CHECK_FALSE(header_of(answer, "Set-Cookie"));
}

TEST_CASE("large answers are compressed for those who can read it") {
  Site site({route(Method::get, "/api/a", says(std::string(5000, 'a'))), route(Method::get, "/api/b", says("small"))});
  const auto packed = site.ask(get("/api/a", "Accept-Encoding: br, gzip\r\n"));
  CHECK(header_of(packed, "Content-Encoding") == "gzip");
  CHECK(body_of_answer(packed) == gzip(std::string(5000, 'a')));
  CHECK_FALSE(header_of(site.ask(get("/api/a", "Accept-Encoding: gzip;q=0\r\n")), "Content-Encoding"));
  CHECK(header_of(site.ask(get("/api/a")), "Vary") == "Accept-Encoding");
  CHECK_FALSE(header_of(site.ask(get("/api/b", "Accept-Encoding: gzip\r\n")), "Content-Encoding"));
}

TEST_CASE("an unchanged answer is not sent again") {
  Site site({route(Method::get, "/api/a", raw([](const Request&) {
                     auto reply = text(200, "words");
                     reply.with("ETag", "\"v1\"");
                     return reply;
                   }))});
  const auto same = site.ask(get("/api/a", "If-None-Match: \"v0\", W/\"v1\"\r\n"));
  CHECK(status_of_answer(same) == 304);
  CHECK(body_of_answer(same).empty());
  CHECK(status_of_answer(site.ask(get("/api/a", "If-None-Match: \"v2\"\r\n"))) == 200);
}

TEST_CASE("answers to people who are signed in are kept by no cache") {
  Site site({route(Method::get, "/api/a", says("x"))});
  CHECK(header_of(site.ask(get("/api/a", "Authorization: Bearer learner\r\n")), "Cache-Control") == "no-store");
  CHECK(header_of(site.ask(get("/api/a")), "Cache-Control") == "no-cache");
}

TEST_CASE("the web app answers for its own paths and never for the API's") {
  static const EmbeddedFile files[] = {{"/index.html", "text/html; charset=utf-8", "\"i\"", "<p>app", "", false},
                                       {"/admin.html", "text/html; charset=utf-8", "\"a\"", "<p>admin", "", false},
                                       {"/assets/app-1.js", "text/javascript", "\"j\"", "let a", "packed", true}};
  const Assets assets(files);
  Site site(
      {Route{Method::get, "/api/plans", "listPlans", Access::anyone, Bucket::api, "", says("plans"), {}, "/plans"}}, {},
      {}, &assets);
  const std::string browser = "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n";
  CHECK(body_of_answer(site.ask(get("/"))) == "<p>app");
  CHECK(body_of_answer(site.ask(get("/app/lessons/1", browser))) == "<p>app");
  CHECK(body_of_answer(site.ask(get("/admin/people", browser))) == "<p>admin");
  CHECK(body_of_answer(site.ask(get("/plans", browser))) == "<p>app");
  CHECK(body_of_answer(site.ask(get("/plans"))) == "plans");
  CHECK(body_of_answer(site.ask(get("/api/plans", browser))) == "plans");
  CHECK(status_of_answer(site.ask(get("/api/none", browser))) == 404);
  CHECK(status_of_answer(site.ask(get("/assets/gone.js"))) == 404);
  const auto script = site.ask(get("/assets/app-1.js", "Accept-Encoding: gzip\r\n"));
  CHECK(body_of_answer(script) == "packed");
  CHECK(header_of(script, "Cache-Control") == "public, max-age=31536000, immutable");
  CHECK(status_of_answer(site.ask(get("/assets/app-1.js", "If-None-Match: \"j\"\r\n"))) == 304);
  CHECK(status_of_answer(site.ask("POST /assets/app-1.js HTTP/1.1\r\nHost: a\r\n\r\n")) == 405);
}

TEST_CASE("a file that is packed compressed only is plain for whoever takes no compression") {
  std::string words;
  for (int i = 0; i < 3000; ++i) words += "let word" + std::to_string(i) + " = " + std::to_string(i * i) + ";\n";
  static const std::string packed = gzip(words);
  static const EmbeddedFile files[] = {{"/assets/words.js", "text/javascript", "\"w\"", "", packed, true}};
  const Assets assets(files);
  Site site({}, {}, {}, &assets);
  CHECK(packed.size() < words.size());
  for (int i = 0; i < 2; ++i) {
    const auto plain = site.ask(get("/assets/words.js"));
    CHECK(body_of_answer(plain) == words);
    CHECK(header_of(plain, "Content-Length") == std::to_string(words.size()));
    CHECK(header_of(plain, "ETag") == "\"w\"");
    CHECK(header_of(plain, "Vary").value_or("").find("Accept-Encoding") != std::string::npos);
    CHECK_FALSE(header_of(plain, "Content-Encoding"));
  }
  const auto small = site.ask(get("/assets/words.js", "Accept-Encoding: gzip\r\n"));
  CHECK(body_of_answer(small) == packed);
  CHECK(header_of(small, "Content-Encoding") == "gzip");
  CHECK(gunzip(packed) == words);
  CHECK(gunzip(gzip("")).empty());
}

TEST_CASE("browsers get pages at the root where programs get data, and caches are told so") {
  static const EmbeddedFile files[] = {{"/index.html", "text/html; charset=utf-8", "\"i\"", "<p>app", "", false}};
  const Assets assets(files);
  bool well = true;
  const auto here = [](std::string_view path, std::string_view alias, Endpoint endpoint, Access access, Bucket bucket) {
    return Route{Method::get, path, "doSomething", access, bucket, "Does something.", std::move(endpoint), {}, alias};
  };
  const auto health = raw([&](const Request& request) {
    return well ? text(200, "data") : problem(Error{Kind::unavailable, "DATABASE_ERROR"}, request);
  });
  Site site({here("/api/users", "/users", says("data"), Access::admin, Bucket::admin),
             here("/api/plans", "/plans", says("data"), Access::anyone, Bucket::api),
             here("/api/admin", "/admin", says("data"), Access::admin, Bucket::admin),
             here("/api/health", "/health", health, Access::anyone, Bucket::none),
             here("/api/status", "/status", says("data"), Access::anyone, Bucket::api),
             here("/api/metrics", "/metrics", says("data"), Access::operations, Bucket::none)},
            {}, {}, &assets);
  const std::string owner = "Authorization: Bearer owner\r\n";
  const std::string browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n";
  for (const std::string path : {"/users", "/plans", "/admin", "/health", "/status", "/metrics"}) {
    INFO(path);
    const auto page = site.ask(get(path, browser));
    CHECK(body_of_answer(page) == "<p>app");
    CHECK(header_of(page, "Vary") == "Accept");
    for (const std::string accept : {"", "Accept: */*\r\n", "Accept: application/json\r\n"}) {
      const auto data = site.ask(get(path, owner + accept));
      CHECK(body_of_answer(data) == "data");
      CHECK(header_of(data, "Vary") == "Accept");
    }
    CHECK_FALSE(header_of(site.ask(get("/api" + path, owner + browser)), "Vary"));
  }
  well = false;
  CHECK(status_of_answer(site.ask(get("/health", browser))) == 503);
}

TEST_CASE("answers tell the time of the clock that the rows are written by") {
  Site site({route(Method::get, "/api/a", json([](const Request&) -> Result<NoData> { return NoData{}; }))});
  const std::string stamp = "\"timestamp\":\"2027-01-15T08:00:00.000Z\"}";
  CHECK(body_of_answer(site.ask(get("/api/a"))).ends_with(stamp));
  CHECK(body_of_answer(site.ask(get("/api/nothing"))).ends_with(stamp));
  std::string refusal;
  site.engine.write_refusal(400, Kind::rejected, "BAD_REQUEST", "No.", "203.0.113.9", refusal);
  CHECK(body_of_answer(refusal).ends_with(stamp));
}

TEST_CASE("one range is answered exactly, several or broken ones with the whole") {
  ByteRange range;
  const auto read = [&](const char* header, std::uint64_t size = 100) { return read_range(header, size, range); };
  CHECK(read("bytes=0-0") == RangeAnswer::part);
  CHECK((range.from == 0 && range.size == 1));
  CHECK(read("bytes=90-") == RangeAnswer::part);
  CHECK((range.from == 90 && range.size == 10));
  CHECK(read("bytes=-5") == RangeAnswer::part);
  CHECK((range.from == 95 && range.size == 5));
  CHECK(read("bytes=-500") == RangeAnswer::part);
  CHECK((range.from == 0 && range.size == 100));
  CHECK(read("bytes=50-1000") == RangeAnswer::part);
  CHECK((range.from == 50 && range.size == 50));
  CHECK(read("bytes=100-") == RangeAnswer::unsatisfiable);
  CHECK(read("bytes=-0") == RangeAnswer::unsatisfiable);
  CHECK(read("bytes=0-", 0) == RangeAnswer::unsatisfiable);
  for (const auto* odd :
       {"", "items=0-1", "bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "bytes=0-1,5-6", "bytes=99999999999999999999-"})
    CHECK(read(odd) == RangeAnswer::whole);
}

TEST_CASE("requests are counted by route and status") {
  Site site({route(Method::get, "/api/things/{id}", says("x"))});
  site.ask(get("/api/things/1"));
  site.ask(get("/api/things/2"));
  site.ask(get("/api/made-up"));
  const auto text = site.registry.prometheus();
  CHECK(text.find("tuition_http_requests_total{method=\"GET\",route=\"/api/things/{id}\",status=\"200\"} 2") !=
        std::string::npos);
  CHECK(text.find("made-up") == std::string::npos);
}

TEST_CASE("what no form takes is refused by name: in the query, in fields, in a body") {
  const auto shows = json([](const Request&) -> Result<Note> { return Note{"n1", "Scales"}; });
  const auto acts = json([](const Request&) -> Result<NoData> { return NoData{}; });
  auto asked = route(Method::post, "/api/asked", acts);
  asked.query = {"token"};
  Site site({route(Method::get, "/api/note", shows), route(Method::post, "/api/out", acts),
             route(Method::get, "/health", shows, Access::anyone, Bucket::none), asked});
  const auto post = [](const std::string& path, const std::string& more = "Content-Type: application/json\r\n") {
    return "POST " + path + " HTTP/1.1\r\nHost: school.example\r\n" + more + "\r\n";
  };
  CHECK(status_of_answer(site.ask(get("/api/note"))) == 200);
  CHECK(body_of_answer(site.ask(get("/api/note?fields=title"))).find("\"id\"") == std::string::npos);
  const auto unknown = site.ask(get("/api/note?fields=title,zork"));
  CHECK(status_of_answer(unknown) == 400);
  CHECK(body_of_answer(unknown).find("names zork, which is none of id, title") != std::string::npos);
  CHECK(status_of_answer(site.ask(get("/api/note?fields=id&fields=title"))) == 400);
  const auto stray = site.ask(get("/api/note?zork=1"));
  CHECK(status_of_answer(stray) == 400);
  CHECK(body_of_answer(stray).find("\"zork\"") != std::string::npos);
  CHECK(status_of_answer(site.ask(get("/health?zork=1"))) == 200);
  CHECK(status_of_answer(site.ask(post("/api/asked?token=1"))) == 200);
  CHECK(status_of_answer(site.ask(post("/api/out?token=1"))) == 400);
  CHECK(status_of_answer(site.ask(post("/api/out"))) == 200);
  CHECK(status_of_answer(site.ask(post("/api/out", ""))) == 200);
  CHECK(status_of_answer(site.ask(post("/api/out"), "{}")) == 200);
  const auto body = site.ask(post("/api/out"), "{\"zork\":1}");
  CHECK(status_of_answer(body) == 400);
  CHECK(body_of_answer(body).find("\"zork\"") != std::string::npos);
  CHECK(status_of_answer(site.ask(post("/api/out"), "[]")) == 400);
  CHECK(status_of_answer(site.ask(post("/api/out"), "{")) == 400);
  CHECK(status_of_answer(site.ask(post("/api/out", "Content-Type: text/plain\r\n"), "zork")) == 415);
}

TEST_CASE("what takes no body on DELETE refuses one as other methods do, and a form of the query is none of the body") {
  const auto acts = json([](const Request&) -> Result<NoData> { return NoData{}; });
  auto with_body = acts;
  with_body.also = &shape_of<NoteForm>();
  const auto by_query = json([](const Request&, const NoteForm&) -> Result<NoData> { return NoData{}; });
  Site site({route(Method::del, "/api/note", acts), route(Method::del, "/api/known", with_body),
             route(Method::del, "/api/asked", by_query)});
  const auto ask = [&](const std::string& path, const std::string& body, const std::string& type = "application/json") {
    return site.ask("DELETE " + path + " HTTP/1.1\r\nHost: school.example\r\nContent-Type: " + type + "\r\n\r\n", body);
  };
  CHECK(status_of_answer(ask("/api/note", "")) == 200);
  CHECK(status_of_answer(ask("/api/note", "{}")) == 200);
  const auto stray = ask("/api/note", "{\"zork\":1}");
  CHECK(status_of_answer(stray) == 400);
  CHECK(body_of_answer(stray).find("\"zork\"") != std::string::npos);
  CHECK(status_of_answer(ask("/api/note", "[]")) == 400);
  CHECK(status_of_answer(ask("/api/note", "{")) == 400);
  CHECK(status_of_answer(ask("/api/note", "zork", "text/plain")) == 415);
  // Whoever takes one checks it by its own table.
  CHECK(status_of_answer(ask("/api/known", "{\"title\":\"Scales\"}")) == 200);
  CHECK(status_of_answer(ask("/api/asked?title=Scales", "")) == 200);
  CHECK(status_of_answer(ask("/api/asked?title=Scales", "{\"title\":\"Scales\"}")) == 400);
}

TEST_CASE("a body that is packed is refused, and told which would be taken") {
  Site site({route(Method::put, "/api/note", keep_note())});
  const std::string type = "Content-Type: application/json\r\n";
  const std::string note = "{\"title\":\"Scales\"}";
  const auto sized = "Content-Length: " + std::to_string(note.size()) + "\r\n";
  const auto packed = site.ask(put("/api/note", type + sized + "Content-Encoding: gzip\r\n"), note);
  CHECK(status_of_answer(packed) == 415);
  CHECK(header_of(packed, "Accept-Encoding") == "identity");
  CHECK(status_of_answer(site.ask(put("/api/note", type + sized + "Content-Encoding: Identity\r\n"), note)) == 200);
  CHECK(status_of_answer(site.ask(get("/api/note", "Content-Encoding: gzip\r\n"))) == 405);
}

TEST_CASE("an answer can say where what was begun is asked for") {
  const auto begins = json([](const Request&) -> Result<Enveloped<Note>> {
    return Enveloped<Note>{.data = {"n1", "Scales"}, .status = 202, .location = "/api/notes/n1"};
  });
  Site site({route(Method::get, "/api/begin", begins)});
  const auto answer = site.ask(get("/api/begin"));
  CHECK(status_of_answer(answer) == 202);
  CHECK(header_of(answer, "Location") == "/api/notes/n1");
}

TEST_CASE("what people do is logged at info, what monitors and browsers fetch at debug, unless it fails") {
  bool well = true;
  const auto answer = raw([&](const Request&) { return text(well ? 200 : 503, "data"); });
  Site site({route(Method::get, "/api/things/{id}", answer), route(Method::get, "/readyz", answer)});
  int ends[2] = {-1, -1};
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  log::configure({.level = log::Level::info, .descriptor = ends[1]});
  site.ask(get("/api/things/1"));
  site.ask(get("/readyz"));
  well = false;
  site.ask(get("/readyz"));
  log::configure({});
  ::close(ends[1]);
  std::string logged;
  char piece[4096];
  for (ssize_t got = 0; (got = ::read(ends[0], piece, sizeof piece)) > 0;)
    logged.append(piece, static_cast<std::size_t>(got));
  ::close(ends[0]);
  CHECK(std::count(logged.begin(), logged.end(), '\n') == 2);
  CHECK(logged.find("\"route\":\"/api/things/{id}\",\"status\":200") != std::string::npos);
  CHECK(logged.find("\"route\":\"/readyz\",\"status\":503") != std::string::npos);
  CHECK(logged.find("\"route\":\"/readyz\",\"status\":200") == std::string::npos);
}
