#include "billing/paystack/notices.h"

#include "billing/paystack/requests.h"
#include "platform/base/text.h"
#include "platform/crypto/hmac.h"

namespace tuition::billing::paystack {
namespace {

const JsonNode* object_at(const JsonNode& node, std::string_view name) {
  const auto* found = node.find(name);
  return found && found->sort == JsonNode::Sort::object ? found : nullptr;
}

// Amounts are numbers, and sometimes texts.
std::optional<std::int64_t> amount_at(const JsonNode& node, std::string_view name) {
  const auto* found = node.find(name);
  if (!found) return std::nullopt;
  if (found->sort == JsonNode::Sort::integer) return found->integer;
  if (found->sort == JsonNode::Sort::text) return parse_integer(found->text);
  return std::nullopt;
}

Currency currency_at(const JsonNode& node) { return Currency::parse(text_at(node, "currency")).value_or(Currency{}); }

struct Handled {
  std::string_view type;
  Notice::About about;
};
constexpr Handled handled[] = {
    {"charge.success", Notice::About::checkout},
    {"charge.failed", Notice::About::checkout},
    {"refund.pending", Notice::About::payment},
    {"refund.processing", Notice::About::payment},
    {"refund.processed", Notice::About::payment},
    {"refund.failed", Notice::About::payment},
    {"refund.needs-attention", Notice::About::payment},
    {"charge.dispute.create", Notice::About::payment},
    {"charge.dispute.remind", Notice::About::payment},
    {"charge.dispute.resolve", Notice::About::payment},
    {"subscription.create", Notice::About::subscription},
    {"subscription.disable", Notice::About::subscription},
    {"subscription.not_renew", Notice::About::subscription},
    {"subscription.enable", Notice::About::subscription},
    {"invoice.create", Notice::About::subscription},
    {"invoice.update", Notice::About::subscription},
    {"invoice.payment_failed", Notice::About::subscription},
};

// The reference of the transaction that an event is about.
std::string reference_of(const JsonNode& data) {
  if (auto reference = text_at(data, "reference"); !reference.empty()) return reference;
  if (auto reference = text_at(data, "transaction_reference"); !reference.empty()) return reference;
  const auto* transaction = object_at(data, "transaction");
  return transaction ? text_at(*transaction, "reference") : std::string{};
}

// The subscription that an event is about.
std::string subscription_of(const JsonNode& data) {
  if (auto code = text_at(data, "subscription_code"); !code.empty()) return code;
  const auto* subscription = object_at(data, "subscription");
  return subscription ? text_at(*subscription, "subscription_code") : std::string{};
}

std::string event_id_of(const std::string& type, const JsonNode& data, std::string_view raw_body) {
  // A subscription may be turned off and on again, and keeps its id.
  if (type.starts_with("subscription.") || type.starts_with("invoice."))
    return type + ":" + to_hex(bytes_of(crypto::sha256(raw_body)));
  auto id = text_at(data, "id");
  // One transaction may be refunded several times.
  if (id.empty()) id = text_at(data, type.starts_with("refund.") ? "refund_reference" : "reference");
  if (id.empty()) id = to_hex(bytes_of(crypto::sha256(raw_body)));
  // A dispute is told of several times in its life.
  if (const auto status = text_at(data, "status"); type.starts_with("charge.dispute.") && !status.empty())
    id += ":" + status;
  return type + ":" + id;
}

}  // namespace

std::string text_at(const JsonNode& node, std::string_view name) {
  const auto* found = node.find(name);
  if (!found) return {};
  if (found->sort == JsonNode::Sort::text) return found->text;
  // Ids are whole numbers of 64 bits without a sign.
  if (found->sort == JsonNode::Sort::integer) return std::to_string(found->integer);
  return {};
}

Result<Notice> read_event(const JsonNode& event, std::string_view raw_body, bool test_mode) {
  Notice notice;
  notice.event_type = text_at(event, "event");
  const auto* data = event.find("data");
  if (notice.event_type.empty() || !data)
    return Error{Kind::rejected, "VALIDATION_ERROR", "This is not an event in the form we read."};
  notice.event_id = event_id_of(notice.event_type, *data, raw_body);
  notice.object_id = reference_of(*data);
  const auto domain = text_at(*data, "domain");
  if (!domain.empty() && (domain == "test") != test_mode) {
    notice.ignored_because = test_mode ? "a live event, but the configured key is a test key"
                                       : "a test event, but the configured key is a live key";
    return notice;
  }
  for (const auto& each : handled)
    if (each.type == notice.event_type) notice.about = each.about;
  if (notice.about == Notice::About::subscription) {
    // A period that was paid for is known by its payment.
    const bool paid = notice.event_type == "invoice.update" && !notice.object_id.empty();
    if (paid) notice.about = Notice::About::checkout;
    if (!paid) notice.object_id = subscription_of(*data);
  }
  if (notice.object_id.empty()) notice.about = Notice::About::nothing_we_handle;
  if (notice.about == Notice::About::nothing_we_handle)
    notice.ignored_because = "nothing follows from events of this type";
  return notice;
}

CheckoutState read_transaction(const JsonNode& node, bool test_mode) {
  CheckoutState state;
  state.session_id = text_at(node, "reference");
  state.payment_id = state.session_id;
  state.only_total = true;
  state.currency = currency_at(node);
  const auto status = text_at(node, "status");
  if (status == "success") {
    state.status = CheckoutState::Status::complete;
    state.paid = true;
  } else if (status == "reversed") {
    state.status = CheckoutState::Status::expired;
  } else if (status == "failed") {
    state.last_try_failed = true;
  }
  if ((text_at(node, "domain") == "test") != test_mode) state.doubt = "it is of the other mode than the configured key";
  const auto amount = amount_at(node, "amount");
  const auto minor = amount ? from_subunits(*amount, state.currency) : std::nullopt;
  if (!minor) state.doubt = "its amount cannot be read";
  state.amount_minor = state.total_minor = minor.value_or(-1);
  // What we sent comes back as an object, or as its text, or as nothing at all.
  if (const auto* metadata = node.find("metadata")) {
    if (metadata->sort == JsonNode::Sort::object) {
      state.checkout_id = text_at(*metadata, "checkout_id");
    } else if (metadata->sort == JsonNode::Sort::text) {
      if (const auto inner = parse_json(metadata->text); inner && inner->sort == JsonNode::Sort::object)
        state.checkout_id = text_at(*inner, "checkout_id");
    }
  }
  if (const auto* customer = object_at(node, "customer")) state.customer_id = text_at(*customer, "customer_code");
  state.awaits_subscription = !plan_of(node).code.empty();
  if (const auto* card = object_at(node, "authorization")) {
    const auto* reusable = card->find("reusable");
    const auto code = text_at(*card, "authorization_code");
    if (reusable && reusable->boolean && !code.empty())
      state.card = SavedCard{Secret(code), std::string(trim(text_at(*card, "brand") + " " + text_at(*card, "last4")))};
  }
  return state;
}

PlanNamed plan_of(const JsonNode& node) {
  PlanNamed plan;
  for (const auto* name : {"plan_object", "plan"})
    if (const auto* found = object_at(node, name); found && plan.code.empty())
      plan = {text_at(*found, "plan_code"), text_at(*found, "id")};
  if (plan.code.empty()) plan.code = text_at(node, "plan");
  return plan;
}

SubscriptionState read_subscription(const JsonNode& node) {
  SubscriptionState state;
  state.id = text_at(node, "subscription_code");
  const auto status = text_at(node, "status");
  if (status == "active" || status == "non-renewing") {
    state.status = SubscriptionStatus::active;
  } else if (status == "attention") {
    state.status = SubscriptionStatus::past_due;
  } else if (status == "completed" || status == "complete" || status == "cancelled" || status == "canceled") {
    state.status = SubscriptionStatus::canceled;
  } else {
    state.unknown_status = status.empty() ? "none" : status;
  }
  state.ends_at_period_end = status == "non-renewing";
  state.price_id = plan_of(node).code;
  if (const auto* customer = object_at(node, "customer")) {
    state.customer_id = text_at(*customer, "customer_code");
    state.customer_email = text_at(*customer, "email");
  }
  // Of one whose payment failed it is the payment after that.
  if (status == "active")
    if (const auto next = parse_instant(text_at(node, "next_payment_date"))) state.period_end = *next;
  return state;
}

RefundState read_refund(const JsonNode& node) {
  RefundState state;
  state.id = text_at(node, "id");
  const auto status = text_at(node, "status");
  state.status = status == "processed" ? RefundStatus::succeeded
                 : status == "failed"  ? RefundStatus::failed
                                       : RefundStatus::pending;
  state.currency = currency_at(node);
  state.amount_minor = from_subunits(amount_at(node, "amount").value_or(0), state.currency).value_or(0);
  state.key = text_at(node, "merchant_note");
  return state;
}

DisputeState read_dispute(const JsonNode& node) {
  DisputeState state;
  state.id = text_at(node, "id");
  const auto status = text_at(node, "status");
  const auto resolution = text_at(node, "resolution");
  state.status = status != "resolved"       ? DisputeStatus::open
                 : resolution == "declined" ? DisputeStatus::won
                                            : DisputeStatus::lost;
  state.currency = currency_at(node);
  state.amount_minor = from_subunits(amount_at(node, "refund_amount").value_or(0), state.currency).value_or(0);
  state.reason = text_at(node, "category");
  return state;
}

}  // namespace tuition::billing::paystack
