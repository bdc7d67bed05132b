#pragma once

#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <string>

#include "app_fixture.h"
#include "audit/audit.h"
#include "billing/checkout.h"
#include "billing/fake_gateway.h"
#include "billing/notices.h"
#include "billing/offers/coupons.h"
#include "billing/offers/products.h"
#include "billing/subscriptions/subscriptions.h"

namespace tuition::billing::tests {

// A school with one plan of 12.00 USD a month or 120.00 a year, a gateway that does what the test says, and a buyer.
struct Shop {
  tuition::tests::AppFixture fixture;
  FakeGateway gateway;
  Billing& billing;
  PlanId plan;
  UserId buyer;

  Shop() : billing(fixture.app->billing) {
    fixture.app->gateways.all = {&gateway};
    plan = *fixture.db->write([&](WriteTx& tx) {
      return offer_plan(billing, tx,
                        {.code = "pass",
                         .name = "School pass",
                         .prices = {{"USD", 1200, Interval::month}, {"USD", 12000, Interval::year}}});
    });
    buyer = fixture.person("buyer@school.example");
  }

  CheckoutForm monthly() const {
    CheckoutForm form;
    form.plan = plan;
    return form;
  }
  CheckoutForm yearly() const {
    auto form = monthly();
    form.interval = Interval::year;
    return form;
  }
  PlanId trial_plan() {
    return *fixture.db->write([&](WriteTx& tx) {
      return offer_plan(
          billing, tx,
          {.code = "studio", .name = "Studio", .trial_days = 14, .prices = {{"USD", 2400, Interval::month}}});
    });
  }
  // Of 12.00 USD a month or 30.00 for three, 50.00 for six.
  PlanId plan_of_months() {
    return *fixture.db->write([&](WriteTx& tx) {
      return offer_plan(
          billing, tx,
          {.code = "terms",
           .name = "Terms",
           .prices = {
               {"USD", 3000, Interval::month, 3}, {"USD", 5000, Interval::month, 6}, {"USD", 1200, Interval::month}}});
    });
  }
  ProductId product(std::optional<std::int64_t> access_days = {}, const std::string& code = "course") {
    return *fixture.db->write([&](WriteTx& tx) {
      return offer_product(billing, tx,
                           {.code = code,
                            .name = "One course",
                            .access_days = access_days,
                            .opens = {{.scope = entitlements::Scope::course, .scope_id = "course-1"}},
                            .prices = {{"USD", 3900, Interval::once}}});
    });
  }
  static CheckoutForm of(const ProductId& product) {
    CheckoutForm form;
    form.product = product;
    return form;
  }
  void coupon(const NewCoupon& wanted) {
    REQUIRE(fixture.db->write([&](WriteTx& tx) { return offer_coupon(billing, tx, wanted); }));
  }

  Result<StartedCheckout> order(const CheckoutForm& form, const std::string& key = {},
                                const std::optional<UserId>& by = {}) {
    std::optional<Result<StartedCheckout>> answer;
    start_checkout(billing, fixture.caller(by.value_or(buyer)), form, key, Patience::answer_at_once,
                   [&](Result<StartedCheckout> result) { answer.emplace(std::move(result)); });
    REQUIRE(answer.has_value());
    fixture.app->run_jobs();
    return *answer;
  }
  Result<StartedCheckout> order() { return order(monthly()); }
  CheckoutView shown(const CheckoutId& id) {
    const auto view = show_checkout(billing, fixture.caller(buyer), id);
    REQUIRE(view);
    return *view;
  }
  static std::string session(const CheckoutView& checkout) { return "cs_checkout-" + checkout.id.text(); }

  // What the gateway holds once the buyer has paid; ids are made from `n`.
  void pays(const CheckoutView& checkout, const std::string& n = "1", std::optional<std::int64_t> amount = {}) {
    const auto now = fixture.clock.now();
    CheckoutState state;
    state.session_id = session(checkout);
    state.status = CheckoutState::Status::complete;
    state.paid = true;
    state.checkout_id = checkout.id.text();
    state.customer_id = "cus_" + buyer.text();
    state.amount_minor = amount.value_or(checkout.price.amount_minor);
    state.discount_minor = checkout.price.discount_minor;
    state.tax_minor = checkout.price.tax_minor;
    state.total_minor = amount ? state.amount_minor - state.discount_minor : checkout.price.total_minor;
    state.currency = checkout.price.currency;
    if (checkout.product) {
      state.payment_id = "pi_" + n;
      gateway.checkouts[state.session_id] = state;
      return;
    }
    SubscriptionState subscription;
    subscription.id = "sub_" + n;
    subscription.status = SubscriptionStatus::active;
    subscription.price_id = "price_" + price_of(checkout.id).text();
    subscription.customer_id = state.customer_id;
    subscription.period_start = now;
    subscription.period_end = add_months(now, 1);
    subscription.checkout_id = checkout.id.text();
    subscription.user_id = buyer.text();
    if (checkout.trial_days > 0) {
      subscription.status = SubscriptionStatus::trialing;
      subscription.trial_end = subscription.period_end = now + days(checkout.trial_days);
      state.amount_minor = state.tax_minor = state.total_minor = 0;
    }
    gateway.subscriptions[subscription.id] = subscription;
    state.subscription = subscription;
    gateway.checkouts[state.session_id] = state;
    InvoiceState invoice;
    invoice.id = "in_" + n;
    invoice.status = InvoiceStatus::paid;
    invoice.subscription_id = subscription.id;
    if (state.total_minor > 0) invoice.payment_id = "pi_" + n;
    invoice.currency = state.currency;
    invoice.subtotal_minor = state.amount_minor;
    invoice.discount_minor = state.discount_minor;
    invoice.tax_minor = state.tax_minor;
    if (checkout.tax)
      invoice.taxes.push_back({{{}, {}, 0, checkout.tax->inclusive},
                               state.total_minor - state.tax_minor,
                               state.tax_minor,
                               "txr_" + checkout.tax->country});
    invoice.total_minor = invoice.paid_minor = state.total_minor;
    invoice.paid = now;
    gateway.invoices[invoice.id] = invoice;
  }

  PriceId price_of(const CheckoutId& checkout) {
    return fixture.db->read(
        [&](ReadTx& tx) { return *tx.one<PriceId>("SELECT price_id FROM checkouts WHERE id = ?1", checkout); });
  }

  // Delivers an event; returns whether it was a duplicate.
  bool hears(const std::string& event_id, Notice::About about, const std::string& object,
             const std::string& type = {}) {
    http::Request request;
    request.body = event_id;
    gateway.notices[event_id] = {.event_id = event_id, .event_type = type, .about = about, .object_id = object};
    const auto receipt = receive_notice(billing, gateway, request);
    REQUIRE(receipt);
    return receipt->duplicate;
  }
  // The buyer pays, and the notice of it is applied.
  void bought(const CheckoutView& checkout, const std::string& n = "1") {
    pays(checkout, n);
    hears("evt_bought_" + n, Notice::About::checkout, session(checkout), "checkout.session.completed");
    fixture.app->run_jobs();
  }
  // Jobs that were put off run as well.
  void settle() {
    for (int i = 0; i < 4; ++i) {
      fixture.app->run_jobs();
      fixture.clock.pass(minutes(10));
    }
  }

  bool may_use(const std::string& course) {
    return entitlements::may_use(fixture.app->entitlements, buyer, entitlements::course_target(course, "")).allowed;
  }
  bool has_access() { return may_use("any"); }
  std::int64_t count(Sql sql) {
    return fixture.db->read([&](ReadTx& tx) { return tx.one<std::int64_t>(sql).value(); });
  }
  int mails(std::string_view in_subject) { return fixture.mailer.count("buyer@school.example", in_subject); }
};

}  // namespace tuition::billing::tests
