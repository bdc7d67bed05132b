#pragma once

// Subscriptions that we renew ourselves, because their gateway takes money once only: Paystack, and payments by hand.
// They live in the same table as the others, under names of ours; what a gateway would have told us about them is made
// here and goes the same way (put_subscription, put_invoice).
//
// A renewal is written down under a reference before it is charged, so that a try whose answer was lost is found again
// and nobody is charged twice for one period.

#include <optional>
#include <string>

#include "billing/gateway.h"
#include "billing/types.h"
#include "platform/base/result.h"
#include "platform/jobs/job.h"
#include "platform/storage/database.h"

namespace tuition::billing {

struct Billing;

// A plan was paid for as ordered: begins the subscription, or lengthens one that is paid by hand. Text: why it was set
// aside.
std::string put_own_subscription(Billing& billing, WriteTx& tx, const Checkout& checkout, const CheckoutState& paid);

// Whether we renew it, and not its gateway: its name there is one of ours.
bool renewed_here(const Subscription& subscription);

// The tax that such a subscription began with.
std::optional<Tax> agreed_tax(ReadTx& tx, const Subscription& subscription);

// Whether the person may pay for the next period by hand: it ends within a week or is in arrears, and no card is saved.
bool renews_by_hand(ReadTx& tx, const Subscription& subscription, Instant now);

void push_renewal(Billing& billing, WriteTx& tx, const SubscriptionId& id);
// Charges the next period, or ends what is over. May run any number of times.
jobs::Outcome renew(Billing& billing, const SubscriptionId& id);
// Applies what became of a renewal's charge. Text: why it was set aside; nothing when it is none of ours.
std::optional<std::string> put_renewal(Billing& billing, WriteTx& tx, const CheckoutState& state);
// Finds what is due, and reminds those who pay by hand.
jobs::Outcome sweep_renewals(Billing& billing);

// What a person orders of such a subscription, done at once.
Result<SubscriptionState> order_own(Billing& billing, const Subscription& subscription, OrderKind kind,
                                    const PriceId& price);

}  // namespace tuition::billing
