#include "platform/base/page.h"

#include <catch2/catch_test_macros.hpp>

#include "platform/base/text.h"

namespace tuition {

TEST_CASE("a cursor leads to its place in its own order only") {
  const auto cursor = cursor_behind("-createdAt", "row-7", "a key with spaces");
  const auto place = place_of(cursor, "-createdAt");
  REQUIRE(place);
  CHECK(place->id == "row-7");
  CHECK(place->key == "a key with spaces");
  CHECK(place_of(cursor_behind("email", "x"), "email")->key.empty());
  for (const auto* other : {"createdAt", "-created", "email", ""}) {
    const auto wrong = place_of(cursor, other);
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().kind == Kind::invalid);
    CHECK(wrong.error().fields.front().field == "cursor");
  }
}

TEST_CASE("what was never given out is no cursor") {
  for (const auto& made_up : {std::string(), std::string("nonsense"), std::string("!!"), to_base64url("email "),
                              to_base64url("email x"), to_base64url("email  key"), to_base64url("email x \xff")})
    CHECK_FALSE(place_of(made_up, "email"));
}

}  // namespace tuition
