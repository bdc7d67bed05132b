#include <algorithm>
#include <array>

#include "platform/base/text.h"
#include "sandbox/paystack/bank.h"
#include "sandbox/paystack/words.h"

// Plans, and the subscriptions that payments for them begin. A subscription remembers in next_ms what happens to it
// next by itself: it is told of three days ahead of a charge, then charged, or ends.

namespace tuition::sandbox::paystack {
namespace {

constexpr Duration told_ahead = days(3);
constexpr std::array<std::string_view, 6> intervals{"daily",     "weekly",     "monthly",
                                                    "quarterly", "biannually", "annually"};
constexpr std::array<std::string_view, 6> plan_currencies{"KES", "NGN", "GHS", "ZAR", "USD", "XOF"};

Instant after_one(const Json& plan, Instant from) {
  const auto interval = text_at(plan, "interval");
  if (interval == "daily") return from + days(1);
  if (interval == "weekly") return from + days(7);
  const int months = interval == "monthly" ? 1 : interval == "quarterly" ? 3 : interval == "biannually" ? 6 : 12;
  return add_months(from, months);
}

Json in_time(Instant at) { return Json(to_text(at)); }

void plan_next(Json& subscription, Instant charge) {
  subscription["charge_ms"] = charge.ms;
  subscription["next_ms"] = (charge - told_ahead).ms;
  subscription["told"] = false;
}

Json invoice_of(const Json& subscription, Instant at, std::string_view code) {
  Json brief = Json::object();
  for (const char* each : {"status", "subscription_code", "email_token", "amount", "next_payment_date", "open_invoice"})
    brief[each] = subscription[each];
  return Json{{"domain", "test"},
              {"invoice_code", code},
              {"amount", subscription["amount"]},
              {"period_start", in_time(at)},
              {"period_end", in_time(after_one(subscription["plan"], at))},
              {"status", "pending"},
              {"paid", false},
              {"paid_at", nullptr},
              {"description", nullptr},
              {"authorization", subscription["authorization"]},
              {"subscription", std::move(brief)},
              {"customer", subscription["customer"]},
              {"transaction", Json::object()},
              {"created_at", in_time(at)}};
}

}  // namespace

Json* Bank::plan(const std::string& name) {
  for (auto& each : plans_)
    if (text_at(each, "plan_code") == name || text_at(each, "id") == name) return &each;
  return nullptr;
}

Json* Bank::subscription(const std::string& name) {
  for (auto& each : subscriptions_)
    if (text_at(each, "subscription_code") == name || text_at(each, "id") == name) return &each;
  return nullptr;
}

http::Reply Bank::create_plan(const Json& given) {
  static const std::vector<std::string_view> known{"name",        "amount",   "interval",      "currency",
                                                   "description", "send_sms", "send_invoices", "invoice_limit"};
  if (const auto name = stranger_in(given, known); !name.empty())
    return refused(400, "\"" + name + "\" is not allowed");
  const auto named = text_at(given, "name");
  if (named.empty()) return refused(400, "Plan name is required");
  if (!given.contains("amount") || !given["amount"].is_number_integer() || integer_at(given, "amount") < 100)
    return refused(400, "Invalid amount sent");
  const auto interval = text_at(given, "interval");
  if (std::find(intervals.begin(), intervals.end(), interval) == intervals.end())
    return refused(400, "Invalid interval");
  const auto currency = given.contains("currency") ? text_at(given, "currency") : "KES";
  if (std::find(plan_currencies.begin(), plan_currencies.end(), currency) == plan_currencies.end())
    return refused(400, "Currency not supported by merchant");
  plans_.push_back(Json{{"id", next_number()},
                        {"domain", "test"},
                        {"name", named},
                        {"plan_code", code("PLN_", 15)},
                        {"description", given.value("description", Json())},
                        {"amount", given["amount"]},
                        {"interval", interval},
                        {"send_invoices", true},
                        {"send_sms", true},
                        {"currency", currency},
                        {"createdAt", in_time(clock_.now())}});
  changed();
  return good("Plan created", plans_.back());
}

void Bank::begin_subscription(const Json& paid, const Manner& manner) {
  const auto now = clock_.now();
  const Json& wanted = paid["plan"];
  const auto next = after_one(wanted, now);
  subscriptions_.push_back(Json{{"id", next_number()},
                                {"domain", "test"},
                                {"status", "active"},
                                {"subscription_code", code("SUB_", 15)},
                                {"email_token", code("", 15)},
                                {"amount", wanted["amount"]},
                                {"next_payment_date", in_time(next)},
                                {"open_invoice", nullptr},
                                {"createdAt", in_time(now)},
                                {"plan", wanted},
                                {"authorization", paid["authorization"]},
                                {"customer", paid["customer"]},
                                {"invoices", Json::array()},
                                {"invoice_limit", 0}});
  plan_next(subscriptions_.back(), next);
  changed();
  tell("subscription.create", subscriptions_.back(), manner);
}

void Bank::play_subscription(Json& subscription, Instant at) {
  const Instant charge{integer_at(subscription, "charge_ms")};
  if (at < charge && subscription["told"] == false) {
    subscription["told"] = true;
    subscription["next_ms"] = charge.ms;
    changed();
    if (text_at(subscription, "status") != "non-renewing")
      tell("invoice.create", invoice_of(subscription, charge, code("INV_", 15)));
    return;
  }
  if (text_at(subscription, "status") == "non-renewing") {
    // Kept as completed, and told as complete.
    subscription["status"] = "completed";
    subscription["next_ms"] = 0;
    changed();
    Json told = subscription;
    told["status"] = "complete";
    tell("subscription.disable", told);
    return;
  }
  charge_subscription(subscription, charge);
}

void Bank::charge_subscription(Json& subscription, Instant at) {
  const auto next = after_one(subscription["plan"], at);
  const Json order{{"email", subscription["customer"]["email"]},
                   {"amount", subscription["amount"]},
                   {"currency", subscription["plan"]["currency"]},
                   {"metadata", {{"invoice_action", "update"}}}};
  Json& made = begin(order, code("", 16));
  made["plan"] = subscription["plan"];
  made["authorization"] = subscription["authorization"];
  made["created_at"] = in_time(at);
  Json invoice = invoice_of(subscription, at, code("INV_", 15));
  subscription["next_payment_date"] = in_time(next);
  plan_next(subscription, next);
  invoice["subscription"]["next_payment_date"] = in_time(next);
  if (cards_fail_) {
    made["status"] = "failed";
    made["gateway_response"] = "Insufficient Funds";
    subscription["status"] = invoice["subscription"]["status"] = "attention";
    invoice["status"] = "attention";
    invoice["description"] = "Insufficient Funds";
    changed();
    tell("invoice.payment_failed", invoice);
    return tell("invoice.update", invoice);
  }
  succeed(made);
  made["paid_at"] = in_time(at);
  subscription["status"] = invoice["subscription"]["status"] = "active";
  invoice["status"] = "success";
  invoice["paid"] = true;
  invoice["paid_at"] = in_time(at);
  invoice["transaction"] = Json{{"reference", made["reference"]},
                                {"status", "success"},
                                {"amount", made["amount"]},
                                {"currency", made["currency"]}};
  tell("charge.success", made);
  tell("invoice.update", invoice);
}

http::Reply Bank::disable(const Json& given) {
  if (const auto name = stranger_in(given, {"code", "token"}); !name.empty())
    return refused(400, "\"" + name + "\" is not allowed");
  Json* found = subscription(text_at(given, "code"));
  const auto status = found ? text_at(*found, "status") : std::string{};
  if (!found || text_at(given, "token") != text_at(*found, "email_token") ||
      (status != "active" && status != "attention"))
    return refused(404, "Subscription with code not found or already inactive", "subscription_not_found");
  (*found)["status"] = "non-renewing";
  (*found)["next_payment_date"] = nullptr;
  changed();
  tell("subscription.not_renew", *found);
  return good("Subscription disabled successfully", Json());
}

http::Reply Bank::enable(const Json& given) {
  if (const auto name = stranger_in(given, {"code", "token"}); !name.empty())
    return refused(400, "\"" + name + "\" is not allowed");
  Json* found = subscription(text_at(given, "code"));
  if (!found || text_at(given, "token") != text_at(*found, "email_token") ||
      text_at(*found, "status") != "non-renewing")
    return refused(404, "Subscription with code not found or already active", "subscription_not_found");
  (*found)["status"] = "active";
  (*found)["next_payment_date"] = in_time(Instant{integer_at(*found, "charge_ms")});
  changed();
  return good("Subscription enabled successfully", Json());
}

http::Reply Bank::show_manage_page(const std::string& name) {
  const Json* found = subscription(name);
  if (!found) return notice(404, "There is no such subscription", "<p>The link may be of another school.</p>");
  return notice(200, "Your card",
                "<p>" + escape_html(text_at((*found)["plan"], "name")) + ", paid with the card that ends in " +
                    escape_html(text_at((*found)["authorization"], "last4")) + ".</p><form method=\"post\">" +
                    button("card", "Use another card", true) + "</form>");
}

http::Reply Bank::act_on_manage_page(const std::string& name) {
  Json* found = subscription(name);
  if (!found) return show_manage_page(name);
  (*found)["authorization"]["authorization_code"] = code("AUTH_", 10);
  (*found)["authorization"]["last4"] = "0409";
  changed();
  return notice(200, "Your card is saved", "<p>The next payment is taken from it.</p>");
}

}  // namespace tuition::sandbox::paystack
