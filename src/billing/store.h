#pragma once

// Every SQL statement about money. Functions that read somebody's rows take whose.

#include <optional>
#include <string>
#include <vector>

#include "billing/gateway.h"
#include "billing/types.h"
#include "platform/storage/database.h"

namespace tuition::billing::store {

std::vector<Plan> plans_on_sale(ReadTx& tx);
std::optional<Plan> plan(ReadTx& tx, const PlanId& id);
std::optional<Plan> plan_by_code(ReadTx& tx, const std::string& code);
std::vector<Price> prices_on_sale(ReadTx& tx);  // of all plans
std::vector<Price> prices_of(ReadTx& tx, const PlanId& plan);
std::optional<Price> price(ReadTx& tx, const PriceId& id);
std::optional<Price> price_at_provider(ReadTx& tx, const std::string& provider, const std::string& provider_price_id);
void put_plan(WriteTx& tx, const Plan& plan, std::int64_t sort, Instant now);
void put_price(WriteTx& tx, const Price& price, Instant now);
void remember_product(WriteTx& tx, const PlanId& plan, const std::string& provider_product_id);
void remember_price(WriteTx& tx, const PriceId& price, const std::string& provider,
                    const std::string& provider_price_id);

std::optional<std::string> customer_id(ReadTx& tx, const UserId& user, const std::string& provider);
void remember_customer(WriteTx& tx, const UserId& user, const std::string& provider, const std::string& id,
                       Instant now);

void open_checkout(WriteTx& tx, const Checkout& checkout);
std::optional<Checkout> checkout(ReadTx& tx, const CheckoutId& id);
std::optional<Checkout> checkout_of(ReadTx& tx, const CheckoutId& id, const UserId& user);
std::optional<CheckoutId> checkout_by_session(ReadTx& tx, const std::string& provider, const std::string& session);
void store_request(WriteTx& tx, const CheckoutId& id, const std::string& body);
void attach_session(WriteTx& tx, const CheckoutId& id, const std::string& session, const std::string& url);
// What is remembered of a checkout's buyer, or of its plan, at the provider, and the request made of it.
enum class Remote { customer, plan };
void forget_remote(WriteTx& tx, const CheckoutId& id, const std::string& provider, Remote which);
void note_checkout_error(WriteTx& tx, const CheckoutId& id, const std::string& code, const std::string& message);
// From open only; returns whether it moved.
bool end_checkout(WriteTx& tx, const CheckoutId& id, CheckoutStatus status, Instant now);
// A late payment completes a checkout whatever it was; false when it was completed already.
bool complete_checkout(WriteTx& tx, const CheckoutId& id, Instant now);
std::vector<CheckoutId> overdue_checkouts(ReadTx& tx, Instant now);

std::optional<Subscription> live_subscription(ReadTx& tx, const UserId& user, const std::string& group);
std::optional<Subscription> current_subscription(ReadTx& tx, const UserId& user);
std::optional<Subscription> subscription_at_provider(ReadTx& tx, const std::string& provider, const std::string& id);
// False when the person has another live subscription in that group.
bool insert_subscription(WriteTx& tx, const Subscription& subscription);
bool update_subscription(WriteTx& tx, const Subscription& subscription, Instant now);
std::vector<Subscription> subscriptions_past_period(ReadTx& tx, Instant before);

struct InvoiceRow {
  InvoiceId id{};
  InvoiceStatus status = InvoiceStatus::draft;
};
std::optional<InvoiceRow> invoice_at_provider(ReadTx& tx, const std::string& provider, const std::string& id);
void put_invoice(WriteTx& tx, const InvoiceId& id, const UserId& user, const SubscriptionId& subscription,
                 const std::string& provider, const InvoiceState& state, Instant now);
// False when a payment with that id at the provider is known already.
bool put_payment(WriteTx& tx, const PaymentId& id, const UserId& user, const std::string& email,
                 const InvoiceId& invoice, const std::string& provider, const std::string& reference,
                 const InvoiceState& state, std::string_view status, Instant now);
std::string email_of_buyer(ReadTx& tx, const UserId& user, const std::string& provider);

struct Event {
  EventId id{};
  std::string provider{};
  std::string event_id{};
  std::string type{};
  std::optional<std::string> object_id{};
  EventStatus status = EventStatus::received;
};
// False when this event was kept before.
bool keep_event(WriteTx& tx, const EventId& id, const std::string& provider, const Notice& notice,
                const std::string& payload, EventStatus status, Instant now);
std::optional<Event> event(ReadTx& tx, const EventId& id);
void mark_event(WriteTx& tx, const EventId& id, EventStatus status, const std::string& error, Instant now);

struct IdempotentUse {
  std::string body_hash{};
  std::string subject_id{};
};
std::optional<IdempotentUse> idempotent_use(ReadTx& tx, const std::string& key, const UserId& user,
                                            const std::string& route);
void remember_key(WriteTx& tx, const std::string& key, const UserId& user, const std::string& route,
                  const std::string& body_hash, const std::string& subject, Instant now);
std::int64_t forget_keys(WriteTx& tx, Instant before);

}  // namespace tuition::billing::store
