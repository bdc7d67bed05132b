#include "billing/notices.h"

#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/checkout.h"
#include "billing/inbox/inbox_wire.h"
#include "billing/inbox/store_inbox.h"
#include "billing/offers/offers.h"
#include "billing/offers/pricing.h"
#include "billing/offers/theirs.h"
#include "billing/payments/payments.h"
#include "billing/payments/purchases.h"
#include "billing/payments/refunds.h"
#include "billing/store.h"
#include "billing/store_gateways.h"
#include "billing/subscriptions/renewals.h"
#include "billing/subscriptions/subscriptions.h"
#include "platform/base/fields_json.h"
#include "platform/base/last_moments.h"
#include "platform/base/text.h"
#include "platform/log/log.h"

namespace tuition::billing {
namespace {

std::string_view name_of_about(Notice::About about) {
  switch (about) {
    case Notice::About::checkout: return "checkout";
    case Notice::About::subscription: return "subscription";
    case Notice::About::invoice: return "invoice";
    case Notice::About::payment: return "payment";
    case Notice::About::offer: return "offer";
    case Notice::About::nothing_we_handle: return "nothing";
  }
  return "nothing";
}

// A subscription that its gateway was to begin with a payment is not waited for longer: we renew it then.
constexpr Duration subscription_late = hours(1);

// What was paid must be what was ordered; in a trial nothing is due yet.
bool fits(ReadTx& tx, const Checkout& checkout, const CheckoutState& state) {
  if (state.currency != checkout.currency) return false;
  if (checkout.trial_days > 0 && state.amount_minor == 0 && state.total_minor == 0) return true;
  if (state.only_total) return state.total_minor == total_of(checkout);
  const auto coupon = store::coupon(tx, checkout.coupon);
  // A share may be rounded the other way there.
  const auto near = [](std::int64_t a, std::int64_t b) { return a - b >= -1 && a - b <= 1; };
  const bool contained = checkout.tax && checkout.tax->inclusive;
  if (checkout.tax ? !near(state.tax_minor, checkout.tax_minor) : state.tax_minor != 0) return false;
  // Whether what comes before tax has a tax in it that prices contain is theirs to say; the total is the same.
  if (contained ? !near(state.total_minor, total_of(checkout)) : state.amount_minor != checkout.amount_minor)
    return false;
  return coupon ? same_discount(*coupon, checkout.discount_minor, state.discount_minor) : state.discount_minor == 0;
}

// The other pages on which the person could pay for the same once more.
void close_others(Billing& billing, WriteTx& tx, const Checkout& paid) {
  const auto plan = store::plan(tx, paid.plan);
  for (const auto& other : store::open_checkouts(tx, paid.user)) {
    const auto others_plan = store::plan(tx, other.plan);
    const bool same = plan ? others_plan && others_plan->group == plan->group : other.product == paid.product;
    if (other.id != paid.id && same) close_checkout(billing, tx, other);
  }
}

// Who pays by a way that takes days hears once that it came to nothing.
void tell_failed(Billing& billing, WriteTx& tx, const Checkout& checkout) {
  const auto buyer = billing.buyer(tx, checkout.user);
  if (!buyer) return;
  outreach::enqueue(
      tx, billing.outreach, {.email = buyer->email, .user = checkout.user},
      outreach::OrderFailed{.name = buyer->name, .item_name = offer_of(tx, checkout.plan, checkout.product).name});
}

// A subscription that a gateway has begun and that names no order: its payment, which does, is looked at. One that
// comes after we had taken its place is turned off there, so that nobody is charged twice. Whether it was one of these.
Result<bool> meet(Billing& billing, Gateway& gateway, const SubscriptionState& state) {
  const auto provider = std::string(gateway.name());
  bool met = false;
  bool late = false;
  billing.db.write([&](WriteTx& tx) {
    const auto plan = store::own_name(tx, provider, store::Remembered::plan, state.price_id);
    if (!plan || store::subscription_at_provider(tx, provider, state.id)) return;
    if (const auto order = store::order_to_begin(tx, provider, state.customer_email, store::price_in(*plan),
                                                 billing.clock.now() - days(1))) {
      push_look(billing, tx, {order->text(), {}});
      met = true;
    } else {
      late = is_live(state.status) && !state.ends_at_period_end;
    }
  });
  if (!late) return met;
  TRY(gateway.cancel_subscription(state.id));
  return true;
}

// What an administrator may want to see of a notice's head: what let it in, and whence it came. Nothing there belongs
// to a person; what would be a key to something is left out all the same.
std::string head_of(const http::Request& request) {
  constexpr std::size_t most = 60;
  constexpr std::size_t longest = 1000;
  EventHead head;
  for (const auto& [name, value] : request.headers)
    if (name != "cookie" && name != "authorization" && name != "proxy-authorization" && head.headers.size() < most)
      head.headers.push_back({name, value.size() <= longest && is_utf8(value) ? value : "(not text, or too long)"});
  return to_json(head);
}

// What the gateway says of a checkout that is not paid yet by our books; what keeps it from being booked, if anything.
std::string settle_checkout(Billing& billing, WriteTx& tx, const Checkout& checkout, const CheckoutState& state,
                            std::string_view event_type) {
  const auto now = billing.clock.now();
  const auto& provider = checkout.provider;
  if (state.status == CheckoutState::Status::expired) {
    store::end_checkout(tx, checkout.id, CheckoutStatus::expired, now);
    return {};
  }
  if (state.status == CheckoutState::Status::open) return {};
  if (!state.paid) {
    if (event_type == "checkout.session.async_payment_failed" &&
        store::end_checkout(tx, checkout.id, CheckoutStatus::failed, now))
      tell_failed(billing, tx, checkout);
    return {};
  }
  if (!state.doubt.empty() || !fits(tx, checkout, state)) {
    if (store::fail_checkout(tx, checkout.id, amount_differs, "another amount or currency was paid", now))
      audit::record(tx, {.at = now,
                         .action = "billing.amount_differs",
                         .category = audit::Category::security,
                         .severity = audit::Severity::critical,
                         .target_type = "checkout",
                         .target_id = checkout.id.text(),
                         .description = "A payment differs from its order; no access was given."});
    return "the amount or currency paid is not what was ordered";
  }
  if (!state.customer_id.empty()) store::remember_customer(tx, checkout.user, provider, state.customer_id, now);
  std::string set_aside;
  if (!checkout.product.empty()) {
    set_aside = put_purchase(billing, tx, checkout, state);
  } else if (state.subscription) {
    set_aside = state.only_total ? put_their_charge(billing, tx, provider, state, checkout)
                                 : put_subscription(billing, tx, provider, *state.subscription);
  } else if (state.awaits_subscription && now < checkout.created_at + subscription_late) {
    return {};
  } else if (state.only_total) {
    set_aside = put_own_subscription(billing, tx, checkout, state);
  } else {
    set_aside = "a plan was paid for, and no subscription came of it";
  }
  if (!set_aside.empty()) return set_aside;
  store::complete_checkout(tx, checkout.id, now);
  close_others(billing, tx, checkout);
  audit::record(tx, {.at = now,
                     .action = "billing.checkout_completed",
                     .category = audit::Category::business,
                     .target_type = "checkout",
                     .target_id = checkout.id.text(),
                     .description = "The checkout " + checkout.reference + " was paid."});
  return {};
}

}  // namespace

Result<WebhookReceipt> receive_notice(Billing& billing, Gateway& gateway, const http::Request& request) {
  const auto now = billing.clock.now();
  auto notice = gateway.read_notice(request, now);
  if (!notice) {
    billing.arrivals.count(gateway.name(), Arrivals::Outcome::rejected);
    if (notice.error().code == "INVALID_SIGNATURE" && billing.forgeries.seen(request.caller.ip, now)) {
      log::warn("webhook.bad_signature", {{"provider", gateway.name()}, {"ip", request.caller.ip}});
      billing.db.write([&](WriteTx& tx) {
        audit::record(tx, {.at = now,
                           .actor = request.caller,
                           .action = "webhook.bad_signature",
                           .category = audit::Category::security,
                           .severity = audit::Severity::warning,
                           .description = "A message that claims to come from " + std::string(gateway.name()) +
                                          " had no valid signature."});
      });
    }
    return std::move(notice).error();
  }
  may_be_lost("notice.read");
  const auto head = head_of(request);
  auto kept = billing.db.write([&](WriteTx& tx) -> Result<WebhookReceipt> {
    return WebhookReceipt{true, !keep_notice(billing, tx, std::string(gateway.name()), *notice, request.body, head)};
  });
  if (!kept) return kept;
  may_be_lost("notice.kept");
  auto outcome = Arrivals::Outcome::accepted;
  if (notice->about == Notice::About::nothing_we_handle) outcome = Arrivals::Outcome::ignored;
  if (kept->duplicate) outcome = Arrivals::Outcome::duplicate;
  billing.arrivals.count(gateway.name(), outcome);
  return kept;
}

bool keep_notice(Billing& billing, WriteTx& tx, const std::string& provider, const Notice& notice,
                 const std::string& payload, const std::optional<std::string>& head_json) {
  const bool handled = notice.about != Notice::About::nothing_we_handle;
  const auto id = new_id<WebhookEventTag>(billing.clock, billing.entropy);
  const bool fresh = store::keep_event(tx, id, provider, notice, payload, head_json,
                                       handled ? EventStatus::received : EventStatus::ignored, billing.clock.now());
  if (fresh && handled) push_event(billing, tx, id, notice.about);
  return fresh;
}

void push_event(Billing& billing, WriteTx& tx, const EventId& id, Notice::About about) {
  billing.queue.push(
      tx, {.kind = "billing.apply_event",
           .payload_json = "{\"id\":\"" + id.text() + "\",\"about\":\"" + std::string(name_of_about(about)) + "\"}"});
}

jobs::Outcome apply_event(Billing& billing, const EventId& id, Notice::About about) {
  const auto event = billing.db.read([&](ReadTx& tx) { return store::event(tx, id); });
  if (!event) return jobs::Outcome::dead("the event is gone");
  if (event->status == EventStatus::processed || event->status == EventStatus::ignored) return jobs::Outcome::done();
  auto* gateway = billing.gateways.named(event->provider);
  if (!gateway) return jobs::Outcome::dead("the gateway " + event->provider + " is no longer configured");

  // The effects and the note that they are done stand or fall together.
  const auto apply = [&](const std::function<std::string(WriteTx&)>& effects) {
    std::string set_aside;
    may_be_lost("notice.asked");
    billing.db.write([&](WriteTx& tx) {
      set_aside = effects(tx);
      may_be_lost("notice.applying");
      store::mark_event(tx, id, set_aside.empty() ? EventStatus::processed : EventStatus::ignored, set_aside,
                        billing.clock.now());
    });
    may_be_lost("notice.applied");
    if (!set_aside.empty())
      log::warn("billing.set_aside",
                {{"type", event->type}, {"id", event->object_id.value_or("")}, {"why", set_aside}});
    return jobs::Outcome::done();
  };
  const auto again = [&](const Error& error) {
    billing.db.write([&](WriteTx& tx) {
      store::mark_event(tx, id, EventStatus::failed, error.detail.empty() ? error.safe : error.detail,
                        billing.clock.now());
    });
    return jobs::Outcome::later(error.detail.empty() ? error.safe : error.detail);
  };

  const auto object = event->object_id.value_or("");
  may_be_lost("notice.asking");
  switch (about) {
    case Notice::About::checkout: {
      const auto state = gateway->fetch_checkout(object);
      if (!state && state.error().code == remote_object_missing)
        return apply([](WriteTx&) -> std::string { return "the provider does not know what it speaks of"; });
      if (!state) return again(state.error());
      return apply([&](WriteTx& tx) { return put_checkout(billing, tx, event->provider, *state, event->type); });
    }
    case Notice::About::subscription: {
      const auto state = gateway->fetch_subscription(object);
      if (!state) return again(state.error());
      if (gateway->service() != Service::billing) {
        const auto met = meet(billing, *gateway, *state);
        if (!met) return again(met.error());
        if (*met) return apply([](WriteTx&) -> std::string { return {}; });
      }
      return apply([&](WriteTx& tx) {
        auto set_aside = put_subscription(billing, tx, event->provider, *state);
        if (set_aside.empty() && event->type == "customer.subscription.trial_will_end")
          remind_of_trial(billing, tx, event->provider, state->id);
        return set_aside;
      });
    }
    case Notice::About::invoice: {
      const auto state = gateway->fetch_invoice(object);
      if (!state) return again(state.error());
      std::optional<SubscriptionState> subscription;
      if (!state->subscription_id.empty()) {
        auto fetched = gateway->fetch_subscription(state->subscription_id);
        if (!fetched) return again(fetched.error());
        subscription = std::move(fetched).value();
      }
      return apply([&](WriteTx& tx) -> std::string {
        if (!subscription) return "this invoice belongs to no subscription of ours";
        auto set_aside = put_subscription(billing, tx, event->provider, *subscription);
        // Money for a subscription that is set aside as one too many is booked all the same, to be sent back.
        if (set_aside.empty() || set_aside == one_too_many)
          put_invoice(billing, tx, event->provider, *state, event->type);
        if (set_aside.empty() && event->type == "invoice.finalization_failed")
          audit::record(tx, {.at = billing.clock.now(),
                             .action = "billing.invoice_stuck",
                             .category = audit::Category::business,
                             .severity = audit::Severity::critical,
                             .target_type = "invoice",
                             .target_id = state->id,
                             .description = "An invoice could not be drawn up at " + event->provider +
                                            "; nobody pays it until that is put right there."});
        return set_aside;
      });
    }
    case Notice::About::payment: {
      const auto state = gateway->fetch_payment(object);
      if (!state) return again(state.error());
      return apply([&](WriteTx& tx) { return put_payment_state(billing, tx, event->provider, *state); });
    }
    case Notice::About::offer: {
      const auto payload = billing.db.read([&](ReadTx& tx) { return store::payload_of(tx, id).value_or(""); });
      const auto told = gateway->read_kept(payload);
      if (!told || !told->offer) return jobs::Outcome::dead("an event about nothing that is on sale");
      return apply([&](WriteTx& tx) {
        auto differs = difference_of(tx, event->provider, *told->offer);
        if (!differs.empty())
          audit::record(
              tx, {.at = billing.clock.now(),
                   .action = "billing.offer_differs",
                   .category = audit::Category::business,
                   .severity = audit::Severity::warning,
                   .description = std::string(gateway->label()) + " differs from the price list: " + differs + "."});
        return differs;
      });
    }
    case Notice::About::nothing_we_handle:
      return apply([](WriteTx&) -> std::string { return "nothing follows from events of this type"; });
  }
  return jobs::Outcome::dead("an event about nothing");
}

void give_up_event(Billing& billing, WriteTx& tx, const EventId& id, std::string_view reason) {
  store::mark_event(tx, id, EventStatus::dead, std::string(reason), billing.clock.now());
}

std::string put_checkout(Billing& billing, WriteTx& tx, const std::string& provider, const CheckoutState& state,
                         std::string_view event_type) {
  auto id = store::checkout_by_session(tx, provider, state.session_id);
  if (!id && !state.checkout_id.empty()) id = CheckoutId(state.checkout_id);
  const auto checkout = id ? store::checkout(tx, *id) : std::nullopt;
  if (!checkout || checkout->provider != provider || (checkout->session && *checkout->session != state.session_id)) {
    if (state.paid && state.subscription && state.only_total) return put_their_charge(billing, tx, provider, state, {});
    return put_unordered(billing, tx, provider, state).value_or("this checkout was not begun here");
  }
  if (checkout->status == CheckoutStatus::completed) return {};
  auto why_not = settle_checkout(billing, tx, *checkout, state, event_type);
  if (const auto now_is = store::checkout(tx, checkout->id); now_is && now_is->status != checkout->status)
    tell_checkout(billing, tx, checkout->id);
  return why_not;
}

jobs::Outcome sweep_subscriptions(Billing& billing) {
  // A day late by our books: the notice should have come long ago. Who may never tell is asked sooner.
  const auto now = billing.clock.now();
  const auto overdue =
      billing.db.read([&](ReadTx& tx) { return store::subscriptions_past_period(tx, now - hours(1)); });
  std::string unanswered;
  for (const auto& each : overdue) {
    auto* gateway = billing.gateways.named(each.provider);
    if (!gateway || renewed_here(each)) continue;
    if (gateway->tells_all() && each.period_end >= now - hours(24)) continue;
    const auto state = gateway->fetch_subscription(each.provider_id);
    const auto charges = state ? gateway->fetch_charges_of(each.provider_id)
                               : Result<std::vector<CheckoutState>>(std::vector<CheckoutState>{});
    if (state && charges) {
      billing.db.write([&](WriteTx& tx) {
        for (const auto& charge : *charges) put_checkout(billing, tx, each.provider, charge);
        put_subscription(billing, tx, each.provider, *state);
        // What was to end with its period has, whether they say so or not.
        const auto after = store::subscription(tx, each.id);
        if (is_live(after->status) && after->cancel_at_period_end && after->period_end + days(1) < now)
          end_lost_subscription(billing, tx, *after);
      });
    } else if (state) {
      unanswered = charges.error().detail;
    } else if (state.error().code == remote_object_missing) {
      billing.db.write([&](WriteTx& tx) { end_lost_subscription(billing, tx, each); });
    } else {
      unanswered = state.error().detail;
    }
  }
  return unanswered.empty() ? jobs::Outcome::done() : jobs::Outcome::later(unanswered);
}

}  // namespace tuition::billing
