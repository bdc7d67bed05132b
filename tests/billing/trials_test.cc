#include "billing/shop.h"

using namespace tuition;
using namespace tuition::billing;
using billing::tests::Shop;

namespace {

// Somebody in a free trial of fourteen days.
struct Trying : Shop {
  static constexpr const char* subject = "free trial of Studio ends on";
  static constexpr const char* will_end = "customer.subscription.trial_will_end";

  Trying() {
    CheckoutForm form;
    form.plan = trial_plan();
    bought(order(form)->view);
    REQUIRE(gateway.subscriptions["sub_1"].status == SubscriptionStatus::trialing);
    fixture.clock.pass(days(11));
  }
  int reminders() {
    fixture.app->run_jobs();
    return mails(subject);
  }
  std::string reminder() const {
    for (const auto& each : fixture.mailer.sent)
      if (each.subject.find(subject) != std::string::npos) return each.text;
    return {};
  }
};

}  // namespace

TEST_CASE("the buyer hears once that the trial ends, and what is charged then") {
  Trying shop;
  shop.hears("evt_ends", Notice::About::subscription, "sub_1", Trying::will_end);
  CHECK(shop.reminders() == 1);
  CHECK(shop.reminder().find("24.00 USD per month") != std::string::npos);
  // Told again, under the same name and another.
  shop.hears("evt_ends", Notice::About::subscription, "sub_1", Trying::will_end);
  shop.hears("evt_ends_again", Notice::About::subscription, "sub_1", Trying::will_end);
  CHECK(shop.reminders() == 1);
}

TEST_CASE("a trial that was cancelled is said to end without a charge") {
  Trying shop;
  shop.gateway.subscriptions["sub_1"].ends_at_period_end = true;
  shop.hears("evt_ends", Notice::About::subscription, "sub_1", Trying::will_end);
  CHECK(shop.reminders() == 1);
  CHECK(shop.reminder().find("nothing is charged") != std::string::npos);
}

TEST_CASE("a message about a trial that comes after its end tells nobody") {
  Trying shop;
  shop.fixture.clock.pass(days(4));
  shop.hears("evt_late", Notice::About::subscription, "sub_1", Trying::will_end);
  CHECK(shop.reminders() == 0);
  shop.gateway.subscriptions["sub_1"].status = SubscriptionStatus::active;
  shop.gateway.subscriptions["sub_1"].period_end = add_months(shop.fixture.clock.now(), 1);
  shop.hears("evt_later", Notice::About::subscription, "sub_1", Trying::will_end);
  CHECK(shop.reminders() == 0);
}
