#include "billing/payments/told.h"

#include <catch2/catch_test_macros.hpp>

using namespace tuition;
using namespace tuition::billing;

TEST_CASE("what a payment provider told is a sentence without the provider's own names") {
  struct Case {
    const char* type;
    EventStatus status;
    const char* sentence;
  };
  const Case cases[] = {
      {"invoice.payment_failed", EventStatus::processed, "Stripe told us that the payment did not go through."},
      {"charge.success", EventStatus::received, "Stripe told us that the payment came in; this waits to be looked at."},
      {"charge.dispute.created", EventStatus::failed,
       "Stripe told us that the buyer's bank doubts the payment; this could not be applied yet and is tried again."},
      {"refund.processed", EventStatus::dead,
       "Stripe told us that money was sent back; this could not be applied and waits for you under Events."},
      {"mandate.updated", EventStatus::ignored,
       "Stripe told us that something about this payment changed; nothing had to be done about it."},
  };
  for (const auto& each : cases) CHECK(told_sentence("Stripe", each.type, each.status) == each.sentence);
}
