#include "billing/store.h"

// The rows of Plan, Price, Product and Coupon: the preprocessor joins literals, and only literals are statements.
#define PLAN_COLUMNS \
  "id, code, name, description, features_json, scope, scope_id, plan_group, trial_days, active, provider_product_id"
#define PRICE_COLUMNS "id, plan_id, product_id, currency, amount_minor, interval, interval_count, provider_price_id"
#define PRODUCT_COLUMNS "id, code, name, description, kind, access_days, active, provider_product_id"
#define COUPON_COLUMNS                                                                                                \
  "id, code, name, percent, amount_minor, currency, duration, duration_months, max_uses, used, per_user, starts_at, " \
  "ends_at, active, provider_coupon_id"

namespace tuition::billing::store {

std::vector<Plan> plans_on_sale(ReadTx& tx) {
  return tx.many<Plan>("SELECT " PLAN_COLUMNS " FROM plans WHERE active = 1 ORDER BY sort, code");
}

std::optional<Plan> plan(ReadTx& tx, const PlanId& id) {
  return tx.one<Plan>("SELECT " PLAN_COLUMNS " FROM plans WHERE id = ?1", id);
}

std::optional<Plan> plan_by_code(ReadTx& tx, const std::string& code) {
  return tx.one<Plan>("SELECT " PLAN_COLUMNS " FROM plans WHERE code = ?1", code);
}

std::vector<Price> prices_on_sale(ReadTx& tx) {
  return tx.many<Price>("SELECT " PRICE_COLUMNS
                        " FROM prices WHERE active = 1 ORDER BY plan_id, currency, amount_minor");
}

std::vector<Price> prices_of(ReadTx& tx, const PlanId& plan) {
  return tx.many<Price>(
      "SELECT " PRICE_COLUMNS " FROM prices WHERE plan_id = ?1 AND active = 1 ORDER BY currency, amount_minor", plan);
}

std::vector<Price> prices_of(ReadTx& tx, const ProductId& product) {
  return tx.many<Price>("SELECT " PRICE_COLUMNS
                        " FROM prices WHERE product_id = ?1 AND active = 1 ORDER BY currency, amount_minor",
                        product);
}

std::optional<Price> price(ReadTx& tx, const PriceId& id) {
  return tx.one<Price>("SELECT " PRICE_COLUMNS " FROM prices WHERE id = ?1", id);
}

std::optional<Price> price_at_provider(ReadTx& tx, const std::string& provider, const std::string& provider_price_id) {
  return tx.one<Price>("SELECT " PRICE_COLUMNS " FROM prices WHERE provider = ?1 AND provider_price_id = ?2", provider,
                       provider_price_id);
}

void put_plan(WriteTx& tx, const Plan& plan, std::int64_t sort, Instant now) {
  tx.execute(
      "INSERT INTO plans (id, code, name, description, features_json, scope, scope_id, plan_group, trial_days, active, "
      "sort, "
      "created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12) "
      "ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description, "
      "features_json = excluded.features_json, trial_days = excluded.trial_days, active = excluded.active, "
      "sort = excluded.sort, updated_at = excluded.updated_at",
      plan.id, plan.code, plan.name, plan.description, plan.features, plan.scope, plan.scope_id, plan.group,
      plan.trial_days, plan.active, sort, now);
}

void put_price(WriteTx& tx, const Price& price, Instant now) {
  tx.execute(
      "INSERT INTO prices (id, plan_id, product_id, currency, amount_minor, interval, interval_count, created_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      price.id, price.plan, price.product, price.currency, price.amount_minor, price.interval, price.interval_count,
      now);
}

std::vector<Plan> all_plans(ReadTx& tx) {
  return tx.many<Plan>("SELECT " PLAN_COLUMNS " FROM plans ORDER BY active DESC, sort, code");
}

std::map<std::string, std::int64_t> subscribers(ReadTx& tx) {
  struct Row {
    std::string plan{};
    std::int64_t count = 0;
  };
  std::map<std::string, std::int64_t> found;
  for (auto& row : tx.many<Row>("SELECT plan_id, count(*) FROM subscriptions WHERE status IN ('trialing', 'active', "
                                "'past_due', 'unpaid', 'paused') GROUP BY plan_id"))
    found.emplace(std::move(row.plan), row.count);
  return found;
}

std::map<std::string, std::int64_t> plans_ordered(ReadTx& tx) {
  struct Row {
    std::string plan{};
    std::int64_t count = 0;
  };
  std::map<std::string, std::int64_t> found;
  for (auto& row : tx.many<Row>("SELECT plan_id, count(*) FROM checkouts WHERE status = 'open' AND plan_id IS NOT NULL "
                                "GROUP BY plan_id"))
    found.emplace(std::move(row.plan), row.count);
  return found;
}

void change_plan(WriteTx& tx, const Plan& plan, Instant now) {
  tx.execute(
      "UPDATE plans SET name = ?2, description = ?3, features_json = ?4, trial_days = ?5, active = ?6, updated_at = "
      "?7, scope = ?8, scope_id = ?9, plan_group = ?10 WHERE id = ?1",
      plan.id, plan.name, plan.description, plan.features, plan.trial_days, plan.active, now, plan.scope, plan.scope_id,
      plan.group);
}

void retire_price(WriteTx& tx, const PriceId& price) {
  tx.execute("UPDATE prices SET active = 0 WHERE id = ?1", price);
}

std::vector<Product> products_on_sale(ReadTx& tx) {
  return tx.many<Product>("SELECT " PRODUCT_COLUMNS " FROM products WHERE active = 1 ORDER BY sort, code");
}

std::optional<Product> product(ReadTx& tx, const ProductId& id) {
  return tx.one<Product>("SELECT " PRODUCT_COLUMNS " FROM products WHERE id = ?1", id);
}

std::optional<Product> product_by_code(ReadTx& tx, const std::string& code) {
  return tx.one<Product>("SELECT " PRODUCT_COLUMNS " FROM products WHERE code = ?1", code);
}

std::vector<ProductScope> scopes_on_sale(ReadTx& tx) {
  return tx.many<ProductScope>(
      "SELECT s.product_id, s.scope, s.scope_id FROM product_scopes s JOIN products p ON p.id = s.product_id "
      "WHERE p.active = 1 ORDER BY s.product_id, s.scope, s.scope_id");
}

std::vector<ProductScope> scopes_of(ReadTx& tx, const ProductId& product) {
  return tx.many<ProductScope>(
      "SELECT product_id, scope, scope_id FROM product_scopes WHERE product_id = ?1 ORDER BY scope, scope_id", product);
}

void put_product(WriteTx& tx, const Product& product, const std::vector<ProductScope>& scopes, std::int64_t sort,
                 Instant now) {
  tx.execute(
      "INSERT INTO products (id, code, name, description, kind, access_days, active, sort, created_at, updated_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)",
      product.id, product.code, product.name, product.description, product.kind, product.access_days, product.active,
      sort, now);
  for (const auto& each : scopes)
    tx.execute("INSERT INTO product_scopes (product_id, scope, scope_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
               product.id, each.scope, each.scope_id);
}

std::vector<Product> all_products(ReadTx& tx) {
  return tx.many<Product>("SELECT " PRODUCT_COLUMNS " FROM products ORDER BY active DESC, sort, code");
}

std::vector<ProductScope> all_scopes(ReadTx& tx) {
  return tx.many<ProductScope>(
      "SELECT product_id, scope, scope_id FROM product_scopes ORDER BY product_id, scope, scope_id");
}

std::map<std::string, std::int64_t> buyers(ReadTx& tx) {
  struct Row {
    std::string product{};
    std::int64_t count = 0;
  };
  std::map<std::string, std::int64_t> found;
  for (auto& row : tx.many<Row>("SELECT product_id, count(*) FROM checkouts WHERE status = 'completed' "
                                "AND test = 0 AND product_id IS NOT NULL GROUP BY product_id"))
    found.emplace(std::move(row.product), row.count);
  return found;
}

void change_product(WriteTx& tx, const Product& product, Instant now) {
  tx.execute(
      "UPDATE products SET name = ?2, description = ?3, access_days = ?4, active = ?5, updated_at = ?6 WHERE id = ?1",
      product.id, product.name, product.description, product.access_days, product.active, now);
}

std::optional<std::string> on_sale_as(ReadTx& tx, const std::string& provider, const OfferThere& there) {
  if (there.sort == OfferThere::Sort::price)
    return tx.one<std::string>(
        "SELECT COALESCE(a.name, b.name) FROM prices p LEFT JOIN plans a ON a.id = p.plan_id AND a.active = 1 "
        "LEFT JOIN products b ON b.id = p.product_id AND b.active = 1 WHERE p.provider = ?1 AND "
        "p.provider_price_id = ?2 AND p.active = 1 AND COALESCE(a.name, b.name) IS NOT NULL",
        provider, there.id);
  if (provider != "stripe") return std::nullopt;  // only Stripe has names for these
  if (auto plan = tx.one<std::string>("SELECT name FROM plans WHERE provider_product_id = ?1 AND active = 1", there.id))
    return plan;
  return tx.one<std::string>("SELECT name FROM products WHERE provider_product_id = ?1 AND active = 1", there.id);
}

std::optional<Coupon> coupon(ReadTx& tx, const CouponId& id) {
  return tx.one<Coupon>("SELECT " COUPON_COLUMNS " FROM coupons WHERE id = ?1", id);
}

std::optional<Coupon> coupon_by_code(ReadTx& tx, const std::string& code) {
  return tx.one<Coupon>("SELECT " COUPON_COLUMNS " FROM coupons WHERE code = ?1", code);
}

bool coupon_is_for(ReadTx& tx, const CouponId& coupon, const std::string& target) {
  return tx
      .one<bool>(
          "SELECT NOT EXISTS (SELECT 1 FROM coupon_targets WHERE coupon_id = ?1) "
          "OR EXISTS (SELECT 1 FROM coupon_targets WHERE coupon_id = ?1 AND target_id = ?2)",
          coupon, target)
      .value();
}

std::int64_t coupon_uses_by(ReadTx& tx, const CouponId& coupon, const UserId& user) {
  return tx
      .one<std::int64_t>("SELECT count(*) FROM coupon_redemptions WHERE coupon_id = ?1 AND user_id = ?2", coupon, user)
      .value();
}

void put_coupon(WriteTx& tx, const Coupon& coupon, const std::vector<std::string>& targets, Instant now) {
  tx.execute(
      "INSERT INTO coupons (id, code, name, percent, amount_minor, currency, duration, duration_months, max_uses, "
      "per_user, starts_at, ends_at, active, created_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
      coupon.id, coupon.code, coupon.name, coupon.percent, coupon.amount_minor, coupon.currency, coupon.duration,
      coupon.duration_months, coupon.max_uses, coupon.per_user, coupon.starts_at, coupon.ends_at, coupon.active, now);
  for (const auto& target : targets)
    tx.execute("INSERT INTO coupon_targets (coupon_id, target_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING", coupon.id,
               target);
}

std::vector<Coupon> coupons(ReadTx& tx, const Caller& admin, const std::optional<bool>& active, const CouponId& after,
                            std::int64_t limit) {
  if (!admin.is_admin()) return {};
  return tx.many<Coupon>("SELECT " COUPON_COLUMNS
                         " FROM coupons WHERE (?1 IS NULL OR id < ?1) AND (?2 IS NULL OR active = ?2) "
                         "ORDER BY id DESC LIMIT ?3",
                         after, active, limit);
}

std::vector<std::string> coupon_targets(ReadTx& tx, const CouponId& coupon) {
  return tx.many<std::string>("SELECT target_id FROM coupon_targets WHERE coupon_id = ?1 ORDER BY target_id", coupon);
}

void change_coupon(WriteTx& tx, const Coupon& coupon, const std::vector<std::string>& targets) {
  tx.execute(
      "UPDATE coupons SET name = ?2, max_uses = ?3, per_user = ?4, starts_at = ?5, ends_at = ?6, active = ?7 "
      "WHERE id = ?1",
      coupon.id, coupon.name, coupon.max_uses, coupon.per_user, coupon.starts_at, coupon.ends_at, coupon.active);
  tx.execute("DELETE FROM coupon_targets WHERE coupon_id = ?1", coupon.id);
  for (const auto& target : targets)
    tx.execute("INSERT INTO coupon_targets (coupon_id, target_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING", coupon.id,
               target);
}

void remember_offer(WriteTx& tx, const Offer& offer, const std::string& provider_product_id) {
  switch (offer.sort) {
    case Offer::Sort::plan:
      tx.execute("UPDATE plans SET provider_product_id = ?2 WHERE id = ?1", offer.id, provider_product_id);
      return;
    case Offer::Sort::product:
      tx.execute("UPDATE products SET provider_product_id = ?2 WHERE id = ?1", offer.id, provider_product_id);
      return;
  }
}

void remember_coupon(WriteTx& tx, const CouponId& coupon, const std::string& provider_coupon_id) {
  tx.execute("UPDATE coupons SET provider_coupon_id = ?2 WHERE id = ?1", coupon, provider_coupon_id);
}

void remember_price(WriteTx& tx, const PriceId& price, const std::string& provider,
                    const std::string& provider_price_id) {
  tx.execute("UPDATE prices SET provider = ?2, provider_price_id = ?3 WHERE id = ?1", price, provider,
             provider_price_id);
}

}  // namespace tuition::billing::store
