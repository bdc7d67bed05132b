#include "billing/payments/payments.h"

#include <algorithm>
#include <set>

#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/checkout.h"
#include "billing/notices.h"
#include "billing/offers/tax.h"
#include "billing/offers/taxes.h"
#include "billing/once.h"
#include "billing/references.h"
#include "billing/store.h"
#include "billing/store_gateways.h"
#include "billing/subscriptions/renewals.h"
#include "platform/base/fields_json.h"
#include "platform/base/short_list.h"
#include "platform/http/json.h"
#include "platform/jobs/once.h"

namespace tuition::billing {
namespace {

constexpr const char* paystack_name = "paystack";
constexpr const char* initiate_route = "initiate-payment";

Error not_set_up() {
  return Error{Kind::not_configured, "NOT_CONFIGURED",
               "This school has not set up payments in this way. Please ask the office."};
}

std::string payload_of(const Asked& asked) { return "{\"id\":\"" + asked.id + "\",\"about\":\"" + asked.about + "\"}"; }

// The order of somebody who is signed in: it opens what it is for.
void initiate_order(Billing& billing, const Caller& caller, const InitiateForm& form, const Currency& currency,
                    std::string_view key, std::function<void(Result<InitiatedView>)> answer) {
  CheckoutForm order;
  order.product = form.product;
  order.currency = currency;
  order.provider = paystack_name;
  start_checkout(billing, caller, order, key, Patience::wait,
                 [&billing, answer = std::move(answer)](Result<StartedCheckout> started) {
                   if (!started) {
                     answer(std::move(started).error());
                     return;
                   }
                   if (!started->view.url) {
                     answer(Error{Kind::provider, "PROVIDER_ERROR",
                                  "The payment provider does not answer. Please try again in a few minutes."});
                     return;
                   }
                   const auto row = billing.db.read([&](ReadTx& tx) { return store::checkout(tx, started->view.id); });
                   answer(InitiatedView{row->reference, *started->view.url});
                 });
}

std::string begin(Billing& billing, WriteTx& tx, const Caller& caller, const InitiateForm& form, const Money& amount) {
  const auto now = billing.clock.now();
  store::BegunPayment payment;
  payment.id = new_id<PaymentTag>(billing.clock, billing.entropy);
  payment.user = caller.user;
  payment.email = form.email;
  payment.provider = paystack_name;
  payment.reference = new_reference("PSK", billing.clock, billing.entropy);
  payment.amount_minor = amount.minor;
  payment.currency = amount.currency;
  if (form.product) payment.product = *form.product;
  if (form.notes && !form.notes->empty()) payment.notes = form.notes;
  if (form.metadata) payment.metadata_json = form.metadata->text;
  store::begin_payment(tx, payment, now);
  audit::record(tx, {.at = now,
                     .actor = caller,
                     .action = "payment.begun",
                     .category = audit::Category::business,
                     .target_type = "payment",
                     .target_id = payment.id.text(),
                     .description = "Began to pay " + to_text(amount) + " (" + payment.reference + ")."});
  return payment.id.text();
}

// The product's price must be what is to be paid.
Result<void> check_price(Billing& billing, const ProductId& id, const Money& amount) {
  return billing.db.read([&](ReadTx& tx) -> Result<void> {
    const auto product = store::product(tx, id);
    if (!product || !product->active) return not_found("That product is not on sale.");
    for (const auto& price : store::prices_of(tx, id))
      if (price.currency == amount.currency) {
        const auto tax = TRY(tax_in(billing, tx, {}));
        const auto due = TRY(taxed({price.amount_minor, price.currency}, tax)).total;
        if (due.minor == amount.minor) return {};
        return unprocessable("That is not what it costs: " + to_text(due) + ".");
      }
    return unprocessable("There is no price in that currency.");
  });
}

void tell_thanks(Billing& billing, WriteTx& tx, const store::BegunPayment& payment) {
  const auto product = store::product(tx, payment.product);
  outreach::Recipient to{.email = payment.email};
  if (!payment.user.empty()) to.user = payment.user;
  const auto buyer = payment.user.empty() ? std::nullopt : billing.buyer(tx, payment.user);
  outreach::enqueue(tx, billing.outreach, to,
                    outreach::PaymentThanks{.name = buyer ? buyer->name : std::string{},
                                            .item_name = product ? product->name : std::string{},
                                            .amount = to_text(Money{payment.amount_minor, payment.currency}),
                                            .paid_on = day_of(billing.clock.now()),
                                            .reference = payment.reference});
}

std::string put_begun(Billing& billing, WriteTx& tx, const store::BegunPayment& payment, const CheckoutState& state) {
  const auto now = billing.clock.now();
  if (!state.paid) {
    if (state.last_try_failed)
      store::note_payment_failure(tx, payment.id, "DECLINED", "The last try did not go through.");
    return {};
  }
  const bool same = state.doubt.empty() && state.total_minor == payment.amount_minor &&
                    state.currency == payment.currency && state.session_id == payment.reference;
  if (!same) {
    if (payment.failure != std::string("another amount or currency was paid")) {
      store::note_payment_failure(tx, payment.id, amount_differs, "another amount or currency was paid");
      audit::record(tx, {.at = now,
                         .action = "billing.amount_differs",
                         .category = audit::Category::security,
                         .severity = audit::Severity::critical,
                         .target_type = "payment",
                         .target_id = payment.id.text(),
                         .description = "What was paid differs from the payment " + payment.reference + "."});
    }
    return "the amount or currency paid is not what was asked for";
  }
  if (!store::payment_succeeds(tx, payment.id, state.payment_id, now)) return {};
  if (payment.status == PaymentStatus::failed || payment.status == PaymentStatus::cancelled)
    audit::record(tx,
                  {.at = now,
                   .action = "payment.late_success",
                   .category = audit::Category::business,
                   .severity = audit::Severity::warning,
                   .target_type = "payment",
                   .target_id = payment.id.text(),
                   .description = "The payment " + payment.reference + " was given up, and went through after all."});
  audit::record(tx, {.at = now,
                     .action = "payment.received",
                     .category = audit::Category::business,
                     .target_type = "payment",
                     .target_id = payment.id.text(),
                     .description = "The payment " + payment.reference + " came in."});
  tell_thanks(billing, tx, payment);
  return {};
}

PaymentStatus status_of(const Checkout& checkout) {
  switch (checkout.status) {
    case CheckoutStatus::completed: return PaymentStatus::success;
    case CheckoutStatus::expired: return PaymentStatus::cancelled;
    case CheckoutStatus::failed: return PaymentStatus::failed;
    case CheckoutStatus::open: return PaymentStatus::pending;
  }
  return PaymentStatus::pending;
}

VerifiedView view_of(const Checkout& checkout) {
  return {checkout.reference, status_of(checkout), total_of(checkout), checkout.currency};
}
VerifiedView view_of(const store::BegunPayment& payment) {
  return {payment.reference, payment.status, payment.amount_minor, payment.currency};
}

bool is_final(PaymentStatus status) { return status != PaymentStatus::pending && status != PaymentStatus::processing; }

// Asks the gateway about a page and applies what it says.
Result<void> ask(Billing& billing, const std::string& provider, const std::string& session) {
  auto* gateway = billing.gateways.named(provider);
  if (!gateway) return not_set_up();
  const auto state = TRY(gateway->fetch_checkout(session));
  billing.db.write([&](WriteTx& tx) { put_checkout(billing, tx, provider, state); });
  return {};
}

}  // namespace

void initiate_payment(Billing& billing, const Caller& caller, const InitiateForm& form, std::string_view key,
                      std::function<void(Result<InitiatedView>)> answer) {
  if (const auto good = jobs::check_key(key); !good) {
    answer(good.error());
    return;
  }
  const auto currency = form.currency.value_or(*Currency::parse("KES"));
  auto* gateway = billing.gateways.named(paystack_name);
  if (!gateway) {
    answer(not_set_up());
    return;
  }
  if (!gateway->takes(currency)) {
    answer(unprocessable("This currency cannot be paid in here."));
    return;
  }
  const auto amount = parse_money(std::to_string(form.amount), currency);
  if (!amount) {
    answer(invalid_field("amount", "is not an amount of that currency"));
    return;
  }
  if (form.product) {
    if (const auto fits = check_price(billing, *form.product, *amount); !fits) {
      answer(fits.error());
      return;
    }
    if (caller.signed_in()) {
      initiate_order(billing, caller, form, currency, key, std::move(answer));
      return;
    }
  }
  jobs::JobId job;
  const auto begun = billing.db.write([&](WriteTx& tx) -> Result<std::string> {
    auto id = TRY(once(tx, {std::string(key), caller.user, initiate_route, to_json(form)}, billing.clock.now(),
                       [&]() -> Result<std::string> { return begin(billing, tx, caller, form, *amount); }));
    // Of one that has its page already this does nothing.
    job = billing.queue.push(tx, {.kind = "billing.initiate_payment",
                                  .payload_json = "{\"id\":\"" + id + "\"}",
                                  .dedupe_key = "initiate-" + id});
    return id;
  });
  if (!begun) {
    answer(begun.error());
    return;
  }
  billing.queue.when_finished(
      job, milliseconds(billing.options.checkout_wait_ms),
      [&billing, id = PaymentId(*begun), answer = std::move(answer)](bool) {
        const auto row = billing.db.read([&](ReadTx& tx) { return store::begun_payment(tx, id); });
        check(row.has_value(), "a payment that was begun is kept");
        if (row->url) {
          answer(InitiatedView{row->reference, *row->url});
        } else if (row->failure_code == "PAYMENT_REJECTED") {
          answer(Error{Kind::rejected, "PAYMENT_REJECTED", "The payment provider refused this payment.",
                       row->failure.value_or("")});
        } else {
          answer(Error{Kind::provider, "PROVIDER_ERROR",
                       "The payment provider does not answer. Please try again in a few minutes.",
                       row->failure.value_or("")});
        }
      });
}

jobs::Outcome open_payment(Billing& billing, const PaymentId& id) {
  const auto payment = billing.db.read([&](ReadTx& tx) { return store::begun_payment(tx, id); });
  if (!payment || payment->url || payment->status != PaymentStatus::pending) return jobs::Outcome::done();
  auto* gateway = billing.gateways.named(payment->provider);
  if (!gateway) return jobs::Outcome::dead("the gateway " + payment->provider + " is no longer configured");
  const auto page = billing.outreach.options.base_url + "/payment/" + payment->reference;
  CheckoutRequest request;
  request.user = payment->user;
  request.email = payment->email;
  request.reference = payment->reference;
  request.total = {payment->amount_minor, payment->currency};
  request.success_url = page;
  request.cancel_url = page;
  const auto prepared = gateway->prepare_checkout(request);
  const auto opened = prepared ? gateway->open_checkout(prepared->body, "payment-" + id.text())
                               : Result<OpenedCheckout>(prepared.error());
  if (!opened) {
    const bool refused = opened.error().kind == Kind::rejected;
    billing.db.write([&](WriteTx& tx) {
      store::note_payment_failure(tx, id, refused ? "PAYMENT_REJECTED" : "PROVIDER_ERROR", opened.error().detail);
      if (refused) store::payment_ends(tx, id, PaymentStatus::failed, billing.clock.now());
    });
    return refused ? jobs::Outcome::dead(opened.error().detail) : jobs::Outcome::later(opened.error().detail);
  }
  billing.db.write([&](WriteTx& tx) {
    store::attach_page(tx, id, opened->url);
    push_verify(billing, tx, {id.text(), "payment"}, billing.clock.now() + minutes(1));
  });
  return jobs::Outcome::done();
}

void give_up_payment(Billing& billing, WriteTx& tx, const PaymentId& id) {
  const auto payment = store::begun_payment(tx, id);
  if (payment && !payment->url) store::payment_ends(tx, id, PaymentStatus::failed, billing.clock.now());
}

void push_verify(Billing& billing, WriteTx& tx, const Asked& asked, Instant at) {
  billing.queue.push(tx, {.kind = "billing.verify_payment",
                          .payload_json = payload_of(asked),
                          .run_at = at,
                          .dedupe_key = "verify-" + asked.id});
}

jobs::JobId push_look(Billing& billing, WriteTx& tx, const Asked& asked) {
  return billing.queue.push(
      tx, {.kind = "billing.look_at_payment", .payload_json = payload_of(asked), .dedupe_key = "look-" + asked.id});
}

jobs::Outcome verify_later(Billing& billing, const Asked& asked) {
  std::string provider;
  std::string session;
  const auto is_over = [&](ReadTx& tx) {
    if (asked.about == "payment") {
      const auto payment = store::begun_payment(tx, PaymentId(asked.id));
      if (!payment || is_final(payment->status)) return true;
      provider = payment->provider;
      session = payment->reference;
      return false;
    }
    const auto checkout = store::checkout(tx, CheckoutId(asked.id));
    // One that has expired here may still be paid there.
    if (!checkout || !checkout->session || checkout->status == CheckoutStatus::completed ||
        checkout->status == CheckoutStatus::failed)
      return true;
    provider = checkout->provider;
    session = *checkout->session;
    return false;
  };
  if (billing.db.read(is_over)) return jobs::Outcome::done();
  if (const auto answered = ask(billing, provider, session); !answered) {
    // Never begun there, so never paid.
    if (answered.error().code == remote_object_missing) return jobs::Outcome::dead(answered.error().detail);
    return jobs::Outcome::later(answered.error().detail);
  }
  return billing.db.read(is_over) ? jobs::Outcome::done() : jobs::Outcome::later("not paid yet");
}

void give_up_verify(Billing& billing, WriteTx& tx, const Asked& asked) {
  if (asked.about == "payment")
    store::payment_ends(tx, PaymentId(asked.id), PaymentStatus::cancelled, billing.clock.now());
}

std::optional<std::string> put_unordered(Billing& billing, WriteTx& tx, const std::string& provider,
                                         const CheckoutState& state) {
  if (auto renewal = put_renewal(billing, tx, state)) return renewal;
  const auto payment = store::payment_by_reference(tx, state.session_id);
  if (!payment || payment->provider != provider) return std::nullopt;
  return put_begun(billing, tx, *payment, state);
}

Result<VerifiedView> verify_payment(Billing& billing, const std::string& reference) {
  const auto look = [&]() -> std::optional<std::pair<VerifiedView, std::string>> {
    return billing.db.read([&](ReadTx& tx) -> std::optional<std::pair<VerifiedView, std::string>> {
      if (const auto id = store::checkout_by_reference(tx, reference)) {
        const auto checkout = store::checkout(tx, *id);
        // Stripe's own events are enough; asking it for everybody who knows a reference is not needed.
        const auto* gateway = billing.gateways.named(checkout->provider);
        const bool ask_it = gateway && !gateway->tells_all() && checkout->session;
        return std::pair{view_of(*checkout), ask_it ? checkout->provider : std::string{}};
      }
      const auto payment = store::payment_by_reference(tx, reference);
      if (!payment) return std::nullopt;
      return std::pair{view_of(*payment), payment->url ? payment->provider : std::string{}};
    });
  };
  auto found = look();
  if (!found) return not_found("There is no payment with this number.");
  if (is_final(found->first.status) || found->second.empty()) return found->first;
  const auto asked = ask(billing, found->second, reference);
  if (!asked && asked.error().code != remote_object_missing) return asked.error();
  return look()->first;
}

http::Routes payment_routes(Billing& billing) {
  using http::Access;
  using http::Bucket;
  using http::Method;
  using http::Request;
  return {
      {.method = Method::post,
       .path = "/api/payment/initiate",
       .operation = "initiatePayment",
       .access = Access::anyone,
       .bucket = Bucket::forms,
       .sentence = "Begins a payment of an amount and answers with the page to pay on. Takes an Idempotency-Key.",
       .endpoint = http::json([&billing](const Request& request, const InitiateForm& form,
                                         http::Answer<http::Enveloped<InitiatedView>> answer) {
         initiate_payment(billing, request.caller, form, request.header("idempotency-key"),
                          [answer](Result<InitiatedView> begun) {
                            if (!begun) {
                              answer(std::move(begun).error());
                            } else {
                              answer(http::Enveloped<InitiatedView>{.data = std::move(begun).value(), .status = 201});
                            }
                          });
       }),
       .statuses = {404, 409, 422, 503},
       .success = 201,
       .scope = "billing:write"},
      {.method = Method::get,
       .path = "/api/payment/verify/{reference}",
       .operation = "verifyPayment",
       .access = Access::anyone,
       .bucket = Bucket::forms,
       .sentence = "Where a payment stands; the provider is asked while it is open.",
       .endpoint = http::json([&billing](const Request& request) -> Result<VerifiedView> {
         return verify_payment(billing, std::string(request.param("reference")));
       }),
       .statuses = {404, 503},
       .scope = "billing:read"},
      {.method = Method::get,
       .path = "/api/billing/methods",
       .operation = "listPaymentMethods",
       .access = Access::anyone,
       .bucket = Bucket::api,
       .sentence = "Who takes payments here, and in which currencies.",
       .endpoint = http::json([&billing](const Request&, const ShortListForm& form) -> Result<Page<MethodView>> {
         std::set<std::string> currencies;
         billing.db.read([&](ReadTx& tx) {
           for (const auto& price : store::prices_on_sale(tx)) currencies.insert(price.currency.code());
         });
         std::vector<MethodView> views;
         for (const auto* gateway : billing.gateways.all) {
           MethodView view{std::string(gateway->name()), {}, {}, {}};
           for (const auto& each : currencies)
             if (gateway->takes(*Currency::parse(each))) view.currencies.push_back(each);
           if (gateway->name() == manual_gateway) {
             view.instructions = billing.options.manual_instructions;
             view.methods = billing.options.manual_methods;
           }
           views.push_back(std::move(view));
         }
         return page_of_all(std::move(views), form, [](const MethodView& each) { return each.provider; });
       }),
       .scope = "billing:read"},
  };
}

}  // namespace tuition::billing
