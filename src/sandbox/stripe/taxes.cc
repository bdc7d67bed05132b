#include "sandbox/stripe/taxes.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "platform/base/text.h"
#include "sandbox/stripe/params.h"

namespace tuition::sandbox::stripe {
namespace {

// Percentages are counted in ten thousandths: "7.25" is 72500.
constexpr std::int64_t one_per_cent = 10'000;

std::optional<std::int64_t> parse_percentage(const std::string& text) {
  const auto point = text.find('.');
  const auto whole = parse_integer(text.substr(0, point));
  std::string rest = point == std::string::npos ? "" : text.substr(point + 1);
  const bool digits = std::all_of(rest.begin(), rest.end(), [](char each) { return each >= '0' && each <= '9'; });
  if (!whole || *whole < 0 || *whole > 100 || rest.size() > 4 || !digits) return std::nullopt;
  rest.resize(4, '0');
  return *whole * one_per_cent + *parse_integer(rest);
}

std::int64_t rounded(std::int64_t amount, std::int64_t numerator, std::int64_t denominator) {
  return (amount * numerator + denominator / 2) / denominator;
}

std::int64_t tax_of_rate(const Json& rate, std::int64_t amount) {
  const std::int64_t part = std::llround(rate["percentage"].get<double>() * one_per_cent);
  const std::int64_t whole = 100 * one_per_cent;
  return rounded(amount, part, rate["inclusive"] == true ? whole + part : whole);
}

}  // namespace

Result<Json> create_tax_rate(Account& account, const Json& given) {
  using Sort = Param::Sort;
  static const Params table{{"display_name", Sort::text, true},
                            {"percentage", Sort::text, true},
                            {"inclusive", Sort::boolean, true},
                            {"active", Sort::boolean},
                            {"country"},
                            {"description"},
                            {"jurisdiction"},
                            {"state"},
                            {"tax_type"},
                            {"metadata", Sort::metadata}};
  const Json params = TRY(check_params(given, table));
  const auto parts = parse_percentage(text_at(params, "percentage"));
  if (!parts) return refusal(Kind::invalid, "parameter_invalid_decimal", "Invalid decimal.", "percentage");
  if (text_at(params, "display_name").size() > 50)
    return refusal(Kind::invalid, "", "Invalid string: must be at most 50 characters", "display_name");
  const std::string country = text_at(params, "country");
  if (!country.empty() && country.size() != 2)
    return refusal(Kind::invalid, "country_code_invalid", "Country codes have two letters.", "country");
  const std::string id = account.new_id("txr_1", 23);
  Json& rate = account.keep("tax_rate", id,
                            Json{{"id", id},
                                 {"object", "tax_rate"},
                                 {"active", params.value("active", true)},
                                 {"country", country.empty() ? Json() : Json(country)},
                                 {"created", account.now_s()},
                                 {"description", params.value("description", Json())},
                                 {"display_name", params["display_name"]},
                                 {"effective_percentage", nullptr},
                                 {"flat_amount", nullptr},
                                 {"inclusive", params["inclusive"]},
                                 {"jurisdiction", params.value("jurisdiction", Json())},
                                 {"jurisdiction_level", nullptr},
                                 {"livemode", false},
                                 {"metadata", Json::object()},
                                 {"percentage", static_cast<double>(*parts) / one_per_cent},
                                 {"rate_type", "percentage"},
                                 {"state", params.value("state", Json())},
                                 {"tax_type", params.value("tax_type", Json())}});
  merge_metadata(rate, params);
  account.emit("tax_rate.created", rate);
  return rate;
}

Result<Json> tax_rates_of(Account& account, const Json& line, const std::string& path) {
  Json rates = Json::array();
  if (!line.contains("tax_rates") || !line["tax_rates"].is_array()) return rates;
  for (std::size_t i = 0; i < line["tax_rates"].size(); ++i) {
    const std::string id = line["tax_rates"][i].get<std::string>();
    const std::string at = path + "[tax_rates][" + std::to_string(i) + "]";
    const Json* rate = account.find("tax_rate", id);
    if (!rate) return refusal(Kind::invalid, "resource_missing", "No such tax rate: '" + id + "'", at);
    if ((*rate)["active"] != true) return refusal(Kind::invalid, "", "The tax rate is not active.", at);
    rates.push_back(*rate);
  }
  return rates;
}

TaxSum tax_on(const Json& rates, std::int64_t amount) {
  TaxSum sum;
  for (const Json& each : rates) {
    const std::int64_t tax = tax_of_rate(each, amount);
    sum.all += tax;
    if (each["inclusive"] != true) sum.added += tax;
  }
  return sum;
}

void tax_invoice(const Json& item, Json& invoice) {
  const std::int64_t amount = integer_at(invoice, "total");
  if (amount <= 0) return;
  const TaxSum sum = tax_on(item["tax_rates"], amount);
  for (const Json& each : item["tax_rates"]) {
    const bool inclusive = each["inclusive"] == true;
    invoice["total_taxes"].push_back(Json{{"amount", tax_of_rate(each, amount)},
                                          {"tax_behavior", inclusive ? "inclusive" : "exclusive"},
                                          {"tax_rate_details", {{"tax_rate", each["id"]}}},
                                          {"taxability_reason", "standard_rated"},
                                          {"taxable_amount", amount - (sum.all - sum.added)},
                                          {"type", "tax_rate_details"}});
  }
  for (const char* each : {"amount_due", "amount_remaining", "total"}) invoice[each] = amount + sum.added;
  invoice["total_excluding_tax"] = amount + sum.added - sum.all;
  invoice["subtotal_excluding_tax"] = integer_at(invoice, "subtotal") - (sum.all - sum.added);
}

}  // namespace tuition::sandbox::stripe
