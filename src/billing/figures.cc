#include "billing/figures.h"

#include <algorithm>

#include "billing/billing.h"
#include "billing/payments/store_by_hand.h"
#include "billing/store.h"
#include "billing/subscriptions/store_gifts.h"
#include "billing/subscriptions/store_renewals.h"

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

std::vector<OpeningProduct> products_opening(ReadTx& tx, const entitlements::Target& target) {
  const auto opens = [&](const ProductScope& each) {
    switch (each.scope) {
      case entitlements::Scope::all: return true;
      case entitlements::Scope::course: return each.scope_id == target.course_id;
      case entitlements::Scope::category: return each.scope_id == target.category;
      case entitlements::Scope::feature: return each.scope_id == target.feature;
    }
    return false;
  };
  std::vector<OpeningProduct> found;
  const auto scopes = store::scopes_on_sale(tx);
  for (const auto& product : store::products_on_sale(tx)) {
    if (std::none_of(scopes.begin(), scopes.end(),
                     [&](const ProductScope& each) { return each.product == product.id && opens(each); }))
      continue;
    OpeningProduct opening{product.id, product.name, {}};
    for (const auto& price : store::prices_of(tx, product.id))
      opening.prices.push_back({price.amount_minor, price.currency});
    if (!opening.prices.empty()) found.push_back(std::move(opening));
  }
  return found;
}

void forget_person(WriteTx& tx, const UserId& user) { store::forget_cards(tx, user); }

bool renews(ReadTx& tx, const UserId& user) {
  const auto current = store::current_subscription(tx, user);
  return current && is_live(current->status) && !current->cancel_at_period_end;
}

std::vector<UserId> people_on(ReadTx& tx, const std::string& plan, Instant now) {
  return store::people_on_plan(tx, plan, now);
}

bool is_receipt(ReadTx& tx, const std::string& media) { return store::is_proof(tx, media); }

}  // namespace tuition::billing
