#include "billing/stripe/objects.h"

#include <initializer_list>

namespace tuition::billing::stripe {
namespace {

// The value at a path of names; null when any step is missing.
const JsonNode* at(const JsonNode& node, std::initializer_list<std::string_view> path) {
  const JsonNode* here = &node;
  for (auto name : path) {
    here = here->find(name);
    if (!here) return nullptr;
  }
  return here->sort == JsonNode::Sort::null ? nullptr : here;
}

std::string text(const JsonNode& node, std::initializer_list<std::string_view> path) {
  const auto* found = at(node, path);
  if (!found) return {};
  // An object where an id may stand was expanded.
  if (found->sort == JsonNode::Sort::object) return text(*found, {"id"});
  return found->sort == JsonNode::Sort::text ? found->text : std::string{};
}

std::int64_t integer(const JsonNode& node, std::initializer_list<std::string_view> path) {
  const auto* found = at(node, path);
  return found && found->sort == JsonNode::Sort::integer ? found->integer : 0;
}

bool is_true(const JsonNode& node, std::initializer_list<std::string_view> path) {
  const auto* found = at(node, path);
  return found && found->sort == JsonNode::Sort::boolean && found->boolean;
}

std::optional<Instant> moment(const JsonNode& node, std::initializer_list<std::string_view> path) {
  const auto* found = at(node, path);
  // Seconds since 1970, up to the end of the year 9999: beyond it is no time anybody means.
  constexpr std::int64_t last = 253'402'300'799;
  if (!found || found->sort != JsonNode::Sort::integer || found->integer < 0 || found->integer > last)
    return std::nullopt;
  return Instant{found->integer * 1000};
}

std::optional<SubscriptionStatus> subscription_status(const std::string& status) {
  if (status == "incomplete_expired") return SubscriptionStatus::canceled;
  return named<SubscriptionStatus>(status);
}

struct Handled {
  std::string_view type;
  Notice::About about;
};
constexpr Handled handled[] = {
    {"checkout.session.completed", Notice::About::checkout},
    {"checkout.session.async_payment_succeeded", Notice::About::checkout},
    {"checkout.session.async_payment_failed", Notice::About::checkout},
    {"checkout.session.expired", Notice::About::checkout},
    {"customer.subscription.created", Notice::About::subscription},
    {"customer.subscription.updated", Notice::About::subscription},
    {"customer.subscription.deleted", Notice::About::subscription},
    {"customer.subscription.trial_will_end", Notice::About::subscription},
    {"customer.subscription.paused", Notice::About::subscription},
    {"customer.subscription.resumed", Notice::About::subscription},
    {"customer.subscription.pending_update_applied", Notice::About::subscription},
    {"customer.subscription.pending_update_expired", Notice::About::subscription},
    {"invoice.finalized", Notice::About::invoice},
    {"invoice.finalization_failed", Notice::About::invoice},
    {"invoice.paid", Notice::About::invoice},
    {"invoice.payment_failed", Notice::About::invoice},
    {"invoice.payment_action_required", Notice::About::invoice},
    {"invoice.updated", Notice::About::invoice},
    {"invoice.voided", Notice::About::invoice},
    {"invoice.marked_uncollectible", Notice::About::invoice},
    {"invoice_payment.paid", Notice::About::invoice},
    {"charge.refunded", Notice::About::payment},
    {"refund.created", Notice::About::payment},
    {"refund.updated", Notice::About::payment},
    {"refund.failed", Notice::About::payment},
    {"charge.dispute.created", Notice::About::payment},
    {"charge.dispute.updated", Notice::About::payment},
    {"charge.dispute.closed", Notice::About::payment},
    {"charge.dispute.funds_withdrawn", Notice::About::payment},
    {"charge.dispute.funds_reinstated", Notice::About::payment},
    {"product.updated", Notice::About::offer},
    {"product.deleted", Notice::About::offer},
    {"price.updated", Notice::About::offer},
    {"price.deleted", Notice::About::offer},
};

// What is known and left alone, and why. A name that ends in a dot stands for all that begin with it.
struct LeftAlone {
  std::string_view type;
  std::string_view why;
};
constexpr LeftAlone left_alone[] = {
    {"invoice.created", "a draft binds nobody: an invoice is booked when it is finalized"},
    {"invoice.payment_succeeded", "invoice.paid tells the same"},
    {"invoice.upcoming", "a forecast is no invoice yet"},
    {"payment_intent.", "what is bought here is heard of by its checkout or its invoice"},
    {"charge.succeeded", "what is bought here is heard of by its checkout or its invoice"},
    {"payment_method.", "cards are kept and shown by the provider alone"},
    {"customer.created", "whose customer it is was noted when it was asked for"},
    {"customer.updated", "names and addresses of people are the school's own, whatever they are there"},
    {"customer.deleted", "its subscriptions end with events of their own, and the next order makes a new customer"},
    {"product.", "what is on sale is decided here: a product there is only its name for the payment page"},
    {"price.", "what is on sale is decided here: orders name the price they were quoted"},
};

std::string_view why_left_alone(std::string_view type) {
  for (const auto& each : left_alone)
    if (each.type.ends_with('.') ? type.starts_with(each.type) : type == each.type) return each.why;
  return "nothing follows from events of this type";
}

SubscriptionItem read_item(const JsonNode& node) {
  SubscriptionItem item;
  item.id = text(node, {"id"});
  item.price_id = text(node, {"price"});
  if (item.price_id.empty()) item.price_id = text(node, {"plan"});
  if (const auto* rates = at(node, {"tax_rates"}))
    for (const auto& each : rates->items)
      item.tax_rate_ids.push_back(each.sort == JsonNode::Sort::text ? each.text : text(each, {"id"}));
  item.period_start = moment(node, {"current_period_start"}).value_or(Instant{});
  item.period_end = moment(node, {"current_period_end"}).value_or(Instant{});
  return item;
}

}  // namespace

Result<Notice> read_event(const JsonNode& event, bool test_mode) {
  Notice notice;
  notice.event_id = text(event, {"id"});
  notice.event_type = text(event, {"type"});
  if (text(event, {"object"}) != "event" || notice.event_id.empty() || notice.event_type.empty())
    return Error{Kind::rejected, "VALIDATION_ERROR", "This is not an event in the form we read."};
  notice.object_id = text(event, {"data", "object", "id"});
  notice.created = moment(event, {"created"}).value_or(Instant{});
  if (is_true(event, {"livemode"}) == test_mode) {
    notice.ignored_because = test_mode ? "a live event, but the configured key is a test key"
                                       : "a test event, but the configured key is a live key";
    return notice;
  }
  for (const auto& each : handled)
    if (each.type == notice.event_type) notice.about = each.about;
  if (notice.about == Notice::About::nothing_we_handle) notice.ignored_because = why_left_alone(notice.event_type);
  // Charges, refunds and disputes are ways in which a payment changed.
  if (notice.about == Notice::About::payment) notice.object_id = text(event, {"data", "object", "payment_intent"});
  if (notice.event_type == "invoice_payment.paid") notice.object_id = text(event, {"data", "object", "invoice"});
  if (notice.about == Notice::About::offer)
    notice.offer =
        OfferThere{notice.event_type.starts_with("price.") ? OfferThere::Sort::price : OfferThere::Sort::product,
                   notice.object_id, text(event, {"data", "object", "name"}),
                   is_true(event, {"data", "object", "active"}), notice.event_type.ends_with(".deleted")};
  // A forecast of an invoice has no id of its own.
  if (notice.object_id.empty()) notice.about = Notice::About::nothing_we_handle;
  return notice;
}

SubscriptionState read_subscription(const JsonNode& node) {
  SubscriptionState state;
  state.id = text(node, {"id"});
  const auto word = text(node, {"status"});
  const auto status = subscription_status(word);
  if (!status) state.unknown_status = word.empty() ? "none" : word;
  state.status = status.value_or(SubscriptionStatus::incomplete);
  state.customer_id = text(node, {"customer"});
  const auto* items = at(node, {"items", "data"});
  if (items)
    for (const auto& each : items->items) state.more_items.push_back(read_item(each));
  if (!state.more_items.empty()) {
    auto first = std::move(state.more_items.front());
    state.more_items.erase(state.more_items.begin());
    take_item(state, std::move(first));
  }
  if (state.period_end.ms == 0) {
    state.period_start = moment(node, {"current_period_start"}).value_or(Instant{});
    state.period_end = moment(node, {"current_period_end"}).value_or(Instant{});
  }
  state.trial_end = moment(node, {"trial_end"});
  state.schedule_id = text(node, {"schedule"});
  state.change_unpaid = at(node, {"pending_update"}) != nullptr;
  // The portal may set a date instead of the flag.
  state.ends_at_period_end = is_true(node, {"cancel_at_period_end"}) || moment(node, {"cancel_at"}).has_value();
  state.cancelled_at = moment(node, {"canceled_at"});
  state.ended_at = moment(node, {"ended_at"});
  state.checkout_id = text(node, {"metadata", "checkout_id"});
  state.user_id = text(node, {"metadata", "user_id"});
  return state;
}

CheckoutState read_checkout(const JsonNode& node) {
  CheckoutState state;
  state.session_id = text(node, {"id"});
  const auto status = text(node, {"status"});
  state.status = status == "complete"  ? CheckoutState::Status::complete
                 : status == "expired" ? CheckoutState::Status::expired
                                       : CheckoutState::Status::open;
  const auto payment = text(node, {"payment_status"});
  state.paid = payment == "paid" || payment == "no_payment_required";
  state.checkout_id = text(node, {"metadata", "checkout_id"});
  state.customer_id = text(node, {"customer"});
  state.amount_minor = integer(node, {"amount_subtotal"});
  state.discount_minor = integer(node, {"total_details", "amount_discount"});
  state.tax_minor = integer(node, {"total_details", "amount_tax"});
  state.total_minor = integer(node, {"amount_total"});
  state.payment_id = text(node, {"payment_intent"});
  state.currency = Currency::parse(text(node, {"currency"})).value_or(Currency{});
  const auto* subscription = at(node, {"subscription"});
  if (subscription && subscription->sort == JsonNode::Sort::object)
    state.subscription = read_subscription(*subscription);
  return state;
}

InvoiceState read_invoice(const JsonNode& node) {
  InvoiceState state;
  state.id = text(node, {"id"});
  state.number = text(node, {"number"});
  state.status = named<InvoiceStatus>(text(node, {"status"})).value_or(InvoiceStatus::draft);
  state.subscription_id = text(node, {"parent", "subscription_details", "subscription"});
  if (state.subscription_id.empty()) state.subscription_id = text(node, {"subscription"});
  // Tries that failed may stand beside the one that went through.
  if (const auto* payments = at(node, {"payments", "data"}))
    for (const auto& each : payments->items)
      if (state.payment_id.empty() || text(each, {"status"}) == "paid")
        state.payment_id = text(each, {"payment", "payment_intent"});
  if (state.payment_id.empty()) state.payment_id = text(node, {"payment_intent"});
  state.currency = Currency::parse(text(node, {"currency"})).value_or(Currency{});
  state.subtotal_minor = integer(node, {"subtotal"});
  state.total_minor = integer(node, {"total"});
  state.paid_minor = integer(node, {"amount_paid"});
  if (const auto* discounts = at(node, {"total_discount_amounts"}))
    for (const auto& each : discounts->items) state.discount_minor += integer(each, {"amount"});
  if (const auto* taxes = at(node, {"total_taxes"})) {
    for (const auto& each : taxes->items) {
      state.tax_minor += integer(each, {"amount"});
      InvoiceTax tax;
      tax.tax.inclusive = text(each, {"tax_behavior"}) == "inclusive";
      tax.taxable_minor = integer(each, {"taxable_amount"});
      tax.tax_minor = integer(each, {"amount"});
      tax.rate_id = text(each, {"tax_rate_details", "tax_rate"});
      state.taxes.push_back(std::move(tax));
    }
  } else {
    state.tax_minor = integer(node, {"tax"});
  }
  state.attempts = integer(node, {"attempt_count"});
  state.first = text(node, {"billing_reason"}) == "subscription_create";
  state.next_attempt = moment(node, {"next_payment_attempt"});
  state.issued = moment(node, {"status_transitions", "finalized_at"});
  state.paid = moment(node, {"status_transitions", "paid_at"});
  state.hosted_url = text(node, {"hosted_invoice_url"});
  if (const auto* lines = at(node, {"lines", "data"}))
    for (const auto& each : lines->items)
      state.lines.push_back({text(each, {"description"}), integer(each, {"amount"}), integer(each, {"quantity"}),
                             moment(each, {"period", "start"}), moment(each, {"period", "end"})});
  return state;
}

RefundState read_refund(const JsonNode& node) {
  RefundState state;
  state.id = text(node, {"id"});
  const auto status = text(node, {"status"});
  state.status =
      status == "canceled" ? RefundStatus::cancelled : named<RefundStatus>(status).value_or(RefundStatus::pending);
  state.amount_minor = integer(node, {"amount"});
  state.currency = Currency::parse(text(node, {"currency"})).value_or(Currency{});
  state.key = text(node, {"metadata", "key"});
  return state;
}

DisputeState read_dispute(const JsonNode& node) {
  DisputeState state;
  state.id = text(node, {"id"});
  const auto status = text(node, {"status"});
  state.status = status == "won"                  ? DisputeStatus::won
                 : status == "lost"               ? DisputeStatus::lost
                 : status.starts_with("warning_") ? DisputeStatus::inquiry
                                                  : DisputeStatus::open;
  state.amount_minor = integer(node, {"amount"});
  state.currency = Currency::parse(text(node, {"currency"})).value_or(Currency{});
  state.reason = text(node, {"reason"});
  return state;
}

}  // namespace tuition::billing::stripe
