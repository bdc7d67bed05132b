#include "billing/stripe/signature.h"

#include <catch2/catch_test_macros.hpp>

#include "platform/base/json.h"
#include "sample.h"

namespace tuition::billing::stripe {

TEST_CASE("Stripe's signatures are accepted and refused as the collected cases say") {
  const auto cases = Json::parse(tuition::tests::sample("tests/billing/stripe/events/signatures.json"));
  const auto secrets_of = [&](const Json& one) {
    std::vector<Secret> secrets;
    for (const auto& each : one.contains("secrets") ? one["secrets"] : cases["secrets"])
      secrets.emplace_back(each.get<std::string>());
    return secrets;
  };
  REQUIRE(cases["cases"].size() > 10);
  for (const auto& one : cases["cases"]) {
    INFO(one["name"].get<std::string>());
    const auto verdict = check_signature(one["header"].is_null() ? "" : one["header"].get<std::string>(),
                                         one["payload"].get<std::string>(), secrets_of(one),
                                         Instant{one["clock"].get<std::int64_t>() * 1000});
    CHECK(verdict.ok() == one["valid"].get<bool>());
  }
}

TEST_CASE("what we sign ourselves is accepted, and not when a byte is changed") {
  const Secret secret("whsec_test");
  const Instant now{1793610130000};
  const auto header = sign("{\"id\":1}", secret, now);
  CHECK(check_signature(header, "{\"id\":1}", {secret}, now));
  CHECK_FALSE(check_signature(header, "{\"id\":2}", {secret}, now));
  CHECK_FALSE(check_signature(header, "{\"id\":1}", {Secret("")}, now));
  CHECK_FALSE(check_signature(header, "{\"id\":1}", {}, now));
}

TEST_CASE("a signature from too far ahead is refused like one too old") {
  const Secret secret("whsec_test");
  const auto header = sign("x", secret, Instant{1'000'000'000});
  CHECK(check_signature(header, "x", {secret}, Instant{1'000'000'000 - 299'000}));
  CHECK_FALSE(check_signature(header, "x", {secret}, Instant{1'000'000'000 - 301'000}));
}

}  // namespace tuition::billing::stripe
