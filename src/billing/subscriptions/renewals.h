#pragma once

// Subscriptions that we renew ourselves, because their gateway takes money once only: Paystack, and payments by hand.
// Which of the two renews one, its gateway or we, is told by its name and by nothing else: only those with a name of
// ours are charged here. One that a gateway renews becomes ours when a payment fails there, or its plan is to change:
// it is turned off there first. Before that it is marked as moving, for good: from then on its end there is our own
// doing, and a move that was cut off anywhere is finished, never taken back.
//
// They live in the same table as the others, under names of ours; what a gateway would have told us about them is made
// here and goes the same way (put_subscription, put_invoice).
//
// A renewal is written down under a reference before it is charged, so that a try whose answer was lost is found again
// and nobody is charged twice for one period. For the same reason a period is paid in one way at a time: while its
// charge is on its way no page is opened for it, and while a page is open, or a payment by hand waits, nothing is
// charged. What comes in for a period that was paid meanwhile, from a page that was thought closed, is sent back.

#include <optional>
#include <string>

#include "billing/gateway.h"
#include "billing/types.h"
#include "billing/wire.h"
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

// What the next period will cost, as things stand.
Result<ChargeView> coming_charge(ReadTx& tx, const Subscription& subscription);

// A payment that a gateway took for a subscription it renews: the first, which begins it and has an order, or a later
// one. Text: why it was set aside.
std::string put_their_charge(Billing& billing, WriteTx& tx, const std::string& provider, const CheckoutState& paid,
                             const std::optional<Checkout>& order);

// Whether we have set about turning it off at its gateway, and have not noted that it is ours.
bool is_half_moved(const Subscription& subscription);
// One that its gateway renews becomes ours: turned off there, then noted. Answers how it stands; one that is over stays
// as it is. No transaction may be open.
Result<Subscription> move_to_us(Billing& billing, Gateway& gateway, const SubscriptionId& id);
// The same as a job, with the mark.
void push_taking_over(Billing& billing, WriteTx& tx, const SubscriptionId& id);
jobs::Outcome take_over(Billing& billing, const SubscriptionId& id);

// Whether the person may pay for the next period by hand: it ends within a week or is in arrears, and no card is saved.
bool renews_by_hand(ReadTx& tx, const Subscription& subscription, Instant now);

// Whether the saved card is being charged for the next period, so that nobody may pay for it besides.
bool being_charged(ReadTx& tx, const Subscription& subscription);
// Whether the person has a page open, or told of a payment by hand, for the next period: their card is left alone.
bool being_paid(ReadTx& tx, const Subscription& subscription);

void push_renewal(Billing& billing, WriteTx& tx, const SubscriptionId& id);
// Charges the next period, or ends what is over. May run any number of times.
jobs::Outcome renew(Billing& billing, const SubscriptionId& id);
// Applies what became of a renewal's charge. Text: why it was set aside; nothing when it is none of ours.
std::optional<std::string> put_renewal(Billing& billing, WriteTx& tx, const CheckoutState& state);
// Finds what is due and what was cut off on its way to us, and reminds those who pay by hand.
jobs::Outcome sweep_renewals(Billing& billing);

// What a person orders of such a subscription, done at once.
Result<SubscriptionState> order_own(Billing& billing, const Subscription& subscription, OrderKind kind,
                                    const PriceId& price);

}  // namespace tuition::billing
