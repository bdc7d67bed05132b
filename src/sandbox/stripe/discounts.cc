#include "sandbox/stripe/discounts.h"

#include <algorithm>

#include "sandbox/stripe/params.h"

namespace tuition::sandbox::stripe {

Result<Json> create_coupon(Account& account, const Json& given) {
  using Sort = Param::Sort;
  static const Params table{{"id"},
                            {"name"},
                            {"percent_off", Sort::integer},
                            {"amount_off", Sort::integer},
                            {"currency"},
                            {"duration", Sort::text, false, {}, {"forever", "once", "repeating"}},
                            {"duration_in_months", Sort::integer},
                            {"max_redemptions", Sort::integer},
                            {"redeem_by", Sort::integer},
                            {"applies_to", Sort::known},
                            {"metadata", Sort::metadata}};
  const Json params = TRY(check_params(given, table));
  if (params.contains("percent_off") == params.contains("amount_off"))
    return refusal(Kind::invalid, "parameter_missing", "You must pass exactly one of percent_off and amount_off.",
                   "percent_off");
  if (params.contains("percent_off") &&
      (integer_at(params, "percent_off") < 1 || integer_at(params, "percent_off") > 100))
    return refusal(Kind::invalid, "", "percent_off must be greater than 0 and at most 100.", "percent_off");
  if (params.contains("amount_off") && integer_at(params, "amount_off") < 1)
    return refusal(Kind::invalid, "parameter_invalid_integer", "Invalid positive integer", "amount_off");
  if (params.contains("amount_off") && text_at(params, "currency").empty())
    return refusal(Kind::invalid, "parameter_missing", "You must pass currency when passing amount_off.", "currency");
  if ((text_at(params, "duration") == "repeating") != params.contains("duration_in_months"))
    return refusal(Kind::invalid, "", "duration_in_months goes with duration=repeating, and only with it.",
                   "duration_in_months");
  if (text_at(params, "name").size() > 40)
    return refusal(Kind::invalid, "", "Invalid string: must be at most 40 characters", "name");
  std::string id = text_at(params, "id");
  if (!id.empty() && account.find("coupon", id))
    return refusal(Kind::invalid, "resource_already_exists", "Coupon already exists.", "id");
  if (id.empty()) id = account.new_id("", 8);
  Json& coupon = account.add("coupon", std::move(id));
  for (const char* each : {"name", "percent_off", "amount_off", "currency", "duration", "duration_in_months",
                           "max_redemptions", "redeem_by"})
    if (params.contains(each)) coupon[each] = params[each];
  merge_metadata(coupon, params);
  account.emit("coupon.created", coupon);
  return coupon;
}

Result<Json> delete_coupon(Account& account, const std::string& id) {
  Json& coupon = *TRY(account.need("coupon", id, "id"));
  account.emit("coupon.deleted", coupon);
  coupon = Json{{"id", id}, {"object", "coupon"}, {"deleted", true}};
  return coupon;
}

Result<std::string> coupon_of(Account& account, const Json& params, const std::string& currency) {
  if (!params.contains("discounts") || !params["discounts"].is_array() || params["discounts"].empty())
    return std::string{};
  const Json& discounts = params["discounts"];
  if (discounts.size() > 1)
    return refusal(Kind::invalid, "", "A Checkout Session takes at most one discount.", "discounts");
  if (params.contains("allow_promotion_codes"))
    return refusal(Kind::invalid, "", "You may only specify one of these parameters: allow_promotion_codes, discounts.",
                   "discounts");
  const std::string id = text_at(discounts[0], "coupon");
  const Json* coupon = account.find("coupon", id);
  if (!coupon || coupon->contains("deleted"))
    return refusal(Kind::invalid, "resource_missing", "No such coupon: '" + id + "'", "discounts[0][coupon]");
  if ((*coupon)["amount_off"].is_number_integer() && text_at(*coupon, "currency") != currency)
    return refusal(Kind::invalid, "", "The coupon is in another currency.", "discounts[0][coupon]");
  return id;
}

std::int64_t amount_off(const Json& coupon, std::int64_t amount) {
  if (coupon["percent_off"].is_number_integer()) return (amount * integer_at(coupon, "percent_off") + 50) / 100;
  return std::min(amount, integer_at(coupon, "amount_off"));
}

void discount_subscription(Account& account, Json& subscription, const std::string& coupon_id) {
  Json& coupon = *account.find("coupon", coupon_id);
  coupon["times_redeemed"] = integer_at(coupon, "times_redeemed") + 1;
  const std::string id = account.new_id("di_1", 23);
  Json end;
  if (coupon["duration_in_months"].is_number_integer())
    end = add_months(account.now, static_cast<int>(integer_at(coupon, "duration_in_months"))).ms / 1000;
  account.keep("discount", id,
               Json{{"id", id},
                    {"object", "discount"},
                    {"customer", subscription["customer"]},
                    {"start", account.now_s()},
                    {"end", end},
                    {"source", {{"coupon", coupon_id}, {"type", "coupon"}}},
                    {"subscription", subscription["id"]}});
  subscription["discounts"] = Json::array({id});
}

void discount_invoice(Account& account, const Json& subscription, Json& invoice) {
  for (const Json& each : subscription["discounts"]) {
    Json& discount = *account.find("discount", each.get<std::string>());
    const Json* coupon = account.find("coupon", text_at(discount["source"], "coupon"));
    const std::int64_t amount = integer_at(invoice, "total");
    const bool over = discount["end"].is_number_integer() && integer_at(discount, "end") <= account.now_s();
    if (!coupon || coupon->contains("deleted") || over || amount <= 0) continue;
    const std::int64_t off = amount_off(*coupon, amount);
    for (const char* name : {"amount_due", "amount_remaining", "total", "total_excluding_tax"})
      invoice[name] = amount - off;
    const Json share{{"amount", off}, {"discount", each}};
    invoice["discounts"].push_back(each);
    invoice["total_discount_amounts"].push_back(share);
    invoice["lines"]["data"][0]["discount_amounts"].push_back(share);
    if (text_at(*coupon, "duration") == "once") discount["end"] = account.now_s();
  }
}

}  // namespace tuition::sandbox::stripe
