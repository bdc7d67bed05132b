#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "billing/types.h"
#include "billing/wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/storage/database.h"

namespace tuition::billing {

struct Billing;

// What a coupon is tried on.
struct Purchase {
  UserId buyer{};
  std::string target{};  // the id of a plan or a product
  Money amount{};
  std::int64_t trial_days = 0;
};

// The coupon people name; case and spaces around it do not matter. NOT_FOUND.
Result<Coupon> find_coupon(ReadTx& tx, std::string_view code, Instant now);

// What it takes off. COUPON_EXPIRED, COUPON_USED_UP; UNPROCESSABLE when it is not for that.
Result<Money> try_coupon(ReadTx& tx, const Coupon& coupon, const Purchase& purchase, Instant now);

// The same for who asks before buying.
Result<CouponView> validate_coupon(Billing& billing, const Caller& caller, const CouponForm& form);

struct NewCoupon {
  std::string code{};
  std::string name{};
  std::optional<std::int64_t> percent{};
  std::optional<std::int64_t> amount_minor{};
  std::string currency{};  // of the amount
  CouponDuration duration = CouponDuration::once;
  std::optional<std::int64_t> duration_months{};
  std::optional<std::int64_t> max_uses{};
  std::optional<std::int64_t> per_user{};
  std::optional<Instant> starts_at{};
  std::optional<Instant> ends_at{};
  std::vector<std::string> targets{};  // ids of plans and products; none: everything
};
// CONFLICT when the code is taken.
Result<CouponId> offer_coupon(Billing& billing, WriteTx& tx, const NewCoupon& coupon);

}  // namespace tuition::billing
