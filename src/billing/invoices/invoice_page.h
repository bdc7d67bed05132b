#pragma once

#include "billing/payments/books_wire.h"
#include "platform/http/reply.h"

// Pure: an invoice as a page of its own, without script; the stylesheet is /invoice.css.
namespace tuition::billing {

// To be printed on A4.
http::Reply invoice_page(const InvoiceView& invoice);

}  // namespace tuition::billing
