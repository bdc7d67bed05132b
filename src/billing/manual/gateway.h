#pragma once

#include <string>
#include <vector>

#include "billing/gateway.h"

namespace tuition::billing::manual {

// Money that comes by bank transfer, mobile money or cash: nobody tells us of it but people, so there is nothing to
// call. What was paid is what an administrator has seen (by_hand.h); what is sent back, he sends himself.
class Gateway final : public billing::Gateway {
 public:
  std::string_view name() const override { return "manual"; }
  std::string_view label() const override { return "By hand"; }
  bool test_mode() const override { return false; }
  Service service() const override { return Service::payments; }
  bool tells_all() const override { return true; }
  bool takes(const Currency&) const override { return true; }
  std::string_view reference_prefix() const override { return "MAN"; }
  Result<Notice> read_notice(const http::Request& request, Instant now) override;
  Result<Notice> read_kept(const std::string& payload) override;
  Result<PreparedCheckout> prepare_checkout(const CheckoutRequest& request) override;
  Result<OpenedCheckout> open_checkout(const std::string& body, const std::string& idempotency_key) override;
  Result<CheckoutState> fetch_checkout(const std::string& session_id) override;
  Result<SubscriptionState> fetch_subscription(const std::string& id) override;
  Result<InvoiceState> fetch_invoice(const std::string& id) override;
  Result<std::vector<InvoiceState>> fetch_invoices_of(const std::string& subscription_id) override;
  Result<InvoiceState> void_invoice(const std::string& id) override;
  Result<InvoiceState> pay_invoice(const std::string& id) override;
  Result<CheckoutState> expire_checkout(const std::string& session_id) override;
  Result<SubscriptionState> cancel_subscription(const std::string& id) override;
  Result<SubscriptionState> set_ending(const std::string& id, const Ending& ending,
                                       const std::string& idempotency_key) override;
  Result<SubscriptionState> set_standstill(const std::string& id, Standstill wanted,
                                           const std::string& idempotency_key) override;
  Result<PreparedCheckout> prepare_price(const Offer& offer, const Price& price) override;
  Result<ChangeQuote> preview_change(const SubscriptionState& from, const std::string& price_id, Instant at) override;
  Result<SubscriptionState> change_now(const SubscriptionState& from, const std::string& price_id, Instant at,
                                       const std::string& idempotency_key) override;
  Result<SubscriptionState> change_at_end(const SubscriptionState& from, const std::string& price_id,
                                          const Price& price, const std::string& idempotency_key) override;
  Result<SubscriptionState> keep_plan(const SubscriptionState& from) override;
  Result<std::string> open_portal(const PortalVisit& visit) override;
  // In the books at once: whoever asks sends the money.
  Result<RefundState> refund_payment(const RefundRequest& request) override;
  Result<PaymentState> fetch_payment(const std::string& payment_id) override;
  Result<CheckoutState> charge_saved(const SavedCharge& charge) override;
  Result<std::vector<CheckoutState>> fetch_charges_of(const std::string& subscription_id) override;
  Result<std::vector<KeptEvent>> fetch_events(Instant since) override;
};

}  // namespace tuition::billing::manual
