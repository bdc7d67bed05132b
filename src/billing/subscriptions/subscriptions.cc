#include "billing/subscriptions/subscriptions.h"

#include <algorithm>

#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/checkout.h"
#include "billing/invoices/documents.h"
#include "billing/offers/pricing.h"
#include "billing/offers/tax.h"
#include "billing/store.h"
#include "billing/store_gateways.h"
#include "billing/subscriptions/arrears.h"
#include "billing/subscriptions/dunning.h"
#include "billing/subscriptions/proration.h"
#include "billing/subscriptions/renewals.h"
#include "billing/subscriptions/store_renewals.h"
#include "billing/subscriptions/undo.h"
#include "platform/log/log.h"

namespace tuition::billing {
namespace {

std::string interval_words(const Price& price) {
  const auto amount = to_text(Money{price.amount_minor, price.currency});
  if (price.interval == Interval::once) return amount;
  if (price.interval_count == 1) return amount + " per " + std::string(name_of(price.interval));
  return amount + " every " + std::to_string(price.interval_count) + " " + std::string(name_of(price.interval)) + "s";
}

void record_change(WriteTx& tx, Instant now, const Subscription& subscription, std::string action,
                   std::string sentence) {
  audit::record(tx, {.at = now,
                     .action = std::move(action),
                     .category = audit::Category::business,
                     .target_type = "subscription",
                     .target_id = subscription.id.text(),
                     .description = std::move(sentence)});
}

// What the person should hear about, comparing before and after.
void tell(Billing& billing, WriteTx& tx, const std::optional<Subscription>& before, const Subscription& after,
          const Price& price, Instant now) {
  const auto buyer = billing.buyer(tx, after.user);
  if (!buyer) return;
  const outreach::Recipient to{.email = buyer->email, .user = after.user};
  const bool opened_before = before && is_live(before->status);
  if (!opened_before && is_live(after.status)) {
    outreach::SubscriptionStarted message{
        .name = buyer->name, .plan_name = after.plan_name, .price = interval_words(price)};
    if (after.status == SubscriptionStatus::trialing && after.trial_end)
      message.trial_ends_on = day_of(*after.trial_end);
    if (!after.cancel_at_period_end) message.next_charge_on = day_of(after.period_end);
    outreach::enqueue(tx, billing.outreach, to, message);
    record_change(tx, now, after, "subscription.started", "The plan " + after.plan_code + " began.");
  } else if (opened_before && after.status == SubscriptionStatus::canceled) {
    outreach::enqueue(tx, billing.outreach, to,
                      outreach::SubscriptionEnded{.name = buyer->name, .plan_name = after.plan_name});
    record_change(tx, now, after, "subscription.ended", "The plan " + after.plan_code + " ended.");
  } else if (opened_before && before->price != after.price) {
    const auto old_price = store::price(tx, before->price);
    const bool up = old_price && kind_of_change(*old_price, price) == ChangeKind::upgrade;
    outreach::PlanChanged message{.name = buyer->name,
                                  .old_plan_name = before->plan_name,
                                  .plan_name = after.plan_name,
                                  .price = interval_words(price)};
    if (!after.cancel_at_period_end) message.next_charge_on = day_of(after.period_end);
    outreach::enqueue(tx, billing.outreach, to, message);
    audit::record(tx, {.at = now,
                       .action = up ? "subscription.upgraded" : "subscription.downgraded",
                       .category = audit::Category::business,
                       .target_type = "subscription",
                       .target_id = after.id.text(),
                       .description = "Changed from the plan " + before->plan_code + " to " + after.plan_code + ".",
                       .metadata = {"{\"userId\":\"" + after.user.text() + "\",\"oldPlanId\":\"" + before->plan.text() +
                                    "\",\"newPlanId\":\"" + after.plan.text() + "\"}"}});
  } else if (before && !before->cancel_at_period_end && after.cancel_at_period_end) {
    outreach::enqueue(tx, billing.outreach, to,
                      outreach::SubscriptionCancelled{
                          .name = buyer->name, .plan_name = after.plan_name, .access_until = day_of(after.period_end)});
    record_change(tx, now, after, "subscription.cancelled", "The plan " + after.plan_code + " will not renew.");
  } else if (before && before->status != after.status) {
    record_change(tx, now, after, "subscription.changed",
                  "The plan " + after.plan_code + " is now " + std::string(name_of(after.status)) + ".");
  }
}

void entitle(Billing& billing, WriteTx& tx, const Subscription& subscription, const Plan& plan, Instant now) {
  const auto until = access_until(subscription, {hours(billing.options.renewal_slack_hours), now});
  const auto scope = named<entitlements::Scope>(plan.scope);
  check(scope.has_value(), "a plan's scope is one the ledger knows");
  using entitlements::Source;
  auto& ledger = billing.entitlements;
  const auto& source = subscription.id.text();
  if (!until) {
    entitlements::revoke(ledger, tx, Source::subscription, source,
                         "subscription " + std::string(name_of(subscription.status)));
    return;
  }
  // The end is set exactly: further away by a renewal, nearer by a cancellation.
  entitlements::restore(ledger, tx, Source::subscription, source);
  entitlements::grant(ledger, tx,
                      {.user = subscription.user,
                       .scope = *scope,
                       .scope_id = plan.scope_id,
                       .source = Source::subscription,
                       .source_id = source,
                       .starts_at = subscription.created_at,
                       .ends_at = *until,
                       .reason = "Subscription to " + plan.name + "."});
  entitlements::end_at(ledger, tx, Source::subscription, source, *until);
}

// A live subscription beside another one: for us it ends before it began, and a job makes that so at its gateway.
void set_aside(Billing& billing, WriteTx& tx, Subscription row, bool known, const std::string& checkout_id) {
  const auto now = billing.clock.now();
  row.status = SubscriptionStatus::canceled;
  row.surplus = true;
  row.cancelled_at = row.ended_at = now;
  row.grace_until.reset();
  check(known ? store::update_subscription(tx, row, now) : store::insert_subscription(tx, row),
        "an ended subscription is not a second one");
  if (const CheckoutId checkout(checkout_id);
      !checkout_id.empty() &&
      store::fail_checkout(tx, checkout, second_subscription, "paid beside a live subscription", now))
    tell_checkout(billing, tx, checkout);
  push_undo(billing, tx, row);
  audit::record(tx, {.at = now,
                     .action = "billing.second_subscription",
                     .category = audit::Category::business,
                     .severity = audit::Severity::critical,
                     .target_type = "subscription",
                     .target_id = row.id.text(),
                     .description = "A second live subscription was paid for at " + row.provider + " (" +
                                    row.provider_id + "); it is being cancelled and refunded there."});
}

// Ours, of a price or of a plan with its whole amount in it.
std::optional<Price> price_of(ReadTx& tx, const std::string& provider, const SubscriptionState& state) {
  if (!state.price.empty()) return store::price(tx, state.price);
  if (auto price = store::price_at_provider(tx, provider, state.price_id)) return price;
  const auto plan = store::own_name(tx, provider, store::Remembered::plan, state.price_id);
  return plan ? store::price(tx, store::price_in(*plan)) : std::nullopt;
}

// Access stays as it was until somebody has looked.
void warn_of_unknown(WriteTx& tx, Instant now, const Subscription& subscription, const std::string& word) {
  log::warn("billing.unknown_status", {{"subscription", subscription.provider_id}, {"status", word}});
  audit::record(tx, {.at = now,
                     .action = "subscription.unknown_status",
                     .category = audit::Category::business,
                     .severity = audit::Severity::warning,
                     .target_type = "subscription",
                     .target_id = subscription.id.text(),
                     .description = "The plan " + subscription.plan_code + " is now \"" + word + "\" at " +
                                    subscription.provider + ", which we do not know; access stays as it was."});
}

// What the gateway says of one that we turn off there to renew it ourselves: that it ends is our own doing, and for us
// it goes on as it was.
SubscriptionState without_our_doing(SubscriptionState state, const Subscription& before) {
  if (state.status == SubscriptionStatus::canceled) state.status = before.status;
  state.ends_at_period_end = before.cancel_at_period_end;
  state.cancelled_at = before.cancelled_at;
  state.ended_at = before.ended_at;
  return state;
}

}  // namespace

std::optional<Instant> access_until(const Subscription& subscription, const AccessTerms& terms) {
  switch (subscription.status) {
    case SubscriptionStatus::trialing:
    case SubscriptionStatus::active:
      return subscription.cancel_at_period_end ? subscription.period_end
                                               : subscription.period_end + terms.renewal_slack;
    case SubscriptionStatus::past_due: return subscription.grace_until;
    case SubscriptionStatus::incomplete:
    case SubscriptionStatus::unpaid:
    case SubscriptionStatus::paused:
    case SubscriptionStatus::canceled: return std::nullopt;
  }
  return std::nullopt;
}

SubscriptionState at_our_item(ReadTx& tx, const std::string& provider, SubscriptionState state) {
  if (state.more_items.empty() || price_of(tx, provider, state)) return state;
  for (const auto& each : state.more_items) {
    auto other = state;
    take_item(other, each);
    if (price_of(tx, provider, other)) return other;
  }
  return state;
}

std::string put_subscription(Billing& billing, WriteTx& tx, const std::string& provider,
                             const SubscriptionState& told) {
  const auto now = billing.clock.now();
  const auto before = store::subscription_at_provider(tx, provider, told.id);
  const auto ours = at_our_item(tx, provider, told);
  auto state = before && is_half_moved(*before) ? without_our_doing(ours, *before) : ours;
  if (before && before->surplus) return std::string(one_too_many);
  // An ended subscription cannot be revived; whoever says otherwise is late.
  if (before && before->status == SubscriptionStatus::canceled) return {};
  if (!state.unknown_status.empty()) {
    if (!before) return "its state there (" + state.unknown_status + ") is one we do not know";
    warn_of_unknown(tx, now, *before, state.unknown_status);
    state.status = before->status;
  }
  const auto price = price_of(tx, provider, state);
  if (!price || price->plan.empty()) return "its price is not one of ours";
  const auto plan = store::plan(tx, price->plan);
  check(plan.has_value(), "a price has its plan");

  Subscription row = before.value_or(Subscription{});
  if (!before) {
    const auto checkout = state.checkout_id.empty() ? std::nullopt : store::checkout(tx, CheckoutId(state.checkout_id));
    if (!checkout) return "it was not bought here";
    if (!state.user_id.empty() && checkout->user.text() != state.user_id)
      return "it names another person than its order";
    if (checkout->price != price->id) return "its price is not the one that was ordered";
    if (checkout->error_code == amount_differs) return "the amount or currency paid is not what was ordered";
    row.id = new_id<SubscriptionTag>(billing.clock, billing.entropy);
    row.user = checkout->user;
    row.group = plan->group;
    row.provider = provider;
    row.provider_id = state.id;
    row.created_at = now;
    if (!state.customer_id.empty()) store::remember_customer(tx, row.user, provider, state.customer_id, now);
  }
  row.plan = plan->id;
  row.plan_code = plan->code;
  row.plan_name = plan->name;
  row.price = price->id;
  row.status = state.status;
  if (state.period_end.ms != 0) {
    const bool goes_on = before && state.period_end > before->period_end;
    row.period_start = state.period_start.ms != 0 ? state.period_start
                       : goes_on                  ? before->period_end
                       : before                   ? before->period_start
                                                  : now;
    row.period_end = state.period_end;
  } else if (!before) {
    row.period_start = now;
    row.period_end = one_period_after(now, *price);
  }
  row.trial_end = state.trial_end;
  row.cancel_at_period_end = state.ends_at_period_end;
  row.cancelled_at = state.cancelled_at;
  row.ended_at = state.ended_at;
  if (row.status == SubscriptionStatus::canceled && !row.ended_at) row.ended_at = now;
  if (row.status != SubscriptionStatus::paused) {
    row.paused_at.reset();
  } else if (!row.paused_at) {
    row.paused_at = now;
  }
  if (state.status != SubscriptionStatus::past_due) {
    row.grace_until.reset();
  } else if (!row.grace_until) {
    row.grace_until = grace_end(store::dunning_policy(tx, billing.options.grace_days), now);
  }

  // The change that was to come has come, or can come no more.
  const bool overdue = row.scheduled_at && *row.scheduled_at + days(1) < now;
  if (row.price == row.scheduled_price || overdue || !is_live(row.status)) {
    row.scheduled_price = {};
    row.scheduled_at.reset();
  }

  const bool stored = before ? store::update_subscription(tx, row, now) : store::insert_subscription(tx, row);
  if (!stored) {
    set_aside(billing, tx, row, before.has_value(), state.checkout_id);
    return std::string(one_too_many);
  }
  if (row.status != SubscriptionStatus::past_due)
    close_arrears(billing, tx, row.id,
                  row.status == SubscriptionStatus::active || row.status == SubscriptionStatus::trialing);
  entitle(billing, tx, row, *plan, now);
  tell(billing, tx, before, row, *price, now);
  // Who renews and does not try again leaves the rest to us.
  if (row.status == SubscriptionStatus::past_due && !renewed_here(row))
    if (const auto* gateway = billing.gateways.named(provider); gateway && gateway->service() != Service::billing)
      push_taking_over(billing, tx, row.id);
  return {};
}

void remind_of_trial(Billing& billing, WriteTx& tx, const std::string& provider, const std::string& provider_id) {
  const auto subscription = store::subscription_at_provider(tx, provider, provider_id);
  if (!subscription || subscription->status != SubscriptionStatus::trialing || !subscription->trial_end ||
      *subscription->trial_end <= billing.clock.now())
    return;
  const auto buyer = billing.buyer(tx, subscription->user);
  const auto price = store::price(tx, subscription->price);
  check(price.has_value(), "a subscription has its price");
  if (!buyer || !store::note_reminded(tx, subscription->id, *subscription->trial_end)) return;
  outreach::TrialEnding message{
      .name = buyer->name, .plan_name = subscription->plan_name, .trial_ends_on = day_of(*subscription->trial_end)};
  if (!subscription->cancel_at_period_end) message.price = interval_words(*price);
  outreach::enqueue(tx, billing.outreach, {.email = buyer->email, .user = subscription->user}, message);
}

void open_for_subscribers(Billing& billing, WriteTx& tx, const PlanId& id) {
  const auto now = billing.clock.now();
  const auto plan = store::plan(tx, id);
  check(plan.has_value(), "a plan that was changed is there");
  for (const auto& each : store::live_subscriptions_to(tx, id)) entitle(billing, tx, each, *plan, now);
}

void end_lost_subscription(Billing& billing, WriteTx& tx, const Subscription& subscription) {
  if (is_half_moved(subscription)) {
    push_taking_over(billing, tx, subscription.id);
  } else {
    end_here(billing, tx, subscription);
  }
}

void end_here(Billing& billing, WriteTx& tx, Subscription subscription) {
  const auto now = billing.clock.now();
  const auto before = subscription;
  const auto plan = store::plan(tx, subscription.plan);
  const auto price = store::price(tx, subscription.price);
  check(plan && price, "a subscription has its plan and price");
  subscription.status = SubscriptionStatus::canceled;
  subscription.ended_at = now;
  store::update_subscription(tx, subscription, now);
  entitle(billing, tx, subscription, *plan, now);
  tell(billing, tx, before, subscription, *price, now);
}

void put_invoice(Billing& billing, WriteTx& tx, const std::string& provider, const InvoiceState& drawn,
                 std::string_view event_type) {
  const auto now = billing.clock.now();
  auto state = drawn;
  // A gateway knows a tax by a name of its own.
  for (auto& each : state.taxes)
    if (each.tax.name.empty()) {
      const auto own = store::own_name(tx, provider, store::Remembered::tax_rate, each.rate_id);
      each.tax = own ? tax_named(*own).value_or(each.tax) : each.tax;
    }
  const auto subscription = store::subscription_at_provider(tx, provider, state.subscription_id);
  check(subscription.has_value(), "the subscription of an invoice was stored before it");
  const auto known = store::invoice_at_provider(tx, provider, state.id);
  // Paid, void and given up are where an invoice ends; an older snapshot does not reopen it.
  const bool ended = known && known->status != InvoiceStatus::draft && known->status != InvoiceStatus::open;
  const bool reopens = state.status == InvoiceStatus::draft || state.status == InvoiceStatus::open;
  if (ended && reopens) return;
  const auto id = known ? known->id : new_id<InvoiceTag>(billing.clock, billing.entropy);
  store::put_invoice(tx, id, subscription->user, subscription->id, provider, state, now);
  if (state.status != InvoiceStatus::draft) freeze_parties(billing, tx, id, subscription->user);
  const bool paid = state.status == InvoiceStatus::paid && state.total_minor > 0;
  if (!paid && subscription->surplus) return;

  const auto buyer = billing.buyer(tx, subscription->user);
  const auto email = buyer ? buyer->email : store::email_of_buyer(tx, subscription->user, provider);
  const outreach::Recipient to{.email = email, .user = subscription->user};
  const auto amount = to_text(Money{state.total_minor, state.currency});
  if (paid) {
    store::NewPayment payment;
    payment.id = new_id<PaymentTag>(billing.clock, billing.entropy);
    payment.user = subscription->user;
    payment.email = email;
    payment.invoice = id;
    payment.provider = state.payment_provider.empty() ? provider : state.payment_provider;
    payment.reference = state.reference.empty() ? "STR-" + std::to_string(now.ms) + "-" + payment.id.text().substr(28)
                                                : state.reference;
    payment.provider_payment_id = state.payment_id.empty() ? state.id : state.payment_id;
    payment.amount = {state.total_minor, state.currency};
    payment.paid_at = state.paid;
    if (!store::put_payment(tx, payment, now)) return;
    if (subscription->surplus) {
      push_undo(billing, tx, *subscription);
      return;
    }
    if (state.surplus) {
      push_undo(billing, tx, payment.id);
      return;
    }
    record_change(tx, now, *subscription, "payment.received", "A payment of " + amount + " came in.");
    if (!buyer) return;
    outreach::PaymentReceived message{.name = buyer->name,
                                      .plan_name = subscription->plan_name,
                                      .amount = amount,
                                      .paid_on = day_of(state.paid.value_or(now)),
                                      .reference = payment.reference};
    if (!subscription->cancel_at_period_end) message.next_charge_on = day_of(subscription->period_end);
    outreach::enqueue(tx, billing.outreach, to, message);
  } else if (event_type == "invoice.payment_failed" || (state.attempts > 0 && state.status == InvoiceStatus::open &&
                                                        subscription->status == SubscriptionStatus::past_due)) {
    note_failure(billing, tx, *subscription,
                 {.attempt = std::max<std::int64_t>(1, state.attempts),
                  .next_at = state.next_attempt,
                  .amount = {state.total_minor, state.currency},
                  .pay_at = state.hosted_url});
  }
}

SubscriptionView view_of(Billing& billing, ReadTx& tx, const Subscription& subscription) {
  const auto price = store::price(tx, subscription.price);
  check(price.has_value(), "a subscription has its price");
  SubscriptionView view;
  view.id = subscription.id;
  view.plan = {subscription.plan, subscription.plan_code, subscription.plan_name};
  view.status = subscription.status;
  view.group = subscription.group;
  view.interval = price->interval;
  view.interval_count = price->interval_count;
  view.amount_minor = price->amount_minor;
  view.currency = price->currency;
  view.period_start = subscription.period_start;
  view.period_end = subscription.period_end;
  if (is_live(subscription.status) && !subscription.cancel_at_period_end &&
      subscription.status != SubscriptionStatus::paused)
    view.next_charge_at = subscription.period_end;
  if (const auto tax = agreed_tax(tx, subscription)) view.tax = view_of(*tax);
  if (view.next_charge_at)
    if (const auto charge = coming_charge(tx, subscription)) view.next_charge = *charge;
  view.cancel_at_period_end = subscription.cancel_at_period_end;
  view.trial_end = subscription.trial_end;
  view.paused_at = subscription.paused_at;
  view.pausable = billing.options.people_may_pause && subscription.status == SubscriptionStatus::active &&
                  !subscription.cancel_at_period_end && billing.gateways.named(subscription.provider);
  view.access_until = access_until(subscription, {hours(billing.options.renewal_slack_hours), billing.clock.now()});
  view.cancelled_at = subscription.cancelled_at;
  view.ended_at = subscription.ended_at;
  view.surplus = subscription.surplus;
  if (subscription.scheduled_at) {
    const auto next = store::price(tx, subscription.scheduled_price);
    const auto plan = next ? store::plan(tx, next->plan) : std::nullopt;
    check(plan.has_value(), "a change to come names a price of a plan");
    view.scheduled_change = ScheduledChangeView{
        {plan->id, plan->code, plan->name}, next->interval, next->interval_count, next->amount_minor, next->currency,
        *subscription.scheduled_at};
  }
  view.provider = subscription.provider;
  if (const auto* gateway = billing.gateways.named(subscription.provider)) {
    view.provider_name = gateway->label();
    view.manageable = is_live(subscription.status);
    view.has_portal = view.manageable && !renewed_here(subscription);
  }
  view.payable = renews_by_hand(tx, subscription, billing.clock.now());
  return view;
}

Result<std::optional<SubscriptionView>> show_subscription(Billing& billing, const Caller& caller) {
  return billing.db.read([&](ReadTx& tx) -> Result<std::optional<SubscriptionView>> {
    const auto current = store::current_subscription(tx, caller.user);
    if (!current) return std::optional<SubscriptionView>{};
    return std::optional<SubscriptionView>(view_of(billing, tx, *current));
  });
}

Result<SubscriptionsView> list_subscriptions(Billing& billing, const Caller& caller) {
  return billing.db.read([&](ReadTx& tx) -> Result<SubscriptionsView> {
    SubscriptionsView view;
    for (const auto& each : store::subscriptions_of(tx, caller.user)) {
      if (is_live(each.status) && !view.current) {
        view.current = view_of(billing, tx, each);
      } else {
        view.history.push_back(view_of(billing, tx, each));
      }
    }
    return view;
  });
}

}  // namespace tuition::billing
