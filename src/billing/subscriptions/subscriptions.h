#pragma once

#include <string>
#include <string_view>

#include "billing/gateway.h"
#include "billing/wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/storage/database.h"

namespace tuition::billing {

struct Billing;

// The caller's current subscription, if any.
Result<std::optional<SubscriptionView>> show_subscription(Billing& billing, const Caller& caller);
// That one, and all that are over.
Result<SubscriptionsView> list_subscriptions(Billing& billing, const Caller& caller);
SubscriptionView view_of(Billing& billing, ReadTx& tx, const Subscription& subscription);

// Why a subscription paid beside a live one is set aside. It stands in the books as ended, and is undone (undo.h).
inline constexpr std::string_view one_too_many = "this person has another live subscription";

// One that is for several things at its gateway, at the item that carries a plan of ours.
SubscriptionState at_our_item(ReadTx& tx, const std::string& provider, SubscriptionState state);

// Brings our row, the entitlement, the mail and the audit trail in line with the gateway's state. Text: why it was set
// aside.
std::string put_subscription(Billing& billing, WriteTx& tx, const std::string& provider,
                             const SubscriptionState& state);

// Its trial is about to end: the person is told once, if it still runs.
void remind_of_trial(Billing& billing, WriteTx& tx, const std::string& provider, const std::string& provider_id);

// A plan opens more than it did: whoever has it gets that now.
void open_for_subscribers(Billing& billing, WriteTx& tx, const PlanId& plan);

// A subscription whose period is over and which the gateway does not know any more: nobody will renew it, unless we
// were about to.
void end_lost_subscription(Billing& billing, WriteTx& tx, const Subscription& subscription);
// Ends it in our books, whatever the gateway says.
void end_here(Billing& billing, WriteTx& tx, Subscription subscription);

// The same for an invoice of a subscription we know; a paid one becomes a payment, once. Of a subscription that is one
// too many only the books are kept, and the payment is sent back.
void put_invoice(Billing& billing, WriteTx& tx, const std::string& provider, const InvoiceState& state,
                 std::string_view event_type);

// Until when a subscription in this state opens its scope; nothing when it does not. Pure.
struct AccessTerms {
  Duration renewal_slack{};
  Instant now{};
};
std::optional<Instant> access_until(const Subscription& subscription, const AccessTerms& terms);

}  // namespace tuition::billing
