#pragma once

// What administrators put on sale and take off again: plans and products with their prices. Nothing is deleted: who has
// a plan keeps it, at the price they agreed to.

#include <vector>

#include "billing/offers/price_list_wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/http/route.h"

namespace tuition::billing {

struct Billing;

Result<std::vector<ListedPlanView>> list_all_plans(Billing& billing);
// CONFLICT when the code is taken.
Result<ListedPlanView> add_plan(Billing& billing, const Caller& caller, const NewPlanForm& form);
Result<ListedPlanView> edit_plan(Billing& billing, const Caller& caller, const PlanId& id, const PlanForm& form);
Result<void> archive_plan(Billing& billing, const Caller& caller, const PlanId& id);

Result<std::vector<ListedProductView>> list_all_products(Billing& billing);
Result<ListedProductView> add_product(Billing& billing, const Caller& caller, const NewProductForm& form);
Result<ListedProductView> edit_product(Billing& billing, const Caller& caller, const ProductId& id,
                                       const ProductForm& form);
Result<void> archive_product(Billing& billing, const Caller& caller, const ProductId& id);

http::Routes price_list_routes(Billing& billing);

}  // namespace tuition::billing
