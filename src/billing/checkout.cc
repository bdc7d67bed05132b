#include "billing/checkout.h"

#include <algorithm>

#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/notices.h"
#include "billing/offers/coupons.h"
#include "billing/offers/offers.h"
#include "billing/offers/tax.h"
#include "billing/offers/taxes.h"
#include "billing/once.h"
#include "billing/payments/payments.h"
#include "billing/references.h"
#include "billing/store.h"
#include "billing/store_gateways.h"
#include "billing/subscriptions/renewals.h"
#include "platform/base/fields_json.h"
#include "platform/base/last_moments.h"
#include "platform/base/text.h"
#include "platform/crypto/hmac.h"
#include "platform/jobs/once.h"

namespace tuition::billing {
namespace {

constexpr const char* checkout_route = "create-checkout-session";
// A page that closes sooner is not given out again.
constexpr Duration page_open_least = minutes(10);

void push_expiry(Billing& billing, WriteTx& tx, const CheckoutId& id) {
  billing.queue.push(tx, {.kind = "billing.expire_checkout",
                          .payload_json = "{\"id\":\"" + id.text() + "\"}",
                          .dedupe_key = "expire-" + id.text()});
}

// Which of the things we remember of the gateway it says are not there.
std::optional<store::Remote> lost_object(const std::string& said, const CheckoutRequest& request) {
  using store::Remote;
  const auto names = [&](std::string_view what) { return contains_ignoring_case(said, what); };
  if (names("customer")) return request.customer_id ? std::optional(Remote::customer) : std::nullopt;
  if (names("tax rate")) return request.tax_rate_id.empty() ? std::nullopt : std::optional(Remote::tax_rate);
  if (names("plan") && !request.plan_id.empty()) return Remote::plan;
  if (names("coupon"))
    return request.coupon && request.coupon->provider_coupon_id ? std::optional(Remote::coupon) : std::nullopt;
  return request.price.provider_price_id ? std::optional(Remote::offer) : std::nullopt;
}

// The whole address of a page of this site, or of one the operator allows.
std::optional<std::string> return_url(const Billing& billing, const std::string& wanted) {
  const auto& site = billing.outreach.options.base_url;
  if (wanted.starts_with("//")) return std::nullopt;
  if (wanted.starts_with('/')) return site + wanted;
  if (wanted == site || wanted.starts_with(site + "/")) return wanted;
  for (const auto& allowed : billing.options.return_urls) {
    if (allowed.empty()) continue;
    if (wanted.starts_with(allowed) &&
        (allowed.ends_with('/') || wanted == allowed || wanted.at(allowed.size()) == '/'))
      return wanted;
  }
  return std::nullopt;
}

FormCheck<CheckoutForm> pages_of(const Billing& billing) {
  return [&billing](const CheckoutForm& form, FormProblems& problems) { check_pages(billing, form, problems); };
}

// The pages to return to.
struct ReturnUrls {
  std::string success{};
  std::string cancel{};
};
Result<ReturnUrls> return_urls(const Billing& billing, const CheckoutForm& form, const CheckoutId& id) {
  TRY(checked<CheckoutForm>(form, pages_of(billing)));
  const auto page = "/app/checkout/" + id.text();
  return ReturnUrls{*return_url(billing, form.success_url.value_or(page + "?result=success")),
                    *return_url(billing, form.cancel_url.value_or(page + "?result=cancel"))};
}

// Whether an open checkout is what this order would make, with a page that stays open long enough to pay on.
bool serves(const Billing& billing, const Checkout& open, const Checkout& wanted, const CheckoutForm& form) {
  const auto urls = return_urls(billing, form, open.id);
  return open.coupon == wanted.coupon && open.trial_days == wanted.trial_days && open.provider == wanted.provider &&
         open.amount_minor == wanted.amount_minor && open.tax == wanted.tax && urls &&
         open.success_url == urls->success && open.cancel_url == urls->cancel && (open.url || !open.error_code) &&
         open.expires_at > billing.clock.now() + page_open_least;
}

Result<Checkout> begin(Billing& billing, WriteTx& tx, const Caller& caller, const CheckoutForm& form) {
  const auto now = billing.clock.now();
  const auto buyer = billing.buyer(tx, caller.user);
  if (!buyer) return not_found("This account no longer exists.");
  const auto chosen = TRY(
      choose_offer(tx, caller.user, {form.plan, form.product, form.interval, form.interval_count, form.currency}, now));
  Gateway* gateway =
      form.provider ? billing.gateways.named(*form.provider) : billing.gateways.taking(chosen.price.currency);
  const bool by_hand = gateway && gateway->name() == manual_gateway;
  if (form.provider && (!gateway || by_hand)) return unprocessable("That payment provider is not available here.");
  if (gateway && !gateway->takes(chosen.price.currency))
    return unprocessable("That payment provider does not take this currency.");
  if (!gateway && !billing.gateways.all.empty()) return unprocessable("No payment provider here takes this currency.");
  if (!gateway)
    return Error{Kind::not_configured, "NOT_CONFIGURED",
                 "This school has not set up payments yet. Please ask the office."};
  std::optional<Coupon> coupon;
  if (form.coupon) coupon = TRY(find_coupon(tx, *form.coupon, now));

  Checkout checkout;
  checkout.id = new_id<CheckoutTag>(billing.clock, billing.entropy);
  checkout.user = caller.user;
  checkout.email = buyer->email;
  checkout.plan = chosen.plan;
  checkout.product = chosen.product;
  checkout.price = chosen.price.id;
  // A trial begins without a payment, which not every gateway can do.
  checkout.trial_days = gateway->service() == Service::billing ? chosen.trial_days : 0;
  if (coupon) checkout.coupon = coupon->id;
  checkout.provider = gateway->name();
  checkout.reference = new_reference(gateway->reference_prefix(), billing.clock, billing.entropy);
  checkout.amount_minor = chosen.price.amount_minor;
  checkout.currency = chosen.price.currency;
  checkout.tax = TRY(tax_of_order(billing, tx, caller.user, chosen.plan, form.country));
  const auto urls = TRY(return_urls(billing, form, checkout.id));
  checkout.success_url = urls.success;
  checkout.cancel_url = urls.cancel;
  checkout.created_at = now;
  checkout.expires_at = now + minutes(billing.options.checkout_minutes);

  // The same order again, from another tab perhaps, gets the same page: two could both be paid.
  const auto open = store::open_checkouts(tx, caller.user);
  for (const auto& each : open)
    if (each.price == checkout.price && serves(billing, each, checkout, form)) return each;
  // One that does not serve any more is closed, which may give a use of the coupon back.
  for (const auto& each : open)
    if (each.price == checkout.price) close_checkout(billing, tx, each);
  if (coupon) {
    const Money amount{checkout.amount_minor, checkout.currency};
    const auto off = try_coupon(tx, *store::coupon(tx, coupon->id),
                                {caller.user, chosen.offer.id, amount, checkout.trial_days}, now);
    checkout.discount_minor = TRY(off).minor;
    if (gateway->service() != Service::billing && checkout.discount_minor == checkout.amount_minor)
      return unprocessable("Nothing would be left to pay, which this payment provider cannot take.");
  }
  const Money price{checkout.amount_minor - checkout.discount_minor, checkout.currency};
  checkout.tax_minor = TRY(taxed(price, checkout.tax)).tax.minor;

  const auto job = billing.queue.push(
      tx, {.kind = "billing.open_checkout", .payload_json = "{\"id\":\"" + checkout.id.text() + "\"}"});
  checkout.job = job.text();
  store::open_checkout(tx, checkout);
  if (coupon)
    check(store::reserve_coupon(tx, new_id<store::CouponRedemptionTag>(billing.clock, billing.entropy), coupon->id,
                                caller.user, checkout.id, now),
          "a coupon that was tried in this transaction has a use left");
  audit::record(tx, {.at = now,
                     .actor = caller,
                     .action = "billing.checkout_started",
                     .category = audit::Category::business,
                     .target_type = "checkout",
                     .target_id = checkout.id.text(),
                     .description = "Began to buy " + chosen.offer.name + "."});
  return checkout;
}

Result<Checkout> order(Billing& billing, const Caller& caller, const CheckoutForm& form, const std::string& key) {
  return billing.db.write([&](WriteTx& tx) -> Result<Checkout> {
    const auto make = [&]() -> Result<std::string> { return TRY(begin(billing, tx, caller, form)).id.text(); };
    const auto id = TRY(once(tx, {key, caller.user, checkout_route, to_json(form)}, billing.clock.now(), make));
    auto ordered = store::checkout_of(tx, CheckoutId(id), caller.user);
    check(ordered.has_value(), "an order that was made is there");
    return *std::move(ordered);
  });
}

// What people are told of a checkout that failed.
std::string failure_sentence(const std::string& code) {
  if (code == "PAYMENT_REJECTED") return "The payment provider refused this order.";
  if (code == second_subscription)
    return "You had a subscription already. This second one has been cancelled, and what was paid for it is sent back "
           "in full.";
  if (code == already_owned) return "You had bought this already. What was paid this second time is sent back in full.";
  if (code == already_paid)
    return "This had been paid already, from another page or from your card. What was paid this second time is sent "
           "back in full.";
  if (code == amount_differs)
    return "What was paid is not what was ordered. Nothing was opened; the school has been told.";
  if (code == "PROVIDER_ERROR")
    return "The payment provider cannot be reached at the moment. Please try again in a few minutes.";
  return "The payment did not go through.";
}

bool opens_now(ReadTx& tx, const Checkout& checkout, Instant now) {
  if (checkout.status != CheckoutStatus::completed) return false;
  if (!checkout.product.empty())
    return entitlements::standing(tx, entitlements::Source::purchase, checkout.id.text(), now).has_value();
  const auto plan = store::plan(tx, checkout.plan);
  const auto subscription = plan ? store::live_subscription(tx, checkout.user, plan->group) : std::nullopt;
  return subscription && subscription->status != SubscriptionStatus::unpaid &&
         subscription->status != SubscriptionStatus::paused;
}

CheckoutView view_of(ReadTx& tx, const Checkout& checkout, Instant now) {
  const auto price = store::price(tx, checkout.price);
  check(price.has_value(), "a checkout has its price");
  CheckoutView view;
  view.id = checkout.id;
  view.status = checkout.status;
  if (checkout.status == CheckoutStatus::open) view.url = checkout.url;
  view.provider = checkout.provider;
  if (const auto plan = store::plan(tx, checkout.plan)) view.plan = PlanRef{plan->id, plan->code, plan->name};
  if (const auto product = store::product(tx, checkout.product))
    view.product = ProductRef{product->id, product->code, product->name};
  view.price = {checkout.amount_minor, checkout.discount_minor, checkout.tax_minor,   total_of(checkout),
                checkout.currency,     price->interval,         price->interval_count};
  view.trial_days = checkout.trial_days;
  if (const auto coupon = store::coupon(tx, checkout.coupon)) view.coupon_code = coupon->code;
  if (checkout.tax) view.tax = view_of(*checkout.tax);
  view.expires_at = checkout.expires_at;
  view.created_at = checkout.created_at;
  view.completed_at = checkout.completed_at;
  view.access_open = opens_now(tx, checkout, now);
  if (checkout.status == CheckoutStatus::failed) {
    const auto code = checkout.error_code.value_or("PAYMENT_FAILED");
    view.failure = CheckoutFailure{code, failure_sentence(code)};
  }
  return view;
}

Result<StartedCheckout> outcome_of(Billing& billing, const CheckoutId& id) {
  return billing.db.read([&](ReadTx& tx) -> Result<StartedCheckout> {
    const auto checkout = store::checkout(tx, id);
    if (!checkout) return not_found("There is no such checkout.");
    // A failure that may pass is still a plain answer for somebody who waits.
    if (checkout->error_code && !checkout->url) {
      const auto& code = *checkout->error_code;
      return Error{code == "PAYMENT_REJECTED" ? Kind::rejected : Kind::provider, code, failure_sentence(code)};
    }
    StartedCheckout started;
    started.view = view_of(tx, *checkout, billing.clock.now());
    started.pending = checkout->status == CheckoutStatus::open && !checkout->url;
    return started;
  });
}

}  // namespace

void check_pages(const Billing& billing, const CheckoutForm& form, FormProblems& problems) {
  const auto check_page = [&](std::string_view field, const std::optional<std::string>& wanted) {
    if (wanted && !return_url(billing, *wanted)) problems.add(field, "must be a page of this site");
  };
  check_page("successUrl", form.success_url);
  check_page("cancelUrl", form.cancel_url);
}

void start_checkout(Billing& billing, const Caller& caller, const CheckoutForm& form, std::string_view idempotency_key,
                    Patience patience, std::function<void(Result<StartedCheckout>)> answer) {
  if (const auto good = jobs::check_key(idempotency_key); !good) {
    answer(good.error());
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
    return view_of(tx, *checkout, billing.clock.now());
  });
}

void verify_checkout(Billing& billing, const Caller& caller, const CheckoutId& id,
                     std::function<void(Result<CheckoutView>)> answer) {
  const auto checkout = billing.db.read([&](ReadTx& tx) { return store::checkout_of(tx, id, caller.user); });
  const bool unknown = checkout && checkout->status == CheckoutStatus::open && checkout->session;
  if (!unknown || !billing.gateways.named(checkout->provider)) {
    answer(show_checkout(billing, caller, id));
    return;
  }
  jobs::JobId job;
  billing.db.write([&](WriteTx& tx) { job = push_look(billing, tx, {id.text(), {}}); });
  billing.queue.when_finished(
      job, milliseconds(billing.options.checkout_wait_ms),
      [&billing, caller, id, answer = std::move(answer)](bool) { answer(show_checkout(billing, caller, id)); });
}

jobs::Outcome open_checkout(Billing& billing, const CheckoutId& id) {
  const auto now = billing.clock.now();
  CheckoutRequest request;
  std::string provider;
  std::string body;
  std::string plan_of_order;
  const bool wanted = billing.db.read([&](ReadTx& tx) {
    const auto checkout = store::checkout(tx, id);
    if (!checkout || checkout->status != CheckoutStatus::open || checkout->url) return false;
    const auto price = store::price(tx, checkout->price);
    check(price.has_value(), "a checkout has its price");
    provider = checkout->provider;
    body = checkout->request_body.value_or("");
    plan_of_order = store::plan_name(*checkout);
    const auto buyer = billing.buyer(tx, checkout->user);
    request = {.id = id,
               .user = checkout->user,
               .email = checkout->email,
               .customer_name = buyer ? buyer->name : std::string{},
               .customer_id = store::customer_id(tx, checkout->user, provider),
               .offer = offer_of(tx, checkout->plan, checkout->product),
               .price = *price,
               .trial_days = checkout->trial_days,
               .coupon = store::coupon(tx, checkout->coupon),
               .reference = checkout->reference,
               .tax = checkout->tax,
               .tax_rate_id = checkout->tax ? store::remote_name(tx, provider, store::Remembered::tax_rate,
                                                                 own_name_of(*checkout->tax))
                                                  .value_or("")
                                            : std::string{},
               .plan_id = store::remote_name(tx, provider, store::Remembered::plan, plan_of_order).value_or(""),
               .total = {total_of(*checkout), checkout->currency},
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
      if (const auto lost = lost_object(error.detail, request)) {
        billing.db.write([&](WriteTx& tx) { store::forget_remote(tx, id, provider, *lost); });
        return jobs::Outcome::later(error.detail);
      }
    }
    // Opened by a try whose answer was lost, and its page with it: nobody has seen that, so another takes its place.
    if (error.code == remote_reference_taken) {
      billing.db.write([&](WriteTx& tx) {
        store::renew_reference(tx, id, new_reference(gateway->reference_prefix(), billing.clock, billing.entropy));
      });
      return jobs::Outcome::later(error.detail);
    }
    const bool final = error.kind == Kind::rejected;
    billing.db.write([&](WriteTx& tx) {
      store::note_checkout_error(tx, id, final ? "PAYMENT_REJECTED" : "PROVIDER_ERROR", error.detail);
      if (final) store::end_checkout(tx, id, CheckoutStatus::failed, now);
      tell_checkout(billing, tx, id);
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
      if (!prepared->customer_id.empty())
        store::remember_customer(tx, request.user, provider, prepared->customer_id, now);
      if (!prepared->product_id.empty()) store::remember_offer(tx, request.offer, prepared->product_id);
      if (!prepared->price_id.empty()) store::remember_price(tx, request.price.id, provider, prepared->price_id);
      if (request.coupon && !prepared->coupon_id.empty())
        store::remember_coupon(tx, request.coupon->id, prepared->coupon_id);
      if (request.tax && !prepared->tax_rate_id.empty())
        store::remember_name(tx, provider, store::Remembered::tax_rate, own_name_of(*request.tax),
                             prepared->tax_rate_id, now);
      if (!prepared->plan_id.empty())
        store::remember_name(tx, provider, store::Remembered::plan, plan_of_order, prepared->plan_id, now);
      store::store_request(tx, id, body);
    });
  }
  may_be_lost("page.asking");
  auto opened = gateway->open_checkout(body, "checkout-" + id.text());
  if (!opened) return failed(opened.error());
  may_be_lost("page.opened");
  billing.db.write([&](WriteTx& tx) {
    store::attach_session(tx, id, opened->session_id, opened->url);
    if (!gateway->tells_all()) push_verify(billing, tx, {id.text(), {}}, billing.clock.now() + minutes(1));
    // It was closed while we asked; its page must not stay open.
    const auto checkout = store::checkout(tx, id);
    if (checkout && checkout->status == CheckoutStatus::expired) push_expiry(billing, tx, id);
    tell_checkout(billing, tx, id);
  });
  return jobs::Outcome::done();
}

void tell_checkout(Billing& billing, WriteTx& tx, const CheckoutId& id) {
  if (const auto checkout = store::checkout(tx, id); checkout && !checkout->user.empty())
    billing.outreach.live.tell(tx, checkout->user, "checkout", CheckoutTold{id, checkout->status});
}

void give_up_checkout(Billing& billing, WriteTx& tx, const CheckoutId& id) {
  const auto checkout = store::checkout(tx, id);
  if (!checkout || checkout->url) return;
  if (!checkout->error_code) store::note_checkout_error(tx, id, "PROVIDER_ERROR", "the job was given up");
  store::end_checkout(tx, id, CheckoutStatus::failed, billing.clock.now());
  tell_checkout(billing, tx, id);
}

void close_checkout(Billing& billing, WriteTx& tx, const Checkout& checkout) {
  if (checkout.session) {
    push_expiry(billing, tx, checkout.id);
  } else {
    store::end_checkout(tx, checkout.id, CheckoutStatus::expired, billing.clock.now());
    tell_checkout(billing, tx, checkout.id);
  }
}

jobs::Outcome expire_checkout(Billing& billing, const CheckoutId& id) {
  const auto checkout = billing.db.read([&](ReadTx& tx) { return store::checkout(tx, id); });
  if (!checkout || !checkout->session || checkout->status == CheckoutStatus::completed) return jobs::Outcome::done();
  auto* gateway = billing.gateways.named(checkout->provider);
  if (!gateway) return jobs::Outcome::dead("the gateway " + checkout->provider + " is no longer configured");
  const auto state = gateway->expire_checkout(*checkout->session);
  if (!state && state.error().code != remote_object_missing) return jobs::Outcome::later(state.error().detail);
  billing.db.write([&](WriteTx& tx) {
    // It may have been paid at the last moment.
    if (state && state->status == CheckoutState::Status::complete) {
      put_checkout(billing, tx, checkout->provider, *state);
    } else {
      store::end_checkout(tx, id, CheckoutStatus::expired, billing.clock.now());
      tell_checkout(billing, tx, id);
    }
  });
  return jobs::Outcome::done();
}

jobs::Outcome sweep_checkouts(Billing& billing) {
  const auto now = billing.clock.now();
  // A while after the page has closed, so that the notice has had its chance.
  billing.db.write([&](WriteTx& tx) { jobs::forget_keys(tx, now - hours(24)); });
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
    billing.db.write([&](WriteTx& tx) {
      if (store::end_checkout(tx, id, CheckoutStatus::expired, now)) tell_checkout(billing, tx, id);
    });
  }
  return unanswered.empty() ? jobs::Outcome::done() : jobs::Outcome::later(unanswered);
}

}  // namespace tuition::billing
