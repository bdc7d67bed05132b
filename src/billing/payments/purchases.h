#pragma once

#include <string>

#include "billing/gateway.h"
#include "billing/types.h"
#include "platform/storage/database.h"

namespace tuition::billing {

struct Billing;

// What follows from a product that was paid for as ordered: the payment in the books, the entitlement, the mail. Text:
// why it was set aside; the money is then sent back (undo.h).
std::string put_purchase(Billing& billing, WriteTx& tx, const Checkout& checkout, const CheckoutState& state);

}  // namespace tuition::billing
