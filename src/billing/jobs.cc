#include "billing/billing.h"
#include "billing/checkout.h"
#include "billing/inbox/inbox.h"
#include "billing/notices.h"
#include "billing/orders.h"
#include "billing/payments/payments.h"
#include "billing/payments/refunds.h"
#include "billing/reminders.h"
#include "billing/subscriptions/renewals.h"
#include "billing/subscriptions/undo.h"
#include "platform/base/fields_json.h"

namespace tuition::billing {
namespace {

struct Payload {
  std::string id{};
  std::string about{};
};
constexpr auto fields_of(const Payload*) {
  return table("Payload", field("id", &Payload::id, "The row it is about."),
               field("about", &Payload::about, "What an event is about."));
}

Payload payload_of(const jobs::Job& job) {
  auto payload = decode_json<Payload>(job.payload_json, Unknown::ignored);
  check(payload.ok(), "a job's payload is what was pushed");
  return std::move(payload).value();
}

Asked asked_of(const jobs::Job& job) {
  auto payload = payload_of(job);
  return {std::move(payload.id), std::move(payload.about)};
}

Notice::About about_of(const std::string& name) {
  if (name == "checkout") return Notice::About::checkout;
  if (name == "subscription") return Notice::About::subscription;
  if (name == "invoice") return Notice::About::invoice;
  if (name == "payment") return Notice::About::payment;
  if (name == "offer") return Notice::About::offer;
  return Notice::About::nothing_we_handle;
}

}  // namespace

jobs::JobKinds job_kinds(Billing& billing) {
  return {
      {.name = "billing.open_checkout",
       .sentence = "Asks the payment provider for a page to pay on.",
       .run = [&billing](const jobs::Job& job) { return open_checkout(billing, CheckoutId(payload_of(job).id)); },
       .attempts_max = 6,
       .backoff_first = seconds(1),
       .backoff_max = minutes(2),
       .given_up = [&billing](WriteTx& tx, const jobs::Job& job,
                              std::string_view) { give_up_checkout(billing, tx, CheckoutId(payload_of(job).id)); }},
      {.name = "billing.expire_checkout",
       .sentence = "Closes a page to pay on that is not wanted any more.",
       .run = [&billing](const jobs::Job& job) { return expire_checkout(billing, CheckoutId(payload_of(job).id)); },
       .attempts_max = 8,
       .backoff_first = seconds(1),
       .backoff_max = minutes(10)},
      {.name = "billing.undo_subscription",
       .sentence = "Cancels a subscription paid beside a live one at its provider and sends the money back.",
       .run =
           [&billing](const jobs::Job& job) { return undo_subscription(billing, SubscriptionId(payload_of(job).id)); },
       .attempts_max = 30,
       .at_once_max = 1},
      {.name = "billing.undo_purchase",
       .sentence = "Sends back what was paid for something the buyer owned already.",
       .run = [&billing](const jobs::Job& job) { return undo_purchase(billing, CheckoutId(payload_of(job).id)); },
       .attempts_max = 30},
      {.name = "billing.undo_payment",
       .sentence = "Sends back what was paid for a period that had been paid already.",
       .run = [&billing](const jobs::Job& job) { return undo_payment(billing, PaymentId(payload_of(job).id)); },
       .attempts_max = 30},
      {.name = "billing.reconcile",
       .sentence = "Compares our books with the payment providers'.",
       .run =
           [&billing](const jobs::Job& job) {
             const auto run = reconcile(billing, payload_of(job).id);
             return run ? jobs::Outcome::done() : jobs::Outcome::dead(run.error().safe);
           },
       .at_once_max = 1,
       .lease = minutes(10)},
      {.name = "billing.initiate_payment",
       .sentence = "Asks the payment provider for a page to pay an amount on.",
       .run = [&billing](const jobs::Job& job) { return open_payment(billing, PaymentId(payload_of(job).id)); },
       .attempts_max = 6,
       .backoff_first = seconds(1),
       .backoff_max = minutes(2),
       .given_up = [&billing](WriteTx& tx, const jobs::Job& job,
                              std::string_view) { give_up_payment(billing, tx, PaymentId(payload_of(job).id)); }},
      {.name = "billing.verify_payment",
       .sentence = "Asks the payment provider what became of a page, because it may never tell.",
       .run = [&billing](const jobs::Job& job) { return verify_later(billing, asked_of(job)); },
       .attempts_max = 14,
       .backoff_first = minutes(1),
       .backoff_max = hours(24),
       .given_up = [&billing](WriteTx& tx, const jobs::Job& job,
                              std::string_view) { give_up_verify(billing, tx, asked_of(job)); }},
      {.name = "billing.look_at_payment",
       .sentence = "The same, now, because the buyer waits.",
       .run =
           [&billing](const jobs::Job& job) {
             verify_later(billing, asked_of(job));
             return jobs::Outcome::done();
           }},
      {.name = "billing.renew",
       .sentence = "Charges the next period of a subscription that we renew, or ends what is over.",
       .run = [&billing](const jobs::Job& job) { return renew(billing, SubscriptionId(payload_of(job).id)); },
       .attempts_max = 20,
       .at_once_max = 2},
      {.name = "billing.take_over",
       .sentence = "Turns a subscription off at its provider, where a payment failed, and renews it from here.",
       .run = [&billing](const jobs::Job& job) { return take_over(billing, SubscriptionId(payload_of(job).id)); },
       .attempts_max = 30,
       .at_once_max = 1},
      {.name = "billing.refund",
       .sentence = "Sends money back that an administrator asked to be sent back.",
       .run = [&billing](const jobs::Job& job) { return carry_out_refund(billing, RefundId(payload_of(job).id)); },
       .attempts_max = 20,
       .at_once_max = 1,
       .given_up = [&billing](
                       WriteTx& tx, const jobs::Job& job,
                       std::string_view reason) { give_up_refund(billing, tx, RefundId(payload_of(job).id), reason); }},
      {.name = "billing.carry_out_order",
       .sentence = "Asks the payment provider for what a person ordered of their subscription.",
       .run = [&billing](const jobs::Job& job) { return carry_out(billing, SubscriptionOrderId(payload_of(job).id)); },
       .attempts_max = 15,
       .backoff_first = seconds(1),
       .backoff_max = minutes(30),
       .given_up =
           [&billing](WriteTx& tx, const jobs::Job& job, std::string_view reason) {
             give_up_order(billing, tx, SubscriptionOrderId(payload_of(job).id), reason);
           }},
      {.name = "billing.apply_event",
       .sentence = "Fetches what a payment provider's event is about and applies it.",
       .run =
           [&billing](const jobs::Job& job) {
             const auto payload = payload_of(job);
             return apply_event(billing, EventId(payload.id), about_of(payload.about));
           },
       .attempts_max = 20,
       // One at a time: of two snapshots of one object the older must not be written last.
       .at_once_max = 1,
       .given_up = [&billing](
                       WriteTx& tx, const jobs::Job& job,
                       std::string_view reason) { give_up_event(billing, tx, EventId(payload_of(job).id), reason); }},
  };
}

jobs::Periodics periodics(Billing& billing) {
  return {
      {.name = "billing.sweep_checkouts",
       .sentence = "Ends checkouts whose page has closed, after asking the provider.",
       .period = minutes(5),
       .run = [&billing] { return sweep_checkouts(billing); }},
      {.name = "billing.sweep_subscriptions",
       .sentence = "Asks the provider about subscriptions whose period is over by our books.",
       .period = hours(1),
       .run = [&billing] { return sweep_subscriptions(billing); }},
      {.name = "billing.reconcile_nightly",
       .sentence = "Compares our books with the payment providers' for the last two days.",
       .period = hours(24),
       .run = [&billing] { return reconcile_nightly(billing); }},
      {.name = "billing.sweep_renewals",
       .sentence = "Finds the subscriptions that we renew and that are due, and reminds those who pay by hand.",
       .period = minutes(5),
       .run = [&billing] { return sweep_renewals(billing); }},
      {.name = "billing.sweep_refunds",
       .sentence = "Asks the provider about refunds that it has not finished.",
       .period = hours(1),
       .run = [&billing] { return sweep_refunds(billing); }},
      {.name = "billing.remind_of_orders",
       .sentence = "Reminds people once of an order that they began and did not pay.",
       .period = hours(1),
       .run = [&billing] { return remind_of_orders(billing); }},
  };
}

}  // namespace tuition::billing
