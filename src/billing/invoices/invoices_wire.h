#pragma once

// Invoices as administrators see them.

#include <optional>
#include <string>

#include "billing/types.h"

namespace tuition::billing {

struct AllInvoicesForm {
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
  std::optional<InvoiceStatus> status{};
  std::optional<bool> tests{};
};
constexpr auto fields_of(const AllInvoicesForm*) {
  return table("AllInvoicesQuery",
               field("limit", &AllInvoicesForm::limit, "How many at once; 20 when not given.", range(1, 100)),
               field("cursor", &AllInvoicesForm::cursor, "Where the page before ended, as it said.", length(1, 200)),
               field("status", &AllInvoicesForm::status, "Only those that stand there."),
               field("tests", &AllInvoicesForm::tests, "Those of a test key as well, once a live key is set."));
}

struct AdminInvoiceView {
  InvoiceId id{};
  std::optional<std::string> number{};
  InvoiceStatus status = InvoiceStatus::draft;
  std::string item_name{};
  UserId user{};
  std::optional<std::string> email{};
  std::int64_t total_minor = 0;
  std::int64_t paid_minor = 0;
  Currency currency{};
  std::string provider{};
  std::optional<Instant> issued_at{};
  std::optional<Instant> paid_at{};
  Instant created_at{};
  bool test = false;
};
constexpr auto fields_of(const AdminInvoiceView*) {
  return table("AdminInvoice", field("id", &AdminInvoiceView::id, "The invoice's id."),
               field("number", &AdminInvoiceView::number, "Its number; null while it is a draft."),
               field("status", &AdminInvoiceView::status, "Where it stands."),
               field("itemName", &AdminInvoiceView::item_name, "What it is for."),
               field("userId", &AdminInvoiceView::user, "Whose it is."),
               field("email", &AdminInvoiceView::email, "Their address; null once they are gone."),
               field("totalMinor", &AdminInvoiceView::total_minor, "What is to be paid, in the smallest unit."),
               field("paidMinor", &AdminInvoiceView::paid_minor, "What was paid."),
               field("currency", &AdminInvoiceView::currency, "ISO 4217 code."),
               field("provider", &AdminInvoiceView::provider, "Who takes the payment."),
               field("issuedAt", &AdminInvoiceView::issued_at, "When it was issued."),
               field("paidAt", &AdminInvoiceView::paid_at, "When it was paid."),
               field("createdAt", &AdminInvoiceView::created_at, "When it came into our books."),
               field("test", &AdminInvoiceView::test, "Whether it is of a test key, and is no money."));
}

}  // namespace tuition::billing
