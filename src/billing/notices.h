#pragma once

#include <string>
#include <string_view>

#include "billing/gateway.h"
#include "billing/wire.h"
#include "platform/base/result.h"
#include "platform/http/request.h"
#include "platform/jobs/job.h"
#include "platform/storage/database.h"

namespace tuition::billing {

struct Billing;

// Receives what a gateway says: verified on its raw bytes, kept once, queued in the same transaction, answered. An
// event we do not handle is kept and answered the same way, or the gateway would stop calling.
Result<WebhookReceipt> receive_notice(Billing& billing, Gateway& gateway, const http::Request& request);

// Keeps an event, with the head it came with, and queues what follows from it; false when it was kept before.
bool keep_notice(Billing& billing, WriteTx& tx, const std::string& provider, const Notice& notice,
                 const std::string& payload, const std::optional<std::string>& head_json = {});
void push_event(Billing& billing, WriteTx& tx, const EventId& id, Notice::About about);

// The job behind it: fetches what the event is about and applies that. May run any number of times.
jobs::Outcome apply_event(Billing& billing, const EventId& id, Notice::About about);
// The job was given up: the event stays dead until somebody queues the job again.
void give_up_event(Billing& billing, WriteTx& tx, const EventId& id, std::string_view reason);

// What follows from a checkout's present state at its gateway, inside the caller's transaction. Text: why it was set
// aside; empty when it was applied or nothing was new.
std::string put_checkout(Billing& billing, WriteTx& tx, const std::string& provider, const CheckoutState& state,
                         std::string_view event_type = {});

// Asks the gateways about subscriptions whose period is over by our books: for notices that never came.
jobs::Outcome sweep_subscriptions(Billing& billing);

}  // namespace tuition::billing
