#pragma once

// The SQL of what several gateways need: taxes, saved cards, payments that are begun without an order.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "billing/offers/tax.h"
#include "billing/store.h"
#include "platform/storage/database.h"

namespace tuition::billing::store {

std::vector<TaxRate> tax_rates(ReadTx& tx);
// False when the country has one.
bool add_tax_rate(WriteTx& tx, const TaxRate& rate, Instant now);
// From now on; false where there is none of that id. Its country stays.
bool change_tax_rate(WriteTx& tx, const TaxRate& rate);
bool remove_tax_rate(WriteTx& tx, const std::string& id);

// What has several names at a gateway: a tax, by its words; a plan there, by a price and its whole amount.
enum class Remembered { tax_rate, plan };
constexpr auto names_of(Remembered) {
  return std::array{std::pair{Remembered::tax_rate, std::string_view{"tax_rate"}},
                    std::pair{Remembered::plan, std::string_view{"plan"}}};
}
// A price with the whole amount that an order comes to, and the price in it.
std::string plan_name(const Checkout& checkout);
PriceId price_in(const std::string& plan_name);

std::optional<std::string> remote_name(ReadTx& tx, const std::string& provider, Remembered kind,
                                       const std::string& own);
std::optional<std::string> own_name(ReadTx& tx, const std::string& provider, Remembered kind,
                                    const std::string& remote);
void remember_name(WriteTx& tx, const std::string& provider, Remembered kind, const std::string& own,
                   const std::string& remote, Instant now);
void forget_name(WriteTx& tx, const std::string& provider, Remembered kind, const std::string& own);

// A payment that somebody begins by an amount, without an account perhaps.
struct BegunPayment {
  PaymentId id{};
  UserId user{};
  std::string email{};
  std::string provider{};
  std::string reference{};
  std::int64_t amount_minor = 0;
  Currency currency{};
  PaymentStatus status = PaymentStatus::pending;
  ProductId product{};
  std::optional<std::string> url{};
  std::optional<std::string> notes{};
  std::string metadata_json = "{}";
  std::optional<std::string> failure_code{};
  std::optional<std::string> failure{};
  std::optional<Instant> paid_at{};
  Instant created_at{};
};
// Whether what our books name at the provider are things of a test key; nothing where no key was ever used.
std::optional<bool> names_tests(ReadTx& tx, const std::string& provider);
void note_mode(WriteTx& tx, const std::string& provider, bool test, Instant now);
// What was moved with the test key is no money: it counts nowhere, and is listed for who asks for it.
void mark_tests(WriteTx& tx, const std::string& provider);
// Forgets the provider's names of people, cards and what is sold.
void forget_names(WriteTx& tx, const std::string& provider);
std::vector<CheckoutId> open_checkouts_at(ReadTx& tx, const std::string& provider);

void begin_payment(WriteTx& tx, const BegunPayment& payment, Instant now);
std::optional<BegunPayment> begun_payment(ReadTx& tx, const PaymentId& id);
std::optional<BegunPayment> payment_by_reference(ReadTx& tx, const std::string& reference);
void attach_page(WriteTx& tx, const PaymentId& id, const std::string& url);
void note_payment_failure(WriteTx& tx, const PaymentId& id, const std::string& code, const std::string& message);
// From pending or failed; false when it was known to be paid.
bool payment_succeeds(WriteTx& tx, const PaymentId& id, const std::string& provider_payment_id, Instant now);
// Only while it is pending.
bool payment_ends(WriteTx& tx, const PaymentId& id, PaymentStatus status, Instant now);

}  // namespace tuition::billing::store
