#include "platform/outbound/successes.h"

#include <catch2/catch_test_macros.hpp>

using namespace tuition;
using namespace tuition::outbound;

TEST_CASE("a provider's last success is of a call that was answered and not refused") {
  struct : Clock {
    Instant now() const override { return at; }
    Instant at{1000};
  } clock;
  Successes book(clock);
  book.note({.provider = "stripe", .status = 402});
  book.note({.provider = "stripe", .error = "no answer"});
  book.note({.provider = "stripe", .status = 503});
  CHECK_FALSE(book.last("stripe"));
  book.note({.provider = "stripe", .status = 200});
  clock.at = Instant{2000};
  book.note({.provider = "stripe", .status = 500});
  book.note({.provider = "smtp", .status = 250});
  CHECK(book.last("stripe") == Instant{1000});
  CHECK(book.last("smtp") == Instant{2000});
}
