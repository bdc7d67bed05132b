#pragma once

#include <optional>
#include <string>
#include <vector>

#include "billing/offers/plans.h"
#include "billing/types.h"
#include "billing/wire.h"
#include "entitlements/entitlements.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/storage/database.h"

namespace tuition::billing {

struct Billing;

// What is on sale to be paid once, in order; what the caller owns is marked.
Result<std::vector<ProductView>> list_products(Billing& billing, const Caller& caller);
Result<ProductView> show_product(Billing& billing, const Caller& caller, const ProductId& id);

// Until when the person may use a product they have bought, perhaps several times. Nothing when they do not own it.
std::optional<entitlements::Standing> owned(ReadTx& tx, const UserId& user, const ProductId& product, Instant now);

// Opens what a paid purchase is for: at once, or once what the person has of it already is over.
void open_purchase(Billing& billing, WriteTx& tx, const Checkout& checkout, const Product& product);

struct NewProduct {
  std::string code{};
  std::string name{};
  std::string description{};
  ProductKind kind = ProductKind::course;
  std::optional<std::int64_t> access_days{};
  std::vector<ProductScope> opens{};
  std::vector<NewPrice> prices{};  // each to be paid once
};
// CONFLICT when the code is taken; VALIDATION_ERROR when it would open nothing.
Result<ProductId> offer_product(Billing& billing, WriteTx& tx, const NewProduct& product);

}  // namespace tuition::billing
