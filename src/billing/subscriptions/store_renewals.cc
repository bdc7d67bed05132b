#include "billing/subscriptions/store_renewals.h"

#include "platform/base/fields_json.h"

#define CHARGE_COLUMNS "id, subscription_id, period_start, attempt, reference, amount_minor, currency, status"
#define CASE_COLUMNS "id, subscription_id, attempts, next_at, grace_until, status, opened_at, closed_at"
#define HELD_SUBSCRIPTION_COLUMNS                                                                             \
  "id, user_id, plan_id, plan, plan_name, plan_group, price_id, provider, provider_subscription_id, status, " \
  "current_period_start, current_period_end, trial_end, cancel_at_period_end, cancelled_at, ended_at, "       \
  "grace_until, surplus, scheduled_price_id, scheduled_at, undone_at, moving_at, paused_at, "                 \
  "created_at"

namespace tuition::billing::store {
namespace {

std::string next_in_series(WriteTx& tx, const std::string& name) {
  tx.execute("INSERT INTO invoice_series (name, last) VALUES (?1, 1) ON CONFLICT (name) DO UPDATE SET last = last + 1",
             name);
  const auto digits =
      std::to_string(tx.one<std::int64_t>("SELECT last FROM invoice_series WHERE name = ?1", name).value());
  return name + "-" + std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0') + digits;
}

}  // namespace

std::optional<Card> card(ReadTx& tx, const UserId& user, const std::string& provider) {
  return tx.one<Card>("SELECT authorization, label FROM saved_cards WHERE user_id = ?1 AND provider = ?2", user,
                      provider);
}

void remember_card(WriteTx& tx, const UserId& user, const std::string& provider, const Card& card, Instant now) {
  tx.execute(
      "INSERT INTO saved_cards (user_id, provider, authorization, label, created_at) VALUES (?1, ?2, ?3, ?4, ?5) "
      "ON CONFLICT (user_id, provider) DO UPDATE SET authorization = excluded.authorization, label = excluded.label, "
      "created_at = excluded.created_at",
      user, provider, card.sealed, card.label, now);
}

void forget_cards(WriteTx& tx, const UserId& user) { tx.execute("DELETE FROM saved_cards WHERE user_id = ?1", user); }

std::string next_invoice_number(WriteTx& tx) { return next_in_series(tx, "INV"); }
std::string next_credit_note_number(WriteTx& tx) { return next_in_series(tx, "CN"); }

void add_charge(WriteTx& tx, const RenewalCharge& charge, Instant now) {
  tx.execute(
      "INSERT INTO renewal_charges (id, subscription_id, period_start, attempt, reference, amount_minor, currency, "
      "status, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'pending', ?8)",
      charge.id, charge.subscription, charge.period_start, charge.attempt, charge.reference, charge.amount_minor,
      charge.currency, now);
}

std::optional<RenewalCharge> pending_charge(ReadTx& tx, const SubscriptionId& subscription, Instant period_start) {
  return tx.one<RenewalCharge>("SELECT " CHARGE_COLUMNS
                               " FROM renewal_charges WHERE subscription_id = ?1 AND period_start = ?2 AND status = "
                               "'pending' ORDER BY attempt DESC LIMIT 1",
                               subscription, period_start);
}

std::optional<RenewalCharge> running_charge(ReadTx& tx, const SubscriptionId& subscription) {
  return tx.one<RenewalCharge>("SELECT " CHARGE_COLUMNS
                               " FROM renewal_charges WHERE subscription_id = ?1 AND status = 'pending' ORDER BY "
                               "created_at LIMIT 1",
                               subscription);
}

std::optional<RenewalCharge> charge_by_reference(ReadTx& tx, const std::string& reference) {
  return tx.one<RenewalCharge>("SELECT " CHARGE_COLUMNS " FROM renewal_charges WHERE reference = ?1", reference);
}

std::int64_t charges_made(ReadTx& tx, const SubscriptionId& subscription, Instant period_start) {
  return tx
      .one<std::int64_t>("SELECT count(*) FROM renewal_charges WHERE subscription_id = ?1 AND period_start = ?2",
                         subscription, period_start)
      .value();
}

bool end_charge(WriteTx& tx, const RenewalChargeId& id, const std::string& status, Instant now) {
  return tx.execute(
             "UPDATE renewal_charges SET status = ?2, done_at = ?3 WHERE id = ?1 AND status <> 'success' AND "
             "status <> ?2",
             id, status, now) > 0;
}

std::vector<SubscriptionId> renewals_due(ReadTx& tx, Instant now) {
  return tx.many<SubscriptionId>(
      "SELECT id FROM subscriptions WHERE status IN ('trialing', 'active', 'past_due') AND current_period_end <= ?1 "
      "AND substr(provider_subscription_id, 1, 4) = 'own_' ORDER BY current_period_end LIMIT 500",
      now);
}

std::vector<SubscriptionId> half_moved(ReadTx& tx) {
  return tx.many<SubscriptionId>(
      "SELECT id FROM subscriptions WHERE moving_at IS NOT NULL AND substr(provider_subscription_id, 1, 4) <> 'own_' "
      "AND status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused') LIMIT 500");
}

std::vector<Subscription> ending_by_hand(ReadTx& tx, Instant now, Instant before) {
  return tx.many<Subscription>(
      "SELECT " HELD_SUBSCRIPTION_COLUMNS
      " FROM subscriptions s WHERE status = 'active' AND current_period_end > ?1 AND current_period_end <= ?2 "
      "AND cancel_at_period_end = 0 AND substr(provider_subscription_id, 1, 4) = 'own_' AND NOT EXISTS (SELECT 1 FROM "
      "saved_cards c "
      "WHERE c.user_id = s.user_id AND c.provider = s.provider) AND COALESCE(reminded_of, 0) < current_period_end "
      "ORDER BY current_period_end LIMIT 500",
      now, before);
}

bool note_reminded(WriteTx& tx, const SubscriptionId& id, Instant period_end) {
  return tx.execute("UPDATE subscriptions SET reminded_of = ?2 WHERE id = ?1 AND COALESCE(reminded_of, 0) < ?2", id,
                    period_end) > 0;
}

struct PolicyRow {
  std::string retry_days_json{};
  std::int64_t grace_days = 0;
};

DunningPolicy dunning_policy(ReadTx& tx, std::int64_t usual_grace_days) {
  DunningPolicy policy;
  if (const auto row = tx.one<PolicyRow>("SELECT retry_days_json, grace_days FROM dunning_policy WHERE id = 1")) {
    policy.retry_days.clear();
    if (const auto days = parse_json(row->retry_days_json))
      for (const auto& each : days->items) policy.retry_days.push_back(each.integer);
    policy.grace_days = row->grace_days;
    return policy;
  }
  policy.grace_days = usual_grace_days;
  std::erase_if(policy.retry_days, [&](std::int64_t day) { return day > usual_grace_days; });
  return policy;
}

void set_dunning_policy(WriteTx& tx, const DunningPolicy& policy, Instant now) {
  tx.execute(
      "INSERT INTO dunning_policy (id, retry_days_json, grace_days, updated_at) VALUES (1, ?1, ?2, ?3) "
      "ON CONFLICT (id) DO UPDATE SET retry_days_json = excluded.retry_days_json, grace_days = excluded.grace_days, "
      "updated_at = excluded.updated_at",
      to_json(policy.retry_days), policy.grace_days, now);
}

std::optional<DunningCase> open_case(ReadTx& tx, const SubscriptionId& subscription) {
  return tx.one<DunningCase>(
      "SELECT " CASE_COLUMNS " FROM dunning_cases WHERE subscription_id = ?1 AND closed_at IS NULL", subscription);
}

std::optional<DunningCase> dunning_case(ReadTx& tx, const DunningCaseId& id) {
  return tx.one<DunningCase>("SELECT " CASE_COLUMNS " FROM dunning_cases WHERE id = ?1", id);
}

void add_case(WriteTx& tx, const DunningCase& dunning) {
  tx.execute(
      "INSERT INTO dunning_cases (id, subscription_id, attempts, next_at, grace_until, status, opened_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      dunning.id, dunning.subscription, dunning.attempts, dunning.next_at, dunning.grace_until, dunning.status,
      dunning.opened_at);
}

void update_case(WriteTx& tx, const DunningCase& dunning) {
  tx.execute(
      "UPDATE dunning_cases SET attempts = ?2, next_at = ?3, status = ?4, closed_at = ?5 WHERE id = ?1 AND closed_at "
      "IS "
      "NULL",
      dunning.id, dunning.attempts, dunning.next_at, dunning.status, dunning.closed_at);
}

std::vector<DunningCase> dunning_cases(ReadTx& tx, const Caller& admin, const std::optional<std::string>& status,
                                       const DunningCaseId& after, std::int64_t limit) {
  if (!admin.is_admin()) return {};
  return tx.many<DunningCase>("SELECT " CASE_COLUMNS
                              " FROM dunning_cases WHERE (?1 IS NULL OR id < ?1) AND (?2 IS NULL OR status = ?2) "
                              "ORDER BY id DESC LIMIT ?3",
                              after, status, limit);
}

}  // namespace tuition::billing::store
