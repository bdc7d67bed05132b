// What a provider names under a test key never meets what it names under a live one.

#include "billing/key_modes.h"

#include <array>

#include "billing/inbox/inbox.h"
#include "billing/invoices/invoices.h"
#include "billing/payments/refunds.h"
#include "billing/shop.h"
#include "billing/subscriptions/subscribers.h"

using namespace tuition;
using namespace tuition::billing;
using billing::tests::Shop;

namespace {

struct TriedOut : Shop {
  UserId office = fixture.person("office@school.example", Role::admin);

  TriedOut() {
    gateway.is_for_tests = true;
    REQUIRE(settle_mode(billing, gateway));
    bought(order()->view);
    REQUIRE(has_access());
  }
  void goes_live() {
    gateway.is_for_tests = false;
    // Under the other key nobody knows anything.
    gateway.subscriptions.clear();
    gateway.checkouts.clear();
    gateway.invoices.clear();
  }
};

}  // namespace

TEST_CASE("with the first live key everything that was named for tests is let go, and nothing of it is sent") {
  TriedOut shop;
  const auto waiting = shop.order(Shop::of(shop.product()));
  REQUIRE(waiting);
  shop.goes_live();
  REQUIRE(settle_mode(shop.billing, shop.gateway));
  CHECK_FALSE(shop.has_access());
  CHECK(shop.shown(waiting->view.id).status == CheckoutStatus::expired);
  CHECK(shop.count("SELECT count(*) FROM customers") == 0);
  CHECK(shop.count("SELECT count(*) FROM prices WHERE provider_price_id IS NOT NULL") == 0);
  CHECK(shop.count("SELECT count(*) FROM plans WHERE provider_product_id IS NOT NULL") == 0);
  const auto again = shop.order(shop.yearly());
  REQUIRE(again);
  CHECK_FALSE(shop.gateway.prepared.back().customer_id);
  CHECK_FALSE(shop.gateway.prepared.back().offer.provider_product_id);
  // Later starts change nothing.
  shop.bought(again->view, "2");
  REQUIRE(settle_mode(shop.billing, shop.gateway));
  CHECK(shop.has_access());
}

TEST_CASE("what was bought with a test key is no money once a live key is set, and listed for who asks for it") {
  TriedOut shop;
  const auto admin = shop.fixture.caller(shop.office, Role::admin);
  const auto listed = [&](std::optional<bool> tests) {
    return std::array{list_all_payments(shop.billing, admin, {.tests = tests})->rows.size(),
                      list_all_invoices(shop.billing, admin, {.tests = tests})->rows.size(),
                      list_subscribers(shop.billing, admin, {.tests = tests})->rows.size()};
  };
  const auto billed = [&](const std::string& invoice) {
    shop.hears("evt_" + invoice, Notice::About::invoice, invoice, "invoice.paid");
    shop.fixture.app->run_jobs();
  };
  using Counts = std::array<std::size_t, 3>;
  billed("in_1");
  CHECK(listed({}) == Counts{1, 1, 1});
  shop.goes_live();
  REQUIRE(settle_mode(shop.billing, shop.gateway));
  CHECK(listed({}) == Counts{0, 0, 0});
  CHECK(listed(true) == Counts{1, 1, 1});
  CHECK(list_all_payments(shop.billing, admin, {.tests = true})->rows.front().test);
  shop.bought(shop.order(shop.yearly())->view, "2");
  billed("in_2");
  CHECK(listed({}) == Counts{1, 1, 1});
  CHECK_FALSE(list_all_payments(shop.billing, admin, {})->rows.front().test);
}

TEST_CASE("a test key is refused over the books of a live one, and ends nobody's subscription") {
  Shop shop;
  REQUIRE(settle_mode(shop.billing, shop.gateway));
  shop.bought(shop.order()->view);
  shop.gateway.is_for_tests = true;
  CHECK_FALSE(settle_mode(shop.billing, shop.gateway));
  CHECK(shop.has_access());
  CHECK(shop.count("SELECT count(*) FROM customers") == 1);
  shop.gateway.is_for_tests = false;
  CHECK(settle_mode(shop.billing, shop.gateway));
}

TEST_CASE("the key of another account, under which nobody knows anything, ends nothing that is paid") {
  TriedOut shop;
  shop.gateway.subscriptions.clear();
  shop.gateway.invoices.clear();
  const auto run = reconcile_now(shop.billing, shop.fixture.caller(shop.office, Role::admin), {});
  REQUIRE(run);
  CHECK(shop.has_access());
  CHECK(run->run.open == 1);
}
