#pragma once

#include <string>
#include <vector>

#include "billing/gateway.h"
#include "platform/base/fields_json.h"
#include "platform/base/secret.h"
#include "platform/outbound/http.h"

namespace tuition::billing::paystack {

struct Settings {
  // sk_test_... or sk_live_...; the first is called with, all of them sign events while one is rolled.
  std::vector<Secret> keys{};
  std::string base_url = "https://api.paystack.co";
  std::vector<std::string> currencies{"KES"};  // what the business may take
  // Whether Paystack renews what is bought from now on, as plans of its own; otherwise the school charges saved cards.
  bool renews_plans = false;
};

// Paystack takes money, and renews plans where the operator wants that. It has no keys against doing things twice: the
// reference plays that part, and a refund or a plan is looked for before it is asked for again. Its events may never
// come.
//
// A plan there has its whole amount in it, takes cards only, and begins once its first payment has gone through: the
// payment is known first, its subscription a moment later. What can have no such plan (a discount, an interval it does
// not know) is renewed by us all the same.
class Gateway final : public billing::Gateway {
 public:
  Gateway(const Settings& settings, outbound::HttpClient& http) : settings_(settings), http_(http) {}

  std::string_view name() const override { return "paystack"; }
  std::string_view label() const override { return "Paystack"; }
  bool test_mode() const override;
  Service service() const override { return settings_.renews_plans ? Service::renewals : Service::payments; }
  bool tells_all() const override { return false; }
  bool takes(const Currency& currency) const override;
  std::string_view reference_prefix() const override { return "PSK"; }
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
  // Paystack's code of a plan of that amount, found there or made.
  Result<std::string> plan_code(const CheckoutRequest& request, std::string_view interval);
  // The subscription that a payment for a plan began or renews, put into its state.
  Result<void> find_subscription(const JsonNode& transaction, CheckoutState& state);
  // Every item of a list, whose path has a query.
  Result<std::vector<JsonNode>> all_of(const std::string& path);
  // Off at the end of what is paid, or on again.
  Result<SubscriptionState> turn(const std::string& code, bool on);
  // The `data` of an answer.
  Result<JsonNode> get(const std::string& path);
  Result<JsonNode> post(const std::string& path, const std::string& body);
  Result<JsonNode> call(outbound::HttpRequest request);

  const Settings& settings_;
  outbound::HttpClient& http_;
};

}  // namespace tuition::billing::paystack
