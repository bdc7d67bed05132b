#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "billing/types.h"
#include "platform/base/money.h"

namespace tuition::billing {

// A country's tax on what is sold: contained in prices, or added to them.
struct TaxRate {
  std::string id{};
  std::string country{};          // two letters
  std::string name{};             // "VAT"
  std::int64_t basis_points = 0;  // 1600 is 16 per cent
  bool inclusive = true;
};

// The rate of a country, of those given; none where nothing is due.
std::optional<TaxRate> rate_for(const std::vector<TaxRate>& rates, const std::string& country);
Tax tax_of(const TaxRate& rate);

// An amount with its tax: net and tax make the total.
struct Taxed {
  Money net{};
  Money tax{};
  Money total{};
};
// Of a price, after any discount: what is contained is taken out of it, what is not is added. Rounded half up.
Result<Taxed> taxed(const Money& price, const std::optional<Tax>& tax);
// The same of what was paid in the end.
Result<Taxed> untaxed(const Money& total, const std::optional<Tax>& tax);

// How much of a payment's tax goes back with a part of it, after other parts: all of them together bring all of it
// back.
Result<std::int64_t> tax_sent_back(const Money& paid, std::int64_t tax_minor, std::int64_t before_minor,
                                   std::int64_t part_minor);

// What the lines of an invoice cost with the tax that was added to them: shares that make the whole.
std::vector<std::int64_t> with_tax_added(const std::vector<std::int64_t>& lines, std::int64_t tax_minor);

// The tax in words, the same for the same tax: "KE 1600 exclusive VAT".
std::string own_name_of(const Tax& tax);
std::optional<Tax> tax_named(const std::string& own_name);
// "16", "7.25".
std::string percent_of(std::int64_t basis_points);

}  // namespace tuition::billing
