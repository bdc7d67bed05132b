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
