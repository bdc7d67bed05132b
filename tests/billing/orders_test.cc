#include "billing/orders.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "billing/payments/books.h"
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

// With a dearer plan of the same group to change to.
struct Changing : Subscribed {
  PlanId studio;

  Changing() {
    studio = *fixture.db->write([&](WriteTx& tx) {
      return offer_plan(billing, tx, {.code = "studio", .name = "Studio", .prices = {{"USD", 2400, Interval::month}}});
    });
  }
  Result<Ordered<SubscriptionView>> change(const PlanId& to, std::optional<ChangeTime> when = {},
                                           std::optional<Instant> proration = {}) {
    UpgradeForm form;
    form.plan = to;
    form.effective = when;
    form.proration_date = proration;
    return answered([&](auto answer) { change_plan(billing, fixture.caller(buyer), form, {}, answer); });
  }
  Result<Ordered<SubscriptionView>> keep() {
    return answered([&](auto answer) { keep_plan(billing, fixture.caller(buyer), answer); });
  }
  template <class Ask>
  Result<Ordered<SubscriptionView>> answered(Ask ask) {
    std::optional<Result<Ordered<SubscriptionView>>> answer;
    ask([&](Result<Ordered<SubscriptionView>> result) { answer.emplace(std::move(result)); });
    settle();
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
  CHECK(shop.mails("will not renew") == 1);
  CHECK(shop.count("SELECT count(*) FROM audit_logs WHERE action = 'subscription.cancel_at_end_asked' "
                   "AND description LIKE '%too_expensive%'") == 1);
  CHECK(shop.count("SELECT count(*) FROM subscription_changes WHERE kind = 'cancellation' "
                   "AND reason = 'too_expensive'") == 1);
  CHECK(shop.has_access());
  // Once more changes nothing.
  CHECK(shop.cancel()->view.access_until == period_end);
  CHECK(shop.gateway.endings.size() == 1);
  shop.fixture.clock.pass(period_end - shop.fixture.clock.now());
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
  shop.fixture.clock.pass(seconds(1));
  shop.bought(course->view, "2");
  const auto caller = shop.fixture.caller(shop.buyer);
  const auto invoices = list_invoices(shop.billing, caller, {});
  REQUIRE(invoices);
  REQUIRE(invoices->rows.size() == 2);
  CHECK(invoices->rows[0].item_name == "One course");
  CHECK(invoices->rows[0].number == "INV-000001");
  CHECK(invoices->rows[1].item_name == "School pass");
  CHECK(invoices->rows[1].total_minor == 1200);
  const auto stranger = shop.fixture.caller(shop.fixture.person("other@school.example"));
  CHECK(list_invoices(shop.billing, stranger, {})->rows.empty());
  CHECK(show_invoice(shop.billing, stranger, invoices->rows[0].id).error().kind == Kind::not_found);
  CHECK(show_invoice(shop.billing, caller, invoices->rows[0].id));
  const auto admin = shop.fixture.caller(shop.fixture.person("admin@school.example", Role::admin), Role::admin);
  CHECK(show_invoice(shop.billing, admin, invoices->rows[0].id));

  OwnPaymentsForm one;
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

  // In every order, a page at a time, each comes once.
  const auto walk = [&](OwnPaymentsForm::Order order) {
    OwnPaymentsForm query{.limit = 1, .sort = order};
    std::vector<std::int64_t> amounts;
    for (int pages = 0; pages < 5; ++pages) {
      const auto page = list_payments(shop.billing, caller, query).value();
      for (const auto& row : page.rows) amounts.push_back(row.amount_minor);
      if (!page.next) break;
      query.cursor = page.next;
    }
    return amounts;
  };
  using Amounts = std::vector<std::int64_t>;
  CHECK(walk(OwnPaymentsForm::Order::newest) == Amounts{3900, 1200});
  CHECK(walk(OwnPaymentsForm::Order::oldest) == Amounts{1200, 3900});
  CHECK(walk(OwnPaymentsForm::Order::largest) == Amounts{3900, 1200});
  CHECK(walk(OwnPaymentsForm::Order::smallest) == Amounts{1200, 3900});
  one.cursor = first->next;
  one.sort = OwnPaymentsForm::Order::largest;
  CHECK(list_payments(shop.billing, caller, one).error().fields.front().field == "cursor");
  OwnInvoicesForm smallest{.sort = OwnInvoicesForm::Order::smallest};
  const auto by_total = list_invoices(shop.billing, caller, smallest).value().rows;
  CHECK(std::is_sorted(by_total.begin(), by_total.end(),
                       [](const auto& a, const auto& b) { return a.total_minor < b.total_minor; }));
}

TEST_CASE("a step up is shown with its price first, and taken at the moment it was shown for") {
  Changing shop;
  shop.gateway.quote = {1100, 700, *Currency::parse("USD")};
  ChangeForm form;
  form.plan = shop.studio;
  const auto preview = preview_change(shop.billing, shop.fixture.caller(shop.buyer), form);
  REQUIRE(preview);
  CHECK(preview->kind == "upgrade");
  CHECK(preview->effective == ChangeTime::now);
  CHECK(preview->due_now_minor == 1100);
  CHECK(preview->credit_minor == 700);
  CHECK(preview->amount_minor == 2400);
  REQUIRE(preview->proration_date);
  CHECK(preview->proration_date == shop.gateway.asked_at);
  shop.fixture.clock.pass(minutes(5));
  const auto changed = shop.change(shop.studio, {}, preview->proration_date);
  REQUIRE(changed);
  CHECK(changed->view.plan.code == "studio");
  CHECK(changed->view.amount_minor == 2400);
  CHECK(shop.gateway.asked_at == preview->proration_date);
  CHECK(shop.has_access());
  CHECK(shop.mails("is now Studio") == 1);
  CHECK(shop.count("SELECT count(*) FROM audit_logs WHERE action = 'subscription.upgraded'") == 1);
  CHECK(shop.count("SELECT count(*) FROM subscription_changes WHERE kind = 'plan'") == 1);
  CHECK(shop.change(shop.studio, {}, shop.fixture.clock.now() - hours(2)).error().kind != Kind::provider);
}

TEST_CASE("a step up that cannot be charged leaves the plan as it is") {
  Changing shop;
  shop.gateway.declines = true;
  const auto refused = shop.change(shop.studio);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "PAYMENT_REJECTED");
  CHECK(show_subscription(shop.billing, shop.fixture.caller(shop.buyer))->value().plan.code == "pass");
  CHECK(shop.mails("is now") == 0);
}

TEST_CASE("a step up is made once, wherever its answer is lost") {
  for (const std::string step : {"change", "change's answer"}) {
    INFO(step);
    Changing shop;
    shop.gateway.breaks_before = step;
    const auto changed = shop.change(shop.studio);
    REQUIRE(changed);
    CHECK(changed->view.plan.code == "studio");
    CHECK(shop.gateway.changes.size() == 1);
    CHECK(shop.mails("is now Studio") == 1);
  }
}

TEST_CASE("a step down comes with the next period, and can be taken back until then") {
  Changing shop;
  REQUIRE(shop.change(shop.studio));
  ChangeForm form;
  form.plan = shop.plan;
  const auto preview = preview_change(shop.billing, shop.fixture.caller(shop.buyer), form);
  REQUIRE(preview);
  CHECK(preview->kind == "downgrade");
  CHECK(preview->due_now_minor == 0);
  CHECK_FALSE(preview->proration_date);
  CHECK(shop.change(shop.plan, ChangeTime::now).error().kind == Kind::unprocessable);
  CHECK(shop.keep().error().kind == Kind::conflict);

  const auto period_end = shop.gateway.subscriptions["sub_1"].period_end;
  const auto down = shop.change(shop.plan);
  REQUIRE(down);
  CHECK(down->view.plan.code == "studio");
  REQUIRE(down->view.scheduled_change);
  CHECK(down->view.scheduled_change->plan.code == "pass");
  CHECK(down->view.scheduled_change->at == period_end);
  const auto kept = shop.keep();
  REQUIRE(kept);
  CHECK_FALSE(kept->view.scheduled_change);
  CHECK(shop.gateway.subscriptions["sub_1"].schedule_id.empty());

  REQUIRE(shop.change(shop.plan));
  auto& there = shop.gateway.subscriptions["sub_1"];
  there.price_id = there.schedule_id.substr(std::string("sched_").size());
  there.schedule_id.clear();
  there.period_start = period_end;
  there.period_end = add_months(period_end, 1);
  shop.hears("evt_renewed", Notice::About::subscription, "sub_1");
  shop.fixture.app->run_jobs();
  const auto now = show_subscription(shop.billing, shop.fixture.caller(shop.buyer))->value();
  CHECK(now.plan.code == "pass");
  CHECK_FALSE(now.scheduled_change);
  CHECK(shop.count("SELECT count(*) FROM audit_logs WHERE action = 'subscription.downgraded'") == 1);
}

TEST_CASE("who cancels takes a change to come back with it") {
  Changing shop;
  REQUIRE(shop.change(shop.studio));
  REQUIRE(shop.change(shop.plan));
  REQUIRE(shop.cancel());
  CHECK(shop.gateway.subscriptions["sub_1"].schedule_id.empty());
  const auto view = show_subscription(shop.billing, shop.fixture.caller(shop.buyer))->value();
  CHECK(view.cancel_at_period_end);
  CHECK_FALSE(view.scheduled_change);
  CHECK(shop.change(shop.plan).error().kind == Kind::conflict);
}

TEST_CASE("a change that cannot be is refused before anybody is asked") {
  Changing shop;
  shop.gateway.fails = Error{Kind::provider, "PROVIDER_ERROR", "", "must not be asked"};
  const auto refusal = [&](const PlanId& to, std::optional<Interval> interval = {}) {
    ChangeForm form;
    form.plan = to;
    form.interval = interval;
    return preview_change(shop.billing, shop.fixture.caller(shop.buyer), form).error().kind;
  };
  CHECK(refusal(shop.plan) == Kind::unprocessable);
  CHECK(refusal(shop.studio, Interval::year) == Kind::unprocessable);
  CHECK(refusal(new_id<PlanTag>(shop.fixture.clock, shop.fixture.entropy)) == Kind::not_found);
  const auto stranger = shop.fixture.person("other@school.example");
  ChangeForm form;
  form.plan = shop.studio;
  CHECK(preview_change(shop.billing, shop.fixture.caller(stranger), form).error().code == "NO_ACTIVE_SUBSCRIPTION");
}

TEST_CASE("a subscription is changed to the price of several months that is named, and stays with what it has") {
  Subscribed shop;
  const auto terms = shop.plan_of_months();
  const auto preview = [&](std::optional<Interval> interval, std::optional<std::int64_t> count) {
    ChangeForm form;
    form.plan = terms;
    form.interval = interval;
    form.interval_count = count;
    return preview_change(shop.billing, shop.fixture.caller(shop.buyer), form);
  };
  CHECK(preview({}, {})->amount_minor == 1200);
  CHECK(preview(Interval::month, {})->amount_minor == 1200);
  CHECK(preview(Interval::month, 3)->amount_minor == 3000);
  CHECK(preview(Interval::month, 3)->interval_count == 3);
  CHECK(preview({}, 6)->amount_minor == 5000);
  CHECK(preview({}, 2).error().kind == Kind::unprocessable);
  CHECK(preview(Interval::year, {}).error().kind == Kind::unprocessable);

  const auto change = [&](std::int64_t count) {
    UpgradeForm form;
    form.plan = terms;
    form.interval_count = count;
    std::optional<Result<Ordered<SubscriptionView>>> answer;
    change_plan(shop.billing, shop.fixture.caller(shop.buyer), form, {}, [&](auto result) { answer.emplace(result); });
    shop.settle();
    REQUIRE(answer.has_value());
    return *answer;
  };
  // Three months at once are cheaper by the month, so they come with the next period.
  const auto later = change(3);
  REQUIRE(later);
  REQUIRE(later->view.scheduled_change);
  CHECK(later->view.scheduled_change->amount_minor == 3000);
  CHECK(later->view.scheduled_change->interval_count == 3);
}

}  // namespace tuition::billing
