#pragma once

#include <optional>
#include <vector>

#include "billing/gateway.h"
#include "billing/types.h"
#include "platform/base/result.h"
#include "platform/storage/database.h"

namespace tuition::billing {

// What somebody names who wants to buy: a plan or a product, and the price where there is a choice.
struct OfferWish {
  std::optional<PlanId> plan{};
  std::optional<ProductId> product{};
  std::optional<Interval> interval{};
  std::optional<std::int64_t> interval_count{};
  std::optional<Currency> currency{};
};

// What it comes to for this person now.
struct ChosenOffer {
  Offer offer{};
  PlanId plan{};  // one of the two
  ProductId product{};
  Price price{};
  std::int64_t trial_days = 0;
};

// VALIDATION_ERROR when not exactly one thing is named; NOT_FOUND, ALREADY_SUBSCRIBED, PAYMENT_RUNNING, ALREADY_OWNED;
// UNPROCESSABLE when it has no such price.
Result<ChosenOffer> choose_offer(ReadTx& tx, const UserId& buyer, const OfferWish& wish, Instant now);

// Of several prices the one that is wished for; without a wish the shortest interval, and the fewest of it.
// UNPROCESSABLE.
Result<Price> choose_price(const std::vector<Price>& prices, const OfferWish& wish);

// CONFLICT at one field: what it names is there already.
Error already_there(std::string field, std::string safe, std::string reason = "is taken. Choose another one.");

// A plan or product as a gateway must know it. The checkout or price says which.
Offer offer_of(ReadTx& tx, const PlanId& plan, const ProductId& product);

}  // namespace tuition::billing
