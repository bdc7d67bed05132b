#pragma once

#include <optional>

#include "sandbox/stripe/account.h"

namespace tuition::sandbox::stripe {

// Subscriptions, their invoices and payments, and how they go on as time passes.

enum class Card { good, declined };

struct NewSubscription {
  std::string customer{};
  std::string price{};
  std::int64_t quantity = 1;
  std::int64_t trial_days = 0;
  Json metadata = Json::object();
  std::string payment_method{};
  std::string coupon{};
  Json tax_rates = Json::array();
};
// Begins it, paid or in its trial, with its first invoice. Emits nothing.
Json& begin_subscription(Account& account, const NewSubscription& wanted);

// A draft invoice with one line for the subscription's present period. Emits nothing.
Json& draw_invoice(Account& account, const Json& subscription, std::int64_t amount, std::string_view reason);
void finalize_invoice(Account& account, Json& invoice);
// Tries to take the money, and emits what that causes. A try that was asked for counts as the first one only, and
// leaves the schedule of the others as it is.
enum class Attempt { scheduled, asked };
bool collect(Account& account, Json& invoice, Card card, Attempt attempt = Attempt::scheduled);
// One payment, with its charge. Emits nothing.
Json& make_payment(Account& account, const std::string& customer, std::int64_t amount, const std::string& currency,
                   const std::string& payment_method, Card card);
Json& make_payment_method(Account& account, const std::string& customer, const Json& person);

// What a change of price would mean at a moment (seconds): what is left of the paid period comes off, and what is new
// is charged for the rest of it, or from then on where the rhythm changes.
struct Proration {
  std::int64_t credit = 0;
  std::int64_t charge = 0;
  bool anew = false;  // a new period begins
};
Proration prorate(const Json& subscription, const Json& price, std::int64_t quantity, std::int64_t at);
// A draft invoice that is kept nowhere and has no id.
Result<Json> preview_invoice(Account& account, const Json& given);
void set_price(Json& subscription, const Json& price);

Result<Json> update_subscription(Account& account, const std::string& id, const Json& given);
Result<Json> pause_subscription(Account& account, const std::string& id, const Json& given);
Result<Json> resume_subscription(Account& account, const std::string& id, const Json& given);
Result<Json> cancel_subscription(Account& account, const std::string& id, const Json& given);
void end_subscription(Account& account, Json& subscription, std::string_view reason);
Result<Json> create_refund(Account& account, const Json& given);
// Of an open invoice.
Result<Json> pay_invoice(Account& account, const std::string& id, const Json& given);
Result<Json> void_invoice(Account& account, const std::string& id, const Json& given);

// Plays everything that falls due up to this moment in order, each at its own time: renewals, ends of trials, retried
// payments, expired checkouts. Leaves account.now at the moment.
void pass_time(Account& account, Instant until);

}  // namespace tuition::sandbox::stripe
