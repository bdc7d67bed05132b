#include "sandbox/stripe/catalogue.h"

#include "platform/base/text.h"
#include "sandbox/stripe/billing.h"
#include "sandbox/stripe/params.h"

namespace tuition::sandbox::stripe {
namespace {

using Sort = Param::Sort;

const Params& customer_params() {
  static const Params table{{"email"},
                            {"name"},
                            {"description"},
                            {"phone"},
                            {"metadata", Sort::metadata},
                            {"address", Sort::known},
                            {"balance", Sort::integer},
                            {"invoice_settings", Sort::known},
                            {"payment_method"},
                            {"preferred_locales", Sort::list},
                            {"shipping", Sort::known},
                            {"tax", Sort::known},
                            {"tax_exempt", Sort::text, false, {}, {"", "exempt", "none", "reverse"}},
                            {"tax_id_data", Sort::known}};
  return table;
}

// Texts that a request may set, or unset with an empty one.
void take_texts(Json& object, const Json& params, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (params.contains(name)) object[name] = params[name] == "" ? Json() : params[name];
}

bool is_currency(const std::string& text) {
  return text.size() == 3 && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos;
}

}  // namespace

Result<Json> create_customer(Account& account, const Json& given) {
  const Json params = TRY(check_params(given, customer_params()));
  Json& customer = account.add("customer", account.new_id("cus_", 14));
  customer["invoice_prefix"] = account.new_id("", 8);
  take_texts(customer, params, {"email", "name", "description", "phone"});
  merge_metadata(customer, params);
  account.emit("customer.created", customer);
  return customer;
}

Result<Json> update_customer(Account& account, const std::string& id, const Json& given) {
  Json& customer = *TRY(account.need("customer", id, "id"));
  if (customer.contains("deleted"))
    return refusal(Kind::not_found, "resource_missing", "No such customer: '" + id + "'", "id");
  const Json params = TRY(check_params(given, customer_params()));
  const Json before = former(customer, {"email", "name", "description", "phone", "metadata"});
  take_texts(customer, params, {"email", "name", "description", "phone"});
  merge_metadata(customer, params);
  account.emit("customer.updated", customer, before);
  return customer;
}

Result<Json> delete_customer(Account& account, const std::string& id) {
  Json& customer = *TRY(account.need("customer", id, "id"));
  for (const auto& each : account.ids("subscription"))
    if (Json* subscription = account.find("subscription", each);
        text_at(*subscription, "customer") == id && subscription->at("status") != "canceled")
      end_subscription(account, *subscription, "cancellation_requested");
  account.emit("customer.deleted", customer);
  customer = Json{{"id", id}, {"object", "customer"}, {"deleted", true}};
  return customer;
}

Result<Json> create_product(Account& account, const Json& given) {
  static const Params table{{"name", Sort::text, true},
                            {"id"},
                            {"active", Sort::boolean},
                            {"description"},
                            {"default_price_data", Sort::known},
                            {"images", Sort::list},
                            {"marketing_features", Sort::known},
                            {"metadata", Sort::metadata},
                            {"shippable", Sort::boolean},
                            {"statement_descriptor"},
                            {"tax_code"},
                            {"unit_label"},
                            {"url"}};
  const Json params = TRY(check_params(given, table));
  std::string id = text_at(params, "id");
  if (!id.empty() && account.find("product", id))
    return refusal(Kind::invalid, "resource_already_exists", "Product already exists.", "id");
  if (id.empty()) id = account.new_id("prod_", 14);
  Json& product = account.add("product", std::move(id));
  product["updated"] = account.now_s();
  take_texts(product, params, {"name", "description", "statement_descriptor", "tax_code", "unit_label", "url"});
  if (params.contains("active")) product["active"] = params["active"];
  merge_metadata(product, params);
  account.emit("product.created", product);
  return product;
}

Result<Json> update_product(Account& account, const std::string& id, const Json& given) {
  static const Params table{{"name"},          {"active", Sort::boolean},    {"description"},
                            {"default_price"}, {"metadata", Sort::metadata}, {"url"}};
  Json& product = *TRY(account.need("product", id, "id"));
  const Json params = TRY(check_params(given, table));
  const Json before = former(product, {"name", "active", "description", "metadata"});
  take_texts(product, params, {"name", "description", "default_price", "url"});
  if (params.contains("active")) product["active"] = params["active"];
  merge_metadata(product, params);
  product["updated"] = account.now_s();
  account.emit("product.updated", product, before);
  return product;
}

Result<Json> create_price(Account& account, const Json& given) {
  static const Params table{
      {"currency", Sort::text, true},
      {"product"},
      {"product_data", Sort::object, false, {{"name", Sort::text, true}, {"metadata", Sort::metadata}, {"id"}}},
      {"unit_amount", Sort::integer},
      {"unit_amount_decimal"},
      {"active", Sort::boolean},
      {"lookup_key"},
      {"transfer_lookup_key", Sort::boolean},
      {"nickname"},
      {"metadata", Sort::metadata},
      {"billing_scheme", Sort::text, false, {}, {"per_unit"}},
      {"tax_behavior", Sort::text, false, {}, {"exclusive", "inclusive", "unspecified"}},
      {"recurring",
       Sort::object,
       false,
       {{"interval", Sort::text, true, {}, {"day", "week", "month", "year"}},
        {"interval_count", Sort::integer},
        {"usage_type", Sort::text, false, {}, {"licensed"}},
        {"trial_period_days", Sort::integer}}}};
  const Json params = TRY(check_params(given, table));
  const std::string currency = text_at(params, "currency");
  if (!is_currency(currency)) return refusal(Kind::invalid, "", "Invalid currency: " + currency, "currency");
  if (!params.contains("unit_amount") || !params["unit_amount"].is_number_integer())
    return refusal(Kind::invalid, "parameter_missing", "Missing required param: unit_amount.", "unit_amount");
  if (params["unit_amount"] < 0)
    return refusal(Kind::invalid, "parameter_invalid_integer", "This value must be greater than or equal to 0.",
                   "unit_amount");
  std::string product = text_at(params, "product");
  if (params.contains("product_data")) {
    product = text_at(TRY(create_product(account, params["product_data"])), "id");
  } else {
    if (product.empty())
      return refusal(Kind::invalid, "parameter_missing", "Missing required param: product.", "product");
    TRY(account.need("product", product, "product"));
  }
  const std::string lookup = text_at(params, "lookup_key");
  if (!lookup.empty())
    for (const auto& each : account.ids("price"))
      if (Json* other = account.find("price", each); text_at(*other, "lookup_key") == lookup) {
        if (!params.value("transfer_lookup_key", false))
          return refusal(Kind::invalid, "", "A price with this lookup_key already exists.", "lookup_key");
        (*other)["lookup_key"] = nullptr;
      }
  Json& price = account.add("price", account.new_id("price_1", 23));
  price["currency"] = currency;
  price["product"] = product;
  price["unit_amount"] = params["unit_amount"];
  price["unit_amount_decimal"] = std::to_string(params["unit_amount"].get<std::int64_t>());
  take_texts(price, params, {"lookup_key", "nickname"});
  if (params.contains("tax_behavior")) price["tax_behavior"] = params["tax_behavior"];
  if (params.contains("active")) price["active"] = params["active"];
  merge_metadata(price, params);
  price["type"] = params.contains("recurring") ? "recurring" : "one_time";
  if (params.contains("recurring")) {
    const Json& recurring = params["recurring"];
    price["recurring"] = Json{{"interval", recurring["interval"]},
                              {"interval_count", recurring.value("interval_count", 1)},
                              {"meter", nullptr},
                              {"trial_period_days", nullptr},
                              {"usage_type", "licensed"}};
  }
  account.emit("price.created", price);
  return price;
}

Result<Json> update_price(Account& account, const std::string& id, const Json& given) {
  static const Params table{{"active", Sort::boolean},    {"lookup_key"}, {"transfer_lookup_key", Sort::boolean},
                            {"metadata", Sort::metadata}, {"nickname"},   {"tax_behavior"}};
  Json& price = *TRY(account.need("price", id, "id"));
  const Json params = TRY(check_params(given, table));
  const Json before = former(price, {"active", "lookup_key", "metadata", "nickname"});
  if (params.contains("active")) price["active"] = params["active"];
  take_texts(price, params, {"lookup_key", "nickname"});
  merge_metadata(price, params);
  account.emit("price.updated", price, before);
  return price;
}

}  // namespace tuition::sandbox::stripe
