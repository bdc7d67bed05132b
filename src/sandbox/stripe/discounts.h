#pragma once

#include "sandbox/stripe/account.h"

namespace tuition::sandbox::stripe {

// Coupons, and what they take off.

Result<Json> create_coupon(Account& account, const Json& given);
Result<Json> delete_coupon(Account& account, const std::string& id);

// The one coupon that a request's `discounts` name; empty when there are none.
Result<std::string> coupon_of(Account& account, const Json& params, const std::string& currency);
std::int64_t amount_off(const Json& coupon, std::int64_t amount);

// Puts a coupon on a subscription that begins.
void discount_subscription(Account& account, Json& subscription, const std::string& coupon);
// Takes what the subscription's discounts are worth now off an invoice just drawn.
void discount_invoice(Account& account, const Json& subscription, Json& invoice);

}  // namespace tuition::sandbox::stripe
