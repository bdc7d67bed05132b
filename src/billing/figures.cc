#include "billing/figures.h"

#include "billing/billing.h"
#include "billing/store.h"
#include "billing/store_gifts.h"

namespace tuition::billing {

std::vector<OpeningPlan> plans_opening(Billing& billing, const entitlements::Target& target) {
  const auto opens = [&](const ScopeView& scope) {
    if (scope.kind == "all") return true;
    const auto& wanted = scope.kind == "course"     ? target.course_id
                         : scope.kind == "category" ? target.category
                                                    : target.feature;
    return scope.id && !wanted.empty() && *scope.id == wanted;
  };
  std::vector<OpeningPlan> plans;
  const auto shown = billing.shelf.plans(billing.db);
  for (const auto& plan : shown->value)
    if (opens(plan.scope)) plans.push_back({plan.id, plan.name});
  return plans;
}

bool renews(ReadTx& tx, const UserId& user) {
  const auto current = store::current_subscription(tx, user);
  return current && is_live(current->status) && !current->cancel_at_period_end;
}

std::vector<UserId> people_on(ReadTx& tx, const std::string& plan, Instant now) {
  return store::people_on_plan(tx, plan, now);
}

}  // namespace tuition::billing
