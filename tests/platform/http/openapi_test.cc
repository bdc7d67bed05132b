#include "platform/http/docs/openapi.h"

#include <catch2/catch_test_macros.hpp>

#include "platform/base/json.h"
#include "platform/http/docs/docs.h"
#include "site.h"

using namespace tuition;
using namespace tuition::http;
using namespace tuition::http::tests;

namespace {

struct Song {
  std::string title;
  std::optional<std::int64_t> seconds;
};
constexpr auto fields_of(const Song*) {
  return table("Song", field("title", &Song::title, "What it is called.", length(1, 80)),
               field("seconds", &Song::seconds, "How long it is.", range(1, 9000)));
}

}  // namespace

TEST_CASE("the document says of each route what its row and its field tables say") {
  Routes routes{
      route(Method::get, "/api/songs", json([](const Request&) -> Result<Page<Song>> { return Page<Song>{}; })),
      route(Method::put, "/api/songs/{id}", json([](const Request&, const Song& song) -> Result<Song> { return song; }),
            Access::member)};
  routes[0].alias = "/songs";
  routes[1].operation = "putSong";
  routes[1].statuses = {404};
  const auto document = Json::parse(openapi_document(routes, {"Songs", "1.0.0", "/"}));
  CHECK(document["openapi"] == "3.1.0");
  CHECK(document["paths"].contains("/songs"));
  const auto& list = document["paths"]["/api/songs"]["get"];
  CHECK(list["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["data"]["items"]["$ref"] ==
        "#/components/schemas/Song");
  CHECK(list["responses"]["200"]["content"]["application/json"]["schema"]["required"] ==
        Json::array({"success", "data", "timestamp", "page"}));
  const auto& write = document["paths"]["/api/songs/{id}"]["put"];
  CHECK(write["operationId"] == "putSong");
  CHECK(write["parameters"][0]["name"] == "id");
  for (const auto* status : {"200", "400", "401", "403", "404", "413", "415", "429", "500", "503", "507"})
    CHECK(write["responses"].contains(status));
  CHECK(write["requestBody"]["content"]["application/json"]["schema"]["$ref"] == "#/components/schemas/SongForm");
  // What must be sent, and what will be there, differ.
  const auto& schemas = document["components"]["schemas"];
  CHECK(schemas["SongForm"]["required"] == Json::array({"title"}));
  CHECK(schemas["Song"]["required"] == Json::array({"title", "seconds"}));
  CHECK(schemas["Song"]["properties"]["seconds"]["type"] == Json::array({"integer", "null"}));
  CHECK(schemas["Song"]["properties"]["title"]["maxLength"] == 80);
  CHECK(schemas["Error"]["properties"]["error"]["required"] == Json::array({"code", "message"}));
  // Refusals of the whole server are said once, for every route.
  CHECK(list["responses"]["503"]["$ref"] == "#/components/responses/Error503");
  CHECK(document["components"]["responses"]["Error503"]["headers"].contains("Retry-After"));
  CHECK_FALSE(list["responses"].contains("507"));  // who only reads needs no room
}

TEST_CASE("where the body is a file, the form is asked for in the query") {
  auto endpoint = raw([](const Request&) { return Reply{}; });
  endpoint.takes = "text/csv";
  endpoint.form = &shape_of<Song>();
  const Routes routes{route(Method::post, "/api/songs/import", std::move(endpoint))};
  const auto document = Json::parse(openapi_document(routes, {"Songs", "1.0.0", "/"}));
  const auto& import = document["paths"]["/api/songs/import"]["post"];
  CHECK(import["requestBody"]["content"].contains("text/csv"));
  CHECK(import["requestBody"]["content"].size() == 1);
  REQUIRE(import["parameters"].size() == 2);
  CHECK(import["parameters"][0]["name"] == "title");
  CHECK(import["parameters"][0]["in"] == "query");
  const auto page = api_article(routes, {}, "https://school.example").body;
  CHECK(page.find("<h3>Query</h3>") != std::string::npos);
  CHECK(page.find("-H &#39;Content-Type: text/csv&#39;") != std::string::npos);
}

TEST_CASE("the document lists the codes that answers carry, by status") {
  const Routes routes{route(Method::get, "/api/songs", json([](const Request&) -> Result<Song> { return Song{}; }))};
  const ErrorCodes codes{{"BAD_JSON", {400}, "Not JSON.", "Send JSON."},
                         {"UNAVAILABLE", {503}, "Busy.", "Wait."},
                         {"DECLINED", {}, "In data.", "Pay otherwise."}};
  const auto document =
      Json::parse(openapi_document(routes, {.title = "Songs", .version = "1.0.0", .server = "/", .codes = codes}));
  CHECK(document["components"]["schemas"]["ErrorCode"]["enum"] == Json::array({"BAD_JSON", "UNAVAILABLE"}));
  const auto text = document["components"]["responses"]["Error400"]["description"].get<std::string>();
  CHECK(text.find("`BAD_JSON`") != std::string::npos);
  CHECK(text.find("UNAVAILABLE") == std::string::npos);
}

TEST_CASE("pages for people are made of the same tables, and nothing in them is markup but ours") {
  Routes routes{route(Method::put, "/api/songs/{id}",
                      json([](const Request&, const Song& song) -> Result<Song> { return song; }), Access::member)};
  routes[0].operation = "putSong";
  routes[0].sentence = "Change <b>a</b> song & its `title`.";
  routes[0].statuses = {409};
  const ErrorCodes codes{{"SONG_TAKEN", {409, 400}, "Another <i>has</i> it.", "Take another."}};
  const auto api = api_article(routes, {}, "https://school.example");
  CHECK(api.contents.find("href=\"#group-songs\"") != std::string::npos);
  CHECK(api.body.find("id=\"putSong\"") != std::string::npos);
  CHECK(api.body.find("Change &lt;b&gt;a&lt;/b&gt; song &amp; its <code>title</code>.") != std::string::npos);
  CHECK(api.body.find("text, 1 to 80 characters") != std::string::npos);
  CHECK(api.body.find("whole number, 1 to 9000</span>") != std::string::npos);
  CHECK(api.body.find("whole number, 1 to 9000 or null</span>") != std::string::npos);
  CHECK(api.body.find("curl -X PUT") != std::string::npos);
  CHECK(api.body.find("Authorization: Bearer $TOKEN") != std::string::npos);
  CHECK(api.body.find("href=\"/docs/errors#status-409\"") != std::string::npos);
  const auto errors = errors_article(codes);
  CHECK(errors.body.find("id=\"song-taken\"") != std::string::npos);
  CHECK(errors.body.find("Another &lt;i&gt;has&lt;/i&gt; it.") != std::string::npos);
  for (const auto* text : {&api.body, &errors.body})
    for (const auto* never : {"<script", " style=", " onclick="}) CHECK(text->find(never) == std::string::npos);
}
