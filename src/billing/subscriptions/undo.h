#pragma once

#include "billing/types.h"
#include "platform/jobs/job.h"
#include "platform/storage/database.h"

namespace tuition::billing {

struct Billing;

// What was paid for and cannot be given, because the person has it already, is undone at its gateway: cancelled, and
// the money sent back in full. Each step may be repeated; what was done already is left as it is. One mail says so.

void push_undo(Billing& billing, WriteTx& tx, const Subscription& surplus);
void push_undo(Billing& billing, WriteTx& tx, const Checkout& purchase);
// Of a period that was paid before.
void push_undo(Billing& billing, WriteTx& tx, const PaymentId& payment);

jobs::Outcome undo_subscription(Billing& billing, const SubscriptionId& id);
jobs::Outcome undo_purchase(Billing& billing, const CheckoutId& id);
jobs::Outcome undo_payment(Billing& billing, const PaymentId& id);

}  // namespace tuition::billing
