#pragma once

// Stripe's objects to our words. Both shapes are read: API versions since 2025-03-31 and before.

#include "billing/gateway.h"
#include "platform/base/fields_json.h"

namespace tuition::billing::stripe {

// An event's envelope. `test_mode` is that of the configured key; an event of the other mode is kept but not handled.
Result<Notice> read_event(const JsonNode& event, bool test_mode);
SubscriptionState read_subscription(const JsonNode& subscription);
CheckoutState read_checkout(const JsonNode& session);
InvoiceState read_invoice(const JsonNode& invoice);
RefundState read_refund(const JsonNode& refund);
DisputeState read_dispute(const JsonNode& dispute);

}  // namespace tuition::billing::stripe
