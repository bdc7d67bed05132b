#include "billing/offers/pricing.h"

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

Instant one_period_after(Instant from, const Price& price) {
  switch (price.interval) {
    case Interval::day: return from + days(price.interval_count);
    case Interval::week: return from + days(7 * price.interval_count);
    case Interval::month: return add_months(from, static_cast<int>(price.interval_count));
    case Interval::year: return add_months(from, static_cast<int>(12 * price.interval_count));
    case Interval::once: return from;
  }
  return from;
}

}  // namespace tuition::billing
