#include "billing/payments/told.h"

namespace tuition::billing {
namespace {

struct ToldType {
  std::string_view type;
  std::string_view what;
};
constexpr ToldType told_types[] = {
    {"checkout.session.completed", "the buyer finished its page"},
    {"checkout.session.async_payment_succeeded", "the payment came in"},
    {"checkout.session.async_payment_failed", "the payment did not go through"},
    {"checkout.session.expired", "its page was closed without a payment"},
    {"invoice.created", "it began to draw up the bill"},
    {"invoice.finalized", "it drew up the bill"},
    {"invoice.updated", "the bill changed"},
    {"invoice.paid", "the bill was paid"},
    {"invoice.payment_succeeded", "the bill was paid"},
    {"invoice.payment_failed", "the payment did not go through"},
    {"invoice.payment_action_required", "the buyer's bank asks the buyer to confirm the payment"},
    {"invoice.voided", "the bill was withdrawn"},
    {"invoice.marked_uncollectible", "the bill was given up as lost"},
    {"payment_intent.created", "the payment was begun"},
    {"payment_intent.processing", "the payment is on its way"},
    {"payment_intent.succeeded", "the payment came in"},
    {"payment_intent.payment_failed", "the payment did not go through"},
    {"charge.succeeded", "the card was charged"},
    {"charge.failed", "the card could not be charged"},
    {"charge.refunded", "money was sent back"},
    {"refund.created", "a refund was begun"},
    {"refund.updated", "the refund made progress"},
    {"refund.failed", "the refund did not go through"},
    {"charge.dispute.created", "the buyer's bank doubts the payment"},
    {"charge.dispute.updated", "the buyer's bank looks at the payment"},
    {"charge.dispute.closed", "the buyer's bank has decided"},
    {"charge.dispute.funds_withdrawn", "it took the doubted money back"},
    {"charge.dispute.funds_reinstated", "it returned the doubted money"},
    // Paystack's, where they are others.
    {"charge.success", "the payment came in"},
    {"refund.pending", "a refund was begun"},
    {"refund.processing", "the refund is on its way"},
    {"refund.processed", "money was sent back"},
    {"refund.needs-attention", "the refund waits for the school to see to it there"},
    {"charge.dispute.create", "the buyer's bank doubts the payment"},
    {"charge.dispute.remind", "the buyer's bank waits for an answer"},
    {"charge.dispute.resolve", "the buyer's bank has decided"},
    {"invoice.create", "it began to draw up the bill"},
    {"invoice.update", "the bill changed"},
};

std::string_view what_became_of_it(EventStatus status) {
  switch (status) {
    case EventStatus::processed: return ".";
    case EventStatus::received: return "; this waits to be looked at.";
    case EventStatus::ignored: return "; nothing had to be done about it.";
    case EventStatus::failed: return "; this could not be applied yet and is tried again.";
    case EventStatus::dead: return "; this could not be applied and waits for you under Events.";
  }
  return ".";
}

}  // namespace

std::string told_sentence(std::string_view gateway, std::string_view event_type, EventStatus status) {
  std::string_view what = "something about this payment changed";
  for (const auto& each : told_types)
    if (each.type == event_type) what = each.what;
  return std::string(gateway) + " told us that " + std::string(what) + std::string(what_became_of_it(status));
}

}  // namespace tuition::billing
