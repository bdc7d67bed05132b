#pragma once

#include <optional>
#include <string>
#include <vector>

#include "billing/wire.h"

namespace tuition::billing {

struct InitiateForm {
  std::string email{};
  std::int64_t amount = 0;
  std::optional<Currency> currency{};
  std::optional<ProductId> product{};
  std::optional<std::string> notes{};
  std::optional<JsonText> metadata{};
};
constexpr auto fields_of(const InitiateForm*) {
  return table(
      "InitiateForm", field("email", &InitiateForm::email, "Where the receipt goes.", email_text()),
      field("amount", &InitiateForm::amount, "In whole units of the currency: 500 is 500 KES.", range(1, 100'000'000)),
      field("currency", &InitiateForm::currency, "KES when not given."),
      field("productId", &InitiateForm::product, "What it is for; the amount must be its price."),
      field("notes", &InitiateForm::notes, "What the payer wants to say.", length(0, 500)),
      field("metadata", &InitiateForm::metadata, "Anything to be kept beside it.", length(0, 2000)));
}

struct InitiatedView {
  std::string reference{};
  std::string authorization_url{};
};
constexpr auto fields_of(const InitiatedView*) {
  return table("Initiated",
               field("reference", &InitiatedView::reference, "The payment's number, to quote in questions."),
               field("authorizationUrl", &InitiatedView::authorization_url, "The provider's page to pay on."));
}

struct VerifiedView {
  std::string reference{};
  PaymentStatus status = PaymentStatus::pending;
  std::int64_t amount_minor = 0;
  Currency currency{};
};
constexpr auto fields_of(const VerifiedView*) {
  return table("Verified", field("reference", &VerifiedView::reference, "The payment's number."),
               field("status", &VerifiedView::status, "Where it stands: only success means paid."),
               field("amountMinor", &VerifiedView::amount_minor, "How much, in the smallest unit."),
               field("currency", &VerifiedView::currency, "ISO 4217 code."));
}

struct MethodView {
  std::string provider{};
  std::vector<std::string> currencies{};
  std::string instructions{};
  std::vector<std::string> methods{};
};
constexpr auto fields_of(const MethodView*) {
  return table("PaymentMethod", field("provider", &MethodView::provider, "stripe, paystack or manual."),
               field("currencies", &MethodView::currencies, "Of the prices on sale, those it takes."),
               field("instructions", &MethodView::instructions, "How to pay by hand; empty otherwise."),
               field("methods", &MethodView::methods, "The ways to pay by hand: bank, mobile_money, cash."));
}

}  // namespace tuition::billing
