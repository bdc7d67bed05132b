#include "sandbox/stripe/checkout.h"

#include "platform/base/text.h"
#include "sandbox/stripe/billing.h"
#include "sandbox/stripe/catalogue.h"
#include "sandbox/stripe/discounts.h"
#include "sandbox/stripe/params.h"
#include "sandbox/stripe/shapes.h"
#include "sandbox/stripe/taxes.h"

namespace tuition::sandbox::stripe {
namespace {

using Sort = Param::Sort;

constexpr std::int64_t half_hour_s = 1800;
constexpr std::int64_t day_s = 86400;

const Params& session_params() {
  static const Params price_data{
      {"currency", Sort::text, true},
      {"unit_amount", Sort::integer},
      {"product"},
      {"product_data",
       Sort::object,
       false,
       {{"name", Sort::text, true}, {"description"}, {"metadata", Sort::metadata}}},
      {"recurring",
       Sort::object,
       false,
       {{"interval", Sort::text, true, {}, {"day", "week", "month", "year"}}, {"interval_count", Sort::integer}}},
      {"tax_behavior"}};
  static const Params table{
      {"mode", Sort::text, true, {}, {"payment", "setup", "subscription"}},
      {"line_items",
       Sort::list,
       false,
       {{"price"},
        {"quantity", Sort::integer},
        {"price_data", Sort::object, false, price_data},
        {"adjustable_quantity", Sort::known},
        {"tax_rates", Sort::list},
        {"metadata", Sort::metadata}}},
      {"success_url"},
      {"cancel_url"},
      {"customer"},
      {"customer_email"},
      {"client_reference_id"},
      {"expires_at", Sort::integer},
      {"metadata", Sort::metadata},
      {"locale"},
      {"allow_promotion_codes", Sort::boolean},
      {"automatic_tax", Sort::known},
      {"billing_address_collection", Sort::text, false, {}, {"auto", "required"}},
      {"customer_creation", Sort::text, false, {}, {"always", "if_required"}},
      {"customer_update", Sort::known},
      {"discounts", Sort::list, false, {{"coupon"}, {"promotion_code"}}},
      {"invoice_creation", Sort::known},
      {"consent_collection", Sort::known},
      {"custom_text", Sort::known},
      {"payment_method_collection", Sort::text, false, {}, {"always", "if_required"}},
      {"payment_intent_data",
       Sort::object,
       false,
       {{"metadata", Sort::metadata}, {"receipt_email"}, {"description"}, {"setup_future_usage"}}},
      {"subscription_data",
       Sort::object,
       false,
       {{"metadata", Sort::metadata},
        {"description"},
        {"trial_period_days", Sort::integer},
        {"trial_end", Sort::integer},
        {"trial_settings", Sort::known}}},
      {"submit_type", Sort::text, false, {}, {"auto", "book", "donate", "pay", "subscribe"}},
      {"tax_id_collection", Sort::known},
      {"ui_mode", Sort::text, false, {}, {"hosted_page"}}};
  return table;
}

bool is_web_address(const std::string& text) {
  return (text.starts_with("https://") || text.starts_with("http://")) && text.size() <= 5000 &&
         text.find_first_of(" \r\n\t\"<>") == std::string::npos;
}

Result<void> check_urls(const Json& params) {
  for (const char* each : {"success_url", "cancel_url"}) {
    const std::string url = text_at(params, each);
    if (url.empty() && std::string_view(each) == "success_url")
      return refusal(Kind::invalid, "parameter_missing", "Missing required param: success_url.", each);
    if (!url.empty() && !is_web_address(url)) return refusal(Kind::invalid, "url_invalid", "Not a valid URL", each);
  }
  return {};
}

// The price of a line, made on the spot when it is given inline.
Result<std::string> price_of(Account& account, const Json& line, const std::string& path) {
  if (line.contains("price_data")) {
    Json price = line["price_data"];
    for (const char* each : {"unit_amount"})
      if (price.contains(each)) price[each] = std::to_string(integer_at(price, each));
    if (price.contains("recurring") && price["recurring"].contains("interval_count"))
      price["recurring"]["interval_count"] = std::to_string(integer_at(price["recurring"], "interval_count"));
    if (price.contains("product_data")) price["product_data"].erase("description");
    return text_at(TRY(create_price(account, price)), "id");
  }
  const std::string id = text_at(line, "price");
  if (id.empty())
    return refusal(Kind::invalid, "parameter_missing", "Missing required param: " + path + "[price].",
                   path + "[price]");
  const Json& price = *TRY(account.need("price", id, path + "[price]"));
  if (price["active"] != true)
    return refusal(Kind::invalid, "resource_missing", "The price specified is inactive.", path + "[price]");
  return id;
}

Json line_item(Account& account, const Json& price, std::int64_t quantity) {
  const std::int64_t amount = integer_at(price, "unit_amount") * quantity;
  const Json* product = account.find("product", text_at(price, "product"));
  return Json{{"id", account.new_id("li_1", 23)},
              {"object", "item"},
              {"amount_discount", 0},
              {"amount_subtotal", amount},
              {"amount_tax", 0},
              {"amount_total", amount},
              {"currency", price["currency"]},
              {"description", product ? (*product)["name"] : Json()},
              {"metadata", Json::object()},
              {"price", price},
              {"quantity", quantity}};
}

}  // namespace

Result<Json> create_session(Account& account, const Json& given) {
  const Json params = TRY(check_params(given, session_params()));
  const std::string mode = text_at(params, "mode");
  if (mode == "setup") return refusal(Kind::invalid, "", "The sandbox has no setup mode.", "mode");
  TRY(check_urls(params));
  if (!params.contains("line_items") || !params["line_items"].is_array() || params["line_items"].empty())
    return refusal(Kind::invalid, "parameter_missing", "Missing required param: line_items.", "line_items");
  const std::string customer = text_at(params, "customer");
  if (!customer.empty()) {
    if (params.contains("customer_email"))
      return refusal(Kind::invalid, "", "You may only specify one of these parameters: customer, customer_email.");
    const Json& known = *TRY(account.need("customer", customer, "customer"));
    if (known.contains("deleted"))
      return refusal(Kind::invalid, "resource_missing", "No such customer: '" + customer + "'", "customer");
  }
  const char* foreign = mode == "payment" ? "subscription_data" : "payment_intent_data";
  if (params.contains(foreign))
    return refusal(Kind::invalid, "", std::string("You can not pass `") + foreign + "` in `" + mode + "` mode.",
                   foreign);
  if (text_at(params, "client_reference_id").size() > 200)
    return refusal(Kind::invalid, "", "Invalid string: must be at most 200 characters", "client_reference_id");
  std::int64_t expires = account.now_s() + day_s;
  if (params.contains("expires_at")) {
    expires = integer_at(params, "expires_at");
    // A minute of grace for clocks and slow senders.
    if (expires < account.now_s() + half_hour_s - 60 || expires > account.now_s() + day_s + 60)
      return refusal(Kind::invalid, "", "The `expires_at` timestamp must be between 30 minutes and 24 hours from now.",
                     "expires_at");
  }
  std::int64_t trial_days = 0;
  if (params.contains("subscription_data")) {
    const Json& data = params["subscription_data"];
    trial_days = integer_at(data, "trial_period_days");
    if (data.contains("trial_period_days") && trial_days < 1)
      return refusal(Kind::invalid, "", "Invalid trial_period_days: must be at least 1.",
                     "subscription_data[trial_period_days]");
    if (const std::int64_t end = integer_at(data, "trial_end"); end > 0)
      trial_days = (end - account.now_s() + day_s - 1) / day_s;
  }

  Json lines = Json::array();
  std::int64_t total = 0;
  bool recurring = false;
  std::vector<Json> rates;
  std::string currency;
  for (std::size_t i = 0; i < params["line_items"].size(); ++i) {
    const Json& line = params["line_items"][i];
    const std::string path = "line_items[" + std::to_string(i) + "]";
    const Json& price = *account.find("price", TRY(price_of(account, line, path)));
    const std::int64_t quantity = line.contains("quantity") ? integer_at(line, "quantity") : 0;
    if (quantity < 1)
      return refusal(Kind::invalid, "parameter_missing", "Quantity is required. Add `quantity` to `" + path + "`.",
                     path + "[quantity]");
    recurring = recurring || !price["recurring"].is_null();
    if (!currency.empty() && currency != text_at(price, "currency"))
      return refusal(Kind::invalid, "", "All prices must have the same currency.", path + "[price]");
    currency = text_at(price, "currency");
    lines.push_back(line_item(account, price, quantity));
    rates.push_back(TRY(tax_rates_of(account, line, path)));
    total += integer_at(price, "unit_amount") * quantity;
  }
  if (mode == "subscription" && (!recurring || lines.size() != 1))
    return refusal(Kind::invalid, "", "In `subscription` mode the sandbox takes exactly one recurring price.",
                   "line_items");
  if (mode == "payment" && recurring)
    return refusal(Kind::invalid, "", "You specified `payment` mode but passed a recurring price.", "mode");

  const std::string coupon = TRY(coupon_of(account, params, currency));

  Json& session = account.add("checkout.session", account.new_id("cs_test_", 58));
  const std::int64_t due = trial_days > 0 ? 0 : total;
  const std::int64_t off = coupon.empty() ? 0 : amount_off(*account.find("coupon", coupon), due);
  TaxSum taxes;
  std::int64_t seen = 0;
  for (std::size_t i = 0; due > 0 && i < lines.size(); ++i) {
    // Each line bears its share of the discount.
    const std::int64_t amount = integer_at(lines[i], "amount_subtotal");
    const std::int64_t before = off * seen / total;
    seen += amount;
    const TaxSum sum = tax_on(rates[i], amount - (off * seen / total - before));
    lines[i]["amount_tax"] = sum.all;
    lines[i]["amount_total"] = integer_at(lines[i], "amount_total") + sum.added;
    taxes.all += sum.all;
    taxes.added += sum.added;
  }
  session["amount_subtotal"] = due;
  session["amount_total"] = due - off + taxes.added;
  session["total_details"]["amount_discount"] = off;
  session["total_details"]["amount_tax"] = taxes.all;
  if (!coupon.empty()) session["discounts"] = Json::array({Json{{"coupon", coupon}, {"promotion_code", nullptr}}});
  session["currency"] = currency;
  session["mode"] = mode;
  session["expires_at"] = expires;
  session["customer"] = customer.empty() ? Json() : Json(customer);
  for (const char* each : {"success_url", "cancel_url", "customer_email", "client_reference_id", "locale",
                           "submit_type", "customer_creation", "allow_promotion_codes", "payment_method_collection"})
    if (params.contains(each) && params[each] != "") session[each] = params[each];
  merge_metadata(session, params);
  session["url"] = account.base_url + "/c/pay/" + text_at(session, "id");
  // What real sessions remember and do not show.
  Json& memory = account.keep("memory", text_at(session, "id"), Json::object());
  memory["lines"] = std::move(lines);
  memory["trial_days"] = trial_days;
  memory["coupon"] = coupon;
  memory["tax_rates"] = rates.front();
  const char* own = mode == "payment" ? "payment_intent_data" : "subscription_data";
  memory["metadata"] = params.contains(own) && params[own].contains("metadata") && params[own]["metadata"].is_object()
                           ? params[own]["metadata"]
                           : Json::object();
  return session;
}

Result<Json> expire_session(Account& account, const std::string& id) {
  Json& session = *TRY(account.need("checkout.session", id, "id"));
  if (session["status"] != "open")
    return refusal(
        Kind::invalid, "",
        "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of " +
            text_at(session, "status") + ".");
  session["status"] = "expired";
  session["url"] = nullptr;
  account.emit("checkout.session.expired", session);
  return session;
}

Result<Json> session_line_items(Account& account, const std::string& id) {
  TRY(account.need("checkout.session", id, "id"));
  return list_of((*account.find("memory", id))["lines"], "/v1/checkout/sessions/" + id + "/line_items");
}

Result<Json> create_portal_session(Account& account, const Json& given) {
  static const Params table{
      {"customer", Sort::text, true}, {"return_url"}, {"configuration"}, {"flow_data", Sort::known}, {"locale"}};
  const Json params = TRY(check_params(given, table));
  const std::string customer = text_at(params, "customer");
  const Json& known = *TRY(account.need("customer", customer, "customer"));
  if (known.contains("deleted"))
    return refusal(Kind::invalid, "resource_missing", "No such customer: '" + customer + "'", "customer");
  if (const std::string url = text_at(params, "return_url"); !url.empty() && !is_web_address(url))
    return refusal(Kind::invalid, "url_invalid", "Not a valid URL", "return_url");
  const std::string id = account.new_id("bps_1", 23);
  return account.keep("billing_portal.session", id,
                      Json{{"id", id},
                           {"object", "billing_portal.session"},
                           {"configuration", "bpc_sandbox"},
                           {"created", account.now_s()},
                           {"customer", customer},
                           {"flow", nullptr},
                           {"livemode", false},
                           {"locale", nullptr},
                           {"on_behalf_of", nullptr},
                           {"return_url", params.contains("return_url") ? params["return_url"] : Json()},
                           {"url", account.base_url + "/p/session/" + id}});
}

void pay(Account& account, Json& session) {
  const Json memory = *account.find("memory", text_at(session, "id"));
  const bool subscribes = session["mode"] == "subscription";
  const std::int64_t total = integer_at(session, "amount_total");
  const bool by_customer = subscribes || session["customer_creation"] == "always";
  if (session["customer"].is_null() && by_customer) {
    Json fresh = Json::object();
    if (session["customer_email"].is_string()) fresh["email"] = session["customer_email"];
    session["customer"] = text_at(create_customer(account, fresh).value(), "id");
  }
  const std::string customer = text_at(session, "customer");
  Json person{{"email", session["customer_email"]}, {"name", nullptr}};
  if (const Json* known = account.find("customer", customer))
    person = Json{{"email", known->value("email", Json())}, {"name", known->value("name", Json())}};
  session["customer_details"] = Json{
      {"address", nullptr},     {"business_name", nullptr}, {"email", person["email"]}, {"individual_name", nullptr},
      {"name", person["name"]}, {"phone", nullptr},         {"tax_exempt", "none"},     {"tax_ids", Json::array()}};
  const std::string method = text_at(make_payment_method(account, customer, person), "id");
  session["status"] = "complete";
  session["url"] = nullptr;
  session["payment_status"] = total > 0 ? "paid" : "no_payment_required";

  if (!subscribes && total == 0) {
    account.emit("checkout.session.completed", session);
    return;
  }
  if (!subscribes) {
    Json& intent = make_payment(account, customer, total, text_at(session, "currency"), method, Card::good);
    intent["metadata"] = memory["metadata"];
    session["payment_intent"] = intent["id"];
    account.emit("payment_intent.succeeded", intent);
    account.emit("charge.succeeded", *account.find("charge", text_at(intent, "latest_charge")));
    account.emit("checkout.session.completed", session);
    return;
  }
  account.emit("payment_method.attached", *account.find("payment_method", method));
  const Json& line = memory["lines"][0];
  Json& subscription = begin_subscription(
      account, {customer, text_at(line["price"], "id"), integer_at(line, "quantity"), integer_at(memory, "trial_days"),
                memory["metadata"], method, text_at(memory, "coupon"), memory.value("tax_rates", Json::array())});
  Json& invoice = *account.find("invoice", text_at(subscription, "latest_invoice"));
  session["subscription"] = subscription["id"];
  session["invoice"] = invoice["id"];
  const Json draft = invoice;
  account.emit("checkout.session.completed", session);
  account.emit("customer.subscription.created", subscription);
  account.emit("invoice.created", draft);
  finalize_invoice(account, invoice);
  collect(account, invoice, Card::good);
}

void decline(Account& account, Json& session) {
  const std::string customer = text_at(session, "customer");
  const Json& intent = make_payment(account, customer, integer_at(session, "amount_total"),
                                    text_at(session, "currency"), {}, Card::declined);
  account.emit("charge.failed", *account.find("charge", text_at(intent, "latest_charge")));
  account.emit("payment_intent.payment_failed", intent);
}

std::string success_url_of(const Json& session) {
  constexpr std::string_view placeholder = "{CHECKOUT_SESSION_ID}";
  std::string url = text_at(session, "success_url");
  for (auto at = url.find(placeholder); at != std::string::npos; at = url.find(placeholder, at))
    url.replace(at, placeholder.size(), text_at(session, "id"));
  return url;
}

}  // namespace tuition::sandbox::stripe
