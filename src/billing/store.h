#pragma once

// Every SQL statement about money. Functions that read somebody's rows take whose.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "billing/gateway.h"
#include "billing/payments/books_wire.h"
#include "billing/types.h"
#include "billing/wire.h"
#include "platform/base/caller.h"
#include "platform/storage/database.h"

namespace tuition::billing::store {

using CouponRedemptionId = Id<struct CouponRedemptionTag>;

std::vector<Plan> plans_on_sale(ReadTx& tx);
std::optional<Plan> plan(ReadTx& tx, const PlanId& id);
std::optional<Plan> plan_by_code(ReadTx& tx, const std::string& code);
std::vector<Price> prices_on_sale(ReadTx& tx);  // of all plans
std::vector<Price> prices_of(ReadTx& tx, const PlanId& plan);
std::optional<Price> price(ReadTx& tx, const PriceId& id);
std::optional<Price> price_at_provider(ReadTx& tx, const std::string& provider, const std::string& provider_price_id);
std::vector<Price> prices_of(ReadTx& tx, const ProductId& product);
// The name of what is on sale here under a gateway's name of it; nothing when it is none of ours, or off sale.
std::optional<std::string> on_sale_as(ReadTx& tx, const std::string& provider, const OfferThere& there);
void put_plan(WriteTx& tx, const Plan& plan, std::int64_t sort, Instant now);
void put_price(WriteTx& tx, const Price& price, Instant now);
// For administrators: on sale or not, those on sale first; and how many subscriptions to each run.
std::vector<Plan> all_plans(ReadTx& tx);
std::map<std::string, std::int64_t> subscribers(ReadTx& tx);
// Orders that are open, by plan: somebody is about to pay.
std::map<std::string, std::int64_t> plans_ordered(ReadTx& tx);
// Everything but the code.
void change_plan(WriteTx& tx, const Plan& plan, Instant now);
// Not offered any more; who pays it goes on doing so.
void retire_price(WriteTx& tx, const PriceId& price);

std::vector<Product> products_on_sale(ReadTx& tx);
std::optional<Product> product(ReadTx& tx, const ProductId& id);
std::optional<Product> product_by_code(ReadTx& tx, const std::string& code);
std::vector<ProductScope> scopes_on_sale(ReadTx& tx);  // of all products
std::vector<ProductScope> scopes_of(ReadTx& tx, const ProductId& product);
void put_product(WriteTx& tx, const Product& product, const std::vector<ProductScope>& scopes, std::int64_t sort,
                 Instant now);

// As for plans; and how often each was bought.
std::vector<Product> all_products(ReadTx& tx);
std::vector<ProductScope> all_scopes(ReadTx& tx);
std::map<std::string, std::int64_t> buyers(ReadTx& tx);
void change_product(WriteTx& tx, const Product& product, Instant now);

std::optional<Coupon> coupon(ReadTx& tx, const CouponId& id);
std::optional<Coupon> coupon_by_code(ReadTx& tx, const std::string& code);
// Whether it is for this plan or product.
bool coupon_is_for(ReadTx& tx, const CouponId& coupon, const std::string& target);
std::int64_t coupon_uses_by(ReadTx& tx, const CouponId& coupon, const UserId& user);
void put_coupon(WriteTx& tx, const Coupon& coupon, const std::vector<std::string>& targets, Instant now);
// The newest first.
std::vector<Coupon> coupons(ReadTx& tx, const Caller& admin, const std::optional<bool>& active, const CouponId& after,
                            std::int64_t limit);
std::vector<std::string> coupon_targets(ReadTx& tx, const CouponId& coupon);
// Everything but the code and what it takes off.
void change_coupon(WriteTx& tx, const Coupon& coupon, const std::vector<std::string>& targets);

// What a gateway calls the thing that is sold.
void remember_offer(WriteTx& tx, const Offer& offer, const std::string& provider_product_id);
void remember_coupon(WriteTx& tx, const CouponId& coupon, const std::string& provider_coupon_id);
void remember_price(WriteTx& tx, const PriceId& price, const std::string& provider,
                    const std::string& provider_price_id);

std::optional<std::string> customer_id(ReadTx& tx, const UserId& user, const std::string& provider);
void remember_customer(WriteTx& tx, const UserId& user, const std::string& provider, const std::string& id,
                       Instant now);

void open_checkout(WriteTx& tx, const Checkout& checkout);
std::optional<Checkout> checkout(ReadTx& tx, const CheckoutId& id);
// Those whose page is, or will be, open; the newest first.
std::vector<Checkout> open_checkouts(ReadTx& tx, const UserId& user);
// How often the person has bought a product.
std::vector<CheckoutId> purchases_of(ReadTx& tx, const UserId& user, const ProductId& product);
std::optional<Checkout> checkout_of(ReadTx& tx, const CheckoutId& id, const UserId& user);
// The newest order of somebody with that address, begun after then, whose payment is not known yet.
std::optional<CheckoutId> order_to_begin(ReadTx& tx, const std::string& provider, const std::string& email,
                                         const PriceId& price, Instant after);
// The order that a subscription came of.
std::optional<CheckoutId> order_behind(ReadTx& tx, const Subscription& subscription);
std::optional<CheckoutId> checkout_by_session(ReadTx& tx, const std::string& provider, const std::string& session);
void store_request(WriteTx& tx, const CheckoutId& id, const std::string& body);
// Another one in its place, and the request anew.
void renew_reference(WriteTx& tx, const CheckoutId& id, const std::string& reference);
std::optional<CheckoutId> checkout_by_reference(ReadTx& tx, const std::string& reference);
void attach_session(WriteTx& tx, const CheckoutId& id, const std::string& session, const std::string& url);
// What is remembered at the provider of a checkout's buyer, offer or coupon, and the request made of it.
enum class Remote { customer, offer, coupon, tax_rate, plan };
void forget_remote(WriteTx& tx, const CheckoutId& id, const std::string& provider, Remote which);
void note_checkout_error(WriteTx& tx, const CheckoutId& id, const std::string& code, const std::string& message);
// From open only, and gives its coupon back; returns whether it moved.
bool end_checkout(WriteTx& tx, const CheckoutId& id, CheckoutStatus status, Instant now);
// Orders begun between the two whose page closed unpaid, of which nobody was reminded.
std::vector<Checkout> unfinished_orders(ReadTx& tx, Instant from, Instant to);
// With all of that person's that are waiting to be. False when it was reminded of meanwhile.
bool note_order_reminded(WriteTx& tx, const CheckoutId& id, const UserId& user, Instant now);
bool wants_no_reminders(ReadTx& tx, const UserId& user);
// One that was paid and gave nothing, whatever it was but completed; returns whether it moved.
bool fail_checkout(WriteTx& tx, const CheckoutId& id, const std::string& code, const std::string& message, Instant now);
// A late payment completes a checkout whatever it was, and takes its coupon again; false when it was completed already.
bool complete_checkout(WriteTx& tx, const CheckoutId& id, Instant now);
// False when all its uses are taken.
bool reserve_coupon(WriteTx& tx, const CouponRedemptionId& id, const CouponId& coupon, const UserId& user,
                    const CheckoutId& checkout, Instant now);
std::vector<CheckoutId> overdue_checkouts(ReadTx& tx, Instant now);

std::optional<Subscription> live_subscription(ReadTx& tx, const UserId& user, const std::string& group);
// Whether the person has, or ever had, a subscription of that group that began.
bool had_subscription(ReadTx& tx, const UserId& user, const std::string& group);
// The groups of all of them.
std::vector<std::string> groups_had(ReadTx& tx, const UserId& user);
std::optional<Subscription> subscription(ReadTx& tx, const SubscriptionId& id);
std::optional<Subscription> current_subscription(ReadTx& tx, const UserId& user);
// It is renewed by somebody else from now on.
void rename_subscription(WriteTx& tx, const SubscriptionId& id, const std::string& provider_id);
std::optional<Subscription> subscription_at_provider(ReadTx& tx, const std::string& provider, const std::string& id);
// False when the person has another live subscription in that group.
bool insert_subscription(WriteTx& tx, const Subscription& subscription);
bool update_subscription(WriteTx& tx, const Subscription& subscription, Instant now);
// Those that run.
std::vector<Subscription> live_subscriptions_to(ReadTx& tx, const PlanId& plan);
std::vector<Subscription> subscriptions_past_period(ReadTx& tx, Instant before);

// Everybody's, the newest first; those paid with a test key only where `tests` asks for them.
std::vector<Subscription> subscriptions(ReadTx& tx, const Caller& admin,
                                        const std::optional<SubscriptionStatus>& status, const PlanId& plan, bool tests,
                                        const SubscriptionId& after, std::int64_t limit);
// All of a person, the newest first.
struct SubscriptionChange {
  std::int64_t number = 0;
  std::string kind{};
  std::string before{};
  std::string after{};
  std::optional<std::string> reason{};
  Instant at{};
};
// Whether it was paid with a test key, and a live one is set by now.
bool is_test(ReadTx& tx, const SubscriptionId& id);
std::vector<SubscriptionChange> changes_of(ReadTx& tx, const Caller& admin, const SubscriptionId& id,
                                           std::int64_t after, std::int64_t limit);
std::vector<Subscription> subscriptions_of(ReadTx& tx, const UserId& user);
void schedule_change(WriteTx& tx, const SubscriptionId& id, const PriceId& price, std::optional<Instant> at);
void note_cancel_reason(WriteTx& tx, const SubscriptionId& id, const std::optional<std::string>& reason);

struct SubscriptionOrder {
  SubscriptionOrderId id{};
  SubscriptionId subscription{};
  OrderKind kind = OrderKind::cancel_at_end;
  PriceId price{};  // of a change
  std::optional<Instant> proration_at{};
  std::optional<std::string> reason{};
  std::optional<std::string> comment{};
  OrderStatus status = OrderStatus::pending;
  std::optional<std::string> job{};
  std::optional<std::string> error_code{};
};
void put_order(WriteTx& tx, const SubscriptionOrder& order, Instant now);
std::optional<SubscriptionOrder> order(ReadTx& tx, const SubscriptionOrderId& id);
// One that is still to be carried out.
std::optional<SubscriptionOrder> pending_order(ReadTx& tx, const SubscriptionId& subscription);
void end_order(WriteTx& tx, const SubscriptionOrderId& id, OrderStatus status, const std::string& code,
               const std::string& message, Instant now);

// That it is being turned off at its gateway, to be renewed by us. For good.
void mark_moving(WriteTx& tx, const SubscriptionId& id, Instant now);
// A surplus one has been cancelled and refunded at its gateway; returns whether that was new.
bool mark_undone(WriteTx& tx, const SubscriptionId& id, Instant now);

struct InvoiceRow {
  InvoiceId id{};
  InvoiceStatus status = InvoiceStatus::draft;
};
std::optional<InvoiceRow> invoice_at_provider(ReadTx& tx, const std::string& provider, const std::string& id);
void put_invoice(WriteTx& tx, const InvoiceId& id, const UserId& user, const SubscriptionId& subscription,
                 const std::string& provider, const InvoiceState& state, Instant now);
// The order that it is for.
void tie_invoice(WriteTx& tx, const InvoiceId& id, const CheckoutId& checkout);
struct InvoiceDetail {
  InvoiceId id{};
  UserId user{};
  std::string number{};
  InvoiceStatus status = InvoiceStatus::draft;
  std::string provider{};
  std::string item_name{};
  Currency currency{};
  std::int64_t subtotal_minor = 0;
  std::int64_t discount_minor = 0;
  std::int64_t tax_minor = 0;
  std::int64_t total_minor = 0;
  std::int64_t paid_minor = 0;
  std::optional<std::string> hosted_url{};
  std::optional<Instant> issued_at{};
  std::optional<Instant> paid_at{};
  Instant created_at{};
};
// The row behind which a page goes on.
template <class RowId>
struct Behind {
  RowId id{};
  std::int64_t amount_minor = 0;
};
// A person's own. Ids grow with time.
std::vector<InvoiceDetail> invoices_of(ReadTx& tx, const UserId& user, OwnInvoicesForm::Order order,
                                       const std::optional<Behind<InvoiceId>>& behind, std::int64_t limit);
Sql invoices_statement(OwnInvoicesForm::Order order);
std::optional<InvoiceDetail> invoice(ReadTx& tx, const InvoiceId& id);
std::vector<InvoiceLine> lines_of(ReadTx& tx, const InvoiceId& id);
std::vector<InvoiceTax> taxes_of(ReadTx& tx, const InvoiceId& id);

struct PaymentDetail {
  PaymentId id{};
  std::string reference{};
  std::string status{};
  std::string provider{};
  std::string item_name{};
  std::int64_t amount_minor = 0;
  Currency currency{};
  std::int64_t refunded_minor = 0;
  InvoiceId invoice{};
  CheckoutId checkout{};
  std::optional<Instant> paid_at{};
  Instant created_at{};
};
std::vector<PaymentDetail> payments_of(ReadTx& tx, const UserId& user, OwnPaymentsForm::Order order,
                                       const std::optional<Behind<PaymentId>>& behind, std::int64_t limit);
Sql payments_statement(OwnPaymentsForm::Order order);

struct NewPayment {
  PaymentId id{};
  UserId user{};
  std::string email{};
  InvoiceId invoice{};
  CheckoutId checkout{};
  std::string provider{};
  std::string reference{};
  std::string provider_payment_id{};
  Money amount{};
  std::optional<Instant> paid_at{};
};
// One that went through. False when a payment with that id at the provider is known already.
bool put_payment(WriteTx& tx, const NewPayment& payment, Instant now);

struct PaymentRow {
  PaymentId id{};
  InvoiceId invoice{};
  std::string provider_payment_id{};
  std::int64_t amount_minor = 0;
  Currency currency{};
};
// Payments that went through and were not sent back.
std::vector<PaymentRow> kept_payments_of(ReadTx& tx, const SubscriptionId& subscription);
std::vector<PaymentRow> kept_payments_of(ReadTx& tx, const CheckoutId& checkout);
struct KeptPayment {
  PaymentRow row{};
  UserId user{};
  std::string provider{};
  std::string item_name{};
};
std::optional<KeptPayment> kept_payment(ReadTx& tx, const PaymentId& id);
// Whether something was paid for a subscription after that moment.
bool paid_since(ReadTx& tx, const SubscriptionId& subscription, Instant moment);
// What was sent back of a subscription's payments.
std::optional<Money> refunded_of(ReadTx& tx, const SubscriptionId& subscription);
// The whole payment is on its way back: the refund, the payment and its invoice say so. False when it was known.
bool put_refund(WriteTx& tx, const RefundId& id, const PaymentRow& payment, const std::string& provider,
                const RefundState& state, const std::string& reason, Instant now);
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
                const std::string& payload, const std::optional<std::string>& head_json, EventStatus status,
                Instant now);
std::optional<Event> event(ReadTx& tx, const EventId& id);
void mark_event(WriteTx& tx, const EventId& id, EventStatus status, const std::string& error, Instant now);

}  // namespace tuition::billing::store
