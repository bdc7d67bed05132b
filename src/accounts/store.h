#pragma once

// Every statement about people and their sessions. Rows that belong to somebody are asked for by a caller, and are not
// there for anybody but their owner and administrators.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/passwords/lockout.h"
#include "accounts/types.h"
#include "platform/storage/database.h"

namespace tuition::accounts::store {

// --- People ---------------------------------------------------------------------------------------------------------

struct User {
  UserId id{};
  std::string email{};
  std::optional<std::string> password_hash{};
  Role role = Role::user;
  bool owner = false;
  UserStatus status = UserStatus::active;
  std::optional<Instant> email_verified_at{};
  std::optional<std::string> full_name{};
};

struct NewUser {
  UserId id{};
  std::string email{};
  std::optional<std::string> password_hash{};
  Role role = Role::user;
  bool owner = false;
  std::optional<Instant> email_verified_at{};
  std::optional<std::string> full_name{};
  std::optional<std::string> locale{};
  std::optional<std::string> timezone{};
  Instant created_at{};
};

struct Profile {
  UserId id{};
  std::string email{};
  Role role = Role::user;
  bool owner = false;
  std::optional<Instant> email_verified_at{};
  std::optional<std::string> full_name{};
  std::optional<std::string> avatar_id{};
  std::optional<std::string> locale{};
  std::optional<std::string> timezone{};
  JsonText preferences{};
  bool leaderboard_opt_in = false;
  Instant created_at{};
  Instant updated_at{};
};

// False when the address is taken.
bool add_user(WriteTx& tx, const NewUser& user);
// For signing in and other acts of the program itself; never to answer somebody.
std::optional<User> user(ReadTx& tx, const UserId& id);
std::optional<User> user_by_email(ReadTx& tx, std::string_view email);

// For the figures, which other domains ask on the program's behalf.
std::optional<Person> person(ReadTx& tx, const UserId& id);
std::optional<Person> person_by_email(ReadTx& tx, std::string_view email);
PeopleCounts count_people(ReadTx& tx, Instant since);

std::optional<Profile> profile(ReadTx& tx, const Caller& caller, const UserId& id);
// Folds up to so many names that were written before names were folded, and says how many it found.
std::size_t fold_names(WriteTx& tx, std::int64_t at_most);
void put_profile(WriteTx& tx, const Caller& caller, const Profile& profile);
bool shows_picture(ReadTx& tx, const std::string& media);

// One hash for each cost among those that do not begin as ours do. Reads every user: once, at start.
std::vector<std::string> foreign_hashes(ReadTx& tx, const std::string& own_beginning);
void set_password_hash(WriteTx& tx, const UserId& id, const std::string& hash, Instant now);
// False when the person is no longer active or their password has changed meanwhile.
bool note_login(WriteTx& tx, const UserId& id, const std::string& hash_seen, const std::string& hash_now, Instant now);
void set_verified(WriteTx& tx, const UserId& id, Instant now);
void set_standing(WriteTx& tx, const UserId& id, Role role, bool owner, UserStatus status, Instant now);

std::int64_t count_owners(ReadTx& tx);
void add_consent(WriteTx& tx, const std::string& id, const UserId& user, const std::string& purpose, bool granted,
                 const std::string& ip, Instant at);

struct Changed {
  UserId id{};
  Role role = Role::user;
  bool owner = false;
  UserStatus status = UserStatus::active;
  Instant at{};
};
std::vector<Changed> standing_changed_since(ReadTx& tx, Instant since);

// --- Sessions -------------------------------------------------------------------------------------------------------

struct Session {
  SessionId id{};
  UserId user{};
  SessionKind kind = SessionKind::cookie;
  std::int64_t generation = 1;
  Instant rotated_at{};
  Instant access_until{};
  std::string ip{};
  std::string user_agent{};
  Instant created_at{};
  Instant last_seen_at{};
  Instant expires_at{};
  std::optional<Instant> revoked_at{};
};

void add_session(WriteTx& tx, const Session& session);
// For refreshing: whoever holds the token is the owner.
std::optional<Session> session_of_token(ReadTx& tx, const SessionId& id);
std::optional<Session> session(ReadTx& tx, const Caller& caller, const SessionId& id);
std::vector<Session> living_sessions(ReadTx& tx, const UserId& user, Instant now);
void touch_session(WriteTx& tx, const Session& session);
void revoke_session(WriteTx& tx, const SessionId& id, std::string_view reason, Instant now);

struct Ended {
  SessionId id{};
  Instant access_until{};
};
std::vector<Ended> ended_with_living_tokens(ReadTx& tx, Instant now);

// --- Links in mail --------------------------------------------------------------------------------------------------

struct Token {
  std::string id{};
  UserId user{};
  Instant created_at{};
  Instant expires_at{};
  std::optional<Instant> used_at{};
};

void add_token(WriteTx& tx, const std::string& id, const UserId& user, TokenPurpose purpose, const std::string& digest,
               Instant now, Instant expires_at);
std::optional<Token> token(ReadTx& tx, TokenPurpose purpose, const std::string& digest);
// How many were made since then, and when the newest of them was.
struct Recent {
  std::int64_t count = 0;
  Instant newest{};
};
Recent recent_tokens(ReadTx& tx, const UserId& user, TokenPurpose purpose, Instant since);
void use_token(WriteTx& tx, const std::string& id, Instant now);
// Those not used yet will never be.
void void_tokens(WriteTx& tx, const UserId& user, TokenPurpose purpose, Instant now);

// --- Tries to sign in -----------------------------------------------------------------------------------------------

// Whose account is tried, from where: the address's digest, the network of lockout.h, the browser.
struct Place {
  std::string email_hash{};
  std::string network{};
  Browser browser{};
};

// A success makes the browser known by its next cookie.
void add_attempt(WriteTx& tx, const Place& place, bool ok, Instant at);
lockout::Tries tries(ReadTx& tx, const Place& place, Instant now);
// No place is known for the account any more, and no failure counts.
void forget_tries(WriteTx& tx, const std::string& email_hash);
// The account goes by another address now: where its owner is known stays, failures do not.
void move_tries(WriteTx& tx, const std::string& email_hash, const std::string& to_email_hash);

// --- Purge: each removes some rows and says how many
// ------------------------------------------------------------------

std::int64_t purge_sessions(WriteTx& tx, Instant expired_before);
std::int64_t purge_tokens(WriteTx& tx, Instant expired_before);
std::int64_t purge_attempts(WriteTx& tx, Instant failed_before, Instant any_before);

}  // namespace tuition::accounts::store
