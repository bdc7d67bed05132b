#pragma once

#include "billing/invoices/details_wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/storage/database.h"

namespace tuition::billing {

struct Billing;

// Whom the caller's invoices are made out to.
Result<BillingDetails> show_details(Billing& billing, const Caller& caller);
// In place of all that was said before; what is empty is none.
Result<BillingDetails> set_details(Billing& billing, const Caller& caller, const BillingDetails& form);

// The same of anybody, for their invoices.
BillingDetails details_of(ReadTx& tx, const UserId& user);

}  // namespace tuition::billing
