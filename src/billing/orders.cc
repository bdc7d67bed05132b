#include "billing/orders.h"

#include <algorithm>

#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/offers/offers.h"
#include "billing/once.h"
#include "billing/store.h"
#include "billing/subscriptions/proration.h"
#include "billing/subscriptions/renewals.h"
#include "billing/subscriptions/subscriptions.h"
#include "platform/base/fields_json.h"
#include "platform/jobs/once.h"

namespace tuition::billing {
namespace {

constexpr const char* change_route = "change-plan";

Error no_such_subscription() { return not_found("There is no such subscription."); }
Error no_subscription() { return conflict("NO_ACTIVE_SUBSCRIPTION", "You have no running subscription."); }

struct Wanted {
  OrderKind kind = OrderKind::cancel_at_end;
  PriceId price{};
  std::optional<Instant> proration_at{};
  std::optional<std::string> reason{};
  std::optional<std::string> comment{};
  std::string note{};  // of an administrator, for the trail
};

Error no_gateway() {
  return Error{Kind::not_configured, "NOT_CONFIGURED",
               "Your subscription cannot be changed here at present. Please ask the office."};
}

std::string sentence_of(ReadTx& tx, const Wanted& wanted, const Subscription& subscription) {
  const auto leaving = "; reason: " + wanted.reason.value_or("none given") + ".";
  const auto to = [&] {
    const auto price = store::price(tx, wanted.price);
    return store::plan(tx, price->plan)->code;
  };
  switch (wanted.kind) {
    case OrderKind::cancel_at_end:
      return "Asked to end the plan " + subscription.plan_code + " with its period" + leaving;
    case OrderKind::cancel_now: return "Asked to end the plan " + subscription.plan_code + " at once" + leaving;
    case OrderKind::resume:
    case OrderKind::keep_plan: return "Asked to keep the plan " + subscription.plan_code + ".";
    case OrderKind::change_now: return "Asked to change from the plan " + subscription.plan_code + " to " + to() + ".";
    case OrderKind::change_at_end:
      return "Asked to change from the plan " + subscription.plan_code + " to " + to() + " with the next period.";
    case OrderKind::pause: return "Asked to pause the plan " + subscription.plan_code + ".";
  }
  return {};
}

Result<void> may_pause(ReadTx& tx, const Subscription& subscription) {
  if (subscription.cancel_at_period_end)
    return conflict("CONFLICT", "This subscription is cancelled. Take the cancellation back first.");
  if (subscription.status != SubscriptionStatus::active)
    return conflict("CONFLICT", "Only a subscription that is paid for can be paused.");
  if (renewed_here(subscription) && (being_charged(tx, subscription) || being_paid(tx, subscription)))
    return conflict("PAYMENT_RUNNING", "The next period is being paid at the moment. Please look again later.");
  return {};
}

// The order, or one like it that waits already. Nothing when there is nothing to do.
Result<std::optional<store::SubscriptionOrder>> place(Billing& billing, WriteTx& tx, const Caller& caller,
                                                      const std::optional<Subscription>& subscription, Wanted wanted) {
  using Placed = std::optional<store::SubscriptionOrder>;
  const auto now = billing.clock.now();
  if (!subscription) return no_subscription();
  const bool ends = subscription->cancel_at_period_end;
  const bool stands_still = subscription->status == SubscriptionStatus::paused;
  // No period goes by while it stands still, so there is none to wait for.
  if (wanted.kind == OrderKind::cancel_at_end && stands_still) wanted.kind = OrderKind::cancel_now;
  if (wanted.kind == OrderKind::resume && !ends && !stands_still)
    return conflict("CONFLICT", "This subscription is neither cancelled nor paused.");
  if (wanted.kind == OrderKind::pause) TRY(may_pause(tx, *subscription));
  if (wanted.kind == OrderKind::keep_plan && !subscription->scheduled_at)
    return conflict("CONFLICT", "This subscription does not change.");
  if (wanted.kind == OrderKind::cancel_at_end && ends) return Placed{};
  if (auto pending = store::pending_order(tx, subscription->id)) {
    if (pending->kind == wanted.kind && pending->price == wanted.price) return Placed{std::move(*pending)};
    return conflict("CONFLICT", "Another change of this subscription is on its way. Please try again in a moment.");
  }
  if (!billing.gateways.named(subscription->provider)) return no_gateway();
  store::SubscriptionOrder order;
  order.id = new_id<SubscriptionOrderTag>(billing.clock, billing.entropy);
  order.subscription = subscription->id;
  order.kind = wanted.kind;
  order.price = wanted.price;
  order.proration_at = wanted.proration_at;
  order.reason = wanted.reason;
  order.comment = wanted.comment;
  const auto job = billing.queue.push(
      tx, {.kind = "billing.carry_out_order", .payload_json = "{\"id\":\"" + order.id.text() + "\"}"});
  order.job = job.text();
  store::put_order(tx, order, now);
  store::note_cancel_reason(tx, subscription->id, wanted.reason);
  audit::record(tx, {.at = now,
                     .actor = caller,
                     .action = "subscription." + std::string(name_of(wanted.kind)) + "_asked",
                     .category = audit::Category::business,
                     .target_type = "subscription",
                     .target_id = subscription->id.text(),
                     .description = sentence_of(tx, wanted, *subscription) +
                                    (wanted.note.empty() ? std::string{} : " Said: " + wanted.note)});
  return Placed{std::move(order)};
}

Result<std::optional<store::SubscriptionOrder>> place_own(Billing& billing, WriteTx& tx, const Caller& caller,
                                                          const Wanted& wanted) {
  return place(billing, tx, caller, store::current_subscription(tx, caller.user), wanted);
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
                         refused ? "The payment provider did not accept this change; your plan stays as it is."
                                 : "The payment provider cannot be reached at the moment. Please try again later."};
          }
          return Ordered<V>{view(billing, tx, *subscription), order->status == OrderStatus::pending};
        }));
      });
}

template <class V, class View>
void order_and_answer(Billing& billing, const Caller& caller, const Wanted& wanted,
                      std::function<void(Result<Ordered<V>>)> answer, View view) {
  const auto placed = billing.db.write([&](WriteTx& tx) { return place_own(billing, tx, caller, wanted); });
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

SubscriptionView shown(Billing& billing, ReadTx& tx, const Subscription& subscription) {
  return view_of(billing, tx, subscription);
}

void answer_by(Billing& billing, const SubscriptionOrderId& id,
               std::function<void(Result<Ordered<SubscriptionView>>)> answer) {
  const auto order = billing.db.read([&](ReadTx& tx) { return store::order(tx, id); });
  check(order.has_value(), "orders are kept");
  answer_when_done<SubscriptionView>(billing, order->subscription, *order, std::move(answer), shown);
}

CancellationView cancellation_of(Billing& billing, ReadTx& tx, const Subscription& subscription) {
  const auto whole = view_of(billing, tx, subscription);
  return {whole.status, whole.cancel_at_period_end, whole.access_until};
}

// A change that may be made: from what, to what, and which way.
struct Change {
  Subscription from{};
  Plan plan{};
  Price price{};
  ChangeKind kind = ChangeKind::upgrade;
};
Result<Change> choose_change(ReadTx& tx, const std::optional<Subscription>& current, const PlanId& plan_id,
                             const std::optional<Interval>& interval,
                             const std::optional<std::int64_t>& interval_count) {
  if (!current) return no_subscription();
  const auto plan = store::plan(tx, plan_id);
  if (!plan || !plan->active) return not_found("That plan is not on sale.");
  if (plan->group != current->group)
    return unprocessable("That plan is not one to change to; it can be bought beside.");
  if (current->cancel_at_period_end)
    return conflict("CONFLICT", "Your subscription is cancelled. Take the cancellation back first.");
  if (current->status != SubscriptionStatus::active && current->status != SubscriptionStatus::trialing)
    return conflict("CONFLICT", "A payment is due. Please settle it first.");
  const auto old_price = store::price(tx, current->price);
  check(old_price.has_value(), "a subscription has its price");
  OfferWish wish{.interval = interval.value_or(old_price->interval),
                 .interval_count = interval_count,
                 .currency = old_price->currency};
  const auto prices = store::prices_of(tx, plan->id);
  // What is not said stays as it is, where the plan has that.
  if (!interval && !interval_count) wish.interval_count = old_price->interval_count;
  auto price = choose_price(prices, wish);
  if (!price && !interval && !interval_count) {
    wish.interval_count.reset();
    price = choose_price(prices, wish);
  }
  if (!price) return unprocessable("This plan has no price in your currency and that interval.");
  if (price->id == old_price->id) return unprocessable("That is what you have.");
  return Change{*current, *plan, *price, kind_of_change(*old_price, *price)};
}

// Of a change with the next period.
ChangePreview next_period_preview(const Change& change) {
  ChangePreview view;
  view.kind = name_of(change.kind);
  view.effective = ChangeTime::period_end;
  view.effective_at = change.from.period_end;
  view.plan = {change.plan.id, change.plan.code, change.plan.name};
  view.interval = change.price.interval;
  view.interval_count = change.price.interval_count;
  view.amount_minor = change.price.amount_minor;
  view.currency = change.price.currency;
  return view;
}

// The gateway's name of the price to change to, kept for the next time.
Result<std::string> remote_price(Billing& billing, Gateway& gateway, const Offer& offer, const Price& price) {
  const auto prepared = TRY(gateway.prepare_price(offer, price));
  if (!price.provider_price_id)
    billing.db.write([&](WriteTx& tx) {
      store::remember_offer(tx, offer, prepared.product_id);
      store::remember_price(tx, price.id, std::string(gateway.name()), prepared.price_id);
    });
  return prepared.price_id;
}

// The subscription as its gateway has it, at the item that carries our plan.
Result<SubscriptionState> our_part(Billing& billing, Gateway& gateway, const Subscription& subscription) {
  auto state = TRY(gateway.fetch_subscription(subscription.provider_id));
  return billing.db.read([&](ReadTx& tx) { return at_our_item(tx, subscription.provider, std::move(state)); });
}

Result<SubscriptionState> ask(Billing& billing, Gateway& gateway, const store::SubscriptionOrder& order,
                              const Subscription& subscription) {
  if (order.kind == OrderKind::cancel_now) return gateway.cancel_subscription(subscription.provider_id);
  const auto key = "order-" + order.id.text();
  auto state = TRY(our_part(billing, gateway, subscription));
  // A change to come stands in the way of every other, but of one that takes its place.
  if (order.kind != OrderKind::change_at_end && !state.schedule_id.empty()) {
    TRY(gateway.keep_plan(state));
    state = TRY(our_part(billing, gateway, subscription));
  }
  switch (order.kind) {
    case OrderKind::cancel_now:
    case OrderKind::keep_plan: return state;
    case OrderKind::pause:
      if (state.status == SubscriptionStatus::paused) return state;
      return gateway.set_standstill(state.id, Standstill::begin, key);
    case OrderKind::cancel_at_end:
    case OrderKind::resume:
      if (state.status == SubscriptionStatus::paused) return gateway.set_standstill(state.id, Standstill::end, key);
      return gateway.set_ending(
          state.id, {order.kind == OrderKind::cancel_at_end, order.reason.value_or(""), order.comment.value_or("")},
          key);
    case OrderKind::change_now:
    case OrderKind::change_at_end: break;
  }
  const auto price = billing.db.read([&](ReadTx& tx) { return store::price(tx, order.price); });
  const auto offer = billing.db.read([&](ReadTx& tx) { return offer_of(tx, price->plan, {}); });
  const auto id = TRY(remote_price(billing, gateway, offer, *price));
  // Done by a try whose answer was lost.
  if (state.price_id == id) return state;
  return order.kind == OrderKind::change_now ? gateway.change_now(state, id, *order.proration_at, key)
                                             : gateway.change_at_end(state, id, *price, key);
}

// What our books know of a change to come, the gateway keeps no name of ours.
void schedule(WriteTx& tx, const store::SubscriptionOrder& order, const SubscriptionState& state) {
  const bool to_come = order.kind == OrderKind::change_at_end;
  store::schedule_change(tx, order.subscription, to_come ? order.price : PriceId{},
                         to_come ? std::optional(state.period_end) : std::nullopt);
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
  order_and_answer<SubscriptionView>(billing, caller, {.kind = OrderKind::resume}, std::move(answer), shown);
}

void pause_subscription(Billing& billing, const Caller& caller,
                        std::function<void(Result<Ordered<SubscriptionView>>)> answer) {
  if (!billing.options.people_may_pause) {
    answer(Error{Kind::forbidden, "FORBIDDEN", "The school pauses subscriptions itself. Please ask the office."});
    return;
  }
  order_and_answer<SubscriptionView>(billing, caller, {.kind = OrderKind::pause}, std::move(answer), shown);
}

Result<ChangePreview> preview_change(Billing& billing, const Caller& caller, const ChangeForm& form) {
  const auto change = TRY(billing.db.read([&](ReadTx& tx) {
    return choose_change(tx, store::current_subscription(tx, caller.user), form.plan, form.interval,
                         form.interval_count);
  }));
  auto view = next_period_preview(change);
  auto* gateway = billing.gateways.named(change.from.provider);
  if (!gateway) return no_gateway();
  // Who cannot charge a part of a period changes with the next one.
  if (change.kind == ChangeKind::downgrade || renewed_here(change.from) || gateway->service() != Service::billing) {
    return view;
  }
  const auto at = Instant{billing.clock.now().ms / 1000 * 1000};  // whole seconds, as gateways count
  const auto offer = billing.db.read([&](ReadTx& tx) { return offer_of(tx, change.plan.id, {}); });
  const auto id = TRY(remote_price(billing, *gateway, offer, change.price));
  const auto state = TRY(our_part(billing, *gateway, change.from));
  const auto quote = TRY(gateway->preview_change(state, id, at));
  view.effective = ChangeTime::now;
  view.effective_at = at;
  view.due_now_minor = quote.due_minor;
  view.credit_minor = quote.credit_minor;
  view.proration_date = at;
  return view;
}

void check_proration(const UpgradeForm& form, Instant now, FormProblems& problems) {
  if (form.proration_date && (*form.proration_date > now || *form.proration_date < now - hours(1)))
    problems.add("prorationDate", "must be the moment of a preview within the last hour");
}

void change_plan(Billing& billing, const Caller& caller, const UpgradeForm& form, std::string_view key,
                 std::function<void(Result<Ordered<SubscriptionView>>)> answer) {
  if (const auto good = jobs::check_key(key); !good) {
    answer(good.error());
    return;
  }
  const auto now = billing.clock.now();
  const OnceKey use{std::string(key), caller.user, change_route, to_json(form)};
  const auto change = billing.db.read([&](ReadTx& tx) {
    return choose_change(tx, store::current_subscription(tx, caller.user), form.plan, form.interval,
                         form.interval_count);
  });
  // After the choice: what the key has made may be why there is nothing to choose any more.
  const auto before = billing.db.read([&](ReadTx& tx) { return made_before(tx, use); });
  if (!before) {
    answer(before.error());
    return;
  }
  if (!before->empty()) {
    answer_by(billing, SubscriptionOrderId(*before), std::move(answer));
    return;
  }
  if (!change) {
    answer(change.error());
    return;
  }
  const bool up = change->kind == ChangeKind::upgrade;
  const auto* gateway = billing.gateways.named(change->from.provider);
  const bool at_once = up && !renewed_here(change->from) && (!gateway || gateway->service() == Service::billing);
  const auto when = form.effective.value_or(at_once ? ChangeTime::now : ChangeTime::period_end);
  if (up && !at_once && when == ChangeTime::now) {
    answer(unprocessable("With this payment provider a plan changes with the next period."));
    return;
  }
  if (!up && when == ChangeTime::now) {
    answer(unprocessable("A step down takes place with the next period: what is paid stays yours until then."));
    return;
  }
  if (const auto good = checked<UpgradeForm>(
          form, [&](const UpgradeForm& each, FormProblems& problems) { check_proration(each, now, problems); });
      !good) {
    answer(good.error());
    return;
  }
  Wanted wanted;
  wanted.kind = when == ChangeTime::now ? OrderKind::change_now : OrderKind::change_at_end;
  wanted.price = change->price.id;
  wanted.proration_at = Instant{form.proration_date.value_or(now).ms / 1000 * 1000};
  const auto placed = billing.db.write([&](WriteTx& tx) {
    return once(tx, use, now, [&]() -> Result<std::string> {
      const auto order = TRY(place_own(billing, tx, caller, wanted));
      check(order.has_value(), "a change is always something to do");
      return order->id.text();
    });
  });
  if (!placed) {
    answer(placed.error());
    return;
  }
  answer_by(billing, SubscriptionOrderId(*placed), std::move(answer));
}

void keep_plan(Billing& billing, const Caller& caller, std::function<void(Result<Ordered<SubscriptionView>>)> answer) {
  order_and_answer<SubscriptionView>(billing, caller, {.kind = OrderKind::keep_plan}, std::move(answer), shown);
}

void order_for(Billing& billing, const Caller& caller, const SubscriptionId& id, const InTheirStead& order,
               std::function<void(Result<Ordered<SubscriptionView>>)> answer) {
  const auto placed = billing.db.write([&](WriteTx& tx) -> Result<std::optional<store::SubscriptionOrder>> {
    if (!caller.is_admin()) return no_such_subscription();
    const auto subscription = store::subscription(tx, id);
    if (!subscription) return no_such_subscription();
    if (!is_live(subscription->status)) return conflict("NO_ACTIVE_SUBSCRIPTION", "This subscription is over.");
    Wanted wanted;
    wanted.kind = order.kind;
    wanted.comment = order.comment;
    wanted.note = order.comment.value_or("");
    if (order.kind == OrderKind::change_at_end) {
      if (!order.plan) return invalid_field("planId", "is required");
      wanted.price = TRY(choose_change(tx, subscription, *order.plan, order.interval, order.interval_count)).price.id;
    }
    return place(billing, tx, caller, subscription, wanted);
  });
  if (!placed) {
    answer(placed.error());
  } else if (*placed) {
    answer_when_done<SubscriptionView>(billing, id, **placed, std::move(answer), shown);
  } else {
    answer(billing.db.read([&](ReadTx& tx) -> Result<Ordered<SubscriptionView>> {
      return Ordered<SubscriptionView>{view_of(billing, tx, *store::subscription(tx, id))};
    }));
  }
}

Result<ChangePreview> preview_change_for(Billing& billing, const Caller& caller, const SubscriptionId& id,
                                         const ChangeForm& form) {
  return billing.db.read([&](ReadTx& tx) -> Result<ChangePreview> {
    const auto subscription = store::subscription(tx, id);
    if (!caller.is_admin() || !subscription) return no_such_subscription();
    if (!is_live(subscription->status)) return conflict("NO_ACTIVE_SUBSCRIPTION", "This subscription is over.");
    return next_period_preview(TRY(choose_change(tx, subscription, form.plan, form.interval, form.interval_count)));
  });
}

Result<SubscriptionView> extend_period(Billing& billing, const Caller& caller, const SubscriptionId& id, Instant until,
                                       const std::string& reason) {
  return billing.db.write([&](WriteTx& tx) -> Result<SubscriptionView> {
    if (!caller.is_admin()) return no_such_subscription();
    const auto subscription = store::subscription(tx, id);
    if (!subscription) return no_such_subscription();
    if (!is_live(subscription->status)) return conflict("NO_ACTIVE_SUBSCRIPTION", "This subscription is over.");
    if (!renewed_here(*subscription))
      return conflict("CONFLICT", "The payment provider keeps the periods of this subscription; see its dashboard.");
    if (being_charged(tx, *subscription) || being_paid(tx, *subscription))
      return conflict("PAYMENT_RUNNING", "The next period is being paid at the moment. Please look again later.");
    const auto end = std::max(subscription->period_end, billing.clock.now());
    if (until <= end || until > end + days(731))
      return invalid_field("until", "must be after the end of the period, by two years at most");
    auto state = TRY(order_own(billing, *subscription, OrderKind::keep_plan, {}));
    state.status = SubscriptionStatus::active;
    state.period_end = until;
    put_subscription(billing, tx, subscription->provider, state);
    audit::record(tx,
                  {.at = billing.clock.now(),
                   .actor = caller,
                   .action = "subscription.extended",
                   .category = audit::Category::business,
                   .target_type = "subscription",
                   .target_id = id.text(),
                   .description = "The plan " + subscription->plan_code + " was extended to " + to_text(day_of(until)) +
                                  " without a payment" + (reason.empty() ? "." : "; reason: " + reason + ".")});
    return view_of(billing, tx, *store::subscription(tx, id));
  });
}

Result<void> end_for_removal(Billing& billing, WriteTx& tx, const UserId& user) {
  auto caller = system_caller();
  caller.user = user;
  TRY(place_own(billing, tx, caller, {.kind = OrderKind::cancel_now}));
  return {};
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
  // Where plans do not change and nothing stands still, it is turned off and goes on with us. A move that was begun is
  // finished first.
  const bool ours_to_do = order->kind == OrderKind::change_at_end || order->kind == OrderKind::pause;
  const bool moves = !renewed_here(*subscription) && gateway->service() != Service::billing && ours_to_do;
  if (moves || is_half_moved(*subscription)) {
    auto moved = move_to_us(billing, *gateway, order->subscription);
    if (!moved) return jobs::Outcome::later(moved.error().detail);
    subscription = std::move(moved).value();
  }
  const bool own = renewed_here(*subscription);
  const auto state = own ? order_own(billing, *subscription, order->kind, order->price)
                         : ask(billing, *gateway, *order, *subscription);
  if (!state && state.error().kind != Kind::rejected) return jobs::Outcome::later(state.error().detail);
  // Refused, perhaps because it has ended there: our books learn of it.
  const auto there = state || own ? state : gateway->fetch_subscription(subscription->provider_id);
  const bool done = state && !(order->kind == OrderKind::change_now && state->change_unpaid);
  billing.db.write([&](WriteTx& tx) {
    if (done) schedule(tx, *order, *state);
    if (there) put_subscription(billing, tx, subscription->provider, *there);
    store::end_order(tx, id, done ? OrderStatus::done : OrderStatus::failed, done ? "" : "PAYMENT_REJECTED",
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
  PortalVisit visit{.return_url = billing.outreach.options.base_url + "/app/account/subscription"};
  bool own = false;
  billing.db.read([&](ReadTx& tx) {
    if (const auto current = store::current_subscription(tx, caller.user)) {
      own = renewed_here(*current);
      gateway = billing.gateways.named(current->provider);
      customer = store::customer_id(tx, caller.user, current->provider);
      visit.subscription_id = current->provider_id;
      if (gateway && customer) return;
    }
    visit.subscription_id.clear();
    for (auto* each : billing.gateways.all) {
      customer = store::customer_id(tx, caller.user, std::string(each->name()));
      gateway = each;
      if (customer) return;
    }
  });
  // Where the gateway has no such page, ours is all there is.
  if (own) return PortalView{visit.return_url};
  if (!customer) return conflict("CONFLICT", "You have bought nothing here yet.");
  visit.customer_id = *customer;
  auto url = gateway->open_portal(visit);
  if (!url && url.error().code == remote_object_missing)
    return conflict("CONFLICT", "The payment provider does not know you any more.");
  return PortalView{TRY(std::move(url))};
}

}  // namespace tuition::billing
