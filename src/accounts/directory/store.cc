#include "accounts/directory/store.h"

#include <limits>

namespace tuition::accounts::directory::store {
namespace {

// The plus signs keep the planner from a range of the wrong index: it shall walk the one that is in the order asked
// for, and stop when the page is full.
constexpr SqlText rows(
    "SELECT u.id, u.email, p.full_name, u.role, u.is_owner, CASE WHEN u.status = 'disabled' THEN 'disabled' "
    "WHEN u.password_hash IS NULL THEN 'invited' ELSE 'active' END, u.email_verified_at IS NOT NULL, u.created_at, "
    "u.last_seen_at, COALESCE(p.folded_name, ''), EXISTS (SELECT 1 FROM mfa_factors f WHERE f.user_id = u.id AND "
    "f.confirmed_at IS NOT "
    "NULL)");
constexpr SqlText of_users("FROM users u CROSS JOIN user_profiles p ON p.id = u.id");
constexpr SqlText of_profiles("FROM user_profiles p CROSS JOIN users u ON u.id = p.id");
// People out of a list, each found by id. What is sorted then is as long as the list.
constexpr SqlText of_listed(
    "FROM json_each(?9) w CROSS JOIN users u ON u.id = w.value CROSS JOIN user_profiles p ON p.id = u.id");
constexpr SqlText which(
    "WHERE u.status <> 'erased' AND (?1 = '' OR instr(u.email, ?1) > 0 OR instr(p.folded_name, ?2) > 0) "
    "AND (?3 = '' OR u.role = ?3) AND (?4 = '' OR CASE WHEN u.status = 'disabled' THEN 'disabled' "
    "WHEN u.password_hash IS NULL THEN 'invited' ELSE 'active' END = ?4) "
    "AND +u.created_at >= ?5 AND +u.created_at < ?6 "
    "AND (?7 = '' OR (?7 = 'paid') = (u.id IN (SELECT value FROM json_each(?8))))");

constexpr SqlText count_rows("SELECT COUNT(*)");

constexpr SqlText by_newest("AND (u.created_at, u.id) < (?10, ?11) ORDER BY u.created_at DESC, u.id DESC LIMIT ?12");
constexpr SqlText by_oldest("AND (u.created_at, u.id) > (?10, ?11) ORDER BY u.created_at, u.id LIMIT ?12");
constexpr SqlText by_seen_last(
    "AND (u.last_seen_at, u.id) < (?10, ?11) ORDER BY u.last_seen_at DESC, u.id DESC LIMIT ?12");
constexpr SqlText by_seen_first("AND (u.last_seen_at, u.id) > (?10, ?11) ORDER BY u.last_seen_at, u.id LIMIT ?12");
constexpr SqlText by_email("AND u.email > ?10 ORDER BY u.email LIMIT ?12");
constexpr SqlText by_email_back("AND (?10 = '' OR u.email < ?10) ORDER BY u.email DESC LIMIT ?12");
constexpr SqlText by_name("AND (p.folded_name, p.id) > (?10, ?11) ORDER BY p.folded_name, p.id LIMIT ?12");
constexpr SqlText by_name_back(
    "AND (p.folded_name, p.id) < (?10, ?11) ORDER BY p.folded_name DESC, p.id DESC LIMIT ?12");

template <SqlText from, SqlText order>
Sql ordered() {
  return sql<rows, from, which, order>();
}

Among among_of(const Filter& filter) { return filter.among ? Among::listed : Among::everybody; }

std::string json_list(const std::vector<UserId>& ids) {
  std::string out = "[";
  for (const auto& id : ids) {
    if (out.size() > 1) out += ',';
    out += '"' + id.text() + '"';
  }
  return out + "]";
}

}  // namespace

Sql statement(Order order, Among among) {
  const bool all = among == Among::everybody;
  switch (order) {
    case Order::newest: return all ? ordered<of_users, by_newest>() : ordered<of_listed, by_newest>();
    case Order::oldest: return all ? ordered<of_users, by_oldest>() : ordered<of_listed, by_oldest>();
    case Order::seen_last: return all ? ordered<of_users, by_seen_last>() : ordered<of_listed, by_seen_last>();
    case Order::seen_first: return all ? ordered<of_users, by_seen_first>() : ordered<of_listed, by_seen_first>();
    case Order::email: return all ? ordered<of_users, by_email>() : ordered<of_listed, by_email>();
    case Order::email_back: return all ? ordered<of_users, by_email_back>() : ordered<of_listed, by_email_back>();
    case Order::name: return all ? ordered<of_profiles, by_name>() : ordered<of_listed, by_name>();
    case Order::name_back: return all ? ordered<of_profiles, by_name_back>() : ordered<of_listed, by_name_back>();
  }
  return "SELECT 0";
}

Sql count_statement(Among among) {
  return among == Among::everybody ? sql<count_rows, of_users, which>() : sql<count_rows, of_listed, which>();
}

Place beginning(Order order) {
  switch (order) {
    case Order::newest:
    case Order::seen_last: return {.moment = std::numeric_limits<std::int64_t>::max()};
    case Order::oldest:
    case Order::seen_first: return {.moment = -1};
    case Order::name_back:
    case Order::email_back: return {.text = "\U0010FFFF"};  // no text that people write comes after it
    case Order::email:
    case Order::name: return {};
  }
  return {};
}

std::vector<Row> list(ReadTx& tx, const Caller& caller, const Filter& filter, Order order, const Place& after,
                      std::int64_t limit) {
  if (!caller.is_admin()) return {};
  const std::string access(filter.access ? name_of(*filter.access) : "");
  const auto paying = json_list(filter.paying);
  const auto among = json_list(filter.among.value_or(std::vector<UserId>{}));
  const auto run = [&](const auto& key) {
    return tx.many<Row>(statement(order, among_of(filter)), filter.q, filter.folded, filter.role, filter.status,
                        filter.created_from, filter.created_to, access, paying, among, key, after.id, limit);
  };
  switch (order) {
    case Order::newest:
    case Order::oldest:
    case Order::seen_first:
    case Order::seen_last: return run(after.moment);
    case Order::email:
    case Order::email_back:
    case Order::name:
    case Order::name_back: return run(after.text);
  }
  return {};
}

std::int64_t count(ReadTx& tx, const Caller& caller, const Filter& filter) {
  if (!caller.is_admin()) return 0;
  const auto statement = count_statement(among_of(filter));
  const auto run = [&](const auto&... more) {
    return tx
        .one<std::int64_t>(statement, filter.q, filter.folded, filter.role, filter.status, filter.created_from,
                           filter.created_to, std::string(filter.access ? name_of(*filter.access) : ""),
                           json_list(filter.paying), more...)
        .value_or(0);
  };
  return filter.among ? run(json_list(*filter.among)) : run();
}

std::optional<Detail> detail(ReadTx& tx, const Caller& caller, const UserId& id, Instant now) {
  if (!caller.is(id) && !caller.is_admin()) return std::nullopt;
  auto row = tx.one<Row>(sql<rows, of_users, "WHERE u.id = ?1 AND u.status <> 'erased'">(), id);
  if (!row) return std::nullopt;
  std::optional<Detail> found;
  tx.each(
      "SELECT p.locale, p.timezone, p.preferences_json, p.leaderboard_opt_in, p.avatar_media_id, p.updated_at, "
      "(SELECT COUNT(*) FROM sessions s WHERE s.user_id = p.id AND s.revoked_at IS NULL AND s.expires_at > ?2), "
      "(SELECT COUNT(*) FROM api_keys k WHERE k.user_id = p.id AND k.revoked_at IS NULL) "
      "FROM user_profiles p WHERE p.id = ?1",
      [&](tuition::Row& from) {
        Detail made{.row = *row};
        from.take(made.locale, made.timezone, made.preferences, made.leaderboard_opt_in, made.avatar_id,
                  made.updated_at, made.sessions, made.api_keys);
        found = std::move(made);
      },
      id, now);
  return found;
}

void erase(WriteTx& tx, const UserId& id, const std::string& email_hash, Instant now) {
  tx.execute(
      "UPDATE users SET email = ?1 || '@erased.invalid', password_hash = NULL, role = 'user', is_owner = 0, "
      "status = 'erased', email_verified_at = NULL, last_login_at = NULL, last_seen_at = 0, standing_changed_at = ?2, "
      "updated_at = ?2 WHERE id = ?1",
      id, now);
  tx.execute(
      "UPDATE user_profiles SET full_name = NULL, avatar_media_id = NULL, locale = NULL, timezone = NULL, "
      "preferences_json = '{}', billing_name = NULL, billing_address_json = NULL, tax_id = NULL, "
      "leaderboard_opt_in = 0, folded_name = '', updated_at = ?2 WHERE id = ?1",
      id, now);
  tx.execute("UPDATE sessions SET ip = '', user_agent = '' WHERE user_id = ?1", id);
  tx.execute("DELETE FROM auth_tokens WHERE user_id = ?1", id);
  tx.execute("DELETE FROM mfa_factors WHERE user_id = ?1", id);
  tx.execute("DELETE FROM mfa_recovery_codes WHERE user_id = ?1", id);
  tx.execute("DELETE FROM api_keys WHERE user_id = ?1", id);
  tx.execute("DELETE FROM login_attempts WHERE email_hash = ?1", email_hash);
  tx.execute("UPDATE consents SET source_ip = '' WHERE user_id = ?1", id);
}

}  // namespace tuition::accounts::directory::store
