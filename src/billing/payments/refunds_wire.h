#pragma once

#include <optional>
#include <string>
#include <vector>

#include "billing/wire.h"

namespace tuition::billing {

struct RefundLineForm {
  std::int64_t position = 0;
  std::optional<std::int64_t> amount_minor{};
};
constexpr auto fields_of(const RefundLineForm*) {
  return table("RefundLineForm",
               field("position", &RefundLineForm::position, "The line of the invoice, from 0.", range(0, 1000)),
               field("amountMinor", &RefundLineForm::amount_minor, "How much of it; all when not given.",
                     range(1, 1'000'000'000'000)));
}

struct RefundForm {
  std::optional<std::int64_t> amount_minor{};
  std::vector<RefundLineForm> lines{};
  std::optional<AccessPolicy> access{};
  std::optional<Instant> access_ends_at{};
  std::string reason{};
};
constexpr auto fields_of(const RefundForm*) {
  return table("RefundForm",
               field("amountMinor", &RefundForm::amount_minor,
                     "How much goes back, in the smallest unit; the rest when not given.", range(1, 1'000'000'000'000)),
               field("lines", &RefundForm::lines, "Or which lines of its invoice.", items(0, 100)),
               field("access", &RefundForm::access,
                     "What becomes of what was paid for: keep, end_now or end_at; as is usual when not given."),
               field("accessEndsAt", &RefundForm::access_ends_at, "When access ends, for end_at."),
               field("reason", &RefundForm::reason, "Why, for the books.", length(1, 500)));
}

inline void check_form(const RefundForm& form, FormProblems& problems) {
  if (!problems.fine("access")) return;
  if (form.access == AccessPolicy::end_at && !form.access_ends_at)
    problems.add("accessEndsAt", "is required for end_at");
  if (form.access != AccessPolicy::end_at && form.access_ends_at)
    problems.add("accessEndsAt", "is for access end_at only");
}

struct RefundView {
  RefundId id{};
  PaymentId payment{};
  std::string reference{};
  std::string provider{};
  std::int64_t amount_minor = 0;
  Currency currency{};
  std::int64_t tax_minor = 0;
  std::string reason{};
  AccessPolicy access = AccessPolicy::keep;
  std::optional<Instant> access_ends_at{};
  RefundStatus status = RefundStatus::pending;
  std::optional<std::string> failure{};
  Instant created_at{};
  std::optional<Instant> done_at{};
};
constexpr auto fields_of(const RefundView*) {
  return table("Refund", field("id", &RefundView::id, "The refund's id."),
               field("paymentId", &RefundView::payment, "The payment it is of."),
               field("reference", &RefundView::reference, "That payment's number."),
               field("provider", &RefundView::provider, "Who sends it."),
               field("amountMinor", &RefundView::amount_minor, "How much, in the smallest unit."),
               field("currency", &RefundView::currency, "ISO 4217 code."),
               field("taxMinor", &RefundView::tax_minor, "The tax in it."),
               field("reason", &RefundView::reason, "Why."),
               field("access", &RefundView::access, "What became of what was paid for."),
               field("accessEndsAt", &RefundView::access_ends_at, "When access ends, for end_at."),
               field("status", &RefundView::status, "Where it stands at the provider."),
               field("failure", &RefundView::failure, "What went wrong last; null when nothing did."),
               field("createdAt", &RefundView::created_at, "When it was asked for."),
               field("doneAt", &RefundView::done_at, "When it was sent or failed."));
}

struct DisputeView {
  DisputeId id{};
  std::int64_t amount_minor = 0;
  Currency currency{};
  std::string reason{};
  DisputeStatus status = DisputeStatus::open;
  Instant created_at{};
  std::optional<Instant> closed_at{};
};
constexpr auto fields_of(const DisputeView*) {
  return table("Dispute", field("id", &DisputeView::id, "The dispute's id."),
               field("amountMinor", &DisputeView::amount_minor, "How much is doubted."),
               field("currency", &DisputeView::currency, "ISO 4217 code."),
               field("reason", &DisputeView::reason, "What the bank says, in its words."),
               field("status", &DisputeView::status, "Where it stands; an inquiry takes no money yet."),
               field("createdAt", &DisputeView::created_at, "When it was heard of."),
               field("closedAt", &DisputeView::closed_at, "When it was won or lost."));
}

struct TimelineView {
  Instant at{};
  std::string kind{};
  std::string text{};
};
constexpr auto fields_of(const TimelineView*) {
  return table("TimelineEntry", field("at", &TimelineView::at, "When."),
               field("kind", &TimelineView::kind, "payment, refund, dispute, event or trail."),
               field("text", &TimelineView::text, "What happened, in a sentence."));
}

// A payment as administrators list it.
struct AdminPaymentView {
  PaymentId id{};
  std::string reference{};
  PaymentStatus status = PaymentStatus::pending;
  std::string provider{};
  std::string item_name{};
  std::string email{};
  std::optional<UserId> user{};
  std::int64_t amount_minor = 0;
  std::int64_t refunded_minor = 0;
  Currency currency{};
  std::optional<InvoiceId> invoice{};
  std::optional<Instant> paid_at{};
  Instant created_at{};
  bool test = false;
};
constexpr auto fields_of(const AdminPaymentView*) {
  return table("AdminPayment", field("id", &AdminPaymentView::id, "The payment's id."),
               field("reference", &AdminPaymentView::reference, "Its number, to quote in questions."),
               field("status", &AdminPaymentView::status, "Where it stands."),
               field("provider", &AdminPaymentView::provider, "Who took it."),
               field("itemName", &AdminPaymentView::item_name, "What it was for."),
               field("email", &AdminPaymentView::email, "Whose it is."),
               field("userId", &AdminPaymentView::user, "Who paid; null for who has no account."),
               field("amountMinor", &AdminPaymentView::amount_minor, "How much, in the smallest unit."),
               field("refundedMinor", &AdminPaymentView::refunded_minor, "What has gone back or is on its way."),
               field("currency", &AdminPaymentView::currency, "ISO 4217 code."),
               field("invoiceId", &AdminPaymentView::invoice, "Its invoice, if it has one."),
               field("paidAt", &AdminPaymentView::paid_at, "When it was paid."),
               field("createdAt", &AdminPaymentView::created_at, "When it was begun."),
               field("test", &AdminPaymentView::test, "Whether it was made with a test key, and is no money."));
}

struct RefundableLineView {
  std::int64_t position = 0;
  std::string description{};
  std::int64_t amount_minor = 0;
};
constexpr auto fields_of(const RefundableLineView*) {
  return table("RefundableLine", field("position", &RefundableLineView::position, "Which one, from 0."),
               field("description", &RefundableLineView::description, "What it is for."),
               field("amountMinor", &RefundableLineView::amount_minor, "What it cost."));
}

struct PaymentCaseView {
  AdminPaymentView payment{};
  std::int64_t refundable_minor = 0;
  std::vector<RefundableLineView> lines{};
  std::vector<RefundView> refunds{};
  std::vector<DisputeView> disputes{};
  std::vector<TimelineView> timeline{};
};
constexpr auto fields_of(const PaymentCaseView*) {
  return table("PaymentCase", field("payment", &PaymentCaseView::payment, "The payment."),
               field("refundableMinor", &PaymentCaseView::refundable_minor, "What may still go back."),
               field("lines", &PaymentCaseView::lines, "Of its invoice."),
               field("refunds", &PaymentCaseView::refunds, "What went back, the newest first."),
               field("disputes", &PaymentCaseView::disputes, "What the buyer's bank doubted."),
               field("timeline", &PaymentCaseView::timeline, "Everything known of it, the oldest first."));
}

struct AllPaymentsForm {
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
  std::optional<PaymentStatus> status{};
  std::optional<std::string> provider{};
  std::optional<std::string> text{};
  std::optional<bool> tests{};
};
constexpr auto fields_of(const AllPaymentsForm*) {
  return table(
      "AllPaymentsForm", field("limit", &AllPaymentsForm::limit, "How many, 20 unless said.", range(1, 100)),
      field("cursor", &AllPaymentsForm::cursor, "Where the page before ended.", length(1, 200)),
      field("status", &AllPaymentsForm::status, "Only those that stand there."),
      field("provider", &AllPaymentsForm::provider, "Only those of one provider.", formatted(Format::word, 40)),
      field("text", &AllPaymentsForm::text, "The beginning of an address or of a number.", length(1, 255)),
      field("tests", &AllPaymentsForm::tests, "Those made with a test key as well, once a live key is set."));
}

struct RefundsForm {
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
  std::optional<bool> tests{};
};
constexpr auto fields_of(const RefundsForm*) {
  return table("RefundsForm", field("limit", &RefundsForm::limit, "How many, 20 unless said.", range(1, 100)),
               field("cursor", &RefundsForm::cursor, "Where the page before ended.", length(1, 200)),
               field("tests", &RefundsForm::tests, "Those of payments made with a test key as well."));
}

}  // namespace tuition::billing
