#include "billing/subscriptions/undo.h"

#include <functional>
#include <string>
#include <vector>

#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/invoices/documents.h"
#include "billing/store.h"
#include "billing/subscriptions/renewals.h"
#include "billing/subscriptions/subscriptions.h"

namespace tuition::billing {
namespace {

constexpr const char* duplicate = "duplicate";

void push(Billing& billing, WriteTx& tx, const char* kind, const std::string& id) {
  // No dedupe key: a payment that comes in while a run is on its way must get a run of its own.
  billing.queue.push(tx, {.kind = kind, .payload_json = "{\"id\":\"" + id + "\"}"});
}

// Sends payments back one by one. Text: why some were not; what was is in the books.
std::string send_back(Billing& billing, Gateway& gateway, const std::vector<store::PaymentRow>& payments,
                      const std::function<void(WriteTx&, const RefundState&)>& also) {
  std::string failure;
  for (const auto& payment : payments) {
    const auto refund = gateway.refund_payment({.payment_id = payment.provider_payment_id,
                                                .currency = payment.currency,
                                                .reason = duplicate,
                                                .key = "refund-" + payment.provider_payment_id});
    if (!refund) {
      failure = refund.error().detail;
      continue;
    }
    billing.db.write([&](WriteTx& tx) {
      const auto now = billing.clock.now();
      const auto id = new_id<RefundTag>(billing.clock, billing.entropy);
      if (!store::put_refund(tx, id, payment, std::string(gateway.name()), *refund, duplicate, now)) return;
      if (refund->status == RefundStatus::succeeded) issue_credit_note(billing, tx, id);
      audit::record(tx, {.at = now,
                         .action = "payment.refunded",
                         .category = audit::Category::business,
                         .target_type = "payment",
                         .target_id = payment.id.text(),
                         .description = to_text(Money{refund->amount_minor, refund->currency}) +
                                        " paid for something the buyer had already was sent back."});
      also(tx, *refund);
    });
  }
  return failure;
}

void tell(Billing& billing, WriteTx& tx, const UserId& user, const std::string& name,
          const std::optional<Money>& refunded) {
  const auto buyer = billing.buyer(tx, user);
  if (!buyer) return;
  outreach::DuplicateUndone message{.name = buyer->name, .item_name = name};
  if (refunded) message.amount = to_text(*refunded);
  outreach::enqueue(tx, billing.outreach, {.email = buyer->email, .user = user}, message);
}

}  // namespace

void push_undo(Billing& billing, WriteTx& tx, const Subscription& surplus) {
  push(billing, tx, "billing.undo_subscription", surplus.id.text());
}

void push_undo(Billing& billing, WriteTx& tx, const Checkout& purchase) {
  push(billing, tx, "billing.undo_purchase", purchase.id.text());
}

void push_undo(Billing& billing, WriteTx& tx, const PaymentId& payment) {
  push(billing, tx, "billing.undo_payment", payment.text());
}

jobs::Outcome undo_subscription(Billing& billing, const SubscriptionId& id) {
  const auto subscription = billing.db.read([&](ReadTx& tx) { return store::subscription(tx, id); });
  if (!subscription || !subscription->surplus) return jobs::Outcome::done();
  auto* gateway = billing.gateways.named(subscription->provider);
  if (!gateway) return jobs::Outcome::dead("the gateway " + subscription->provider + " is no longer configured");

  const auto ended = renewed_here(*subscription) ? Result<SubscriptionState>(SubscriptionState{})
                                                 : gateway->cancel_subscription(subscription->provider_id);
  if (!ended && ended.error().code != remote_object_missing) return jobs::Outcome::later(ended.error().detail);
  const auto invoices = gateway->fetch_invoices_of(subscription->provider_id);
  if (!invoices) return jobs::Outcome::later(invoices.error().detail);
  std::vector<store::PaymentRow> payments;
  billing.db.write([&](WriteTx& tx) {
    for (const auto& invoice : *invoices) put_invoice(billing, tx, subscription->provider, invoice, {});
    payments = store::kept_payments_of(tx, id);
  });
  const auto failure = send_back(billing, *gateway, payments, [&](WriteTx& tx, const RefundState& refund) {
    // What came in after the rest had been undone and told.
    if (subscription->undone_at)
      tell(billing, tx, subscription->user, subscription->plan_name, Money{refund.amount_minor, refund.currency});
  });
  if (!failure.empty()) return jobs::Outcome::later(failure);
  billing.db.write([&](WriteTx& tx) {
    if (store::mark_undone(tx, id, billing.clock.now()))
      tell(billing, tx, subscription->user, subscription->plan_name, store::refunded_of(tx, id));
  });
  return jobs::Outcome::done();
}

jobs::Outcome undo_purchase(Billing& billing, const CheckoutId& id) {
  std::optional<Checkout> checkout;
  std::vector<store::PaymentRow> payments;
  std::string name;
  billing.db.read([&](ReadTx& tx) {
    checkout = store::checkout(tx, id);
    if (!checkout || checkout->status != CheckoutStatus::failed) return;
    payments = store::kept_payments_of(tx, id);
    name = store::product(tx, checkout->product)->name;
  });
  if (payments.empty()) return jobs::Outcome::done();
  auto* gateway = billing.gateways.named(checkout->provider);
  if (!gateway) return jobs::Outcome::dead("the gateway " + checkout->provider + " is no longer configured");
  const auto failure = send_back(billing, *gateway, payments, [&](WriteTx& tx, const RefundState& refund) {
    tell(billing, tx, checkout->user, name, Money{refund.amount_minor, refund.currency});
  });
  return failure.empty() ? jobs::Outcome::done() : jobs::Outcome::later(failure);
}

jobs::Outcome undo_payment(Billing& billing, const PaymentId& id) {
  const auto payment = billing.db.read([&](ReadTx& tx) { return store::kept_payment(tx, id); });
  if (!payment) return jobs::Outcome::done();
  auto* gateway = billing.gateways.named(payment->provider);
  if (!gateway) return jobs::Outcome::dead("the gateway " + payment->provider + " is no longer configured");
  const auto failure = send_back(billing, *gateway, {payment->row}, [&](WriteTx& tx, const RefundState& refund) {
    tell(billing, tx, payment->user, payment->item_name, Money{refund.amount_minor, refund.currency});
  });
  return failure.empty() ? jobs::Outcome::done() : jobs::Outcome::later(failure);
}

}  // namespace tuition::billing
