#include "billing/payments/refund_rules.h"

#include <set>

namespace tuition::billing {
namespace {

Result<std::int64_t> sum_of(const Refundable& payment, const std::vector<RefundLine>& lines) {
  if (payment.lines.empty()) return unprocessable("This payment has no lines. Name an amount instead.");
  std::int64_t sum = 0;
  std::set<std::int64_t> seen;
  for (const auto& each : lines) {
    if (each.position < 0 || each.position >= static_cast<std::int64_t>(payment.lines.size()))
      return unprocessable("There is no line " + std::to_string(each.position) + ".");
    if (!seen.insert(each.position).second)
      return unprocessable("Line " + std::to_string(each.position) + " is named twice.");
    const auto whole = payment.lines[static_cast<std::size_t>(each.position)];
    const auto part = each.amount_minor.value_or(whole);
    if (part > whole)
      return unprocessable("More is asked back of line " + std::to_string(each.position) + " than it cost.");
    sum += part;
  }
  return sum;
}

}  // namespace

Result<std::int64_t> refund_amount(const Refundable& payment, const std::optional<std::int64_t>& amount,
                                   const std::vector<RefundLine>& lines) {
  const auto rest = payment.amount_minor - payment.refunded_minor;
  if (rest <= 0) return conflict("ALREADY_REFUNDED", "All of this payment has gone back already.");
  auto wanted = amount.value_or(rest);
  if (!lines.empty()) {
    const auto sum = TRY(sum_of(payment, lines));
    if (amount && *amount != sum) return unprocessable("The amount is not the sum of the lines.");
    wanted = sum;
  }
  if (wanted <= 0) return unprocessable("Nothing would go back.");
  if (wanted > rest) return unprocessable("That is more than is left of this payment.");
  return wanted;
}

AccessPolicy usual_policy(const Refundable& payment, std::int64_t amount_minor, bool purchase) {
  const bool whole = payment.refunded_minor + amount_minor >= payment.amount_minor;
  return whole && purchase ? AccessPolicy::end_now : AccessPolicy::keep;
}

PaymentStatus standing_of(std::int64_t amount_minor, std::int64_t refunded_minor, bool disputed) {
  if (refunded_minor >= amount_minor) return PaymentStatus::refunded;
  if (disputed) return PaymentStatus::disputed;
  return refunded_minor > 0 ? PaymentStatus::partially_refunded : PaymentStatus::success;
}

}  // namespace tuition::billing
