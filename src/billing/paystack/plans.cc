#include <algorithm>

#include "billing/paystack/gateway.h"
#include "billing/paystack/notices.h"
#include "billing/paystack/requests.h"
#include "platform/base/text.h"

// Paystack's own plans, and the subscriptions to them.

namespace tuition::billing::paystack {
namespace {

Error draws_none() {
  return Error{Kind::rejected, "PAYMENT_REJECTED", "The payment provider draws up no invoices for this school.",
               "paystack was asked for an invoice"};
}

Error changes_none() {
  return Error{Kind::rejected, "PAYMENT_REJECTED", "With this payment provider a plan changes with the next period.",
               "paystack was asked to change a plan"};
}

}  // namespace

Result<std::string> Gateway::plan_code(const CheckoutRequest& request, std::string_view interval) {
  if (!request.plan_id.empty()) return request.plan_id;
  Plan plan;
  plan.name = request.offer.name;
  plan.interval = std::string(interval);
  plan.amount = TRY(to_subunits(request.total));
  plan.currency = request.total.currency.code();
  plan.description = "Price " + request.price.id.text();
  // Made by a try whose answer was lost.
  const auto made = TRY(all_of("/plan?amount=" + std::to_string(plan.amount) + "&interval=" + plan.interval));
  for (const auto& each : made)
    if (text_at(each, "description") == plan.description && text_at(each, "currency") == plan.currency &&
        text_at(each, "amount") == std::to_string(plan.amount))
      return text_at(each, "plan_code");
  const auto code = text_at(TRY(post("/plan", to_json(plan))), "plan_code");
  if (code.empty())
    return Error{Kind::provider, "PROVIDER_ERROR", "The payment provider gave an answer we cannot use.",
                 "a plan without a code"};
  return code;
}

Result<void> Gateway::find_subscription(const JsonNode& transaction, CheckoutState& state) {
  const auto paid_for = plan_of(transaction);
  const auto* customer = transaction.find("customer");
  const auto customer_number = customer ? text_at(*customer, "id") : std::string{};
  const auto found = TRY(
      all_of("/subscription?customer=" + percent_encode(customer_number) + "&plan=" + percent_encode(paid_for.number)));
  const JsonNode* chosen = nullptr;
  for (const auto& each : found) {
    if (plan_of(each).code != paid_for.code) continue;
    const auto runs = read_subscription(each).status != SubscriptionStatus::canceled;
    // One that runs before one that is over, and of those the newest: they come newest first.
    if (!chosen || (runs && read_subscription(*chosen).status == SubscriptionStatus::canceled)) chosen = &each;
  }
  if (!chosen) return {};
  state.subscription = read_subscription(*chosen);
  state.subscription->checkout_id = state.checkout_id;
  state.awaits_subscription = false;
  return {};
}

Result<SubscriptionState> Gateway::fetch_subscription(const std::string& id) {
  return read_subscription(TRY(get("/subscription/" + percent_encode(id))));
}

Result<SubscriptionState> Gateway::turn(const std::string& code, bool on) {
  const auto before = TRY(get("/subscription/" + percent_encode(code)));
  auto state = read_subscription(before);
  const bool is_on = state.status != SubscriptionStatus::canceled && !state.ends_at_period_end;
  if (state.status == SubscriptionStatus::canceled || is_on == on) return state;
  SubscriptionToggle body{code, text_at(before, "email_token")};
  TRY(post(on ? "/subscription/enable" : "/subscription/disable", to_json(body)));
  return fetch_subscription(code);
}

Result<SubscriptionState> Gateway::cancel_subscription(const std::string& id) {
  auto state = TRY(turn(id, false));
  // There it may go on to the end of what is paid; nothing is charged any more, and for us it is over.
  state.status = SubscriptionStatus::canceled;
  return state;
}

Result<SubscriptionState> Gateway::set_ending(const std::string& id, const Ending& ending, const std::string&) {
  return turn(id, !ending.at_period_end);
}

// Nothing stands still there: it is turned off, and goes on with us (orders.cc).
Result<SubscriptionState> Gateway::set_standstill(const std::string&, Standstill, const std::string&) {
  return Error{Kind::rejected, "PAYMENT_REJECTED", "Paystack does not pause subscriptions.",
               "set_standstill asked of paystack"};
}

Result<std::vector<CheckoutState>> Gateway::fetch_charges_of(const std::string& subscription_id) {
  const auto subscription = TRY(get("/subscription/" + percent_encode(subscription_id)));
  const auto state = read_subscription(subscription);
  std::vector<CheckoutState> charges;
  const auto paid = TRY(all_of("/transaction?status=success&customer_code=" + percent_encode(state.customer_id)));
  for (const auto& each : paid) {
    if (plan_of(each).code != state.price_id) continue;
    auto charge = read_transaction(each, test_mode());
    charge.subscription = state;
    charge.subscription->checkout_id = charge.checkout_id;
    charge.awaits_subscription = false;
    charges.push_back(std::move(charge));
  }
  std::reverse(charges.begin(), charges.end());
  return charges;
}

Result<std::string> Gateway::open_portal(const PortalVisit& visit) {
  // Where we renew, cards are changed by paying with another one: our own page is all there is.
  if (visit.subscription_id.empty()) return visit.return_url;
  const auto page = TRY(get("/subscription/" + percent_encode(visit.subscription_id) + "/manage/link"));
  const auto link = text_at(page, "link");
  if (link.empty())
    return Error{Kind::provider, "PROVIDER_ERROR", "The payment provider gave an answer we cannot use.",
                 "a page for cards without an address"};
  return link;
}

Result<PreparedCheckout> Gateway::prepare_price(const Offer&, const Price&) { return PreparedCheckout{}; }
Result<InvoiceState> Gateway::fetch_invoice(const std::string&) { return draws_none(); }
Result<std::vector<InvoiceState>> Gateway::fetch_invoices_of(const std::string&) { return std::vector<InvoiceState>{}; }
Result<InvoiceState> Gateway::void_invoice(const std::string&) { return draws_none(); }
Result<InvoiceState> Gateway::pay_invoice(const std::string&) { return draws_none(); }
Result<ChangeQuote> Gateway::preview_change(const SubscriptionState&, const std::string&, Instant) {
  return changes_none();
}
Result<SubscriptionState> Gateway::change_now(const SubscriptionState&, const std::string&, Instant,
                                              const std::string&) {
  return changes_none();
}
Result<SubscriptionState> Gateway::change_at_end(const SubscriptionState&, const std::string&, const Price&,
                                                 const std::string&) {
  return changes_none();
}
Result<SubscriptionState> Gateway::keep_plan(const SubscriptionState& from) { return from; }

}  // namespace tuition::billing::paystack
