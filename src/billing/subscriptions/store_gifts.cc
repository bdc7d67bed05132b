#include "billing/subscriptions/store_gifts.h"

namespace tuition::billing::store {
namespace {

bool may_see(const Caller& caller, const UserId& user) { return caller.is(user) || caller.is_admin(); }

}  // namespace

void add_gift(WriteTx& tx, const Gift& gift) {
  tx.execute(
      "INSERT INTO gifts (id, user_id, plan_id, plan, plan_name, given_by, starts_at, ends_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      gift.id, gift.user, gift.plan, gift.plan_code, gift.plan_name, gift.given_by, gift.starts_at, gift.ends_at);
}

std::vector<Gift> gifts_of(ReadTx& tx, const Caller& caller, const UserId& user) {
  if (!may_see(caller, user)) return {};
  return tx.many<Gift>(
      "SELECT id, user_id, plan_id, plan, plan_name, given_by, starts_at, ends_at FROM gifts WHERE user_id = ?1 "
      "ORDER BY starts_at DESC, id DESC",
      user);
}

std::vector<Bought> bought_by(ReadTx& tx, const Caller& caller, const UserId& user) {
  if (!may_see(caller, user)) return {};
  return tx.many<Bought>(
      "SELECT s.id, s.plan_id, s.plan, s.plan_name, s.status, s.provider, p.interval, p.interval_count, "
      "p.amount_minor, p.currency, "
      "s.current_period_start, s.current_period_end, s.cancel_at_period_end, s.created_at, s.ended_at "
      "FROM subscriptions s LEFT JOIN prices p ON p.id = s.price_id WHERE s.user_id = ?1 "
      "ORDER BY s.created_at DESC, s.id DESC",
      user);
}

Sql people_on_plan_statement() {
  return "SELECT s.user_id FROM subscriptions s WHERE s.status IN ('trialing', 'active', 'past_due') "
         "AND (s.plan_id = ?1 OR s.plan = ?1) "
         "UNION SELECT g.user_id FROM plans p CROSS JOIN gifts g ON g.plan_id = p.id "
         "WHERE (p.id = ?1 OR p.code = ?1) AND g.starts_at <= ?2 AND g.ends_at > ?2";
}

std::vector<UserId> people_on_plan(ReadTx& tx, const std::string& plan, Instant now) {
  return tx.many<UserId>(people_on_plan_statement(), plan, now);
}

}  // namespace tuition::billing::store
