#include "billing/offers/coupons.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <thread>
#include <vector>

#include "billing/offers/pricing.h"
#include "billing/shop.h"

namespace tuition::billing {
namespace {

using tests::Shop;

CheckoutForm with(CheckoutForm form, const std::string& code) {
  form.coupon = code;
  return form;
}

std::string refusal(Shop& shop, const CheckoutForm& form) {
  const auto answer = shop.order(form);
  return answer ? "" : answer.error().code;
}

}  // namespace

TEST_CASE("a coupon takes off a percentage or an amount, and never more than there is") {
  const auto usd = *Currency::parse("USD");
  Coupon percent;
  percent.percent = 15;
  CHECK(discount(percent, {1200, usd})->minor == 180);
  CHECK(discount(percent, {999, usd})->minor == 150);
  percent.percent = 100;
  CHECK(discount(percent, {999, usd})->minor == 999);
  Coupon fixed;
  fixed.amount_minor = 500;
  fixed.currency = usd;
  CHECK(discount(fixed, {1200, usd})->minor == 500);
  CHECK(discount(fixed, {300, usd})->minor == 300);
  CHECK(discount(fixed, {1200, *Currency::parse("EUR")}).error().kind == Kind::unprocessable);
  CHECK(same_discount(percent, 150, 149));
  CHECK_FALSE(same_discount(percent, 150, 148));
  CHECK_FALSE(same_discount(fixed, 500, 499));
}

TEST_CASE("a coupon's discount reaches the gateway, and the payment less by it is as ordered") {
  Shop shop;
  shop.coupon({.code = "welcome20", .name = "Welcome", .percent = 20, .per_user = 1});
  const auto started = shop.order(with(shop.monthly(), " Welcome20 "));
  REQUIRE(started);
  CHECK(started->view.coupon_code == "WELCOME20");
  CHECK(started->view.price.discount_minor == 240);
  CHECK(started->view.price.total_minor == 960);
  REQUIRE(shop.gateway.prepared.back().coupon);
  shop.bought(started->view);
  CHECK(shop.has_access());
  CHECK(shop.count("SELECT used FROM coupons") == 1);
}

TEST_CASE("a discount that was not ordered opens nothing") {
  Shop shop;
  const auto started = shop.order();
  shop.pays(started->view);
  auto& state = shop.gateway.checkouts[Shop::session(started->view)];
  state.discount_minor = 1199;
  state.total_minor = 1;
  shop.hears("evt_1", Notice::About::checkout, Shop::session(started->view));
  shop.fixture.app->run_jobs();
  CHECK_FALSE(shop.has_access());
}

TEST_CASE("a coupon that cannot be used says why") {
  Shop shop;
  const auto now = shop.fixture.clock.now();
  shop.coupon({.code = "OVER", .name = "Over", .percent = 10, .ends_at = now});
  shop.coupon({.code = "LATER", .name = "Later", .percent = 10, .starts_at = now + days(1)});
  shop.coupon({.code = "EUROS", .name = "Euros", .amount_minor = 100, .currency = "EUR"});
  shop.coupon({.code = "COURSE", .name = "Course", .percent = 10, .targets = {shop.product().text()}});
  shop.coupon({.code = "MINE", .name = "Mine", .percent = 10, .per_user = 1});
  shop.coupon({.code = "FIRST", .name = "First", .percent = 10});
  CHECK(refusal(shop, with(shop.monthly(), "NONE")) == "NOT_FOUND");
  CHECK(refusal(shop, with(shop.monthly(), "LATER")) == "NOT_FOUND");
  CHECK(refusal(shop, with(shop.monthly(), "OVER")) == "COUPON_EXPIRED");
  CHECK(refusal(shop, with(shop.monthly(), "EUROS")) == "UNPROCESSABLE");
  CHECK(refusal(shop, with(shop.monthly(), "COURSE")) == "UNPROCESSABLE");
  CheckoutForm trial;
  trial.plan = shop.trial_plan();
  CHECK(refusal(shop, with(trial, "FIRST")) == "UNPROCESSABLE");
  CHECK(refusal(shop, with(shop.monthly(), "MINE")).empty());
  // Its own page is held by it already; for something else it is one use too many.
  CHECK(refusal(shop, with(shop.monthly(), "MINE")).empty());
  CHECK(refusal(shop, with(shop.yearly(), "MINE")) == "COUPON_USED_UP");
  CHECK(shop.count("SELECT used FROM coupons WHERE code = 'MINE'") == 1);
}

TEST_CASE("a coupon of one use that a hundred people use at once is used once") {
  Shop shop;
  shop.coupon({.code = "ONE", .name = "One", .percent = 50, .max_uses = 1});
  std::vector<UserId> people;
  for (int i = 0; i < 100; ++i) people.push_back(shop.fixture.person("p" + std::to_string(i) + "@school.example"));
  std::atomic<int> taken{0};
  std::atomic<int> used_up{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 10; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i)
        start_checkout(shop.billing, shop.fixture.caller(people[static_cast<std::size_t>(t * 10 + i)]),
                       with(shop.monthly(), "one"), {}, Patience::answer_at_once, [&](Result<StartedCheckout> answer) {
                         if (answer) ++taken;
                         if (!answer && answer.error().code == "COUPON_USED_UP") ++used_up;
                       });
    });
  for (auto& each : threads) each.join();
  CHECK(taken == 1);
  CHECK(used_up == 99);
  CHECK(shop.count("SELECT count(*) FROM coupon_redemptions") == 1);
}

TEST_CASE("a page nobody pays on gives its coupon back, and one paid late takes it again") {
  Shop shop;
  shop.coupon({.code = "ONE", .name = "One", .percent = 50, .max_uses = 1});
  const auto first = shop.order(with(shop.monthly(), "ONE"));
  REQUIRE(first);
  const auto other = shop.fixture.person("other@school.example");
  CHECK(shop.order(with(shop.monthly(), "ONE"), {}, other).error().code == "COUPON_USED_UP");
  shop.gateway.checkouts[Shop::session(first->view)] = {.session_id = Shop::session(first->view),
                                                        .status = CheckoutState::Status::expired};
  shop.fixture.clock.pass(hours(2));
  sweep_checkouts(shop.billing);
  CHECK(shop.count("SELECT used FROM coupons") == 0);
  REQUIRE(shop.order(with(shop.monthly(), "ONE"), {}, other));
  CHECK(shop.count("SELECT used FROM coupons") == 1);
  // The money came after all: with the discount, so it is a use, if one too many.
  shop.bought(shop.shown(first->view.id));
  CHECK(shop.has_access());
  CHECK(shop.count("SELECT used FROM coupons") == 2);
  CHECK(shop.count("SELECT count(*) FROM coupon_redemptions") == 2);
}

TEST_CASE("a coupon the gateway has lost is made anew") {
  Shop shop;
  shop.coupon({.code = "HALF", .name = "Half", .percent = 50});
  REQUIRE(shop.order(with(shop.monthly(), "HALF")));
  shop.gateway.loses_once = {"No such coupon: 'coupon_1'"};
  const auto second = shop.order(with(shop.yearly(), "HALF"));
  shop.settle();
  CHECK(shop.shown(second->view.id).url.has_value());
}

TEST_CASE("what a coupon would take off can be asked before buying") {
  Shop shop;
  shop.coupon({.code = "HALF", .name = "Half", .percent = 50});
  CouponForm form;
  form.code = "half";
  form.plan = shop.plan;
  form.interval = Interval::year;
  const auto view = validate_coupon(shop.billing, shop.fixture.caller(shop.buyer), form);
  REQUIRE(view);
  CHECK(view->discount_minor == 6000);
  CHECK(view->total_minor == 6000);
  CHECK(shop.count("SELECT used FROM coupons") == 0);
}

}  // namespace tuition::billing
