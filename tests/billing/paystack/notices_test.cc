#include "billing/paystack/notices.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <set>

#include "billing/paystack/requests.h"
#include "billing/paystack/signature.h"
#include "checkout.h"
#include "platform/base/json.h"
#include "sample.h"

namespace tuition::billing::paystack {
namespace {

std::string file(const std::string& path) { return tuition::tests::sample("tests/billing/paystack/events/" + path); }

JsonNode node(const std::string& path) {
  auto parsed = parse_json(file(path));
  REQUIRE(parsed);
  return std::move(parsed).value();
}

Notice notice(const std::string& path, bool test_mode = true) {
  const auto read = read_event(node(path), file(path), test_mode);
  REQUIRE(read);
  return *read;
}

CheckoutState verified(const std::string& name, bool test_mode = true) {
  return read_transaction(*node("verify/" + name + ".json").find("data"), test_mode);
}

}  // namespace

TEST_CASE("Paystack's signatures are accepted and refused as the collected cases say") {
  const auto cases = Json::parse(file("signatures.json"));
  REQUIRE(cases["cases"].size() > 4);
  for (const auto& one : cases["cases"]) {
    INFO(one["name"].get<std::string>());
    const auto key = one.contains("key") ? one["key"].get<std::string>() : cases["key"].get<std::string>();
    const auto verdict = check_signature(one["header"].is_null() ? "" : one["header"].get<std::string>(),
                                         one["payload"].get<std::string>(), {Secret(key)});
    CHECK(verdict.ok() == one["valid"].get<bool>());
  }
}

TEST_CASE("while a key is rolled both sign, and an empty one never does") {
  const Secret old_key("sk_test_old");
  const Secret new_key("sk_test_new");
  const auto header = sign("{}", old_key);
  CHECK(check_signature(header, "{}", {new_key, old_key}));
  CHECK_FALSE(check_signature(header, "{}", {new_key}));
  CHECK_FALSE(check_signature(sign("{}", Secret("")), "{}", {Secret("")}));
  CHECK_FALSE(check_signature(header, "{}", {}));
}

TEST_CASE("events about subscriptions name the subscription, and of a paid period its payment") {
  const auto story = [](const std::string& name) { return notice("story_subscription/" + name + ".json"); };
  CHECK(story("01_charge.success").about == Notice::About::checkout);
  const std::string code = "SUB_7q1w9e3r5t2y8u4";
  for (const auto* name : {"02_subscription.create", "03_invoice.create", "07_invoice.payment_failed",
                           "08_invoice.update", "09_subscription.not_renew", "10_subscription.disable"}) {
    INFO(name);
    CHECK(story(name).about == Notice::About::subscription);
    CHECK(story(name).object_id == code);
  }
  CHECK(story("05_invoice.update").about == Notice::About::checkout);
  CHECK(story("05_invoice.update").object_id == story("04_charge.success").object_id);
  std::set<std::string> ids;
  for (const auto* name :
       {"02_subscription.create", "03_invoice.create", "05_invoice.update", "06_invoice.create",
        "07_invoice.payment_failed", "08_invoice.update", "09_subscription.not_renew", "10_subscription.disable"})
    ids.insert(story(name).event_id);
  CHECK(ids.size() == 8);
  CHECK(notice("types/subscription.expiring_cards.json").about == Notice::About::nothing_we_handle);
}

TEST_CASE("a subscription of Paystack's is read in our words") {
  const auto read = [](const std::string& name) {
    return read_subscription(*node("story_subscription/" + name + ".json").find("data"));
  };
  const auto begun = read("02_subscription.create");
  CHECK(begun.id == "SUB_7q1w9e3r5t2y8u4");
  CHECK(begun.status == SubscriptionStatus::active);
  CHECK(begun.price_id == "PLN_k3v9x1t7q5m2zdh");
  CHECK(begun.customer_email == "amina.otieno@example.com");
  CHECK(begun.period_end == *parse_instant("2026-12-02T09:00:00Z"));
  CHECK_FALSE(begun.ends_at_period_end);
  const auto ending = read("09_subscription.not_renew");
  CHECK(ending.status == SubscriptionStatus::active);
  CHECK(ending.ends_at_period_end);
  CHECK(ending.period_end.ms == 0);
  CHECK(read("10_subscription.disable").status == SubscriptionStatus::canceled);
  const auto failed = *node("story_subscription/07_invoice.payment_failed.json").find("data")->find("subscription");
  CHECK(read_subscription(failed).status == SubscriptionStatus::past_due);
  CHECK(read_subscription(failed).period_end.ms == 0);
  const auto odd = read_subscription(parse_json(R"({"subscription_code":"SUB_1","status":"resting"})").value());
  CHECK(odd.unknown_status == "resting");
  CHECK(odd.status != SubscriptionStatus::canceled);
}

TEST_CASE("a payment for a plan waits for its subscription, and says which plan") {
  const auto paid = *node("story_subscription/01_charge.success.json").find("data");
  CHECK(read_transaction(paid, true).awaits_subscription);
  CHECK(plan_of(paid).code == "PLN_k3v9x1t7q5m2zdh");
  CHECK(plan_of(paid).number == "2210457");
  CHECK_FALSE(verified("success").awaits_subscription);
}

TEST_CASE("Paystack knows some intervals, and no others") {
  const auto word = [](Interval interval, std::int64_t count) {
    Price price;
    price.interval = interval;
    price.interval_count = count;
    return std::string(interval_of(price));
  };
  CHECK(word(Interval::day, 1) == "daily");
  CHECK(word(Interval::week, 1) == "weekly");
  CHECK(word(Interval::month, 1) == "monthly");
  CHECK(word(Interval::month, 3) == "quarterly");
  CHECK(word(Interval::month, 6) == "biannually");
  CHECK(word(Interval::year, 1) == "annually");
  CHECK(word(Interval::month, 2).empty());
  CHECK(word(Interval::week, 2).empty());
  CHECK(word(Interval::once, 1).empty());
}

TEST_CASE("of a transaction only a success is paid") {
  CHECK(verified("success").paid);
  CHECK(verified("success").status == CheckoutState::Status::complete);
  for (const auto* name : {"abandoned", "failed", "pending", "processing", "queued"}) {
    INFO(name);
    const auto state = verified(name);
    CHECK_FALSE(state.paid);
    CHECK(state.status == CheckoutState::Status::open);
  }
  CHECK(verified("failed").last_try_failed);
  CHECK_FALSE(verified("abandoned").last_try_failed);
}

TEST_CASE("a transaction of the other mode is doubted, whatever it says") {
  CHECK(verified("success").doubt.empty());
  CHECK_FALSE(verified("success", false).doubt.empty());
}

TEST_CASE("a transaction names its amount, its reference and a card that may be charged again") {
  const auto state = verified("success");
  CHECK(state.total_minor == 490000);
  CHECK(state.currency.code() == "KES");
  CHECK(state.session_id == "pay-01JBQ8-pack");
  REQUIRE(state.card);
  CHECK(state.card->label == "visa 4081");
}

TEST_CASE("every event is read, and says which transaction it is about") {
  std::set<std::string> ids;
  for (const auto& each :
       std::filesystem::directory_iterator(tuition::tests::checkout() / "tests/billing/paystack/events/types")) {
    const auto name = "types/" + each.path().filename().string();
    INFO(name);
    const auto read = notice(name);
    ids.insert(read.event_id);
    const bool handled = read.about != Notice::About::nothing_we_handle;
    CHECK(handled == read.ignored_because.empty());
    if (handled) CHECK_FALSE(read.object_id.empty());
  }
  CHECK(ids.size() > 15);
  CHECK(notice("types/charge.success.json").event_id == "charge.success:4099118834");
  CHECK(notice("types/charge.success.json").about == Notice::About::checkout);
  CHECK(notice("types/refund.processed.json").about == Notice::About::payment);
  CHECK(notice("types/charge.dispute.create.json").object_id == "pay-01JBQ8-pack");
  CHECK(notice("types/unknown_event.json").about == Notice::About::nothing_we_handle);
  CHECK(notice("types/charge.success.json", false).about == Notice::About::nothing_we_handle);
}

TEST_CASE("metadata may come as an object, as text or not at all") {
  const auto data = [](const std::string& metadata) {
    return *parse_json(
        "{\"reference\":\"r\",\"status\":\"success\",\"amount\":1,\"currency\":\"KES\",\"domain\":\"test\","
        "\"metadata\":" +
        metadata + "}");
  };
  CHECK(read_transaction(data("{\"checkout_id\":\"c1\"}"), true).checkout_id == "c1");
  CHECK(read_transaction(data("\"{\\\"checkout_id\\\":\\\"c1\\\"}\""), true).checkout_id == "c1");
  for (const auto* nothing : {"\"\"", "0", "null", "\"no json\""}) {
    INFO(nothing);
    CHECK(read_transaction(data(nothing), true).checkout_id.empty());
    CHECK(read_transaction(data(nothing), true).paid);
  }
}

TEST_CASE("amounts are counted in hundredths in every currency") {
  const auto kes = *Currency::parse("KES");
  const auto xof = *Currency::parse("XOF");
  CHECK(*to_subunits({150000, kes}) == 150000);
  CHECK(*to_subunits({500, xof}) == 50000);
  CHECK(from_subunits(50000, xof) == 500);
  CHECK_FALSE(from_subunits(50050, xof));
  CHECK_FALSE(to_subunits({1000, *Currency::parse("KWD")}));
}

TEST_CASE("disputes end won or lost") {
  const auto read = [](const char* status, const char* resolution) {
    return read_dispute(*parse_json(std::string("{\"id\":1,\"currency\":\"KES\",\"refund_amount\":100,\"status\":\"") +
                                    status + "\",\"resolution\":\"" + resolution + "\"}"))
        .status;
  };
  CHECK(read("awaiting-merchant-feedback", "") == DisputeStatus::open);
  CHECK(read("resolved", "declined") == DisputeStatus::won);
  CHECK(read("resolved", "merchant-accepted") == DisputeStatus::lost);
}

}  // namespace tuition::billing::paystack
