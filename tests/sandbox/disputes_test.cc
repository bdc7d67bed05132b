#include <algorithm>

#include "sandbox/stage.h"

using namespace tuition;

namespace {

// A payment intent that is paid, with what its making caused out of the way.
std::string paid_intent(Stage& stage) {
  const Json session = stage.checkout({}, "payment");
  stage.press(session, "pay");
  stage.settle();
  stage.forget();
  return stage.ask("GET", "/v1/checkout/sessions/" + session["id"].get<std::string>())["payment_intent"];
}

std::string status_of(Stage& stage, const std::string& intent) {
  return stage.ask("GET", "/v1/disputes?limit=1&payment_intent=" + intent)["data"][0]["status"];
}

}  // namespace

TEST_CASE("a disputed payment is told with the money that leaves, and with the money that comes back") {
  Stage stage;
  const auto intent = paid_intent(stage);
  REQUIRE(stage.sandbox.dispute(intent, "open"));
  stage.settle();
  CHECK(stage.types() == std::vector<std::string>{"charge.dispute.created", "charge.dispute.funds_withdrawn"});
  const Json dispute = stage.event("charge.dispute.created")["data"]["object"];
  CHECK(dispute["payment_intent"] == intent);
  CHECK(dispute["amount"] == 1200);
  CHECK(stage.ask("GET", "/v1/charges/" + dispute["charge"].get<std::string>())["disputed"] == true);
  stage.forget();
  REQUIRE(stage.sandbox.dispute(intent, "won"));
  stage.settle();
  CHECK(stage.types() == std::vector<std::string>{"charge.dispute.closed", "charge.dispute.funds_reinstated"});
  CHECK(status_of(stage, intent) == "won");
}

TEST_CASE("what the bank has taken is not refunded, and what it gave back is") {
  Stage stage;
  const auto intent = paid_intent(stage);
  REQUIRE(stage.sandbox.dispute(intent, "open"));
  CHECK(stage.refusal("POST", "/v1/refunds", "payment_intent=" + intent) == "400 charge_disputed -");
  REQUIRE(stage.sandbox.dispute(intent, "won"));
  CHECK(stage.ask("POST", "/v1/refunds", "payment_intent=" + intent)["amount"] == 1200);
}

TEST_CASE("a dispute is decided once, and there is one at a time") {
  Stage stage;
  const auto intent = paid_intent(stage);
  CHECK_FALSE(stage.sandbox.dispute(intent, "won"));
  REQUIRE(stage.sandbox.dispute(intent, "open"));
  CHECK_FALSE(stage.sandbox.dispute(intent, "open"));
  REQUIRE(stage.sandbox.dispute(intent, "lost"));
  CHECK_FALSE(stage.sandbox.dispute(intent, "won"));
  CHECK_FALSE(stage.sandbox.dispute(intent, "open"));
  CHECK_FALSE(stage.sandbox.dispute("pi_unknown", "open"));
  CHECK_FALSE(stage.sandbox.dispute(intent, "nonsense"));
}

TEST_CASE("an inquiry moves no money and is closed without a winner") {
  Stage stage;
  const auto intent = paid_intent(stage);
  REQUIRE(stage.sandbox.dispute(intent, "inquiry"));
  stage.settle();
  CHECK(stage.types() == std::vector<std::string>{"charge.dispute.created"});
  CHECK(status_of(stage, intent) == "warning_needs_response");
  REQUIRE(stage.sandbox.dispute(intent, "lost"));
  CHECK(status_of(stage, intent) == "warning_closed");
  CHECK(stage.ask("POST", "/v1/refunds", "payment_intent=" + intent)["status"] == "succeeded");
}

TEST_CASE("evidence decides a dispute as the documented words say, and giving in loses it") {
  Stage stage;
  const auto intent = paid_intent(stage);
  REQUIRE(stage.sandbox.dispute(intent, "open"));
  const std::string path =
      "/v1/disputes/" + stage.ask("GET", "/v1/disputes?payment_intent=" + intent)["data"][0]["id"].get<std::string>();
  CHECK(stage.ask("POST", path, "evidence[product_description]=Lessons&submit=false")["status"] == "needs_response");
  CHECK(stage.ask("POST", path, "evidence[uncategorized_text]=we+sent+it")["status"] == "under_review");
  CHECK(stage.ask("POST", path, "evidence[uncategorized_text]=winning_evidence")["status"] == "won");
  CHECK(stage.refusal("POST", path, "submit=true").starts_with("400"));
  REQUIRE(stage.sandbox.dispute(intent, "open"));
  const std::string again =
      "/v1/disputes/" +
      stage.ask("GET", "/v1/disputes?limit=1&payment_intent=" + intent)["data"][0]["id"].get<std::string>();
  CHECK(stage.ask("POST", again + "/close")["status"] == "lost");
}

TEST_CASE("the pages let a bank doubt a payment: at once after paying, and later") {
  Stage stage;
  const Json session = stage.checkout();
  CHECK(stage.press(session, "dispute").status == 303);
  stage.settle();
  const auto types = stage.types();
  CHECK(std::count(types.begin(), types.end(), "charge.dispute.created") == 1);
  const Json dispute = stage.event("charge.dispute.created")["data"]["object"];
  const auto receipt = stage.sandbox.stripe_url() + "/receipt/" + dispute["charge"].get<std::string>();
  CHECK(stage.call("GET", receipt).body.find("needs_response") != std::string::npos);
  CHECK(stage.call("POST", receipt, "outcome=won").status == 303);
  CHECK(stage.call("POST", receipt, "outcome=won").status == 400);
  const auto made = stage.sandbox.paid();
  REQUIRE(made.size() == 1);
  CHECK(made[0].dispute == "won");
  CHECK(made[0].amount == 1200);
  CHECK(stage.call("GET", stage.school() + "/dev/payments").body.find("12.00 USD") != std::string::npos);
  CHECK(stage.call("POST", stage.school() + "/dev/dispute", "payment=" + made[0].id + "&outcome=open").status == 303);
  CHECK(status_of(stage, made[0].id) == "needs_response");
  CHECK(stage.call("POST", stage.school() + "/dev/dispute", "payment=pi_none&outcome=open").status == 400);
}
