#pragma once

// Paystack's objects to our words.

#include "billing/gateway.h"
#include "platform/base/fields_json.h"

namespace tuition::billing::paystack {

// An event {event, data}. It has no id of its own: its name with the object's id, or with the reference, stands for
// one; where it has neither, the digest of the body. `test_mode` is that of the key; an event of the other mode is kept
// but not handled.
Result<Notice> read_event(const JsonNode& event, std::string_view raw_body, bool test_mode);

// The `data` of a transaction. A doubt is set when it is of the other mode or its amount cannot be read.
CheckoutState read_transaction(const JsonNode& transaction, bool test_mode);
// The `data` of a subscription. Its period's end is the next payment; nothing when none is due.
SubscriptionState read_subscription(const JsonNode& subscription);
// The plan that a transaction or a subscription is for; empty codes where it is for none.
struct PlanNamed {
  std::string code{};
  std::string number{};
};
PlanNamed plan_of(const JsonNode& node);
RefundState read_refund(const JsonNode& refund);
DisputeState read_dispute(const JsonNode& dispute);

// The text at a name, also of a number; empty when there is none.
std::string text_at(const JsonNode& node, std::string_view name);

}  // namespace tuition::billing::paystack
