#include "billing/store.h"

// The rows of Plan and Price: the preprocessor joins literals, and only literals are statements.
#define PLAN_COLUMNS \
  "id, code, name, description, features_json, scope, scope_id, plan_group, trial_days, active, provider_product_id"
#define PRICE_COLUMNS "id, plan_id, currency, amount_minor, interval, interval_count, provider_price_id"

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
      "INSERT INTO prices (id, plan_id, currency, amount_minor, interval, interval_count, created_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      price.id, price.plan, price.currency, price.amount_minor, price.interval, price.interval_count, now);
}

void remember_product(WriteTx& tx, const PlanId& plan, const std::string& provider_product_id) {
  tx.execute("UPDATE plans SET provider_product_id = ?2 WHERE id = ?1", plan, provider_product_id);
}

void remember_price(WriteTx& tx, const PriceId& price, const std::string& provider,
                    const std::string& provider_price_id) {
  tx.execute("UPDATE prices SET provider = ?2, provider_price_id = ?3 WHERE id = ?1", price, provider,
             provider_price_id);
}

}  // namespace tuition::billing::store
