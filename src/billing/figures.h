#pragma once

#include <string>
#include <vector>

#include "billing/types.h"
#include "entitlements/types.h"
#include "platform/storage/database.h"

namespace tuition::billing {

struct Billing;

// A plan on sale that opens something.
struct OpeningPlan {
  PlanId id{};
  std::string name{};
};
std::vector<OpeningPlan> plans_opening(Billing& billing, const entitlements::Target& target);

// A product on sale that opens something, and what it costs in each currency.
struct OpeningProduct {
  ProductId id{};
  std::string name{};
  std::vector<Money> prices{};
};
std::vector<OpeningProduct> products_opening(ReadTx& tx, const entitlements::Target& target);

// What could still be charged of somebody, when the person is removed.
void forget_person(WriteTx& tx, const UserId& user);

// Whether a payment that the person told of names this file as its proof.
bool shows_proof(ReadTx& tx, const UserId& user, const std::string& media);

// Whether a subscription of the person would go on charging them.
bool renews(ReadTx& tx, const UserId& user);

// Everybody who has the plan, by its id or code, at that moment.
std::vector<UserId> people_on(ReadTx& tx, const std::string& plan, Instant now);

}  // namespace tuition::billing
