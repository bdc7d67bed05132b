#pragma once

// An administrator wants to know now where a payment stands: its provider is asked, and what it says is applied as if
// it had told us by itself.

#include "billing/payments/refunds_wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/http/route.h"

namespace tuition::billing {

struct Billing;

// Of an open one whether it was paid, of one that came in what went back or is doubted since. Goes over the network.
// NOT_FOUND; CONFLICT where there is nobody to ask, or the provider knows no such payment; NOT_CONFIGURED;
// PROVIDER_ERROR.
Result<PaymentCaseView> look_again(Billing& billing, const Caller& caller, const PaymentId& id);

http::Routes second_look_routes(Billing& billing);

}  // namespace tuition::billing
