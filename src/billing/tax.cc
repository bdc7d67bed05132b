#include "billing/tax.h"

namespace tuition::billing {

std::optional<TaxRate> rate_for(const std::vector<TaxRate>& rates, const std::string& country) {
  for (const auto& each : rates)
    if (each.country == country) return each;
  return std::nullopt;
}

Result<Money> contained_tax(const Money& amount, const TaxRate& rate) {
  return share_round_half_up(amount, rate.basis_points, 10'000 + rate.basis_points);
}

}  // namespace tuition::billing
