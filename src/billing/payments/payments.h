#pragma once

// Payments that somebody begins by an amount: a fee, a donation, a product without an account. And asking the gateway
// about what it may never tell: such payments, and orders.

#include <functional>
#include <optional>
#include <string>

#include "billing/gateway.h"
#include "billing/payments/payments_wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/http/route.h"
#include "platform/jobs/job.h"
#include "platform/storage/database.h"

namespace tuition::billing {

struct Billing;

// Begins a payment and answers with the page to pay on. Who is signed in and names a product orders it; everybody else
// pays an amount. NOT_CONFIGURED; UNPROCESSABLE when the product has another price; PROVIDER_ERROR. A repeated key
// answers with the first one's page.
void initiate_payment(Billing& billing, const Caller& caller, const InitiateForm& form, std::string_view key,
                      std::function<void(Result<InitiatedView>)> answer);

// Asks the gateway where it is not known yet. NOT_FOUND for a reference that was not given out here.
Result<VerifiedView> verify_payment(Billing& billing, const std::string& reference);

// What is asked about: an order's id, or "payment" with a payment's.
struct Asked {
  std::string id{};
  std::string about{};
};
void push_verify(Billing& billing, WriteTx& tx, const Asked& asked, Instant at);
jobs::JobId push_look(Billing& billing, WriteTx& tx, const Asked& asked);
jobs::Outcome verify_later(Billing& billing, const Asked& asked);
void give_up_verify(Billing& billing, WriteTx& tx, const Asked& asked);

// The job that asks for the page.
jobs::Outcome open_payment(Billing& billing, const PaymentId& id);
void give_up_payment(Billing& billing, WriteTx& tx, const PaymentId& id);

// What follows from a payment that is no order: one that was begun by an amount, or a renewal. Text: why it was set
// aside; nothing when it is none of ours.
std::optional<std::string> put_unordered(Billing& billing, WriteTx& tx, const std::string& provider,
                                         const CheckoutState& state);

http::Routes payment_routes(Billing& billing);

}  // namespace tuition::billing
