#include "billing/subscriptions/gifts.h"

#include <catch2/catch_test_macros.hpp>

#include "app_fixture.h"
#include "billing/subscriptions/store_gifts.h"
#include "uses_index.h"

namespace tuition::billing {
namespace {

struct Giving {
  tuition::tests::AppFixture fixture{};
  UserId ada = fixture.person("ada@example.org");
  Caller admin = fixture.caller(fixture.person("admin@example.org", Role::admin), Role::admin);
  PlanId plan =
      fixture.db
          ->write([this](WriteTx& tx) {
            return offer_plan(billing(), tx,
                              {.code = "pass", .name = "School pass", .prices = {{"USD", 1200, Interval::month}}});
          })
          .value();

  Billing& billing() { return fixture.app->billing; }
  Instant in(std::int64_t count) { return fixture.clock.now() + days(count); }
  bool open() {
    return fixture.db->read([&](ReadTx& tx) { return entitlements::has_access(tx, ada, fixture.clock.now()); });
  }
};

}  // namespace

TEST_CASE("a plan that is given opens until its day, and then is over by itself") {
  Giving with;
  const auto given = give_subscription(with.billing(), with.admin, with.ada, {with.plan, with.in(30)});
  REQUIRE(given);
  CHECK(given->provider == "complimentary");
  CHECK_FALSE(given->amount_minor);
  CHECK(with.open());
  with.fixture.clock.pass(days(31));
  CHECK_FALSE(with.open());
  const auto held = list_held(with.billing(), with.fixture.caller(with.ada), with.ada);
  REQUIRE(held);
  REQUIRE(held->size() == 1);
  CHECK(held->front().status == SubscriptionStatus::canceled);
  CHECK(give_subscription(with.billing(), with.admin, with.ada, {with.plan, with.in(30)}));
  with.fixture.app->run_jobs();
  CHECK(with.fixture.mailer.count("ada@example.org", "is open to you") == 2);
}

TEST_CASE("a plan is not given twice, nor to nobody, nor for a time that is no time") {
  Giving with;
  const auto give = [&](const UserId& user, const PlanId& plan, Instant until) {
    return give_subscription(with.billing(), with.admin, user, {plan, until});
  };
  REQUIRE(give(with.ada, with.plan, with.in(30)));
  CHECK(give(with.ada, with.plan, with.in(60)).error().code == "ALREADY_SUBSCRIBED");
  CHECK(give(UserId("nobody"), with.plan, with.in(30)).error().kind == Kind::not_found);
  CHECK(give(with.ada, PlanId("none"), with.in(30)).error().kind == Kind::invalid);
  CHECK(give(with.ada, with.plan, with.in(0)).error().kind == Kind::invalid);
  CHECK(give(with.ada, with.plan, with.in(4000)).error().kind == Kind::invalid);
}

TEST_CASE("who has a plan is found by its id and its code, through indexes") {
  Giving with;
  REQUIRE(give_subscription(with.billing(), with.admin, with.ada, {with.plan, with.in(30)}));
  auto& db = *with.fixture.db;
  const auto on = [&](const std::string& plan, Instant at) {
    return db.read([&](ReadTx& tx) { return store::people_on_plan(tx, plan, at); });
  };
  const auto code = db.read(
      [&](ReadTx& tx) { return tx.one<std::string>("SELECT code FROM plans WHERE id = ?1", with.plan).value(); });
  CHECK(on(with.plan.text(), with.in(1)) == std::vector<UserId>{with.ada});
  CHECK(on(code, with.in(1)) == std::vector<UserId>{with.ada});
  CHECK(on(code, with.in(31)).empty());
  CHECK(on("no-such-plan", with.in(1)).empty());
  CHECK(tuition::tests::uses_index(db, store::people_on_plan_statement()));
  const auto steps = tuition::tests::query_plan(db, store::people_on_plan_statement());
  CHECK(steps.find("subscriptions_plan (plan_id=?") != std::string::npos);
  CHECK(steps.find("subscriptions_plan_code (plan=?") != std::string::npos);
}

TEST_CASE("what somebody has is shown to them and to administrators, and given by administrators only") {
  Giving with;
  const auto bob = with.fixture.caller(with.fixture.person("bob@example.org", Role::instructor), Role::instructor);
  CHECK(list_held(with.billing(), bob, with.ada).error().kind == Kind::not_found);
  CHECK(list_held(with.billing(), with.admin, with.ada));
  CHECK(list_held(with.billing(), with.admin, UserId("nobody")).error().kind == Kind::not_found);
  CHECK(give_subscription(with.billing(), bob, bob.user, {with.plan, with.in(9)}).error().kind == Kind::forbidden);
}

}  // namespace tuition::billing
