#include "sandbox/stripe/api.h"

#include "platform/base/text.h"
#include "platform/crypto/hmac.h"
#include "sandbox/mischief.h"
#include "sandbox/stripe/billing.h"
#include "sandbox/stripe/catalogue.h"
#include "sandbox/stripe/checkout.h"
#include "sandbox/stripe/discounts.h"
#include "sandbox/stripe/disputes.h"
#include "sandbox/stripe/lists.h"
#include "sandbox/stripe/params.h"
#include "sandbox/stripe/schedules.h"
#include "sandbox/stripe/taxes.h"

namespace tuition::sandbox::stripe {
namespace {

constexpr Duration key_life = hours(24);

int status_of(const Error& error) {
  switch (error.kind) {
    case Kind::unauthenticated: return 401;
    case Kind::payment_required: return 402;
    case Kind::not_found: return 404;
    case Kind::conflict: return 409;
    case Kind::rate_limited: return 429;
    case Kind::internal: return 500;
    default: return 400;
  }
}

http::Reply error_reply(const Error& error) {
  Json body{{"type", "invalid_request_error"}, {"message", error.safe}};
  if (error.code.starts_with("idempotency")) body["type"] = "idempotency_error";
  if (error.kind == Kind::payment_required) body["type"] = "card_error";
  if (error.kind == Kind::internal) body["type"] = "api_error";
  if (!error.code.empty() && error.code != "idempotency_mismatch") body["code"] = error.code;
  if (!error.fields.empty()) body["param"] = error.fields.front().field;
  return http::raw_json(status_of(error), Json{{"error", std::move(body)}}.dump());
}

std::string key_of(const http::Request& request) {
  const std::string_view header = request.header("authorization");
  if (header.starts_with("Bearer ")) return std::string(trim(header.substr(7)));
  if (!header.starts_with("Basic ")) return {};
  const auto pair = from_base64(header.substr(6));
  return pair ? pair->substr(0, pair->find(':')) : std::string();
}

http::Reply with_header(http::Reply reply, std::string name, std::string value) {
  reply.with(std::move(name), std::move(value));
  return reply;
}

}  // namespace

void Shop::catch_up() { pass_time(account, clock.now()); }

Api::Api(Shop& shop, Mischief& mischief, Calls& calls, Secret secret_key)
    : shop_(shop), mischief_(mischief), calls_(calls), secret_key_(std::move(secret_key)) {}

http::Route Api::route(http::Method method, std::string_view path, std::string_view operation, Verb verb) {
  http::Endpoint endpoint;
  endpoint.run = [this, verb = std::move(verb)](const http::Request& request, http::Respond respond) {
    serve(request, respond, verb);
  };
  return {.method = method,
          .path = path,
          .operation = operation,
          .access = http::Access::anyone,
          .bucket = http::Bucket::none,
          .sentence = "As Stripe's.",
          .endpoint = std::move(endpoint),
          .body_max = 256 * 1024};
}

void Api::serve(const http::Request& request, const http::Respond& respond, const Verb& verb) {
  calls_.note("stripe", request);
  std::string request_id;
  {
    const std::lock_guard lock(shop_.mutex);
    request_id = shop_.account.new_id("req_", 14);
  }
  const auto answer = [&](http::Reply reply) {
    reply.with("Request-Id", request_id).with("Stripe-Version", std::string(api_version));
    return reply;
  };
  if (!crypto::equal_in_constant_time(key_of(request), secret_key_.reveal()))
    return respond(answer(error_reply(refusal(Kind::unauthenticated, "", "Invalid API Key provided."))));
  if (request.header("stripe-version") != api_version)
    return respond(answer(error_reply(
        refusal(Kind::invalid, "", "The sandbox speaks Stripe-Version " + std::string(api_version) + " only."))));

  const Fault fault = mischief_.take(request.path);
  switch (fault) {
    case Fault::fail: return respond(answer(error_reply(refusal(Kind::internal, "", "An unknown error occurred."))));
    case Fault::limit:
      return respond(
          answer(with_header(error_reply(refusal(Kind::rate_limited, "rate_limit", "Request rate limit exceeded.")),
                             "Stripe-Rate-Limited-Reason", "global-rate")));
    case Fault::locked:
      return respond(answer(with_header(
          error_reply(refusal(Kind::rate_limited, "lock_timeout", "This object is in use by another request.")),
          "Stripe-Should-Retry", "true")));
    case Fault::html: return respond(http::html(503, "<html><body>Service unavailable</body></html>"));
    case Fault::none:
    case Fault::garbage:
    case Fault::drop:
    case Fault::hang: break;
  }
  http::Reply reply = answer(shop_.with({}, [&](Account& account) { return run(account, request, verb, request_id); }));
  if (fault == Fault::drop) return respond(cut_reply());
  if (fault == Fault::garbage) reply.body.resize(reply.body.size() / 2);
  if (fault != Fault::hang) return respond(std::move(reply));
  const std::lock_guard lock(mutex_);
  held_.push_back({shop_.clock.now() + minutes(1), respond, std::move(reply)});
}

http::Reply Api::run(Account& account, const http::Request& request, const Verb& verb, const std::string& request_id) {
  const std::string key(request.method == http::Method::post ? request.header("idempotency-key") : std::string_view{});
  const std::string fingerprint = request.path + "\n" + request.body;
  if (key.size() > 255) return error_reply(refusal(Kind::invalid, "", "Idempotency keys have up to 255 characters."));
  if (!key.empty())
    if (const Json* answer = account.find("answer", key);
        answer && account.now - Instant{integer_at(*answer, "at")} < key_life) {
      if (text_at(*answer, "fingerprint") != fingerprint)
        return error_reply(refusal(Kind::invalid, "idempotency_mismatch",
                                   "Keys for idempotent requests can only be used with the same parameters they were "
                                   "first used with."));
      http::Reply replay =
          http::raw_json(static_cast<int>(integer_at(*answer, "status")), (*answer)["body"].get<std::string>());
      replay.with("Idempotent-Replayed", "true").with("Original-Request", text_at(*answer, "request"));
      return replay;
    }

  const auto act = [&]() -> Result<Json> {
    const bool has_form =
        request.method == http::Method::post || (request.method == http::Method::del && !request.body.empty());
    const Json given = TRY(has_form ? read_form(request.body) : read_pairs(request.query));
    Json answer = TRY(verb(account, request, given));
    if (given.contains("expand")) TRY(expand(account, answer, given["expand"]));
    return answer;
  };
  account.request_id = request_id;
  account.idempotency_key = key;
  const Result<Json> result = act();
  account.request_id.clear();
  account.idempotency_key.clear();
  // What was refused before it began is not remembered.
  http::Reply reply = result ? http::raw_json(200, result->dump()) : error_reply(result.error());
  if (!key.empty() && (result || result.error().kind == Kind::payment_required))
    account.keep("answer", key,
                 Json{{"fingerprint", fingerprint},
                      {"status", reply.status},
                      {"body", reply.body},
                      {"request", request_id},
                      {"at", account.now.ms}});
  return reply;
}

void Api::answer_held(bool all) {
  std::deque<Held> ready;
  {
    const std::lock_guard lock(mutex_);
    const Instant now = shop_.clock.now();
    for (auto each = held_.begin(); each != held_.end();)
      if (all || each->until <= now) {
        ready.push_back(std::move(*each));
        each = held_.erase(each);
      } else {
        ++each;
      }
  }
  for (auto& each : ready) each.respond(std::move(each.reply));
}

http::Routes Api::routes() {
  using http::Method;
  using Request = http::Request;
  const auto id = [](const Request& request) { return std::string(request.param("id")); };
  const auto one = [id](std::string_view kind) {
    return [id, kind](Account& account, const Request& request, const Json& given) -> Result<Json> {
      TRY(check_params(given, {}));
      return Json(*TRY(account.need(kind, id(request), "id")));
    };
  };
  const auto many = [](std::string_view kind, const char* url, std::initializer_list<const char*> filters) {
    return [kind, url, names = std::vector<const char*>(filters)](Account& account, const Request&, const Json& given) {
      return list(account, kind, url, given, names);
    };
  };
  const auto create = [](Result<Json> (*verb)(Account&, const Json&)) {
    return [verb](Account& account, const Request&, const Json& given) { return verb(account, given); };
  };
  const auto change = [id](Result<Json> (*verb)(Account&, const std::string&, const Json&)) {
    return [id, verb](Account& account, const Request& request, const Json& given) {
      return verb(account, id(request), given);
    };
  };
  const auto act = [id](Result<Json> (*verb)(Account&, const std::string&)) {
    return [id, verb](Account& account, const Request& request, const Json& given) -> Result<Json> {
      TRY(check_params(given, {{"limit", Param::Sort::integer}}));
      return verb(account, id(request));
    };
  };
  const auto lines = [id](Account& account, const Request& request, const Json&) -> Result<Json> {
    return Json((*TRY(account.need("invoice", id(request), "id")))["lines"]);
  };
  return {
      route(Method::post, "/v1/customers", "createCustomer", create(create_customer)),
      route(Method::get, "/v1/customers", "listCustomers", many("customer", "/v1/customers", {"email"})),
      route(Method::get, "/v1/customers/{id}", "getCustomer", one("customer")),
      route(Method::post, "/v1/customers/{id}", "updateCustomer", change(update_customer)),
      route(Method::del, "/v1/customers/{id}", "deleteCustomer", act(delete_customer)),
      route(Method::post, "/v1/products", "createProduct", create(create_product)),
      route(Method::get, "/v1/products", "listProducts", many("product", "/v1/products", {"active"})),
      route(Method::get, "/v1/products/{id}", "getProduct", one("product")),
      route(Method::post, "/v1/products/{id}", "updateProduct", change(update_product)),
      route(Method::post, "/v1/prices", "createPrice", create(create_price)),
      route(Method::get, "/v1/prices", "listPrices",
            many("price", "/v1/prices", {"active", "product", "currency", "type"})),
      route(Method::get, "/v1/prices/{id}", "getPrice", one("price")),
      route(Method::post, "/v1/prices/{id}", "updatePrice", change(update_price)),
      route(Method::post, "/v1/coupons", "createCoupon", create(create_coupon)),
      route(Method::get, "/v1/coupons", "listCoupons", many("coupon", "/v1/coupons", {})),
      route(Method::get, "/v1/coupons/{id}", "getCoupon", one("coupon")),
      route(Method::del, "/v1/coupons/{id}", "deleteCoupon", act(delete_coupon)),
      route(Method::post, "/v1/tax_rates", "createTaxRate", create(create_tax_rate)),
      route(Method::get, "/v1/tax_rates", "listTaxRates", many("tax_rate", "/v1/tax_rates", {"active", "inclusive"})),
      route(Method::get, "/v1/tax_rates/{id}", "getTaxRate", one("tax_rate")),
      route(Method::post, "/v1/checkout/sessions", "createSession", create(create_session)),
      route(
          Method::get, "/v1/checkout/sessions", "listSessions",
          many("checkout.session", "/v1/checkout/sessions", {"customer", "subscription", "payment_intent", "status"})),
      route(Method::get, "/v1/checkout/sessions/{id}", "getSession", one("checkout.session")),
      route(Method::post, "/v1/checkout/sessions/{id}/expire", "expireSession", act(expire_session)),
      route(Method::get, "/v1/checkout/sessions/{id}/line_items", "listLineItems", act(session_line_items)),
      route(Method::get, "/v1/subscriptions", "listSubscriptions",
            many("subscription", "/v1/subscriptions", {"customer", "status"})),
      route(Method::get, "/v1/subscriptions/{id}", "getSubscription", one("subscription")),
      route(Method::post, "/v1/subscriptions/{id}", "updateSubscription", change(update_subscription)),
      route(Method::del, "/v1/subscriptions/{id}", "cancelSubscription", change(cancel_subscription)),
      route(Method::post, "/v1/subscriptions/{id}/pause", "pauseSubscription", change(pause_subscription)),
      route(Method::post, "/v1/subscriptions/{id}/resume", "resumeSubscription", change(resume_subscription)),
      route(Method::post, "/v1/subscription_schedules", "createSchedule", create(create_schedule)),
      route(Method::get, "/v1/subscription_schedules/{id}", "getSchedule", one("subscription_schedule")),
      route(Method::post, "/v1/subscription_schedules/{id}", "updateSchedule", change(update_schedule)),
      route(Method::post, "/v1/subscription_schedules/{id}/release", "releaseSchedule", act(release_schedule)),
      route(Method::post, "/v1/invoices/create_preview", "previewInvoice", create(preview_invoice)),
      route(Method::get, "/v1/invoices", "listInvoices",
            many("invoice", "/v1/invoices", {"customer", "subscription", "status"})),
      route(Method::get, "/v1/invoices/{id}", "getInvoice", one("invoice")),
      route(Method::get, "/v1/invoices/{id}/lines", "listInvoiceLines", lines),
      route(Method::post, "/v1/invoices/{id}/pay", "payInvoice", change(pay_invoice)),
      route(Method::post, "/v1/invoices/{id}/void", "voidInvoice", change(void_invoice)),
      route(Method::get, "/v1/invoice_payments", "listInvoicePayments",
            [](Account& account, const Request&, const Json& given) { return list_invoice_payments(account, given); }),
      route(Method::get, "/v1/invoice_payments/{id}", "getInvoicePayment", one("invoice_payment")),
      route(Method::get, "/v1/payment_intents", "listPayments",
            many("payment_intent", "/v1/payment_intents", {"customer"})),
      route(Method::get, "/v1/payment_intents/{id}", "getPayment", one("payment_intent")),
      route(Method::get, "/v1/payment_methods/{id}", "getPaymentMethod", one("payment_method")),
      route(Method::get, "/v1/charges", "listCharges", many("charge", "/v1/charges", {"customer", "payment_intent"})),
      route(Method::get, "/v1/charges/{id}", "getCharge", one("charge")),
      route(Method::post, "/v1/refunds", "createRefund", create(create_refund)),
      route(Method::get, "/v1/refunds", "listRefunds", many("refund", "/v1/refunds", {"charge", "payment_intent"})),
      route(Method::get, "/v1/refunds/{id}", "getRefund", one("refund")),
      route(Method::get, "/v1/disputes", "listDisputes", many("dispute", "/v1/disputes", {"charge", "payment_intent"})),
      route(Method::get, "/v1/disputes/{id}", "getDispute", one("dispute")),
      route(Method::post, "/v1/disputes/{id}", "updateDispute", change(update_dispute)),
      route(Method::post, "/v1/disputes/{id}/close", "closeDispute", act(close_dispute)),
      route(Method::post, "/v1/billing_portal/sessions", "createPortalSession", create(create_portal_session)),
      route(Method::get, "/v1/events", "listEvents",
            [](Account& account, const Request&, const Json& given) { return list_events(account, given); }),
      route(Method::get, "/v1/events/{id}", "getEvent", one("event")),
  };
}

}  // namespace tuition::sandbox::stripe
