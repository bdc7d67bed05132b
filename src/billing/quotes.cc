#include "billing/quotes.h"

#include <algorithm>

#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/coupons.h"
#include "billing/offers.h"
#include "billing/pricing.h"
#include "billing/store.h"
#include "billing/store_gateways.h"
#include "billing/tax.h"
#include "platform/http/json.h"

namespace tuition::billing {
namespace {

// Two capital letters, whatever was typed.
Result<std::string> country_code(const std::string& typed) {
  std::string code;
  for (const char each : typed) {
    const char upper = each >= 'a' && each <= 'z' ? static_cast<char>(each - 'a' + 'A') : each;
    if (upper < 'A' || upper > 'Z') return invalid_field("country", "must be two letters, such as KE");
    code += upper;
  }
  return code;
}

Result<ChargeView> charge(const Price& price, const Money& off, const std::optional<TaxRate>& rate, Instant at) {
  ChargeView view;
  view.amount_minor = price.amount_minor;
  view.discount_minor = off.minor;
  view.total_minor = price.amount_minor - off.minor;
  view.at = at;
  if (rate) view.tax_minor = TRY(contained_tax({view.total_minor, price.currency}, *rate)).minor;
  return view;
}

TaxRateView view_of(const TaxRate& rate) { return {rate.id, rate.country, rate.name, rate.basis_points}; }

}  // namespace

Result<QuoteView> quote_plan(Billing& billing, const Caller& caller, const PlanId& id, const QuoteForm& form) {
  const auto country = form.country ? std::optional(TRY(country_code(*form.country))) : std::nullopt;
  return billing.db.read([&](ReadTx& tx) -> Result<QuoteView> {
    const auto now = billing.clock.now();
    const auto plan = store::plan(tx, id);
    if (!plan || !plan->active) return not_found("That plan is not on sale.");
    const auto price =
        TRY(choose_price(store::prices_of(tx, id), {.plan = id, .interval = form.interval, .currency = form.currency}));
    QuoteView view;
    view.plan = {plan->id, plan->code, plan->name};
    view.interval = price.interval;
    view.interval_count = price.interval_count;
    view.currency = price.currency;
    if (!caller.signed_in() || !store::had_subscription(tx, caller.user, plan->group))
      view.trial_days = plan->trial_days;
    const auto rate = country ? rate_for(store::tax_rates(tx), *country) : std::nullopt;
    if (rate) view.tax = TaxView{rate->name, rate->country, rate->basis_points};

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
    view.first = TRY(charge(price, off, rate, starts_at));
    view.renewal = TRY(charge(price, again ? off : Money{0, price.currency}, rate, one_period_after(starts_at, price)));
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

Result<std::vector<TaxRateView>> list_tax_rates(Billing& billing) {
  return billing.db.read([&](ReadTx& tx) -> Result<std::vector<TaxRateView>> {
    std::vector<TaxRateView> views;
    for (const auto& each : store::tax_rates(tx)) views.push_back(view_of(each));
    return views;
  });
}

Result<TaxRateView> add_tax_rate(Billing& billing, const Caller& caller, const TaxRateForm& form) {
  const std::string country = TRY(country_code(form.country));
  const TaxRate rate{new_uuid(billing.clock, billing.entropy), country, form.name, form.basis_points};
  return billing.db.write([&](WriteTx& tx) -> Result<TaxRateView> {
    if (!store::add_tax_rate(tx, rate, billing.clock.now()))
      return conflict("CONFLICT", "This country has a tax already. Remove it first.");
    audit::record(tx, {.at = billing.clock.now(),
                       .actor = caller,
                       .action = "billing.tax_rate_added",
                       .category = audit::Category::business,
                       .target_type = "tax_rate",
                       .target_id = rate.id,
                       .description = "Prices contain " + rate.name + " for buyers in " + rate.country + "."});
    return view_of(rate);
  });
}

Result<TaxRateView> change_tax_rate(Billing& billing, const Caller& caller, const std::string& id,
                                    const TaxChangeForm& form) {
  return billing.db.write([&](WriteTx& tx) -> Result<TaxRateView> {
    if (!store::change_tax_rate(tx, id, form.name, form.basis_points)) return not_found("There is no such tax.");
    audit::record(tx, {.at = billing.clock.now(),
                       .actor = caller,
                       .action = "billing.tax_rate_changed",
                       .category = audit::Category::business,
                       .target_type = "tax_rate",
                       .target_id = id,
                       .description = "A tax was changed; it is called " + form.name + "."});
    for (const auto& rate : store::tax_rates(tx))
      if (rate.id == id) return view_of(rate);
    return not_found("There is no such tax.");
  });
}

Result<void> remove_tax_rate(Billing& billing, const Caller& caller, const std::string& id) {
  return billing.db.write([&](WriteTx& tx) -> Result<void> {
    if (!store::remove_tax_rate(tx, id)) return not_found("There is no such tax.");
    audit::record(tx, {.at = billing.clock.now(),
                       .actor = caller,
                       .action = "billing.tax_rate_removed",
                       .category = audit::Category::business,
                       .target_type = "tax_rate",
                       .target_id = id,
                       .description = "A tax was removed."});
    return {};
  });
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
      {.method = Method::get,
       .path = "/api/admin/tax-rates",
       .operation = "listTaxRates",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "The taxes that are contained in prices.",
       .endpoint = http::json([&billing](const Request&) { return list_tax_rates(billing); }),
       .alias = "/admin/tax-rates",
       .scope = "billing:read"},
      {.method = Method::post,
       .path = "/api/admin/tax-rates",
       .operation = "addTaxRate",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Say what tax prices contain for buyers of a country.",
       .endpoint = http::json([&billing](const Request& request, const TaxRateForm& form) -> Result<TaxRateView> {
         return add_tax_rate(billing, request.caller, form);
       }),
       .statuses = {409},
       .alias = "/admin/tax-rates",
       .success = 201,
       .scope = "billing:write"},
      {.method = Method::put,
       .path = "/api/admin/tax-rates/{id}",
       .operation = "changeTaxRate",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Change a country's tax, for what is sold from now on.",
       .endpoint = http::json([&billing](const Request& request, const TaxChangeForm& form) -> Result<TaxRateView> {
         return change_tax_rate(billing, request.caller, std::string(request.param("id")), form);
       }),
       .statuses = {404},
       .alias = "/admin/tax-rates/{id}",
       .scope = "billing:write"},
      {.method = Method::del,
       .path = "/api/admin/tax-rates/{id}",
       .operation = "removeTaxRate",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Remove a country's tax.",
       .endpoint = http::json([&billing](const Request& request) -> Result<http::NoData> {
         TRY(remove_tax_rate(billing, request.caller, std::string(request.param("id"))));
         return http::NoData{};
       }),
       .statuses = {404},
       .alias = "/admin/tax-rates/{id}",
       .scope = "billing:write"},
  };
}

}  // namespace tuition::billing
