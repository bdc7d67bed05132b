#pragma once

// Whom invoices are made out to, as people say it themselves.

#include <algorithm>
#include <optional>
#include <string>

#include "billing/wire.h"

namespace tuition::billing {

struct BillingAddress {
  std::optional<std::string> line1{};
  std::optional<std::string> line2{};
  std::optional<std::string> city{};
  std::optional<std::string> region{};
  std::optional<std::string> postal_code{};
  std::optional<std::string> country{};
};
constexpr auto fields_of(const BillingAddress*) {
  return table("BillingAddress", field("line1", &BillingAddress::line1, "Street and number.", length(0, 200)),
               field("line2", &BillingAddress::line2, "What else belongs to it.", length(0, 200)),
               field("city", &BillingAddress::city, "The town.", length(0, 100)),
               field("region", &BillingAddress::region, "The county or state.", length(0, 100)),
               field("postalCode", &BillingAddress::postal_code, "The post code.", length(0, 20)),
               field("country", &BillingAddress::country, "Two letters, such as KE.", length(2, 2)));
}

struct BillingDetails {
  std::optional<std::string> name{};
  std::optional<BillingAddress> address{};
  std::optional<std::string> tax_id{};
};
constexpr auto fields_of(const BillingDetails*) {
  return table(
      "BillingDetails",
      field("name", &BillingDetails::name, "The person or firm; null: the name of the account.", length(0, 200)),
      field("address", &BillingDetails::address, "Their address; null where none is given."),
      field("taxId", &BillingDetails::tax_id, "Their number with the tax office; null where none is given.",
            length(0, 40)));
}

inline void check_form(const BillingDetails& form, FormProblems& problems) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (form.address && form.address->country && problems.fine("address.country") &&
      !std::all_of(form.address->country->begin(), form.address->country->end(), letter))
    problems.add("address.country", "must be two letters, such as KE");
  const auto known = [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == ' ' || c == '-' || c == '.' || c == '/';
  };
  if (form.tax_id && problems.fine("taxId") && !std::all_of(form.tax_id->begin(), form.tax_id->end(), known))
    problems.add("taxId", "must be letters and digits, with spaces, dots, slashes or hyphens between them");
}

}  // namespace tuition::billing
