#pragma once

#include "billing/types.h"
#include "platform/base/money.h"
#include "platform/base/result.h"

namespace tuition::billing {

// What a coupon takes off an amount: never more than the amount. UNPROCESSABLE when it is in another currency.
Result<Money> discount(const Coupon& coupon, const Money& amount);

// Whether a gateway's discount is ours: a percentage may be rounded the other way there.
bool same_discount(const Coupon& coupon, std::int64_t ours_minor, std::int64_t theirs_minor);

// When the period that begins then is over.
Instant one_period_after(Instant from, const Price& price);

}  // namespace tuition::billing
