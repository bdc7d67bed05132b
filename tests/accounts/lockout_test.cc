#include "accounts/passwords/lockout.h"

#include <catch2/catch_test_macros.hpp>

namespace tuition::accounts::lockout {
namespace {
constexpr Instant now{1'000'000'000};
constexpr Failures just(std::int64_t count) { return {count, now}; }
}  // namespace

TEST_CASE("the delay grows with every failure on an account and ends at 15 minutes") {
  struct Row {
    std::int64_t failures;
    Duration delay;
  };
  for (const auto& row : {Row{0, {}}, Row{4, {}}, Row{5, seconds(1)}, Row{6, seconds(2)}, Row{10, seconds(32)},
                          Row{14, seconds(512)}, Row{15, minutes(15)}, Row{1000, minutes(15)}}) {
    INFO(row.failures);
    CHECK(delay_after(row.failures, account_growth) == row.delay);
    CHECK(wait({.on_account = just(row.failures)}, now) == row.delay);
  }
}

TEST_CASE("an address has more tries over all accounts, and waits at most 5 minutes") {
  CHECK(wait({.from_address = just(19)}, now) == Duration{});
  CHECK(wait({.from_address = just(20)}, now) == seconds(1));
  CHECK(wait({.from_address = just(500)}, now) == minutes(5));
}

TEST_CASE("a delay passes by itself") {
  CHECK(wait({.on_account = just(100)}, now + minutes(14)) == minutes(1));
  CHECK(wait({.on_account = just(100)}, now + minutes(15)) == Duration{});
}

TEST_CASE("where the owner signed in before, guesses from elsewhere do not count") {
  for (const auto known : {Tries::Known::by_address, Tries::Known::by_browser}) {
    CHECK(wait({.on_account = just(100), .known = known}, now) == Duration{});
    CHECK(wait({.on_account = just(100), .from_here = just(7), .known = known}, now) == seconds(4));
  }
}

TEST_CASE("guesses from a shared address make everybody there wait alike, but for a browser that is known") {
  CHECK(wait({.from_address = just(22), .known = Tries::Known::no}, now) == seconds(4));
  CHECK(wait({.from_address = just(22), .known = Tries::Known::by_address}, now) == seconds(4));
  CHECK(wait({.from_address = just(22), .known = Tries::Known::by_browser}, now) == Duration{});
  CHECK(wait({.from_address = just(20), .from_here = just(7), .known = Tries::Known::by_address}, now) == seconds(4));
}

TEST_CASE("an IPv6 customer's addresses count as one") {
  CHECK(network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9"));
  CHECK(network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1"));
  CHECK(network_of("192.0.2.1") == "192.0.2.1");
  CHECK(network_of("") == "");
}

}  // namespace tuition::accounts::lockout
