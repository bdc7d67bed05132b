#include "billing/offers/offers.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "billing/offers/products.h"
#include "billing/store.h"
#include "billing/subscriptions/renewals.h"

namespace tuition::billing {
namespace {

Result<ChosenOffer> choose_plan(ReadTx& tx, const UserId& buyer, const OfferWish& wish, Instant now) {
  const auto plan = store::plan(tx, *wish.plan);
  if (!plan || !plan->active) return not_found("That plan is not on sale.");
  const auto live = store::live_subscription(tx, buyer, plan->group);
  if (live && !(live->plan == plan->id && renews_by_hand(tx, *live, now)))
    return conflict("ALREADY_SUBSCRIBED", "You have a subscription already.");
  if (live && being_charged(tx, *live))
    return conflict("PAYMENT_RUNNING", "Your card is being charged for this at the moment. Please look again shortly.");
  ChosenOffer chosen;
  chosen.plan = plan->id;
  chosen.offer = offer_of(tx, plan->id, {});
  chosen.price = TRY(choose_price(store::prices_of(tx, plan->id), wish));
  // A trial is for getting to know the school, once.
  if (!store::had_subscription(tx, buyer, plan->group)) chosen.trial_days = plan->trial_days;
  return chosen;
}

Result<ChosenOffer> choose_product(ReadTx& tx, const UserId& buyer, const OfferWish& wish, Instant now) {
  const auto product = store::product(tx, *wish.product);
  if (!product || !product->active) return not_found("That product is not on sale.");
  const auto has = owned(tx, buyer, product->id, now);
  if (has && !has->ends_at) return conflict("ALREADY_OWNED", "You have this already, for good.");
  ChosenOffer chosen;
  chosen.product = product->id;
  chosen.offer = offer_of(tx, {}, product->id);
  chosen.price = TRY(choose_price(store::prices_of(tx, product->id), wish));
  return chosen;
}

}  // namespace

Result<Price> choose_price(const std::vector<Price>& prices, const OfferWish& wish) {
  std::vector<const Price*> fitting;
  for (const auto& price : prices) {
    if (wish.currency && price.currency != *wish.currency) continue;
    if (wish.interval && price.interval != *wish.interval) continue;
    if (wish.interval_count && price.interval_count != *wish.interval_count) continue;
    fitting.push_back(&price);
  }
  if (fitting.empty()) return unprocessable("There is no price in that currency and interval.");
  // Without a wish: the shortest interval and the fewest of it, then the first currency.
  return **std::min_element(fitting.begin(), fitting.end(), [](const Price* a, const Price* b) {
    return std::tuple(a->interval, a->interval_count, a->currency.code()) <
           std::tuple(b->interval, b->interval_count, b->currency.code());
  });
}

Error already_there(std::string field, std::string safe, std::string reason) {
  auto error = conflict("CONFLICT", std::move(safe));
  error.fields.push_back({std::move(field), std::move(reason)});
  return error;
}

Offer offer_of(ReadTx& tx, const PlanId& plan_id, const ProductId& product_id) {
  if (!plan_id.empty()) {
    const auto plan = store::plan(tx, plan_id);
    check(plan.has_value(), "plans are archived, not deleted");
    return {Offer::Sort::plan, plan->id.text(), plan->name, plan->provider_product_id};
  }
  const auto product = store::product(tx, product_id);
  check(product.has_value(), "products are archived, not deleted");
  return {Offer::Sort::product, product->id.text(), product->name, product->provider_product_id};
}

Result<ChosenOffer> choose_offer(ReadTx& tx, const UserId& buyer, const OfferWish& wish, Instant now) {
  if (!wish.plan && !wish.product) return invalid_field("planId", "is required, or else productId");
  if (wish.plan && wish.product) return invalid_field("productId", "must not be given together with planId");
  return wish.plan ? choose_plan(tx, buyer, wish, now) : choose_product(tx, buyer, wish, now);
}

}  // namespace tuition::billing
