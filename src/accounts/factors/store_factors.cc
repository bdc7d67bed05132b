#include "accounts/factors/store_factors.h"

namespace tuition::accounts::store {

std::optional<Factor> factor(ReadTx& tx, const UserId& user) {
  return tx.one<Factor>(
      "SELECT id, user_id, secret, confirmed_at, last_step, created_at FROM mfa_factors "
      "WHERE user_id = ?1 AND kind = 'totp'",
      user);
}

std::optional<Factor> working_factor(ReadTx& tx, const UserId& user) {
  auto found = factor(tx, user);
  if (found && !found->confirmed_at) return std::nullopt;
  return found;
}

std::vector<UserId> people_with_factor(ReadTx& tx) {
  return tx.many<UserId>("SELECT user_id FROM mfa_factors WHERE confirmed_at IS NOT NULL");
}

void put_factor(WriteTx& tx, const Factor& factor) {
  tx.execute("DELETE FROM mfa_factors WHERE user_id = ?1 AND kind = 'totp' AND confirmed_at IS NULL", factor.user);
  tx.execute(
      "INSERT INTO mfa_factors (id, user_id, kind, secret, confirmed_at, last_step, created_at) "
      "VALUES (?1, ?2, 'totp', ?3, ?4, ?5, ?6)",
      factor.id, factor.user, factor.secret, factor.confirmed_at, factor.last_step, factor.created_at);
}

void confirm_factor(WriteTx& tx, const std::string& id, std::int64_t step, Instant now) {
  tx.execute("UPDATE mfa_factors SET confirmed_at = ?3, last_step = ?2 WHERE id = ?1", id, step, now);
}

bool use_step(WriteTx& tx, const std::string& id, std::int64_t step) {
  return tx.execute("UPDATE mfa_factors SET last_step = ?2 WHERE id = ?1 AND last_step < ?2", id, step) == 1;
}

void remove_factor(WriteTx& tx, const UserId& user) {
  tx.execute("DELETE FROM mfa_factors WHERE user_id = ?1", user);
  tx.execute("DELETE FROM mfa_recovery_codes WHERE user_id = ?1", user);
}

void put_recovery_codes(WriteTx& tx, const UserId& user, const std::vector<RecoveryCode>& codes) {
  tx.execute("DELETE FROM mfa_recovery_codes WHERE user_id = ?1", user);
  for (const auto& code : codes)
    tx.execute("INSERT INTO mfa_recovery_codes (id, user_id, code_hash) VALUES (?1, ?2, ?3)", code.id, user, code.hash);
}

bool use_recovery_code(WriteTx& tx, const UserId& user, const std::string& hash, Instant now) {
  return tx.execute(
             "UPDATE mfa_recovery_codes SET used_at = ?3 WHERE user_id = ?1 AND code_hash = ?2 AND used_at IS NULL",
             user, hash, now) == 1;
}

std::int64_t recovery_codes_left(ReadTx& tx, const UserId& user) {
  return tx.one<std::int64_t>("SELECT COUNT(*) FROM mfa_recovery_codes WHERE user_id = ?1 AND used_at IS NULL", user)
      .value_or(0);
}

void add_challenge(WriteTx& tx, const Challenge& challenge, const std::string& digest, Instant now) {
  tx.execute(
      "INSERT INTO auth_tokens (id, user_id, purpose, token_hash, data_json, created_at, expires_at) "
      "VALUES (?1, ?2, 'mfa_challenge', ?3, json_object('program', ?4, 'password', ?5, 'tries', 0), ?6, ?7)",
      challenge.id, challenge.user, digest, challenge.program, challenge.password, now, challenge.expires_at);
}

std::optional<Challenge> challenge(ReadTx& tx, const std::string& digest) {
  return tx.one<Challenge>(
      "SELECT id, user_id, expires_at, used_at, json_extract(data_json, '$.program'), "
      "json_extract(data_json, '$.password'), json_extract(data_json, '$.tries') FROM auth_tokens "
      "WHERE token_hash = ?1 AND purpose = 'mfa_challenge'",
      digest);
}

void count_try(WriteTx& tx, const std::string& id) {
  tx.execute(
      "UPDATE auth_tokens SET data_json = json_set(data_json, '$.tries', json_extract(data_json, '$.tries') + 1) "
      "WHERE id = ?1",
      id);
}

}  // namespace tuition::accounts::store
