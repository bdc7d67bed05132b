#include "billing/manual/gateway.h"

namespace tuition::billing::manual {
namespace {

Error nobody_there() {
  return Error{Kind::rejected, "PAYMENT_REJECTED", "Payments by hand are seen to by the school's office.",
               "the manual gateway has nobody to ask"};
}

}  // namespace

Result<Notice> Gateway::read_notice(const http::Request&, Instant) { return nobody_there(); }
Result<Notice> Gateway::read_kept(const std::string&) { return nobody_there(); }
Result<PreparedCheckout> Gateway::prepare_checkout(const CheckoutRequest&) { return nobody_there(); }
Result<OpenedCheckout> Gateway::open_checkout(const std::string&, const std::string&) { return nobody_there(); }
Result<CheckoutState> Gateway::fetch_checkout(const std::string&) { return nobody_there(); }
Result<SubscriptionState> Gateway::fetch_subscription(const std::string&) { return nobody_there(); }
Result<InvoiceState> Gateway::fetch_invoice(const std::string&) { return nobody_there(); }
Result<std::vector<InvoiceState>> Gateway::fetch_invoices_of(const std::string&) { return std::vector<InvoiceState>{}; }
Result<InvoiceState> Gateway::void_invoice(const std::string&) { return nobody_there(); }
Result<InvoiceState> Gateway::pay_invoice(const std::string&) { return nobody_there(); }
Result<CheckoutState> Gateway::expire_checkout(const std::string& session_id) {
  return CheckoutState{.session_id = session_id, .status = CheckoutState::Status::expired};
}
Result<SubscriptionState> Gateway::cancel_subscription(const std::string&) { return nobody_there(); }
Result<SubscriptionState> Gateway::set_ending(const std::string&, const Ending&, const std::string&) {
  return nobody_there();
}
Result<SubscriptionState> Gateway::set_standstill(const std::string&, Standstill, const std::string&) {
  return nobody_there();
}
Result<PreparedCheckout> Gateway::prepare_price(const Offer&, const Price&) { return PreparedCheckout{}; }
Result<ChangeQuote> Gateway::preview_change(const SubscriptionState&, const std::string&, Instant) {
  return nobody_there();
}
Result<SubscriptionState> Gateway::change_now(const SubscriptionState&, const std::string&, Instant,
                                              const std::string&) {
  return nobody_there();
}
Result<SubscriptionState> Gateway::change_at_end(const SubscriptionState&, const std::string&, const Price&,
                                                 const std::string&) {
  return nobody_there();
}
Result<SubscriptionState> Gateway::keep_plan(const SubscriptionState& from) { return from; }
Result<std::string> Gateway::open_portal(const PortalVisit& visit) { return visit.return_url; }

Result<RefundState> Gateway::refund_payment(const RefundRequest& request) {
  if (!request.amount_minor) return nobody_there();
  return RefundState{"by-hand:" + request.key, RefundStatus::succeeded, *request.amount_minor, request.currency,
                     request.key};
}

Result<PaymentState> Gateway::fetch_payment(const std::string& payment_id) { return PaymentState{payment_id, {}, {}}; }
Result<CheckoutState> Gateway::charge_saved(const SavedCharge&) { return nobody_there(); }
Result<std::vector<CheckoutState>> Gateway::fetch_charges_of(const std::string&) {
  return std::vector<CheckoutState>{};
}
Result<std::vector<KeptEvent>> Gateway::fetch_events(Instant) { return std::vector<KeptEvent>{}; }

}  // namespace tuition::billing::manual
