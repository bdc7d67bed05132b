#include "billing/invoices/documents.h"

#include "billing/billing.h"
#include "billing/invoices/details.h"
#include "billing/invoices/invoice_page.h"
#include "billing/invoices/store_documents.h"
#include "billing/payments/books.h"
#include "billing/payments/store_refunds.h"
#include "billing/subscriptions/store_renewals.h"
#include "platform/base/fields_json.h"
#include "platform/base/text.h"
#include "platform/http/json.h"
#include "platform/http/problem.h"

namespace tuition::billing {
namespace {

using CreditNoteId = Id<struct CreditNoteTag>;

InvoiceSeller seller_now(const Billing& billing) {
  const auto& options = billing.options;
  InvoiceSeller seller;
  seller.name = options.seller_name.empty() ? billing.outreach.options.site_name : options.seller_name;
  for (const auto line : split(options.seller_address, ';'))
    if (!trim(line).empty()) seller.address.emplace_back(trim(line));
  if (!options.seller_tax_id.empty()) seller.tax_id = options.seller_tax_id;
  return seller;
}

// Without a name of their own for it, that of the account.
std::optional<BillingDetails> buyer_now(Billing& billing, ReadTx& tx, const UserId& user) {
  const auto buyer = billing.buyer(tx, user);
  if (!buyer) return std::nullopt;
  auto details = details_of(tx, user);
  if (!details.name) details.name = buyer->name.empty() ? buyer->email : buyer->name;
  return details;
}

template <class T>
std::optional<T> kept(const std::optional<std::string>& json) {
  if (!json) return std::nullopt;
  auto read = decode_json<T>(*json, Unknown::ignored);
  if (!read) return std::nullopt;
  return std::move(read).value();
}

}  // namespace

void freeze_parties(Billing& billing, WriteTx& tx, const InvoiceId& invoice, const UserId& buyer) {
  if (store::parties_of(tx, invoice).seller_json) return;
  store::Parties parties;
  parties.seller_json = to_json(seller_now(billing));
  if (const auto details = buyer_now(billing, tx, buyer)) parties.buyer_json = to_json(*details);
  store::freeze_parties(tx, invoice, parties);
}

void issue_credit_note(Billing& billing, WriteTx& tx, const RefundId& id) {
  const auto refund = store::refund(tx, id);
  check(refund.has_value(), "what has gone back is in the books");
  const auto payment = store::payment_case(tx, refund->payment);
  if (payment->invoice.empty() || store::has_credit_note(tx, id)) return;
  store::CreditNote note;
  note.id = new_id<CreditNoteTag>(billing.clock, billing.entropy).text();
  note.number = store::next_credit_note_number(tx);
  note.amount_minor = refund->amount_minor;
  note.tax_minor = refund->tax_minor;
  note.issued_at = billing.clock.now();
  store::add_credit_note(tx, note, payment->invoice, id, refund->currency);
}

void withdraw_credit_note(Billing& billing, WriteTx& tx, const RefundId& refund) {
  store::withdraw_credit_note(tx, refund, billing.clock.now());
}

void show_parties(Billing& billing, ReadTx& tx, const UserId& buyer, InvoiceView& view) {
  const auto parties = store::parties_of(tx, view.id);
  view.seller = kept<InvoiceSeller>(parties.seller_json);
  view.buyer = kept<BillingDetails>(parties.buyer_json);
  if (!view.seller) view.seller = seller_now(billing);
  if (!view.buyer) view.buyer = buyer_now(billing, tx, buyer);
  for (const auto& each : store::credit_notes_of(tx, view.id))
    view.credit_notes.push_back({each.number, each.amount_minor, each.tax_minor, each.issued_at, each.withdrawn_at});
}

Result<http::Reply> invoice_document(Billing& billing, const Caller& caller, const InvoiceId& id) {
  const auto invoice = TRY(show_invoice(billing, caller, id));
  if (invoice.status == InvoiceStatus::draft)
    return conflict("CONFLICT", "This invoice has not been issued yet: it is a draft.");
  return invoice_page(invoice);
}

http::Routes document_routes(Billing& billing) {
  return {
      {.method = http::Method::get,
       .path = "/api/billing/invoices/{id}/document",
       .operation = "getInvoiceDocument",
       .access = http::Access::member,
       .bucket = http::Bucket::api,
       .sentence = "An invoice of the caller, or for administrators of anybody, as a page to print.",
       .endpoint = http::raw([&billing](const http::Request& request) -> http::Reply {
         if (request.query_value("format").value_or("html") != "html")
           return http::problem(invalid_field("format", "must be html: print the page to get a PDF"), request);
         auto page = invoice_document(billing, request.caller, InvoiceId(std::string(request.param("id"))));
         return page ? std::move(page).value() : http::problem(page.error(), request);
       }),
       .statuses = {404, 409},
       .scope = "billing:read"},
  };
}

}  // namespace tuition::billing
