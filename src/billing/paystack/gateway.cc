#include "billing/paystack/gateway.h"

#include <algorithm>

#include "billing/paystack/notices.h"
#include "billing/paystack/requests.h"
#include "billing/paystack/signature.h"
#include "platform/base/text.h"

namespace tuition::billing::paystack {
namespace {

constexpr int pages_most = 200;

// The number of the transaction that a refund or dispute is of.
std::string transaction_of(const JsonNode& node) {
  const auto* transaction = node.find("transaction");
  if (transaction && transaction->sort == JsonNode::Sort::object) return text_at(*transaction, "id");
  return text_at(node, "transaction");
}

Error unusable(std::string what) {
  return Error{Kind::provider, "PROVIDER_ERROR", "The payment provider gave an answer we cannot use.", std::move(what)};
}

}  // namespace

bool Gateway::test_mode() const {
  return !settings_.keys.empty() && trim(settings_.keys.front().reveal()).starts_with("sk_test_");
}

bool Gateway::takes(const Currency& currency) const {
  return std::find(settings_.currencies.begin(), settings_.currencies.end(), currency.code()) !=
         settings_.currencies.end();
}

Result<Notice> Gateway::read_notice(const http::Request& request, Instant now) {
  TRY(check_signature(request.header("x-paystack-signature"), request.body, settings_.keys));
  auto notice = TRY(read_kept(request.body));
  notice.created = now;
  return notice;
}

Result<Notice> Gateway::read_kept(const std::string& payload) {
  return read_event(TRY(parse_json(payload)), payload, test_mode());
}

Result<PreparedCheckout> Gateway::prepare_checkout(const CheckoutRequest& request) {
  Initialize body;
  body.email = request.email;
  body.amount = TRY(to_subunits(request.total));
  body.currency = request.total.currency.code();
  body.reference = request.reference;
  body.callback_url = request.success_url;
  body.metadata = {request.id.text(), request.user.text(), request.cancel_url};
  // A plan charges its own amount from the first payment on.
  const auto interval = settings_.renews_plans && !request.coupon ? interval_of(request.price) : std::string_view{};
  if (interval.empty()) return PreparedCheckout{.body = to_json(body)};
  PreparedCheckout prepared;
  prepared.plan_id = TRY(plan_code(request, interval));
  prepared.body = to_json(InitializePlan{body, prepared.plan_id});
  return prepared;
}

Result<OpenedCheckout> Gateway::open_checkout(const std::string& body, const std::string&) {
  const auto opened = TRY(post("/transaction/initialize", body));
  OpenedCheckout page{text_at(opened, "reference"), text_at(opened, "authorization_url")};
  if (page.session_id.empty() || page.url.empty()) return unusable("a transaction without reference or page");
  return page;
}

Result<CheckoutState> Gateway::fetch_checkout(const std::string& session_id) {
  const auto transaction = TRY(get("/transaction/verify/" + percent_encode(session_id)));
  auto state = read_transaction(transaction, test_mode());
  if (state.session_id != session_id) return unusable("asked about " + session_id + ", told about " + state.session_id);
  if (state.paid && state.awaits_subscription) TRY(find_subscription(transaction, state));
  return state;
}

Result<CheckoutState> Gateway::expire_checkout(const std::string& session_id) {
  // A page cannot be closed there; one that was not paid is closed for us, and what is paid on it late is found by the
  // timer that asks about it.
  auto state = TRY(fetch_checkout(session_id));
  if (state.status == CheckoutState::Status::open) state.status = CheckoutState::Status::expired;
  return state;
}

Result<RefundState> Gateway::refund_payment(const RefundRequest& request) {
  // Asked for by a try whose answer was lost.
  const auto before = TRY(fetch_payment(request.payment_id));
  for (const auto& each : before.refunds)
    if (each.key == request.key) return each;
  auto amount = request.amount_minor;
  if (!amount) {
    const auto payment = TRY(fetch_checkout(request.payment_id));
    std::int64_t rest = payment.total_minor;
    for (const auto& each : before.refunds)
      if (each.status != RefundStatus::failed) rest -= each.amount_minor;
    if (rest <= 0 && !before.refunds.empty()) return before.refunds.front();
    amount = rest;
  }
  Refund body;
  body.transaction = request.payment_id;
  body.amount = TRY(to_subunits({*amount, request.currency}));
  body.currency = request.currency.code();
  body.merchant_note = request.key;
  auto state = read_refund(TRY(post("/refund", to_json(body))));
  if (state.id.empty()) return unusable("a refund without an id");
  state.key = request.key;
  return state;
}

Result<PaymentState> Gateway::fetch_payment(const std::string& payment_id) {
  PaymentState state;
  state.payment_id = payment_id;
  // Lists go by the transaction's number, which we do not keep.
  const auto payment = TRY(get("/transaction/verify/" + percent_encode(payment_id)));
  const auto number = text_at(payment, "id");
  const auto refunds = TRY(get("/refund?transaction=" + percent_encode(number) + "&perPage=100"));
  for (const auto& each : refunds.items)
    if (transaction_of(each) == number) state.refunds.push_back(read_refund(each));
  const auto disputes = TRY(get("/dispute?transaction=" + percent_encode(number) + "&perPage=100"));
  for (const auto& each : disputes.items)
    if (transaction_of(each) == number) state.disputes.push_back(read_dispute(each));
  return state;
}

Result<CheckoutState> Gateway::charge_saved(const SavedCharge& charge) {
  ChargeAuthorization body;
  body.email = charge.email;
  body.amount = TRY(to_subunits(charge.amount));
  body.currency = charge.amount.currency.code();
  body.authorization_code = charge.authorization.reveal();
  body.reference = charge.reference;
  body.metadata = to_json(Metadata{.checkout_id = charge.checkout_id});
  const auto charged = post("/transaction/charge_authorization", to_json(body));
  if (charged) return read_transaction(*charged, test_mode());
  // Charged by a try whose answer was lost.
  if (charged.error().code == remote_reference_taken) return fetch_checkout(charge.reference);
  return charged.error();
}

Result<std::vector<KeptEvent>> Gateway::fetch_events(Instant since) {
  // There is no list of events worth relying on: what was paid says the same.
  std::vector<KeptEvent> events;
  const auto paid = TRY(all_of("/transaction?status=success&from=" + percent_encode(to_text(since))));
  for (const auto& each : paid) {
    const auto payload = "{\"event\":\"charge.success\",\"data\":" + each.to_json() + "}";
    events.push_back({TRY(read_kept(payload)), payload});
  }
  std::reverse(events.begin(), events.end());
  return events;
}

Result<std::vector<JsonNode>> Gateway::all_of(const std::string& path) {
  std::vector<JsonNode> items;
  // It has two words for it.
  const auto size = path.starts_with("/transaction") ? "per_page=100" : "perPage=100";
  for (int page = 1; page <= pages_most; ++page) {
    auto found = TRY(get(path + "&" + size + "&page=" + std::to_string(page)));
    // However many they put on a page.
    if (found.items.empty()) break;
    for (auto& each : found.items) items.push_back(std::move(each));
  }
  return items;
}

Result<JsonNode> Gateway::get(const std::string& path) {
  outbound::HttpRequest request;
  request.url = settings_.base_url + path;
  return call(std::move(request));
}

Result<JsonNode> Gateway::post(const std::string& path, const std::string& body) {
  outbound::HttpRequest request;
  request.method = "POST";
  request.url = settings_.base_url + path;
  request.body = body;
  request.headers.emplace_back("Content-Type", "application/json");
  return call(std::move(request));
}

Result<JsonNode> Gateway::call(outbound::HttpRequest request) {
  request.provider = "paystack";
  const auto key = settings_.keys.empty() ? std::string{} : std::string(trim(settings_.keys.front().reveal()));
  request.headers.emplace_back("Authorization", "Bearer " + key);
  const auto reply = TRY(http_.send(request));
  const auto body = parse_json(reply.body);
  const auto failed = [&](Kind kind, const std::string& detail) {
    const bool refused = kind == Kind::rejected;
    return Error{
        kind, refused ? "PAYMENT_REJECTED" : "PROVIDER_ERROR",
        refused ? "The payment provider refused this request." : "The payment provider does not answer as it should.",
        "paystack " + std::to_string(reply.status) + ": " + detail};
  };
  // A failure of theirs may be a page for people.
  if (!body || body->sort != JsonNode::Sort::object) return failed(Kind::provider, "an answer that is not JSON");
  const auto* worked = body->find("status");
  const auto message = text_at(*body, "message");
  if (reply.status >= 200 && reply.status < 300 && worked && worked->boolean) {
    const auto* data = body->find("data");
    return data ? *data : JsonNode{};
  }
  // A refused key is our operator's mistake, not the buyer's.
  const bool again = reply.status == 401 || reply.status == 403 || reply.status == 429 || reply.status >= 500;
  auto error = failed(again ? Kind::provider : Kind::rejected, message);
  if (error.kind == Kind::rejected && contains_ignoring_case(message, "duplicate transaction reference"))
    error.code = remote_reference_taken;
  if (error.kind == Kind::rejected && contains_ignoring_case(message, "not found")) error.code = remote_object_missing;
  return error;
}

}  // namespace tuition::billing::paystack
