#pragma once

#include <string>
#include <vector>

#include "billing/gateway.h"
#include "platform/base/fields_json.h"
#include "platform/base/secret.h"
#include "platform/outbound/http.h"

namespace tuition::billing::stripe {

struct Settings {
  Secret secret_key{};                    // sk_ or rk_; its mode is ours
  std::vector<Secret> webhook_secrets{};  // several while one is rolled
  std::string base_url = "https://api.stripe.com";
};

// Stripe at the pinned API version 2026-10-28.endive.
class Gateway final : public billing::Gateway {
 public:
  Gateway(const Settings& settings, outbound::HttpClient& http) : settings_(settings), http_(http) {}

  std::string_view name() const override { return "stripe"; }
  std::string_view label() const override { return "Stripe"; }
  bool test_mode() const override;
  Service service() const override { return Service::billing; }
  bool tells_all() const override { return true; }
  bool takes(const Currency&) const override { return true; }
  std::string_view reference_prefix() const override { return "STR"; }
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
  Result<RefundState> refund_payment(const RefundRequest& request) override;
  Result<PaymentState> fetch_payment(const std::string& payment_id) override;
  Result<CheckoutState> charge_saved(const SavedCharge& charge) override;
  Result<std::vector<CheckoutState>> fetch_charges_of(const std::string& subscription_id) override;
  Result<std::vector<KeptEvent>> fetch_events(Instant since) override;

 private:
  // Stripe's id of a coupon, made there when it has none.
  Result<std::string> coupon_id(const Coupon& coupon);
  // Stripe's id of a tax, made there when it is not known.
  Result<std::string> tax_rate_id(const Tax& tax, const std::string& known);
  Result<JsonNode> get(const std::string& path);
  // Without a key for what leaves nothing behind, or must be new each time.
  Result<JsonNode> post(const std::string& path, const std::string& body, const std::string& idempotency_key,
                        Duration deadline = seconds(20));
  Result<JsonNode> call(outbound::HttpRequest request);
  // What an order about an invoice made of it; where it was refused, how the invoice stands.
  Result<InvoiceState> after_order(const std::string& id, Result<JsonNode> ordered);

  const Settings& settings_;
  outbound::HttpClient& http_;
};

}  // namespace tuition::billing::stripe
