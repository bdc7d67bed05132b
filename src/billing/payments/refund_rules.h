#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "billing/types.h"
#include "platform/base/result.h"

namespace tuition::billing {

// A line of what was paid for, and how much of it is to go back; all of it when not said.
struct RefundLine {
  std::int64_t position = 0;
  std::optional<std::int64_t> amount_minor{};
};

// A payment and what of it has gone back, or is on its way.
struct Refundable {
  std::int64_t amount_minor = 0;
  std::int64_t refunded_minor = 0;
  std::vector<std::int64_t> lines{};  // the invoice's, by position
};

// How much goes back: the amount, or the sum of the lines, or the rest. ALREADY_REFUNDED when nothing is left;
// UNPROCESSABLE when it is too much, names a line that is none, or amount and lines disagree.
Result<std::int64_t> refund_amount(const Refundable& payment, const std::optional<std::int64_t>& amount,
                                   const std::vector<RefundLine>& lines);

// What becomes of access when nothing is said: it ends with a purchase that is given back whole, and stays otherwise.
AccessPolicy usual_policy(const Refundable& payment, std::int64_t amount_minor, bool purchase);

// Where a payment stands that went through.
PaymentStatus standing_of(std::int64_t amount_minor, std::int64_t refunded_minor, bool disputed);

}  // namespace tuition::billing
