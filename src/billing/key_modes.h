#pragma once

#include "billing/gateway.h"

namespace tuition::billing {

struct Billing;

// A provider does not know under a live key what it names under a test key, nor the other way round: taken for lost,
// somebody's running subscription would end here and be charged on there. So the books belong to one of the two, and
// take one step only: with the first live key all that was named for tests is let go. Whether the gateway's key may be
// used over these books: a test key may not over live ones. Before the gateway is used for anything.
bool settle_mode(Billing& billing, const Gateway& gateway);

}  // namespace tuition::billing
