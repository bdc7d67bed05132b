// Plans that a gateway renews and does no more for, as Paystack's: who renews, and never both.

#include <catch2/generators/catch_generators.hpp>

#include "billing/inbox/inbox.h"
#include "billing/orders.h"
#include "billing/shop.h"
#include "billing/store.h"
#include "billing/subscriptions/arrears.h"
#include "billing/subscriptions/renewals.h"
#include "platform/base/text.h"

using namespace tuition;
using namespace tuition::billing;
using billing::tests::Shop;

namespace {

constexpr const char* theirs = "SUB_1";

struct PlanClub : Shop {
  CheckoutView checkout;
  int events = 0;

  PlanClub() {
    gateway.called = "paystack";
    gateway.renews_plans = true;
    const auto begun = order();
    REQUIRE(begun);
    checkout = begun->view;
  }
  std::string event() { return "event-" + std::to_string(++events); }
  std::string plan_there() { return "PLN_" + price_of(checkout.id).text(); }

  // What the gateway holds once the buyer has paid, before it has begun the subscription.
  void paid() {
    CheckoutState state;
    state.session_id = state.payment_id = session(checkout);
    state.status = CheckoutState::Status::complete;
    state.paid = true;
    state.checkout_id = checkout.id.text();
    state.only_total = true;
    state.total_minor = 1200;
    state.currency = checkout.price.currency;
    state.card = SavedCard{Secret("AUTH_x"), "Visa 4081"};
    state.awaits_subscription = true;
    gateway.checkouts[state.session_id] = state;
  }
  SubscriptionState subscription_there() {
    SubscriptionState state;
    state.id = theirs;
    state.status = SubscriptionStatus::active;
    state.price_id = plan_there();
    state.customer_email = "Buyer@school.example";
    state.period_end = add_months(fixture.clock.now(), 1);
    return state;
  }
  void begins() {
    gateway.subscriptions[theirs] = subscription_there();
    auto& state = gateway.checkouts[session(checkout)];
    state.awaits_subscription = false;
    state.subscription = gateway.subscriptions[theirs];
    state.subscription->checkout_id = checkout.id.text();
  }
  void told(Notice::About about, const std::string& object, const std::string& type) {
    hears(event(), about, object, type);
    fixture.app->run_jobs();
  }
  void subscribed() {
    paid();
    begins();
    told(Notice::About::checkout, session(checkout), "charge.success");
    REQUIRE(has_access());
    REQUIRE(row().provider_id == theirs);
  }
  // The gateway takes the next period's money; the reference is its own.
  std::string charges(std::int64_t amount = 1200) {
    auto& there = gateway.subscriptions[theirs];
    there.period_end = add_months(there.period_end, 1);
    const auto reference = "theirs-" + event();
    CheckoutState state;
    state.session_id = state.payment_id = reference;
    state.status = CheckoutState::Status::complete;
    state.paid = state.only_total = true;
    state.total_minor = amount;
    state.currency = checkout.price.currency;
    state.subscription = there;
    gateway.checkouts[reference] = state;
    return reference;
  }
  void fails() {
    auto& there = gateway.subscriptions[theirs];
    there.status = SubscriptionStatus::past_due;
    there.period_end = {};
    told(Notice::About::subscription, theirs, "invoice.payment_failed");
  }
  // What the gateway tells of one that was turned off there.
  void hears_of_its_end() {
    gateway.subscriptions[theirs].ends_at_period_end = true;
    told(Notice::About::subscription, theirs, "subscription.not_renew");
    gateway.subscriptions[theirs].status = SubscriptionStatus::canceled;
    told(Notice::About::subscription, theirs, "subscription.disable");
  }
  int mails_of_an_end() { return mails("will not renew") + mails("has ended"); }
  Subscription row() {
    return fixture.db->read([&](ReadTx& tx) { return store::subscriptions_of(tx, buyer).front(); });
  }
  void to_the_end() { fixture.clock.pass(row().period_end - fixture.clock.now()); }
  void sweep() {
    sweep_renewals(billing);
    fixture.app->run_jobs();
  }
  std::int64_t payments() { return count("SELECT count(*) FROM payments WHERE status = 'success'"); }
};

}  // namespace

TEST_CASE("a plan that its gateway renews begins with its first payment, and is never charged by us") {
  PlanClub club;
  CHECK(club.gateway.prepared.front().plan_id.empty());
  club.subscribed();
  CHECK(club.row().period_end == add_months(club.fixture.clock.now(), 1));
  CHECK(club.shown(club.checkout.id).status == CheckoutStatus::completed);
  CHECK(club.payments() == 1);
  CHECK(club.count("SELECT count(*) FROM invoices WHERE provider_number = 'INV-000001' AND status = 'paid'") == 1);
  for (int month = 0; month < 3; ++month) {
    club.to_the_end();
    club.sweep();
  }
  club.fixture.clock.pass(days(10));
  club.sweep();
  CHECK(club.gateway.charged == 0);
}

TEST_CASE("the payment known first waits for its subscription, which completes the order") {
  PlanClub club;
  club.paid();
  club.told(Notice::About::checkout, Shop::session(club.checkout), "charge.success");
  CHECK(club.shown(club.checkout.id).status == CheckoutStatus::open);
  CHECK_FALSE(club.has_access());
  club.begins();
  club.told(Notice::About::subscription, theirs, "subscription.create");
  CHECK(club.shown(club.checkout.id).status == CheckoutStatus::completed);
  CHECK(club.has_access());
  CHECK(club.payments() == 1);
}

TEST_CASE("the subscription known first waits for its payment") {
  PlanClub club;
  club.gateway.subscriptions[theirs] = club.subscription_there();
  club.told(Notice::About::subscription, theirs, "subscription.create");
  CHECK_FALSE(club.has_access());
  CHECK(club.count("SELECT count(*) FROM subscriptions") == 0);
  club.paid();
  club.begins();
  club.told(Notice::About::checkout, Shop::session(club.checkout), "charge.success");
  CHECK(club.has_access());
}

TEST_CASE("a subscription that does not come is renewed by us, and one that comes after that is turned off there") {
  PlanClub club;
  club.paid();
  club.told(Notice::About::checkout, Shop::session(club.checkout), "charge.success");
  club.fixture.clock.pass(hours(2));
  club.told(Notice::About::checkout, Shop::session(club.checkout), "charge.success");
  CHECK(club.has_access());
  CHECK(club.row().provider_id.starts_with("own_"));
  club.gateway.subscriptions[theirs] = club.subscription_there();
  club.told(Notice::About::subscription, theirs, "subscription.create");
  CHECK(club.gateway.cancelled.contains(theirs));
  CHECK(club.count("SELECT count(*) FROM subscriptions") == 1);
}

TEST_CASE("a period that the gateway was paid for is booked once, however it is told") {
  PlanClub club;
  club.subscribed();
  const auto before = club.row();
  club.to_the_end();
  const auto reference = club.charges();
  club.told(Notice::About::checkout, reference, "charge.success");
  club.told(Notice::About::checkout, reference, "invoice.update");
  const auto after = club.row();
  CHECK(after.period_start == before.period_end);
  CHECK(after.period_end == add_months(before.period_end, 1));
  CHECK(club.payments() == 2);
  CHECK(club.count("SELECT last FROM invoice_series") == 2);
  CHECK(club.count("SELECT count(*) FROM subscriptions WHERE provider_subscription_id = 'SUB_1'") == 1);
  CHECK(club.gateway.charged == 0);
}

TEST_CASE("without any event a period is asked about and booked an hour after its end") {
  PlanClub club;
  club.subscribed();
  club.to_the_end();
  club.charges();
  sweep_subscriptions(club.billing);
  CHECK(club.payments() == 1);
  club.fixture.clock.pass(hours(2));
  sweep_subscriptions(club.billing);
  sweep_subscriptions(club.billing);
  CHECK(club.payments() == 2);
  CHECK(club.row().period_end > club.fixture.clock.now());
  CHECK(club.has_access());
}

TEST_CASE("a payment that fails there makes the subscription ours, with grace, tries and mails") {
  PlanClub club;
  club.subscribed();
  club.to_the_end();
  club.fails();
  CHECK(club.gateway.cancelled.contains(theirs));
  CHECK(club.row().provider_id.starts_with("own_"));
  CHECK(club.row().status == SubscriptionStatus::past_due);
  CHECK(club.has_access());
  CHECK(club.mails("did not go through") == 1);
  // Once a day by the rules, from the saved card.
  club.gateway.declines = true;
  club.sweep();
  CHECK(club.gateway.charged == 0);
  club.fixture.clock.pass(days(1));
  club.sweep();
  CHECK(club.gateway.charged == 1);
  CHECK(club.mails("did not go through") == 2);
  club.gateway.declines = false;
  club.fixture.clock.pass(days(2));
  club.sweep();
  CHECK(club.gateway.charged == 2);
  CHECK(club.row().status == SubscriptionStatus::active);
  CHECK(club.payments() == 2);
  // What they tell of theirs is nobody's any more.
  club.told(Notice::About::subscription, theirs, "subscription.disable");
  CHECK(club.row().status == SubscriptionStatus::active);
  CHECK(club.count("SELECT count(*) FROM subscriptions") == 1);
}

TEST_CASE("taking over survives a gateway that does not answer, and charges nothing before it has") {
  PlanClub club;
  club.subscribed();
  club.to_the_end();
  club.gateway.breaks_before = "cancel";
  club.fails();
  CHECK(club.row().provider_id == theirs);
  club.sweep();
  CHECK(club.gateway.charged == 0);
  club.settle();
  CHECK(club.row().provider_id.starts_with("own_"));
}

TEST_CASE("such a subscription ends with its period, is kept after all, and changes its plan with us") {
  PlanClub club;
  club.subscribed();
  const auto ordered = [&](auto ask) {
    bool ok = false;
    ask([&](const auto& answer) { ok = answer.ok(); });
    club.fixture.app->run_jobs();
    return ok;
  };
  const auto caller = club.fixture.caller(club.buyer);
  const auto end = club.row().period_end;
  REQUIRE(ordered([&](auto answer) { cancel_subscription(club.billing, caller, {}, answer); }));
  CHECK(club.row().cancel_at_period_end);
  CHECK(club.row().period_end == end);
  REQUIRE(ordered([&](auto answer) { resume_subscription(club.billing, caller, answer); }));
  CHECK_FALSE(club.row().cancel_at_period_end);
  CHECK(club.row().provider_id == theirs);

  UpgradeForm yearly;
  yearly.plan = club.plan;
  yearly.interval = Interval::year;
  const auto preview = preview_change(club.billing, caller, {club.plan, Interval::year});
  REQUIRE(preview);
  CHECK(preview->effective == ChangeTime::period_end);
  REQUIRE(ordered([&](auto answer) { change_plan(club.billing, caller, yearly, {}, answer); }));
  CHECK(club.gateway.cancelled.contains(theirs));
  CHECK(club.row().provider_id.starts_with("own_"));
  club.to_the_end();
  club.sweep();
  CHECK(club.gateway.charged == 1);
  CHECK(club.count("SELECT amount_minor FROM payments ORDER BY id DESC LIMIT 1") == 12000);
}

TEST_CASE("one that is turned off there to change with us goes on, whatever is heard of its end before that is noted") {
  // Cut off before or after the gateway did it.
  const std::string cut = GENERATE("cancel", "cancel's answer");
  PlanClub club;
  club.subscribed();
  UpgradeForm yearly;
  yearly.plan = club.plan;
  yearly.interval = Interval::year;
  club.gateway.breaks_before = cut;
  change_plan(club.billing, club.fixture.caller(club.buyer), yearly, {}, [](const auto&) {});
  club.fixture.app->run_jobs();
  REQUIRE(club.row().provider_id == theirs);
  club.hears_of_its_end();
  CHECK_FALSE(club.row().cancel_at_period_end);
  CHECK(club.row().status == SubscriptionStatus::active);
  club.settle();
  CHECK(club.row().provider_id.starts_with("own_"));
  CHECK_FALSE(club.row().cancel_at_period_end);
  CHECK(club.mails_of_an_end() == 0);
  club.to_the_end();
  club.sweep();
  CHECK(club.gateway.charged == 1);
  CHECK(club.row().status == SubscriptionStatus::active);
}

TEST_CASE("one that is turned off there because a payment failed goes on, whatever is heard of its end before") {
  const std::string cut = GENERATE("cancel", "cancel's answer");
  PlanClub club;
  club.subscribed();
  club.to_the_end();
  club.gateway.breaks_before = cut;
  club.fails();
  REQUIRE(club.row().provider_id == theirs);
  club.hears_of_its_end();
  CHECK(club.row().status == SubscriptionStatus::past_due);
  CHECK_FALSE(club.row().cancel_at_period_end);
  CHECK(club.has_access());
  club.settle();
  CHECK(club.row().provider_id.starts_with("own_"));
  CHECK(club.mails_of_an_end() == 0);
  club.fixture.clock.pass(days(1));
  club.sweep();
  CHECK(club.gateway.charged == 1);
  CHECK(club.row().status == SubscriptionStatus::active);
}

TEST_CASE("what was cancelled before its payment failed there still ends") {
  PlanClub club;
  club.subscribed();
  club.gateway.subscriptions[theirs].ends_at_period_end = true;
  club.told(Notice::About::subscription, theirs, "subscription.not_renew");
  CHECK(club.mails_of_an_end() == 1);
  club.gateway.breaks_before = "cancel's answer";
  club.to_the_end();
  club.fails();
  club.hears_of_its_end();
  club.settle();
  club.sweep();
  CHECK(club.row().status == SubscriptionStatus::canceled);
  CHECK(club.gateway.charged == 0);
}

TEST_CASE("a move to us that was cut off is finished, though nothing of it is left but its mark") {
  PlanClub club;
  club.subscribed();
  const auto id = club.row().id;
  club.fixture.db->write([&](WriteTx& tx) { store::mark_moving(tx, id, club.fixture.clock.now()); });
  SECTION("by itself") {
    club.sweep();
    CHECK(club.row().status == SubscriptionStatus::active);
  }
  SECTION("where the gateway does not know it any more") {
    club.gateway.subscriptions.erase(theirs);
    club.to_the_end();
    club.fixture.clock.pass(hours(2));
    sweep_subscriptions(club.billing);
    club.fixture.app->run_jobs();
    CHECK(club.row().status == SubscriptionStatus::active);
  }
  SECTION("before the buyer's own cancellation, which counts") {
    cancel_subscription(club.billing, club.fixture.caller(club.buyer), {}, [](const auto&) {});
    club.fixture.app->run_jobs();
    CHECK(club.row().cancel_at_period_end);
    CHECK(club.mails_of_an_end() == 1);
  }
  CHECK(club.row().provider_id.starts_with("own_"));
}

TEST_CASE("one that ended with its period is over a day later, whether the gateway says so or not") {
  PlanClub club;
  club.subscribed();
  bool ok = false;
  cancel_subscription(club.billing, club.fixture.caller(club.buyer), {}, [&](const auto& answer) { ok = answer.ok(); });
  club.fixture.app->run_jobs();
  REQUIRE(ok);
  club.gateway.subscriptions[theirs].period_end = {};
  club.to_the_end();
  CHECK_FALSE(club.has_access());
  club.fixture.clock.pass(hours(26));
  sweep_subscriptions(club.billing);
  CHECK(club.row().status == SubscriptionStatus::canceled);
  CHECK(club.gateway.charged == 0);
}
