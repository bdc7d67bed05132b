#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "billing/wire.h"
#include "platform/base/caller.h"
#include "platform/base/fields_json.h"
#include "platform/base/result.h"
#include "platform/storage/database.h"

namespace tuition::billing {

struct Billing;

using PlansShown = std::shared_ptr<const Encoded<std::vector<PlanView>>>;

// The plans on sale as everybody sees them, kept in memory because every visitor asks. Emptied after the commit of any
// change to plans or prices. Safe from any thread.
class PlanShelf {
 public:
  PlansShown plans(Database& db);
  void empty();

 private:
  std::atomic<PlansShown> shown_{};
  std::atomic<std::uint64_t> version_{0};
};

// What is on sale, in order; the caller's own plan is marked, and no trial is shown that the caller has had.
PlansShown list_plans(Billing& billing, const Caller& caller);
Result<PlanView> show_plan(Billing& billing, const Caller& caller, const PlanId& id);

struct NewPrice {
  std::string currency{};
  std::int64_t amount_minor = 0;
  Interval interval = Interval::month;
  std::int64_t interval_count = 1;
};
// Puts a price on what `price` names, a plan or a product.
Result<void> offer_price(Billing& billing, WriteTx& tx, Price price, const NewPrice& wanted);

struct NewPlan {
  std::string code{};
  std::string name{};
  std::string description{};
  std::vector<std::string> features{};
  std::int64_t trial_days = 0;
  std::string scope = "all";
  std::string scope_id{};
  std::string group = "main";
  std::vector<NewPrice> prices{};
};
// Puts a plan on sale. CONFLICT when the code is taken.
Result<PlanId> offer_plan(Billing& billing, WriteTx& tx, const NewPlan& plan);

}  // namespace tuition::billing
