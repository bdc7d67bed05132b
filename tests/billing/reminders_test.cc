#include "billing/reminders.h"

#include <catch2/catch_test_macros.hpp>

#include "billing/shop.h"

using namespace tuition;
using namespace tuition::billing;
using billing::tests::Shop;

namespace {

struct LeftAlone : Shop {
  // The page closes unpaid.
  void begins_and_leaves(const CheckoutForm& form) {
    REQUIRE(order(form));
    fixture.clock.pass(hours(2));
    sweep_checkouts(billing);
  }
  int reminded() {
    remind_of_orders(billing);
    fixture.app->run_jobs();
    return mails("Your order of");
  }
};

}  // namespace

TEST_CASE("who lets a page close without paying is reminded once, a day later") {
  LeftAlone shop;
  shop.begins_and_leaves(shop.monthly());
  shop.begins_and_leaves(shop.yearly());
  CHECK(shop.reminded() == 0);
  shop.fixture.clock.pass(hours(24));
  CHECK(shop.reminded() == 1);
  CHECK(shop.reminded() == 1);
  shop.fixture.clock.pass(days(2));
  CHECK(shop.reminded() == 1);
  // Another order is another matter.
  shop.begins_and_leaves(Shop::of(shop.product()));
  shop.fixture.clock.pass(hours(24));
  CHECK(shop.reminded() == 2);
}

TEST_CASE("nobody is reminded who has it by now, is about to pay, wants no such mail, or after a long time") {
  LeftAlone shop;
  shop.begins_and_leaves(shop.monthly());
  SECTION("bought meanwhile") {
    shop.bought(shop.order()->view);
    shop.fixture.clock.pass(hours(24));
    CHECK(shop.reminded() == 0);
  }
  SECTION("another page is open") {
    shop.fixture.clock.pass(hours(24));
    REQUIRE(shop.order());
    CHECK(shop.reminded() == 0);
  }
  SECTION("said so") {
    shop.fixture.db->write([&](WriteTx& tx) {
      tx.execute("UPDATE user_profiles SET preferences_json = '{\"noOrderReminders\":true}' WHERE id = ?1", shop.buyer);
    });
    shop.fixture.clock.pass(hours(24));
    CHECK(shop.reminded() == 0);
  }
  SECTION("the school does not") {
    shop.fixture.options.billing.reminder_hours = 0;
    shop.fixture.clock.pass(hours(24));
    CHECK(shop.reminded() == 0);
  }
  SECTION("long ago") {
    shop.fixture.clock.pass(days(5));
    CHECK(shop.reminded() == 0);
  }
}
