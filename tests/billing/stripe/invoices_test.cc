#include <catch2/catch_test_macros.hpp>
#include <deque>

#include "billing/stripe/gateway.h"

namespace tuition::billing::stripe {
namespace {

// Answers as the test says, and remembers what was asked.
class Told final : public outbound::HttpClient {
 public:
  Result<outbound::HttpReply> send(const outbound::HttpRequest& request) override {
    asked.push_back(request);
    if (replies.empty()) return Error{Kind::provider, "PROVIDER_ERROR", "Nobody answers.", "the connection was cut"};
    auto reply = std::move(replies.front());
    replies.pop_front();
    return reply;
  }
  void says(int status, std::string body) { replies.push_back({status, {}, std::move(body)}); }
  std::string call(std::size_t which) const { return asked.at(which).method + " " + asked.at(which).url; }
  bool has_key(std::size_t which) const {
    for (const auto& [name, value] : asked.at(which).headers)
      if (name == "Idempotency-Key") return true;
    return false;
  }
  std::deque<outbound::HttpReply> replies{};
  std::vector<outbound::HttpRequest> asked{};
};

const Settings settings{.secret_key = Secret("sk_test_x"), .webhook_secrets = {}, .base_url = "http://stripe.test"};

constexpr const char* paid_invoice =
    R"({"id": "in_1", "object": "invoice", "status": "paid", "total": 1200, "amount_paid": 1200,
  "currency": "usd", "payments": {"data": [{"status": "paid", "payment": {"payment_intent": "pi_1"}}]}})";
constexpr const char* open_invoice =
    R"({"id": "in_1", "object": "invoice", "status": "open", "total": 1200, "amount_paid": 0,
  "attempt_count": 2, "currency": "usd"})";

}  // namespace

TEST_CASE("an invoice is paid by a call that can be made anew after a decline") {
  Told http;
  Gateway gateway(settings, http);
  http.says(402, R"({"error": {"type": "card_error", "code": "card_declined", "message": "Your card was declined."}})");
  http.says(200, open_invoice);
  const auto declined = gateway.pay_invoice("in_1");
  REQUIRE(declined);
  CHECK(declined->status == InvoiceStatus::open);
  CHECK(declined->attempts == 2);
  http.says(200, paid_invoice);
  const auto done = gateway.pay_invoice("in_1");
  REQUIRE(done);
  CHECK(done->status == InvoiceStatus::paid);
  CHECK(done->payment_id == "pi_1");
  REQUIRE(http.asked.size() == 3);
  CHECK(http.call(0) == "POST http://stripe.test/v1/invoices/in_1/pay");
  CHECK(http.call(1) == "GET http://stripe.test/v1/invoices/in_1?expand[0]=payments");
  CHECK(http.call(2) == http.call(0));
  // Under one key the decline would be answered again.
  CHECK_FALSE(http.has_key(0));
}

TEST_CASE("an invoice that Stripe's own try has paid is answered as paid, and not asked for again") {
  Told http;
  Gateway gateway(settings, http);
  http.says(400, R"({"error": {"type": "invalid_request_error", "message": "Invoice is already paid"}})");
  http.says(200, paid_invoice);
  const auto done = gateway.pay_invoice("in_1");
  REQUIRE(done);
  CHECK(done->status == InvoiceStatus::paid);
  CHECK(done->paid_minor == 1200);
  CHECK(http.asked.size() == 2);
}

TEST_CASE("while Stripe's own try is under way, or nobody answers, it is to be asked later") {
  Told http;
  Gateway gateway(settings, http);
  http.says(429, R"({"error": {"type": "invalid_request_error", "code": "lock_timeout", "message": "In use."}})");
  const auto locked = gateway.pay_invoice("in_1");
  REQUIRE_FALSE(locked);
  CHECK(locked.error().kind == Kind::provider);
  const auto silent = gateway.pay_invoice("in_1");
  REQUIRE_FALSE(silent);
  CHECK(silent.error().kind == Kind::provider);
}

TEST_CASE("an invoice is voided under a key of its own, and one that has ended is answered as it is") {
  Told http;
  Gateway gateway(settings, http);
  http.says(400, R"({"error": {"type": "invalid_request_error", "message": "You can only void open invoices."}})");
  http.says(200, paid_invoice);
  const auto ended = gateway.void_invoice("in_1");
  REQUIRE(ended);
  CHECK(ended->status == InvoiceStatus::paid);
  CHECK(http.call(0) == "POST http://stripe.test/v1/invoices/in_1/void");
  CHECK(http.has_key(0));
}

}  // namespace tuition::billing::stripe
