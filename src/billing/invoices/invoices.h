#pragma once

// Everybody's invoices, for administrators. Only a provider that bills by itself has invoices that are still to be
// paid: what the school draws up is paid when it is drawn up.

#include "billing/invoices/invoices_wire.h"
#include "platform/base/caller.h"
#include "platform/base/page.h"
#include "platform/base/result.h"
#include "platform/http/route.h"

namespace tuition::billing {

struct Billing;

Result<Page<AdminInvoiceView>> list_all_invoices(Billing& billing, const Caller& caller, const AllInvoicesForm& form);

// To be paid no more, here and at the provider. A network call is made: no transaction may be open.
Result<AdminInvoiceView> void_invoice(Billing& billing, const Caller& caller, const InvoiceId& id);
// Has the provider try to take what is due, now, beside its own tries. One that was paid meanwhile is answered as paid:
// the provider takes the money for an invoice once.
Result<AdminInvoiceView> retry_invoice(Billing& billing, const Caller& caller, const InvoiceId& id);
// The receipt of a paid one once more, to the address that the buyer has now.
Result<AdminInvoiceView> send_receipt(Billing& billing, const Caller& caller, const InvoiceId& id);

http::Routes invoice_routes(Billing& billing);

}  // namespace tuition::billing
