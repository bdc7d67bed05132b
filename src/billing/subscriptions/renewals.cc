#include "billing/subscriptions/renewals.h"

#include <algorithm>

#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/checkout.h"
#include "billing/offers/pricing.h"
#include "billing/offers/tax.h"
#include "billing/references.h"
#include "billing/store.h"
#include "billing/subscriptions/arrears.h"
#include "billing/subscriptions/store_renewals.h"
#include "billing/subscriptions/subscriptions.h"
#include "platform/base/text.h"

namespace tuition::billing {
namespace {

constexpr std::string_view own_name = "own_";
constexpr Duration by_hand_ahead = days(7);
constexpr Duration reminder_ahead = days(3);

// What a gateway that keeps subscriptions would say of one.
SubscriptionState state_of(const Subscription& row) {
  SubscriptionState state;
  state.id = row.provider_id;
  state.status = row.status;
  state.price = row.price;
  state.period_start = row.period_start;
  state.period_end = row.period_end;
  state.trial_end = row.trial_end;
  state.ends_at_period_end = row.cancel_at_period_end;
  state.cancelled_at = row.cancelled_at;
  state.ended_at = row.ended_at;
  return state;
}

std::string context_of(const UserId& user, const std::string& provider) {
  return "card:" + provider + ":" + user.text();
}

void keep_card(Billing& billing, WriteTx& tx, const UserId& user, const std::string& provider, const SavedCard& card) {
  const auto sealed = billing.seal.seal(card.authorization, context_of(user, provider), billing.entropy);
  store::remember_card(tx, user, provider, {to_base64(sealed), card.label}, billing.clock.now());
}

std::optional<Secret> open_card(Billing& billing, const store::Card& card, const UserId& user,
                                const std::string& provider) {
  const auto sealed = from_base64(card.sealed);
  if (!sealed) return std::nullopt;
  auto opened = billing.seal.open(*sealed, context_of(user, provider));
  if (!opened) return std::nullopt;
  return std::move(opened).value();
}

// The order that began it.
std::optional<Checkout> origin_of(ReadTx& tx, const Subscription& subscription) {
  if (!renewed_here(subscription)) {
    const auto order = store::order_behind(tx, subscription);
    return order ? store::checkout(tx, *order) : std::nullopt;
  }
  return store::checkout(tx, CheckoutId(subscription.provider_id.substr(own_name.size())));
}

// The next period's price, less what a lasting coupon takes off, without the tax that is added.
Result<Money> next_price_due(ReadTx& tx, const Subscription& subscription, const Price& price) {
  const Money amount{price.amount_minor, price.currency};
  const auto origin = origin_of(tx, subscription);
  const auto coupon = origin ? store::coupon(tx, origin->coupon) : std::nullopt;
  if (!coupon || coupon->duration == CouponDuration::once) return amount;
  if (coupon->duration == CouponDuration::repeating &&
      add_months(subscription.created_at, static_cast<int>(coupon->duration_months.value_or(0))) <=
          subscription.period_end)
    return amount;
  const auto off = discount(*coupon, amount);
  // One in another currency than the plan changed to takes nothing off.
  return off ? subtract(amount, *off) : Result<Money>(amount);
}

// What the next period costs in all.
Result<Money> next_amount(ReadTx& tx, const Subscription& subscription, const Price& price) {
  const auto due = TRY(next_price_due(tx, subscription, price));
  return TRY(taxed(due, agreed_tax(tx, subscription))).total;
}

// Of an amount that was paid, its tax in it.
InvoiceState invoice_of(WriteTx& tx, const Subscription& subscription, const std::string& reference,
                        const Money& amount, const std::optional<Tax>& tax, std::int64_t price_minor, Instant now) {
  const auto parts = untaxed(amount, tax);
  check(parts.ok(), "what was paid has a share of tax");
  const bool added = tax && !tax->inclusive;
  const auto sold_minor = added ? parts->net.minor : amount.minor;
  InvoiceState invoice;
  invoice.id = reference;
  invoice.number = store::next_invoice_number(tx);
  invoice.status = InvoiceStatus::paid;
  invoice.subscription_id = subscription.provider_id;
  invoice.payment_id = reference;
  invoice.reference = reference;
  invoice.currency = amount.currency;
  invoice.subtotal_minor = price_minor;
  invoice.discount_minor = price_minor - sold_minor;
  invoice.tax_minor = parts->tax.minor;
  invoice.total_minor = invoice.paid_minor = amount.minor;
  invoice.issued = invoice.paid = now;
  invoice.lines.push_back({subscription.plan_name, sold_minor, 1, subscription.period_start, subscription.period_end});
  if (tax) invoice.taxes.push_back({*tax, parts->net.minor, parts->tax.minor, {}});
  return invoice;
}

// What is over: by its own end, or because grace has passed.
bool end_if_over(Billing& billing, WriteTx& tx, const Subscription& subscription) {
  const auto now = billing.clock.now();
  const bool chosen = subscription.cancel_at_period_end && subscription.period_end <= now;
  const bool spent = subscription.status == SubscriptionStatus::past_due && subscription.grace_until &&
                     *subscription.grace_until <= now;
  if (!chosen && !spent) return false;
  auto state = state_of(subscription);
  state.status = SubscriptionStatus::canceled;
  state.ended_at = chosen ? subscription.period_end : now;
  put_subscription(billing, tx, subscription.provider, state);
  return true;
}

void fall_behind(Billing& billing, WriteTx& tx, const Subscription& subscription) {
  if (subscription.status == SubscriptionStatus::past_due) return;
  auto state = state_of(subscription);
  state.status = SubscriptionStatus::past_due;
  put_subscription(billing, tx, subscription.provider, state);
}

// The price of the next period: what it changes to, if that has come.
Price next_price(ReadTx& tx, const Subscription& subscription) {
  const bool changes = !subscription.scheduled_price.empty() && subscription.scheduled_at &&
                       *subscription.scheduled_at <= subscription.period_end;
  const auto price = store::price(tx, changes ? subscription.scheduled_price : subscription.price);
  check(price.has_value(), "a subscription has its price");
  return *price;
}

void tell_due(Billing& billing, WriteTx& tx, const Subscription& subscription, const Money& amount,
              const std::optional<Instant>& access_until) {
  const auto buyer = billing.buyer(tx, subscription.user);
  if (!buyer) return;
  outreach::RenewalDue message{.name = buyer->name,
                               .plan_name = subscription.plan_name,
                               .plan_id = subscription.plan.text(),
                               .amount = to_text(amount),
                               .due_on = day_of(subscription.period_end)};
  if (access_until) message.access_until = day_of(*access_until);
  outreach::enqueue(tx, billing.outreach, {.email = buyer->email, .user = subscription.user}, message);
}

struct Try {
  store::RenewalCharge charge{};
  Subscription subscription{};
  std::string email{};
  Secret authorization{};
  bool only_look = false;
};

// What to charge now, written down. Nothing when there is nothing to charge.
std::optional<Try> next_charge(Billing& billing, WriteTx& tx, const SubscriptionId& id) {
  const auto now = billing.clock.now();
  const auto subscription = store::subscription(tx, id);
  if (!subscription || !is_live(subscription->status) || !renewed_here(*subscription)) return std::nullopt;
  // Its period was paid in another way since: it is only asked what became of it.
  if (auto charge = store::running_charge(tx, id); charge && charge->period_start < subscription->period_end)
    return Try{*charge, *subscription, {}, {}, true};
  if (subscription->status == SubscriptionStatus::paused) return std::nullopt;
  if (end_if_over(billing, tx, *subscription) || subscription->period_end > now) return std::nullopt;
  const auto arrears = store::open_case(tx, id);
  const auto price = next_price(tx, *subscription);
  const auto amount = next_amount(tx, *subscription, price);
  check(amount.ok(), "a price less its discount is an amount");
  auto pending = store::pending_charge(tx, id, subscription->period_end);
  if (!pending && being_paid(tx, *subscription)) return std::nullopt;
  if (!pending && arrears && (arrears->status == "paused" || !arrears->next_at || *arrears->next_at > now))
    return std::nullopt;
  const auto card = store::card(tx, subscription->user, subscription->provider);
  auto authorization = card ? open_card(billing, *card, subscription->user, subscription->provider) : std::nullopt;
  if (!authorization) {
    if (subscription->status != SubscriptionStatus::past_due) {
      fall_behind(billing, tx, *subscription);
      tell_due(billing, tx, *subscription, *amount, store::subscription(tx, id)->grace_until);
    }
    return std::nullopt;
  }
  if (!pending) {
    pending = store::RenewalCharge{new_id<store::RenewalChargeTag>(billing.clock, billing.entropy),
                                   id,
                                   subscription->period_end,
                                   store::charges_made(tx, id, subscription->period_end) + 1,
                                   new_reference("PSK", billing.clock, billing.entropy),
                                   amount->minor,
                                   amount->currency,
                                   "pending"};
    store::add_charge(tx, *pending, now);
  }
  const auto buyer = billing.buyer(tx, subscription->user);
  const auto origin = origin_of(tx, *subscription);
  return Try{*pending, *subscription,
             buyer    ? buyer->email
             : origin ? origin->email
                      : std::string{},
             std::move(*authorization), false};
}

// Money that came in for a period that was paid already: it stands in the books and is sent back.
void put_surplus(Billing& billing, WriteTx& tx, const Subscription& subscription, InvoiceState invoice) {
  invoice.surplus = true;
  audit::record(tx, {.at = billing.clock.now(),
                     .action = "billing.second_payment",
                     .category = audit::Category::business,
                     .severity = audit::Severity::critical,
                     .target_type = "subscription",
                     .target_id = subscription.id.text(),
                     .description = "A period of the plan " + subscription.plan_code + " was paid a second time (" +
                                    invoice.reference + "); that is being refunded."});
  put_invoice(billing, tx, subscription.provider, invoice, {});
}

void renewed(Billing& billing, WriteTx& tx, const store::RenewalCharge& charge, const CheckoutState& paid) {
  const auto now = billing.clock.now();
  if (!store::end_charge(tx, charge.id, "success", now)) return;
  const auto subscription = store::subscription(tx, charge.subscription);
  const auto price = next_price(tx, *subscription);
  if (subscription->period_end > charge.period_start) {
    put_surplus(billing, tx, *subscription,
                invoice_of(tx, *subscription, charge.reference, {charge.amount_minor, charge.currency},
                           agreed_tax(tx, *subscription), price.amount_minor, now));
    return;
  }
  auto state = state_of(*subscription);
  state.status = SubscriptionStatus::active;
  state.price = price.id;
  state.trial_end.reset();
  state.period_start = charge.period_start;
  state.period_end = one_period_after(charge.period_start, price);
  put_subscription(billing, tx, subscription->provider, state);
  if (paid.card) keep_card(billing, tx, subscription->user, subscription->provider, *paid.card);
  const auto after = store::subscription(tx, charge.subscription);
  put_invoice(billing, tx, subscription->provider,
              invoice_of(tx, *after, charge.reference, {charge.amount_minor, charge.currency}, agreed_tax(tx, *after),
                         price.amount_minor, now),
              {});
}

void declined(Billing& billing, WriteTx& tx, const store::RenewalCharge& charge) {
  if (!store::end_charge(tx, charge.id, "failed", billing.clock.now())) return;
  // Paid in another way meanwhile.
  if (store::subscription(tx, charge.subscription)->period_end > charge.period_start) return;
  fall_behind(billing, tx, *store::subscription(tx, charge.subscription));
  note_failure(billing, tx, *store::subscription(tx, charge.subscription),
               {.attempt = charge.attempt, .amount = {charge.amount_minor, charge.currency}});
}

// It is turned off at its gateway.
Subscription make_own(Billing& billing, WriteTx& tx, const Subscription& subscription) {
  const auto now = billing.clock.now();
  const auto order = store::order_behind(tx, subscription);
  store::rename_subscription(tx, subscription.id,
                             std::string(own_name) + (order ? order->text() : subscription.id.text()));
  const auto own = *store::subscription(tx, subscription.id);
  audit::record(tx, {.at = now,
                     .action = "subscription.taken_over",
                     .category = audit::Category::business,
                     .target_type = "subscription",
                     .target_id = own.id.text(),
                     .description = "It was turned off at " + own.provider + "; the school renews it from now on."});
  if (own.status != SubscriptionStatus::past_due) return own;
  // What failed there was the first try.
  const auto amount = next_amount(tx, own, next_price(tx, own));
  check(amount.ok(), "a price less its discount is an amount");
  store::RenewalCharge theirs{new_id<store::RenewalChargeTag>(billing.clock, billing.entropy),
                              own.id,
                              own.period_end,
                              store::charges_made(tx, own.id, own.period_end) + 1,
                              new_reference("PSK", billing.clock, billing.entropy),
                              amount->minor,
                              amount->currency,
                              "pending"};
  store::add_charge(tx, theirs, now);
  declined(billing, tx, theirs);
  return own;
}

}  // namespace

std::string put_own_subscription(Billing& billing, WriteTx& tx, const Checkout& checkout, const CheckoutState& paid) {
  const auto now = billing.clock.now();
  const auto plan = store::plan(tx, checkout.plan);
  const auto price = store::price(tx, checkout.price);
  check(plan && price, "a checkout has its plan and price");
  const auto live = store::live_subscription(tx, checkout.user, plan->group);
  const bool lengthens = live && renewed_here(*live) && live->plan == plan->id;
  // From a second page, or one that was thought closed: what it was for has been paid since.
  if (lengthens && store::paid_since(tx, live->id, checkout.created_at)) {
    if (store::fail_checkout(tx, checkout.id, already_paid, "paid for a period that was paid already", now)) {
      auto invoice = invoice_of(tx, *live, checkout.reference, {paid.total_minor, paid.currency}, checkout.tax,
                                checkout.amount_minor, now);
      invoice.payment_provider = checkout.provider;
      put_surplus(billing, tx, *live, std::move(invoice));
    }
    return "this period was paid already";
  }
  SubscriptionState state;
  std::string provider = checkout.provider;
  if (lengthens) {
    state = state_of(*live);
    provider = live->provider;
    state.price = price->id;
    state.period_start = live->period_end;
  } else {
    state.id = std::string(own_name) + checkout.id.text();
    state.price = price->id;
    state.checkout_id = checkout.id.text();
    state.user_id = checkout.user.text();
    state.period_start = now;
  }
  state.status = SubscriptionStatus::active;
  state.period_end = one_period_after(state.period_start, *price);
  const auto set_aside = put_subscription(billing, tx, provider, state);
  if (!set_aside.empty() && set_aside != one_too_many) return set_aside;
  if (paid.card) keep_card(billing, tx, checkout.user, checkout.provider, *paid.card);
  const auto subscription = store::subscription_at_provider(tx, provider, state.id);
  auto invoice = invoice_of(tx, *subscription, checkout.reference, {paid.total_minor, paid.currency}, checkout.tax,
                            checkout.amount_minor, now);
  invoice.payment_provider = checkout.provider;
  put_invoice(billing, tx, provider, invoice, {});
  return set_aside;
}

std::optional<Tax> agreed_tax(ReadTx& tx, const Subscription& subscription) {
  const auto origin = origin_of(tx, subscription);
  return origin ? origin->tax : std::nullopt;
}

Result<ChargeView> coming_charge(ReadTx& tx, const Subscription& subscription) {
  const auto price = next_price(tx, subscription);
  const auto rest = TRY(next_price_due(tx, subscription, price));
  const auto due = TRY(taxed(rest, agreed_tax(tx, subscription)));
  ChargeView view;
  view.amount_minor = price.amount_minor;
  view.discount_minor = price.amount_minor - rest.minor;
  view.total_minor = due.total.minor;
  view.tax_minor = due.tax.minor;
  view.at = subscription.period_end;
  return view;
}

std::string put_their_charge(Billing& billing, WriteTx& tx, const std::string& provider, const CheckoutState& paid,
                             const std::optional<Checkout>& order) {
  const auto set_aside = put_subscription(billing, tx, provider, *paid.subscription);
  if (!set_aside.empty() && set_aside != one_too_many) return set_aside;
  const auto subscription = store::subscription_at_provider(tx, provider, paid.subscription->id);
  const auto price = store::price(tx, subscription->price);
  check(price.has_value(), "a subscription has its price");
  if (paid.card) keep_card(billing, tx, subscription->user, provider, *paid.card);
  // Told of again: its number stays the one it has.
  if (store::invoice_at_provider(tx, provider, paid.session_id)) return set_aside;
  put_invoice(billing, tx, provider,
              invoice_of(tx, *subscription, paid.session_id, {paid.total_minor, paid.currency},
                         order ? order->tax : agreed_tax(tx, *subscription), price->amount_minor, billing.clock.now()),
              {});
  return set_aside;
}

bool is_half_moved(const Subscription& subscription) { return subscription.moving_at && !renewed_here(subscription); }

Result<Subscription> move_to_us(Billing& billing, Gateway& gateway, const SubscriptionId& id) {
  std::string name_there;
  billing.db.write([&](WriteTx& tx) {
    store::mark_moving(tx, id, billing.clock.now());
    name_there = store::subscription(tx, id)->provider_id;
  });
  const auto off = gateway.cancel_subscription(name_there);
  if (!off && off.error().code != remote_object_missing) return off.error();
  return billing.db.write([&](WriteTx& tx) -> Result<Subscription> {
    auto row = *store::subscription(tx, id);
    if (renewed_here(row) || !is_live(row.status)) return row;
    return make_own(billing, tx, row);
  });
}

void push_taking_over(Billing& billing, WriteTx& tx, const SubscriptionId& id) {
  store::mark_moving(tx, id, billing.clock.now());
  billing.queue.push(tx, {.kind = "billing.take_over",
                          .payload_json = "{\"id\":\"" + id.text() + "\"}",
                          .dedupe_key = "take-over-" + id.text()});
}

jobs::Outcome take_over(Billing& billing, const SubscriptionId& id) {
  const auto subscription = billing.db.read([&](ReadTx& tx) { return store::subscription(tx, id); });
  if (!subscription || renewed_here(*subscription) || !is_live(subscription->status)) return jobs::Outcome::done();
  auto* gateway = billing.gateways.named(subscription->provider);
  if (!gateway) return jobs::Outcome::later("the gateway " + subscription->provider + " is not configured");
  const auto moved = move_to_us(billing, *gateway, id);
  return moved ? jobs::Outcome::done() : jobs::Outcome::later(moved.error().detail);
}

bool renewed_here(const Subscription& subscription) { return subscription.provider_id.starts_with(own_name); }

bool renews_by_hand(ReadTx& tx, const Subscription& subscription, Instant now) {
  if (!renewed_here(subscription) || !is_live(subscription.status) || subscription.cancel_at_period_end) return false;
  if (subscription.status == SubscriptionStatus::past_due) return true;
  if (subscription.status == SubscriptionStatus::paused) return false;
  return subscription.period_end <= now + by_hand_ahead && !store::card(tx, subscription.user, subscription.provider);
}

bool being_charged(ReadTx& tx, const Subscription& subscription) {
  return store::pending_charge(tx, subscription.id, subscription.period_end).has_value();
}

bool being_paid(ReadTx& tx, const Subscription& subscription) {
  const auto open = store::open_checkouts(tx, subscription.user);
  return std::any_of(open.begin(), open.end(), [&](const Checkout& each) { return each.plan == subscription.plan; });
}

void push_renewal(Billing& billing, WriteTx& tx, const SubscriptionId& id) {
  billing.queue.push(
      tx,
      {.kind = "billing.renew", .payload_json = "{\"id\":\"" + id.text() + "\"}", .dedupe_key = "renew-" + id.text()});
}

jobs::Outcome renew(Billing& billing, const SubscriptionId& id) {
  std::optional<Try> next;
  billing.db.write([&](WriteTx& tx) { next = next_charge(billing, tx, id); });
  if (!next) return jobs::Outcome::done();
  auto* gateway = billing.gateways.named(next->subscription.provider);
  if (!gateway) return jobs::Outcome::later("the gateway " + next->subscription.provider + " is not configured");
  const auto origin = billing.db.read([&](ReadTx& tx) { return origin_of(tx, next->subscription); });
  const auto state = next->only_look
                         ? gateway->fetch_checkout(next->charge.reference)
                         : gateway->charge_saved({.reference = next->charge.reference,
                                                  .email = next->email,
                                                  .authorization = next->authorization,
                                                  .amount = {next->charge.amount_minor, next->charge.currency},
                                                  .checkout_id = origin ? origin->id.text() : std::string{}});
  if (!state && state.error().kind != Kind::rejected) return jobs::Outcome::later(state.error().detail);
  std::string set_aside;
  billing.db.write([&](WriteTx& tx) {
    if (state) {
      set_aside = put_renewal(billing, tx, *state).value_or("it was charged under another reference");
    } else {
      declined(billing, tx, next->charge);
    }
  });
  const bool waits = state && !state->paid && !state->last_try_failed;
  return waits ? jobs::Outcome::later("the charge is still being made") : jobs::Outcome::done();
}

std::optional<std::string> put_renewal(Billing& billing, WriteTx& tx, const CheckoutState& state) {
  const auto charge = store::charge_by_reference(tx, state.session_id);
  if (!charge) return std::nullopt;
  if (!state.paid) {
    if (state.last_try_failed) declined(billing, tx, *charge);
    return std::string{};
  }
  if (!state.doubt.empty() || state.total_minor != charge->amount_minor || state.currency != charge->currency) {
    audit::record(tx, {.at = billing.clock.now(),
                       .action = "billing.amount_differs",
                       .category = audit::Category::security,
                       .severity = audit::Severity::critical,
                       .target_type = "subscription",
                       .target_id = charge->subscription.text(),
                       .description =
                           "The renewal " + charge->reference + " was not paid as it was asked; no access was given."});
    return std::string("the renewal was not paid as it was asked");
  }
  renewed(billing, tx, *charge, state);
  return std::string{};
}

jobs::Outcome sweep_renewals(Billing& billing) {
  const auto now = billing.clock.now();
  billing.db.write([&](WriteTx& tx) {
    for (const auto& id : store::renewals_due(tx, now)) push_renewal(billing, tx, id);
    for (const auto& id : store::half_moved(tx)) push_taking_over(billing, tx, id);
    for (const auto& each : store::ending_by_hand(tx, now, now + reminder_ahead)) {
      const auto amount = next_amount(tx, each, next_price(tx, each));
      if (!amount) continue;
      tell_due(billing, tx, each, *amount, {});
      store::note_reminded(tx, each.id, each.period_end);
    }
  });
  return jobs::Outcome::done();
}

Result<SubscriptionState> order_own(Billing& billing, const Subscription& subscription, OrderKind kind,
                                    const PriceId& price) {
  const auto now = billing.clock.now();
  auto state = state_of(subscription);
  switch (kind) {
    case OrderKind::cancel_at_end:
      state.ends_at_period_end = true;
      state.cancelled_at = now;
      return state;
    case OrderKind::pause: state.status = SubscriptionStatus::paused; return state;
    case OrderKind::resume:
      if (subscription.status == SubscriptionStatus::paused) {
        // What was paid ahead is left.
        const auto since = subscription.paused_at.value_or(now);
        state.status = SubscriptionStatus::active;
        state.period_end = std::max(subscription.period_end + (now - since), now);
      }
      state.ends_at_period_end = false;
      state.cancelled_at.reset();
      return state;
    case OrderKind::cancel_now:
      state.status = SubscriptionStatus::canceled;
      state.cancelled_at = state.ended_at = now;
      return state;
    case OrderKind::change_at_end:
      // A period that nobody pays for by itself cannot change by itself.
      if (price.empty()) return unprocessable("There is no such price.");
      return state;
    case OrderKind::keep_plan: return state;
    case OrderKind::change_now:
      return Error{Kind::rejected, "PAYMENT_REJECTED",
                   "With this payment provider a plan changes with the next period.",
                   "change_now of an own subscription"};
  }
  return state;
}

}  // namespace tuition::billing
