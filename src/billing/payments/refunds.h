#pragma once

// Money that goes back: asked for by an administrator, done by a job at the payment's gateway, put right by what the
// gateway says later. And disputes, which are refunds that nobody here asked for.

#include <functional>
#include <string>

#include "billing/gateway.h"
#include "billing/pages.h"
#include "billing/payments/refunds_wire.h"
#include "platform/base/caller.h"
#include "platform/base/page.h"
#include "platform/base/result.h"
#include "platform/http/route.h"
#include "platform/jobs/job.h"
#include "platform/storage/database.h"

namespace tuition::billing {

struct Billing;

// A refund as it is answered: `pending` while the gateway has not said.
struct StartedRefund {
  RefundView view{};
  bool pending = false;
};

// Writes the refund down and has it carried out. `answer` is called once: when it is done, or after the configured
// wait. NOT_FOUND; ALREADY_REFUNDED; UNPROCESSABLE when it is too much; PAYMENT_REJECTED; PROVIDER_ERROR when the
// gateway does not answer (the refund stays and is tried again). The same key gets the first refund again.
void refund_payment(Billing& billing, const Caller& caller, const PaymentId& id, const RefundForm& form,
                    std::string_view idempotency_key, std::function<void(Result<StartedRefund>)> answer);

// The job behind it. May run any number of times.
jobs::Outcome carry_out_refund(Billing& billing, const RefundId& id);
void give_up_refund(Billing& billing, WriteTx& tx, const RefundId& id, std::string_view reason);

// What follows from a payment's present state at its gateway: refunds made there or failed, disputes. Text: why it was
// set aside.
std::string put_payment_state(Billing& billing, WriteTx& tx, const std::string& provider, const PaymentState& state);

// Asks the gateways about refunds that they have not finished.
jobs::Outcome sweep_refunds(Billing& billing);

// For administrators.
Result<Page<AdminPaymentView>> list_all_payments(Billing& billing, const Caller& caller, const AllPaymentsForm& form);
Result<PaymentCaseView> show_payment(Billing& billing, const Caller& caller, const PaymentId& id);
Result<Page<RefundView>> list_refunds(Billing& billing, const Caller& caller, const RefundsForm& form);

http::Routes refund_routes(Billing& billing);

}  // namespace tuition::billing
