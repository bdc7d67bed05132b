#include "billing/stripe/gateway.h"

#include "billing/stripe/objects.h"
#include "billing/stripe/signature.h"
#include "platform/base/text.h"

namespace tuition::billing::stripe {
namespace {

constexpr const char* api_version = "2026-10-28.endive";

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
  return read_event(TRY(parse_json(request.body)), test_mode());
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
  prepared.product_id = request.plan.provider_product_id.value_or("");
  if (prepared.product_id.empty()) {
    Form form;
    form.add("name", request.plan.name).add("metadata[plan_id]", request.plan.id.text());
    prepared.product_id = id_of(TRY(post("/v1/products", form.body(), "product-" + request.plan.id.text())));
  }
  prepared.price_id = request.price.provider_price_id.value_or("");
  if (prepared.price_id.empty()) {
    Form form;
    form.add("product", prepared.product_id)
        .add("currency", to_lower_ascii(request.price.currency.code()))
        .add("unit_amount", request.price.amount_minor);
    if (request.price.interval != Interval::once)
      form.add("recurring[interval]", name_of(request.price.interval))
          .add("recurring[interval_count]", request.price.interval_count);
    form.add("metadata[price_id]", request.price.id.text());
    prepared.price_id = id_of(TRY(post("/v1/prices", form.body(), "price-" + request.price.id.text())));
  }
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
    if (request.plan.trial_days > 0) form.add("subscription_data[trial_period_days]", request.plan.trial_days);
  }
  prepared.body = form.body();
  return prepared;
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

Result<JsonNode> Gateway::get(const std::string& path) {
  outbound::HttpRequest request;
  request.url = settings_.base_url + path;
  return call(std::move(request));
}

Result<JsonNode> Gateway::post(const std::string& path, const std::string& body, const std::string& idempotency_key) {
  outbound::HttpRequest request;
  request.method = "POST";
  request.url = settings_.base_url + path;
  request.body = body;
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  request.headers.emplace_back("Idempotency-Key", idempotency_key);
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
