#include "platform/base/money.h"

#include <catch2/catch_test_macros.hpp>

namespace tuition {
namespace {
Money of(std::int64_t minor, std::string_view code) { return {minor, *Currency::parse(code)}; }
}  // namespace

TEST_CASE("a currency is known by its code in either case, and nothing else is") {
  CHECK(Currency::parse("kes")->code() == "KES");
  for (const auto* text : {"", "US", "USDX", "XYZ", "U D", "   "}) CHECK_FALSE(Currency::parse(text));
}

TEST_CASE("amounts are written with as many decimals as their currency has") {
  CHECK(to_text(of(1250, "USD")) == "12.50 USD");
  CHECK(to_text(of(5, "USD")) == "0.05 USD");
  CHECK(to_text(of(-5, "USD")) == "-0.05 USD");
  CHECK(to_text(of(1200, "JPY")) == "1200 JPY");
  CHECK(to_text(of(1234, "KWD")) == "1.234 KWD");
}

TEST_CASE("amounts as people type them are read exactly or not at all") {
  CHECK(parse_money("12.5", *Currency::parse("USD"))->minor == 1250);
  CHECK(parse_money("1200", *Currency::parse("JPY"))->minor == 1200);
  CHECK(parse_money("-0.01", *Currency::parse("USD"))->minor == -1);
  for (const auto* text : {"", ".5", "1.", "1,000", "1.234", "1e3", "+1", " 1", "9999999999999999"})
    CHECK_FALSE(parse_money(text, *Currency::parse("USD")));
  CHECK_FALSE(parse_money("1.5", *Currency::parse("JPY")));
}

TEST_CASE("arithmetic refuses two currencies and results that do not fit") {
  CHECK(add(of(1, "USD"), of(2, "USD"))->minor == 3);
  CHECK_FALSE(add(of(1, "USD"), of(2, "EUR")));
  CHECK_FALSE(add(of(INT64_MAX, "USD"), of(1, "USD")));
  CHECK_FALSE(multiply(of(INT64_MAX, "USD"), 2));
}

TEST_CASE("a share is rounded half away from zero") {
  CHECK(share_round_half_up(of(5, "USD"), 1, 2)->minor == 3);
  CHECK(share_round_half_up(of(-5, "USD"), 1, 2)->minor == -3);
  CHECK(share_round_half_up(of(10, "USD"), 1, 3)->minor == 3);
  CHECK(share_round_half_up(of(20, "USD"), 1, 3)->minor == 7);
  CHECK(share_round_half_up(of(INT64_MAX, "USD"), 1, 1)->minor == INT64_MAX);
  CHECK_FALSE(share_round_half_up(of(INT64_MAX, "USD"), 3, 2));
}

}  // namespace tuition
