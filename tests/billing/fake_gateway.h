#pragma once

// A gateway whose state the test sets by hand.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "billing/gateway.h"

namespace tuition::billing::tests {

class FakeGateway final : public Gateway {
 public:
  std::string_view name() const override { return called; }
  std::string_view label() const override { return called; }
  bool test_mode() const override { return is_for_tests; }
  Service service() const override {
    if (called == "stripe") return Service::billing;
    return renews_plans ? Service::renewals : Service::payments;
  }
  bool tells_all() const override { return called == "stripe"; }
  bool takes(const Currency&) const override { return true; }
  std::string_view reference_prefix() const override { return called == "stripe" ? "STR" : "PSK"; }

  Result<Notice> read_notice(const http::Request& request, Instant) override {
    const auto found = notices.find(request.body);
    if (found == notices.end()) return Error{Kind::rejected, "INVALID_SIGNATURE", "The signature is not valid."};
    return found->second;
  }
  Result<Notice> read_kept(const std::string& payload) override {
    const auto found = notices.find(payload);
    if (found == notices.end()) return Error{Kind::rejected, "VALIDATION_ERROR", "This is not an event.", payload};
    return found->second;
  }
  Result<PreparedCheckout> prepare_checkout(const CheckoutRequest& request) override {
    if (fails) return *fails;
    prepared.push_back(request);
    return PreparedCheckout{"order " + request.id.text(),
                            "cus_" + request.user.text(),
                            "prod_1",
                            "price_" + request.price.id.text(),
                            request.coupon ? "coupon_1" : "",
                            request.tax ? "txr_" + request.tax->country : "",
                            renews_plans ? "PLN_" + request.price.id.text() : ""};
  }
  Result<OpenedCheckout> open_checkout(const std::string& body, const std::string& key) override {
    if (fails) return *fails;
    if (!loses_once.empty()) {
      Error lost{Kind::rejected, remote_object_missing, "Refused.", loses_once.front()};
      loses_once.erase(loses_once.begin());
      return lost;
    }
    sent.emplace_back(key, body);
    return OpenedCheckout{"cs_" + key, "https://pay.example/" + key};
  }
  Result<CheckoutState> fetch_checkout(const std::string& id) override { return find(checkouts, id); }
  Result<SubscriptionState> fetch_subscription(const std::string& id) override { return find(subscriptions, id); }
  Result<InvoiceState> fetch_invoice(const std::string& id) override { return find(invoices, id); }
  Result<std::vector<InvoiceState>> fetch_invoices_of(const std::string& subscription) override {
    if (fails) return *fails;
    std::vector<InvoiceState> found;
    for (const auto& [id, invoice] : invoices)
      if (invoice.subscription_id == subscription) found.push_back(invoice);
    return found;
  }
  Result<InvoiceState> void_invoice(const std::string& id) override {
    if (fails) return *fails;
    auto found = find(invoices, id);
    if (found && found->status == InvoiceStatus::open) invoices[id].status = InvoiceStatus::voided;
    return find(invoices, id);
  }
  Result<InvoiceState> pay_invoice(const std::string& id) override {
    if (fails) return *fails;
    auto found = find(invoices, id);
    if (!found) return found;
    auto& invoice = invoices[id];
    if (invoice.status != InvoiceStatus::open) return invoice;
    invoice_tries.push_back(id);
    if (declines) return invoice;
    invoice.status = InvoiceStatus::paid;
    invoice.paid_minor = invoice.total_minor;
    invoice.payment_id = "pi_tried_" + id;
    subscriptions[invoice.subscription_id].status = SubscriptionStatus::active;
    if (breaks_before == "pay's answer") return take_break();
    return invoice;
  }
  Result<CheckoutState> expire_checkout(const std::string& id) override {
    if (fails) return *fails;
    closed.push_back(id);
    if (checkouts.contains(id)) return checkouts[id];
    return CheckoutState{.session_id = id, .status = CheckoutState::Status::expired};
  }
  Result<SubscriptionState> cancel_subscription(const std::string& id) override {
    if (breaks_before == "cancel") return take_break();
    if (fails) return *fails;
    auto found = find(subscriptions, id);
    if (!found) return found;
    cancelled.insert(id);
    subscriptions[id].status = SubscriptionStatus::canceled;
    if (breaks_before == "cancel's answer") return take_break();
    return subscriptions[id];
  }
  Result<SubscriptionState> set_ending(const std::string& id, const Ending& ending, const std::string& key) override {
    if (fails) return *fails;
    endings.emplace_back(key, ending);
    auto found = find(subscriptions, id);
    if (!found) return found;
    if (found->status == SubscriptionStatus::canceled)
      return Error{Kind::rejected, remote_object_missing, "No such subscription.", id};
    subscriptions[id].ends_at_period_end = ending.at_period_end;
    return subscriptions[id];
  }
  Result<SubscriptionState> set_standstill(const std::string& id, Standstill wanted, const std::string& key) override {
    if (fails) return *fails;
    changes.insert(key);
    auto found = find(subscriptions, id);
    if (!found) return found;
    subscriptions[id].status = wanted == Standstill::begin ? SubscriptionStatus::paused : SubscriptionStatus::active;
    return subscriptions[id];
  }
  Result<PreparedCheckout> prepare_price(const Offer&, const Price& price) override {
    if (fails) return *fails;
    return PreparedCheckout{.product_id = "prod_1", .price_id = "price_" + price.id.text()};
  }
  Result<ChangeQuote> preview_change(const SubscriptionState&, const std::string&, Instant at) override {
    if (fails) return *fails;
    asked_at = at;
    return quote;
  }
  Result<SubscriptionState> change_now(const SubscriptionState& from, const std::string& price, Instant at,
                                       const std::string& key) override {
    if (breaks_before == "change") return take_break();
    asked_at = at;
    changes.insert(key);
    auto& state = subscriptions[from.id];
    state.change_unpaid = declines;
    if (!declines) state.price_id = price;
    if (breaks_before == "change's answer") return take_break();
    return state;
  }
  Result<SubscriptionState> change_at_end(const SubscriptionState& from, const std::string& price, const Price&,
                                          const std::string& key) override {
    if (fails) return *fails;
    changes.insert(key);
    subscriptions[from.id].schedule_id = "sched_" + price;
    return subscriptions[from.id];
  }
  Result<SubscriptionState> keep_plan(const SubscriptionState& from) override {
    if (fails) return *fails;
    subscriptions[from.id].schedule_id.clear();
    return subscriptions[from.id];
  }
  Result<std::string> open_portal(const PortalVisit& visit) override {
    if (fails) return *fails;
    return "https://portal.example/" + visit.customer_id + "?back=" + visit.return_url;
  }
  Result<RefundState> refund_payment(const RefundRequest& request) override {
    if (breaks_before == "refund") return take_break();
    if (fails) return *fails;
    const auto& id = request.payment_id;
    if (request.amount_minor) {
      asked.push_back(request);
      RefundState made{"re_" + request.key, refunds_as, *request.amount_minor, request.currency, request.key};
      payments[id].payment_id = id;
      payments[id].refunds.push_back(made);
      return made;
    }
    for (const auto& [invoice_id, invoice] : invoices)
      if (invoice.payment_id == id)
        refunds[id] = {"re_" + id, RefundStatus::succeeded, invoice.paid_minor, invoice.currency};
    for (const auto& [session, checkout] : checkouts)
      if (checkout.payment_id == id)
        refunds[id] = {"re_" + id, RefundStatus::succeeded, checkout.total_minor, checkout.currency};
    if (breaks_before == "refund's answer") return take_break();
    return find(refunds, id);
  }
  Result<PaymentState> fetch_payment(const std::string& id) override { return find(payments, id); }
  Result<CheckoutState> charge_saved(const SavedCharge& charge) override {
    if (breaks_before == "charge") return take_break();
    if (const auto known = checkouts.find(charge.reference); known != checkouts.end()) return known->second;
    ++charged;
    CheckoutState state{.session_id = charge.reference, .paid = !declines};
    state.status = declines ? CheckoutState::Status::open : CheckoutState::Status::complete;
    state.last_try_failed = declines;
    state.payment_id = charge.reference;
    state.only_total = true;
    state.total_minor = charge.amount.minor;
    state.currency = charge.amount.currency;
    checkouts[charge.reference] = state;
    if (breaks_before == "charge's answer") return take_break();
    return state;
  }
  Result<std::vector<CheckoutState>> fetch_charges_of(const std::string& subscription) override {
    if (fails) return *fails;
    std::vector<CheckoutState> found;
    for (const auto& [session, checkout] : checkouts)
      if (checkout.subscription && checkout.subscription->id == subscription && called != "stripe")
        found.push_back(checkout);
    return found;
  }
  Result<std::vector<KeptEvent>> fetch_events(Instant) override {
    if (fails) return *fails;
    return kept;
  }

  std::string called = "stripe";            // under another name it takes money once only
  bool renews_plans = false;                // under another name: whether it renews plans by itself
  bool is_for_tests = false;                // its key
  int charged = 0;                          // saved cards
  std::map<std::string, Notice> notices{};  // by body
  std::map<std::string, CheckoutState> checkouts{};
  std::map<std::string, SubscriptionState> subscriptions{};
  std::map<std::string, InvoiceState> invoices{};
  std::vector<std::string> invoice_tries{};      // invoices that were open when they were to be paid
  std::map<std::string, RefundState> refunds{};  // by payment
  std::map<std::string, PaymentState> payments{};
  std::vector<RefundRequest> asked{};
  RefundStatus refunds_as = RefundStatus::succeeded;
  std::vector<KeptEvent> kept{};
  std::set<std::string> cancelled{};
  std::vector<std::pair<std::string, Ending>> endings{};
  ChangeQuote quote{};
  Instant asked_at{};
  std::set<std::string> changes{};  // by idempotency key
  bool declines = false;            // payments of changes
  std::vector<std::string> closed{};
  std::string breaks_before{};  // the next such call fails once
  std::vector<CheckoutRequest> prepared{};
  std::vector<std::pair<std::string, std::string>> sent{};  // idempotency key, body
  std::optional<Error> fails{};
  std::vector<std::string> loses_once{};  // what it says does not exist, a try each

 private:
  Error take_break() {
    breaks_before.clear();
    return Error{Kind::provider, "PROVIDER_ERROR", "", "cut off"};
  }
  template <class T>
  Result<T> find(const std::map<std::string, T>& all, const std::string& id) {
    if (fails) return *fails;
    const auto found = all.find(id);
    if (found == all.end()) return Error{Kind::rejected, remote_object_missing, "No such object.", id};
    return found->second;
  }
};

}  // namespace tuition::billing::tests
