#include "billing/orders.h"

#include <catch2/catch_test_macros.hpp>

#include "billing/books.h"
#include "billing/shop.h"

namespace tuition::billing {
namespace {

struct Subscribed : tests::Shop {
  CheckoutView checkout;

  Subscribed() {
    checkout = order()->view;
    bought(checkout);
    hears("evt_invoice", Notice::About::invoice, "in_1");
    fixture.app->run_jobs();
    REQUIRE(has_access());
  }
  // The job runs while the caller waits.
  Result<Ordered<CancellationView>> cancel(const CancelForm& form = {}) {
    std::optional<Result<Ordered<CancellationView>>> answer;
    cancel_subscription(billing, fixture.caller(buyer), form, [&](auto result) { answer.emplace(std::move(result)); });
    fixture.app->run_jobs();
    REQUIRE(answer.has_value());
    return *answer;
  }
  Result<Ordered<SubscriptionView>> resume() {
    std::optional<Result<Ordered<SubscriptionView>>> answer;
    resume_subscription(billing, fixture.caller(buyer), [&](auto result) { answer.emplace(std::move(result)); });
    fixture.app->run_jobs();
    REQUIRE(answer.has_value());
    return *answer;
  }
};

CancelForm because(LeavingReason reason) {
  CancelForm form;
  form.reason = reason;
  return form;
}

}  // namespace

TEST_CASE("who cancels keeps access until the paid period ends, is told so, and the trail says why") {
  Subscribed shop;
  const auto period_end = shop.gateway.subscriptions["sub_1"].period_end;
  auto form = because(LeavingReason::too_expensive);
  form.comment = "See you in spring.";
  const auto done = shop.cancel(form);
  REQUIRE(done);
  CHECK_FALSE(done->pending);
  CHECK(done->view.cancel_at_period_end);
  CHECK(done->view.access_until == period_end);
  REQUIRE(shop.gateway.endings.size() == 1);
  CHECK(shop.gateway.endings[0].second.reason == "too_expensive");
  CHECK(shop.gateway.endings[0].second.comment == "See you in spring.");
  shop.fixture.app->run_jobs();
  CHECK(shop.mails("cancel") == 1);
  CHECK(shop.count("SELECT count(*) FROM audit_logs WHERE action = 'subscription.cancel_asked' "
                   "AND description LIKE '%too_expensive%'") == 1);
  CHECK(shop.count("SELECT count(*) FROM subscription_changes WHERE kind = 'cancellation' "
                   "AND reason = 'too_expensive'") == 1);
  CHECK(shop.has_access());
  // Once more changes nothing.
  CHECK(shop.cancel()->view.access_until == period_end);
  CHECK(shop.gateway.endings.size() == 1);
  shop.fixture.clock.advance(period_end - shop.fixture.clock.now());
  CHECK_FALSE(shop.has_access());
}

TEST_CASE("who cancels at once has no access any more") {
  Subscribed shop;
  CancelForm form;
  form.immediately = true;
  const auto done = shop.cancel(form);
  REQUIRE(done);
  CHECK(done->view.status == SubscriptionStatus::canceled);
  CHECK_FALSE(done->view.access_until);
  CHECK_FALSE(shop.has_access());
  CHECK(shop.gateway.cancelled.contains("sub_1"));
  const auto list = list_subscriptions(shop.billing, shop.fixture.caller(shop.buyer));
  CHECK_FALSE(list->current);
  REQUIRE(list->history.size() == 1);
  CHECK(list->history[0].status == SubscriptionStatus::canceled);
  const auto again = shop.cancel();
  REQUIRE_FALSE(again);
  CHECK(again.error().code == "NO_ACTIVE_SUBSCRIPTION");
}

TEST_CASE("a cancellation is taken back while the period lasts") {
  Subscribed shop;
  CHECK(shop.resume().error().kind == Kind::conflict);
  REQUIRE(shop.cancel());
  const auto back = shop.resume();
  REQUIRE(back);
  CHECK_FALSE(back->view.cancel_at_period_end);
  CHECK(back->view.next_charge_at.has_value());
  CHECK_FALSE(shop.gateway.subscriptions["sub_1"].ends_at_period_end);
  CHECK(shop.gateway.endings[0].first != shop.gateway.endings[1].first);
  shop.gateway.subscriptions["sub_1"].status = SubscriptionStatus::canceled;
  shop.hears("evt_end", Notice::About::subscription, "sub_1");
  shop.fixture.app->run_jobs();
  CHECK(shop.resume().error().code == "NO_ACTIVE_SUBSCRIPTION");
}

TEST_CASE("a cancellation the gateway does not take at once is kept and carried out under one key") {
  Subscribed shop;
  shop.gateway.fails = Error{Kind::provider, "PROVIDER_ERROR", "", "no route"};
  std::optional<Result<Ordered<CancellationView>>> answer;
  cancel_subscription(shop.billing, shop.fixture.caller(shop.buyer), {}, [&](auto result) { answer.emplace(result); });
  shop.fixture.app->run_jobs();
  // Somebody who asks again meanwhile orders nothing new.
  cancel_subscription(shop.billing, shop.fixture.caller(shop.buyer), {}, [&](auto) {});
  CHECK(shop.count("SELECT count(*) FROM subscription_orders WHERE status = 'pending'") == 1);
  shop.gateway.fails.reset();
  shop.settle();
  CHECK(shop.gateway.subscriptions["sub_1"].ends_at_period_end);
  CHECK(shop.gateway.endings.size() == 1);
  REQUIRE(answer.has_value());
  CHECK((*answer)->view.cancel_at_period_end);
}

TEST_CASE("a cancellation of what has ended at the gateway is refused there, and our books learn of it") {
  Subscribed shop;
  shop.gateway.subscriptions["sub_1"].status = SubscriptionStatus::canceled;
  const auto refused = shop.cancel();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "PAYMENT_REJECTED");
  CHECK_FALSE(shop.has_access());
  CHECK_FALSE(show_subscription(shop.billing, shop.fixture.caller(shop.buyer))->has_value());
}

TEST_CASE("the portal is for who has bought something") {
  Subscribed shop;
  const auto portal = open_portal(shop.billing, shop.fixture.caller(shop.buyer));
  REQUIRE(portal);
  CHECK(portal->url.starts_with("https://portal.example/cus_" + shop.buyer.text()));
  const auto stranger = shop.fixture.person("other@school.example");
  CHECK(open_portal(shop.billing, shop.fixture.caller(stranger)).error().kind == Kind::conflict);
  shop.gateway.fails = Error{Kind::provider, "PROVIDER_ERROR", "", "no route"};
  CHECK(open_portal(shop.billing, shop.fixture.caller(shop.buyer)).error().kind == Kind::provider);
}

TEST_CASE("invoices and payments are shown to whose they are, page by page") {
  Subscribed shop;
  const auto course = shop.order(tests::Shop::of(shop.product()));
  shop.fixture.clock.advance(seconds(1));
  shop.bought(course->view, "2");
  const auto caller = shop.fixture.caller(shop.buyer);
  const auto invoices = list_invoices(shop.billing, caller, {});
  REQUIRE(invoices);
  REQUIRE(invoices->rows.size() == 1);
  CHECK(invoices->rows[0].item_name == "School pass");
  CHECK(invoices->rows[0].total_minor == 1200);
  const auto stranger = shop.fixture.caller(shop.fixture.person("other@school.example"));
  CHECK(list_invoices(shop.billing, stranger, {})->rows.empty());
  CHECK(show_invoice(shop.billing, stranger, invoices->rows[0].id).error().kind == Kind::not_found);
  CHECK(show_invoice(shop.billing, caller, invoices->rows[0].id));
  const auto admin = shop.fixture.caller(shop.fixture.person("admin@school.example", Role::admin), Role::admin);
  CHECK(show_invoice(shop.billing, admin, invoices->rows[0].id));

  BooksForm one;
  one.limit = 1;
  const auto first = list_payments(shop.billing, caller, one);
  REQUIRE(first);
  REQUIRE(first->rows.size() == 1);
  CHECK(first->rows[0].item_name == "One course");
  CHECK(first->rows[0].amount_minor == 3900);
  REQUIRE(first->next);
  one.cursor = first->next;
  const auto second = list_payments(shop.billing, caller, one);
  REQUIRE(second->rows.size() == 1);
  CHECK(second->rows[0].item_name == "School pass");
  CHECK_FALSE(second->next);
  one.cursor = "nonsense";
  CHECK(list_payments(shop.billing, caller, one).error().kind == Kind::invalid);
}

}  // namespace tuition::billing
