#include "entitlements/store.h"

namespace tuition::entitlements::store {

std::vector<Right> rights(ReadTx& tx, const UserId& user, Instant now) {
  return tx.many<Right>(
      "SELECT scope, scope_id, starts_at, ends_at FROM entitlements "
      "WHERE user_id = ?1 AND revoked_at IS NULL AND (ends_at IS NULL OR ends_at > ?2)",
      user, now);
}

std::vector<UserId> people_with_rights(ReadTx& tx, Instant now) {
  return tx.many<UserId>(
      "SELECT DISTINCT user_id FROM entitlements "
      "WHERE revoked_at IS NULL AND starts_at <= ?1 AND (ends_at IS NULL OR ends_at > ?1)",
      now);
}

std::vector<Row> rows(ReadTx& tx, const UserId& user, Instant now) {
  return tx.many<Row>(
      "SELECT id, scope, scope_id, source, starts_at, ends_at, reason FROM entitlements "
      "WHERE user_id = ?1 AND revoked_at IS NULL AND (ends_at IS NULL OR ends_at > ?2) ORDER BY starts_at, id",
      user, now);
}

std::vector<std::optional<Instant>> ends_of(ReadTx& tx, Source source, const std::string& source_id, Instant now) {
  return tx.many<std::optional<Instant>>(
      "SELECT ends_at FROM entitlements WHERE source = ?1 AND source_id = ?2 AND revoked_at IS NULL "
      "AND (ends_at IS NULL OR ends_at > ?3)",
      source, source_id, now);
}

std::optional<UserId> holder(ReadTx& tx, Source source, const std::string& source_id, Scope scope,
                             const std::string& scope_id) {
  return tx.one<UserId>(
      "SELECT user_id FROM entitlements WHERE source = ?1 AND source_id = ?2 AND scope = ?3 AND scope_id = ?4", source,
      source_id, scope, scope_id);
}

std::vector<UserId> holders(ReadTx& tx, Source source, const std::string& source_id) {
  return tx.many<UserId>("SELECT DISTINCT user_id FROM entitlements WHERE source = ?1 AND source_id = ?2", source,
                         source_id);
}

std::int64_t insert(WriteTx& tx, const EntitlementId& id, const NewGrant& wanted, Instant now) {
  return tx.execute(
      "INSERT INTO entitlements (id, user_id, scope, scope_id, source, source_id, starts_at, ends_at, reason, "
      "created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)",
      id, wanted.user, wanted.scope, wanted.scope_id, wanted.source, wanted.source_id, wanted.starts_at, wanted.ends_at,
      wanted.reason, now);
}

std::int64_t lengthen(WriteTx& tx, const NewGrant& wanted, Instant now) {
  return tx.execute(
      "UPDATE entitlements SET ends_at = ?5, updated_at = ?6 WHERE source = ?1 AND source_id = ?2 AND scope = ?3 "
      "AND scope_id = ?4 AND ends_at IS NOT NULL AND (?5 IS NULL OR ?5 > ends_at)",
      wanted.source, wanted.source_id, wanted.scope, wanted.scope_id, wanted.ends_at, now);
}

std::int64_t extend(WriteTx& tx, Source source, const std::string& source_id, Instant until, Instant now) {
  return tx.execute(
      "UPDATE entitlements SET ends_at = ?3, updated_at = ?4 "
      "WHERE source = ?1 AND source_id = ?2 AND ends_at < ?3",
      source, source_id, until, now);
}

std::int64_t end_at(WriteTx& tx, Source source, const std::string& source_id, Instant at, Instant now) {
  return tx.execute(
      "UPDATE entitlements SET ends_at = MAX(?3, starts_at), updated_at = ?4 "
      "WHERE source = ?1 AND source_id = ?2 AND (ends_at IS NULL OR ends_at > MAX(?3, starts_at))",
      source, source_id, at, now);
}

std::int64_t revoke(WriteTx& tx, Source source, const std::string& source_id, const std::string& why, Instant now) {
  return tx.execute(
      "UPDATE entitlements SET revoked_at = ?4, revoke_reason = ?3, updated_at = ?4 "
      "WHERE source = ?1 AND source_id = ?2 AND revoked_at IS NULL",
      source, source_id, why, now);
}

std::int64_t revoke_all(WriteTx& tx, const UserId& user, const std::string& why, Instant now) {
  return tx.execute(
      "UPDATE entitlements SET revoked_at = ?3, revoke_reason = ?2, updated_at = ?3 "
      "WHERE user_id = ?1 AND revoked_at IS NULL",
      user, why, now);
}

std::int64_t restore(WriteTx& tx, Source source, const std::string& source_id, Instant now) {
  return tx.execute(
      "UPDATE entitlements SET revoked_at = NULL, revoke_reason = NULL, updated_at = ?3 "
      "WHERE source = ?1 AND source_id = ?2 AND revoked_at IS NOT NULL",
      source, source_id, now);
}

}  // namespace tuition::entitlements::store
