#include "billing/payments/refund_rules.h"

#include <catch2/catch_test_macros.hpp>

#include "billing/offers/tax.h"

using namespace tuition;
using namespace tuition::billing;

TEST_CASE("how much goes back is the amount, the lines or the rest, and never more than is left") {
  const Refundable whole{1000, 0, {700, 300}};
  const Refundable half{1000, 500, {}};
  CHECK(*refund_amount(whole, {}, {}) == 1000);
  CHECK(*refund_amount(half, {}, {}) == 500);
  CHECK(*refund_amount(half, 500, {}) == 500);
  CHECK(*refund_amount(whole, {}, {{1, {}}}) == 300);
  CHECK(*refund_amount(whole, {}, {{0, 200}, {1, {}}}) == 500);
  CHECK(*refund_amount(whole, 500, {{0, 200}, {1, {}}}) == 500);

  struct Refused {
    Refundable payment;
    std::optional<std::int64_t> amount;
    std::vector<RefundLine> lines;
    Kind kind;
  };
  const Refused cases[] = {
      {{1000, 1000, {}}, {}, {}, Kind::conflict},
      {half, 501, {}, Kind::unprocessable},
      {whole, 1001, {}, Kind::unprocessable},
      {half, {}, {{0, {}}}, Kind::unprocessable},
      {whole, {}, {{2, {}}}, Kind::unprocessable},
      {whole, {}, {{-1, {}}}, Kind::unprocessable},
      {whole, {}, {{0, {}}, {0, {}}}, Kind::unprocessable},
      {whole, {}, {{1, 301}}, Kind::unprocessable},
      {whole, 400, {{1, {}}}, Kind::unprocessable},
      {whole, 0, {}, Kind::unprocessable},
      {{1000, 800, {700, 300}}, {}, {{1, {}}}, Kind::unprocessable},
  };
  for (const auto& each : cases) {
    const auto refused = refund_amount(each.payment, each.amount, each.lines);
    REQUIRE(!refused);
    CHECK(refused.error().kind == each.kind);
  }
}

TEST_CASE("access ends with a purchase that is given back whole, and stays otherwise") {
  CHECK(usual_policy({1000, 0, {}}, 1000, true) == AccessPolicy::end_now);
  CHECK(usual_policy({1000, 600, {}}, 400, true) == AccessPolicy::end_now);
  CHECK(usual_policy({1000, 0, {}}, 999, true) == AccessPolicy::keep);
  CHECK(usual_policy({1000, 0, {}}, 1000, false) == AccessPolicy::keep);
}

TEST_CASE("where a payment stands follows from what went back and what is doubted") {
  CHECK(standing_of(1000, 0, false) == PaymentStatus::success);
  CHECK(standing_of(1000, 1, false) == PaymentStatus::partially_refunded);
  CHECK(standing_of(1000, 1000, false) == PaymentStatus::refunded);
  CHECK(standing_of(1000, 0, true) == PaymentStatus::disputed);
  CHECK(standing_of(1000, 1000, true) == PaymentStatus::refunded);
}
