#pragma once

// Payments that people make by hand: they say what they paid for, an administrator looks whether the money came, and
// only then is it a payment. An approved one goes the way of every other: an order that was paid.

#include <string>
#include <vector>

#include "billing/payments/by_hand_wire.h"
#include "platform/base/caller.h"
#include "platform/base/page.h"
#include "platform/base/result.h"
#include "platform/base/short_list.h"
#include "platform/http/route.h"

namespace tuition::billing {

struct Billing;

// CONFLICT when one for the same thing waits already; NOT_CONFIGURED; otherwise as for a checkout. A repeated key
// answers with the first one.
Result<ManualPaymentView> submit_by_hand(Billing& billing, const Caller& caller, const ManualPaymentForm& form,
                                         std::string_view key);
Result<Page<ManualPaymentView>> list_by_hand(Billing& billing, const Caller& caller, const ShortListForm& form);
// While it waits: what was said of it, and its proof.
Result<ManualPaymentView> amend_by_hand(Billing& billing, const Caller& caller, const ManualPaymentId& id,
                                        const ProofForm& form);
// While it waits.
Result<void> withdraw_by_hand(Billing& billing, const Caller& caller, const ManualPaymentId& id);

// For administrators. CONFLICT when it was decided already; UNPROCESSABLE when it cannot be given (the buyer has it
// already).
Result<Page<AdminManualPaymentView>> list_all_by_hand(Billing& billing, const Caller& caller,
                                                      const ManualPaymentsForm& form);
Result<AdminManualPaymentView> approve_by_hand(Billing& billing, const Caller& caller, const ManualPaymentId& id,
                                               const ReviewForm& form);
Result<AdminManualPaymentView> reject_by_hand(Billing& billing, const Caller& caller, const ManualPaymentId& id,
                                              const ReviewForm& form);

http::Routes by_hand_routes(Billing& billing);

}  // namespace tuition::billing
