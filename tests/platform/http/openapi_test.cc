#include "platform/http/openapi.h"

#include <catch2/catch_test_macros.hpp>

#include "platform/base/json.h"
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
  for (const auto* status : {"200", "400", "401", "403", "404", "413", "415", "429", "500"})
    CHECK(write["responses"].contains(status));
  CHECK(write["requestBody"]["content"]["application/json"]["schema"]["$ref"] == "#/components/schemas/SongForm");
  // What must be sent, and what will be there, differ.
  const auto& schemas = document["components"]["schemas"];
  CHECK(schemas["SongForm"]["required"] == Json::array({"title"}));
  CHECK(schemas["Song"]["required"] == Json::array({"title", "seconds"}));
  CHECK(schemas["Song"]["properties"]["seconds"]["type"] == Json::array({"integer", "null"}));
  CHECK(schemas["Song"]["properties"]["title"]["maxLength"] == 80);
  CHECK(schemas["Error"]["properties"]["error"]["required"] == Json::array({"code", "message"}));
}
