#include "billing/checkout.h"

#include <algorithm>

#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/notices.h"
#include "billing/store.h"
#include "platform/base/fields_json.h"
#include "platform/base/text.h"
#include "platform/crypto/hmac.h"

namespace tuition::billing {
namespace {

constexpr const char* checkout_route = "create-checkout-session";

// STR-<unix ms>-<8 characters>: told to people, so that they can quote it.
std::string new_reference(const Billing& billing) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::uint8_t random[8];
  billing.entropy.fill(random);
  std::string reference = "STR-" + std::to_string(billing.clock.now().ms) + "-";
  for (auto byte : random) reference += alphabet[byte & 31];
  return reference;
}

// A page of this site, or one the operator allows.
Result<std::string> return_url(const Billing& billing, const std::optional<std::string>& wanted,
                               const std::string& field, const std::string& fallback_path) {
  const auto& site = billing.outreach.options.base_url;
  if (!wanted) return site + fallback_path;
  if (wanted->starts_with("//")) return invalid_field(field, "must be a page of this site");
  if (wanted->front() == '/') return site + *wanted;
  if (*wanted == site || wanted->starts_with(site + "/")) return *wanted;
  for (const auto& allowed : billing.options.return_urls) {
    if (allowed.empty()) continue;
    if (wanted->starts_with(allowed) &&
        (allowed.ends_with('/') || *wanted == allowed || wanted->at(allowed.size()) == '/'))
      return *wanted;
  }
  return invalid_field(field, "must be a page of this site");
}

Error with_field(Error error, const FieldProblem& problem) {
  error.fields.push_back(problem);
  return error;
}

Result<Price> choose_price(const std::vector<Price>& prices, const CheckoutForm& form) {
  std::vector<const Price*> fitting;
  for (const auto& price : prices) {
    // A price to be paid once belongs to one-time offers, not to plans that renew.
    if (price.interval == Interval::once) continue;
    if (form.currency && price.currency != *form.currency) continue;
    if (form.interval && price.interval != *form.interval) continue;
    fitting.push_back(&price);
  }
  if (fitting.empty()) return unprocessable("This plan has no price in that currency and interval.");
  // Without a wish: the shortest interval, then the first currency.
  return **std::min_element(fitting.begin(), fitting.end(), [](const Price* a, const Price* b) {
    return std::pair(a->interval, a->currency.code()) < std::pair(b->interval, b->currency.code());
  });
}

std::string body_hash(const CheckoutForm& form) { return to_hex(bytes_of(crypto::sha256(to_json(form)))); }

Result<Checkout> order(Billing& billing, const Caller& caller, const CheckoutForm& form, const std::string& key) {
  return billing.db.write([&](WriteTx& tx) -> Result<Checkout> {
    const auto now = billing.clock.now();
    const auto hash = body_hash(form);
    if (!key.empty()) {
      if (const auto used = store::idempotent_use(tx, key, caller.user, checkout_route)) {
        if (used->body_hash != hash)
          return conflict("IDEMPOTENCY_MISMATCH", "This Idempotency-Key was used for another order.");
        auto first = store::checkout_of(tx, CheckoutId(used->subject_id), caller.user);
        check(first.has_value(), "a remembered key names a checkout");
        return *first;
      }
    }
    const auto buyer = billing.buyer(tx, caller.user);
    if (!buyer) return not_found("This account no longer exists.");
    const auto plan = store::plan(tx, form.plan);
    if (!plan || !plan->active) return not_found("That plan is not on sale.");
    if (store::live_subscription(tx, caller.user, plan->group))
      return conflict("ALREADY_SUBSCRIBED", "You have a subscription already.");
    if (form.coupon) return unprocessable("That coupon is not known or does not apply to this plan.");
    const auto price = TRY(choose_price(store::prices_of(tx, plan->id), form));
    Gateway* gateway = form.provider ? billing.gateways.named(*form.provider)
                                     : (billing.gateways.all.empty() ? nullptr : billing.gateways.all.front());
    if (!gateway && form.provider) return unprocessable("That payment provider is not available here.");
    if (!gateway)
      return Error{Kind::not_configured, "NOT_CONFIGURED",
                   "This school has not set up payments yet. Please ask the office."};
    Checkout checkout;
    checkout.id = new_id<CheckoutTag>(billing.clock, billing.entropy);
    checkout.user = caller.user;
    checkout.email = buyer->email;
    checkout.plan = plan->id;
    checkout.price = price.id;
    checkout.provider = gateway->name();
    checkout.reference = new_reference(billing);
    checkout.amount_minor = price.amount_minor;
    checkout.currency = price.currency;
    const auto page = "/app/checkout/" + checkout.id.text();
    auto success = return_url(billing, form.success_url, "successUrl", page + "?result=success");
    auto cancel = return_url(billing, form.cancel_url, "cancelUrl", page + "?result=cancel");
    // Both are told at once.
    if (!success && !cancel)
      for (const auto& problem : cancel.error().fields) success = with_field(std::move(success).error(), problem);
    checkout.success_url = TRY(std::move(success));
    checkout.cancel_url = TRY(std::move(cancel));
    checkout.created_at = now;
    checkout.expires_at = now + minutes(billing.options.checkout_minutes);
    const auto job = billing.queue.push(
        tx, {.kind = "billing.open_checkout", .payload_json = "{\"id\":\"" + checkout.id.text() + "\"}"});
    checkout.job = job.text();
    store::open_checkout(tx, checkout);
    if (!key.empty()) store::remember_key(tx, key, caller.user, checkout_route, hash, checkout.id.text(), now);
    audit::record(tx, {.at = now,
                       .actor = caller,
                       .action = "billing.checkout_started",
                       .category = audit::Category::business,
                       .target_type = "checkout",
                       .target_id = checkout.id.text(),
                       .description = "Began to buy the plan " + plan->code + "."});
    return checkout;
  });
}

CheckoutView view_of(ReadTx& tx, const Checkout& checkout) {
  const auto plan = store::plan(tx, checkout.plan);
  const auto price = store::price(tx, checkout.price);
  check(plan && price, "a checkout has its plan and price");
  CheckoutView view;
  view.id = checkout.id;
  view.status = checkout.status;
  if (checkout.status == CheckoutStatus::open) view.url = checkout.url;
  view.provider = checkout.provider;
  view.plan = {plan->id, plan->code, plan->name};
  view.price = {checkout.amount_minor, checkout.currency, price->interval};
  view.expires_at = checkout.expires_at;
  view.created_at = checkout.created_at;
  view.completed_at = checkout.completed_at;
  const auto subscription = store::live_subscription(tx, checkout.user, plan->group);
  view.access_open = checkout.status == CheckoutStatus::completed && subscription &&
                     subscription->status != SubscriptionStatus::unpaid &&
                     subscription->status != SubscriptionStatus::paused;
  return view;
}

Result<StartedCheckout> outcome_of(Billing& billing, const CheckoutId& id) {
  return billing.db.read([&](ReadTx& tx) -> Result<StartedCheckout> {
    const auto checkout = store::checkout(tx, id);
    if (!checkout) return not_found("There is no such checkout.");
    // A failure that may pass is still a plain answer for somebody who waits.
    if (checkout->error_code && !checkout->url) {
      const bool refused = *checkout->error_code == "PAYMENT_REJECTED";
      return Error{refused ? Kind::rejected : Kind::provider, *checkout->error_code,
                   refused
                       ? "The payment provider refused this order."
                       : "The payment provider cannot be reached at the moment. Please try again in a few minutes."};
    }
    StartedCheckout started;
    started.view = view_of(tx, *checkout);
    started.pending = checkout->status == CheckoutStatus::open && !checkout->url;
    return started;
  });
}

}  // namespace

void start_checkout(Billing& billing, const Caller& caller, const CheckoutForm& form, std::string_view idempotency_key,
                    Patience patience, std::function<void(Result<StartedCheckout>)> answer) {
  if (idempotency_key.size() > 255) {
    answer(invalid_field("Idempotency-Key", "must be at most 255 characters long"));
    return;
  }
  auto ordered = order(billing, caller, form, std::string(idempotency_key));
  if (!ordered) {
    answer(std::move(ordered).error());
    return;
  }
  const auto& checkout = ordered.value();
  if (checkout.url || checkout.status != CheckoutStatus::open || patience == Patience::answer_at_once ||
      !checkout.job) {
    answer(outcome_of(billing, checkout.id));
    return;
  }
  billing.queue.when_finished(
      jobs::JobId(*checkout.job), milliseconds(billing.options.checkout_wait_ms),
      [&billing, id = checkout.id, answer = std::move(answer)](bool) { answer(outcome_of(billing, id)); });
}

Result<CheckoutView> show_checkout(Billing& billing, const Caller& caller, const CheckoutId& id) {
  return billing.db.read([&](ReadTx& tx) -> Result<CheckoutView> {
    const auto checkout = store::checkout_of(tx, id, caller.user);
    if (!checkout) return not_found("There is no such checkout.");
    return view_of(tx, *checkout);
  });
}

jobs::Outcome open_checkout(Billing& billing, const CheckoutId& id) {
  const auto now = billing.clock.now();
  CheckoutRequest request;
  std::string provider;
  std::string body;
  const bool wanted = billing.db.read([&](ReadTx& tx) {
    const auto checkout = store::checkout(tx, id);
    if (!checkout || checkout->status != CheckoutStatus::open || checkout->url) return false;
    const auto plan = store::plan(tx, checkout->plan);
    const auto price = store::price(tx, checkout->price);
    check(plan && price, "a checkout has its plan and price");
    provider = checkout->provider;
    body = checkout->request_body.value_or("");
    const auto buyer = billing.buyer(tx, checkout->user);
    request = {.id = id,
               .user = checkout->user,
               .email = checkout->email,
               .customer_name = buyer ? buyer->name : std::string{},
               .customer_id = store::customer_id(tx, checkout->user, provider),
               .plan = *plan,
               .price = *price,
               .success_url = checkout->success_url,
               .cancel_url = checkout->cancel_url,
               .expires_at = checkout->expires_at};
    return true;
  });
  if (!wanted) return jobs::Outcome::done();
  auto* gateway = billing.gateways.named(provider);
  if (!gateway) return jobs::Outcome::dead("the gateway " + provider + " is no longer configured");

  const auto failed = [&](const Error& error) {
    // What we remember of the gateway's objects may be gone there: the next try makes it anew.
    if (error.code == remote_object_missing) {
      const bool customer = contains_ignoring_case(error.detail, "customer");
      if (customer ? request.customer_id.has_value() : request.price.provider_price_id.has_value()) {
        billing.db.write([&](WriteTx& tx) {
          store::forget_remote(tx, id, provider, customer ? store::Remote::customer : store::Remote::plan);
        });
        return jobs::Outcome::later(error.detail);
      }
    }
    const bool final = error.kind == Kind::rejected;
    billing.db.write([&](WriteTx& tx) {
      store::note_checkout_error(tx, id, final ? "PAYMENT_REJECTED" : "PROVIDER_ERROR", error.detail);
      if (final) store::end_checkout(tx, id, CheckoutStatus::failed, now);
    });
    // Nobody waits for a page for longer than a few minutes.
    const bool stale =
        billing.clock.now() > request.expires_at - minutes(billing.options.checkout_minutes) + minutes(5);
    if (final || stale) return jobs::Outcome::dead(error.detail);
    return jobs::Outcome::later(error.detail);
  };

  if (body.empty()) {
    auto prepared = gateway->prepare_checkout(request);
    if (!prepared) return failed(prepared.error());
    body = prepared->body;
    billing.db.write([&](WriteTx& tx) {
      store::remember_customer(tx, request.user, provider, prepared->customer_id, now);
      store::remember_product(tx, request.plan.id, prepared->product_id);
      store::remember_price(tx, request.price.id, provider, prepared->price_id);
      store::store_request(tx, id, body);
    });
  }
  auto opened = gateway->open_checkout(body, "checkout-" + id.text());
  if (!opened) return failed(opened.error());
  billing.db.write([&](WriteTx& tx) { store::attach_session(tx, id, opened->session_id, opened->url); });
  return jobs::Outcome::done();
}

jobs::Outcome sweep_checkouts(Billing& billing) {
  const auto now = billing.clock.now();
  // A while after the page has closed, so that the notice has had its chance.
  billing.db.write([&](WriteTx& tx) { store::forget_keys(tx, now - hours(24)); });
  const auto overdue = billing.db.read([&](ReadTx& tx) { return store::overdue_checkouts(tx, now - minutes(10)); });
  std::string unanswered;
  for (const auto& id : overdue) {
    const auto checkout = billing.db.read([&](ReadTx& tx) { return store::checkout(tx, id); });
    auto* gateway = checkout ? billing.gateways.named(checkout->provider) : nullptr;
    if (gateway && checkout->session) {
      const auto state = gateway->fetch_checkout(*checkout->session);
      if (!state && state.error().kind == Kind::provider) {
        unanswered = state.error().detail;
        continue;
      }
      // One that the gateway does not know can never be paid.
      if (state) billing.db.write([&](WriteTx& tx) { put_checkout(billing, tx, checkout->provider, *state); });
    }
    billing.db.write([&](WriteTx& tx) { store::end_checkout(tx, id, CheckoutStatus::expired, now); });
  }
  return unanswered.empty() ? jobs::Outcome::done() : jobs::Outcome::later(unanswered);
}

}  // namespace tuition::billing
