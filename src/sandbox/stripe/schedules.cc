#include "sandbox/stripe/schedules.h"

#include "sandbox/stripe/billing.h"
#include "sandbox/stripe/params.h"
#include "sandbox/stripe/taxes.h"

namespace tuition::sandbox::stripe {
namespace {

using Sort = Param::Sort;

void release(Account& account, Json& schedule) {
  if (Json* subscription = account.find("subscription", text_at(schedule, "subscription")))
    (*subscription)["schedule"] = nullptr;
  schedule["status"] = "released";
  schedule["released_at"] = account.now_s();
  schedule["released_subscription"] = schedule["subscription"];
  schedule["subscription"] = nullptr;
  account.emit("subscription_schedule.released", schedule);
}

}  // namespace

Result<Json> create_schedule(Account& account, const Json& given) {
  const Json params = TRY(check_params(given, {{"from_subscription", Sort::text, true}, {"metadata", Sort::metadata}}));
  const std::string id = text_at(params, "from_subscription");
  Json& subscription = *TRY(account.need("subscription", id, "from_subscription"));
  if (subscription["status"] == "canceled" || subscription["schedule"].is_string())
    return refusal(Kind::invalid, "",
                   "You cannot migrate a subscription that is already attached to a schedule or over.",
                   "from_subscription");
  const Json& item = subscription["items"]["data"][0];
  const std::string schedule_id = account.new_id("sub_sched_1", 23);
  subscription["schedule"] = schedule_id;
  const Json phase{{"start_date", item["current_period_start"]},
                   {"end_date", item["current_period_end"]},
                   {"items", Json::array({Json{{"price", item["price"]["id"]}, {"quantity", item["quantity"]}}})}};
  Json& schedule =
      account.keep("subscription_schedule", schedule_id,
                   Json{{"id", schedule_id},
                        {"object", "subscription_schedule"},
                        {"created", account.now_s()},
                        {"current_phase", {{"start_date", phase["start_date"]}, {"end_date", phase["end_date"]}}},
                        {"customer", subscription["customer"]},
                        {"end_behavior", "release"},
                        {"livemode", false},
                        {"metadata", Json::object()},
                        {"phases", Json::array({phase})},
                        {"released_at", nullptr},
                        {"released_subscription", nullptr},
                        {"status", "active"},
                        {"subscription", id}});
  account.emit("subscription_schedule.created", schedule);
  account.emit("customer.subscription.updated", subscription, Json{{"schedule", nullptr}});
  return schedule;
}

Result<Json> update_schedule(Account& account, const std::string& id, const Json& given) {
  static const std::vector<std::string_view> prorations{"always_invoice", "create_prorations", "none"};
  static const Params phase{
      {"items",
       Sort::list,
       false,
       {{"price", Sort::text, true},
        {"quantity", Sort::integer},
        {"metadata", Sort::metadata},
        {"tax_rates", Sort::list}}},
      {"start_date", Sort::integer},
      {"end_date", Sort::integer},
      {"trial_end", Sort::integer},
      {"duration",
       Sort::object,
       false,
       {{"interval", Sort::text, true, {}, {"day", "week", "month", "year"}}, {"interval_count", Sort::integer}}},
      {"proration_behavior", Sort::text, false, {}, prorations}};
  static const Params table{{"end_behavior", Sort::text, false, {}, {"cancel", "release"}},
                            {"proration_behavior", Sort::text, false, {}, prorations},
                            {"phases", Sort::list, false, phase},
                            {"metadata", Sort::metadata}};
  Json& schedule = *TRY(account.need("subscription_schedule", id, "id"));
  const Json params = TRY(check_params(given, table));
  if (schedule["status"] != "active")
    return refusal(Kind::invalid, "", "You can only update a schedule that is active.");
  if (!params.contains("phases") || params["phases"].size() != 2)
    return refusal(Kind::invalid, "", "The sandbox takes two phases: the present one and the next.", "phases");
  const Json& now = schedule["phases"][0];
  const Json& first = params["phases"][0];
  if (integer_at(first, "start_date") != integer_at(now, "start_date") ||
      integer_at(first, "end_date") != integer_at(now, "end_date"))
    return refusal(Kind::invalid, "", "The present phase cannot be moved.", "phases[0][start_date]");
  const Json& next = params["phases"][1];
  if (!next.contains("items") || next["items"].size() != 1)
    return refusal(Kind::invalid, "parameter_missing", "Missing required param: phases[1][items].", "phases[1][items]");
  const Json& price = *TRY(account.need("price", text_at(next["items"][0], "price"), "phases[1][items][0][price]"));
  const Json& subscription = *account.find("subscription", text_at(schedule, "subscription"));
  if (price["active"] != true || price["recurring"].is_null() || price["currency"] != subscription["currency"])
    return refusal(Kind::invalid, "", "The price cannot be used for this subscription.", "phases[1][items][0][price]");
  for (std::size_t i = 0; i < 2; ++i)
    TRY(tax_rates_of(account, params["phases"][i]["items"][0], "phases[" + std::to_string(i) + "][items][0]"));
  schedule["phases"] = Json::array({now, Json{{"start_date", now["end_date"]}, {"items", next["items"]}}});
  account.emit("subscription_schedule.updated", schedule);
  return schedule;
}

Result<Json> release_schedule(Account& account, const std::string& id) {
  Json& schedule = *TRY(account.need("subscription_schedule", id, "id"));
  if (schedule["status"] != "active")
    return refusal(Kind::invalid, "", "You can only release a schedule that is active.");
  Json& subscription = *account.find("subscription", text_at(schedule, "subscription"));
  release(account, schedule);
  account.emit("customer.subscription.updated", subscription, Json{{"schedule", id}});
  return schedule;
}

void begin_next_phase(Account& account, Json& subscription) {
  Json* schedule = account.find("subscription_schedule", text_at(subscription, "schedule"));
  if (!schedule) return;
  if ((*schedule)["phases"].size() > 1) {
    const Json& next = (*schedule)["phases"][1]["items"][0];
    set_price(subscription, *account.find("price", text_at(next, "price")));
    // What the phase does not name is not taxed.
    subscription["items"]["data"][0]["tax_rates"] = tax_rates_of(account, next, "items[0]").value();
  }
  release(account, *schedule);
}

}  // namespace tuition::sandbox::stripe
