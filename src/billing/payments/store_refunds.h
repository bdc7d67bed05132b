#pragma once

// The SQL of refunds, disputes and of payments as administrators see them.

#include <optional>
#include <string>
#include <vector>

#include "billing/store.h"
#include "billing/types.h"
#include "platform/base/caller.h"
#include "platform/storage/database.h"

namespace tuition::billing::store {

// A payment with what is needed to decide about it.
struct PaymentCase {
  PaymentId id{};
  UserId user{};
  std::string email{};
  InvoiceId invoice{};
  CheckoutId checkout{};
  ProductId product{};
  SubscriptionId subscription{};
  std::string provider{};
  std::string reference{};
  std::string provider_payment_id{};
  std::string item_name{};
  PaymentStatus status = PaymentStatus::pending;
  std::int64_t amount_minor = 0;
  Currency currency{};
  std::int64_t refunded_minor = 0;  // sent back or on its way
  std::optional<std::string> failure{};
  std::optional<Instant> paid_at{};
  Instant created_at{};
  bool test = false;
};
std::optional<PaymentCase> payment_case(ReadTx& tx, const PaymentId& id);
std::optional<PaymentCase> payment_case_at_provider(ReadTx& tx, const std::string& provider, const std::string& id);
struct PaymentFilter {
  std::optional<PaymentStatus> status{};
  std::optional<std::string> provider{};
  std::optional<std::string> text{};  // the beginning of an address or number
  bool tests = false;                 // those made with a test key, too
};
// For administrators, the newest first, after the one named.
std::vector<PaymentCase> payment_cases(ReadTx& tx, const Caller& admin, const PaymentFilter& filter,
                                       const PaymentId& after, std::int64_t limit);
void set_payment_status(WriteTx& tx, const PaymentId& id, PaymentStatus status, Instant now);
void set_invoice_refunded(WriteTx& tx, const InvoiceId& id, bool whole);

struct RefundRow {
  RefundId id{};
  PaymentId payment{};
  std::string reference{};  // of the payment
  std::string provider{};
  std::string provider_id{};
  std::int64_t amount_minor = 0;
  Currency currency{};
  std::int64_t tax_minor = 0;  // in the amount
  std::string reason{};
  AccessPolicy access = AccessPolicy::keep;
  std::optional<Instant> access_ends_at{};
  RefundStatus status = RefundStatus::pending;
  std::optional<std::string> job{};
  std::optional<std::string> error{};
  Instant created_at{};
  std::optional<Instant> done_at{};
};
// While the gateway has not named it, it is known by a name of ours.
inline std::string unsent_name(const RefundId& id) { return "asked:" + id.text(); }

struct NewRefund {
  RefundId id{};
  PaymentId payment{};
  std::string provider{};
  std::string provider_id{};
  std::int64_t amount_minor = 0;
  std::int64_t tax_minor = 0;  // in the amount
  Currency currency{};
  std::string reason{};
  AccessPolicy access = AccessPolicy::keep;
  std::optional<Instant> access_ends_at{};
  std::string lines_json = "[]";
  RefundStatus status = RefundStatus::pending;
  std::optional<UserId> actor{};
  std::optional<std::string> job{};
};
void add_refund(WriteTx& tx, const NewRefund& refund, Instant now);
std::optional<RefundRow> refund(ReadTx& tx, const RefundId& id);
std::optional<RefundRow> refund_at_provider(ReadTx& tx, const std::string& provider, const std::string& id);
std::vector<RefundRow> refunds_of(ReadTx& tx, const PaymentId& payment);
// Of payments made with a test key only where `tests` asks for them.
std::vector<RefundRow> refunds(ReadTx& tx, const Caller& admin, bool tests, const RefundId& after, std::int64_t limit);
void note_refund(WriteTx& tx, const RefundId& id, const std::string& provider_id, RefundStatus status, Instant now);
void note_refund_error(WriteTx& tx, const RefundId& id, const std::string& error);
// Those that the gateway has not finished, begun before then.
std::vector<RefundRow> refunds_on_their_way(ReadTx& tx, Instant before);

struct DisputeRow {
  DisputeId id{};
  PaymentId payment{};
  std::int64_t amount_minor = 0;
  Currency currency{};
  std::string reason{};
  DisputeStatus status = DisputeStatus::open;
  Instant created_at{};
  std::optional<Instant> closed_at{};
};
std::optional<DisputeRow> dispute_at_provider(ReadTx& tx, const std::string& provider, const std::string& id);
std::vector<DisputeRow> disputes_of(ReadTx& tx, const PaymentId& payment);
void put_dispute(WriteTx& tx, const DisputeId& id, const PaymentId& payment, const std::string& provider,
                 const DisputeState& state, Instant now);

struct ToldRow {
  Instant at{};
  std::string event_type{};
  EventStatus status = EventStatus::received;
};
// What the gateway told of a payment, the oldest first.
std::vector<ToldRow> events_about(ReadTx& tx, const PaymentCase& payment);

}  // namespace tuition::billing::store
