#include "billing/orders.h"

#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/store.h"
#include "billing/subscriptions.h"

namespace tuition::billing {
namespace {

Error no_subscription() { return conflict("NO_ACTIVE_SUBSCRIPTION", "You have no running subscription."); }

struct Wanted {
  OrderKind kind = OrderKind::cancel_at_end;
  std::optional<std::string> reason{};
  std::optional<std::string> comment{};
};

// The order, or one like it that waits already. Nothing when there is nothing to do.
Result<std::optional<store::SubscriptionOrder>> place(Billing& billing, WriteTx& tx, const Caller& caller,
                                                      const Wanted& wanted) {
  using Placed = std::optional<store::SubscriptionOrder>;
  const auto now = billing.clock.now();
  const auto subscription = store::current_subscription(tx, caller.user);
  if (!subscription) return no_subscription();
  const bool ends = subscription->cancel_at_period_end;
  if (wanted.kind == OrderKind::resume && !ends) return conflict("CONFLICT", "Your subscription is not cancelled.");
  if (wanted.kind == OrderKind::cancel_at_end && ends) return Placed{};
  if (auto pending = store::pending_order(tx, subscription->id, wanted.kind)) return Placed{std::move(*pending)};
  if (!billing.gateways.named(subscription->provider))
    return Error{Kind::not_configured, "NOT_CONFIGURED",
                 "Your subscription cannot be changed here at present. Please ask the office."};
  store::SubscriptionOrder order;
  order.id = new_id<SubscriptionOrderTag>(billing.clock, billing.entropy);
  order.subscription = subscription->id;
  order.kind = wanted.kind;
  order.reason = wanted.reason;
  order.comment = wanted.comment;
  const auto job = billing.queue.push(
      tx, {.kind = "billing.carry_out_order", .payload_json = "{\"id\":\"" + order.id.text() + "\"}"});
  order.job = job.text();
  store::put_order(tx, order, now);
  store::note_cancel_reason(tx, subscription->id, wanted.reason);
  const bool resumes = wanted.kind == OrderKind::resume;
  audit::record(tx,
                {.at = now,
                 .actor = caller,
                 .action = resumes ? "subscription.resume_asked" : "subscription.cancel_asked",
                 .category = audit::Category::business,
                 .target_type = "subscription",
                 .target_id = subscription->id.text(),
                 .description = resumes ? "Asked to keep the plan " + subscription->plan_code + "."
                                        : "Asked to end the plan " + subscription->plan_code +
                                              (wanted.kind == OrderKind::cancel_now ? " at once" : " with its period") +
                                              "; reason: " + wanted.reason.value_or("none given") + "."});
  return Placed{std::move(order)};
}

// How the subscription stands once the order's job has ended or patience has.
template <class V, class View>
void answer_when_done(Billing& billing, const SubscriptionId& subscription_id, const store::SubscriptionOrder& placed,
                      std::function<void(Result<Ordered<V>>)> answer, View view) {
  billing.queue.when_finished(
      jobs::JobId(*placed.job), milliseconds(billing.options.checkout_wait_ms),
      [&billing, subscription_id, id = placed.id, answer = std::move(answer), view](bool) {
        answer(billing.db.read([&](ReadTx& tx) -> Result<Ordered<V>> {
          const auto order = store::order(tx, id);
          const auto subscription = store::subscription(tx, subscription_id);
          check(order && subscription, "an order is about a subscription");
          if (order->status == OrderStatus::failed) {
            const bool refused = order->error_code == "PAYMENT_REJECTED";
            return Error{refused ? Kind::rejected : Kind::provider, order->error_code.value_or("PROVIDER_ERROR"),
                         refused ? "The payment provider refused this change."
                                 : "The payment provider cannot be reached at the moment. Please try again later."};
          }
          return Ordered<V>{view(billing, tx, *subscription), order->status == OrderStatus::pending};
        }));
      });
}

template <class V, class View>
void order_and_answer(Billing& billing, const Caller& caller, const Wanted& wanted,
                      std::function<void(Result<Ordered<V>>)> answer, View view) {
  const auto placed = billing.db.write([&](WriteTx& tx) { return place(billing, tx, caller, wanted); });
  if (!placed) {
    answer(placed.error());
  } else if (*placed) {
    answer_when_done<V>(billing, (*placed)->subscription, **placed, std::move(answer), view);
  } else {
    answer(billing.db.read([&](ReadTx& tx) -> Result<Ordered<V>> {
      const auto current = store::current_subscription(tx, caller.user);
      if (!current) return no_subscription();
      return Ordered<V>{view(billing, tx, *current)};
    }));
  }
}

CancellationView cancellation_of(Billing& billing, ReadTx& tx, const Subscription& subscription) {
  const auto whole = view_of(billing, tx, subscription);
  return {whole.status, whole.cancel_at_period_end, whole.access_until};
}

}  // namespace

void cancel_subscription(Billing& billing, const Caller& caller, const CancelForm& form,
                         std::function<void(Result<Ordered<CancellationView>>)> answer) {
  Wanted wanted;
  wanted.kind = form.immediately.value_or(false) ? OrderKind::cancel_now : OrderKind::cancel_at_end;
  if (form.reason) wanted.reason = std::string(name_of(*form.reason));
  if (form.comment && !form.comment->empty()) wanted.comment = form.comment;
  order_and_answer<CancellationView>(billing, caller, wanted, std::move(answer), cancellation_of);
}

void resume_subscription(Billing& billing, const Caller& caller,
                         std::function<void(Result<Ordered<SubscriptionView>>)> answer) {
  order_and_answer<SubscriptionView>(
      billing, caller, {.kind = OrderKind::resume}, std::move(answer),
      [](Billing& door, ReadTx& tx, const Subscription& subscription) { return view_of(door, tx, subscription); });
}

jobs::Outcome carry_out(Billing& billing, const SubscriptionOrderId& id) {
  std::optional<store::SubscriptionOrder> order;
  std::optional<Subscription> subscription;
  billing.db.read([&](ReadTx& tx) {
    order = store::order(tx, id);
    if (order) subscription = store::subscription(tx, order->subscription);
  });
  if (!order || order->status != OrderStatus::pending) return jobs::Outcome::done();
  auto* gateway = billing.gateways.named(subscription->provider);
  if (!gateway) return jobs::Outcome::dead("the gateway " + subscription->provider + " is no longer configured");
  const auto ask = [&]() -> Result<SubscriptionState> {
    const Ending ending{order->kind != OrderKind::resume, order->reason.value_or(""), order->comment.value_or("")};
    switch (order->kind) {
      case OrderKind::cancel_now: return gateway->cancel_subscription(subscription->provider_id);
      case OrderKind::cancel_at_end:
      case OrderKind::resume: return gateway->set_ending(subscription->provider_id, ending, "order-" + id.text());
    }
    return Error{};
  };
  const auto state = ask();
  if (!state && state.error().kind != Kind::rejected) return jobs::Outcome::later(state.error().detail);
  // Refused, perhaps because it has ended there: our books learn of it.
  const auto now_there = state ? state : gateway->fetch_subscription(subscription->provider_id);
  billing.db.write([&](WriteTx& tx) {
    if (now_there) put_subscription(billing, tx, subscription->provider, *now_there);
    store::end_order(tx, id, state ? OrderStatus::done : OrderStatus::failed, state ? "" : "PAYMENT_REJECTED",
                     state ? "" : state.error().detail, billing.clock.now());
  });
  return jobs::Outcome::done();
}

void give_up_order(Billing& billing, WriteTx& tx, const SubscriptionOrderId& id, std::string_view reason) {
  store::end_order(tx, id, OrderStatus::failed, "PROVIDER_ERROR", std::string(reason), billing.clock.now());
}

Result<PortalView> open_portal(Billing& billing, const Caller& caller) {
  std::optional<std::string> customer;
  Gateway* gateway = nullptr;
  billing.db.read([&](ReadTx& tx) {
    for (auto* each : billing.gateways.all) {
      customer = store::customer_id(tx, caller.user, std::string(each->name()));
      gateway = each;
      if (customer) return;
    }
  });
  if (!customer) return conflict("CONFLICT", "You have bought nothing here yet.");
  auto url = gateway->open_portal(*customer, billing.outreach.options.base_url + "/app/account");
  if (!url && url.error().code == remote_object_missing)
    return conflict("CONFLICT", "The payment provider does not know you any more.");
  return PortalView{TRY(std::move(url))};
}

}  // namespace tuition::billing
