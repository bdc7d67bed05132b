#include "billing/billing.h"
#include "billing/checkout.h"
#include "billing/notices.h"
#include "billing/subscriptions.h"
#include "platform/http/json.h"

namespace tuition::billing {
namespace {

using http::Access;
using http::Bucket;
using http::Method;
using http::Request;

void begin_checkout(Billing& billing, const Request& request, const CheckoutForm& form,
                    const http::Answer<http::Enveloped<CheckoutView>>& answer) {
  const bool at_once = request.header("prefer").find("respond-async") != std::string_view::npos;
  start_checkout(billing, request.caller, form, request.header("idempotency-key"),
                 at_once ? Patience::answer_at_once : Patience::wait, [answer](Result<StartedCheckout> started) {
                   if (!started) {
                     answer(std::move(started).error());
                     return;
                   }
                   http::Enveloped<CheckoutView> reply{.data = std::move(started->view)};
                   reply.status = started->pending ? 202 : 201;
                   if (started->pending) reply.message = "The payment page is being prepared. Ask again in a moment.";
                   answer(std::move(reply));
                 });
}

http::Route webhook(Billing& billing, std::string_view provider, std::string_view path, std::string_view operation) {
  return {.method = Method::post,
          .path = path,
          .operation = operation,
          .access = Access::signed_body,
          .bucket = Bucket::none,
          .sentence = "Receives the payment provider's events.",
          .endpoint = http::json([&billing, provider](const Request& request) -> Result<WebhookReceipt> {
            auto* gateway = billing.gateways.named(provider);
            if (!gateway)
              return Error{Kind::not_configured, "NOT_CONFIGURED", "This payment provider is not set up here."};
            return receive_notice(billing, *gateway, request);
          }),
          .statuses = {503},
          .body_max = 1024 * 1024};
}

}  // namespace

http::Routes routes(Billing& billing) {
  return {
      {.method = Method::get,
       .path = "/api/plans",
       .operation = "listPlans",
       .access = Access::anyone,
       .bucket = Bucket::api,
       .sentence = "The plans on sale.",
       .endpoint = http::json([&billing](const Request& request) -> Result<http::Shared<std::vector<PlanView>>> {
         return list_plans(billing, request.caller);
       }),
       .alias = "/plans"},
      {.method = Method::get,
       .path = "/api/plans/{id}",
       .operation = "getPlan",
       .access = Access::anyone,
       .bucket = Bucket::api,
       .sentence = "One plan.",
       .endpoint = http::json([&billing](const Request& request) -> Result<PlanView> {
         return show_plan(billing, request.caller, PlanId(std::string(request.param("id"))));
       }),
       .statuses = {404},
       .alias = "/plans/{id}"},
      {.method = Method::post,
       .path = "/api/billing/create-checkout-session",
       .operation = "createCheckoutSession",
       .access = Access::member,
       .bucket = Bucket::forms,
       .sentence = "Begins to buy a plan and answers with the provider's page to pay on. Takes an Idempotency-Key.",
       .endpoint = http::json([&billing](const Request& request, const CheckoutForm& form,
                                         http::Answer<http::Enveloped<CheckoutView>> answer) {
         begin_checkout(billing, request, form, answer);
       }),
       .statuses = {202, 404, 409, 422, 503},
       .success = 201},
      {.method = Method::get,
       .path = "/api/billing/checkout/{id}",
       .operation = "getCheckout",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "Where a checkout of the caller stands.",
       .endpoint = http::json([&billing](const Request& request) -> Result<CheckoutView> {
         return show_checkout(billing, request.caller, CheckoutId(std::string(request.param("id"))));
       }),
       .statuses = {404}},
      {.method = Method::get,
       .path = "/api/billing/subscription",
       .operation = "getSubscription",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "The caller's current subscription, or null.",
       .endpoint = http::json([&billing](const Request& request) -> Result<std::optional<SubscriptionView>> {
         return show_subscription(billing, request.caller);
       })},
      webhook(billing, "stripe", "/api/webhooks/stripe", "receiveStripeEvent"),
  };
}

}  // namespace tuition::billing
