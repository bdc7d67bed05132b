#include "billing/offers/plans.h"

#include <algorithm>

#include "billing/billing.h"
#include "billing/offers/offers.h"
#include "billing/store.h"

namespace tuition::billing {
namespace {

PlanView view_of(const Plan& plan) {
  PlanView view;
  view.id = plan.id;
  view.code = plan.code;
  view.name = plan.name;
  view.description = plan.description;
  if (auto features = parse_json(plan.features.text))
    for (const auto& each : features->items) view.features.push_back(each.text);
  view.trial_days = plan.trial_days;
  view.scope.kind = plan.scope;
  if (!plan.scope_id.empty()) view.scope.id = plan.scope_id;
  view.group = plan.group;
  return view;
}

}  // namespace

PlansShown PlanShelf::plans(Database& db) {
  if (auto shown = shown_.load()) return shown;
  const auto version = version_.load();
  std::vector<PlanView> views;
  db.read([&](ReadTx& tx) {
    for (const auto& plan : store::plans_on_sale(tx)) views.push_back(view_of(plan));
    for (const auto& price : store::prices_on_sale(tx))
      for (auto& view : views)
        if (view.id == price.plan)
          view.prices.push_back({price.id, price.currency, price.amount_minor, price.interval, price.interval_count});
  });
  auto fresh = std::make_shared<const Encoded<std::vector<PlanView>>>(std::move(views));
  // Only if nothing changed while we read.
  if (version_.load() == version) shown_.store(fresh);
  return fresh;
}

void PlanShelf::empty() {
  version_.fetch_add(1);
  shown_.store(nullptr);
}

PlansShown list_plans(Billing& billing, const Caller& caller) {
  auto shown = billing.shelf.plans(billing.db);
  if (!caller.signed_in()) return shown;
  std::vector<std::string> had;
  std::optional<Subscription> current;
  billing.db.read([&](ReadTx& tx) {
    had = store::groups_had(tx, caller.user);
    if (!had.empty()) current = store::current_subscription(tx, caller.user);
  });
  if (had.empty()) return shown;
  auto own = shown->value;
  for (auto& plan : own) {
    plan.current = current && plan.id == current->plan;
    // Nobody is promised a trial that they would not get.
    if (std::find(had.begin(), had.end(), plan.group) != had.end()) plan.trial_days = 0;
  }
  return std::make_shared<const Encoded<std::vector<PlanView>>>(std::move(own));
}

Result<PlanView> show_plan(Billing& billing, const Caller& caller, const PlanId& id) {
  const auto shown = list_plans(billing, caller);
  for (const auto& plan : shown->value)
    if (plan.id == id) return plan;
  return not_found("That plan is not on sale.");
}

Result<void> offer_price(Billing& billing, WriteTx& tx, Price price, const NewPrice& wanted) {
  const auto currency = Currency::parse(wanted.currency);
  if (!currency) return invalid_field("prices.currency", "must be a currency code such as USD");
  price.id = new_id<PriceTag>(billing.clock, billing.entropy);
  price.currency = *currency;
  price.amount_minor = wanted.amount_minor;
  price.interval = wanted.interval;
  price.interval_count = wanted.interval_count;
  store::put_price(tx, price, billing.clock.now());
  return {};
}

Result<PlanId> offer_plan(Billing& billing, WriteTx& tx, const NewPlan& wanted) {
  if (store::plan_by_code(tx, wanted.code)) return already_there("code", "A plan with this code exists already.");
  const auto now = billing.clock.now();
  Plan plan;
  plan.id = new_id<PlanTag>(billing.clock, billing.entropy);
  plan.code = wanted.code;
  plan.name = wanted.name;
  plan.description = wanted.description;
  plan.features.text = to_json(wanted.features);
  plan.trial_days = wanted.trial_days;
  plan.scope = wanted.scope;
  plan.scope_id = wanted.scope_id;
  plan.group = wanted.group;
  store::put_plan(tx, plan, static_cast<std::int64_t>(store::plans_on_sale(tx).size()), now);
  for (const auto& each : wanted.prices) {
    if (each.interval == Interval::once) return invalid_field("prices.interval", "must not be once: a plan renews");
    TRY(offer_price(billing, tx, {.plan = plan.id}, each));
  }
  tx.after_commit([&shelf = billing.shelf] { shelf.empty(); });
  return plan.id;
}

}  // namespace tuition::billing
