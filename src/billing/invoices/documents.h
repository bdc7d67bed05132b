#pragma once

// What stands on invoices for good, and invoices as pages to print.

#include "billing/payments/books_wire.h"
#include "billing/types.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/http/reply.h"
#include "platform/http/route.h"
#include "platform/storage/database.h"

namespace tuition::billing {

struct Billing;

// Seller and buyer as they are at this moment; nothing changes once they stand there.
void freeze_parties(Billing& billing, WriteTx& tx, const InvoiceId& invoice, const UserId& buyer);

// A credit note for money that has gone back, in a series without gaps. Nothing where the payment has no invoice or the
// refund has its note.
void issue_credit_note(Billing& billing, WriteTx& tx, const RefundId& refund);
// The refund failed after all: the number stays, the note counts no more.
void withdraw_credit_note(Billing& billing, WriteTx& tx, const RefundId& refund);

// Seller, buyer and credit notes of an invoice. One that was issued before they were kept is shown with what they are
// now; without a buyer when that person is gone.
void show_parties(Billing& billing, ReadTx& tx, const UserId& buyer, InvoiceView& view);

// An invoice that was issued as a page to print: one's own, or for administrators anybody's.
Result<http::Reply> invoice_document(Billing& billing, const Caller& caller, const InvoiceId& id);

http::Routes document_routes(Billing& billing);

}  // namespace tuition::billing
