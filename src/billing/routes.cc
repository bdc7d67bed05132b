#include "billing/billing.h"
#include "billing/checkout.h"
#include "billing/invoices/details.h"
#include "billing/notices.h"
#include "billing/offers/coupons.h"
#include "billing/offers/products.h"
#include "billing/orders.h"
#include "billing/pages.h"
#include "billing/payments/books.h"
#include "billing/subscriptions/subscriptions.h"
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
                   reply.location = "/api/billing/checkout/" + reply.data.id.text();
                   answer(std::move(reply));
                 });
}

// 202 while the provider has not said yet.
template <class V>
void tell(const http::Answer<http::Enveloped<V>>& answer, Result<Ordered<V>> ordered) {
  if (!ordered) {
    answer(std::move(ordered).error());
    return;
  }
  http::Enveloped<V> reply{.data = std::move(ordered->view)};
  if (ordered->pending) {
    reply.status = 202;
    reply.message = "The payment provider is slow to answer. It will be done as soon as it does.";
  }
  answer(std::move(reply));
}

http::Route portal(Billing& billing, Method method, std::string_view operation) {
  return {.method = method,
          .path = "/api/billing/customer-portal",
          .operation = operation,
          .access = Access::member,
          .bucket = Bucket::forms,
          .sentence = "A page of the payment provider's where the caller sees to cards and addresses.",
          .endpoint = http::json([&billing](const Request& request) -> Result<PortalView> {
            return open_portal(billing, request.caller);
          }),
          .statuses = {409},
          .scope = "billing:write"};
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
       .endpoint = http::json(
           [&billing](const Request& request, const NextPageForm& form) -> Result<http::SharedPage<PlanView>> {
             auto all = list_plans(billing, request.caller);
             auto page = TRY(stretch_of(all->value, form, "plans"));
             return http::SharedPage<PlanView>{std::move(all), page.from, page.count, page.limit, std::move(page.next)};
           }),
       .alias = "/plans",
       .scope = "billing:read"},
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
       .alias = "/plans/{id}",
       .scope = "billing:read"},
      {.method = Method::get,
       .path = "/api/products",
       .operation = "listProducts",
       .access = Access::anyone,
       .bucket = Bucket::api,
       .sentence = "What is on sale to be paid once.",
       .endpoint =
           http::json([&billing](const Request& request, const NextPageForm& form) -> Result<Page<ProductView>> {
             auto all = TRY(list_products(billing, request.caller));
             auto page = TRY(stretch_of(all, form, "products"));
             const auto begin = std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(page.from));
             return Page<ProductView>{
                 {begin, begin + static_cast<std::ptrdiff_t>(page.count)}, page.limit, std::move(page.next)};
           }),
       .scope = "billing:read"},
      {.method = Method::get,
       .path = "/api/products/{id}",
       .operation = "getProduct",
       .access = Access::anyone,
       .bucket = Bucket::api,
       .sentence = "One product.",
       .endpoint = http::json([&billing](const Request& request) -> Result<ProductView> {
         return show_product(billing, request.caller, ProductId(std::string(request.param("id"))));
       }),
       .statuses = {404},
       .scope = "billing:read"},
      {.method = Method::post,
       .path = "/api/coupons/validate",
       .operation = "validateCoupon",
       .access = Access::member,
       .bucket = Bucket::forms,
       .sentence = "What a coupon would take off a plan or product for the caller.",
       .endpoint = http::json([&billing](const Request& request, const CouponForm& form) -> Result<CouponView> {
         return validate_coupon(billing, request.caller, form);
       }),
       .statuses = {404, 409, 422},
       .scope = "billing:read"},
      {.method = Method::post,
       .path = "/api/billing/create-checkout-session",
       .operation = "createCheckoutSession",
       .access = Access::member,
       .bucket = Bucket::forms,
       .sentence =
           "Begins to buy a plan or product and answers with the provider's page to pay on. Takes an Idempotency-Key.",
       .endpoint = http::json(
           [&billing](const Request& request, const CheckoutForm& form,
                      http::Answer<http::Enveloped<CheckoutView>> answer) {
             begin_checkout(billing, request, form, answer);
           },
           [&billing](const CheckoutForm& form, FormProblems& problems) { check_pages(billing, form, problems); }),
       .statuses = {202, 404, 409, 422, 503},
       .success = 201,
       .scope = "billing:write"},
      {.method = Method::get,
       .path = "/api/billing/checkout/{id}",
       .operation = "getCheckout",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "Where a checkout of the caller stands.",
       .endpoint = http::json([&billing](const Request& request) -> Result<CheckoutView> {
         return show_checkout(billing, request.caller, CheckoutId(std::string(request.param("id"))));
       }),
       .statuses = {404},
       .scope = "billing:read"},
      {.method = Method::post,
       .path = "/api/billing/checkout/{id}/verify",
       .operation = "verifyCheckout",
       .access = Access::member,
       .bucket = Bucket::forms,
       .sentence = "Asks the payment provider now where an open checkout of the caller stands.",
       .endpoint = http::json([&billing](const Request& request, http::Answer<http::Enveloped<CheckoutView>> answer) {
         verify_checkout(billing, request.caller, CheckoutId(std::string(request.param("id"))),
                         [answer](Result<CheckoutView> view) {
                           if (!view) {
                             answer(std::move(view).error());
                           } else {
                             answer(http::Enveloped<CheckoutView>{.data = std::move(view).value()});
                           }
                         });
       }),
       .statuses = {404},
       .scope = "billing:write"},
      {.method = Method::get,
       .path = "/api/billing/subscription",
       .operation = "getSubscription",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "The caller's current subscription, or null.",
       .endpoint = http::json([&billing](const Request& request) -> Result<std::optional<SubscriptionView>> {
         return show_subscription(billing, request.caller);
       }),
       .scope = "billing:read"},
      {.method = Method::get,
       .path = "/api/subscriptions",
       .operation = "listSubscriptions",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "The caller's subscriptions: the one that runs and those that are over.",
       .endpoint = http::json([&billing](const Request& request) -> Result<SubscriptionsView> {
         return list_subscriptions(billing, request.caller);
       }),
       .scope = "billing:read"},
      {.method = Method::post,
       .path = "/api/billing/cancel-subscription",
       .operation = "cancelSubscription",
       .access = Access::member,
       .bucket = Bucket::forms,
       .sentence = "Ends the caller's subscription with its paid period, or at once.",
       .endpoint = http::json([&billing](const Request& request, const CancelForm& form,
                                         http::Answer<http::Enveloped<CancellationView>> answer) {
         cancel_subscription(billing, request.caller, form,
                             [answer](auto ordered) { tell(answer, std::move(ordered)); });
       }),
       .statuses = {202, 409, 503},
       .scope = "billing:write"},
      {.method = Method::post,
       .path = "/api/billing/resume-subscription",
       .operation = "resumeSubscription",
       .access = Access::member,
       .bucket = Bucket::forms,
       .sentence = "Takes a cancellation back before the period ends, or goes on after a pause.",
       .endpoint =
           http::json([&billing](const Request& request, http::Answer<http::Enveloped<SubscriptionView>> answer) {
             resume_subscription(billing, request.caller, [answer](auto ordered) { tell(answer, std::move(ordered)); });
           }),
       .statuses = {202, 409, 503},
       .scope = "billing:write"},
      {.method = Method::post,
       .path = "/api/billing/pause-subscription",
       .operation = "pauseSubscription",
       .access = Access::member,
       .bucket = Bucket::forms,
       .sentence = "Lets the caller's subscription stand still until it is resumed, where the school allows it.",
       .endpoint =
           http::json([&billing](const Request& request, http::Answer<http::Enveloped<SubscriptionView>> answer) {
             pause_subscription(billing, request.caller, [answer](auto ordered) { tell(answer, std::move(ordered)); });
           }),
       .statuses = {202, 409, 503},
       .scope = "billing:write"},
      {.method = Method::post,
       .path = "/api/subscriptions/preview-change",
       .operation = "previewChange",
       .access = Access::member,
       .bucket = Bucket::forms,
       .sentence = "What a change of the caller's plan would cost, and when it would take place.",
       .endpoint = http::json([&billing](const Request& request, const ChangeForm& form) -> Result<ChangePreview> {
         return preview_change(billing, request.caller, form);
       }),
       .statuses = {404, 409, 422, 503},
       .scope = "billing:read"},
      {.method = Method::post,
       .path = "/api/subscriptions/upgrade",
       .operation = "changePlan",
       .access = Access::member,
       .bucket = Bucket::forms,
       .sentence = "Changes the caller's plan: a step up now, the difference paid first, a step down with the next "
                   "period. Takes an Idempotency-Key.",
       .endpoint = http::json(
           [&billing](const Request& request, const UpgradeForm& form,
                      http::Answer<http::Enveloped<SubscriptionView>> answer) {
             change_plan(billing, request.caller, form, request.header("idempotency-key"),
                         [answer](auto ordered) { tell(answer, std::move(ordered)); });
           },
           [&billing](const UpgradeForm& form, FormProblems& problems) {
             check_proration(form, billing.clock.now(), problems);
           }),
       .statuses = {202, 404, 409, 422, 503},
       .scope = "billing:write"},
      {.method = Method::del,
       .path = "/api/subscriptions/scheduled-change",
       .operation = "keepPlan",
       .access = Access::member,
       .bucket = Bucket::forms,
       .sentence = "Takes a change of plan to come back.",
       .endpoint =
           http::json([&billing](const Request& request, http::Answer<http::Enveloped<SubscriptionView>> answer) {
             keep_plan(billing, request.caller, [answer](auto ordered) { tell(answer, std::move(ordered)); });
           }),
       .statuses = {202, 409, 503},
       .scope = "billing:write"},
      portal(billing, Method::post, "openPortal"),
      portal(billing, Method::get, "getPortal"),
      {.method = Method::get,
       .path = "/api/billing/invoices",
       .operation = "listInvoices",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "The caller's invoices, the newest first.",
       .endpoint =
           http::json([&billing](const Request& request, const OwnInvoicesForm& form) -> Result<Page<InvoiceView>> {
             return list_invoices(billing, request.caller, form);
           }),
       .scope = "billing:read"},
      {.method = Method::get,
       .path = "/api/billing/invoices/{id}",
       .operation = "getInvoice",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "One invoice of the caller, or for administrators of anybody, with its lines.",
       .endpoint = http::json([&billing](const Request& request) -> Result<InvoiceView> {
         return show_invoice(billing, request.caller, InvoiceId(std::string(request.param("id"))));
       }),
       .statuses = {404},
       .scope = "billing:read"},
      {.method = Method::get,
       .path = "/api/billing/details",
       .operation = "getBillingDetails",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "Whom the caller's invoices are made out to.",
       .endpoint = http::json([&billing](const Request& request) -> Result<BillingDetails> {
         return show_details(billing, request.caller);
       }),
       .scope = "billing:read"},
      {.method = Method::put,
       .path = "/api/billing/details",
       .operation = "setBillingDetails",
       .access = Access::member,
       .bucket = Bucket::forms,
       .sentence = "Say whom the caller's invoices are made out to, in place of what was said before.",
       .endpoint = http::json([&billing](const Request& request, const BillingDetails& form) -> Result<BillingDetails> {
         return set_details(billing, request.caller, form);
       }),
       .scope = "billing:write"},
      {.method = Method::get,
       .path = "/api/billing/payments",
       .operation = "listPayments",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "The caller's payments, the newest first.",
       .endpoint =
           http::json([&billing](const Request& request, const OwnPaymentsForm& form) -> Result<Page<PaymentView>> {
             return list_payments(billing, request.caller, form);
           }),
       .scope = "billing:read"},
      webhook(billing, "stripe", "/api/webhooks/stripe", "receiveStripeEvent"),
      webhook(billing, "paystack", "/api/webhooks/paystack", "receivePaystackEvent"),
      webhook(billing, "paystack", "/api/payment/webhook", "receivePayment"),
  };
}

}  // namespace tuition::billing
