#pragma once

// A person's own invoices and payments.

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "billing/invoices/details_wire.h"
#include "billing/types.h"
#include "platform/base/fields_json.h"

namespace tuition::billing {

struct BooksForm {
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
};
constexpr auto fields_of(const BooksForm*) {
  return table("BooksForm", field("limit", &BooksForm::limit, "How many at once; 20 when not given.", range(1, 100)),
               field("cursor", &BooksForm::cursor, "Where the page before ended, as it said.", length(1, 200)));
}

struct OwnInvoicesForm {
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
  enum class Order { newest, oldest, largest, smallest };
  std::optional<Order> sort{};
};
constexpr auto names_of(OwnInvoicesForm::Order) {
  using Order = OwnInvoicesForm::Order;
  return std::array{std::pair{Order::newest, std::string_view{"-createdAt"}},
                    std::pair{Order::oldest, std::string_view{"createdAt"}},
                    std::pair{Order::largest, std::string_view{"-totalMinor"}},
                    std::pair{Order::smallest, std::string_view{"totalMinor"}}};
}
constexpr auto fields_of(const OwnInvoicesForm*) {
  return table("InvoicesQuery",
               field("limit", &OwnInvoicesForm::limit, "How many at once; 20 when not given.", range(1, 100)),
               field("cursor", &OwnInvoicesForm::cursor, "Where the page before ended, as it said.", length(1, 200)),
               field("sort", &OwnInvoicesForm::sort, "The order; the newest first when not given."));
}

struct OwnPaymentsForm {
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
  enum class Order { newest, oldest, largest, smallest };
  std::optional<Order> sort{};
};
constexpr auto names_of(OwnPaymentsForm::Order) {
  using Order = OwnPaymentsForm::Order;
  return std::array{std::pair{Order::newest, std::string_view{"-createdAt"}},
                    std::pair{Order::oldest, std::string_view{"createdAt"}},
                    std::pair{Order::largest, std::string_view{"-amountMinor"}},
                    std::pair{Order::smallest, std::string_view{"amountMinor"}}};
}
constexpr auto fields_of(const OwnPaymentsForm*) {
  return table("PaymentsQuery",
               field("limit", &OwnPaymentsForm::limit, "How many at once; 20 when not given.", range(1, 100)),
               field("cursor", &OwnPaymentsForm::cursor, "Where the page before ended, as it said.", length(1, 200)),
               field("sort", &OwnPaymentsForm::sort, "The order; the newest first when not given."));
}

struct InvoiceTaxView {
  std::string name{};
  std::string country{};
  std::int64_t basis_points = 0;
  bool inclusive = true;
  std::int64_t taxable_minor = 0;
  std::int64_t tax_minor = 0;
};
constexpr auto fields_of(const InvoiceTaxView*) {
  return table("InvoiceTax", field("name", &InvoiceTaxView::name, "What the tax is called."),
               field("country", &InvoiceTaxView::country, "Whose it is, two letters."),
               field("basisPoints", &InvoiceTaxView::basis_points, "Hundredths of a per cent: 1600 is 16 %."),
               field("inclusive", &InvoiceTaxView::inclusive, "Whether the lines contain it; otherwise it was added."),
               field("taxableMinor", &InvoiceTaxView::taxable_minor, "What is taxed, without the tax."),
               field("taxMinor", &InvoiceTaxView::tax_minor, "The tax."));
}

struct InvoiceLineView {
  std::string description{};
  std::int64_t quantity = 1;
  std::int64_t amount_minor = 0;
  std::optional<Instant> period_start{};
  std::optional<Instant> period_end{};
};
constexpr auto fields_of(const InvoiceLineView*) {
  return table("InvoiceLine", field("description", &InvoiceLineView::description, "What it is for."),
               field("quantity", &InvoiceLineView::quantity, "How many."),
               field("amountMinor", &InvoiceLineView::amount_minor, "In the smallest unit."),
               field("periodStart", &InvoiceLineView::period_start, "From when, if for a time."),
               field("periodEnd", &InvoiceLineView::period_end, "Until when, if for a time."));
}

// Who sells, as the school said it when the invoice was issued.
struct InvoiceSeller {
  std::string name{};
  std::vector<std::string> address{};
  std::optional<std::string> tax_id{};
};
constexpr auto fields_of(const InvoiceSeller*) {
  return table("InvoiceSeller", field("name", &InvoiceSeller::name, "The school, or the firm behind it."),
               field("address", &InvoiceSeller::address, "Its address, by lines."),
               field("taxId", &InvoiceSeller::tax_id, "Its number with the tax office."));
}

struct CreditNoteView {
  std::string number{};
  std::int64_t amount_minor = 0;
  std::int64_t tax_minor = 0;
  Instant issued_at{};
  std::optional<Instant> withdrawn_at{};
};
constexpr auto fields_of(const CreditNoteView*) {
  return table("CreditNote", field("number", &CreditNoteView::number, "Its number, of a series without gaps."),
               field("amountMinor", &CreditNoteView::amount_minor, "What went back, in the smallest unit."),
               field("taxMinor", &CreditNoteView::tax_minor, "The tax in it."),
               field("issuedAt", &CreditNoteView::issued_at, "When it was issued."),
               field("withdrawnAt", &CreditNoteView::withdrawn_at, "When it turned out that the money did not go."));
}

struct InvoiceView {
  InvoiceId id{};
  std::optional<std::string> number{};
  InvoiceStatus status = InvoiceStatus::draft;
  std::string item_name{};
  Currency currency{};
  std::int64_t subtotal_minor = 0;
  std::int64_t discount_minor = 0;
  std::int64_t tax_minor = 0;
  std::int64_t total_minor = 0;
  std::int64_t paid_minor = 0;
  std::optional<Instant> issued_at{};
  std::optional<Instant> paid_at{};
  Instant created_at{};
  std::string provider{};
  std::optional<std::string> hosted_url{};
  std::vector<InvoiceLineView> lines{};
  std::vector<InvoiceTaxView> taxes{};
  std::optional<InvoiceSeller> seller{};
  std::optional<BillingDetails> buyer{};
  std::vector<CreditNoteView> credit_notes{};
};
constexpr auto fields_of(const InvoiceView*) {
  return table("Invoice", field("id", &InvoiceView::id, "The invoice's id."),
               field("number", &InvoiceView::number, "Its number; null while it is a draft."),
               field("status", &InvoiceView::status, "Where it stands."),
               field("itemName", &InvoiceView::item_name, "The plan it is for."),
               field("currency", &InvoiceView::currency, "ISO 4217 code."),
               field("subtotalMinor", &InvoiceView::subtotal_minor, "Before discount and tax, in the smallest unit."),
               field("discountMinor", &InvoiceView::discount_minor, "What was taken off."),
               field("taxMinor", &InvoiceView::tax_minor, "The tax in it."),
               field("totalMinor", &InvoiceView::total_minor, "What is to be paid."),
               field("paidMinor", &InvoiceView::paid_minor, "What was paid."),
               field("issuedAt", &InvoiceView::issued_at, "When it was issued."),
               field("paidAt", &InvoiceView::paid_at, "When it was paid."),
               field("createdAt", &InvoiceView::created_at, "When it came into our books."),
               field("provider", &InvoiceView::provider, "Who took the payment."),
               field("hostedUrl", &InvoiceView::hosted_url, "The provider's page of it, if there is one."),
               field("lines", &InvoiceView::lines, "What it is made of."),
               field("taxes", &InvoiceView::taxes, "The tax in it, by rate."),
               field("seller", &InvoiceView::seller, "Who sold it, as it was then; null in lists."),
               field("buyer", &InvoiceView::buyer, "Whom it is made out to, as they said then; null in lists."),
               field("creditNotes", &InvoiceView::credit_notes, "For what went back of it; none in lists."));
}

struct PaymentView {
  PaymentId id{};
  std::string reference{};
  std::string status{};
  std::string item_name{};
  std::int64_t amount_minor = 0;
  std::int64_t refunded_minor = 0;
  Currency currency{};
  std::string provider{};
  std::optional<InvoiceId> invoice{};
  std::optional<CheckoutId> checkout{};
  std::optional<Instant> paid_at{};
  Instant created_at{};
};
constexpr auto fields_of(const PaymentView*) {
  return table("Payment", field("id", &PaymentView::id, "The payment's id."),
               field("reference", &PaymentView::reference, "To quote in questions."),
               field("status", &PaymentView::status, "Where it stands: success, refunded and so on."),
               field("itemName", &PaymentView::item_name, "What it was for."),
               field("amountMinor", &PaymentView::amount_minor, "In the currency's smallest unit."),
               field("refundedMinor", &PaymentView::refunded_minor, "What was sent back of it."),
               field("currency", &PaymentView::currency, "ISO 4217 code."),
               field("provider", &PaymentView::provider, "Who took it."),
               field("invoiceId", &PaymentView::invoice, "The invoice it settled."),
               field("checkoutId", &PaymentView::checkout, "The checkout it was made in, of something paid once."),
               field("paidAt", &PaymentView::paid_at, "When it was made."),
               field("createdAt", &PaymentView::created_at, "When it came into our books."));
}

}  // namespace tuition::billing
