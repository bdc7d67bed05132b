#pragma once

// Subscriptions that administrators give away, and everything that one person has or had.

#include <vector>

#include "billing/subscriptions/gifts_wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/http/route.h"

namespace tuition::billing {

struct Billing;

// For that person and for administrators, the newest first. NOT_FOUND for everybody else.
Result<std::vector<HeldSubscription>> list_held(Billing& billing, const Caller& caller, const UserId& user);

// Opens the plan to somebody until a day, for nothing, and tells them. ALREADY_SUBSCRIBED while they pay for one of the
// same group or were given this plan already.
Result<HeldSubscription> give_subscription(Billing& billing, const Caller& caller, const UserId& user,
                                           const GiftForm& form);

http::Routes gift_routes(Billing& billing);

}  // namespace tuition::billing
