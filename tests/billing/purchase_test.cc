#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <random>

#include "audit/audit.h"
#include "billing/checkout.h"
#include "billing/notices.h"
#include "billing/offers/plans.h"
#include "billing/shop.h"
#include "billing/subscriptions/subscriptions.h"

namespace tuition::billing {

using tests::Shop;
TEST_CASE("an order leads to the gateway's page, and paying opens access once the notice is applied") {
  Shop shop;
  const auto started = shop.order();
  REQUIRE(started);
  CHECK(started->pending);
  const auto id = started->view.id;
  const auto open = show_checkout(shop.billing, shop.fixture.caller(shop.buyer), id);
  REQUIRE(open);
  CHECK(open->url == "https://pay.example/checkout-" + id.text());
  CHECK_FALSE(shop.has_access());

  shop.pays(*open);
  CHECK_FALSE(shop.hears("evt_1", Notice::About::checkout, "cs_checkout-" + id.text(), "checkout.session.completed"));
  CHECK_FALSE(shop.has_access());
  shop.fixture.app->run_jobs();
  CHECK(shop.has_access());
  const auto done = show_checkout(shop.billing, shop.fixture.caller(shop.buyer), id);
  CHECK(done->status == CheckoutStatus::completed);
  CHECK(done->access_open);
  CHECK_FALSE(done->url);
  CHECK(shop.fixture.mailer.count("buyer@school.example", "School pass") == 1);
}

TEST_CASE("the pages a buyer has open hear where the checkout stands, and nobody else's do") {
  Shop shop;
  const auto heard = [](const http::Reply& stream) {
    std::string out;
    stream.feed->take(out);
    return out;
  };
  auto& live = shop.fixture.app->outreach.live;
  const auto other = shop.fixture.person("other@school.example");
  const auto buyers = live.open(shop.fixture.caller(shop.buyer)), others = live.open(shop.fixture.caller(other));
  heard(*buyers);
  heard(*others);
  const auto id = shop.order()->view.id;
  const auto told = [&](const std::string& status) {
    return "event: checkout\ndata: {\"checkoutId\":\"" + id.text() + "\",\"status\":\"" + status + "\"}\n\n";
  };
  CHECK(heard(*buyers) == told("open"));
  shop.pays(*show_checkout(shop.billing, shop.fixture.caller(shop.buyer), id));
  const auto session = "cs_checkout-" + id.text();
  CHECK_FALSE(shop.hears("evt_1", Notice::About::checkout, session, "checkout.session.completed"));
  shop.fixture.app->run_jobs();
  CHECK(heard(*buyers) == told("completed"));
  // What changes nothing is not told.
  CHECK_FALSE(shop.hears("evt_2", Notice::About::checkout, session, "checkout.session.completed"));
  shop.fixture.app->run_jobs();
  CHECK(heard(*buyers).empty());
  CHECK(heard(*others).empty());
}

TEST_CASE("the same notice delivered twice grants access once") {
  Shop shop;
  const auto started = shop.order();
  shop.pays(started->view);
  const auto session = "cs_checkout-" + started->view.id.text();
  CHECK_FALSE(shop.hears("evt_1", Notice::About::checkout, session));
  CHECK(shop.hears("evt_1", Notice::About::checkout, session));
  shop.fixture.app->run_jobs();
  CHECK(shop.hears("evt_1", Notice::About::checkout, session));
  shop.fixture.app->run_jobs();
  CHECK(shop.count("SELECT count(*) FROM subscriptions") == 1);
  CHECK(shop.count("SELECT count(*) FROM entitlements") == 1);
  CHECK(shop.count("SELECT count(*) FROM webhook_events") == 1);
}

TEST_CASE("notices in any order, each up to three times, lead to one and the same end") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 12; ++round) {
    Shop shop;
    const auto started = shop.order();
    shop.pays(started->view);
    struct Event {
      std::string id;
      Notice::About about;
      std::string object;
    };
    std::vector<Event> events{{"evt_checkout", Notice::About::checkout, "cs_checkout-" + started->view.id.text()},
                              {"evt_subscription", Notice::About::subscription, "sub_1"},
                              {"evt_updated", Notice::About::subscription, "sub_1"},
                              {"evt_invoice", Notice::About::invoice, "in_1"},
                              {"evt_invoice_again", Notice::About::invoice, "in_1"}};
    std::vector<Event> delivered;
    for (const auto& event : events)
      for (unsigned i = 0; i <= random() % 3; ++i) delivered.push_back(event);
    std::shuffle(delivered.begin(), delivered.end(), random);
    for (const auto& event : delivered) {
      shop.hears(event.id, event.about, event.object);
      if (random() % 2 == 0) shop.fixture.app->run_jobs();
    }
    shop.fixture.app->run_jobs();
    CHECK(shop.has_access());
    CHECK(shop.count("SELECT count(*) FROM subscriptions WHERE status = 'active'") == 1);
    CHECK(shop.count("SELECT count(*) FROM payments WHERE status = 'success' AND amount_minor = 1200") == 1);
    CHECK(shop.count("SELECT count(*) FROM invoices WHERE status = 'paid'") == 1);
    CHECK(shop.count("SELECT count(*) FROM checkouts WHERE status = 'completed'") == 1);
    CHECK(shop.count("SELECT count(*) FROM webhook_events WHERE processed = 0") == 0);
    CHECK(shop.fixture.mailer.count("buyer@school.example", "receipt") <= 1);
    const auto audit = audit::verify(*shop.fixture.db);
    CHECK(audit.whole());
  }
}

TEST_CASE("a payment of another amount gives no access and is kept for the operator") {
  Shop shop;
  const auto started = shop.order();
  shop.pays(started->view, "1", 100);
  shop.hears("evt_1", Notice::About::checkout, "cs_checkout-" + started->view.id.text());
  shop.fixture.app->run_jobs();
  CHECK_FALSE(shop.has_access());
  CHECK(shop.count("SELECT count(*) FROM audit_logs WHERE action = 'billing.amount_differs'") == 1);
  CHECK(shop.count("SELECT count(*) FROM webhook_events WHERE status = 'ignored' AND error IS NOT NULL") == 1);
  // Another notice of the same payment neither opens access nor is told again.
  shop.hears("evt_2", Notice::About::checkout, "cs_checkout-" + started->view.id.text());
  shop.hears("evt_3", Notice::About::subscription, "sub_1");
  shop.fixture.app->run_jobs();
  CHECK_FALSE(shop.has_access());
  CHECK(shop.count("SELECT count(*) FROM audit_logs WHERE action = 'billing.amount_differs'") == 1);
  CHECK(shop.shown(started->view.id).failure->code == "AMOUNT_DIFFERS");
}

TEST_CASE("a subscription that names another person than its order is set aside") {
  Shop shop;
  const auto started = shop.order();
  shop.pays(started->view);
  shop.gateway.subscriptions["sub_1"].user_id = shop.fixture.person("other@school.example").text();
  shop.hears("evt_1", Notice::About::subscription, "sub_1");
  shop.fixture.app->run_jobs();
  CHECK_FALSE(shop.has_access());
  CHECK(shop.count("SELECT count(*) FROM subscriptions") == 0);
}

TEST_CASE("an ended subscription closes access, and a late notice does not revive it") {
  Shop shop;
  const auto started = shop.order();
  shop.pays(started->view);
  shop.hears("evt_1", Notice::About::subscription, "sub_1");
  shop.fixture.app->run_jobs();
  REQUIRE(shop.has_access());
  const auto live = shop.gateway.subscriptions["sub_1"];
  shop.gateway.subscriptions["sub_1"].status = SubscriptionStatus::canceled;
  shop.gateway.subscriptions["sub_1"].ended_at = shop.fixture.clock.now();
  shop.hears("evt_2", Notice::About::subscription, "sub_1");
  shop.fixture.app->run_jobs();
  CHECK_FALSE(shop.has_access());
  shop.gateway.subscriptions["sub_1"] = live;
  shop.hears("evt_3", Notice::About::subscription, "sub_1");
  shop.fixture.app->run_jobs();
  CHECK_FALSE(shop.has_access());
  CHECK(shop.count("SELECT count(*) FROM subscription_changes WHERE kind = 'status'") == 1);
}

TEST_CASE("of a subscription for several things it is the one that carries our plan that counts") {
  Shop shop;
  const auto checkout = shop.order()->view;
  shop.pays(checkout);
  auto& there = shop.gateway.subscriptions["sub_1"];
  const SubscriptionItem ours{"si_ours", there.price_id, {}, there.period_start, there.period_end};
  take_item(there, {"si_other", "price_of_another_program", {}, there.period_start, there.period_end + days(300)});
  there.more_items = {ours};
  shop.gateway.checkouts[Shop::session(checkout)].subscription = there;
  shop.hears("evt_1", Notice::About::checkout, Shop::session(checkout), "checkout.session.completed");
  shop.fixture.app->run_jobs();
  CHECK(shop.has_access());
  const auto view = show_subscription(shop.billing, shop.fixture.caller(shop.buyer));
  REQUIRE(view);
  REQUIRE(*view);
  CHECK((*view)->period_end == ours.period_end);
}

TEST_CASE("a state that the gateway has newly invented leaves access as it was, and is in the trail") {
  Shop shop;
  const auto checkout = shop.order();
  shop.bought(checkout->view);
  REQUIRE(shop.has_access());
  shop.gateway.subscriptions["sub_1"].unknown_status = "hibernating";
  shop.gateway.subscriptions["sub_1"].status = SubscriptionStatus::incomplete;
  shop.hears("evt_odd", Notice::About::subscription, "sub_1", "customer.subscription.updated");
  shop.fixture.app->run_jobs();
  CHECK(shop.has_access());
  CHECK(shop.count("SELECT count(*) FROM audit_logs WHERE action = 'subscription.unknown_status'") == 1);
  // Of one that is new nothing can be said.
  const auto other = shop.order(shop.monthly(), {}, shop.fixture.person("other@school.example"));
  REQUIRE(other);
  shop.pays(other->view, "2");
  shop.gateway.subscriptions["sub_2"].unknown_status = "hibernating";
  shop.hears("evt_odd_2", Notice::About::subscription, "sub_2", "customer.subscription.created");
  shop.fixture.app->run_jobs();
  CHECK(shop.count("SELECT count(*) FROM subscriptions") == 1);
}

TEST_CASE("an invoice that the gateway cannot draw up is told to administrators") {
  Shop shop;
  shop.bought(shop.order()->view);
  shop.gateway.invoices["in_1"].status = InvoiceStatus::draft;
  shop.hears("evt_stuck", Notice::About::invoice, "in_1", "invoice.finalization_failed");
  shop.fixture.app->run_jobs();
  CHECK(shop.count("SELECT count(*) FROM audit_logs WHERE action = 'billing.invoice_stuck'") == 1);
}

TEST_CASE("a failed renewal keeps access for the days of grace, and a payment lifts the arrears") {
  Shop shop;
  const auto started = shop.order();
  shop.pays(started->view);
  shop.hears("evt_1", Notice::About::subscription, "sub_1");
  shop.fixture.app->run_jobs();
  shop.fixture.clock.pass(days(31));
  auto& subscription = shop.gateway.subscriptions["sub_1"];
  subscription.status = SubscriptionStatus::past_due;
  shop.hears("evt_2", Notice::About::subscription, "sub_1");
  shop.fixture.app->run_jobs();
  CHECK(shop.has_access());
  shop.fixture.clock.pass(days(8));
  CHECK_FALSE(shop.has_access());
  subscription.status = SubscriptionStatus::active;
  subscription.period_end = add_months(shop.fixture.clock.now(), 1);
  shop.hears("evt_3", Notice::About::subscription, "sub_1");
  shop.fixture.app->run_jobs();
  CHECK(shop.has_access());
}

TEST_CASE("a cancelled subscription opens lessons until its period ends and not a moment longer") {
  Shop shop;
  const auto started = shop.order();
  shop.pays(started->view);
  shop.hears("evt_1", Notice::About::subscription, "sub_1");
  shop.fixture.app->run_jobs();
  auto& subscription = shop.gateway.subscriptions["sub_1"];
  subscription.ends_at_period_end = true;
  shop.hears("evt_2", Notice::About::subscription, "sub_1");
  shop.fixture.app->run_jobs();
  const auto last_second = subscription.period_end - seconds(1);
  shop.fixture.clock.pass(last_second - shop.fixture.clock.now());
  CHECK(shop.has_access());
  shop.fixture.clock.pass(seconds(1));
  CHECK_FALSE(shop.has_access());
}

TEST_CASE("a subscriber sees which plan is theirs, in the list and alone") {
  Shop shop;
  shop.pays(shop.order().value().view);
  shop.hears("evt_1", Notice::About::subscription, "sub_1");
  shop.fixture.app->run_jobs();
  const auto caller = shop.fixture.caller(shop.buyer);
  CHECK(list_plans(shop.billing, caller)->value.at(0).current);
  const auto alone = show_plan(shop.billing, caller, shop.plan);
  REQUIRE(alone);
  CHECK(alone->current);
  CHECK(alone->code == "pass");
  CHECK_FALSE(list_plans(shop.billing, {})->value.at(0).current);
}

TEST_CASE("nobody buys a second subscription beside a live one") {
  Shop shop;
  const auto started = shop.order();
  shop.pays(started->view);
  shop.hears("evt_1", Notice::About::subscription, "sub_1");
  shop.fixture.app->run_jobs();
  const auto second = shop.order();
  REQUIRE_FALSE(second);
  CHECK(second.error().code == "ALREADY_SUBSCRIBED");
}

TEST_CASE("the same Idempotency-Key gets the same checkout, and another body with it is refused") {
  Shop shop;
  const auto first = shop.order(shop.monthly(), "key-1");
  const auto again = shop.order(shop.monthly(), "key-1");
  REQUIRE(first);
  REQUIRE(again);
  CHECK(first->view.id == again->view.id);
  CheckoutForm other;
  other.plan = shop.plan;
  other.currency = Currency::parse("USD");
  const auto mismatch = shop.order(other, "key-1");
  REQUIRE_FALSE(mismatch);
  CHECK(mismatch.error().code == "IDEMPOTENCY_MISMATCH");
  CHECK(shop.gateway.sent.size() == 1);
}

TEST_CASE("a gateway that cannot be reached is asked again with the same bytes, and one that refuses is not") {
  Shop shop;
  shop.gateway.fails = Error{Kind::provider, "PROVIDER_ERROR", "", "no route"};
  const auto started = shop.order();
  REQUIRE(started);
  CHECK(shop.gateway.sent.empty());
  shop.gateway.fails.reset();
  shop.fixture.clock.pass(minutes(1));
  shop.fixture.app->run_jobs();
  REQUIRE(shop.gateway.sent.size() == 1);
  CHECK(shop.gateway.sent[0].first == "checkout-" + started->view.id.text());

  shop.gateway.fails = Error{Kind::rejected, "PAYMENT_REJECTED", "", "bad currency"};
  const auto refused = shop.order(shop.yearly());
  shop.fixture.clock.pass(hours(1));
  shop.gateway.fails.reset();
  shop.fixture.app->run_jobs();
  const auto failed = show_checkout(shop.billing, shop.fixture.caller(shop.buyer), refused->view.id);
  CHECK(failed->status == CheckoutStatus::failed);
  CHECK(shop.gateway.sent.size() == 1);
}

TEST_CASE("a shop whose notices never arrive still delivers") {
  Shop shop;
  const auto started = shop.order();
  shop.pays(started->view);
  shop.fixture.clock.pass(hours(2));
  CHECK(sweep_checkouts(shop.billing).sort == jobs::Outcome::Sort::done);
  CHECK(shop.has_access());
}

TEST_CASE("a subscription at another price than ordered opens nothing, whichever notice tells of it") {
  Shop shop;
  const auto dear = shop.order();
  const auto other = shop.fixture.db->write([&](WriteTx& tx) {
    return offer_plan(shop.billing, tx, {.code = "cheap", .name = "Cheap", .prices = {{"USD", 100, Interval::month}}});
  });
  REQUIRE(other);
  CheckoutForm form;
  form.plan = *other;
  const auto cheap = shop.order(form);
  REQUIRE(cheap);
  shop.pays(dear->view);
  const auto cheap_price = shop.fixture.db->read(
      [&](ReadTx& tx) { return *tx.one<PriceId>("SELECT id FROM prices WHERE plan_id = ?1", *other); });
  shop.gateway.subscriptions["sub_1"].price_id = "price_" + cheap_price.text();
  shop.hears("evt_1", Notice::About::subscription, "sub_1");
  shop.hears("evt_2", Notice::About::invoice, "in_1");
  shop.fixture.app->run_jobs();
  CHECK_FALSE(shop.has_access());
  CHECK(shop.count("SELECT count(*) FROM subscriptions") == 0);
}

TEST_CASE("objects the gateway has lost are made anew, and the order goes through") {
  Shop shop;
  REQUIRE(shop.order());
  REQUIRE(shop.gateway.sent.size() == 1);
  shop.gateway.loses_once = {"No such customer: 'cus_x'", "No such price: 'price_x'"};
  const auto second = shop.order(shop.yearly());
  for (int i = 0; i < 4; ++i) {
    shop.fixture.clock.pass(minutes(1));
    shop.fixture.app->run_jobs();
  }
  const auto open = show_checkout(shop.billing, shop.fixture.caller(shop.buyer), second->view.id);
  REQUIRE(open);
  CHECK(open->url.has_value());
  CHECK(shop.gateway.loses_once.empty());
}

TEST_CASE("a subscription the gateway has lost ends when its period is over, and one may buy again") {
  Shop shop;
  const auto started = shop.order();
  shop.pays(started->view);
  shop.hears("evt_1", Notice::About::subscription, "sub_1");
  shop.fixture.app->run_jobs();
  shop.gateway.subscriptions.clear();
  shop.fixture.clock.pass(days(40));
  CHECK(sweep_subscriptions(shop.billing).sort == jobs::Outcome::Sort::done);
  CHECK_FALSE(shop.has_access());
  CHECK(shop.order().ok());
}

TEST_CASE("a checkout of somebody else is not there") {
  Shop shop;
  const auto started = shop.order();
  const auto other = shop.fixture.person("other@school.example");
  const auto found = show_checkout(shop.billing, shop.fixture.caller(other), started->view.id);
  REQUIRE_FALSE(found);
  CHECK(found.error().kind == Kind::not_found);
}

TEST_CASE("return addresses outside this site are refused") {
  Shop shop;
  for (const std::string url : {"https://evil.example/", "http://localhost:8080.evil.example/x", "//evil.example"}) {
    CheckoutForm form;
    form.plan = shop.plan;
    form.success_url = url;
    INFO(url);
    CHECK_FALSE(shop.order(form));
  }
}

TEST_CASE("a message without a valid signature has no effect but a line in the trail") {
  Shop shop;
  http::Request request;
  request.body = "forged";
  const auto receipt = receive_notice(shop.billing, shop.gateway, request);
  REQUIRE_FALSE(receipt);
  CHECK(receipt.error().code == "INVALID_SIGNATURE");
  CHECK(shop.count("SELECT count(*) FROM webhook_events") == 0);
  CHECK(shop.count("SELECT count(*) FROM audit_logs WHERE action = 'webhook.bad_signature'") == 1);
}

TEST_CASE("a storm of forged messages writes one line for each address and minute, and counts them all") {
  Shop shop;
  const auto forge = [&](const std::string& ip) {
    http::Request request;
    request.body = "forged";
    request.caller.ip = ip;
    CHECK_FALSE(receive_notice(shop.billing, shop.gateway, request));
  };
  const auto lines = [&] {
    return shop.count("SELECT count(*) FROM audit_logs WHERE action = 'webhook.bad_signature'");
  };
  for (int i = 0; i < 50; ++i) forge("198.51.100.7");
  CHECK(lines() == 1);
  forge("198.51.100.8");
  CHECK(lines() == 2);
  // One home network has more IPv6 addresses than there are minutes.
  for (int i = 1; i < 50; ++i) forge("2001:db8:1:2::" + std::to_string(i));
  CHECK(lines() == 3);
  for (int i = 0; i < 200; ++i) forge("203.0.113." + std::to_string(i));
  CHECK(lines() == static_cast<std::int64_t>(Forgeries::lines_most));
  shop.fixture.clock.pass(minutes(1));
  forge("198.51.100.7");
  CHECK(lines() == static_cast<std::int64_t>(Forgeries::lines_most) + 1);
  CHECK(shop.fixture.metrics.prometheus().find("tuition_billing_bad_signatures_total 301") != std::string::npos);
}

TEST_CASE("an event whose job is given up is dead, and applied after all when the job is queued again") {
  Shop shop;
  const auto started = shop.order();
  shop.pays(started->view);
  shop.gateway.fails = Error{Kind::provider, "PROVIDER_ERROR", "", "no route"};
  shop.hears("evt_1", Notice::About::subscription, "sub_1");
  for (int i = 0; i < 25; ++i) {
    shop.fixture.app->run_jobs();
    shop.fixture.clock.pass(hours(7));
    if (i == 5) CHECK(shop.count("SELECT count(*) FROM webhook_events WHERE status = 'failed'") == 1);
  }
  CHECK(shop.count("SELECT count(*) FROM webhook_events WHERE status = 'dead' AND error = 'no route'") == 1);

  shop.gateway.fails.reset();
  const auto job = shop.fixture.db->read(
      [](ReadTx& tx) { return *tx.one<jobs::JobId>("SELECT id FROM jobs WHERE kind = 'billing.apply_event'"); });
  REQUIRE(shop.fixture.db->write([&](WriteTx& tx) { return shop.billing.queue.retry(tx, job); }));
  shop.fixture.app->run_jobs();
  CHECK(shop.count("SELECT count(*) FROM webhook_events WHERE status = 'processed' AND error IS NULL") == 1);
  CHECK(shop.count("SELECT count(*) FROM subscriptions WHERE status = 'active'") == 1);
}

}  // namespace tuition::billing
