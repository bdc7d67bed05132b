#pragma once

#include <vector>

#include "billing/types.h"
#include "platform/base/caller.h"
#include "platform/storage/database.h"

namespace tuition::billing::store {

struct Gift {
  std::string id{};
  UserId user{};
  PlanId plan{};
  std::string plan_code{};
  std::string plan_name{};
  UserId given_by{};
  Instant starts_at{};
  Instant ends_at{};
};

void add_gift(WriteTx& tx, const Gift& gift);
// Of the person, for themselves and for administrators.
std::vector<Gift> gifts_of(ReadTx& tx, const Caller& caller, const UserId& user);

struct Bought {
  std::string id{};
  PlanId plan{};
  std::string plan_code{};
  std::string plan_name{};
  SubscriptionStatus status = SubscriptionStatus::active;
  std::string provider{};
  std::optional<Interval> interval{};
  std::optional<std::int64_t> interval_count{};
  std::optional<std::int64_t> amount_minor{};
  std::optional<Currency> currency{};
  Instant period_start{};
  Instant period_end{};
  bool cancel_at_period_end = false;
  Instant created_at{};
  std::optional<Instant> ended_at{};
};
std::vector<Bought> bought_by(ReadTx& tx, const Caller& caller, const UserId& user);

// Everybody who has the plan, by its id or code, at that moment: bought and live, or given. For lists of
// administrators.
Sql people_on_plan_statement();
std::vector<UserId> people_on_plan(ReadTx& tx, const std::string& plan, Instant now);

}  // namespace tuition::billing::store
