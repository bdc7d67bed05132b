#pragma once

// What is on sale is decided here; a gateway has names for it, which somebody may change on its own pages. That changes
// nothing here, but buyers would meet it: it is told to administrators.

#include <string>

#include "billing/gateway.h"
#include "platform/storage/database.h"

namespace tuition::billing {

// In a sentence, how what a gateway says of something on sale differs from what it is here; empty when it does not, or
// is none of ours.
std::string difference_of(ReadTx& tx, const std::string& provider, const OfferThere& there);

}  // namespace tuition::billing
