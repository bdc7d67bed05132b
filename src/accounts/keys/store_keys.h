#pragma once

// Every statement about API keys. A key is there for its owner and for administrators.

#include <optional>
#include <string>
#include <vector>

#include "accounts/types.h"
#include "platform/base/caller.h"
#include "platform/storage/database.h"

namespace tuition::accounts::store {

struct ApiKey {
  std::string id{};
  UserId user{};
  std::string name{};
  std::string prefix{};
  JsonText scopes{};
  std::optional<Instant> last_used_at{};
  std::optional<Instant> expires_at{};
  Instant created_at{};
};

void add_key(WriteTx& tx, const ApiKey& key, const std::string& hash);
// Those that were not ended; the newest first.
std::vector<ApiKey> keys_of(ReadTx& tx, const Caller& caller, const UserId& user);
std::int64_t count_keys(ReadTx& tx, const UserId& user);
// Null when it was ended, too.
std::optional<ApiKey> key(ReadTx& tx, const Caller& caller, const std::string& id);
// By id or by its first letters.
std::optional<ApiKey> key_by_name(ReadTx& tx, const Caller& caller, const std::string& id_or_prefix);
void revoke_key(WriteTx& tx, const std::string& id, Instant now);
void set_used(WriteTx& tx, const std::string& id, Instant at);

struct OwnedKey {
  ApiKey key{};
  std::string email{};
  std::optional<std::string> full_name{};
};
// Everybody's or, where `user` is not empty, one person's, for administrators: the newest first, behind the one with
// this moment and id.
enum class Whose { everybodys, ones };
Sql key_list(Whose whose);
std::vector<OwnedKey> all_keys(ReadTx& tx, const Caller& caller, const UserId& user, Instant before,
                               const std::string& before_id, std::int64_t limit);

// For the program itself, at start: who holds which.
struct HeldKey {
  std::string id{};
  UserId user{};
  std::string hash{};
  JsonText scopes{};
  std::optional<Instant> expires_at{};
  Role role = Role::user;
  bool owner = false;
  UserStatus status = UserStatus::active;
};
std::vector<HeldKey> held_keys(ReadTx& tx);

std::int64_t purge_keys(WriteTx& tx, Instant revoked_before);

}  // namespace tuition::accounts::store
