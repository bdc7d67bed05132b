#include "billing/pricing.h"

#include <algorithm>

#include "platform/base/check.h"

namespace tuition::billing {

Result<Money> discount(const Coupon& coupon, const Money& amount) {
  if (coupon.percent) return share_round_half_up(amount, *coupon.percent, 100);
  check(coupon.amount_minor && coupon.currency, "a coupon has a percentage or an amount");
  if (*coupon.currency != amount.currency) return unprocessable("This coupon is in another currency.");
  return Money{std::min(*coupon.amount_minor, amount.minor), amount.currency};
}

bool same_discount(const Coupon& coupon, std::int64_t ours_minor, std::int64_t theirs_minor) {
  const auto apart = ours_minor - theirs_minor;
  return coupon.percent ? apart >= -1 && apart <= 1 : apart == 0;
}

}  // namespace tuition::billing
