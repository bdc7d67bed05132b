#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <random>

#include "billing/shop.h"

// One person, the same thing twice: two tabs, two payments.
namespace tuition::billing {

using tests::Shop;

TEST_CASE("the same order while its page is open gets the same page, and another price another one") {
  Shop shop;
  const auto first = shop.order();
  REQUIRE(first);
  const auto again = shop.order();
  REQUIRE(again);
  CHECK(again->view.id == first->view.id);
  CHECK(again->view.url == "https://pay.example/checkout-" + first->view.id.text());
  CHECK(shop.gateway.sent.size() == 1);
  const auto year = shop.order(shop.yearly());
  REQUIRE(year);
  CHECK(year->view.id != first->view.id);
  const auto other = shop.order(shop.monthly(), {}, shop.fixture.person("other@school.example"));
  REQUIRE(other);
  CHECK(other->view.id != first->view.id);
}

TEST_CASE("a page about to close, or one that leads back elsewhere, is closed and another one made") {
  Shop shop;
  const auto first = shop.order();
  shop.fixture.clock.pass(minutes(55));
  const auto second = shop.order();
  REQUIRE(second);
  CHECK(second->view.id != first->view.id);
  CHECK(shop.gateway.closed == std::vector{Shop::session(first->view)});
  CHECK(shop.shown(first->view.id).status == CheckoutStatus::expired);
  auto elsewhere = shop.monthly();
  elsewhere.success_url = "/app/thanks";
  const auto third = shop.order(elsewhere);
  REQUIRE(third);
  CHECK(third->view.id != second->view.id);
  CHECK(shop.gateway.closed.back() == Shop::session(second->view));
  CHECK(shop.order(elsewhere)->view.id == third->view.id);
}

TEST_CASE("an order whose page could not be made does not stand in the way of the next") {
  Shop shop;
  shop.gateway.fails = Error{Kind::provider, "PROVIDER_ERROR", "", "no route"};
  const auto first = shop.order();
  shop.gateway.fails.reset();
  const auto second = shop.order();
  REQUIRE(second);
  CHECK(second->view.id != first->view.id);
  CHECK(shop.shown(second->view.id).url.has_value());
  shop.settle();
  CHECK(shop.shown(first->view.id).status == CheckoutStatus::expired);
  CHECK(shop.gateway.sent.size() == 1);
}

TEST_CASE("an order that the gateway never took fails when its job is given up") {
  Shop shop;
  shop.gateway.fails = Error{Kind::provider, "PROVIDER_ERROR", "", "no route"};
  const auto started = shop.order();
  shop.settle();
  const auto view = shop.shown(started->view.id);
  CHECK(view.status == CheckoutStatus::failed);
  REQUIRE(view.failure);
  CHECK(view.failure->code == "PROVIDER_ERROR");
}

TEST_CASE("paying one page closes the person's others of the group at the gateway") {
  Shop shop;
  const auto month = shop.order();
  const auto year = shop.order(shop.yearly());
  const auto product = shop.order(Shop::of(shop.product()));
  shop.bought(month->view);
  CHECK(shop.gateway.closed == std::vector{Shop::session(year->view)});
  CHECK(shop.shown(year->view.id).status == CheckoutStatus::expired);
  CHECK(shop.shown(product->view.id).status == CheckoutStatus::open);
}

TEST_CASE("a page that cannot be closed because it was paid meanwhile is taken as paid") {
  Shop shop;
  const auto month = shop.order();
  const auto year = shop.order(shop.yearly());
  shop.pays(year->view, "2");
  shop.bought(month->view, "1");
  shop.settle();
  CHECK(shop.shown(year->view.id).failure->code == "SECOND_SUBSCRIPTION");
  CHECK(shop.gateway.cancelled == std::set<std::string>{"sub_2"});
}

TEST_CASE("a second subscription is cancelled and refunded in full, told once, and stands in the books") {
  Shop shop;
  const auto month = shop.order();
  const auto year = shop.order(shop.yearly());
  shop.pays(month->view, "1");
  shop.pays(year->view, "2");
  shop.hears("evt_1", Notice::About::checkout, Shop::session(month->view));
  shop.hears("evt_2", Notice::About::checkout, Shop::session(year->view));
  shop.settle();
  CHECK(shop.has_access());
  CHECK(shop.count("SELECT count(*) FROM subscriptions WHERE status = 'active'") == 1);
  CHECK(shop.count("SELECT count(*) FROM subscriptions WHERE surplus = 1 AND status = 'canceled' "
                   "AND undone_at IS NOT NULL") == 1);
  CHECK(shop.gateway.cancelled == std::set<std::string>{"sub_2"});
  CHECK(shop.gateway.refunds.size() == 1);
  CHECK(shop.count("SELECT count(*) FROM refunds WHERE amount_minor = 12000 AND status = 'succeeded'") == 1);
  CHECK(shop.count("SELECT count(*) FROM payments WHERE status = 'refunded'") == 1);
  CHECK(shop.count("SELECT count(*) FROM invoices WHERE status = 'refunded'") == 1);
  CHECK(shop.mails("undid the second order") == 1);
  CHECK(shop.mails("Your payment of 120.00 USD") == 0);
  const auto failed = shop.shown(year->view.id);
  CHECK(failed.status == CheckoutStatus::failed);
  REQUIRE(failed.failure);
  CHECK(failed.failure->code == "SECOND_SUBSCRIPTION");
  CHECK(failed.failure->message.find("sent back") != std::string::npos);

  // Whatever else is told of it changes nothing.
  for (const std::string n : {"3", "4", "5"}) {
    shop.hears("evt_s" + n, Notice::About::subscription, "sub_2");
    shop.hears("evt_i" + n, Notice::About::invoice, "in_2");
    shop.hears("evt_c" + n, Notice::About::checkout, Shop::session(year->view));
  }
  shop.settle();
  CHECK(shop.count("SELECT count(*) FROM audit_logs WHERE action = 'billing.second_subscription'") == 1);
  CHECK(shop.count("SELECT count(*) FROM refunds") == 1);
  CHECK(shop.count("SELECT count(*) FROM invoices WHERE status = 'refunded'") == 1);
  CHECK(shop.mails("undid the second order") == 1);
  CHECK(shop.shown(year->view.id).status == CheckoutStatus::failed);
}

TEST_CASE("a second subscription is undone once wherever the process or the network fails in between") {
  for (const std::string step : {"cancel", "refund", "refund's answer"}) {
    INFO(step);
    Shop shop;
    const auto month = shop.order();
    const auto year = shop.order(shop.yearly());
    shop.bought(month->view, "1");
    shop.gateway.breaks_before = step;
    shop.pays(year->view, "2");
    shop.hears("evt_2", Notice::About::subscription, "sub_2");
    shop.settle();
    CHECK(shop.gateway.breaks_before.empty());
    CHECK(shop.count("SELECT count(*) FROM refunds") == 1);
    CHECK(shop.count("SELECT count(*) FROM payments WHERE status = 'refunded'") == 1);
    CHECK(shop.mails("undid the second order") == 1);
  }
}

TEST_CASE("money that comes in late for a second subscription is sent back too, and told") {
  Shop shop;
  const auto month = shop.order();
  const auto year = shop.order(shop.yearly());
  shop.bought(month->view, "1");
  shop.pays(year->view, "2");
  auto late = shop.gateway.invoices["in_2"];
  shop.gateway.invoices["in_2"].status = InvoiceStatus::open;
  shop.gateway.invoices["in_2"].paid_minor = 0;
  shop.hears("evt_2", Notice::About::subscription, "sub_2");
  shop.settle();
  CHECK(shop.mails("undid the second order") == 1);
  CHECK(shop.count("SELECT count(*) FROM refunds") == 0);
  shop.gateway.invoices["in_2"] = late;
  shop.hears("evt_3", Notice::About::invoice, "in_2");
  shop.settle();
  CHECK(shop.count("SELECT count(*) FROM refunds WHERE amount_minor = 12000") == 1);
  CHECK(shop.mails("undid the second order") == 2);
}

TEST_CASE("notices of two paid pages in any order, repeated, leave one subscription and one refund") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 10; ++round) {
    Shop shop;
    const auto month = shop.order();
    const auto year = shop.order(shop.yearly());
    shop.pays(month->view, "1");
    shop.pays(year->view, "2");
    struct Told {
      Notice::About about;
      std::string object;
    };
    std::vector<Told> told;
    for (unsigned i = 0; i < 2; ++i) {
      told.push_back({Notice::About::checkout, Shop::session(month->view)});
      told.push_back({Notice::About::checkout, Shop::session(year->view)});
      for (const std::string n : {"1", "2"}) {
        told.push_back({Notice::About::subscription, "sub_" + n});
        told.push_back({Notice::About::invoice, "in_" + n});
      }
    }
    std::shuffle(told.begin(), told.end(), random);
    int n = 0;
    for (const auto& each : told) {
      shop.hears("evt_" + std::to_string(n++), each.about, each.object);
      if (random() % 2 == 0) shop.fixture.app->run_jobs();
    }
    shop.settle();
    CHECK(shop.has_access());
    CHECK(shop.count("SELECT count(*) FROM subscriptions WHERE status = 'active'") == 1);
    CHECK(shop.count("SELECT count(*) FROM subscriptions WHERE surplus = 1") == 1);
    CHECK(shop.count("SELECT count(*) FROM refunds") == 1);
    CHECK(shop.count("SELECT count(*) FROM payments WHERE status = 'success'") == 1);
    CHECK(shop.count("SELECT count(*) FROM checkouts WHERE status = 'completed'") == 1);
    CHECK(shop.count("SELECT count(*) FROM checkouts WHERE status = 'failed'") == 1);
    CHECK(shop.count("SELECT count(*) FROM audit_logs WHERE action = 'billing.second_subscription'") == 1);
    CHECK(shop.mails("undid the second order") == 1);
    CHECK(shop.gateway.cancelled.size() == 1);
  }
}

TEST_CASE("a free trial is had once") {
  Shop shop;
  const auto studio = shop.trial_plan();
  CheckoutForm form;
  form.plan = studio;
  const auto caller = shop.fixture.caller(shop.buyer);
  CHECK(show_plan(shop.billing, caller, studio)->trial_days == 14);
  const auto first = shop.order(form);
  REQUIRE(first);
  CHECK(first->view.trial_days == 14);
  CHECK(shop.gateway.prepared.back().trial_days == 14);
  shop.bought(first->view, "1");
  REQUIRE(shop.has_access());
  shop.gateway.subscriptions["sub_1"].status = SubscriptionStatus::canceled;
  shop.hears("evt_end", Notice::About::subscription, "sub_1");
  shop.fixture.app->run_jobs();

  CHECK(show_plan(shop.billing, caller, studio)->trial_days == 0);
  CHECK(show_plan(shop.billing, Caller{}, studio)->trial_days == 14);
  const auto second = shop.order(form);
  REQUIRE(second);
  CHECK(second->view.trial_days == 0);
  CHECK(shop.gateway.prepared.back().trial_days == 0);
  // Nothing paid is not enough any more.
  shop.pays(second->view, "2", 0);
  shop.hears("evt_2", Notice::About::checkout, Shop::session(second->view));
  shop.fixture.app->run_jobs();
  CHECK_FALSE(shop.has_access());
}

}  // namespace tuition::billing
