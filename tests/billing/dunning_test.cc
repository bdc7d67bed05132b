#include "billing/subscriptions/dunning.h"

#include <catch2/catch_test_macros.hpp>

using namespace tuition;
using namespace tuition::billing;

TEST_CASE("tries follow the policy, counted from the first failure, and then end") {
  const Instant first{1'800'000'000'000};
  const DunningPolicy policy{{1, 3, 5}, 7};
  CHECK(next_try(policy, first, 1) == first + days(1));
  CHECK(next_try(policy, first, 2) == first + days(3));
  CHECK(next_try(policy, first, 3) == first + days(5));
  CHECK_FALSE(next_try(policy, first, 4));
  CHECK_FALSE(next_try({{}, 7}, first, 1));
  CHECK(grace_end(policy, first) == first + days(7));
}

TEST_CASE("a policy names days in order, each once, within the grace") {
  CHECK(check_policy({{1, 3, 5}, 7}));
  CHECK(check_policy({{}, 0}));
  CHECK(check_policy({{7}, 7}));
  for (const auto& wrong : {DunningPolicy{{3, 1}, 7}, DunningPolicy{{1, 1}, 7}, DunningPolicy{{8}, 7},
                            DunningPolicy{{0}, 7}, DunningPolicy{{-1}, 7}})
    CHECK_FALSE(check_policy(wrong));
}
