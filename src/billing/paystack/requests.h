#pragma once

// What we send to Paystack, as field tables.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "billing/gateway.h"
#include "platform/base/fields.h"
#include "platform/base/money.h"

namespace tuition::billing::paystack {

// Paystack counts hundredths in every currency, also where people write none.
Result<std::int64_t> to_subunits(const Money& money);
// Null for an amount that the currency cannot say.
std::optional<std::int64_t> from_subunits(std::int64_t subunits, const Currency& currency);

struct Metadata {
  std::string checkout_id{};
  std::string user_id{};
  std::string cancel_action{};
};
constexpr auto fields_of(const Metadata*) {
  return table("Metadata", field("checkout_id", &Metadata::checkout_id, "Our order."),
               field("user_id", &Metadata::user_id, "Whose it is."),
               field("cancel_action", &Metadata::cancel_action, "Where the buyer goes who turns back."));
}

struct Initialize {
  std::string email{};
  std::int64_t amount = 0;
  std::string currency{};
  std::string reference{};
  std::string callback_url{};
  Metadata metadata{};
};
constexpr auto fields_of(const Initialize*) {
  return table("Initialize", field("email", &Initialize::email, "The buyer's address."),
               field("amount", &Initialize::amount, "In hundredths."),
               field("currency", &Initialize::currency, "ISO 4217 code."),
               field("reference", &Initialize::reference, "Ours; can be used once."),
               field("callback_url", &Initialize::callback_url, "Where the buyer returns."),
               field("metadata", &Initialize::metadata, "What ties it to our order."));
}

// The same, for a plan of theirs: they charge its amount.
struct InitializePlan : Initialize {
  std::string plan{};
};
constexpr auto fields_of(const InitializePlan*) {
  constexpr auto more = fields(field("plan", &InitializePlan::plan, "The plan's code."));
  return table("InitializePlan", joined(fields_of(static_cast<const Initialize*>(nullptr)).fields, more));
}

struct Plan {
  std::string name{};
  std::int64_t amount = 0;
  std::string interval{};
  std::string currency{};
  std::string description{};
};
constexpr auto fields_of(const Plan*) {
  return table("Plan", field("name", &Plan::name, "What buyers see."),
               field("amount", &Plan::amount, "In hundredths, all of it."),
               field("interval", &Plan::interval, "How often it is charged."),
               field("currency", &Plan::currency, "ISO 4217 code."),
               field("description", &Plan::description, "Our price, by which it is found again."));
}
// Paystack's word for how often a price is charged; empty for what it does not know.
std::string_view interval_of(const Price& price);

struct SubscriptionToggle {
  std::string code{};
  std::string token{};
};
constexpr auto fields_of(const SubscriptionToggle*) {
  return table("SubscriptionToggle", field("code", &SubscriptionToggle::code, "The subscription."),
               field("token", &SubscriptionToggle::token, "Its key, as it says itself."));
}

struct ChargeAuthorization {
  std::string email{};
  std::int64_t amount = 0;
  std::string currency{};
  std::string authorization_code{};
  std::string reference{};
  std::string metadata{};  // JSON: an object is what initialize takes
};
constexpr auto fields_of(const ChargeAuthorization*) {
  return table("ChargeAuthorization", field("email", &ChargeAuthorization::email, "The buyer's address."),
               field("amount", &ChargeAuthorization::amount, "In hundredths."),
               field("currency", &ChargeAuthorization::currency, "ISO 4217 code."),
               field("authorization_code", &ChargeAuthorization::authorization_code, "The saved card."),
               field("reference", &ChargeAuthorization::reference, "Ours; can be used once."),
               field("metadata", &ChargeAuthorization::metadata, "What ties it to our order, as text."));
}

struct Refund {
  std::string transaction{};
  std::int64_t amount = 0;
  std::string currency{};
  std::string merchant_note{};
};
constexpr auto fields_of(const Refund*) {
  return table("Refund", field("transaction", &Refund::transaction, "The payment's reference."),
               field("amount", &Refund::amount, "In hundredths."),
               field("currency", &Refund::currency, "ISO 4217 code."),
               field("merchant_note", &Refund::merchant_note, "Our key, by which it is found again."));
}

}  // namespace tuition::billing::paystack
