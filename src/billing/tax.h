#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/money.h"

namespace tuition::billing {

// A country's tax on what is sold. Prices are what people pay: tax is contained in them, never added.
struct TaxRate {
  std::string id{};
  std::string country{};          // two letters
  std::string name{};             // "VAT"
  std::int64_t basis_points = 0;  // 1600 is 16 per cent
};

// The rate of a country, of those given; none where nothing is due.
std::optional<TaxRate> rate_for(const std::vector<TaxRate>& rates, const std::string& country);

// What of an amount is tax, rounded half up.
Result<Money> contained_tax(const Money& amount, const TaxRate& rate);

}  // namespace tuition::billing
