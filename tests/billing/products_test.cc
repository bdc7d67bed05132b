#include "billing/offers/products.h"

#include <catch2/catch_test_macros.hpp>

#include "billing/shop.h"

namespace tuition::billing {

using tests::Shop;

TEST_CASE("a product bought once opens what it is for, and nothing else, for good") {
  Shop shop;
  const auto course = shop.product();
  const auto started = shop.order(Shop::of(course));
  REQUIRE(started);
  CHECK_FALSE(started->view.plan);
  CHECK(started->view.product->id == course);
  CHECK(started->view.price.interval == Interval::once);
  CHECK(shop.gateway.prepared.back().offer.sort == Offer::Sort::product);
  CHECK_FALSE(shop.may_use("course-1"));
  shop.bought(started->view);
  CHECK(shop.may_use("course-1"));
  CHECK_FALSE(shop.may_use("course-2"));
  CHECK(shop.shown(started->view.id).access_open);
  CHECK(shop.count("SELECT count(*) FROM payments WHERE amount_minor = 3900 AND status = 'success' "
                   "AND checkout_id IS NOT NULL") == 1);
  CHECK(shop.mails("Your receipt for One course") == 1);
  CHECK(shop.count("SELECT count(*) FROM subscriptions") == 0);
  shop.fixture.clock.pass(days(4000));
  CHECK(shop.may_use("course-1"));

  const auto caller = shop.fixture.caller(shop.buyer);
  CHECK(show_product(shop.billing, caller, course)->owned);
  CHECK_FALSE(show_product(shop.billing, Caller{}, course)->owned);
  CHECK_FALSE(list_products(shop.billing, caller)->front().owned_until);
  const auto again = shop.order(Shop::of(course));
  REQUIRE_FALSE(again);
  CHECK(again.error().code == "ALREADY_OWNED");
}

TEST_CASE("notices of a purchase that come again open, book and tell it once") {
  Shop shop;
  const auto started = shop.order(Shop::of(shop.product()));
  shop.pays(started->view);
  for (const std::string event : {"evt_1", "evt_2", "evt_1", "evt_3"}) {
    shop.hears(event, Notice::About::checkout, Shop::session(started->view));
    if (event == "evt_2") shop.fixture.app->run_jobs();
  }
  shop.fixture.app->run_jobs();
  CHECK(shop.count("SELECT count(*) FROM payments") == 1);
  CHECK(shop.count("SELECT count(*) FROM entitlements") == 1);
  CHECK(shop.mails("Your receipt") == 1);
}

TEST_CASE("access for some days ends with the last of them, and buying again adds to it") {
  Shop shop;
  const auto month = shop.product(30);
  const auto first = shop.order(Shop::of(month));
  shop.bought(first->view, "1");
  shop.fixture.clock.pass(days(10));
  const auto second = shop.order(Shop::of(month));
  REQUIRE(second);
  shop.bought(second->view, "2");
  CHECK(show_product(shop.billing, shop.fixture.caller(shop.buyer), month)->owned_until.has_value());
  shop.fixture.clock.pass(Duration{days(50).ms - seconds(1).ms});
  CHECK(shop.may_use("course-1"));
  shop.fixture.clock.pass(seconds(1));
  CHECK_FALSE(shop.may_use("course-1"));
  CHECK(shop.order(Shop::of(month)).ok());
}

TEST_CASE("something owned for good that is paid for again is sent back") {
  Shop shop;
  const auto course = shop.product();
  const auto first = shop.order(Shop::of(course));
  auto elsewhere = Shop::of(course);
  elsewhere.success_url = "/app/thanks";
  shop.pays(first->view, "1");
  // Paid before it was closed.
  const auto second = shop.order(elsewhere);
  REQUIRE(second);
  shop.pays(second->view, "2");
  shop.hears("evt_1", Notice::About::checkout, Shop::session(first->view));
  shop.hears("evt_2", Notice::About::checkout, Shop::session(second->view));
  shop.hears("evt_3", Notice::About::checkout, Shop::session(second->view));
  shop.settle();
  CHECK(shop.may_use("course-1"));
  CHECK(shop.count("SELECT count(*) FROM payments WHERE status = 'success'") == 1);
  CHECK(shop.count("SELECT count(*) FROM payments WHERE status = 'refunded'") == 1);
  CHECK(shop.count("SELECT count(*) FROM refunds WHERE amount_minor = 3900") == 1);
  CHECK(shop.count("SELECT count(*) FROM entitlements") == 1);
  CHECK(shop.count("SELECT count(*) FROM checkouts WHERE status = 'failed' AND error_code = 'ALREADY_OWNED'") == 1);
  CHECK(shop.mails("undid the second order") == 1);
}

TEST_CASE("a payment for a product of another amount opens nothing") {
  Shop shop;
  const auto started = shop.order(Shop::of(shop.product()));
  shop.pays(started->view, "1", 1);
  shop.hears("evt_1", Notice::About::checkout, Shop::session(started->view));
  shop.fixture.app->run_jobs();
  CHECK_FALSE(shop.may_use("course-1"));
  CHECK(shop.shown(started->view.id).status == CheckoutStatus::failed);
}

TEST_CASE("an order names one thing") {
  Shop shop;
  auto both = shop.monthly();
  both.product = shop.product();
  for (const auto& form : {CheckoutForm{}, both}) {
    const auto refused = shop.order(form);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == Kind::invalid);
  }
  auto monthly = Shop::of(*both.product);
  monthly.interval = Interval::month;
  CHECK(shop.order(monthly).error().kind == Kind::unprocessable);
}

TEST_CASE("nothing is put on sale that takes money and opens nothing") {
  Shop shop;
  const auto plan = shop.fixture.db->write([&](WriteTx& tx) {
    return offer_plan(shop.billing, tx, {.code = "once", .name = "Once", .prices = {{"USD", 100, Interval::once}}});
  });
  CHECK(plan.error().kind == Kind::invalid);
  const auto empty = shop.fixture.db->write([&](WriteTx& tx) {
    return offer_product(shop.billing, tx, {.code = "air", .name = "Air", .prices = {{"USD", 100, Interval::once}}});
  });
  CHECK(empty.error().kind == Kind::invalid);
  const auto renewing = shop.fixture.db->write([&](WriteTx& tx) {
    return offer_product(shop.billing, tx,
                         {.code = "renews",
                          .name = "Renews",
                          .opens = {{.scope = entitlements::Scope::all}},
                          .prices = {{"USD", 100, Interval::month}}});
  });
  CHECK(renewing.error().kind == Kind::invalid);
}

}  // namespace tuition::billing
