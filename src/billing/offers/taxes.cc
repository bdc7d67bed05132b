#include "billing/offers/taxes.h"

#include <algorithm>

#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/offers/offers.h"
#include "billing/offers/tax.h"
#include "billing/store.h"
#include "billing/store_gateways.h"
#include "billing/subscriptions/renewals.h"
#include "platform/base/short_list.h"
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

TaxRateView view_of(const TaxRate& rate) {
  return {rate.id, rate.country, rate.name, rate.basis_points, rate.inclusive};
}

}  // namespace

Result<std::optional<Tax>> tax_in(Billing& billing, ReadTx& tx, const std::optional<std::string>& country) {
  const std::string code = country ? TRY(country_code(*country)) : billing.options.country;
  const auto rate = rate_for(store::tax_rates(tx), code);
  return rate ? std::optional(tax_of(*rate)) : std::nullopt;
}

Result<std::optional<Tax>> tax_of_order(Billing& billing, ReadTx& tx, const UserId& buyer, const PlanId& plan_id,
                                        const std::optional<std::string>& country) {
  const auto plan = country ? std::nullopt : store::plan(tx, plan_id);
  const auto live = plan ? store::live_subscription(tx, buyer, plan->group) : std::nullopt;
  return live && renewed_here(*live) ? agreed_tax(tx, *live) : tax_in(billing, tx, country);
}

Result<TaxesView> show_taxes(Billing& billing) {
  return billing.db.read([&](ReadTx& tx) -> Result<TaxesView> {
    TaxesView view;
    if (!billing.options.country.empty()) view.country = billing.options.country;
    for (const auto& each : store::tax_rates(tx)) view.rates.push_back(view_of(tax_of(each)));
    return view;
  });
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
  const TaxRate rate{new_uuid(billing.clock, billing.entropy), country, form.name, form.basis_points,
                     form.inclusive.value_or(true)};
  return billing.db.write([&](WriteTx& tx) -> Result<TaxRateView> {
    if (!store::add_tax_rate(tx, rate, billing.clock.now()))
      return already_there("country", "This country has a tax already. Remove it first.",
                           "has a tax already. Edit that one.");
    audit::record(tx,
                  {.at = billing.clock.now(),
                   .actor = caller,
                   .action = "billing.tax_rate_added",
                   .category = audit::Category::business,
                   .target_type = "tax_rate",
                   .target_id = rate.id,
                   .description = (rate.inclusive ? "Prices contain " : "To prices is added ") + rate.name + " of " +
                                  percent_of(rate.basis_points) + " % for buyers in " + rate.country + "."});
    return view_of(rate);
  });
}

Result<TaxRateView> change_tax_rate(Billing& billing, const Caller& caller, const std::string& id,
                                    const TaxChangeForm& form) {
  return billing.db.write([&](WriteTx& tx) -> Result<TaxRateView> {
    const auto rates = store::tax_rates(tx);
    const auto found = std::find_if(rates.begin(), rates.end(), [&](const TaxRate& each) { return each.id == id; });
    if (found == rates.end()) return not_found("There is no such tax.");
    auto rate = *found;
    rate.name = form.name;
    rate.basis_points = form.basis_points;
    rate.inclusive = form.inclusive.value_or(rate.inclusive);
    store::change_tax_rate(tx, rate);
    audit::record(tx, {.at = billing.clock.now(),
                       .actor = caller,
                       .action = "billing.tax_rate_changed",
                       .category = audit::Category::business,
                       .target_type = "tax_rate",
                       .target_id = id,
                       .description = "The tax of " + rate.country + " is now " + rate.name + " of " +
                                      percent_of(rate.basis_points) + " %, " +
                                      (rate.inclusive ? "contained in prices." : "added to prices.")});
    return view_of(rate);
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

http::Routes tax_routes(Billing& billing) {
  using http::Access;
  using http::Bucket;
  using http::Method;
  using http::Request;
  return {
      {.method = Method::get,
       .path = "/api/billing/taxes",
       .operation = "showTaxes",
       .access = Access::anyone,
       .bucket = Bucket::api,
       .sentence = "Which taxes are contained in prices or added to them, by the buyer's country.",
       .endpoint = http::json([&billing](const Request&) { return show_taxes(billing); }),
       .scope = "billing:read"},
      {.method = Method::get,
       .path = "/api/admin/tax-rates",
       .operation = "listTaxRates",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "The taxes on what is sold, by country.",
       .endpoint = http::json([&billing](const Request&, const ShortListForm& form) -> Result<Page<TaxRateView>> {
         return page_of_all(TRY(list_tax_rates(billing)), form, [](const TaxRateView& each) { return each.id; });
       }),
       .alias = "/admin/tax-rates",
       .scope = "billing:read"},
      {.method = Method::post,
       .path = "/api/admin/tax-rates",
       .operation = "addTaxRate",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Say what tax buyers of a country pay.",
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
