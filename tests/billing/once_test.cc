// What creates money happens once for each Idempotency-Key.

#include "billing/once.h"

#include <catch2/catch_test_macros.hpp>

#include "billing/orders.h"
#include "billing/payments/by_hand.h"
#include "billing/payments/payments.h"
#include "billing/shop.h"

using namespace tuition;
using namespace tuition::billing;
using billing::tests::Shop;

namespace {

template <class T, class Ask>
Result<T> answered_at_once(Shop& shop, Ask ask) {
  std::optional<Result<T>> answer;
  ask([&](Result<T> result) { answer.emplace(std::move(result)); });
  shop.fixture.app->run_jobs();
  REQUIRE(answer.has_value());
  return *answer;
}

}  // namespace

TEST_CASE("a change of plan that is repeated with its key is answered for the first, also once it is done") {
  Shop shop;
  shop.bought(shop.order()->view);
  const auto studio = *shop.fixture.db->write([&](WriteTx& tx) {
    return offer_plan(shop.billing, tx,
                      {.code = "studio", .name = "Studio", .prices = {{"USD", 2400, Interval::month}}});
  });
  UpgradeForm form;
  form.plan = studio;
  const auto change = [&](const std::string& key) {
    return answered_at_once<Ordered<SubscriptionView>>(
        shop, [&](auto answer) { change_plan(shop.billing, shop.fixture.caller(shop.buyer), form, key, answer); });
  };
  const auto first = change("k");
  REQUIRE(first);
  CHECK(first->view.plan.code == "studio");
  const auto again = change("k");
  REQUIRE(again);
  CHECK(again->view.plan.code == "studio");
  CHECK(shop.gateway.changes.size() == 1);
  CHECK(shop.count("SELECT count(*) FROM subscription_orders") == 1);
  // Without it, it is another wish.
  CHECK(change("").error().kind == Kind::unprocessable);
  form.plan = shop.plan;
  CHECK(change("k").error().code == "IDEMPOTENCY_MISMATCH");
  CHECK(change(std::string(256, 'k')).error().kind == Kind::invalid);
}

TEST_CASE("a payment of an amount that is repeated with its key has one page, and a stranger's key is their own") {
  Shop shop;
  shop.gateway.called = "paystack";
  InitiateForm form;
  form.email = "payer@school.example";
  form.amount = 500;
  const auto begin = [&](const std::string& key) {
    return answered_at_once<InitiatedView>(
        shop, [&](auto answer) { initiate_payment(shop.billing, Caller{}, form, key, answer); });
  };
  const auto first = begin("k");
  REQUIRE(first);
  CHECK(begin("k")->reference == first->reference);
  CHECK(begin("k")->authorization_url == first->authorization_url);
  CHECK(begin("other")->reference != first->reference);
  CHECK(begin("")->reference != first->reference);
  form.email = "somebody@school.example";
  CHECK(begin("k")->reference != first->reference);
  CHECK(shop.count("SELECT count(*) FROM payments") == 4);
  CHECK(shop.gateway.sent.size() == 4);
}

TEST_CASE("a page that could not be opened is opened by the next try with the same key") {
  Shop shop;
  shop.gateway.called = "paystack";
  shop.gateway.fails = Error{Kind::provider, "PROVIDER_ERROR", "", "cut off"};
  InitiateForm form;
  form.email = "payer@school.example";
  form.amount = 500;
  std::optional<Result<InitiatedView>> answer;
  const auto begin = [&] {
    answer.reset();
    initiate_payment(shop.billing, Caller{}, form, "k", [&](auto result) { answer.emplace(std::move(result)); });
  };
  begin();
  shop.fixture.app->run_jobs();
  shop.gateway.fails.reset();
  begin();
  shop.settle();
  REQUIRE(answer.has_value());
  CHECK(answer->ok());
  CHECK(shop.count("SELECT count(*) FROM payments") == 1);
}

TEST_CASE("a payment by hand that is told again with its key is the first one") {
  Shop shop;
  shop.fixture.app->gateways.all.push_back(&shop.fixture.app->by_hand);
  shop.fixture.options.billing.manual_methods = {"bank"};
  ManualPaymentForm form;
  form.plan = shop.plan;
  const auto tell = [&](std::string_view key) {
    return submit_by_hand(shop.billing, shop.fixture.caller(shop.buyer), form, key);
  };
  const auto first = tell("k");
  REQUIRE(first);
  CHECK(tell("k")->id == first->id);
  CHECK(tell("").error().kind == Kind::conflict);
  form.note = "another";
  CHECK(tell("k").error().code == "IDEMPOTENCY_MISMATCH");
}
