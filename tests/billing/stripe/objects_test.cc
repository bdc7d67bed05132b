#include "billing/stripe/objects.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>

#include "checkout.h"
#include "sample.h"

namespace tuition::billing::stripe {
namespace {

JsonNode event(const std::string& path) {
  auto node = parse_json(tuition::tests::sample("tests/billing/stripe/events/" + path));
  REQUIRE(node);
  return std::move(node).value();
}

const JsonNode& object(const JsonNode& event) { return *event.find("data")->find("object"); }

}  // namespace

TEST_CASE("a subscription is read the same from the present and the old shape") {
  for (const std::string folder : {"types", "old_2024-06-20"}) {
    INFO(folder);
    const auto node = event(folder + "/customer.subscription.created.json");
    const auto state = read_subscription(object(node));
    CHECK(state.id.starts_with("sub_"));
    CHECK(state.customer_id.starts_with("cus_"));
    CHECK(state.price_id.starts_with("price_"));
    CHECK(state.status == SubscriptionStatus::active);
    CHECK(state.period_start < state.period_end);
    CHECK(state.period_end.ms > 1'700'000'000'000);
    CHECK_FALSE(state.ends_at_period_end);
  }
}

TEST_CASE("an invoice is read the same from the present and the old shape") {
  for (const std::string folder : {"types", "old_2024-06-20"}) {
    INFO(folder);
    const auto node = event(folder + "/invoice.paid.json");
    const auto state = read_invoice(object(node));
    CHECK(state.id.starts_with("in_"));
    CHECK(state.subscription_id.starts_with("sub_"));
    CHECK(state.status == InvoiceStatus::paid);
    CHECK(state.total_minor > 0);
    CHECK(state.paid_minor == state.total_minor);
    CHECK(state.currency.code() == "USD");
    CHECK(state.paid.has_value());
    CHECK_FALSE(state.lines.empty());
  }
}

TEST_CASE("an invoice that was paid after tries that failed names the payment that went through") {
  const auto node = parse_json(R"({"id": "in_1", "object": "invoice", "status": "paid", "payments": {"data": [
    {"status": "canceled", "payment": {"payment_intent": "pi_first"}},
    {"status": "paid", "payment": {"payment_intent": "pi_second"}},
    {"status": "open", "payment": {"payment_intent": "pi_third"}}]}})");
  REQUIRE(node);
  CHECK(read_invoice(*node).payment_id == "pi_second");
}

TEST_CASE("a completed checkout says whether it is paid") {
  const auto node = event("types/checkout.session.completed.json");
  const auto state = read_checkout(object(node));
  CHECK(state.status == CheckoutState::Status::complete);
  CHECK(state.paid);
  CHECK(state.amount_minor == 1200);
  CHECK(state.currency.code() == "USD");
}

TEST_CASE("a cancellation at period end is seen, and its withdrawal too") {
  const auto cancelled = event("types/customer.subscription.updated.cancel_at_period_end.json");
  CHECK(read_subscription(object(cancelled)).ends_at_period_end);
  const auto withdrawn = event("types/customer.subscription.updated.cancel_withdrawn.json");
  CHECK_FALSE(read_subscription(object(withdrawn)).ends_at_period_end);
}

TEST_CASE("every collected event is either read or kept without effect, and none of the other mode is handled") {
  int seen = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(tuition::tests::checkout() / "tests/billing/stripe/events/types")) {
    const auto name = file.path().filename().string();
    INFO(name);
    const auto node = event("types/" + name);
    const auto notice = read_event(node, true);
    REQUIRE(notice);
    CHECK(notice->event_id.starts_with("evt_"));
    const auto live = read_event(node, false);
    REQUIRE(live);
    CHECK(live->about == Notice::About::nothing_we_handle);
    CHECK_FALSE(live->ignored_because.empty());
    ++seen;
  }
  CHECK(seen > 60);
}

TEST_CASE("an unknown event type is kept without effect, and another event format is refused") {
  const auto unknown = read_event(event("odd/unknown_type.json"), true);
  REQUIRE(unknown);
  CHECK(unknown->about == Notice::About::nothing_we_handle);
  CHECK_FALSE(read_event(event("odd/thin_event_v2.json"), true));
}

TEST_CASE("what changes a subscription, an invoice or a payment is heard of, by the object that it is about") {
  struct Case {
    const char* file;
    Notice::About about;
    const char* object;
  };
  const Case cases[] = {
      {"customer.subscription.pending_update_applied", Notice::About::subscription, "sub_"},
      {"customer.subscription.pending_update_expired", Notice::About::subscription, "sub_"},
      {"customer.subscription.paused", Notice::About::subscription, "sub_"},
      {"customer.subscription.resumed", Notice::About::subscription, "sub_"},
      {"invoice.finalization_failed", Notice::About::invoice, "in_"},
      {"invoice.payment_action_required", Notice::About::invoice, "in_"},
      {"invoice_payment.paid", Notice::About::invoice, "in_"},
      {"refund.failed", Notice::About::payment, "pi_"},
      {"charge.refunded.partial", Notice::About::payment, "pi_"},
      {"charge.dispute.funds_reinstated", Notice::About::payment, "pi_"},
  };
  for (const auto& each : cases) {
    INFO(each.file);
    const auto notice = read_event(event("types/" + std::string(each.file) + ".json"), true);
    REQUIRE(notice);
    CHECK(notice->about == each.about);
    CHECK(notice->object_id.starts_with(each.object));
  }
}

TEST_CASE("a state of a subscription that we have no word for is told as such, and is no end") {
  const auto state = read_subscription(parse_json(R"({"id":"sub_1","status":"hibernating"})").value());
  CHECK(state.unknown_status == "hibernating");
  CHECK(state.status != SubscriptionStatus::canceled);
  CHECK(read_subscription(parse_json(R"({"id":"sub_1","status":"unpaid"})").value()).unknown_status.empty());
}

TEST_CASE("the end of a trial is heard of, and what is left alone says why") {
  const auto ends = read_event(event("types/customer.subscription.trial_will_end.json"), true);
  REQUIRE(ends);
  CHECK(ends->about == Notice::About::subscription);
  CHECK(ends->object_id.starts_with("sub_"));
  for (const char* type :
       {"invoice.created", "invoice.payment_succeeded", "payment_intent.succeeded", "payment_intent.payment_failed",
        "charge.succeeded", "payment_method.attached", "customer.created", "customer.updated", "customer.deleted",
        "product.created", "price.created"}) {
    INFO(type);
    const auto left = read_event(event("types/" + std::string(type) + ".json"), true);
    REQUIRE(left);
    CHECK(left->about == Notice::About::nothing_we_handle);
    CHECK_FALSE(left->ignored_because.empty());
    CHECK(left->ignored_because != "nothing follows from events of this type");
  }
}

TEST_CASE("what is on sale there is heard of when it changes") {
  const auto renamed = read_event(event("types/product.updated.json"), true);
  REQUIRE(renamed);
  REQUIRE(renamed->about == Notice::About::offer);
  CHECK(renamed->offer->sort == OfferThere::Sort::product);
  CHECK(renamed->offer->name == "Pro plan 2027");
  CHECK(renamed->offer->active);
  CHECK_FALSE(renamed->offer->removed);
  const auto gone = read_event(event("types/price.deleted.json"), true);
  REQUIRE(gone);
  REQUIRE(gone->about == Notice::About::offer);
  CHECK(gone->offer->sort == OfferThere::Sort::price);
  CHECK(gone->offer->removed);
}

TEST_CASE("a subscription for several things keeps all of them") {
  const auto state = read_subscription(
      parse_json(R"({"id":"sub_1","status":"active","items":{"data":[)"
                 R"({"id":"si_1","price":"price_other","current_period_end":1},)"
                 R"({"id":"si_2","price":{"id":"price_ours"},"current_period_start":1,"current_period_end":2}]}})")
          .value());
  CHECK(state.item_id == "si_1");
  REQUIRE(state.more_items.size() == 1);
  CHECK(state.more_items[0].price_id == "price_ours");
  CHECK(state.more_items[0].period_end == Instant{2000});
}

TEST_CASE("a cancellation by a date is one, and the day it was asked for is not its end") {
  const auto state = read_subscription(parse_json(R"({"id":"sub_1","status":"active","cancel_at_period_end":false,)"
                                                  R"("cancel_at":1798880520,"canceled_at":1795593600})")
                                           .value());
  CHECK(state.ends_at_period_end);
  CHECK(state.cancelled_at == Instant{1'795'593'600'000});
  CHECK_FALSE(state.ended_at);
}

TEST_CASE("a time beyond all calendars is no time") {
  for (const auto* at : {"9223372036854775807", "253402300800", "-1"}) {
    const auto node =
        parse_json(std::string(R"({"object":"event","id":"evt_1","type":"x","created":)") + at + "}").value();
    CHECK(read_event(node, true).value().created == Instant{});
  }
}

TEST_CASE("a forecast of an invoice has nothing to act on") {
  const auto notice = read_event(event("types/invoice.upcoming.json"), true);
  REQUIRE(notice);
  CHECK(notice->about == Notice::About::nothing_we_handle);
}

TEST_CASE("a refund is read with what came back and how it stands") {
  const auto state = read_refund(object(event("types/refund.created.json")));
  CHECK(state.id.starts_with("re_"));
  CHECK(state.amount_minor > 0);
  CHECK(state.status == RefundStatus::succeeded);
  CHECK(state.currency != Currency{});
  CHECK(read_refund(object(event("types/refund.failed.json"))).status == RefundStatus::failed);
}

TEST_CASE("a checkout of something paid once is read with its payment, its discount and what was paid") {
  const auto state = read_checkout(object(event("story_purchase_refund/03_checkout.session.completed.json")));
  CHECK(state.paid);
  CHECK(state.payment_id.starts_with("pi_"));
  CHECK(state.total_minor == state.amount_minor - state.discount_minor);
  CHECK(state.total_minor > 0);
  CHECK_FALSE(state.subscription);
}

}  // namespace tuition::billing::stripe
