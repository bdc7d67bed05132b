#include "outreach/live.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "app_fixture.h"

namespace tuition::outreach {
namespace {

struct Said {
  std::string word{};
};
constexpr auto fields_of(const Said*) { return table("Said", field("word", &Said::word, "A word.")); }

std::string heard(const http::Reply& stream) {
  std::string out;
  stream.feed->take(out);
  return out;
}

}  // namespace

TEST_CASE("a stream begins with hello and hears what is told its own person, once that is on disk") {
  tests::AppFixture school;
  auto& live = school.app->outreach.live;
  const auto ada = school.person("ada@school.example"), ben = school.person("ben@school.example");
  const auto hers = live.open(school.caller(ada)), his = live.open(school.caller(ben));
  REQUIRE(hers);
  REQUIRE(his);
  CHECK(hers->content_type == "text/event-stream");
  CHECK(heard(*hers) == "retry: 3000\nevent: hello\ndata: {}\n\n");
  heard(*his);
  school.db->write([&](WriteTx& tx) {
    live.tell(tx, ada, "checkout", Said{"paid"});
    CHECK(heard(*hers).empty());
  });
  CHECK(heard(*hers) == "event: checkout\ndata: {\"word\":\"paid\"}\n\n");
  CHECK(heard(*his).empty());
}

TEST_CASE("what a write takes back was never told") {
  tests::AppFixture school;
  auto& live = school.app->outreach.live;
  const auto ada = school.person("ada@school.example");
  const auto stream = live.open(school.caller(ada));
  heard(*stream);
  CHECK_FALSE(school.db->write([&](WriteTx& tx) -> Result<void> {
    live.tell(tx, ada, "checkout", Said{"paid"});
    return Error{Kind::conflict, "CONFLICT", "It is not so."};
  }));
  CHECK(heard(*stream).empty());
}

TEST_CASE("a seventh stream of one person takes the place of the first, which is told so") {
  tests::AppFixture school;
  auto& live = school.app->outreach.live;
  const auto ada = school.person("ada@school.example"), ben = school.person("ben@school.example");
  const auto his = live.open(school.caller(ben));
  std::vector<http::Reply> hers;
  for (std::size_t i = 0; i <= Live::streams_of_person; ++i) {
    auto stream = live.open(school.caller(ada));
    REQUIRE(stream);
    hers.push_back(std::move(stream).value());
  }
  CHECK_FALSE(hers.front().feed->open());
  CHECK(heard(hers.front()).ends_with("event: bye\ndata: {\"reason\":\"newer\"}\n\n"));
  for (std::size_t i = 1; i < hers.size(); ++i) CHECK(hers[i].feed->open());
  CHECK(his->feed->open());
}

TEST_CASE("nobody is told who has gone") {
  tests::AppFixture school;
  auto& live = school.app->outreach.live;
  const auto ada = school.person("ada@school.example");
  CHECK_FALSE(live.listens(ada));
  {
    const auto stream = live.open(school.caller(ada));
    CHECK(live.listens(ada));
    stream->feed->detach();
    CHECK_FALSE(live.listens(ada));
  }
  CHECK_FALSE(live.listens(ada));
  school.db->write([&](WriteTx& tx) { live.tell(tx, ada, "checkout", Said{"paid"}); });
}

}  // namespace tuition::outreach
