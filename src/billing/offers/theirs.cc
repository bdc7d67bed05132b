#include "billing/offers/theirs.h"

#include "billing/store.h"

namespace tuition::billing {

std::string difference_of(ReadTx& tx, const std::string& provider, const OfferThere& there) {
  const auto here = store::on_sale_as(tx, provider, there);
  if (!here) return {};
  const auto what = (there.sort == OfferThere::Sort::price ? "the price of \"" : "\"") + *here + "\"";
  if (there.removed) return what + " was removed at the provider: nobody can begin to buy it there";
  if (!there.active) return what + " was taken off sale at the provider: nobody can begin to buy it there";
  if (there.sort == OfferThere::Sort::product && !there.name.empty() && there.name != *here)
    return what + " is called \"" + there.name + "\" at the provider, and so on its pages";
  return {};
}

}  // namespace tuition::billing
