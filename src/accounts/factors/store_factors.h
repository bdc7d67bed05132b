#pragma once

// Every statement about the second step of signing in. What is asked here is asked by the program itself while it finds
// out who somebody is, or by verbs that act on the caller's own.

#include <optional>
#include <string>
#include <vector>

#include "accounts/types.h"
#include "platform/base/caller.h"
#include "platform/storage/database.h"

namespace tuition::accounts::store {

struct Factor {
  std::string id{};
  UserId user{};
  Blob secret{};  // sealed
  std::optional<Instant> confirmed_at{};
  std::int64_t last_step = 0;
  Instant created_at{};
};

std::optional<Factor> factor(ReadTx& tx, const UserId& user);
// The one that works: confirmed by a code.
std::optional<Factor> working_factor(ReadTx& tx, const UserId& user);
std::vector<UserId> people_with_factor(ReadTx& tx);
// Takes the place of one that was not confirmed.
void put_factor(WriteTx& tx, const Factor& factor);
void confirm_factor(WriteTx& tx, const std::string& id, std::int64_t step, Instant now);
// False when that step, or a later one, was used meanwhile.
bool use_step(WriteTx& tx, const std::string& id, std::int64_t step);
// With the recovery codes.
void remove_factor(WriteTx& tx, const UserId& user);

// The new set; the one before is gone.
struct RecoveryCode {
  std::string id{};
  std::string hash{};
};
void put_recovery_codes(WriteTx& tx, const UserId& user, const std::vector<RecoveryCode>& codes);
// False when there is none like this, or it was used.
bool use_recovery_code(WriteTx& tx, const UserId& user, const std::string& hash, Instant now);
std::int64_t recovery_codes_left(ReadTx& tx, const UserId& user);

// --- Between the password and the code ------------------------------------------------------------------------------

struct Challenge {
  std::string id{};
  UserId user{};
  Instant expires_at{};
  std::optional<Instant> used_at{};
  std::string program{};   // what the user agent calls itself, as a digest
  std::string password{};  // the digest of the hash that was matched
  std::int64_t tries = 0;
};

void add_challenge(WriteTx& tx, const Challenge& challenge, const std::string& digest, Instant now);
std::optional<Challenge> challenge(ReadTx& tx, const std::string& digest);
void count_try(WriteTx& tx, const std::string& id);

}  // namespace tuition::accounts::store
