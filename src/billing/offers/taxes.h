#pragma once

// The taxes on what is sold, by country: what administrators set, and which of them an order gets.

#include <optional>
#include <string>
#include <vector>

#include "billing/offers/taxes_wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/http/route.h"
#include "platform/storage/database.h"

namespace tuition::billing {

struct Billing;

// The tax of a country, of the school's own where none is named. VALIDATION_ERROR for what is no country.
Result<std::optional<Tax>> tax_in(Billing& billing, ReadTx& tx, const std::optional<std::string>& country);

// Of an order: what is paid for again keeps the tax it began with, where no country is named.
Result<std::optional<Tax>> tax_of_order(Billing& billing, ReadTx& tx, const UserId& buyer, const PlanId& plan,
                                        const std::optional<std::string>& country);

Result<TaxesView> show_taxes(Billing& billing);

Result<std::vector<TaxRateView>> list_tax_rates(Billing& billing);
// CONFLICT when the country has one already.
Result<TaxRateView> add_tax_rate(Billing& billing, const Caller& caller, const TaxRateForm& form);
// For what is ordered from now on; subscriptions keep the tax they began with.
Result<TaxRateView> change_tax_rate(Billing& billing, const Caller& caller, const std::string& id,
                                    const TaxChangeForm& form);
Result<void> remove_tax_rate(Billing& billing, const Caller& caller, const std::string& id);

http::Routes tax_routes(Billing& billing);

}  // namespace tuition::billing
