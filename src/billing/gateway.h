#pragma once

// What any payment gateway does for us, in our words. Stripe's and Paystack's own appear only in their folders.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "billing/types.h"
#include "platform/base/result.h"
#include "platform/base/secret.h"
#include "platform/http/request.h"

namespace tuition::billing {

// Something on sale, as a gateway says it is by now.
struct OfferThere {
  enum class Sort { product, price } sort = Sort::product;
  std::string id{};  // the gateway's
  std::string name{};
  bool active = true;
  bool removed = false;
};

// What a gateway told us, as little as we must know to act: the truth is fetched.
struct Notice {
  enum class About { checkout, subscription, invoice, payment, offer, nothing_we_handle };
  std::string event_id{};
  std::string event_type{};
  About about = About::nothing_we_handle;
  std::string object_id{};
  Instant created{};
  std::string ignored_because{};      // for nothing_we_handle: wrong mode, unknown type
  std::optional<OfferThere> offer{};  // for offer: nothing but a warning follows from it, so what it says will do
};

// What is sold, as a gateway must know it.
struct Offer {
  enum class Sort { plan, product } sort = Sort::plan;
  std::string id{};
  std::string name{};
  std::optional<std::string> provider_product_id{};
};

struct CheckoutRequest {
  CheckoutId id{};
  UserId user{};
  std::string email{};
  std::string customer_name{};
  std::optional<std::string> customer_id{};  // at the gateway, when it knows the person
  Offer offer{};
  Price price{};
  std::int64_t trial_days = 0;
  std::optional<Coupon> coupon{};
  std::string reference{};  // ours
  std::optional<Tax> tax{};
  std::string tax_rate_id{};  // at the gateway, when it knows that tax
  std::string plan_id{};      // at the gateway, where a plan has its whole amount in it, when it knows that one
  Money total{};              // of the first payment, after the discount and with its tax
  std::string success_url{};
  std::string cancel_url{};
  Instant expires_at{};
};

// One call, stored before it is sent, so that a second try sends the same bytes under the same key.
struct PreparedCheckout {
  std::string body{};
  // What was created on the way and should be remembered.
  std::string customer_id{};
  std::string product_id{};
  std::string price_id{};
  std::string coupon_id{};
  std::string tax_rate_id{};
  std::string plan_id{};
};

struct OpenedCheckout {
  std::string session_id{};
  std::string url{};
};

// One thing that a subscription is for, where it may be for several.
struct SubscriptionItem {
  std::string id{};
  std::string price_id{};
  std::vector<std::string> tax_rate_ids{};
  Instant period_start{};
  Instant period_end{};
};

struct SubscriptionState {
  std::string id{};
  SubscriptionStatus status = SubscriptionStatus::incomplete;
  std::string unknown_status{};  // the gateway's word where we have none: for us it stays as it was
  std::string price_id{};        // the gateway's
  std::string customer_id{};
  std::string customer_email{};
  Instant period_start{};  // these two: nothing where the gateway does not say
  Instant period_end{};
  std::optional<Instant> trial_end{};
  std::string item_id{};                    // of the plan in it, where the gateway has such
  std::vector<std::string> tax_rate_ids{};  // the gateway's, of its item
  std::vector<SubscriptionItem> more_items{};
  std::string schedule_id{};   // of a change to come
  bool change_unpaid = false;  // a change was asked for, and its payment did not go through
  bool ends_at_period_end = false;
  std::optional<Instant> cancelled_at{};
  std::optional<Instant> ended_at{};
  std::string checkout_id{};  // ours, from its metadata
  std::string user_id{};      // ours, from its metadata
  PriceId price{};            // ours, where the gateway has no names for prices
};

// Of its several items it is this one that is meant from now on.
inline void take_item(SubscriptionState& state, SubscriptionItem item) {
  state.item_id = std::move(item.id);
  state.price_id = std::move(item.price_id);
  state.tax_rate_ids = std::move(item.tax_rate_ids);
  state.period_start = item.period_start;
  state.period_end = item.period_end;
}

// What a gateway lets us charge again without the person.
struct SavedCard {
  Secret authorization{};
  std::string label{};  // "Visa 4081"
};

struct CheckoutState {
  std::string session_id{};
  enum class Status { open, complete, expired } status = Status::open;
  bool paid = false;  // or nothing to pay
  std::string checkout_id{};
  std::string customer_id{};
  std::int64_t amount_minor = 0;  // before discounts and tax
  std::int64_t discount_minor = 0;
  std::int64_t tax_minor = 0;
  std::int64_t total_minor = 0;
  Currency currency{};
  std::string payment_id{};      // of a payment made once
  bool only_total = false;       // the gateway knows no discounts
  bool last_try_failed = false;  // while it is open: what was tried last did not go through
  std::string doubt{};           // why it must not be believed: paid in the other mode, ...
  std::optional<SavedCard> card{};
  std::optional<SubscriptionState> subscription{};
  bool awaits_subscription = false;  // it was paid for a plan that the gateway will renew, and has not begun yet
};

struct InvoiceLine {
  std::string description{};
  std::int64_t amount_minor = 0;
  std::int64_t quantity = 1;
  std::optional<Instant> period_start{};
  std::optional<Instant> period_end{};
};

struct InvoiceTax {
  Tax tax{};
  std::int64_t taxable_minor = 0;  // without it
  std::int64_t tax_minor = 0;
  std::string rate_id{};  // the gateway's, where the tax is known by that only
};

struct InvoiceState {
  std::string id{};
  std::string number{};
  InvoiceStatus status = InvoiceStatus::draft;
  std::string subscription_id{};
  std::string payment_id{};  // of the payment that settled it, or the last try
  Currency currency{};
  std::int64_t subtotal_minor = 0;
  std::int64_t discount_minor = 0;
  std::int64_t tax_minor = 0;
  std::int64_t total_minor = 0;
  std::int64_t paid_minor = 0;
  std::int64_t attempts = 0;
  bool first = false;    // of a new subscription
  bool surplus = false;  // for what was paid already: its payment is sent back
  std::optional<Instant> next_attempt{};
  std::optional<Instant> issued{};
  std::optional<Instant> paid{};
  std::string hosted_url{};
  std::string reference{};         // of its payment, where it has one already
  std::string payment_provider{};  // who took it, where that is another gateway than the subscription's
  std::vector<InvoiceLine> lines{};
  std::vector<InvoiceTax> taxes{};
};

// What a change of plan would cost at that moment.
struct ChangeQuote {
  std::int64_t due_minor = 0;     // to be paid now
  std::int64_t credit_minor = 0;  // what is left of the paid period, taken into account in it
  Currency currency{};
};

// A subscription may stand still: nothing is charged and no period goes by, and what was paid ahead counts when it goes
// on.
enum class Standstill { begin, end };

struct Ending {
  bool at_period_end = true;
  std::string reason{};  // as LeavingReason has it
  std::string comment{};
};

// To send back a part of a payment, or what is left of it. The key makes it once.
struct RefundRequest {
  std::string payment_id{};
  std::optional<std::int64_t> amount_minor{};
  Currency currency{};
  std::string reason{};
  std::string key{};
};

struct RefundState {
  std::string id{};
  RefundStatus status = RefundStatus::pending;
  std::int64_t amount_minor = 0;
  Currency currency{};
  std::string key{};  // of the request it came of, where the gateway keeps it
};

struct DisputeState {
  std::string id{};
  DisputeStatus status = DisputeStatus::open;
  std::int64_t amount_minor = 0;
  Currency currency{};
  std::string reason{};
};

// What happened to a payment after it went through.
struct PaymentState {
  std::string payment_id{};
  std::vector<RefundState> refunds{};
  std::vector<DisputeState> disputes{};
};

// To charge a saved card. The reference makes it once.
struct SavedCharge {
  std::string reference{};
  std::string email{};
  Secret authorization{};
  Money amount{};
  std::string checkout_id{};  // ours
};

// An event as the gateway keeps it.
struct KeptEvent {
  Notice notice{};
  std::string payload{};
};

// The code of a refusal because an object we named does not exist at the gateway (any more).
inline constexpr const char* remote_object_missing = "PROVIDER_OBJECT_MISSING";
// The code of a refusal because a reference was used before.
inline constexpr const char* remote_reference_taken = "PROVIDER_REFERENCE_TAKEN";

// What a gateway does for plans.
enum class Service {
  payments,  // takes money when it is asked to: renewals are ours to charge (renewals.h)
  renewals,  // charges what a plan costs by itself, and does no more than that: what fails there comes to us
  billing,   // all of it: trials, changes within a period, trying again
};

// Who is sent to a gateway's page for cards and addresses.
struct PortalVisit {
  std::string customer_id{};
  std::string subscription_id{};
  std::string return_url{};
};

// All calls but read_notice go over the network: no transaction may be open. Kind rejected: the gateway refused our
// input; kind provider: it could not be reached or failed, and may be asked again with the same key.
class Gateway {
 public:
  virtual ~Gateway() = default;
  virtual std::string_view name() const = 0;
  // As people know it.
  virtual std::string_view label() const = 0;
  // Whether the configured key is one for tests: what the provider names under it, it does not know under a live one.
  virtual bool test_mode() const = 0;
  // For what is bought there from now on. Who renews a subscription that runs is told by its name (renewals.h).
  virtual Service service() const = 0;
  // Whether its notices are all that is needed to learn of a payment; otherwise open checkouts are asked about.
  virtual bool tells_all() const = 0;
  // Whether it can take money in that currency.
  virtual bool takes(const Currency& currency) const = 0;
  // How its payments are numbered: STR, PSK, MAN.
  virtual std::string_view reference_prefix() const = 0;
  // Verifies the signature over the raw bytes; nothing else reads them before.
  virtual Result<Notice> read_notice(const http::Request& request, Instant now) = 0;
  // The same of one that was verified before, as it was kept.
  virtual Result<Notice> read_kept(const std::string& payload) = 0;
  virtual Result<PreparedCheckout> prepare_checkout(const CheckoutRequest& request) = 0;
  virtual Result<OpenedCheckout> open_checkout(const std::string& body, const std::string& idempotency_key) = 0;
  virtual Result<CheckoutState> fetch_checkout(const std::string& session_id) = 0;
  virtual Result<SubscriptionState> fetch_subscription(const std::string& id) = 0;
  virtual Result<InvoiceState> fetch_invoice(const std::string& id) = 0;
  virtual Result<std::vector<InvoiceState>> fetch_invoices_of(const std::string& subscription_id) = 0;
  // To be paid no more. One that has ended is answered as it is.
  virtual Result<InvoiceState> void_invoice(const std::string& id) = 0;
  // Tries now to take what is due, beside the tries that come by themselves. Whatever became of it stands in the state:
  // one that was paid meanwhile is answered as it is, one that is declined stays open.
  virtual Result<InvoiceState> pay_invoice(const std::string& id) = 0;
  // Closes a page that may still be paid on. Answers what became of it, which may be that it was paid.
  virtual Result<CheckoutState> expire_checkout(const std::string& session_id) = 0;
  // Ends it now, without a refund. One that has ended already is answered as it is.
  virtual Result<SubscriptionState> cancel_subscription(const std::string& id) = 0;
  // Whether it ends with its period or renews.
  virtual Result<SubscriptionState> set_ending(const std::string& id, const Ending& ending,
                                               const std::string& idempotency_key) = 0;
  virtual Result<SubscriptionState> set_standstill(const std::string& id, Standstill wanted,
                                                   const std::string& idempotency_key) = 0;
  // The gateway's names of an offer and its price, made there when they have none.
  virtual Result<PreparedCheckout> prepare_price(const Offer& offer, const Price& price) = 0;
  virtual Result<ChangeQuote> preview_change(const SubscriptionState& from, const std::string& price_id,
                                             Instant at) = 0;
  // Changes the plan now, the difference paid first: state.change_unpaid when it was not, and nothing has changed.
  virtual Result<SubscriptionState> change_now(const SubscriptionState& from, const std::string& price_id, Instant at,
                                               const std::string& idempotency_key) = 0;
  virtual Result<SubscriptionState> change_at_end(const SubscriptionState& from, const std::string& price_id,
                                                  const Price& price, const std::string& idempotency_key) = 0;
  // Takes a change to come back.
  virtual Result<SubscriptionState> keep_plan(const SubscriptionState& from) = 0;
  // A page of the gateway's where the person sees to cards and addresses. Its address is a key to that: never kept.
  virtual Result<std::string> open_portal(const PortalVisit& visit) = 0;
  // One that was sent back already under that key is answered as it is.
  virtual Result<RefundState> refund_payment(const RefundRequest& request) = 0;
  virtual Result<PaymentState> fetch_payment(const std::string& payment_id) = 0;
  // Charges without the person. What became of it stands in the state: only complete and paid means paid.
  virtual Result<CheckoutState> charge_saved(const SavedCharge& charge) = 0;
  // The payments that it took for a subscription it renews, where invoices are ours to draw up.
  virtual Result<std::vector<CheckoutState>> fetch_charges_of(const std::string& subscription_id) = 0;
  // What it would have told us since then, the oldest first.
  virtual Result<std::vector<KeptEvent>> fetch_events(Instant since) = 0;
};

}  // namespace tuition::billing
