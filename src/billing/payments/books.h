#pragma once

#include "billing/payments/books_wire.h"
#include "platform/base/caller.h"
#include "platform/base/page.h"
#include "platform/base/result.h"

namespace tuition::billing {

struct Billing;

// The caller's own invoices and payments, the newest first. Lists of invoices leave out their lines.
Result<Page<InvoiceView>> list_invoices(Billing& billing, const Caller& caller, const OwnInvoicesForm& form);
Result<Page<PaymentView>> list_payments(Billing& billing, const Caller& caller, const OwnPaymentsForm& form);

// One's own, or for administrators anybody's.
Result<InvoiceView> show_invoice(Billing& billing, const Caller& caller, const InvoiceId& id);

}  // namespace tuition::billing
