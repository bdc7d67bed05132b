#include "billing/subscriptions/renewals.h"

#include "billing/offers/taxes.h"
#include "billing/orders.h"
#include "billing/shop.h"
#include "billing/store.h"
#include "billing/subscriptions/arrears.h"

using namespace tuition;
using namespace tuition::billing;
using billing::tests::Shop;

namespace {

// What a gateway that tells only the whole amount holds of a page that was paid on.
CheckoutState paid_once(const CheckoutView& page, std::int64_t total_minor) {
  CheckoutState paid;
  paid.session_id = paid.payment_id = Shop::session(page);
  paid.status = CheckoutState::Status::complete;
  paid.paid = true;
  paid.checkout_id = page.id.text();
  paid.only_total = true;
  paid.total_minor = total_minor;
  paid.currency = page.price.currency;
  return paid;
}

// A school whose gateway takes money once only, and a subscriber.
struct Club : Shop {
  CheckoutView checkout;

  explicit Club(bool card = true) {
    gateway.called = "paystack";
    const auto begun = order();
    REQUIRE(begun);
    checkout = begun->view;
    auto paid = paid_once(checkout, 1200);
    if (card) paid.card = SavedCard{Secret("AUTH_x"), "Visa 4081"};
    gateway.checkouts[paid.session_id] = paid;
    hears("charge.success:1", Notice::About::checkout, paid.session_id, "charge.success");
    fixture.app->run_jobs();
    REQUIRE(has_access());
  }
  Subscription row() {
    return fixture.db->read([&](ReadTx& tx) { return store::subscriptions_of(tx, buyer).front(); });
  }
  void sweep() {
    sweep_renewals(billing);
    fixture.app->run_jobs();
  }
  // In arrears: the card was declined once and is good again.
  void behind() {
    gateway.declines = true;
    to_the_end();
    sweep();
    gateway.declines = false;
    REQUIRE(row().status == SubscriptionStatus::past_due);
  }
  // What Paystack says once the page of an order was paid on.
  void pays_page(const CheckoutView& page, const std::string& event) {
    CheckoutState paid = gateway.checkouts[session(checkout)];
    paid.session_id = session(page);
    paid.payment_id = fixture.db->read([&](ReadTx& tx) { return store::checkout(tx, page.id)->reference; });
    paid.checkout_id = page.id.text();
    gateway.checkouts[paid.session_id] = paid;
    hears(event, Notice::About::checkout, paid.session_id, "charge.success");
    fixture.app->run_jobs();
  }
  std::int64_t kept() { return count("SELECT count(*) FROM payments WHERE status = 'success'"); }
  std::int64_t sent_back() { return count("SELECT count(*) FROM refunds WHERE status = 'succeeded'"); }
  void to_the_end() { fixture.clock.pass(row().period_end - fixture.clock.now()); }
  template <class Ask>
  bool ordered(Ask ask) {
    bool ok = false;
    ask([&](const auto& answer) { ok = answer.ok(); });
    fixture.app->run_jobs();
    return ok;
  }
};

}  // namespace

TEST_CASE("a plan paid once begins a subscription with an invoice of our own") {
  Club club;
  const auto row = club.row();
  CHECK(row.status == SubscriptionStatus::active);
  CHECK(row.period_end == add_months(club.fixture.clock.now(), 1));
  CHECK(club.count("SELECT count(*) FROM invoices WHERE provider_number = 'INV-000001' AND status = 'paid'") == 1);
  CHECK(club.count("SELECT count(*) FROM payments WHERE status = 'success' AND provider = 'paystack'") == 1);
  CHECK(club.count("SELECT count(*) FROM saved_cards WHERE authorization LIKE '%AUTH_x%'") == 0);
  CHECK(club.count("SELECT count(*) FROM saved_cards") == 1);
}

TEST_CASE("a period that is over is charged to the saved card, once") {
  Club club;
  const auto before = club.row();
  club.to_the_end();
  club.sweep();
  club.sweep();
  CHECK(club.gateway.charged == 1);
  const auto after = club.row();
  CHECK(after.period_start == before.period_end);
  CHECK(after.period_end == add_months(before.period_end, 1));
  CHECK(club.count("SELECT count(*) FROM payments WHERE status = 'success'") == 2);
  CHECK(club.count("SELECT count(DISTINCT provider_number) FROM invoices") == 2);
}

TEST_CASE("a charge whose answer was lost is not made twice") {
  Club club;
  club.to_the_end();
  club.gateway.breaks_before = "charge's answer";
  club.sweep();
  club.settle();
  CHECK(club.gateway.charged == 1);
  CHECK(club.row().status == SubscriptionStatus::active);
  CHECK(club.count("SELECT count(*) FROM payments WHERE status = 'success'") == 2);
}

TEST_CASE("declined tries keep access for the grace, are told once each, and end it when they are used up") {
  Club club;
  club.gateway.declines = true;
  club.to_the_end();
  club.sweep();
  CHECK(club.row().status == SubscriptionStatus::past_due);
  CHECK(club.has_access());
  CHECK(club.mails("did not go through") == 1);
  for (int day = 1; day <= 6; ++day) {
    club.fixture.clock.pass(days(1));
    club.sweep();
    club.sweep();
    CHECK(club.has_access());
  }
  CHECK(club.gateway.charged == 4);
  CHECK(club.mails("did not go through") == 4);
  int last = 0;
  for (const auto& mail : club.fixture.mailer.sent)
    if (mail.text.find("last try") != std::string::npos) ++last;
  CHECK(last == 1);
  club.fixture.clock.pass(days(1));
  club.sweep();
  CHECK(club.row().status == SubscriptionStatus::canceled);
  CHECK_FALSE(club.has_access());
  CHECK(club.count("SELECT count(*) FROM dunning_cases WHERE status = 'ended'") == 1);
}

TEST_CASE("a card that works again brings the subscription back") {
  Club club;
  club.gateway.declines = true;
  club.to_the_end();
  club.sweep();
  club.gateway.declines = false;
  club.fixture.clock.pass(days(1));
  club.sweep();
  CHECK(club.row().status == SubscriptionStatus::active);
  CHECK(club.count("SELECT count(*) FROM dunning_cases WHERE status = 'recovered'") == 1);
}

TEST_CASE("an administrator may stop trying, and try now") {
  Club club;
  club.gateway.declines = true;
  club.to_the_end();
  club.sweep();
  const auto admin = club.fixture.caller(club.fixture.person("office@school.example", Role::admin), Role::admin);
  const auto cases = list_cases(club.billing, admin, {});
  REQUIRE(cases->rows.size() == 1);
  const auto id = cases->rows[0].id;
  REQUIRE(pause_case(club.billing, admin, id));
  club.fixture.clock.pass(days(2));
  club.sweep();
  CHECK(club.gateway.charged == 1);
  club.gateway.declines = false;
  REQUIRE(retry_case(club.billing, admin, id));
  club.fixture.app->run_jobs();
  CHECK(club.row().status == SubscriptionStatus::active);
  CHECK(retry_case(club.billing, admin, id).error().kind == Kind::conflict);
}

TEST_CASE("a cancelled one ends with its period and is not charged; taken back it goes on") {
  Club club;
  const auto caller = club.fixture.caller(club.buyer);
  REQUIRE(club.ordered([&](auto answer) { cancel_subscription(club.billing, caller, {}, answer); }));
  CHECK(club.row().cancel_at_period_end);
  REQUIRE(club.ordered([&](auto answer) { resume_subscription(club.billing, caller, answer); }));
  CHECK_FALSE(club.row().cancel_at_period_end);
  REQUIRE(club.ordered([&](auto answer) { cancel_subscription(club.billing, caller, {}, answer); }));
  club.to_the_end();
  club.sweep();
  CHECK(club.row().status == SubscriptionStatus::canceled);
  CHECK_FALSE(club.has_access());
  CHECK(club.gateway.charged == 0);
}

TEST_CASE("who has no saved card is reminded once, and pays the next period by hand") {
  Club club(false);
  club.fixture.clock.pass(club.row().period_end - days(2) - club.fixture.clock.now());
  club.sweep();
  club.sweep();
  CHECK(club.mails("Your next payment") == 1);
  const auto end = club.row().period_end;
  const auto again = club.order();
  REQUIRE(again);
  CheckoutState paid = club.gateway.checkouts[Shop::session(club.checkout)];
  paid.session_id = paid.payment_id = Shop::session(again->view);
  paid.checkout_id = again->view.id.text();
  club.gateway.checkouts[paid.session_id] = paid;
  club.hears("charge.success:2", Notice::About::checkout, paid.session_id, "charge.success");
  club.fixture.app->run_jobs();
  CHECK(club.row().period_end == add_months(end, 1));
  CHECK(club.count("SELECT count(*) FROM subscriptions") == 1);
}

TEST_CASE("a dearer plan comes with the next period where nothing can be charged in between") {
  Club club;
  const auto studio = *club.fixture.db->write([&](WriteTx& tx) {
    return offer_plan(club.billing, tx,
                      {.code = "studio", .name = "Studio", .prices = {{"USD", 2400, Interval::month}}});
  });
  UpgradeForm form;
  form.plan = studio;
  const auto caller = club.fixture.caller(club.buyer);
  REQUIRE(club.ordered([&](auto answer) { change_plan(club.billing, caller, form, {}, answer); }));
  CHECK(club.row().plan_code == "pass");
  club.to_the_end();
  club.sweep();
  CHECK(club.row().plan_code == "studio");
  CHECK(club.count("SELECT count(*) FROM payments WHERE amount_minor = 2400") == 1);
}

TEST_CASE("a price of three months is bought by its count, and its renewal is three months later") {
  Shop shop;
  shop.gateway.called = "paystack";
  CheckoutForm form;
  form.plan = shop.plan_of_months();
  form.interval = Interval::month;
  form.interval_count = 3;
  const auto begun = shop.order(form);
  REQUIRE(begun);
  CHECK(begun->view.price.amount_minor == 3000);
  CHECK(begun->view.price.interval_count == 3);
  form.interval_count = 2;
  CHECK(shop.order(form).error().kind == Kind::unprocessable);
  // One that is not named is the shortest, or all there is.
  form.interval_count.reset();
  CHECK(shop.order(form)->view.price.amount_minor == 1200);
  CouponForm coupon;
  shop.coupon({.code = "HALF", .name = "Half", .percent = 50});
  coupon.code = "HALF";
  coupon.plan = form.plan;
  coupon.interval_count = 6;
  CHECK(validate_coupon(shop.billing, shop.fixture.caller(shop.buyer), coupon)->total_minor == 2500);

  auto paid = paid_once(begun->view, 3000);
  shop.gateway.checkouts[paid.session_id] = paid;
  const auto began = shop.fixture.clock.now();
  shop.hears("charge.success:1", Notice::About::checkout, paid.session_id, "charge.success");
  shop.fixture.app->run_jobs();
  const auto held = show_subscription(shop.billing, shop.fixture.caller(shop.buyer))->value();
  CHECK(held.amount_minor == 3000);
  CHECK(held.interval_count == 3);
  CHECK(held.period_end == add_months(began, 3));
}

TEST_CASE("while somebody's page for the next period is open their card is left alone") {
  Club club;
  club.behind();
  const auto due = club.row().period_end;
  // Just before the card is tried again: a page left alone for long is closed.
  club.fixture.clock.pass(minutes(24 * 60 - 1));
  const auto page = club.order();
  REQUIRE(page);
  const auto admin = club.fixture.caller(club.fixture.person("office@school.example", Role::admin), Role::admin);
  const auto cases = list_cases(club.billing, admin, {});
  CHECK(retry_case(club.billing, admin, cases->rows[0].id).error().code == "PAYMENT_RUNNING");
  club.fixture.clock.pass(minutes(1));
  club.sweep();
  CHECK(club.gateway.charged == 1);
  club.pays_page(page->view, "charge.success:2");
  club.sweep();
  CHECK(club.gateway.charged == 1);
  CHECK(club.row().status == SubscriptionStatus::active);
  CHECK(club.row().period_end == add_months(due, 1));
  CHECK(club.kept() == 2);
  CHECK(club.sent_back() == 0);
}

TEST_CASE("while a card is being charged no page is opened for the same period, nor a payment by hand taken") {
  Club club;
  club.behind();
  club.fixture.clock.pass(days(1));
  club.gateway.breaks_before = "charge";
  club.sweep();
  const auto refused = club.order();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "PAYMENT_RUNNING");
  club.settle();
  CHECK(club.gateway.charged == 2);
  CHECK(club.row().status == SubscriptionStatus::active);
  CHECK(club.order().error().code == "ALREADY_SUBSCRIBED");
  CHECK(club.kept() == 2);
}

TEST_CASE("a page that was thought closed and is paid after the card was charged gives the money back") {
  Club club;
  club.behind();
  const auto due = club.row().period_end;
  const auto page = club.order();
  REQUIRE(page);
  club.fixture.clock.pass(days(1));
  sweep_checkouts(club.billing);
  CHECK(club.shown(page->view.id).status == CheckoutStatus::expired);
  club.sweep();
  CHECK(club.gateway.charged == 2);
  CHECK(club.row().period_end == add_months(due, 1));
  for (const std::string event : {"charge.success:2", "charge.success:2 again"}) {
    club.pays_page(page->view, event);
    CHECK(club.row().period_end == add_months(due, 1));
    CHECK(club.kept() == 2);
    CHECK(club.sent_back() == 1);
  }
  REQUIRE(club.shown(page->view.id).failure);
  CHECK(club.shown(page->view.id).failure->code == "ALREADY_PAID");
  CHECK(club.mails("undid the second order") == 1);
  CHECK(club.count("SELECT count(*) FROM audit_logs WHERE action = 'billing.second_payment'") == 1);
  CHECK(club.count("SELECT count(DISTINCT provider_number) FROM invoices") ==
        club.count("SELECT last FROM invoice_series WHERE name = 'INV'"));
}

TEST_CASE(
    "a page that was thought closed and is paid while the card is charged: the charge goes back, or fails alone") {
  for (const bool declines : {false, true}) {
    INFO(declines);
    Club club;
    club.behind();
    const auto due = club.row().period_end;
    const auto page = club.order();
    REQUIRE(page);
    club.fixture.clock.pass(days(1));
    sweep_checkouts(club.billing);
    club.gateway.declines = declines;
    club.gateway.breaks_before = "charge's answer";
    club.sweep();
    CHECK(club.gateway.charged == 2);
    club.pays_page(page->view, "charge.success:2");
    club.settle();
    CHECK(club.row().status == SubscriptionStatus::active);
    CHECK(club.row().period_end == add_months(due, 1));
    CHECK(club.kept() == 2);
    CHECK(club.sent_back() == (declines ? 0 : 1));
    CHECK(club.has_access());
  }
}

TEST_CASE("what the next charge comes to is what is charged then, and nothing once it ends") {
  Shop shop;
  shop.gateway.called = "paystack";
  const auto admin = shop.fixture.caller(shop.fixture.person("office@school.example", Role::admin), Role::admin);
  REQUIRE(add_tax_rate(shop.billing, admin, {"KE", "VAT", 1600, false}));
  shop.coupon({.code = "ALWAYS", .name = "Always", .percent = 25, .duration = CouponDuration::forever});
  auto form = shop.monthly();
  form.coupon = "ALWAYS";
  form.country = "KE";
  const auto begun = shop.order(form);
  REQUIRE(begun);
  auto paid = paid_once(begun->view, 1044);
  paid.card = SavedCard{Secret("AUTH_x"), "Visa 4081"};
  shop.gateway.checkouts[paid.session_id] = paid;
  shop.hears("charge.success:1", Notice::About::checkout, paid.session_id, "charge.success");
  shop.fixture.app->run_jobs();

  const auto caller = shop.fixture.caller(shop.buyer);
  const auto held = show_subscription(shop.billing, caller)->value();
  REQUIRE(held.next_charge);
  CHECK(held.next_charge->amount_minor == 1200);
  CHECK(held.next_charge->discount_minor == 300);
  CHECK(held.next_charge->tax_minor == 144);
  CHECK(held.next_charge->total_minor == 1044);
  CHECK(held.next_charge->at == held.period_end);
  REQUIRE(held.tax);
  CHECK(held.tax->basis_points == 1600);
  shop.fixture.clock.pass(held.period_end - shop.fixture.clock.now());
  sweep_renewals(shop.billing);
  shop.fixture.app->run_jobs();
  CHECK(shop.count("SELECT count(*) FROM payments WHERE amount_minor = 1044") == 2);

  cancel_subscription(shop.billing, caller, {}, [](const auto&) {});
  shop.fixture.app->run_jobs();
  CHECK_FALSE(show_subscription(shop.billing, caller)->value().next_charge);
}
