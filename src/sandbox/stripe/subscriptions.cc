#include <algorithm>
#include <functional>
#include <optional>

#include "sandbox/stripe/billing.h"
#include "sandbox/stripe/discounts.h"
#include "sandbox/stripe/params.h"
#include "sandbox/stripe/schedules.h"
#include "sandbox/stripe/shapes.h"
#include "sandbox/stripe/taxes.h"

// Subscriptions: begin, change, cancel, and what time does to them.

namespace tuition::sandbox::stripe {
namespace {

constexpr std::int64_t seconds_a_day = 86400;

// The end of the period that begins at `start`, counted from the anchor so that the 31st comes back after February.
std::int64_t period_end(std::int64_t anchor, std::int64_t start, const Json& recurring) {
  const std::string interval = text_at(recurring, "interval");
  const std::int64_t count = std::max<std::int64_t>(1, integer_at(recurring, "interval_count"));
  if (interval == "day") return start + count * seconds_a_day;
  if (interval == "week") return start + count * 7 * seconds_a_day;
  const int months = static_cast<int>(count * (interval == "year" ? 12 : 1));
  for (int n = 1;; ++n) {
    const std::int64_t end = add_months(Instant{anchor * 1000}, n * months).ms / 1000;
    if (end > start) return end;
  }
}

Json plan_of(const Json& price) {
  Json plan = blank("plan");
  for (const char* each : {"id", "active", "created", "currency", "product", "nickname", "metadata"})
    plan[each] = price[each];
  plan["amount"] = price["unit_amount"];
  plan["amount_decimal"] = price["unit_amount_decimal"];
  plan["interval"] = price["recurring"]["interval"];
  plan["interval_count"] = price["recurring"]["interval_count"];
  return plan;
}

Json& item_of(Json& subscription) { return subscription["items"]["data"][0]; }
const Json& item_of(const Json& subscription) { return subscription["items"]["data"][0]; }

std::int64_t amount_of(const Json& subscription) {
  const Json& item = item_of(subscription);
  return integer_at(item["price"], "unit_amount") * integer_at(item, "quantity");
}

void next_period(Json& subscription) {
  Json& item = item_of(subscription);
  const std::int64_t start = integer_at(item, "current_period_end");
  item["current_period_start"] = start;
  item["current_period_end"] =
      period_end(integer_at(subscription, "billing_cycle_anchor"), start, item["price"]["recurring"]);
}

Json items_before(const Json& subscription) {
  return Json{{"items", {{"data", Json::array({item_of(subscription)})}}},
              {"latest_invoice", subscription["latest_invoice"]}};
}

// A new invoice for the period that has begun, charged at once; real Stripe waits an hour.
void bill(Account& account, Json& subscription, Json before, std::string_view reason) {
  Json& invoice = draw_invoice(account, subscription, amount_of(subscription), reason);
  if (reason == "subscription_cycle") {
    invoice["period_start"] = item_of(before["items"].is_null() ? subscription : before)["current_period_start"];
    invoice["period_end"] = item_of(subscription)["current_period_start"];
  }
  subscription["latest_invoice"] = invoice["id"];
  account.emit("invoice.created", invoice);
  account.emit("customer.subscription.updated", subscription, std::move(before));
  finalize_invoice(account, invoice);
  if (collect(account, invoice, account.cards_fail ? Card::declined : Card::good)) return;
  const Json status = former(subscription, {"status"});
  subscription["status"] = "past_due";
  account.emit("customer.subscription.updated", subscription, status);
}

// What was behind with this invoice is so no more.
void recover(Account& account, Json& subscription) {
  if (subscription["status"] != "past_due") return;
  const Json before = former(subscription, {"status"});
  subscription["status"] = "active";
  account.emit("customer.subscription.updated", subscription, before);
}

void retry(Account& account, Json& invoice) {
  Json* subscription = account.find("subscription", text_at(invoice["parent"]["subscription_details"], "subscription"));
  const bool paid = collect(account, invoice, account.cards_fail ? Card::declined : Card::good);
  if (!subscription) return;
  if (paid) {
    recover(account, *subscription);
  } else if (invoice["next_payment_attempt"].is_null()) {
    end_subscription(account, *subscription, "payment_failed");
  }
}

void end_trial(Account& account, Json& subscription) {
  Json before = items_before(subscription);
  before["status"] = "trialing";
  subscription["status"] = "active";
  subscription["billing_cycle_anchor"] = subscription["trial_end"];
  begin_next_phase(account, subscription);
  next_period(subscription);
  bill(account, subscription, std::move(before), "subscription_cycle");
}

// The next thing that happens to a subscription by itself, and when.
struct Due {
  std::int64_t at = 0;
  std::string_view what{};  // empty: nothing
};

Due due_of(const Account& account, const Json& subscription) {
  const std::string status = text_at(subscription, "status");
  if (status == "trialing") {
    const std::int64_t end = integer_at(subscription, "trial_end");
    if (!account.trials_told.contains(text_at(subscription, "id"))) return {end - 3 * seconds_a_day, "trial_will_end"};
    return {end, "trial_end"};
  }
  if (status != "active" && status != "past_due") return {};
  return {integer_at(item_of(subscription), "current_period_end"), "renewal"};
}

void play(Account& account, Json& subscription, std::string_view what) {
  if (what == "trial_will_end") {
    account.emit("customer.subscription.trial_will_end", subscription);
    account.trials_told.insert(text_at(subscription, "id"));
  } else if (subscription["cancel_at_period_end"] == true) {
    end_subscription(account, subscription, "cancellation_requested");
  } else if (what == "trial_end") {
    end_trial(account, subscription);
  } else {
    Json before = items_before(subscription);
    begin_next_phase(account, subscription);
    next_period(subscription);
    bill(account, subscription, std::move(before), "subscription_cycle");
  }
}

// The two lines of a change: what is left of the old price comes off, the new one is charged.
Json change_lines(const Json& line, const Json& price, const Proration& change, std::int64_t at, std::int64_t end) {
  Json credit = line;
  credit["amount"] = credit["subtotal"] = -change.credit;
  credit["description"] = "Unused time on the plan before";
  credit["parent"]["subscription_item_details"]["proration"] = true;
  credit["period"] = Json{{"start", at}, {"end", end}};
  Json charge = line;
  charge["id"] = text_at(line, "id") + "2";
  charge["amount"] = charge["subtotal"] = change.charge;
  charge["description"] = change.anew ? "The new plan" : "Remaining time on the new plan";
  charge["parent"]["subscription_item_details"]["proration"] = !change.anew;
  charge["pricing"]["price_details"] = Json{{"price", price["id"]}, {"product", price["product"]}};
  return Json::array({std::move(credit), std::move(charge)});
}

}  // namespace

void set_price(Json& subscription, const Json& price) {
  Json& item = item_of(subscription);
  item["price"] = price;
  item["plan"] = plan_of(price);
}

Proration prorate(const Json& subscription, const Json& price, std::int64_t quantity, std::int64_t at) {
  const Json& item = item_of(subscription);
  const std::int64_t start = integer_at(item, "current_period_start");
  const std::int64_t end = integer_at(item, "current_period_end");
  Proration change;
  const auto rest = [&](std::int64_t amount) {
    return end > start ? (amount * (end - at) + (end - start) / 2) / (end - start) : 0;
  };
  // What was not paid for is not credited.
  if (subscription["status"] != "trialing") change.credit = rest(amount_of(subscription));
  const Json& was = item["price"]["recurring"];
  const Json& will = price["recurring"];
  change.anew = was["interval"] != will["interval"] || was["interval_count"] != will["interval_count"];
  const std::int64_t amount = integer_at(price, "unit_amount") * quantity;
  change.charge = change.anew ? amount : rest(amount);
  if (subscription["status"] == "trialing") change.charge = 0;
  return change;
}

Result<Json> preview_invoice(Account& account, const Json& given) {
  using Sort = Param::Sort;
  static const Params table{
      {"subscription", Sort::text, true},
      {"customer"},
      {"preview_mode", Sort::text, false, {}, {"next", "recurring"}},
      {"subscription_details",
       Sort::object,
       true,
       {{"items",
         Sort::list,
         true,
         {{"id", Sort::text, true}, {"price", Sort::text, true}, {"quantity", Sort::integer}}},
        {"proration_behavior", Sort::text, false, {}, {"always_invoice", "create_prorations", "none"}},
        {"proration_date", Sort::integer},
        {"billing_cycle_anchor", Sort::known}}}};
  const Json params = TRY(check_params(given, table));
  const Json& subscription = *TRY(account.need("subscription", text_at(params, "subscription"), "subscription"));
  const Json& details = params["subscription_details"];
  if (details["items"].size() != 1 || text_at(details["items"][0], "id") != text_at(item_of(subscription), "id"))
    return refusal(Kind::invalid, "", "The sandbox keeps one item per subscription; name it.",
                   "subscription_details[items][0][id]");
  const Json& price =
      *TRY(account.need("price", text_at(details["items"][0], "price"), "subscription_details[items][0][price]"));
  if (price["active"] != true || price["recurring"].is_null() || price["currency"] != subscription["currency"])
    return refusal(Kind::invalid, "", "The price cannot be used for this subscription.",
                   "subscription_details[items][0][price]");
  const std::int64_t at = details.contains("proration_date") ? integer_at(details, "proration_date") : account.now_s();
  const auto change = prorate(subscription, price, integer_at(item_of(subscription), "quantity"), at);
  Json invoice = blank("invoice");
  Json line = blank("line_item");
  line["parent"] = Json{{"subscription_item_details", {{"proration", true}, {"subscription", subscription["id"]}}},
                        {"type", "subscription_item_details"}};
  line["pricing"] = Json{{"price_details", Json::object()}};
  line["id"] = "il_tmp";
  line["currency"] = price["currency"];
  invoice["lines"]["data"] =
      change_lines(line, price, change, at, integer_at(item_of(subscription), "current_period_end"));
  const std::int64_t total = change.charge - change.credit;
  for (const char* each : {"subtotal", "total", "total_excluding_tax"}) invoice[each] = total;
  invoice["amount_due"] = invoice["amount_remaining"] = std::max<std::int64_t>(0, total);
  tax_invoice(item_of(subscription), invoice);
  invoice["currency"] = price["currency"];
  invoice["customer"] = subscription["customer"];
  invoice["billing_reason"] = "upcoming";
  invoice["parent"] =
      Json{{"subscription_details", {{"subscription", subscription["id"]}}}, {"type", "subscription_details"}};
  return invoice;
}

Json& begin_subscription(Account& account, const NewSubscription& wanted) {
  const Json& price = *account.find("price", wanted.price);
  Json& subscription = account.add("subscription", account.new_id("sub_1", 23));
  const std::string id = text_at(subscription, "id");
  const std::int64_t start = account.now_s();
  const std::int64_t trial_end = start + wanted.trial_days * seconds_a_day;
  const bool trial = wanted.trial_days > 0;
  subscription["billing_cycle_anchor"] = trial ? trial_end : start;
  subscription["start_date"] = start;
  subscription["currency"] = price["currency"];
  subscription["customer"] = wanted.customer;
  subscription["default_payment_method"] = wanted.payment_method;
  subscription["metadata"] = wanted.metadata;
  subscription["status"] = trial ? "trialing" : "active";
  subscription["trial_start"] = trial ? Json(start) : Json();
  subscription["trial_end"] = trial ? Json(trial_end) : Json();

  Json item = blank("subscription_item");
  item["id"] = account.new_id("si_", 14);
  item["created"] = start;
  item["plan"] = plan_of(price);
  item["price"] = price;
  item["quantity"] = wanted.quantity;
  item["tax_rates"] = wanted.tax_rates;
  item["subscription"] = id;
  item["current_period_start"] = start;
  item["current_period_end"] = trial ? trial_end : period_end(start, start, price["recurring"]);
  subscription["items"]["data"] = Json::array({item});
  subscription["items"]["total_count"] = 1;
  subscription["items"]["url"] = "/v1/subscription_items?subscription=" + id;

  if (!wanted.coupon.empty()) discount_subscription(account, subscription, wanted.coupon);
  Json& invoice = draw_invoice(account, subscription, trial ? 0 : amount_of(subscription), "subscription_create");
  subscription["latest_invoice"] = invoice["id"];
  return subscription;
}

void end_subscription(Account& account, Json& subscription, std::string_view reason) {
  subscription["status"] = "canceled";
  subscription["ended_at"] = account.now_s();
  if (subscription["canceled_at"].is_null()) subscription["canceled_at"] = account.now_s();
  subscription["cancellation_details"]["reason"] = reason;
  account.emit("customer.subscription.deleted", subscription);
}

Result<Json> update_subscription(Account& account, const std::string& id, const Json& given) {
  using Sort = Param::Sort;
  static const Params table{
      {"cancel_at_period_end", Sort::boolean},
      {"metadata", Sort::metadata},
      {"cancellation_details", Sort::object, false, {{"comment"}, {"feedback"}}},
      {"default_payment_method"},
      {"description"},
      {"items",
       Sort::list,
       false,
       {{"id"}, {"price"}, {"quantity", Sort::integer}, {"metadata", Sort::metadata}, {"deleted", Sort::boolean}}},
      {"proration_behavior", Sort::text, false, {}, {"always_invoice", "create_prorations", "none"}},
      {"proration_date", Sort::integer},
      {"payment_behavior",
       Sort::text,
       false,
       {},
       {"allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete"}},
      {"trial_end"},
      {"billing_cycle_anchor", Sort::known}};
  Json& subscription = *TRY(account.need("subscription", id, "id"));
  if (subscription["status"] == "canceled")
    return refusal(Kind::not_found, "resource_missing", "No such subscription: '" + id + "'", "id");
  const Json params = TRY(check_params(given, table));
  Json before = former(subscription, {"cancel_at_period_end", "cancel_at", "canceled_at", "metadata"});

  if (subscription["schedule"].is_string() && (params.contains("items") || params.contains("cancel_at_period_end")))
    return refusal(Kind::invalid, "",
                   "The subscription is managed by the subscription schedule `" + text_at(subscription, "schedule") +
                       "`, and cannot be updated directly. Release the schedule first.");
  std::optional<Proration> billed;
  Json price;
  const std::int64_t at = params.contains("proration_date") ? integer_at(params, "proration_date") : account.now_s();
  const std::int64_t old_end = integer_at(item_of(subscription), "current_period_end");
  if (params.contains("items") && params["items"].is_array()) {
    if (params["items"].size() != 1 || text_at(params["items"][0], "id") != text_at(item_of(subscription), "id"))
      return refusal(Kind::invalid, "", "The sandbox keeps one item per subscription; name it with items[0][id].",
                     "items[0][id]");
    const Json& change = params["items"][0];
    const std::string wanted = text_at(change, "price");
    price = wanted.empty() ? item_of(subscription)["price"] : *TRY(account.need("price", wanted, "items[0][price]"));
    if (price["active"] != true || price["recurring"].is_null() || price["currency"] != subscription["currency"])
      return refusal(Kind::invalid, "", "The price cannot be used for this subscription.", "items[0][price]");
    const std::int64_t quantity = change.contains("quantity") && change["quantity"].is_number_integer()
                                      ? integer_at(change, "quantity")
                                      : integer_at(item_of(subscription), "quantity");
    const auto prorated = prorate(subscription, price, quantity, at);
    const bool at_once = prorated.anew || params.value("proration_behavior", "create_prorations") == "always_invoice";
    if (at_once && prorated.charge > prorated.credit) billed = prorated;
    if (billed && account.cards_fail && text_at(params, "payment_behavior") == "pending_if_incomplete") {
      subscription["pending_update"] =
          Json{{"expires_at", account.now_s() + 23 * 3600}, {"subscription_items", Json::array({change})}};
      account.emit("customer.subscription.updated", subscription, Json{{"pending_update", nullptr}});
      return subscription;
    }
    before["items"] = Json{{"data", Json::array({item_of(subscription)})}};
    Json& item = item_of(subscription);
    set_price(subscription, price);
    item["quantity"] = quantity;
    if (prorated.anew && subscription["status"] != "trialing") {
      subscription["billing_cycle_anchor"] = account.now_s();
      item["current_period_start"] = account.now_s();
      item["current_period_end"] = period_end(account.now_s(), account.now_s(), price["recurring"]);
    }
  }
  if (params.contains("cancel_at_period_end")) {
    const bool ends = params["cancel_at_period_end"] == true;
    subscription["cancel_at_period_end"] = ends;
    subscription["cancel_at"] = ends ? item_of(subscription)["current_period_end"] : Json();
    subscription["canceled_at"] = ends ? Json(account.now_s()) : Json();
    subscription["cancellation_details"]["reason"] = ends ? Json("cancellation_requested") : Json();
  }
  if (params.contains("cancellation_details"))
    for (const auto& [name, value] : params["cancellation_details"].items())
      subscription["cancellation_details"][name] = value == "" ? Json() : value;
  for (const char* each : {"default_payment_method", "description"})
    if (params.contains(each)) subscription[each] = params[each] == "" ? Json() : params[each];
  merge_metadata(subscription, params);
  account.emit("customer.subscription.updated", subscription, before);

  if (billed) {
    Json& invoice = draw_invoice(account, subscription, billed->charge - billed->credit, "subscription_update");
    const Json line = invoice["lines"]["data"][0];
    invoice["lines"]["data"] = change_lines(line, price, *billed, at, old_end);
    invoice["lines"]["total_count"] = 2;
    subscription["latest_invoice"] = invoice["id"];
    account.emit("invoice.created", invoice);
    finalize_invoice(account, invoice);
    collect(account, invoice, account.cards_fail ? Card::declined : Card::good);
  }
  if (text_at(params, "trial_end") == "now" && subscription["status"] == "trialing") {
    subscription["trial_end"] = account.now_s();
    item_of(subscription)["current_period_end"] = account.now_s();
    end_trial(account, subscription);
  }
  return subscription;
}

Result<Json> pause_subscription(Account& account, const std::string& id, const Json& given) {
  using Sort = Param::Sort;
  static const Params table{
      {"type", Sort::text, false, {}, {"subscription"}},
      {"invoicing_behavior", Sort::text, false, {}, {"invoice", "pending_invoice_item"}},
      {"bill_for",
       Sort::object,
       false,
       {{"unused_time_from",
         Sort::object,
         false,
         {{"type", Sort::text, true, {}, {"item_current_period_start", "none", "now"}}}},
        {"outstanding_usage_through", Sort::object, false, {{"type", Sort::text, true, {}, {"none", "now"}}}}}}};
  Json& subscription = *TRY(account.need("subscription", id, "id"));
  const Json params = TRY(check_params(given, table));
  if (subscription["status"] != "active" && subscription["status"] != "trialing")
    return refusal(Kind::invalid, "", "Only active and trialing subscriptions can be paused.");
  if (subscription["schedule"].is_string())
    return refusal(Kind::invalid, "", "The subscription is managed by a schedule. Release the schedule first.");
  const Json& item = item_of(subscription);
  const std::int64_t start = integer_at(item, "current_period_start");
  const std::int64_t end = integer_at(item, "current_period_end");
  const std::int64_t left = std::clamp<std::int64_t>(end - account.now_s(), 0, end - start);
  const bool paid = subscription["status"] == "active" && end > start;
  account.keep("unused_time", "unused " + id,
               Json{{"amount", paid ? amount_of(subscription) * left / (end - start) : 0}});
  const Json before = former(subscription, {"status"});
  subscription["status"] = "paused";
  account.emit("customer.subscription.paused", subscription);
  account.emit("customer.subscription.updated", subscription, before);
  return subscription;
}

Result<Json> resume_subscription(Account& account, const std::string& id, const Json& given) {
  using Sort = Param::Sort;
  static const Params table{
      {"billing_cycle_anchor", Sort::object, false, {{"type", Sort::text, true, {}, {"now", "unchanged"}}}},
      {"payment_behavior", Sort::text, false, {}, {"resume_on_payment_attempt", "resume_on_payment_success"}},
      {"proration_behavior", Sort::text, false, {}, {"always_invoice", "create_prorations", "none"}},
      {"proration_date", Sort::integer}};
  Json& subscription = *TRY(account.need("subscription", id, "id"));
  const Json params = TRY(check_params(given, table));
  if (subscription["status"] != "paused")
    return refusal(Kind::invalid, "", "Only paused subscriptions can be resumed.");
  if (params.contains("billing_cycle_anchor") && text_at(params["billing_cycle_anchor"], "type") == "unchanged")
    return refusal(Kind::invalid, "", "The sandbox resumes with billing_cycle_anchor[type]=now only.",
                   "billing_cycle_anchor[type]");
  const Json* unused = account.find("unused_time", "unused " + id);
  const std::int64_t credit = unused ? integer_at(*unused, "amount") : 0;
  if (unused) account.keep("unused_time", "unused " + id, Json{{"amount", 0}});
  Json before = items_before(subscription);
  before["status"] = "paused";
  Json& item = item_of(subscription);
  subscription["status"] = "active";
  subscription["billing_cycle_anchor"] = account.now_s();
  item["current_period_start"] = account.now_s();
  item["current_period_end"] = period_end(account.now_s(), account.now_s(), item["price"]["recurring"]);
  Json& invoice = draw_invoice(account, subscription, amount_of(subscription) - credit, "subscription_update");
  subscription["latest_invoice"] = invoice["id"];
  account.emit("invoice.created", invoice);
  account.emit("customer.subscription.resumed", subscription);
  account.emit("customer.subscription.updated", subscription, std::move(before));
  finalize_invoice(account, invoice);
  if (!collect(account, invoice, account.cards_fail ? Card::declined : Card::good)) {
    const Json status = former(subscription, {"status"});
    subscription["status"] = "past_due";
    account.emit("customer.subscription.updated", subscription, status);
  }
  return subscription;
}

Result<Json> cancel_subscription(Account& account, const std::string& id, const Json& given) {
  static const Params table{{"invoice_now", Param::Sort::boolean},
                            {"prorate", Param::Sort::boolean},
                            {"cancellation_details", Param::Sort::object, false, {{"comment"}, {"feedback"}}}};
  Json& subscription = *TRY(account.need("subscription", id, "id"));
  if (subscription["status"] == "canceled")
    return refusal(Kind::not_found, "resource_missing", "No such subscription: '" + id + "'", "id");
  TRY(check_params(given, table));
  end_subscription(account, subscription, "cancellation_requested");
  return subscription;
}

Result<Json> pay_invoice(Account& account, const std::string& id, const Json& given) {
  using Sort = Param::Sort;
  TRY(check_params(given, {{"payment_method"},
                           {"off_session", Sort::boolean},
                           {"forgive", Sort::boolean},
                           {"paid_out_of_band", Sort::known}}));
  Json& invoice = *TRY(account.need("invoice", id, "id"));
  if (invoice["status"] == "paid") return refusal(Kind::invalid, "", "Invoice is already paid");
  if (invoice["status"] != "open") return refusal(Kind::invalid, "", "Only an open invoice can be paid.");
  if (!collect(account, invoice, account.cards_fail ? Card::declined : Card::good, Attempt::asked))
    return refusal(Kind::payment_required, "card_declined", "Your card was declined.");
  if (Json* subscription =
          account.find("subscription", text_at(invoice["parent"]["subscription_details"], "subscription")))
    recover(account, *subscription);
  return invoice;
}

Result<Json> void_invoice(Account& account, const std::string& id, const Json& given) {
  TRY(check_params(given, {}));
  Json& invoice = *TRY(account.need("invoice", id, "id"));
  if (invoice["status"] != "open" && invoice["status"] != "uncollectible")
    return refusal(Kind::invalid, "", "You can only pass in open or uncollectible invoices.");
  invoice["status"] = "void";
  invoice["status_transitions"]["voided_at"] = account.now_s();
  invoice["auto_advance"] = false;
  invoice["next_payment_attempt"] = nullptr;
  account.emit("invoice.voided", invoice);
  if (Json* subscription =
          account.find("subscription", text_at(invoice["parent"]["subscription_details"], "subscription"));
      subscription && (*subscription)["latest_invoice"] == invoice["id"])
    recover(account, *subscription);
  return invoice;
}

void pass_time(Account& account, Instant until) {
  const std::int64_t end = until.ms / 1000;
  for (;;) {
    std::int64_t first = end + 1;
    std::function<void()> act;
    const auto offer = [&](std::int64_t at, std::function<void()> what) {
      if (at < first) {
        first = at;
        act = std::move(what);
      }
    };
    for (const auto& id : account.ids("subscription")) {
      Json& subscription = *account.find("subscription", id);
      const Due due = due_of(account, subscription);
      if (!due.what.empty()) offer(due.at, [&account, &subscription, due] { play(account, subscription, due.what); });
    }
    for (const auto& id : account.ids("invoice")) {
      Json& invoice = *account.find("invoice", id);
      if (invoice["status"] == "open" && invoice["next_payment_attempt"].is_number_integer())
        offer(integer_at(invoice, "next_payment_attempt"), [&account, &invoice] { retry(account, invoice); });
    }
    for (const auto& id : account.ids("checkout.session")) {
      Json& session = *account.find("checkout.session", id);
      if (session["status"] == "open")
        offer(integer_at(session, "expires_at"), [&account, &session] {
          session["status"] = "expired";
          session["url"] = nullptr;
          account.emit("checkout.session.expired", session);
        });
    }
    if (!act) break;
    account.now = std::max(account.now, Instant{first * 1000});
    act();
  }
  account.now = until;
}

}  // namespace tuition::sandbox::stripe
