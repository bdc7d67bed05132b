#include "billing/payments/refunds.h"

#include <algorithm>

#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/invoices/documents.h"
#include "billing/offers/tax.h"
#include "billing/once.h"
#include "billing/orders.h"
#include "billing/pages.h"
#include "billing/payments/refund_rules.h"
#include "billing/payments/store_refunds.h"
#include "billing/payments/told.h"
#include "billing/store.h"
#include "platform/base/fields_json.h"
#include "platform/crypto/hmac.h"
#include "platform/http/json.h"
#include "platform/jobs/once.h"

namespace tuition::billing {
namespace {

constexpr const char* refund_route = "refund";
constexpr Duration access_end_most = days(3660);

Error no_such_payment() { return not_found("There is no such payment."); }

RefundView view_of(const store::RefundRow& row) {
  return {row.id,     row.payment, row.reference,      row.provider, row.amount_minor, row.currency,   row.tax_minor,
          row.reason, row.access,  row.access_ends_at, row.status,   row.error,        row.created_at, row.done_at};
}

AdminPaymentView view_of(const store::PaymentCase& row) {
  AdminPaymentView view;
  view.id = row.id;
  view.reference = row.reference;
  view.status = row.status;
  view.provider = row.provider;
  view.item_name = row.item_name;
  view.email = row.email;
  if (!row.user.empty()) view.user = row.user;
  view.amount_minor = row.amount_minor;
  view.refunded_minor = row.refunded_minor;
  view.currency = row.currency;
  if (!row.invoice.empty()) view.invoice = row.invoice;
  view.paid_at = row.paid_at;
  view.created_at = row.created_at;
  view.test = row.test;
  return view;
}

Refundable refundable_of(ReadTx& tx, const store::PaymentCase& payment) {
  Refundable refundable{payment.amount_minor, payment.refunded_minor, {}};
  if (!payment.invoice.empty())
    for (const auto& line : store::lines_of(tx, payment.invoice)) refundable.lines.push_back(line.amount_minor);
  std::int64_t added = 0;
  for (const auto& each : store::taxes_of(tx, payment.invoice))
    if (!each.tax.inclusive) added += each.tax_minor;
  refundable.lines = with_tax_added(refundable.lines, added);
  return refundable;
}

// The tax in what goes back, after what went back before.
std::int64_t tax_going_back(ReadTx& tx, const store::PaymentCase& payment, std::int64_t amount_minor) {
  std::int64_t tax = 0;
  for (const auto& each : store::taxes_of(tx, payment.invoice)) tax += each.tax_minor;
  const auto share = tax_sent_back({payment.amount_minor, payment.currency}, tax, payment.refunded_minor, amount_minor);
  check(share.ok(), "a part of a payment has a share of its tax");
  return *share;
}

// Where a payment and its invoice stand after what is in the books now.
void settle(WriteTx& tx, const PaymentId& id, Instant now) {
  const auto payment = store::payment_case(tx, id);
  const auto disputes = store::disputes_of(tx, id);
  const bool disputed = std::any_of(disputes.begin(), disputes.end(), [](const auto& each) {
    return each.status == DisputeStatus::open || each.status == DisputeStatus::lost;
  });
  store::set_payment_status(tx, id, standing_of(payment->amount_minor, payment->refunded_minor, disputed), now);
  if (!payment->invoice.empty() && payment->refunded_minor > 0)
    store::set_invoice_refunded(tx, payment->invoice, payment->refunded_minor >= payment->amount_minor);
}

// The source of what a payment opened, where it was bought once.
struct Opened {
  entitlements::Source source = entitlements::Source::purchase;
  std::string id{};
};
std::optional<Opened> opened_by(const store::PaymentCase& payment) {
  if (!payment.subscription.empty()) return std::nullopt;
  if (!payment.checkout.empty()) return Opened{entitlements::Source::purchase, payment.checkout.text()};
  return Opened{entitlements::Source::manual, payment.id.text()};
}

void end_access(Billing& billing, WriteTx& tx, const store::PaymentCase& payment, AccessPolicy policy,
                const std::optional<Instant>& at) {
  if (policy == AccessPolicy::keep) return;
  if (const auto opened = opened_by(payment)) {
    if (policy == AccessPolicy::end_now) {
      entitlements::revoke(billing.entitlements, tx, opened->source, opened->id, "the payment was refunded");
    } else {
      entitlements::end_at(billing.entitlements, tx, opened->source, opened->id, *at);
    }
    return;
  }
  const auto subscription = store::subscription(tx, payment.subscription);
  const auto current = store::current_subscription(tx, payment.user);
  if (!subscription || !current || current->id != subscription->id) return;
  const auto ended = end_for_removal(billing, tx, payment.user);
  // Another order is on its way there; whoever gave it decides.
  if (!ended)
    audit::record(tx, {.at = billing.clock.now(),
                       .action = "payment.access_not_ended",
                       .category = audit::Category::business,
                       .severity = audit::Severity::warning,
                       .target_type = "payment",
                       .target_id = payment.id.text(),
                       .description = "A refund was to end the subscription, which could not be ordered now."});
}

void tell_refunded(Billing& billing, WriteTx& tx, const store::PaymentCase& payment, const Money& amount) {
  const auto buyer = payment.user.empty() ? std::nullopt : billing.buyer(tx, payment.user);
  outreach::Recipient to{.email = buyer ? buyer->email : payment.email};
  if (!payment.user.empty()) to.user = payment.user;
  outreach::enqueue(
      tx, billing.outreach, to,
      outreach::PaymentRefunded{
          .name = buyer ? buyer->name : std::string{}, .plan_name = payment.item_name, .amount = to_text(amount)});
}

// A refund has reached the gateway: the books, access, the mail.
void refund_begun(Billing& billing, WriteTx& tx, const store::PaymentCase& payment, AccessPolicy policy,
                  const std::optional<Instant>& ends_at, const Money& amount) {
  const auto now = billing.clock.now();
  settle(tx, payment.id, now);
  end_access(billing, tx, payment, policy, ends_at);
  tell_refunded(billing, tx, payment, amount);
  audit::record(tx, {.at = now,
                     .action = "payment.refunded",
                     .category = audit::Category::business,
                     .target_type = "payment",
                     .target_id = payment.id.text(),
                     .description = to_text(amount) + " of the payment " + payment.reference + " goes back."});
}

// One that had been sent failed after all: the money is with the school again.
void refund_undone(Billing& billing, WriteTx& tx, const store::PaymentCase& payment, const store::RefundRow& refund) {
  const auto now = billing.clock.now();
  settle(tx, payment.id, now);
  if (refund.access == AccessPolicy::end_now)
    if (const auto opened = opened_by(payment))
      entitlements::restore(billing.entitlements, tx, opened->source, opened->id);
  audit::record(tx, {.at = now,
                     .action = "payment.refund_failed",
                     .category = audit::Category::business,
                     .severity = audit::Severity::critical,
                     .target_type = "payment",
                     .target_id = payment.id.text(),
                     .description = "The refund of " + to_text(Money{refund.amount_minor, refund.currency}) +
                                    " of the payment " + payment.reference + " failed; the money is not sent back."});
}

void put_refund_state(Billing& billing, WriteTx& tx, const store::PaymentCase& payment, const RefundState& state) {
  const auto now = billing.clock.now();
  auto known = store::refund_at_provider(tx, payment.provider, state.id);
  if (!known && state.key.starts_with("refund:")) {
    known = store::refund(tx, RefundId(state.key.substr(7)));
    if (known && known->payment != payment.id) known.reset();
  }
  const bool fails = state.status == RefundStatus::failed || state.status == RefundStatus::cancelled;
  const Money amount{state.amount_minor, state.currency};
  if (!known) {
    // Sent back at the gateway's own page.
    if (fails) return;
    const Refundable refundable{payment.amount_minor, payment.refunded_minor, {}};
    store::NewRefund made;
    made.id = new_id<RefundTag>(billing.clock, billing.entropy);
    made.payment = payment.id;
    made.provider = payment.provider;
    made.provider_id = state.id;
    made.amount_minor = state.amount_minor;
    made.tax_minor = tax_going_back(tx, payment, state.amount_minor);
    made.currency = state.currency;
    made.reason = "Sent back at the provider.";
    made.access = usual_policy(refundable, state.amount_minor, payment.subscription.empty());
    made.status = state.status;
    store::add_refund(tx, made, now);
    if (state.status != RefundStatus::pending) store::note_refund(tx, made.id, state.id, state.status, now);
    refund_begun(billing, tx, payment, made.access, {}, amount);
    if (state.status == RefundStatus::succeeded) issue_credit_note(billing, tx, made.id);
    return;
  }
  const bool unsent = known->provider_id == store::unsent_name(known->id);
  const bool was_on = known->status == RefundStatus::pending || known->status == RefundStatus::succeeded;
  if (!unsent && known->status == state.status) return;
  // What has failed stays so; an older snapshot does not revive it.
  if (!was_on) return;
  if (!unsent && known->status == RefundStatus::succeeded && state.status == RefundStatus::pending) return;
  store::note_refund(tx, known->id, state.id, state.status, now);
  if (unsent && !fails) refund_begun(billing, tx, payment, known->access, known->access_ends_at, amount);
  if (fails && !unsent) refund_undone(billing, tx, payment, *known);
  if (fails) withdraw_credit_note(billing, tx, known->id);
  if (state.status == RefundStatus::succeeded) issue_credit_note(billing, tx, known->id);
}

void put_dispute_state(Billing& billing, WriteTx& tx, const store::PaymentCase& payment, const DisputeState& state) {
  const auto now = billing.clock.now();
  const auto known = store::dispute_at_provider(tx, payment.provider, state.id);
  // Won and lost are where it ends.
  if (known &&
      (known->status == state.status || known->status == DisputeStatus::won || known->status == DisputeStatus::lost))
    return;
  store::put_dispute(tx, known ? known->id : new_id<DisputeTag>(billing.clock, billing.entropy), payment.id,
                     payment.provider, state, now);
  settle(tx, payment.id, now);
  const auto opened = opened_by(payment);
  if (opened && billing.options.dispute_access == "suspend") {
    if (state.status == DisputeStatus::open || state.status == DisputeStatus::lost)
      entitlements::revoke(billing.entitlements, tx, opened->source, opened->id, "the payment is disputed");
    if (state.status == DisputeStatus::won) entitlements::restore(billing.entitlements, tx, opened->source, opened->id);
  }
  const bool bad = state.status == DisputeStatus::open || state.status == DisputeStatus::lost;
  audit::record(tx, {.at = now,
                     .action = "payment.dispute_" + std::string(name_of(state.status)),
                     .category = audit::Category::business,
                     .severity = bad ? audit::Severity::critical : audit::Severity::warning,
                     .target_type = "payment",
                     .target_id = payment.id.text(),
                     .description = "The buyer's bank doubts the payment " + payment.reference + " (" +
                                    std::string(name_of(state.status)) + ")."});
}

Result<store::RefundRow> place(Billing& billing, WriteTx& tx, const Caller& caller, const PaymentId& id,
                               const RefundForm& form) {
  const auto now = billing.clock.now();
  const auto payment = store::payment_case(tx, id);
  if (!payment) return no_such_payment();
  switch (payment->status) {
    case PaymentStatus::success:
    case PaymentStatus::partially_refunded:
    case PaymentStatus::refunded: break;
    case PaymentStatus::disputed:
      return conflict("CONFLICT", "This payment is disputed: the bank decides where the money goes.");
    case PaymentStatus::pending:
    case PaymentStatus::processing:
    case PaymentStatus::failed:
    case PaymentStatus::cancelled: return conflict("CONFLICT", "This payment has not gone through.");
  }
  if (!billing.gateways.named(payment->provider))
    return Error{Kind::not_configured, "NOT_CONFIGURED", "The payment's provider is not set up here any more."};
  const auto refundable = refundable_of(tx, *payment);
  std::vector<RefundLine> lines;
  for (const auto& each : form.lines) lines.push_back({each.position, each.amount_minor});
  store::NewRefund refund;
  refund.amount_minor = TRY(refund_amount(refundable, form.amount_minor, lines));
  refund.tax_minor = tax_going_back(tx, *payment, refund.amount_minor);
  const bool purchase = payment->subscription.empty();
  refund.access = form.access.value_or(usual_policy(refundable, refund.amount_minor, purchase));
  if (refund.access == AccessPolicy::end_at) {
    if (!form.access_ends_at) return invalid_field("accessEndsAt", "is required for end_at");
    if (*form.access_ends_at <= now || *form.access_ends_at > now + access_end_most)
      return invalid_field("accessEndsAt", "must be in the future, within ten years");
    if (!purchase) return unprocessable("A subscription ends now or with its period: cancel it instead.");
    refund.access_ends_at = form.access_ends_at;
  } else if (form.access_ends_at) {
    return invalid_field("accessEndsAt", "is for access end_at only");
  }
  refund.id = new_id<RefundTag>(billing.clock, billing.entropy);
  refund.payment = id;
  refund.provider = payment->provider;
  refund.provider_id = store::unsent_name(refund.id);
  refund.currency = payment->currency;
  refund.reason = form.reason;
  refund.lines_json = to_json(form.lines);
  refund.actor = caller.user;
  refund.job =
      billing.queue.push(tx, {.kind = "billing.refund", .payload_json = "{\"id\":\"" + refund.id.text() + "\"}"})
          .text();
  store::add_refund(tx, refund, now);
  audit::record(tx, {.at = now,
                     .actor = caller,
                     .action = "payment.refund_asked",
                     .category = audit::Category::business,
                     .target_type = "payment",
                     .target_id = id.text(),
                     .description = "Asked to send back " + to_text(Money{refund.amount_minor, refund.currency}) +
                                    " of the payment " + payment->reference +
                                    "; access: " + std::string(name_of(refund.access)) + "."});
  return *store::refund(tx, refund.id);
}

Result<store::RefundRow> place_once(Billing& billing, const Caller& caller, const PaymentId& id, const RefundForm& form,
                                    const std::string& key) {
  return billing.db.write([&](WriteTx& tx) -> Result<store::RefundRow> {
    const auto make = [&]() -> Result<std::string> { return TRY(place(billing, tx, caller, id, form)).id.text(); };
    const auto made =
        TRY(once(tx, {key, caller.user, refund_route, id.text() + to_json(form)}, billing.clock.now(), make));
    return *store::refund(tx, RefundId(made));
  });
}

Result<StartedRefund> outcome_of(Billing& billing, const RefundId& id) {
  const auto row = billing.db.read([&](ReadTx& tx) { return store::refund(tx, id); });
  check(row.has_value(), "refunds are kept");
  if (row->status == RefundStatus::failed)
    return Error{Kind::rejected, "PAYMENT_REJECTED", "The payment provider refused this refund. Nothing was sent back.",
                 row->error.value_or("")};
  const bool unsent = row->provider_id == store::unsent_name(id);
  if (unsent && row->error)
    return Error{Kind::provider, "PROVIDER_ERROR",
                 "The payment provider does not answer. The refund is kept and will be tried again.", *row->error};
  auto view = view_of(*row);
  return StartedRefund{std::move(view), unsent};
}

}  // namespace

void refund_payment(Billing& billing, const Caller& caller, const PaymentId& id, const RefundForm& form,
                    std::string_view idempotency_key, std::function<void(Result<StartedRefund>)> answer) {
  if (const auto good = jobs::check_key(idempotency_key); !good) {
    answer(good.error());
    return;
  }
  const auto placed = place_once(billing, caller, id, form, std::string(idempotency_key));
  if (!placed) {
    answer(placed.error());
    return;
  }
  billing.queue.when_finished(
      jobs::JobId(*placed->job), milliseconds(billing.options.checkout_wait_ms),
      [&billing, refund = placed->id, answer = std::move(answer)](bool) { answer(outcome_of(billing, refund)); });
}

jobs::Outcome carry_out_refund(Billing& billing, const RefundId& id) {
  std::optional<store::RefundRow> refund;
  std::optional<store::PaymentCase> payment;
  billing.db.read([&](ReadTx& tx) {
    refund = store::refund(tx, id);
    if (refund) payment = store::payment_case(tx, refund->payment);
  });
  if (!refund || refund->status != RefundStatus::pending || refund->provider_id != store::unsent_name(id))
    return jobs::Outcome::done();
  auto* gateway = billing.gateways.named(payment->provider);
  if (!gateway) return jobs::Outcome::later("the gateway " + payment->provider + " is not configured");
  const auto state = gateway->refund_payment({.payment_id = payment->provider_payment_id,
                                              .amount_minor = refund->amount_minor,
                                              .currency = refund->currency,
                                              .reason = "requested_by_customer",
                                              .key = "refund:" + id.text()});
  if (!state && state.error().kind != Kind::rejected) {
    billing.db.write([&](WriteTx& tx) { store::note_refund_error(tx, id, state.error().detail); });
    return jobs::Outcome::later(state.error().detail);
  }
  billing.db.write([&](WriteTx& tx) {
    if (state) {
      auto named = *state;
      named.key = "refund:" + id.text();
      put_refund_state(billing, tx, *store::payment_case(tx, payment->id), named);
    } else {
      give_up_refund(billing, tx, id, state.error().detail);
    }
  });
  return jobs::Outcome::done();
}

void give_up_refund(Billing& billing, WriteTx& tx, const RefundId& id, std::string_view reason) {
  const auto now = billing.clock.now();
  store::note_refund(tx, id, store::unsent_name(id), RefundStatus::failed, now);
  store::note_refund_error(tx, id, std::string(reason));
  const auto refund = store::refund(tx, id);
  audit::record(tx, {.at = now,
                     .action = "payment.refund_refused",
                     .category = audit::Category::business,
                     .severity = audit::Severity::warning,
                     .target_type = "payment",
                     .target_id = refund->payment.text(),
                     .description = "The refund of " + to_text(Money{refund->amount_minor, refund->currency}) +
                                    " could not be made."});
}

std::string put_payment_state(Billing& billing, WriteTx& tx, const std::string& provider, const PaymentState& state) {
  const auto first = store::payment_case_at_provider(tx, provider, state.payment_id);
  if (!first) return "this payment is not in our books";
  for (const auto& each : state.refunds) put_refund_state(billing, tx, *store::payment_case(tx, first->id), each);
  for (const auto& each : state.disputes) put_dispute_state(billing, tx, *store::payment_case(tx, first->id), each);
  return {};
}

jobs::Outcome sweep_refunds(Billing& billing) {
  const auto waiting =
      billing.db.read([&](ReadTx& tx) { return store::refunds_on_their_way(tx, billing.clock.now() - minutes(10)); });
  std::string unanswered;
  for (const auto& each : waiting) {
    auto* gateway = billing.gateways.named(each.provider);
    if (!gateway || each.provider_id == store::unsent_name(each.id)) continue;
    const auto payment = billing.db.read([&](ReadTx& tx) { return store::payment_case(tx, each.payment); });
    const auto state = gateway->fetch_payment(payment->provider_payment_id);
    if (!state) {
      unanswered = state.error().detail;
      continue;
    }
    billing.db.write([&](WriteTx& tx) { put_payment_state(billing, tx, each.provider, *state); });
  }
  return unanswered.empty() ? jobs::Outcome::done() : jobs::Outcome::later(unanswered);
}

Result<Page<AdminPaymentView>> list_all_payments(Billing& billing, const Caller& caller, const AllPaymentsForm& form) {
  return billing.db.read([&](ReadTx& tx) {
    return page_by_id<AdminPaymentView, PaymentId>(
        form.limit, form.cursor,
        [&](const PaymentId& after, std::int64_t limit) {
          return store::payment_cases(tx, caller, {form.status, form.provider, form.text, form.tests.value_or(false)},
                                      after, limit);
        },
        [](const store::PaymentCase& row) { return view_of(row); });
  });
}

Result<Page<RefundView>> list_refunds(Billing& billing, const Caller& caller, const RefundsForm& form) {
  return billing.db.read([&](ReadTx& tx) {
    return page_by_id<RefundView, RefundId>(
        form.limit, form.cursor,
        [&](const RefundId& after, std::int64_t limit) {
          return store::refunds(tx, caller, form.tests.value_or(false), after, limit);
        },
        [](const store::RefundRow& row) { return view_of(row); });
  });
}

Result<PaymentCaseView> show_payment(Billing& billing, const Caller& caller, const PaymentId& id) {
  if (!caller.is_admin()) return no_such_payment();
  return billing.db.read([&](ReadTx& tx) -> Result<PaymentCaseView> {
    const auto payment = store::payment_case(tx, id);
    if (!payment) return no_such_payment();
    PaymentCaseView view;
    view.payment = view_of(*payment);
    const bool paid = payment->status == PaymentStatus::success || payment->status == PaymentStatus::partially_refunded;
    if (paid) view.refundable_minor = payment->amount_minor - payment->refunded_minor;
    if (!payment->invoice.empty()) {
      std::int64_t position = 0;
      for (const auto& line : store::lines_of(tx, payment->invoice))
        view.lines.push_back({position++, line.description, line.amount_minor});
    }
    const auto amount = to_text(Money{payment->amount_minor, payment->currency});
    view.timeline.push_back({payment->created_at, "payment", "The payment of " + amount + " was begun."});
    if (payment->paid_at) view.timeline.push_back({*payment->paid_at, "payment", amount + " came in."});
    for (const auto& each : store::refunds_of(tx, id)) {
      view.refunds.push_back(view_of(each));
      const auto sum = to_text(Money{each.amount_minor, each.currency});
      view.timeline.push_back({each.created_at, "refund", "A refund of " + sum + " was asked for: " + each.reason});
      if (each.done_at)
        view.timeline.push_back(
            {*each.done_at, "refund",
             each.status == RefundStatus::succeeded ? sum + " was sent back." : "The refund of " + sum + " failed."});
    }
    for (const auto& each : store::disputes_of(tx, id)) {
      view.disputes.push_back(
          {each.id, each.amount_minor, each.currency, each.reason, each.status, each.created_at, each.closed_at});
      view.timeline.push_back({each.created_at, "dispute", "The buyer's bank doubted the payment."});
      if (each.closed_at)
        view.timeline.push_back({*each.closed_at, "dispute",
                                 each.status == DisputeStatus::won ? "The dispute was won." : "The dispute was lost."});
    }
    const auto* gateway = billing.gateways.named(payment->provider);
    const auto told_by = gateway ? gateway->label() : std::string_view("The payment provider");
    for (const auto& each : store::events_about(tx, *payment))
      view.timeline.push_back({each.at, "event", told_sentence(told_by, each.event_type, each.status)});
    std::stable_sort(view.timeline.begin(), view.timeline.end(),
                     [](const auto& one, const auto& other) { return one.at < other.at; });
    return view;
  });
}

http::Routes refund_routes(Billing& billing) {
  using http::Access;
  using http::Bucket;
  using http::Method;
  using http::Request;
  const auto payment_in = [](const Request& request) { return PaymentId(std::string(request.param("id"))); };
  return {
      {.method = Method::get,
       .path = "/api/admin/payments",
       .operation = "listAllPayments",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Everybody's payments, the newest first.",
       .endpoint = http::json(
           [&billing](const Request& request, const AllPaymentsForm& form) -> Result<Page<AdminPaymentView>> {
             return list_all_payments(billing, request.caller, form);
           }),
       .alias = "/admin/payments",
       .scope = "billing:read"},
      {.method = Method::get,
       .path = "/api/admin/payments/{id}",
       .operation = "getPayment",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "One payment with its refunds, disputes and everything that happened to it.",
       .endpoint = http::json([&billing, payment_in](const Request& request) -> Result<PaymentCaseView> {
         return show_payment(billing, request.caller, payment_in(request));
       }),
       .statuses = {404},
       .alias = "/admin/payments/{id}",
       .scope = "billing:read"},
      {.method = Method::post,
       .path = "/api/admin/payments/{id}/refund",
       .operation = "refundPayment",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Send a payment back, whole or in part. Takes an Idempotency-Key.",
       .endpoint = http::json([&billing, payment_in](const Request& request, const RefundForm& form,
                                                     http::Answer<http::Enveloped<RefundView>> answer) {
         refund_payment(billing, request.caller, payment_in(request), form, request.header("idempotency-key"),
                        [answer](Result<StartedRefund> started) {
                          if (!started) {
                            answer(std::move(started).error());
                            return;
                          }
                          http::Enveloped<RefundView> reply{.data = std::move(started->view)};
                          reply.status = started->pending ? 202 : 201;
                          if (started->pending)
                            reply.message =
                                "The payment provider is slow to answer. It will be sent as soon as it does.";
                          answer(std::move(reply));
                        });
       }),
       .statuses = {202, 404, 409, 422, 503},
       .alias = "/admin/payments/{id}/refund",
       .success = 201,
       .scope = "billing:write"},
      {.method = Method::get,
       .path = "/api/admin/refunds",
       .operation = "listRefunds",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "What has gone back, the newest first.",
       .endpoint = http::json([&billing](const Request& request, const RefundsForm& form) -> Result<Page<RefundView>> {
         return list_refunds(billing, request.caller, form);
       }),
       .alias = "/admin/refunds",
       .scope = "billing:read"},
  };
}

}  // namespace tuition::billing
