#pragma once

// What a plan would cost, said before anybody signs up, and plans side by side.

#include <string>
#include <vector>

#include "billing/offers/quotes_wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/http/route.h"

namespace tuition::billing {

struct Billing;

// NOT_FOUND for a plan that is not on sale or a coupon that is none; UNPROCESSABLE for a price that it has not, or a
// coupon that does not fit.
Result<QuoteView> quote_plan(Billing& billing, const Caller& caller, const PlanId& id, const QuoteForm& form);

// The features of several plans, a row each. NOT_FOUND when one of them is not on sale.
Result<ComparisonView> compare_plans(Billing& billing, const Caller& caller, const CompareForm& form);

http::Routes quote_routes(Billing& billing);

}  // namespace tuition::billing
