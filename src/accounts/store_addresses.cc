#include "accounts/store_addresses.h"

#include "platform/base/fields_json.h"

namespace tuition::accounts::store {
namespace {

AddressWish wish_in(const std::string& json) {
  auto wish = decode_json<AddressWish>(json, Unknown::ignored);
  return wish ? std::move(*wish) : AddressWish{};
}

}  // namespace

void add_address_token(WriteTx& tx, const std::string& id, const UserId& user, const AddressWish& wish,
                       const std::string& digest, Instant now, Instant expires_at) {
  tx.execute(
      "INSERT INTO auth_tokens (id, user_id, purpose, token_hash, data_json, created_at, expires_at) "
      "VALUES (?1, ?2, 'email_change', ?3, ?4, ?5, ?6)",
      id, user, digest, to_json(wish), now, expires_at);
}

std::optional<AddressToken> address_token(ReadTx& tx, const std::string& digest) {
  std::optional<AddressToken> found;
  tx.each(
      "SELECT id, user_id, data_json, expires_at, used_at FROM auth_tokens "
      "WHERE token_hash = ?1 AND purpose = 'email_change'",
      [&](Row& row) {
        AddressToken made;
        std::string json;
        row.take(made.id, made.user, json, made.expires_at, made.used_at);
        made.wish = wish_in(json);
        found = std::move(made);
      },
      digest);
  return found;
}

std::optional<std::string> pending_address(ReadTx& tx, const Caller& caller, const UserId& user, Instant now) {
  if (!caller.is(user) && !caller.is_admin()) return std::nullopt;
  const auto json = tx.one<std::string>(
      "SELECT data_json FROM auth_tokens WHERE user_id = ?1 AND purpose = 'email_change' AND used_at IS NULL "
      "AND expires_at > ?2 ORDER BY created_at DESC LIMIT 1",
      user, now);
  if (!json) return std::nullopt;
  return wish_in(*json).email;
}

bool set_address(WriteTx& tx, const UserId& user, const std::string& email, Instant now) {
  return tx.attempt("UPDATE users SET email = ?2, email_verified_at = ?3, updated_at = ?3 WHERE id = ?1", user, email,
                    now);
}

}  // namespace tuition::accounts::store
