#include "billing/offers/quotes.h"

#include "billing/offers/taxes.h"
#include "billing/shop.h"

using namespace tuition;
using namespace tuition::billing;
using billing::tests::Shop;

TEST_CASE("a quote says the first charge and the next, with coupon and tax") {
  Shop shop;
  const auto admin = shop.fixture.caller(shop.fixture.person("office@school.example", Role::admin), Role::admin);
  REQUIRE(add_tax_rate(shop.billing, admin, {"ke", "VAT", 1600}));
  CHECK(add_tax_rate(shop.billing, admin, {"KE", "VAT", 1600}).error().kind == Kind::conflict);
  CHECK(add_tax_rate(shop.billing, admin, {"K1", "VAT", 1600}).error().kind == Kind::invalid);
  shop.coupon({.code = "HALF", .name = "Half", .percent = 50});

  QuoteForm form;
  form.coupon = "half";
  form.country = "ke";
  const auto quote = quote_plan(shop.billing, {}, shop.plan, form);
  REQUIRE(quote);
  CHECK(quote->first.total_minor == 600);
  CHECK(quote->first.tax_minor == 83);
  CHECK(quote->renewal.total_minor == 1200);
  CHECK(quote->renewal.tax_minor == 166);
  CHECK(quote->renewal.at == add_months(shop.fixture.clock.now(), 1));
  CHECK(quote->tax->basis_points == 1600);

  form.country = "DE";
  CHECK(!quote_plan(shop.billing, {}, shop.plan, form)->tax);
  form.currency = Currency::parse("JPY");
  CHECK(quote_plan(shop.billing, {}, shop.plan, form).error().kind == Kind::unprocessable);
  CHECK(quote_plan(shop.billing, {}, PlanId("none"), {}).error().kind == Kind::not_found);
}

TEST_CASE("a quote's first charge comes after the trial, which people have once") {
  Shop shop;
  const auto studio = shop.trial_plan();
  const auto now = shop.fixture.clock.now();
  const auto quote = quote_plan(shop.billing, {}, studio, {});
  CHECK(quote->trial_days == 14);
  CHECK(quote->first.at == now + days(14));
}

TEST_CASE("a price of three months is quoted beside those of one and six") {
  Shop shop;
  const auto terms = shop.plan_of_months();
  const auto quote = [&](std::optional<std::int64_t> count) {
    QuoteForm form;
    form.interval = Interval::month;
    form.interval_count = count;
    return quote_plan(shop.billing, {}, terms, form);
  };
  CHECK(quote({})->first.total_minor == 1200);
  CHECK(quote(3)->first.total_minor == 3000);
  CHECK(quote(3)->interval_count == 3);
  CHECK(quote(3)->renewal.at == add_months(shop.fixture.clock.now(), 3));
  CHECK(quote(6)->first.total_minor == 5000);
  CHECK(quote(2).error().kind == Kind::unprocessable);
}

TEST_CASE("plans stand side by side with every feature that one of them has") {
  Shop shop;
  const auto studio = shop.trial_plan();
  const auto both = compare_plans(shop.billing, {}, {{shop.plan, studio}});
  REQUIRE(both);
  CHECK(both->plans.size() == 2);
  CHECK(compare_plans(shop.billing, {}, {{shop.plan, PlanId("none")}}).error().kind == Kind::not_found);
}
