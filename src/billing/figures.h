#pragma once

#include <string>
#include <vector>

#include "billing/types.h"
#include "entitlements/types.h"

namespace tuition::billing {

struct Billing;

// A plan on sale that opens something.
struct OpeningPlan {
  PlanId id{};
  std::string name{};
};
std::vector<OpeningPlan> plans_opening(Billing& billing, const entitlements::Target& target);

}  // namespace tuition::billing
