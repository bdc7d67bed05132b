#pragma once

#include <optional>
#include <string>

#include "billing/types.h"
#include "billing/wire.h"
#include "platform/base/fields.h"

namespace tuition::billing {

struct GiftForm {
  PlanId plan{};
  Instant until{};
};
constexpr auto fields_of(const GiftForm*) {
  return table("GiftForm", field("planId", &GiftForm::plan, "The plan to give."),
               field("until", &GiftForm::until, "When it ends: in the future, within ten years."));
}

// What an administrator gives away until a day, or what somebody begins to buy for themselves.
struct SubscribeForm : CheckoutForm {
  std::optional<Instant> until{};
};
constexpr auto fields_of(const SubscribeForm*) {
  constexpr auto checkout = fields_of(static_cast<const CheckoutForm*>(nullptr)).fields;
  constexpr auto more = fields(field("until", &SubscribeForm::until,
                                     "For administrators: when the plan, given for nothing, ends: in the future, "
                                     "within ten years. Without it the caller begins to buy the plan."));
  return table("SubscribeForm", joined(checkout, more));
}

// A subscription as it stands in somebody's history, bought or given.
struct HeldSubscription {
  std::string id{};
  PlanRef plan{};
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
constexpr auto fields_of(const HeldSubscription*) {
  return table(
      "HeldSubscription", field("id", &HeldSubscription::id, "The subscription's id."),
      field("plan", &HeldSubscription::plan, "The plan it is for."),
      field("status", &HeldSubscription::status, "Where it stands."),
      field("provider", &HeldSubscription::provider, "Who takes the payments; complimentary where nobody does."),
      field("interval", &HeldSubscription::interval, "How often it is charged; null where it is not."),
      field("intervalCount", &HeldSubscription::interval_count,
            "Every so many intervals; null where it is not charged."),
      field("amountMinor", &HeldSubscription::amount_minor, "What each period costs; null where it is given."),
      field("currency", &HeldSubscription::currency, "ISO 4217 code; null where it is given."),
      field("currentPeriodStart", &HeldSubscription::period_start, "When the present period began."),
      field("currentPeriodEnd", &HeldSubscription::period_end, "When it ends."),
      field("cancelAtPeriodEnd", &HeldSubscription::cancel_at_period_end, "Whether it ends with the period."),
      field("createdAt", &HeldSubscription::created_at, "When it began."),
      field("endedAt", &HeldSubscription::ended_at, "When it ended, if it has."));
}

// One that has just come to be: given, or waiting to be paid for.
struct AddedSubscription : HeldSubscription {
  std::optional<CheckoutView> checkout{};
};
constexpr auto fields_of(const AddedSubscription*) {
  constexpr auto held = fields_of(static_cast<const HeldSubscription*>(nullptr)).fields;
  constexpr auto more = fields(field("checkout", &AddedSubscription::checkout,
                                     "Where to pay for it, while it is incomplete; null where it is given."));
  return table("AddedSubscription", joined(held, more));
}

}  // namespace tuition::billing
