#pragma once

#include <functional>
#include <string_view>

#include "billing/wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/jobs/job.h"
#include "platform/storage/database.h"

namespace tuition::billing {

struct Billing;

// What people ask of their running subscription. The order is written down first; a job asks the gateway, as often as
// it takes, and applies what it answers. `answer` is called once: with how the subscription stands then, or, when the
// gateway is slow, with how it stands meanwhile (`pending`).
template <class V>
struct Ordered {
  V view{};
  bool pending = false;
};

// NO_ACTIVE_SUBSCRIPTION. One that ends with its period already may still be ended at once.
void cancel_subscription(Billing& billing, const Caller& caller, const CancelForm& form,
                         std::function<void(Result<Ordered<CancellationView>>)> answer);

// Takes the cancellation back, as long as the period lasts, or goes on after a pause. NO_ACTIVE_SUBSCRIPTION; CONFLICT
// when it is neither cancelled nor paused.
void resume_subscription(Billing& billing, const Caller& caller,
                         std::function<void(Result<Ordered<SubscriptionView>>)> answer);

// Lets it stand still until it is resumed: nothing is charged, nothing is open, and what was paid ahead is left for
// then. FORBIDDEN where the school has not allowed that; NO_ACTIVE_SUBSCRIPTION; CONFLICT while it is cancelled, in
// arrears or on trial.
void pause_subscription(Billing& billing, const Caller& caller,
                        std::function<void(Result<Ordered<SubscriptionView>>)> answer);

// What a change to another plan of the group would cost, asked of the gateway. Nothing is kept. NO_ACTIVE_SUBSCRIPTION;
// CONFLICT while it is cancelled or in arrears; NOT_FOUND; UNPROCESSABLE for the present price, another currency or
// group.
Result<ChangePreview> preview_change(Billing& billing, const Caller& caller, const ChangeForm& form);

// Part of the form's check: a preview's moment holds for an hour.
void check_proration(const UpgradeForm& form, Instant now, FormProblems& problems);

// The change itself: a step up now, the difference paid first, a step down with the next period. The same errors, and
// PAYMENT_REJECTED when the difference could not be charged: the plan stays. A repeated key answers for the first.
void change_plan(Billing& billing, const Caller& caller, const UpgradeForm& form, std::string_view key,
                 std::function<void(Result<Ordered<SubscriptionView>>)> answer);
// Takes a change to come back. CONFLICT when there is none.
void keep_plan(Billing& billing, const Caller& caller, std::function<void(Result<Ordered<SubscriptionView>>)> answer);

// What an administrator orders of somebody's subscription in their stead, who is told of it as ever. A change of plan
// comes with the next period: nobody's card is charged without them. NOT_FOUND; NO_ACTIVE_SUBSCRIPTION; and as above.
struct InTheirStead {
  OrderKind kind = OrderKind::cancel_at_end;
  std::optional<PlanId> plan{};
  std::optional<Interval> interval{};
  std::optional<std::int64_t> interval_count{};
  std::optional<std::string> comment{};
};
void order_for(Billing& billing, const Caller& caller, const SubscriptionId& id, const InTheirStead& order,
               std::function<void(Result<Ordered<SubscriptionView>>)> answer);
// What such a change would come to: with the next period, nothing at once. The errors of order_for.
Result<ChangePreview> preview_change_for(Billing& billing, const Caller& caller, const SubscriptionId& id,
                                         const ChangeForm& form);
// Gives away the time until then, of one that the school renews; the reason, which may be empty, stands in the trail.
// CONFLICT where the provider keeps the periods.
Result<SubscriptionView> extend_period(Billing& billing, const Caller& caller, const SubscriptionId& id, Instant until,
                                       const std::string& reason = {});

// The order to end somebody's subscription at once, in the transaction that removes the person.
Result<void> end_for_removal(Billing& billing, WriteTx& tx, const UserId& user);

// The job.
jobs::Outcome carry_out(Billing& billing, const SubscriptionOrderId& id);
void give_up_order(Billing& billing, WriteTx& tx, const SubscriptionOrderId& id, std::string_view reason);

// A page of the gateway's for cards and addresses, made anew for each click. CONFLICT for who never bought anything.
Result<PortalView> open_portal(Billing& billing, const Caller& caller);

}  // namespace tuition::billing
