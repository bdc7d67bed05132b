#include "billing/paystack/requests.h"

namespace tuition::billing::paystack {

Result<std::int64_t> to_subunits(const Money& money) {
  switch (money.currency.exponent()) {
    case 0: return TRY(multiply(money, 100)).minor;
    case 2: return money.minor;
    default: return unprocessable("Paystack does not take this currency.");
  }
}

std::string_view interval_of(const Price& price) {
  switch (price.interval) {
    case Interval::day: return price.interval_count == 1 ? "daily" : "";
    case Interval::week: return price.interval_count == 1 ? "weekly" : "";
    case Interval::month:
      switch (price.interval_count) {
        case 1: return "monthly";
        case 3: return "quarterly";
        case 6: return "biannually";
        default: return "";
      }
    case Interval::year: return price.interval_count == 1 ? "annually" : "";
    case Interval::once: return "";
  }
  return "";
}

std::optional<std::int64_t> from_subunits(std::int64_t subunits, const Currency& currency) {
  if (currency.exponent() == 2) return subunits;
  if (currency.exponent() != 0 || subunits % 100 != 0) return std::nullopt;
  return subunits / 100;
}

}  // namespace tuition::billing::paystack
