#include "billing/offers/price_list.h"

#include <algorithm>

#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/offers/plans.h"
#include "billing/offers/products.h"
#include "billing/store.h"
#include "billing/subscriptions/subscriptions.h"
#include "platform/base/short_list.h"
#include "platform/http/json.h"

namespace tuition::billing {
namespace {

using Counted = std::map<std::string, std::int64_t>;

std::int64_t count_of(const Counted& counted, const std::string& id) {
  const auto found = counted.find(id);
  return found == counted.end() ? 0 : found->second;
}

ScopeView listed_scope(std::string_view kind, const std::string& id) {
  ScopeView view{std::string(kind), {}};
  if (!id.empty()) view.id = id;
  return view;
}

std::vector<PriceView> listed_prices(const std::vector<Price>& prices) {
  std::vector<PriceView> views;
  for (const auto& each : prices)
    views.push_back({each.id, each.currency, each.amount_minor, each.interval, each.interval_count});
  return views;
}

ListedPlanView listed(ReadTx& tx, const Plan& plan, const Counted& subscribers, const Counted& ordered) {
  ListedPlanView view;
  view.id = plan.id;
  view.code = plan.code;
  view.name = plan.name;
  view.description = plan.description;
  if (auto features = parse_json(plan.features.text))
    for (const auto& each : features->items) view.features.push_back(each.text);
  view.trial_days = plan.trial_days;
  view.opens = listed_scope(plan.scope, plan.scope_id);
  view.prices = listed_prices(store::prices_of(tx, plan.id));
  view.on_sale = plan.active;
  view.subscribers = count_of(subscribers, plan.id.text());
  view.taken = view.subscribers + count_of(ordered, plan.id.text());
  view.group = plan.group;
  return view;
}

ListedProductView listed(ReadTx& tx, const Product& product, const Counted& buyers) {
  ListedProductView view;
  view.id = product.id;
  view.code = product.code;
  view.name = product.name;
  view.description = product.description;
  view.kind = product.kind;
  view.access_days = product.access_days;
  for (const auto& each : store::scopes_of(tx, product.id))
    view.opens.push_back(listed_scope(name_of(each.scope), each.scope_id));
  view.prices = listed_prices(store::prices_of(tx, product.id));
  view.on_sale = product.active;
  view.buyers = count_of(buyers, product.id.text());
  return view;
}

std::vector<NewPrice> wanted_prices(const std::vector<PriceForm>& forms, Interval usual) {
  std::vector<NewPrice> prices;
  for (const auto& each : forms)
    prices.push_back({std::string(each.currency.code()), each.amount_minor, each.interval.value_or(usual),
                      each.interval_count.value_or(1)});
  return prices;
}

// Whatever is named to be opened is there.
Result<void> check_opens(Billing& billing, const OpensForm& form, const std::string& field) {
  if (form.kind == entitlements::Scope::all || form.kind == entitlements::Scope::feature) return {};
  if (!billing.can_open || billing.can_open(form.kind, *form.id)) return {};
  return invalid_field(field + ".id", "is not one that this school has");
}

// Those that stay are left alone, so that what the provider knows them by stays, too.
Result<void> replace_prices(Billing& billing, WriteTx& tx, const Price& target, const std::vector<Price>& now,
                            std::vector<NewPrice> wanted) {
  for (const auto& price : now) {
    const auto same = std::find_if(wanted.begin(), wanted.end(), [&](const NewPrice& each) {
      return each.currency == price.currency.code() && each.amount_minor == price.amount_minor &&
             each.interval == price.interval && each.interval_count == price.interval_count;
    });
    if (same == wanted.end()) {
      store::retire_price(tx, price.id);
    } else {
      wanted.erase(same);
    }
  }
  for (const auto& each : wanted) TRY(offer_price(billing, tx, target, each));
  return {};
}

void record_listing(Billing& billing, WriteTx& tx, const Caller& caller, const char* action, const char* type,
                    const std::string& id, std::string sentence) {
  audit::record(tx, {.at = billing.clock.now(),
                     .actor = caller,
                     .action = action,
                     .category = audit::Category::business,
                     .target_type = type,
                     .target_id = id,
                     .description = std::move(sentence)});
}

// What a plan opens and the group it is of. Whoever has it, or is about to pay for it, must not lose what they pay for:
// then it can only grow to everything, and stays in its group. True when it grew.
Result<bool> reshape(ReadTx& tx, Plan& plan, const PlanForm& form) {
  const auto scope = form.opens ? std::string(name_of(form.opens->kind)) : plan.scope;
  const auto scope_id = form.opens ? form.opens->id.value_or("") : plan.scope_id;
  const auto group = form.group.value_or(plan.group);
  const bool opens_other = scope != plan.scope || scope_id != plan.scope_id;
  const auto taken =
      count_of(store::subscribers(tx), plan.id.text()) + count_of(store::plans_ordered(tx), plan.id.text());
  if (taken > 0 && opens_other && form.opens->kind != entitlements::Scope::all)
    return conflict("PLAN_IN_USE",
                    "People have this plan and keep what it opens. It can open everything, and nothing else; for the "
                    "rest offer another plan.");
  if (taken > 0 && group != plan.group)
    return conflict("PLAN_IN_USE", "People have this plan, so it stays in its group. Offer another plan there.");
  plan.scope = scope;
  plan.scope_id = scope_id;
  plan.group = group;
  return opens_other && taken > 0;
}

Error no_such_plan() { return not_found("There is no such plan."); }
Error no_such_product() { return not_found("There is no such product."); }

}  // namespace

Result<std::vector<ListedPlanView>> list_all_plans(Billing& billing) {
  return billing.db.read([&](ReadTx& tx) -> Result<std::vector<ListedPlanView>> {
    std::vector<ListedPlanView> views;
    const auto counted = store::subscribers(tx);
    const auto ordered = store::plans_ordered(tx);
    for (const auto& plan : store::all_plans(tx)) views.push_back(listed(tx, plan, counted, ordered));
    return views;
  });
}

Result<ListedPlanView> add_plan(Billing& billing, const Caller& caller, const NewPlanForm& form) {
  if (form.opens) TRY(check_opens(billing, *form.opens, "opens"));
  return billing.db.write([&](WriteTx& tx) -> Result<ListedPlanView> {
    NewPlan plan{.code = form.code,
                 .name = form.name,
                 .description = form.description.value_or(""),
                 .features = form.features,
                 .trial_days = form.trial_days.value_or(0),
                 .prices = wanted_prices(form.prices, Interval::month)};
    if (form.opens) {
      plan.scope = name_of(form.opens->kind);
      plan.scope_id = form.opens->id.value_or("");
    }
    if (form.group) plan.group = *form.group;
    const auto id = TRY(offer_plan(billing, tx, plan));
    record_listing(billing, tx, caller, "billing.plan_added", "plan", id.text(),
                   "Put the plan " + form.code + " on sale.");
    return listed(tx, *store::plan(tx, id), {}, {});
  });
}

Result<ListedPlanView> edit_plan(Billing& billing, const Caller& caller, const PlanId& id, const PlanForm& form) {
  if (form.opens) TRY(check_opens(billing, *form.opens, "opens"));
  return billing.db.write([&](WriteTx& tx) -> Result<ListedPlanView> {
    auto plan = store::plan(tx, id);
    if (!plan) return no_such_plan();
    const bool grows = TRY(reshape(tx, *plan, form));
    plan->name = form.name;
    plan->description = form.description.value_or("");
    plan->features.text = to_json(form.features);
    plan->trial_days = form.trial_days.value_or(0);
    plan->active = form.on_sale.value_or(plan->active);
    store::change_plan(tx, *plan, billing.clock.now());
    TRY(replace_prices(billing, tx, {.plan = id}, store::prices_of(tx, id),
                       wanted_prices(form.prices, Interval::month)));
    record_listing(billing, tx, caller, "billing.plan_changed", "plan", id.text(),
                   "Changed the plan " + plan->code + ".");
    if (grows) open_for_subscribers(billing, tx, id);
    tx.after_commit([&shelf = billing.shelf] { shelf.empty(); });
    return listed(tx, *store::plan(tx, id), store::subscribers(tx), store::plans_ordered(tx));
  });
}

Result<void> archive_plan(Billing& billing, const Caller& caller, const PlanId& id) {
  return billing.db.write([&](WriteTx& tx) -> Result<void> {
    auto plan = store::plan(tx, id);
    if (!plan) return no_such_plan();
    plan->active = false;
    store::change_plan(tx, *plan, billing.clock.now());
    record_listing(billing, tx, caller, "billing.plan_archived", "plan", id.text(),
                   "Took the plan " + plan->code + " off sale.");
    tx.after_commit([&shelf = billing.shelf] { shelf.empty(); });
    return {};
  });
}

Result<std::vector<ListedProductView>> list_all_products(Billing& billing) {
  return billing.db.read([&](ReadTx& tx) -> Result<std::vector<ListedProductView>> {
    std::vector<ListedProductView> views;
    const auto counted = store::buyers(tx);
    for (const auto& product : store::all_products(tx)) views.push_back(listed(tx, product, counted));
    return views;
  });
}

Result<ListedProductView> add_product(Billing& billing, const Caller& caller, const NewProductForm& form) {
  for (std::size_t i = 0; i < form.opens.size(); ++i)
    TRY(check_opens(billing, form.opens[i], "opens[" + std::to_string(i) + "]"));
  return billing.db.write([&](WriteTx& tx) -> Result<ListedProductView> {
    NewProduct product{.code = form.code,
                       .name = form.name,
                       .description = form.description.value_or(""),
                       .kind = form.kind,
                       .access_days = form.access_days,
                       .prices = wanted_prices(form.prices, Interval::once)};
    for (const auto& each : form.opens) product.opens.push_back({.scope = each.kind, .scope_id = each.id.value_or("")});
    const auto id = TRY(offer_product(billing, tx, product));
    record_listing(billing, tx, caller, "billing.product_added", "product", id.text(),
                   "Put the product " + form.code + " on sale.");
    return listed(tx, *store::product(tx, id), {});
  });
}

Result<ListedProductView> edit_product(Billing& billing, const Caller& caller, const ProductId& id,
                                       const ProductForm& form) {
  return billing.db.write([&](WriteTx& tx) -> Result<ListedProductView> {
    auto product = store::product(tx, id);
    if (!product) return no_such_product();
    product->name = form.name;
    product->description = form.description.value_or("");
    product->access_days = form.access_days;
    product->active = form.on_sale.value_or(product->active);
    store::change_product(tx, *product, billing.clock.now());
    TRY(replace_prices(billing, tx, {.product = id}, store::prices_of(tx, id),
                       wanted_prices(form.prices, Interval::once)));
    record_listing(billing, tx, caller, "billing.product_changed", "product", id.text(),
                   "Changed the product " + product->code + ".");
    return listed(tx, *store::product(tx, id), store::buyers(tx));
  });
}

Result<void> archive_product(Billing& billing, const Caller& caller, const ProductId& id) {
  return billing.db.write([&](WriteTx& tx) -> Result<void> {
    auto product = store::product(tx, id);
    if (!product) return no_such_product();
    product->active = false;
    store::change_product(tx, *product, billing.clock.now());
    record_listing(billing, tx, caller, "billing.product_archived", "product", id.text(),
                   "Took the product " + product->code + " off sale.");
    return {};
  });
}

http::Routes price_list_routes(Billing& billing) {
  using http::Access;
  using http::Bucket;
  using http::Method;
  using http::Request;
  const auto plan_in = [](const Request& request) { return PlanId(std::string(request.param("id"))); };
  const auto product_in = [](const Request& request) { return ProductId(std::string(request.param("id"))); };
  return {
      {.method = Method::get,
       .path = "/api/admin/plans",
       .operation = "listAllPlans",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "All plans, on sale or not.",
       .endpoint = http::json([&billing](const Request&, const ShortListForm& form) -> Result<Page<ListedPlanView>> {
         return page_of_all(TRY(list_all_plans(billing)), form,
                            [](const ListedPlanView& each) { return each.id.text(); });
       }),
       .alias = "/admin/plans",
       .scope = "billing:read"},
      {.method = Method::post,
       .path = "/api/plans",
       .operation = "addPlan",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Put a plan on sale.",
       .endpoint = http::json([&billing](const Request& request, const NewPlanForm& form) -> Result<ListedPlanView> {
         return add_plan(billing, request.caller, form);
       }),
       .statuses = {409},
       .alias = "/plans",
       .success = 201,
       .scope = "billing:write"},
      {.method = Method::put,
       .path = "/api/plans/{id}",
       .operation = "changePlanOnSale",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Change a plan and what it costs from now on; who has it keeps their price and what it opens.",
       .endpoint =
           http::json([&billing, plan_in](const Request& request, const PlanForm& form) -> Result<ListedPlanView> {
             return edit_plan(billing, request.caller, plan_in(request), form);
           }),
       .statuses = {404, 409},
       .alias = "/plans/{id}",
       .scope = "billing:write"},
      {.method = Method::del,
       .path = "/api/plans/{id}",
       .operation = "archivePlan",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Take a plan off sale; who has it keeps it.",
       .endpoint = http::json([&billing, plan_in](const Request& request) -> Result<http::NoData> {
         TRY(archive_plan(billing, request.caller, plan_in(request)));
         return http::NoData{};
       }),
       .statuses = {404},
       .alias = "/plans/{id}",
       .scope = "billing:write"},
      {.method = Method::get,
       .path = "/api/admin/products",
       .operation = "listAllProducts",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Everything that is paid once, on sale or not.",
       .endpoint = http::json([&billing](const Request&, const ShortListForm& form) -> Result<Page<ListedProductView>> {
         return page_of_all(TRY(list_all_products(billing)), form,
                            [](const ListedProductView& each) { return each.id.text(); });
       }),
       .alias = "/admin/products",
       .scope = "billing:read"},
      {.method = Method::post,
       .path = "/api/products",
       .operation = "addProduct",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Put something on sale that is paid once.",
       .endpoint =
           http::json([&billing](const Request& request, const NewProductForm& form) -> Result<ListedProductView> {
             return add_product(billing, request.caller, form);
           }),
       .statuses = {409},
       .success = 201,
       .scope = "billing:write"},
      {.method = Method::put,
       .path = "/api/products/{id}",
       .operation = "changeProduct",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Change a product and what it costs from now on.",
       .endpoint = http::json(
           [&billing, product_in](const Request& request, const ProductForm& form) -> Result<ListedProductView> {
             return edit_product(billing, request.caller, product_in(request), form);
           }),
       .statuses = {404},
       .scope = "billing:write"},
      {.method = Method::del,
       .path = "/api/products/{id}",
       .operation = "archiveProduct",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Take a product off sale; who bought it keeps it.",
       .endpoint = http::json([&billing, product_in](const Request& request) -> Result<http::NoData> {
         TRY(archive_product(billing, request.caller, product_in(request)));
         return http::NoData{};
       }),
       .statuses = {404},
       .scope = "billing:write"},
  };
}

}  // namespace tuition::billing
