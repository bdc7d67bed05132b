#include "billing/offers/quotes.h"

#include <algorithm>

#include "billing/billing.h"
#include "billing/offers/coupons.h"
#include "billing/offers/offers.h"
#include "billing/offers/pricing.h"
#include "billing/offers/tax.h"
#include "billing/offers/taxes.h"
#include "billing/store.h"
#include "platform/http/json.h"

namespace tuition::billing {
namespace {

Result<ChargeView> charge(const Price& price, const Money& off, const std::optional<Tax>& tax, Instant at) {
  ChargeView view;
  view.amount_minor = price.amount_minor;
  view.discount_minor = off.minor;
  view.at = at;
  const auto due = TRY(taxed({price.amount_minor - off.minor, price.currency}, tax));
  view.total_minor = due.total.minor;
  view.tax_minor = due.tax.minor;
  return view;
}

}  // namespace

Result<QuoteView> quote_plan(Billing& billing, const Caller& caller, const PlanId& id, const QuoteForm& form) {
  return billing.db.read([&](ReadTx& tx) -> Result<QuoteView> {
    const auto now = billing.clock.now();
    const auto plan = store::plan(tx, id);
    if (!plan || !plan->active) return not_found("That plan is not on sale.");
    const auto price = TRY(choose_price(
        store::prices_of(tx, id),
        {.plan = id, .interval = form.interval, .interval_count = form.interval_count, .currency = form.currency}));
    QuoteView view;
    view.plan = {plan->id, plan->code, plan->name};
    view.interval = price.interval;
    view.interval_count = price.interval_count;
    view.currency = price.currency;
    if (!caller.signed_in() || !store::had_subscription(tx, caller.user, plan->group))
      view.trial_days = plan->trial_days;
    const auto tax = TRY(tax_in(billing, tx, form.country));
    if (tax) view.tax = view_of(*tax);

    Money off{0, price.currency};
    bool again = false;
    if (form.coupon) {
      const auto coupon = TRY(find_coupon(tx, *form.coupon, now));
      off = TRY(try_coupon(tx, coupon,
                           {caller.user, plan->id.text(), {price.amount_minor, price.currency}, view.trial_days}, now));
      view.coupon_code = coupon.code;
      again = coupon.duration != CouponDuration::once;
    }
    const auto starts_at = now + days(view.trial_days);
    view.first = TRY(charge(price, off, tax, starts_at));
    view.renewal = TRY(charge(price, again ? off : Money{0, price.currency}, tax, one_period_after(starts_at, price)));
    return view;
  });
}

Result<ComparisonView> compare_plans(Billing& billing, const Caller& caller, const CompareForm& form) {
  const auto shown = list_plans(billing, caller);
  ComparisonView view;
  for (const auto& id : form.ids) {
    const auto& plans = shown->value;
    const auto found = std::find_if(plans.begin(), plans.end(), [&](const PlanView& plan) { return plan.id == id; });
    if (found == plans.end()) return not_found("One of these plans is not on sale.");
    view.plans.push_back(*found);
  }
  for (const auto& plan : view.plans)
    for (const auto& feature : plan.features) {
      auto row = std::find_if(view.rows.begin(), view.rows.end(),
                              [&](const ComparisonRow& each) { return each.feature == feature; });
      if (row == view.rows.end()) row = view.rows.insert(view.rows.end(), {feature, {}});
      row->in.push_back(plan.id);
    }
  return view;
}

http::Routes quote_routes(Billing& billing) {
  using http::Access;
  using http::Bucket;
  using http::Method;
  using http::Request;
  return {
      {.method = Method::get,
       .path = "/api/plans/compare",
       .operation = "comparePlans",
       .access = Access::anyone,
       .bucket = Bucket::api,
       .sentence = "Several plans and their features, side by side.",
       .endpoint = http::json([&billing](const Request& request, const CompareForm& form) -> Result<ComparisonView> {
         return compare_plans(billing, request.caller, form);
       }),
       .statuses = {404},
       .scope = "billing:read"},
      {.method = Method::get,
       .path = "/api/plans/{id}/quote",
       .operation = "quotePlan",
       .access = Access::anyone,
       .bucket = Bucket::api,
       .sentence = "What a plan costs at first and later, with coupon and tax.",
       .endpoint = http::json([&billing](const Request& request, const QuoteForm& form) -> Result<QuoteView> {
         return quote_plan(billing, request.caller, PlanId(std::string(request.param("id"))), form);
       }),
       .statuses = {404, 409, 422},
       .scope = "billing:read"},
  };
}

}  // namespace tuition::billing
