#pragma once

#include <string>

#include "sandbox/stripe/account.h"

namespace tuition::sandbox::stripe {

// Tax rates, and what they make of amounts. A rate is contained in an amount or added to it.

Result<Json> create_tax_rate(Account& account, const Json& given);

// The rates named by a list of ids under `tax_rates`, whole; none where it is absent.
Result<Json> tax_rates_of(Account& account, const Json& line, const std::string& path);

struct TaxSum {
  std::int64_t all = 0;
  std::int64_t added = 0;
};
TaxSum tax_on(const Json& rates, std::int64_t amount);

// Puts the taxes of an item's rates on its invoice, whose total is what discounts have left.
void tax_invoice(const Json& item, Json& invoice);

}  // namespace tuition::sandbox::stripe
