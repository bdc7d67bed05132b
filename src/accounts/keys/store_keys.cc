#include "accounts/keys/store_keys.h"

namespace tuition::accounts::store {

void add_key(WriteTx& tx, const ApiKey& key, const std::string& hash) {
  tx.execute(
      "INSERT INTO api_keys (id, user_id, name, prefix, key_hash, scopes_json, expires_at, created_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      key.id, key.user, key.name, key.prefix, hash, key.scopes, key.expires_at, key.created_at);
}

std::vector<ApiKey> keys_of(ReadTx& tx, const Caller& caller, const UserId& user) {
  if (!caller.is(user) && !caller.is_admin()) return {};
  return tx.many<ApiKey>(
      "SELECT id, user_id, name, prefix, scopes_json, last_used_at, expires_at, created_at FROM api_keys "
      "WHERE user_id = ?1 AND revoked_at IS NULL ORDER BY created_at DESC, id DESC",
      user);
}

std::int64_t count_keys(ReadTx& tx, const UserId& user) {
  return tx.one<std::int64_t>("SELECT COUNT(*) FROM api_keys WHERE user_id = ?1 AND revoked_at IS NULL", user)
      .value_or(0);
}

std::optional<ApiKey> key(ReadTx& tx, const Caller& caller, const std::string& id) {
  auto found = tx.one<ApiKey>(
      "SELECT id, user_id, name, prefix, scopes_json, last_used_at, expires_at, created_at FROM api_keys "
      "WHERE id = ?1 AND revoked_at IS NULL",
      id);
  if (found && !caller.is(found->user) && !caller.is_admin()) return std::nullopt;
  return found;
}

std::optional<ApiKey> key_by_name(ReadTx& tx, const Caller& caller, const std::string& id_or_prefix) {
  if (!caller.is_admin()) return std::nullopt;
  return tx.one<ApiKey>(
      "SELECT id, user_id, name, prefix, scopes_json, last_used_at, expires_at, created_at FROM api_keys "
      "WHERE (id = ?1 OR prefix = ?1) AND revoked_at IS NULL",
      id_or_prefix);
}

void revoke_key(WriteTx& tx, const std::string& id, Instant now) {
  tx.execute("UPDATE api_keys SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL", id, now);
}

void set_used(WriteTx& tx, const std::string& id, Instant at) {
  tx.execute("UPDATE api_keys SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)", id,
             at);
}

Sql key_list(Whose whose) {
  constexpr SqlText keys(
      "SELECT k.id, k.user_id, k.name, k.prefix, k.scopes_json, k.last_used_at, k.expires_at, k.created_at, u.email, "
      "p.full_name FROM api_keys k JOIN users u ON u.id = k.user_id JOIN user_profiles p ON p.id = k.user_id "
      "WHERE k.revoked_at IS NULL AND (k.created_at, k.id) < (?1, ?2)");
  constexpr SqlText newest("ORDER BY k.created_at DESC, k.id DESC LIMIT ?3");
  if (whose == Whose::everybodys) return sql<keys, newest>();
  return sql<keys, "AND k.user_id = ?4", newest>();
}

std::vector<OwnedKey> all_keys(ReadTx& tx, const Caller& caller, const UserId& user, Instant before,
                               const std::string& before_id, std::int64_t limit) {
  std::vector<OwnedKey> found;
  if (!caller.is_admin()) return found;
  const auto take = [&](const auto&... more) {
    tx.each(
        key_list(user.empty() ? Whose::everybodys : Whose::ones),
        [&](Row& row) {
          OwnedKey made;
          row.take(made.key.id, made.key.user, made.key.name, made.key.prefix, made.key.scopes, made.key.last_used_at,
                   made.key.expires_at, made.key.created_at, made.email, made.full_name);
          found.push_back(std::move(made));
        },
        before, before_id, limit, more...);
  };
  if (user.empty())
    take();
  else
    take(user);
  return found;
}

std::vector<HeldKey> held_keys(ReadTx& tx) {
  return tx.many<HeldKey>(
      "SELECT k.id, k.user_id, k.key_hash, k.scopes_json, k.expires_at, u.role, u.is_owner, u.status "
      "FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.revoked_at IS NULL AND u.status <> 'erased'");
}

std::int64_t purge_keys(WriteTx& tx, Instant revoked_before) {
  return tx.execute("DELETE FROM api_keys WHERE id IN (SELECT id FROM api_keys WHERE revoked_at < ?1 LIMIT 500)",
                    revoked_before);
}

}  // namespace tuition::accounts::store
