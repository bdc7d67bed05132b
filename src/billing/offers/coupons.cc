#include "billing/offers/coupons.h"

#include "billing/billing.h"
#include "billing/offers/offers.h"
#include "billing/offers/pricing.h"
#include "billing/store.h"
#include "platform/base/text.h"

namespace tuition::billing {
namespace {

// Codes are kept in capitals.
std::string kept_code(std::string_view code) {
  std::string kept(trim(code));
  for (char& each : kept)
    if (each >= 'a' && each <= 'z') each = static_cast<char>(each - 'a' + 'A');
  return kept;
}

}  // namespace

Result<Coupon> find_coupon(ReadTx& tx, std::string_view code, Instant now) {
  auto coupon = store::coupon_by_code(tx, kept_code(code));
  // One whose time has not come is nobody's business yet.
  if (!coupon || (coupon->starts_at && *coupon->starts_at > now)) return not_found("There is no such coupon.");
  return *std::move(coupon);
}

Result<Money> try_coupon(ReadTx& tx, const Coupon& coupon, const Purchase& purchase, Instant now) {
  if (!coupon.active || (coupon.ends_at && *coupon.ends_at <= now))
    return conflict("COUPON_EXPIRED", "This coupon is over.");
  if (coupon.max_uses && coupon.used >= *coupon.max_uses)
    return conflict("COUPON_USED_UP", "This coupon has been used as often as it may be.");
  if (coupon.per_user && store::coupon_uses_by(tx, coupon.id, purchase.buyer) >= *coupon.per_user)
    return conflict("COUPON_USED_UP", "You have used this coupon as often as you may.");
  if (!store::coupon_is_for(tx, coupon.id, purchase.target)) return unprocessable("This coupon is not for this offer.");
  // Whether the free first invoice uses such a coupon up is the gateway's secret.
  if (purchase.trial_days > 0 && coupon.duration == CouponDuration::once)
    return unprocessable("This coupon is for the first payment and cannot be combined with a free trial.");
  return discount(coupon, purchase.amount);
}

Result<CouponView> validate_coupon(Billing& billing, const Caller& caller, const CouponForm& form) {
  return billing.db.read([&](ReadTx& tx) -> Result<CouponView> {
    const auto now = billing.clock.now();
    const auto wish = TRY(choose_offer(
        tx, caller.user, {form.plan, form.product, form.interval, form.interval_count, form.currency}, now));
    const auto coupon = TRY(find_coupon(tx, form.code, now));
    const Money amount{wish.price.amount_minor, wish.price.currency};
    const auto off = TRY(try_coupon(tx, coupon, {caller.user, wish.offer.id, amount, wish.trial_days}, now));
    CouponView view;
    view.code = coupon.code;
    view.name = coupon.name;
    view.percent = coupon.percent;
    view.duration = coupon.duration;
    view.duration_months = coupon.duration_months;
    view.amount_minor = amount.minor;
    view.discount_minor = off.minor;
    view.total_minor = amount.minor - off.minor;
    view.currency = amount.currency;
    return view;
  });
}

Result<CouponId> offer_coupon(Billing& billing, WriteTx& tx, const NewCoupon& wanted) {
  const auto now = billing.clock.now();
  Coupon coupon;
  coupon.code = kept_code(wanted.code);
  if (store::coupon_by_code(tx, coupon.code)) return already_there("code", "A coupon with this code exists already.");
  if (wanted.percent.has_value() == wanted.amount_minor.has_value())
    return invalid_field("percent", "must be given, or else amountMinor");
  if (wanted.amount_minor) {
    coupon.currency = Currency::parse(wanted.currency);
    if (!coupon.currency) return invalid_field("currency", "must be a currency code such as USD");
  }
  coupon.id = new_id<CouponTag>(billing.clock, billing.entropy);
  coupon.name = wanted.name;
  coupon.percent = wanted.percent;
  coupon.amount_minor = wanted.amount_minor;
  coupon.duration = wanted.duration;
  coupon.duration_months = wanted.duration_months;
  coupon.max_uses = wanted.max_uses;
  coupon.per_user = wanted.per_user;
  coupon.starts_at = wanted.starts_at;
  coupon.ends_at = wanted.ends_at;
  store::put_coupon(tx, coupon, wanted.targets, now);
  return coupon.id;
}

}  // namespace tuition::billing
