#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "billing/wire.h"

namespace tuition::billing {

using ManualPaymentId = Id<struct ManualPaymentTag>;

enum class HandMethod { bank, mobile_money, cash };
constexpr auto names_of(HandMethod) {
  using std::pair, std::string_view;
  return std::array{pair{HandMethod::bank, string_view{"bank"}},
                    pair{HandMethod::mobile_money, string_view{"mobile_money"}},
                    pair{HandMethod::cash, string_view{"cash"}}};
}

enum class HandStatus { submitted, approved, rejected, withdrawn };
constexpr auto names_of(HandStatus) {
  using std::pair, std::string_view;
  return std::array{
      pair{HandStatus::submitted, string_view{"submitted"}}, pair{HandStatus::approved, string_view{"approved"}},
      pair{HandStatus::rejected, string_view{"rejected"}}, pair{HandStatus::withdrawn, string_view{"withdrawn"}}};
}

struct ManualPaymentForm {
  std::optional<PlanId> plan{};
  std::optional<ProductId> product{};
  std::optional<Interval> interval{};
  std::optional<std::int64_t> interval_count{};
  std::optional<Currency> currency{};
  std::optional<std::string> coupon{};
  std::optional<std::string> country{};
  HandMethod method = HandMethod::bank;
  std::optional<std::string> note{};
  std::optional<std::string> proof{};
};
constexpr auto fields_of(const ManualPaymentForm*) {
  return table(
      "ManualPaymentForm", field("planId", &ManualPaymentForm::plan, "The plan paid for; this or a product."),
      field("productId", &ManualPaymentForm::product, "The product paid for; this or a plan."),
      field("interval", &ManualPaymentForm::interval, "As for the checkout."),
      field("intervalCount", &ManualPaymentForm::interval_count, "As for the checkout.", range(1, most_intervals)),
      field("currency", &ManualPaymentForm::currency, "As for the checkout."),
      field("couponCode", &ManualPaymentForm::coupon, "A coupon to apply.", formatted(Format::word, 60)),
      field("country", &ManualPaymentForm::country, "As for the checkout.", length(2, 2)),
      field("method", &ManualPaymentForm::method, "How it was paid: bank, mobile_money or cash."),
      field("note", &ManualPaymentForm::note, "What helps to find it: a transaction number, who paid, when.",
            long_text(0, 1000)),
      field("proofMediaId", &ManualPaymentForm::proof, "An uploaded picture of the receipt.",
            Bounds{.format = Format::uuid}));
}

struct ProofForm {
  std::optional<std::string> note{};
  std::optional<std::string> proof{};
};
constexpr auto fields_of(const ProofForm*) {
  return table(
      "ProofForm",
      field("note", &ProofForm::note, "What helps to find it; as it was when not given.", long_text(0, 1000)),
      field("proofMediaId", &ProofForm::proof,
            "An uploaded picture of the receipt, in place of the one before, if any.", Bounds{.format = Format::uuid}));
}

struct ManualPaymentView {
  ManualPaymentId id{};
  HandStatus status = HandStatus::submitted;
  std::string reference{};
  std::string item_name{};
  std::int64_t amount_minor = 0;
  Currency currency{};
  HandMethod method = HandMethod::bank;
  std::string note{};
  std::optional<std::string> proof{};
  std::optional<std::string> review_note{};
  Instant created_at{};
  std::optional<Instant> reviewed_at{};
};
constexpr auto fields_of(const ManualPaymentView*) {
  return table("ManualPayment", field("id", &ManualPaymentView::id, "Its id."),
               field("status", &ManualPaymentView::status, "submitted, approved, rejected or withdrawn."),
               field("reference", &ManualPaymentView::reference, "The number to give with the payment."),
               field("itemName", &ManualPaymentView::item_name, "What is paid for."),
               field("amountMinor", &ManualPaymentView::amount_minor, "How much is due, in the smallest unit."),
               field("currency", &ManualPaymentView::currency, "ISO 4217 code."),
               field("method", &ManualPaymentView::method, "How it was paid."),
               field("note", &ManualPaymentView::note, "What the buyer said."),
               field("proofMediaId", &ManualPaymentView::proof, "The picture of the receipt, if there is one."),
               field("reviewNote", &ManualPaymentView::review_note, "What the school said."),
               field("createdAt", &ManualPaymentView::created_at, "When it was told."),
               field("reviewedAt", &ManualPaymentView::reviewed_at, "When it was approved, rejected or withdrawn."));
}

struct AdminManualPaymentView {
  ManualPaymentId id{};
  HandStatus status = HandStatus::submitted;
  std::string reference{};
  std::string item_name{};
  std::int64_t amount_minor = 0;
  Currency currency{};
  HandMethod method = HandMethod::bank;
  std::string note{};
  std::optional<std::string> proof{};
  UserId user{};
  std::string email{};
  std::optional<std::string> review_note{};
  Instant created_at{};
  std::optional<Instant> reviewed_at{};
};
constexpr auto fields_of(const AdminManualPaymentView*) {
  return table("AdminManualPayment", field("id", &AdminManualPaymentView::id, "Its id."),
               field("status", &AdminManualPaymentView::status, "submitted, approved, rejected or withdrawn."),
               field("reference", &AdminManualPaymentView::reference, "The number given with the payment."),
               field("itemName", &AdminManualPaymentView::item_name, "What is paid for."),
               field("amountMinor", &AdminManualPaymentView::amount_minor, "How much is due, in the smallest unit."),
               field("currency", &AdminManualPaymentView::currency, "ISO 4217 code."),
               field("method", &AdminManualPaymentView::method, "How it was paid."),
               field("note", &AdminManualPaymentView::note, "What the buyer said."),
               field("proofMediaId", &AdminManualPaymentView::proof, "The picture of the receipt, if there is one."),
               field("userId", &AdminManualPaymentView::user, "Who paid."),
               field("email", &AdminManualPaymentView::email, "Their address."),
               field("reviewNote", &AdminManualPaymentView::review_note, "What was said to them."),
               field("createdAt", &AdminManualPaymentView::created_at, "When it was told."),
               field("reviewedAt", &AdminManualPaymentView::reviewed_at, "When it was decided."));
}

struct ManualPaymentsForm {
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
  std::optional<HandStatus> status{};
};
constexpr auto fields_of(const ManualPaymentsForm*) {
  return table("ManualPaymentsForm",
               field("limit", &ManualPaymentsForm::limit, "How many, 20 unless said.", range(1, 100)),
               field("cursor", &ManualPaymentsForm::cursor, "Where the page before ended.", length(1, 200)),
               field("status", &ManualPaymentsForm::status, "Only those that stand there."));
}

struct ReviewForm {
  std::optional<std::string> note{};
};
constexpr auto fields_of(const ReviewForm*) {
  return table("ReviewForm", field("note", &ReviewForm::note, "What to say to the buyer.", long_text(0, 1000)));
}

}  // namespace tuition::billing
