#include "billing/offers/products.h"

#include "billing/billing.h"
#include "billing/offers/offers.h"
#include "billing/store.h"

namespace tuition::billing {
namespace {

ProductView view_of(const Product& product) {
  ProductView view;
  view.id = product.id;
  view.code = product.code;
  view.name = product.name;
  view.description = product.description;
  view.kind = product.kind;
  view.access_days = product.access_days;
  return view;
}

PriceView view_of(const Price& price) {
  return {price.id, price.currency, price.amount_minor, price.interval, price.interval_count};
}

ScopeView view_of(const ProductScope& scope) {
  ScopeView view{std::string(name_of(scope.scope)), {}};
  if (!scope.scope_id.empty()) view.id = scope.scope_id;
  return view;
}

void mark_owned(ReadTx& tx, const Caller& caller, Instant now, ProductView& view) {
  if (!caller.signed_in()) return;
  const auto standing = owned(tx, caller.user, view.id, now);
  view.owned = standing.has_value();
  if (standing) view.owned_until = standing->ends_at;
}

}  // namespace

Result<std::vector<ProductView>> list_products(Billing& billing, const Caller& caller) {
  return billing.db.read([&](ReadTx& tx) -> Result<std::vector<ProductView>> {
    const auto now = billing.clock.now();
    std::vector<ProductView> views;
    for (const auto& product : store::products_on_sale(tx)) views.push_back(view_of(product));
    if (views.empty()) return views;
    const auto prices = store::prices_on_sale(tx);
    const auto scopes = store::scopes_on_sale(tx);
    for (auto& view : views) {
      for (const auto& price : prices)
        if (price.product == view.id) view.prices.push_back(view_of(price));
      for (const auto& each : scopes)
        if (each.product == view.id) view.opens.push_back(view_of(each));
      mark_owned(tx, caller, now, view);
    }
    return views;
  });
}

Result<ProductView> show_product(Billing& billing, const Caller& caller, const ProductId& id) {
  return billing.db.read([&](ReadTx& tx) -> Result<ProductView> {
    const auto product = store::product(tx, id);
    if (!product || !product->active) return not_found("That product is not on sale.");
    auto view = view_of(*product);
    for (const auto& price : store::prices_of(tx, id)) view.prices.push_back(view_of(price));
    for (const auto& each : store::scopes_of(tx, id)) view.opens.push_back(view_of(each));
    mark_owned(tx, caller, billing.clock.now(), view);
    return view;
  });
}

std::optional<entitlements::Standing> owned(ReadTx& tx, const UserId& user, const ProductId& product, Instant now) {
  std::optional<entitlements::Standing> longest;
  for (const auto& purchase : store::purchases_of(tx, user, product)) {
    const auto standing = entitlements::standing(tx, entitlements::Source::purchase, purchase.text(), now);
    if (!standing) continue;
    if (!standing->ends_at) return standing;
    if (!longest || *standing->ends_at > *longest->ends_at) longest = standing;
  }
  return longest;
}

void open_purchase(Billing& billing, WriteTx& tx, const Checkout& checkout, const Product& product) {
  const auto now = billing.clock.now();
  const auto before = owned(tx, checkout.user, product.id, now);
  const auto starts_at = before && before->ends_at ? *before->ends_at : now;
  std::optional<Instant> ends_at;
  if (product.access_days) ends_at = starts_at + days(*product.access_days);
  for (const auto& each : store::scopes_of(tx, product.id))
    entitlements::grant(billing.entitlements, tx,
                        {.user = checkout.user,
                         .scope = each.scope,
                         .scope_id = each.scope_id,
                         .source = entitlements::Source::purchase,
                         .source_id = checkout.id.text(),
                         .starts_at = starts_at,
                         .ends_at = ends_at,
                         .reason = "Purchase of " + product.name + "."});
}

Result<ProductId> offer_product(Billing& billing, WriteTx& tx, const NewProduct& wanted) {
  if (store::product_by_code(tx, wanted.code)) return already_there("code", "A product with this code exists already.");
  if (wanted.opens.empty()) return invalid_field("opens", "must name what the product opens");
  Product product;
  product.id = new_id<ProductTag>(billing.clock, billing.entropy);
  product.code = wanted.code;
  product.name = wanted.name;
  product.description = wanted.description;
  product.kind = wanted.kind;
  product.access_days = wanted.access_days;
  store::put_product(tx, product, wanted.opens, static_cast<std::int64_t>(store::products_on_sale(tx).size()),
                     billing.clock.now());
  for (const auto& each : wanted.prices) {
    if (each.interval != Interval::once) return invalid_field("prices.interval", "must be once");
    TRY(offer_price(billing, tx, {.product = product.id}, each));
  }
  return product.id;
}

}  // namespace tuition::billing
