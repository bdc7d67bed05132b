#include "billing/stripe/gateway.h"

#include <algorithm>

#include "billing/offers/tax.h"
#include "billing/stripe/objects.h"
#include "billing/stripe/signature.h"
#include "platform/base/text.h"
#include "platform/crypto/hmac.h"

namespace tuition::billing::stripe {
namespace {

constexpr const char* api_version = "2026-10-28.endive";
// Somebody looks at a blank page meanwhile.
constexpr Duration portal_deadline = seconds(9);

// A form body, in the order given: line_items[0][price]=price_1.
class Form {
 public:
  Form& add(std::string_view name, std::string_view value) {
    if (!body_.empty()) body_ += '&';
    body_ += percent_encode(name);
    body_ += '=';
    body_ += percent_encode(value);
    return *this;
  }
  Form& add(std::string_view name, std::int64_t value) { return add(name, std::to_string(value)); }
  const std::string& body() const { return body_; }

 private:
  std::string body_;
};

// What a phase of a schedule does not name is not taxed.
void taxes_of_phase(Form& form, const std::string& phase, const SubscriptionState& from) {
  for (std::size_t i = 0; i < from.tax_rate_ids.size(); ++i)
    form.add(phase + "[items][0][tax_rates][" + std::to_string(i) + "]", from.tax_rate_ids[i]);
}

std::string id_of(const JsonNode& node) {
  const auto* id = node.find("id");
  return id ? id->text : std::string{};
}

}  // namespace

bool Gateway::test_mode() const {
  const auto key = trim(settings_.secret_key.reveal());
  return key.starts_with("sk_test_") || key.starts_with("rk_test_");
}

Result<Notice> Gateway::read_notice(const http::Request& request, Instant now) {
  TRY(check_signature(request.header("stripe-signature"), request.body, settings_.webhook_secrets, now));
  return read_kept(request.body);
}

Result<Notice> Gateway::read_kept(const std::string& payload) {
  return read_event(TRY(parse_json(payload)), test_mode());
}

Result<PreparedCheckout> Gateway::prepare_checkout(const CheckoutRequest& request) {
  PreparedCheckout prepared;
  prepared.customer_id = request.customer_id.value_or("");
  if (prepared.customer_id.empty()) {
    Form form;
    form.add("email", request.email);
    if (!request.customer_name.empty()) form.add("name", request.customer_name);
    form.add("metadata[user_id]", request.user.text());
    prepared.customer_id = id_of(TRY(post("/v1/customers", form.body(), "customer-" + request.user.text())));
  }
  const auto priced = TRY(prepare_price(request.offer, request.price));
  prepared.product_id = priced.product_id;
  prepared.price_id = priced.price_id;
  if (request.coupon) prepared.coupon_id = TRY(coupon_id(*request.coupon));
  if (request.tax) prepared.tax_rate_id = TRY(tax_rate_id(*request.tax, request.tax_rate_id));
  const bool recurring = request.price.interval != Interval::once;
  Form form;
  form.add("mode", recurring ? "subscription" : "payment")
      .add("customer", prepared.customer_id)
      .add("client_reference_id", request.id.text())
      .add("line_items[0][price]", prepared.price_id)
      .add("line_items[0][quantity]", 1)
      .add("success_url", request.success_url)
      .add("cancel_url", request.cancel_url)
      .add("expires_at", request.expires_at.ms / 1000)
      .add("metadata[checkout_id]", request.id.text());
  if (recurring) {
    form.add("subscription_data[metadata][checkout_id]", request.id.text())
        .add("subscription_data[metadata][user_id]", request.user.text());
    if (request.trial_days > 0) form.add("subscription_data[trial_period_days]", request.trial_days);
  } else {
    form.add("payment_intent_data[metadata][checkout_id]", request.id.text())
        .add("payment_intent_data[metadata][user_id]", request.user.text());
  }
  if (request.coupon) form.add("discounts[0][coupon]", prepared.coupon_id);
  if (request.tax) form.add("line_items[0][tax_rates][0]", prepared.tax_rate_id);
  prepared.body = form.body();
  return prepared;
}

Result<PreparedCheckout> Gateway::prepare_price(const Offer& offer, const Price& price) {
  PreparedCheckout prepared;
  prepared.product_id = offer.provider_product_id.value_or("");
  if (prepared.product_id.empty()) {
    const bool plan = offer.sort == Offer::Sort::plan;
    Form form;
    form.add("name", offer.name).add(plan ? "metadata[plan_id]" : "metadata[product_id]", offer.id);
    prepared.product_id = id_of(TRY(post("/v1/products", form.body(), "product-" + offer.id)));
  }
  prepared.price_id = price.provider_price_id.value_or("");
  if (prepared.price_id.empty()) {
    Form form;
    form.add("product", prepared.product_id)
        .add("currency", to_lower_ascii(price.currency.code()))
        .add("unit_amount", price.amount_minor);
    if (price.interval != Interval::once)
      form.add("recurring[interval]", name_of(price.interval)).add("recurring[interval_count]", price.interval_count);
    form.add("metadata[price_id]", price.id.text());
    prepared.price_id = id_of(TRY(post("/v1/prices", form.body(), "price-" + price.id.text())));
  }
  return prepared;
}

Result<std::string> Gateway::coupon_id(const Coupon& coupon) {
  if (coupon.provider_coupon_id) return *coupon.provider_coupon_id;
  Form form;
  form.add("name", coupon.name).add("duration", name_of(coupon.duration));
  if (coupon.duration_months) form.add("duration_in_months", *coupon.duration_months);
  if (coupon.percent) {
    form.add("percent_off", *coupon.percent);
  } else {
    form.add("amount_off", *coupon.amount_minor).add("currency", to_lower_ascii(coupon.currency->code()));
  }
  form.add("metadata[coupon_id]", coupon.id.text());
  return id_of(TRY(post("/v1/coupons", form.body(), "coupon-" + coupon.id.text())));
}

Result<std::string> Gateway::tax_rate_id(const Tax& tax, const std::string& known) {
  if (!known.empty()) return known;
  Form form;
  form.add("display_name", tax.name)
      .add("percentage", percent_of(tax.basis_points))
      .add("inclusive", tax.inclusive ? "true" : "false")
      .add("country", tax.country);
  // A rate never changes there: another one takes its place, under another name of ours.
  return id_of(TRY(post("/v1/tax_rates", form.body(), "tax-" + to_hex(bytes_of(crypto::sha256(own_name_of(tax)))))));
}

Result<OpenedCheckout> Gateway::open_checkout(const std::string& body, const std::string& idempotency_key) {
  const auto session = TRY(post("/v1/checkout/sessions", body, idempotency_key));
  const auto* url = session.find("url");
  OpenedCheckout opened{id_of(session), url ? url->text : std::string{}};
  if (opened.session_id.empty() || opened.url.empty())
    return Error{Kind::provider, "PROVIDER_ERROR", "The payment provider gave an answer we cannot use.",
                 "a checkout session without id or url"};
  return opened;
}

Result<CheckoutState> Gateway::fetch_checkout(const std::string& session_id) {
  return read_checkout(TRY(get("/v1/checkout/sessions/" + percent_encode(session_id) + "?expand[0]=subscription")));
}

Result<SubscriptionState> Gateway::fetch_subscription(const std::string& id) {
  return read_subscription(TRY(get("/v1/subscriptions/" + percent_encode(id))));
}

Result<InvoiceState> Gateway::fetch_invoice(const std::string& id) {
  return read_invoice(TRY(get("/v1/invoices/" + percent_encode(id) + "?expand[0]=payments")));
}

Result<std::vector<InvoiceState>> Gateway::fetch_invoices_of(const std::string& subscription_id) {
  const auto list =
      TRY(get("/v1/invoices?subscription=" + percent_encode(subscription_id) + "&limit=100&expand[0]=data.payments"));
  std::vector<InvoiceState> invoices;
  if (const auto* data = list.find("data"))
    for (const auto& each : data->items) invoices.push_back(read_invoice(each));
  return invoices;
}

Result<InvoiceState> Gateway::void_invoice(const std::string& id) {
  const auto form = Form().add("expand[0]", "payments");
  return after_order(id, post("/v1/invoices/" + percent_encode(id) + "/void", form.body(), "void-" + id));
}

Result<InvoiceState> Gateway::pay_invoice(const std::string& id) {
  // Without a key, under which a declined try would be answered again for a day. Nothing is paid twice: an invoice that
  // is paid refuses to be, and one that is being paid is locked there.
  const auto form = Form().add("expand[0]", "payments");
  return after_order(id, post("/v1/invoices/" + percent_encode(id) + "/pay", form.body(), {}));
}

Result<InvoiceState> Gateway::after_order(const std::string& id, Result<JsonNode> ordered) {
  if (ordered) return read_invoice(*ordered);
  if (ordered.error().kind == Kind::rejected) return fetch_invoice(id);
  return ordered.error();
}

Result<CheckoutState> Gateway::expire_checkout(const std::string& session_id) {
  const auto expired =
      post("/v1/checkout/sessions/" + percent_encode(session_id) + "/expire", {}, "expire-" + session_id);
  if (expired) return read_checkout(*expired);
  // Only an open one can be expired; then what it is tells more than the refusal.
  if (expired.error().kind == Kind::rejected) return fetch_checkout(session_id);
  return expired.error();
}

Result<SubscriptionState> Gateway::cancel_subscription(const std::string& id) {
  outbound::HttpRequest request;
  request.method = "DELETE";
  request.url = settings_.base_url + "/v1/subscriptions/" + percent_encode(id);
  const auto ended = call(std::move(request));
  if (ended) return read_subscription(*ended);
  // One that has ended is answered as if it were not there.
  if (ended.error().code == remote_object_missing) return fetch_subscription(id);
  return ended.error();
}

Result<SubscriptionState> Gateway::set_ending(const std::string& id, const Ending& ending,
                                              const std::string& idempotency_key) {
  Form form;
  form.add("cancel_at_period_end", ending.at_period_end ? "true" : "false");
  if (!ending.reason.empty()) form.add("cancellation_details[feedback]", ending.reason);
  if (!ending.comment.empty()) form.add("cancellation_details[comment]", ending.comment);
  return read_subscription(TRY(post("/v1/subscriptions/" + percent_encode(id), form.body(), idempotency_key)));
}

Result<SubscriptionState> Gateway::set_standstill(const std::string& id, Standstill wanted,
                                                  const std::string& idempotency_key) {
  Form form;
  const auto path = "/v1/subscriptions/" + percent_encode(id);
  // By itself it credits what is left of the paid period to the next invoice.
  if (wanted == Standstill::begin) {
    form.add("type", "subscription");
    return read_subscription(TRY(post(path + "/pause", form.body(), idempotency_key)));
  }
  form.add("billing_cycle_anchor[type]", "now");
  return read_subscription(TRY(post(path + "/resume", form.body(), idempotency_key)));
}

Result<ChangeQuote> Gateway::preview_change(const SubscriptionState& from, const std::string& price_id, Instant at) {
  Form form;
  form.add("subscription", from.id)
      .add("subscription_details[items][0][id]", from.item_id)
      .add("subscription_details[items][0][price]", price_id)
      .add("subscription_details[proration_behavior]", "always_invoice")
      .add("subscription_details[proration_date]", at.ms / 1000);
  const auto invoice = read_invoice(TRY(post("/v1/invoices/create_preview", form.body(), {}, portal_deadline)));
  ChangeQuote quote{std::max<std::int64_t>(0, invoice.total_minor), 0, invoice.currency};
  for (const auto& line : invoice.lines)
    if (line.amount_minor < 0) quote.credit_minor -= line.amount_minor;
  return quote;
}

Result<SubscriptionState> Gateway::change_now(const SubscriptionState& from, const std::string& price_id, Instant at,
                                              const std::string& idempotency_key) {
  Form form;
  // Without the item's id the new price would be added to the old one.
  form.add("items[0][id]", from.item_id)
      .add("items[0][price]", price_id)
      .add("proration_behavior", "always_invoice")
      .add("payment_behavior", "pending_if_incomplete")
      .add("proration_date", at.ms / 1000);
  return read_subscription(TRY(post("/v1/subscriptions/" + percent_encode(from.id), form.body(), idempotency_key)));
}

Result<SubscriptionState> Gateway::change_at_end(const SubscriptionState& from, const std::string& price_id,
                                                 const Price& price, const std::string& idempotency_key) {
  // Two steps, each under its own key: a schedule that repeats what is, then a second phase in it.
  std::string schedule = from.schedule_id;
  if (schedule.empty()) {
    Form form;
    form.add("from_subscription", from.id);
    schedule = id_of(TRY(post("/v1/subscription_schedules", form.body(), idempotency_key + "-schedule")));
  }
  Form form;
  form.add("end_behavior", "release")
      .add("proration_behavior", "none")
      .add("phases[0][items][0][price]", from.price_id)
      .add("phases[0][items][0][quantity]", 1);
  taxes_of_phase(form, "phases[0]", from);
  form.add("phases[0][start_date]", from.period_start.ms / 1000).add("phases[0][end_date]", from.period_end.ms / 1000);
  if (from.status == SubscriptionStatus::trialing) form.add("phases[0][trial_end]", from.period_end.ms / 1000);
  form.add("phases[1][items][0][price]", price_id).add("phases[1][items][0][quantity]", 1);
  taxes_of_phase(form, "phases[1]", from);
  form.add("phases[1][proration_behavior]", "none")
      .add("phases[1][duration][interval]", name_of(price.interval))
      .add("phases[1][duration][interval_count]", price.interval_count);
  TRY(post("/v1/subscription_schedules/" + percent_encode(schedule), form.body(), idempotency_key + "-phases"));
  return fetch_subscription(from.id);
}

Result<SubscriptionState> Gateway::keep_plan(const SubscriptionState& from) {
  if (from.schedule_id.empty()) return from;
  TRY(post("/v1/subscription_schedules/" + percent_encode(from.schedule_id) + "/release", {},
           "release-" + from.schedule_id));
  return fetch_subscription(from.id);
}

Result<std::string> Gateway::open_portal(const PortalVisit& visit) {
  Form form;
  form.add("customer", visit.customer_id).add("return_url", visit.return_url);
  const auto session = TRY(post("/v1/billing_portal/sessions", form.body(), {}, portal_deadline));
  const auto* url = session.find("url");
  if (!url || url->text.empty())
    return Error{Kind::provider, "PROVIDER_ERROR", "The payment provider gave an answer we cannot use.",
                 "a portal session without url"};
  return url->text;
}

Result<RefundState> Gateway::refund_payment(const RefundRequest& request) {
  Form form;
  form.add("payment_intent", request.payment_id);
  if (request.amount_minor) form.add("amount", *request.amount_minor);
  form.add("reason", request.reason == "duplicate" ? "duplicate" : "requested_by_customer")
      .add("metadata[key]", request.key);
  const auto made = post("/v1/refunds", form.body(), request.key);
  if (made) return read_refund(*made);
  if (made.error().kind != Kind::rejected) return made.error();
  // Sent back before, by a try whose answer was lost long ago, or by hand.
  const auto before = TRY(fetch_payment(request.payment_id));
  for (const auto& each : before.refunds)
    if (each.key == request.key) return each;
  if (!request.amount_minor && !before.refunds.empty()) return before.refunds.front();
  return made.error();
}

Result<PaymentState> Gateway::fetch_payment(const std::string& payment_id) {
  PaymentState state;
  state.payment_id = payment_id;
  const auto refunds = TRY(get("/v1/refunds?payment_intent=" + percent_encode(payment_id) + "&limit=100"));
  if (const auto* data = refunds.find("data"))
    for (const auto& each : data->items) state.refunds.push_back(read_refund(each));
  const auto disputes = TRY(get("/v1/disputes?payment_intent=" + percent_encode(payment_id) + "&limit=100"));
  if (const auto* data = disputes.find("data"))
    for (const auto& each : data->items) state.disputes.push_back(read_dispute(each));
  return state;
}

Result<CheckoutState> Gateway::charge_saved(const SavedCharge&) {
  return Error{Kind::rejected, "PAYMENT_REJECTED", "Stripe charges renewals itself.", "charge_saved asked of stripe"};
}

// Its invoices say it.
Result<std::vector<CheckoutState>> Gateway::fetch_charges_of(const std::string&) {
  return std::vector<CheckoutState>{};
}

Result<std::vector<KeptEvent>> Gateway::fetch_events(Instant since) {
  std::vector<KeptEvent> events;
  std::string after;
  // The newest come first; they are walked by has_more, never by counting.
  for (;;) {
    const auto list = TRY(get("/v1/events?created[gte]=" + std::to_string(since.ms / 1000) + "&limit=100" +
                              (after.empty() ? std::string{} : "&starting_after=" + percent_encode(after))));
    const auto* data = list.find("data");
    if (!data || data->items.empty()) break;
    for (const auto& each : data->items) events.push_back({TRY(read_event(each, test_mode())), each.to_json()});
    const auto* more = list.find("has_more");
    if (!more || !more->boolean) break;
    after = events.back().notice.event_id;
  }
  std::reverse(events.begin(), events.end());
  return events;
}

Result<JsonNode> Gateway::get(const std::string& path) {
  outbound::HttpRequest request;
  request.url = settings_.base_url + path;
  return call(std::move(request));
}

Result<JsonNode> Gateway::post(const std::string& path, const std::string& body, const std::string& idempotency_key,
                               Duration deadline) {
  outbound::HttpRequest request;
  request.method = "POST";
  request.url = settings_.base_url + path;
  request.body = body;
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  if (!idempotency_key.empty()) request.headers.emplace_back("Idempotency-Key", idempotency_key);
  request.deadline = deadline;
  return call(std::move(request));
}

Result<JsonNode> Gateway::call(outbound::HttpRequest request) {
  request.provider = "stripe";
  request.headers.emplace_back("Authorization", "Bearer " + std::string(trim(settings_.secret_key.reveal())));
  request.headers.emplace_back("Stripe-Version", api_version);
  const auto reply = TRY(http_.send(request));
  const auto failed = [&](Kind kind, std::string detail) {
    const bool refused = kind == Kind::rejected;
    return Error{
        kind, refused ? "PAYMENT_REJECTED" : "PROVIDER_ERROR",
        refused ? "The payment provider refused this request." : "The payment provider does not answer as it should.",
        "stripe " + std::to_string(reply.status) + " " + std::string(reply.header("request-id")) + ": " + detail};
  };
  auto body = parse_json(reply.body);
  if (reply.status >= 200 && reply.status < 300) {
    if (!body) return failed(Kind::provider, "an answer that is not JSON");
    return std::move(body).value();
  }
  std::string message = "no reason given";
  bool missing = false;
  if (body) {
    if (const auto* error = body->find("error")) {
      if (const auto* text = error->find("message")) message = text->text;
      const auto* code = error->find("code");
      missing = code && code->text == "resource_missing";
    }
  }
  // Stripe says itself whether another try may help; otherwise conflicts, limits and its own failures may.
  const auto advice = reply.header("stripe-should-retry");
  const bool again =
      advice == "true" || (advice != "false" && (reply.status == 409 || reply.status == 429 || reply.status >= 500));
  // A refused key is our operator's mistake, not the buyer's.
  const bool ours = reply.status == 401 || reply.status == 403;
  auto error = failed(again || ours ? Kind::provider : Kind::rejected, message);
  if (missing && error.kind == Kind::rejected) error.code = remote_object_missing;
  return error;
}

}  // namespace tuition::billing::stripe
