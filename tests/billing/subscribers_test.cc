// What administrators do about somebody's subscription.

#include "billing/subscriptions/subscribers.h"

#include "billing/orders.h"
#include "billing/shop.h"
#include "billing/store.h"
#include "billing/subscriptions/renewals.h"

using namespace tuition;
using namespace tuition::billing;
using billing::tests::Shop;

namespace {

struct Office : Shop {
  Caller admin = fixture.caller(fixture.person("office@school.example", Role::admin), Role::admin);

  Subscription row() {
    return fixture.db->read([&](ReadTx& tx) { return store::subscriptions_of(tx, buyer).front(); });
  }
  Result<Ordered<SubscriptionView>> orders(const InTheirStead& order, const std::optional<Caller>& by = {}) {
    std::optional<Result<Ordered<SubscriptionView>>> answer;
    order_for(billing, by.value_or(admin), row().id, order, [&](auto result) { answer.emplace(std::move(result)); });
    fixture.app->run_jobs();
    REQUIRE(answer.has_value());
    return *answer;
  }
  // A plan that we renew, by a saved card.
  void pays_by_card() {
    fixture.app->gateways.all = {&gateway, &fixture.app->by_hand};
    gateway.called = "paystack";
    const auto page = order()->view;
    CheckoutState paid;
    paid.session_id = paid.payment_id = session(page);
    paid.status = CheckoutState::Status::complete;
    paid.paid = paid.only_total = true;
    paid.checkout_id = page.id.text();
    paid.total_minor = 1200;
    paid.currency = page.price.currency;
    paid.card = SavedCard{Secret("AUTH_x"), "Visa 4081"};
    gateway.checkouts[paid.session_id] = paid;
    hears("charge.success:1", Notice::About::checkout, paid.session_id, "charge.success");
    fixture.app->run_jobs();
  }
};

}  // namespace

TEST_CASE("an administrator cancels, keeps and changes somebody's subscription, and they are told") {
  Office office;
  office.bought(office.order()->view);
  InTheirStead cancel;
  cancel.comment = "Moved away.";
  const auto cancelled = office.orders(cancel);
  REQUIRE(cancelled);
  CHECK(cancelled->view.cancel_at_period_end);
  CHECK(office.gateway.endings.back().second.comment == "Moved away.");
  CHECK(office.mails("will not renew") == 1);
  const auto kept = office.orders({.kind = OrderKind::resume});
  REQUIRE(kept);
  CHECK_FALSE(kept->view.cancel_at_period_end);

  InTheirStead change{.kind = OrderKind::change_at_end};
  CHECK(office.orders(change).error().kind == Kind::invalid);
  change.plan = *office.fixture.db->write([&](WriteTx& tx) {
    return offer_plan(office.billing, tx,
                      {.code = "studio", .name = "Studio", .prices = {{"USD", 2400, Interval::month}}});
  });
  const auto changed = office.orders(change);
  REQUIRE(changed);
  REQUIRE(changed->view.scheduled_change);
  CHECK(changed->view.scheduled_change->plan.code == "studio");
  CHECK(changed->view.amount_minor == 1200);

  REQUIRE(office.orders({.kind = OrderKind::cancel_now}));
  CHECK_FALSE(office.has_access());
  CHECK(office.orders({.kind = OrderKind::resume}).error().code == "NO_ACTIVE_SUBSCRIPTION");
  const auto changes = list_changes(office.billing, office.admin, office.row().id);
  REQUIRE(changes);
  CHECK(changes->rows.front().kind == "cancellation");
  CHECK(changes->rows.back().kind == "status");
  std::vector<std::string> kinds;
  ShortListForm one{.limit = 1};
  do {
    const auto page = list_changes(office.billing, office.admin, office.row().id, one);
    REQUIRE(page);
    kinds.push_back(page->rows.at(0).kind);
    one.cursor = page->next;
  } while (one.cursor);
  CHECK(kinds.size() == changes->rows.size());
  CHECK(kinds.back() == "status");
}

TEST_CASE("a subscription stands still at its provider, opens nothing, and goes on") {
  Office office;
  office.bought(office.order()->view);
  const auto paused = office.orders({.kind = OrderKind::pause});
  REQUIRE(paused);
  CHECK(paused->view.status == SubscriptionStatus::paused);
  CHECK(paused->view.paused_at);
  CHECK_FALSE(paused->view.next_charge_at);
  CHECK_FALSE(office.has_access());
  CHECK(office.gateway.subscriptions["sub_1"].status == SubscriptionStatus::paused);
  CHECK(office.orders({.kind = OrderKind::pause}).error().kind == Kind::conflict);
  const auto goes_on = office.orders({.kind = OrderKind::resume});
  REQUIRE(goes_on);
  CHECK(goes_on->view.status == SubscriptionStatus::active);
  CHECK_FALSE(goes_on->view.paused_at);
  CHECK(office.has_access());
  CHECK(office.orders({.kind = OrderKind::resume}).error().kind == Kind::conflict);
  // Its owner may not, unless the school says so; and nobody may while it is cancelled.
  std::optional<Result<Ordered<SubscriptionView>>> answer;
  pause_subscription(office.billing, office.fixture.caller(office.buyer), [&](auto result) { answer = result; });
  REQUIRE(answer);
  CHECK(answer->error().kind == Kind::forbidden);
  REQUIRE(office.orders({}));
  CHECK(office.orders({.kind = OrderKind::pause}).error().kind == Kind::conflict);
}

TEST_CASE("nobody else does, and time is given away only where the school renews") {
  Office office;
  office.bought(office.order()->view);
  const auto buyer = office.fixture.caller(office.buyer);
  CHECK(office.orders({}, buyer).error().kind == Kind::not_found);
  CHECK(list_changes(office.billing, buyer, office.row().id).error().kind == Kind::not_found);
  const auto later = office.row().period_end + days(30);
  CHECK(extend_period(office.billing, buyer, office.row().id, later).error().kind == Kind::not_found);
  CHECK(extend_period(office.billing, office.admin, office.row().id, later).error().kind == Kind::conflict);
}

TEST_CASE("one that the school renews stands still, is not charged, and has its paid days left when it goes on") {
  Office office;
  office.pays_by_card();
  const auto end = office.row().period_end;
  const auto begun = office.fixture.clock.now();
  office.fixture.clock.pass(days(10));
  REQUIRE(office.orders({.kind = OrderKind::pause}));
  CHECK_FALSE(office.has_access());
  office.fixture.clock.pass(days(60));
  sweep_renewals(office.billing);
  const auto id = office.row().id;
  // Not even by a job that was queued before.
  office.fixture.db->write([&](WriteTx& tx) { push_renewal(office.billing, tx, id); });
  office.fixture.app->run_jobs();
  CHECK(office.gateway.charged == 0);
  CHECK_FALSE(show_subscriber(office.billing, office.admin, office.row().id)->subscription.payable);
  CHECK(office.row().status == SubscriptionStatus::paused);
  REQUIRE(office.orders({.kind = OrderKind::resume}));
  CHECK(office.has_access());
  CHECK(office.row().period_end == end + days(60));
  CHECK(office.fixture.clock.now() == begun + days(70));
  office.fixture.clock.pass(office.row().period_end + days(1) - office.fixture.clock.now());
  sweep_renewals(office.billing);
  office.fixture.app->run_jobs();
  CHECK(office.gateway.charged == 1);
  // Paused and then cancelled is over at once: no period goes by that could end.
  REQUIRE(office.orders({.kind = OrderKind::pause}));
  REQUIRE(office.orders({}));
  CHECK(office.row().status == SubscriptionStatus::canceled);
}

TEST_CASE("a period that is extended opens lessons until then, and is not charged before") {
  Office office;
  office.pays_by_card();
  const auto end = office.row().period_end;
  CHECK(extend_period(office.billing, office.admin, office.row().id, end).error().kind == Kind::invalid);
  CHECK(extend_period(office.billing, office.admin, office.row().id, end + days(800)).error().kind == Kind::invalid);
  const auto extended = extend_period(office.billing, office.admin, office.row().id, end + days(30));
  REQUIRE(extended);
  CHECK(extended->period_end == end + days(30));
  office.fixture.clock.pass(end + days(1) - office.fixture.clock.now());
  sweep_renewals(office.billing);
  office.fixture.app->run_jobs();
  CHECK(office.has_access());
  CHECK(office.gateway.charged == 0);
}
