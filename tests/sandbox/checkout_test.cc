#include <algorithm>
#include <set>

#include "sandbox/stage.h"

using namespace tuition;

namespace {

const std::vector<std::string> bought{
    "payment_method.attached",  "checkout.session.completed", "customer.subscription.created",
    "invoice.created",          "invoice.finalized",          "payment_intent.succeeded",
    "charge.succeeded",         "invoice_payment.paid",       "invoice.paid",
    "invoice.payment_succeeded"};

std::vector<std::string> sorted(std::vector<std::string> list) {
  std::sort(list.begin(), list.end());
  return list;
}

// A session that is open, with what its making caused out of the way.
Json opened(Stage& stage, const std::string& more = {}) {
  Json session = stage.checkout(more);
  stage.settle();
  stage.forget();
  return session;
}

}  // namespace

TEST_CASE("paying completes the session, begins the subscription and tells the school in signed notices") {
  Stage stage;
  const Json session = opened(stage, "&subscription_data[metadata][user_id]=u-1");
  CHECK(session["status"] == "open");
  const auto page = stage.call("GET", session["url"]);
  CHECK(page.status == 200);
  CHECK(page.body.find("All courses") != std::string::npos);
  CHECK(page.body.find("12.00 USD") != std::string::npos);
  CHECK(page.body.find("<script") == std::string::npos);

  const auto paid = stage.press(session, "pay");
  CHECK(paid.status == 303);
  const auto id = session["id"].get<std::string>();
  CHECK(paid.header("location") == "http://school.example/done?s=" + id);
  stage.settle();
  CHECK(stage.types() == bought);
  {
    const std::lock_guard lock(stage.mutex);
    for (const auto& each : stage.hooks) {
      const std::string signature(each.header("stripe-signature"));
      const auto at = *parse_integer(signature.substr(2, signature.find(',') - 2));
      CHECK(signature == sandbox::stripe_signature(Secret("whsec_stage"), each.body, Instant{at * 1000}));
    }
  }
  const auto now = stage.ask(
      "GET", "/v1/checkout/sessions/" + id + "?expand[0]=subscription&expand[1]=line_items&expand[2]=invoice.payments");
  CHECK(now["status"] == "complete");
  CHECK(now["payment_status"] == "paid");
  CHECK(now["url"].is_null());
  CHECK(now["amount_subtotal"] == 1200);
  CHECK(now["subscription"]["status"] == "active");
  CHECK(now["subscription"]["metadata"]["user_id"] == "u-1");
  CHECK(now["line_items"]["data"][0]["amount_total"] == 1200);
  CHECK(now["invoice"]["status"] == "paid");
  CHECK(now["invoice"]["billing_reason"] == "subscription_create");
  const std::string intent = now["invoice"]["payments"]["data"][0]["payment"]["payment_intent"];
  CHECK(stage.ask("GET", "/v1/payment_intents/" + intent)["status"] == "succeeded");
  const auto& item = now["subscription"]["items"]["data"][0];
  CHECK(item["current_period_end"] > item["current_period_start"]);

  // Every object in a notice can be fetched.
  const std::map<std::string, std::string> places{{"checkout.session", "checkout/sessions"},
                                                  {"subscription", "subscriptions"},
                                                  {"invoice", "invoices"},
                                                  {"payment_intent", "payment_intents"},
                                                  {"charge", "charges"},
                                                  {"invoice_payment", "invoice_payments"},
                                                  {"payment_method", "payment_methods"}};
  for (const auto& each : stage.events()) {
    const Json& object = each["data"]["object"];
    stage.ask("GET", "/v1/" + places.at(object["object"]) + "/" + object["id"].get<std::string>());
    stage.ask("GET", "/v1/events/" + each["id"].get<std::string>());
  }
}

TEST_CASE("paying twice, on an expired session or an unknown one changes nothing") {
  Stage stage;
  const Json session = opened(stage);
  stage.press(session, "pay");
  stage.settle();
  stage.forget();
  CHECK(stage.press(session, "pay").status == 200);
  CHECK(stage.call("GET", session["url"]).body.find("paid already") != std::string::npos);
  Json unknown{{"url", stage.sandbox.stripe_url() + "/c/pay/cs_test_unknown"}, {"id", "x"}};
  CHECK(stage.press(unknown, "pay").status == 404);
  const Json late = opened(stage);
  stage.sandbox.advance(hours(25));
  stage.settle();
  CHECK(stage.types() == std::vector<std::string>{"checkout.session.expired"});
  CHECK(stage.press(late, "pay").body.find("expired") != std::string::npos);
  CHECK(stage.press(late, "steal").status == 400);
}

TEST_CASE("a declined card leads back to the school, and one may try again") {
  Stage stage;
  const Json session = opened(stage);
  const auto declined = stage.press(session, "fail");
  CHECK(declined.status == 303);
  CHECK(declined.header("location") == "http://school.example/plans");
  stage.settle();
  CHECK(stage.types() == std::vector<std::string>{"charge.failed", "payment_intent.payment_failed"});
  CHECK(stage.ask("GET", "/v1/checkout/sessions/" + session["id"].get<std::string>())["status"] == "open");
  CHECK(std::string(stage.press(session, "pay").header("location")).starts_with("http://school.example/done"));
}

TEST_CASE("cancelling leads back and leaves the session open") {
  Stage stage;
  const Json session = opened(stage);
  CHECK(stage.press(session, "cancel").header("location") == "http://school.example/plans");
  stage.settle();
  CHECK(stage.events().empty());
  CHECK(stage.ask("GET", "/v1/checkout/sessions/" + session["id"].get<std::string>())["status"] == "open");
}

TEST_CASE("delayed notices come when the clock says so, or when they are asked for") {
  Stage stage;
  const Json first = opened(stage);
  CHECK(stage.press(first, "delay").status == 303);
  stage.settle();
  CHECK(stage.events().empty());
  stage.sandbox.advance(seconds(5));
  stage.settle();
  CHECK(stage.types() == bought);
  const Json second = opened(stage);
  stage.press(second, "delay");
  stage.call("POST", stage.school() + "/dev/deliver");
  stage.settle();
  CHECK(stage.types() == bought);
}

TEST_CASE("notices can come twice, out of order, or not at all") {
  Stage stage;
  stage.press(opened(stage), "twice");
  stage.settle();
  std::map<std::string, int> seen;
  for (const auto& each : stage.events()) ++seen[each["id"]];
  CHECK(seen.size() == bought.size());
  for (const auto& [id, times] : seen) CHECK(times == 2);

  stage.press(opened(stage), "disorder");
  stage.settle();
  CHECK(sorted(stage.types()) == sorted(bought));

  const Json lost = opened(stage);
  stage.press(lost, "lost");
  stage.settle();
  CHECK(stage.events().empty());
  const auto list = stage.ask("GET", "/v1/events?types[0]=checkout.session.completed&limit=1");
  CHECK(list["data"][0]["data"]["object"]["id"] == lost["id"]);
}

TEST_CASE("a notice that is not answered well is sent again with a new signature") {
  Stage stage;
  const Json session = opened(stage);
  stage.answers = {500, 302};
  stage.press(session, "pay");
  stage.settle();
  CHECK(stage.hooks.size() == bought.size());
  stage.sandbox.advance(minutes(1));
  stage.settle();
  CHECK(stage.hooks.size() == bought.size() + 2);
  CHECK(stage.hooks[0].body == stage.hooks[bought.size()].body);
  CHECK(stage.hooks[0].header("stripe-signature") != stage.hooks[bought.size()].header("stripe-signature"));
}

TEST_CASE("a one-time payment needs no subscription") {
  Stage stage;
  const Json session = stage.checkout("", "payment");
  stage.settle();
  stage.forget();
  stage.press(session, "pay");
  stage.settle();
  CHECK(stage.types() ==
        std::vector<std::string>{"payment_intent.succeeded", "charge.succeeded", "checkout.session.completed"});
}

TEST_CASE("a coupon takes its share off the first payment, or off every one") {
  for (const std::string duration : {"once", "forever"}) {
    INFO(duration);
    Stage stage;
    const std::string coupon = stage.ask("POST", "/v1/coupons", "percent_off=25&duration=" + duration)["id"];
    const Json session = stage.checkout("&discounts[0][coupon]=" + coupon);
    CHECK(session["amount_subtotal"] == 1200);
    CHECK(session["amount_total"] == 900);
    CHECK(session["total_details"]["amount_discount"] == 300);
    stage.press(session, "pay");
    stage.settle();
    const Json first = stage.event("invoice.paid")["data"]["object"];
    CHECK(first["subtotal"] == 1200);
    CHECK(first["amount_paid"] == 900);
    CHECK(first["total_discount_amounts"][0]["amount"] == 300);
    stage.forget();
    stage.sandbox.advance(days(32));
    stage.settle();
    CHECK(stage.event("invoice.paid")["data"]["object"]["amount_paid"] == (duration == "once" ? 1200 : 900));
  }
}

TEST_CASE("a coupon for everything makes a purchase free, and one in another currency is refused") {
  Stage stage;
  const std::string all = stage.ask("POST", "/v1/coupons", "percent_off=100&duration=once")["id"];
  const Json session = stage.checkout("&discounts[0][coupon]=" + all, "payment");
  CHECK(session["amount_total"] == 0);
  stage.settle();
  stage.forget();
  stage.press(session, "pay");
  stage.settle();
  CHECK(stage.types() == std::vector<std::string>{"checkout.session.completed"});
  CHECK(stage.events()[0]["data"]["object"]["payment_status"] == "no_payment_required");
  CHECK(stage.refusal("POST", "/v1/coupons", "duration=once") == "400 parameter_missing percent_off");
  CHECK(stage.refusal("POST", "/v1/coupons", "amount_off=100&duration=once") == "400 parameter_missing currency");
}

TEST_CASE("a subscription renews when its period ends, month after month") {
  Stage stage;
  stage.press(opened(stage), "pay");
  stage.settle();
  const Json before = stage.event("customer.subscription.created")["data"]["object"];
  stage.forget();
  stage.sandbox.advance(days(32));
  stage.settle();
  const Json renewed = stage.event("invoice.paid")["data"]["object"];
  CHECK(renewed["billing_reason"] == "subscription_cycle");
  CHECK(renewed["amount_paid"] == 1200);
  CHECK(renewed["parent"]["subscription_details"]["subscription"] == before["id"]);
  const Json after = stage.ask("GET", "/v1/subscriptions/" + before["id"].get<std::string>());
  CHECK(after["items"]["data"][0]["current_period_start"] == before["items"]["data"][0]["current_period_end"]);
  CHECK(stage.event("customer.subscription.updated")["created"] == before["items"]["data"][0]["current_period_end"]);
  stage.sandbox.advance(days(365));
  stage.settle();
  CHECK(stage.ask("GET", "/v1/invoices?limit=100&subscription=" + before["id"].get<std::string>())["data"].size() >=
        13);
}

TEST_CASE("a card that fails at renewal is tried again, and then the subscription ends") {
  Stage stage;
  stage.press(opened(stage), "pay");
  stage.settle();
  stage.sandbox.decline_renewals(true);
  stage.forget();
  stage.sandbox.advance(days(32));
  stage.settle();
  const Json failed = stage.event("invoice.payment_failed")["data"]["object"];
  CHECK(failed["attempt_count"] == 1);
  CHECK(failed["next_payment_attempt"].is_number());
  CHECK(stage.event("customer.subscription.updated")["data"]["object"]["status"] == "past_due");
  SECTION("until it works") {
    stage.sandbox.decline_renewals(false);
    stage.sandbox.advance(days(4));
    stage.settle();
    CHECK(stage.event("invoice.paid")["data"]["object"]["attempt_count"] == 2);
    CHECK(stage.event("customer.subscription.updated")["data"]["object"]["status"] == "active");
  }
  SECTION("or has failed four times") {
    stage.sandbox.advance(days(15));
    stage.settle();
    const Json ended = stage.event("customer.subscription.deleted")["data"]["object"];
    CHECK(ended["status"] == "canceled");
    CHECK(ended["cancellation_details"]["reason"] == "payment_failed");
  }
}

TEST_CASE("an open invoice is paid or voided when asked, once, and its other tries stay as they were") {
  Stage stage;
  stage.press(opened(stage), "pay");
  stage.settle();
  stage.sandbox.decline_renewals(true);
  stage.forget();
  stage.sandbox.advance(days(32));
  stage.settle();
  const Json failed = stage.event("invoice.payment_failed")["data"]["object"];
  const std::string path = "/v1/invoices/" + failed["id"].get<std::string>();
  const std::string subscription =
      "/v1/subscriptions/" + failed["parent"]["subscription_details"]["subscription"].get<std::string>();
  CHECK(stage.refusal("POST", path + "/pay") == "402 card_declined -");
  const Json after = stage.ask("GET", path);
  CHECK(after["status"] == "open");
  CHECK(after["attempt_count"] == failed["attempt_count"]);
  CHECK(after["next_payment_attempt"] == failed["next_payment_attempt"]);
  CHECK(stage.ask("GET", subscription)["status"] == "past_due");
  SECTION("paid") {
    stage.sandbox.decline_renewals(false);
    CHECK(stage.ask("POST", path + "/pay")["status"] == "paid");
    CHECK(stage.ask("GET", subscription)["status"] == "active");
    const auto charges = stage.ask("GET", "/v1/charges?limit=100")["data"].size();
    CHECK(stage.refusal("POST", path + "/pay") == "400 - -");
    CHECK(stage.refusal("POST", path + "/void") == "400 - -");
    stage.sandbox.advance(days(6));
    CHECK(stage.ask("GET", "/v1/charges?limit=100")["data"].size() == charges);
  }
  SECTION("voided") {
    CHECK(stage.ask("POST", path + "/void")["status"] == "void");
    CHECK(stage.ask("GET", subscription)["status"] == "active");
    stage.sandbox.decline_renewals(false);
    CHECK(stage.refusal("POST", path + "/pay") == "400 - -");
    stage.sandbox.advance(days(6));
    CHECK(stage.ask("GET", path)["status"] == "void");
  }
}

TEST_CASE("cancelling at the end of the period keeps it until then, and can be taken back") {
  Stage stage;
  stage.press(opened(stage), "pay");
  stage.settle();
  const std::string id = stage.event("customer.subscription.created")["data"]["object"]["id"];
  const Json ending = stage.ask("POST", "/v1/subscriptions/" + id, "cancel_at_period_end=true");
  CHECK(ending["status"] == "active");
  CHECK(ending["cancel_at"] == ending["items"]["data"][0]["current_period_end"]);
  CHECK(stage.ask("POST", "/v1/subscriptions/" + id, "cancel_at_period_end=false")["cancel_at"].is_null());
  stage.ask("POST", "/v1/subscriptions/" + id, "cancel_at_period_end=true");
  stage.sandbox.advance(days(32));
  stage.settle();
  CHECK(stage.event("customer.subscription.deleted")["data"]["object"]["ended_at"] == ending["cancel_at"]);
  CHECK(stage.refusal("POST", "/v1/subscriptions/" + id, "cancel_at_period_end=false") == "404 resource_missing id");
  CHECK(stage.ask("GET", "/v1/subscriptions")["data"].empty());
  CHECK(stage.ask("GET", "/v1/subscriptions?status=all")["data"].size() == 1);
}

TEST_CASE("a trial costs nothing until it ends") {
  Stage stage;
  stage.press(opened(stage, "&subscription_data[trial_period_days]=14"), "pay");
  stage.settle();
  const Json session = stage.event("checkout.session.completed")["data"]["object"];
  CHECK(session["payment_status"] == "no_payment_required");
  const Json trial = stage.event("customer.subscription.created")["data"]["object"];
  CHECK(trial["status"] == "trialing");
  CHECK(stage.event("invoice.paid")["data"]["object"]["total"] == 0);
  stage.forget();
  stage.sandbox.advance(days(12));
  stage.settle();
  CHECK(stage.types() == std::vector<std::string>{"customer.subscription.trial_will_end"});
  stage.sandbox.advance(days(3));
  stage.settle();
  CHECK(stage.event("invoice.paid")["data"]["object"]["amount_paid"] == 1200);
  CHECK(stage.ask("GET", "/v1/subscriptions/" + trial["id"].get<std::string>())["status"] == "active");
}

TEST_CASE("a preview costs what the change then costs, at the same moment") {
  for (const std::string rhythm : {"recurring[interval]=month", "recurring[interval]=year"}) {
    INFO(rhythm);
    Stage stage;
    stage.press(opened(stage), "pay");
    stage.settle();
    const Json subscription = stage.event("customer.subscription.created")["data"]["object"];
    const std::string id = subscription["id"];
    const std::string item = subscription["items"]["data"][0]["id"];
    const std::string product = subscription["items"]["data"][0]["price"]["product"];
    stage.sandbox.advance(days(10));
    const std::string dearer =
        stage.ask("POST", "/v1/prices", "product=" + product + "&currency=usd&unit_amount=30000&" + rhythm)["id"];
    const auto at = std::to_string(stage.clock.now().ms / 1000);
    const Json preview = stage.ask("POST", "/v1/invoices/create_preview",
                                   "subscription=" + id + "&subscription_details[items][0][id]=" + item +
                                       "&subscription_details[items][0][price]=" + dearer +
                                       "&subscription_details[proration_behavior]=always_invoice" +
                                       "&subscription_details[proration_date]=" + at);
    CHECK(preview["lines"]["data"][0]["amount"] < 0);
    stage.sandbox.advance(minutes(1));
    const Json changed = stage.ask("POST", "/v1/subscriptions/" + id,
                                   "items[0][id]=" + item + "&items[0][price]=" + dearer +
                                       "&proration_behavior=always_invoice&proration_date=" + at +
                                       "&payment_behavior=pending_if_incomplete");
    const Json invoice = stage.ask("GET", "/v1/invoices/" + changed["latest_invoice"].get<std::string>());
    CHECK(invoice["amount_paid"] == preview["amount_due"]);
  }
}

TEST_CASE("a schedule changes the price when the period ends, and holds the subscription until it is released") {
  Stage stage;
  stage.press(opened(stage), "pay");
  stage.settle();
  const Json subscription = stage.event("customer.subscription.created")["data"]["object"];
  const std::string id = subscription["id"];
  const Json item = subscription["items"]["data"][0];
  const std::string cheaper = stage.ask("POST", "/v1/prices",
                                        "product=" + item["price"]["product"].get<std::string>() +
                                            "&currency=usd&unit_amount=500&recurring[interval]=month")["id"];
  const std::string schedule = stage.ask("POST", "/v1/subscription_schedules", "from_subscription=" + id)["id"];
  CHECK(stage.refusal("POST", "/v1/subscriptions/" + id, "cancel_at_period_end=true") == "400 - -");
  stage.ask("POST", "/v1/subscription_schedules/" + schedule,
            "end_behavior=release&phases[0][items][0][price]=" + item["price"]["id"].get<std::string>() +
                "&phases[0][start_date]=" + std::to_string(item["current_period_start"].get<std::int64_t>()) +
                "&phases[0][end_date]=" + std::to_string(item["current_period_end"].get<std::int64_t>()) +
                "&phases[1][items][0][price]=" + cheaper + "&phases[1][duration][interval]=month");
  CHECK(stage.ask("GET", "/v1/subscriptions/" + id)["items"]["data"][0]["price"]["id"] == item["price"]["id"]);
  stage.sandbox.advance(days(32));
  stage.settle();
  const Json after = stage.ask("GET", "/v1/subscriptions/" + id);
  CHECK(after["items"]["data"][0]["price"]["id"] == cheaper);
  CHECK(after["schedule"].is_null());
  CHECK(stage.event("invoice.paid")["data"]["object"]["amount_paid"] == 500);
}

TEST_CASE("a change of plan names its item, and the difference is billed when asked") {
  Stage stage;
  stage.press(opened(stage), "pay");
  stage.settle();
  const Json subscription = stage.event("customer.subscription.created")["data"]["object"];
  const std::string path = "/v1/subscriptions/" + subscription["id"].get<std::string>();
  const std::string product = subscription["items"]["data"][0]["price"]["product"];
  const std::string dearer = stage.ask(
      "POST", "/v1/prices", "product=" + product + "&currency=usd&unit_amount=3000&recurring[interval]=month")["id"];
  CHECK(stage.refusal("POST", path, "items[0][price]=" + dearer) == "400 - items[0][id]");
  const std::string item = subscription["items"]["data"][0]["id"];
  const Json changed = stage.ask(
      "POST", path, "items[0][id]=" + item + "&items[0][price]=" + dearer + "&proration_behavior=always_invoice");
  CHECK(changed["items"]["data"].size() == 1);
  CHECK(changed["items"]["data"][0]["price"]["id"] == dearer);
  const Json invoice = stage.ask("GET", "/v1/invoices/" + changed["latest_invoice"].get<std::string>());
  CHECK(invoice["billing_reason"] == "subscription_update");
  CHECK(invoice["amount_paid"] > 1700);
  CHECK(invoice["amount_paid"] <= 1800);
}

TEST_CASE("in the portal people cancel and keep their subscription") {
  Stage stage;
  stage.press(opened(stage), "pay");
  stage.settle();
  const Json subscription = stage.event("customer.subscription.created")["data"]["object"];
  const Json portal =
      stage.ask("POST", "/v1/billing_portal/sessions",
                "customer=" + subscription["customer"].get<std::string>() + "&return_url=http://school.example/");
  const std::string id = subscription["id"];
  CHECK(stage.call("GET", portal["url"]).body.find("All courses") != std::string::npos);
  stage.call("POST", portal["url"], "subscription=" + id + "&outcome=end");
  CHECK(stage.ask("GET", "/v1/subscriptions/" + id)["cancel_at_period_end"] == true);
  stage.call("POST", portal["url"], "subscription=" + id + "&outcome=resume");
  CHECK(stage.ask("GET", "/v1/subscriptions/" + id)["cancel_at_period_end"] == false);
}
