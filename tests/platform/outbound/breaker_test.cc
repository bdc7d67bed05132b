#include "platform/outbound/breaker.h"

#include <catch2/catch_test_macros.hpp>

#include "platform/outbound/retry.h"

using namespace tuition;
using namespace tuition::outbound;

namespace {
constexpr Instant start{1'000'000};
Breaker opened() {
  Breaker breaker({3, seconds(30)});
  for (int i = 0; i < 3; ++i) {
    REQUIRE(breaker.may_call(start));
    breaker.failed(start);
  }
  return breaker;
}
}  // namespace

TEST_CASE("a circuit opens after so many failures in a row") {
  Breaker breaker({3, seconds(30)});
  breaker.failed(start);
  breaker.failed(start);
  breaker.succeeded();
  breaker.failed(start);
  breaker.failed(start);
  CHECK(breaker.may_call(start));
  breaker.failed(start);
  CHECK(breaker.state() == Breaker::State::open);
  CHECK_FALSE(breaker.may_call(start));
}

TEST_CASE("an open circuit lets one call try after its rest") {
  Breaker breaker = opened();
  CHECK_FALSE(breaker.may_call(start + seconds(29)));
  CHECK(breaker.may_call(start + seconds(30)));
  CHECK(breaker.state() == Breaker::State::half_open);
  CHECK_FALSE(breaker.may_call(start + seconds(30)));
}

TEST_CASE("the try decides") {
  Breaker healed = opened();
  REQUIRE(healed.may_call(start + seconds(30)));
  healed.succeeded();
  CHECK(healed.state() == Breaker::State::closed);
  CHECK(healed.may_call(start + seconds(30)));

  Breaker sick = opened();
  REQUIRE(sick.may_call(start + seconds(30)));
  sick.failed(start + seconds(31));
  CHECK(sick.state() == Breaker::State::open);
  CHECK_FALSE(sick.may_call(start + seconds(60)));
  CHECK(sick.may_call(start + seconds(61)));
}

TEST_CASE("calls that began before the circuit opened change nothing when they end") {
  Breaker breaker = opened();
  breaker.succeeded();
  CHECK(breaker.state() == Breaker::State::open);
  breaker.failed(start + seconds(20));
  CHECK(breaker.may_call(start + seconds(30)));
}

TEST_CASE("back-off doubles up to its limit, anywhere below it") {
  const auto at_most = [](int attempt) {
    Duration longest{};
    for (std::uint64_t random = 0; random < 20'000; ++random) {
      const Duration wait = backoff(attempt, seconds(1), seconds(10), random);
      CHECK_FALSE(wait.ms < 0);
      longest = std::max(longest, wait);
    }
    return longest;
  };
  CHECK(at_most(1) == seconds(1));
  CHECK(at_most(2) == seconds(2));
  CHECK(at_most(4) == seconds(8));
  CHECK(at_most(5) == seconds(10));
  CHECK(at_most(500) == seconds(10));
  CHECK(backoff(1, seconds(60), seconds(10), ~std::uint64_t{0}) <= seconds(10));
}
