// What a provider names under a test key never meets what it names under a live one.

#include "billing/key_modes.h"

#include "billing/inbox/inbox.h"
#include "billing/shop.h"

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
