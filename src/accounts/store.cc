#include "accounts/store.h"

#include "platform/base/fold.h"

namespace tuition::accounts::store {
namespace {

bool may_see(const Caller& caller, const UserId& owner) { return caller.is(owner) || caller.is_admin(); }

void note_seen(WriteTx& tx, const Session& session) {
  tx.execute("UPDATE users SET last_seen_at = ?2 WHERE id = ?1", session.user, session.last_seen_at);
}

}  // namespace

// --- People ---------------------------------------------------------------------------------------------------------

bool add_user(WriteTx& tx, const NewUser& user) {
  const bool added = tx.attempt(
      "INSERT INTO users (id, email, password_hash, role, is_owner, email_verified_at, created_at, updated_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
      user.id, user.email, user.password_hash, user.role, user.owner, user.email_verified_at, user.created_at);
  if (!added) return false;
  tx.execute(
      "INSERT INTO user_profiles (id, full_name, locale, timezone, created_at, updated_at, folded_name) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)",
      user.id, user.full_name, user.locale, user.timezone, user.created_at, folded(user.full_name.value_or("")));
  return true;
}

std::optional<User> user(ReadTx& tx, const UserId& id) {
  return tx.one<User>(
      "SELECT u.id, u.email, u.password_hash, u.role, u.is_owner, u.status, u.email_verified_at, p.full_name "
      "FROM users u JOIN user_profiles p ON p.id = u.id WHERE u.id = ?1",
      id);
}

std::optional<User> user_by_email(ReadTx& tx, std::string_view email) {
  return tx.one<User>(
      "SELECT u.id, u.email, u.password_hash, u.role, u.is_owner, u.status, u.email_verified_at, p.full_name "
      "FROM users u JOIN user_profiles p ON p.id = u.id WHERE u.email = ?1",
      email);
}

std::optional<Person> person(ReadTx& tx, const UserId& id) {
  return tx.one<Person>(
      "SELECT u.id, u.email, COALESCE(p.full_name, ''), u.role, u.is_owner, u.status, p.locale, p.timezone, "
      "u.created_at FROM users u JOIN user_profiles p ON p.id = u.id WHERE u.id = ?1",
      id);
}

std::optional<Person> person_by_email(ReadTx& tx, std::string_view email) {
  return tx.one<Person>(
      "SELECT u.id, u.email, COALESCE(p.full_name, ''), u.role, u.is_owner, u.status, p.locale, p.timezone, "
      "u.created_at FROM users u JOIN user_profiles p ON p.id = u.id WHERE u.email = ?1",
      email);
}

PeopleCounts count_people(ReadTx& tx, Instant since) {
  return tx
      .one<PeopleCounts>(
          "SELECT COUNT(*), COUNT(email_verified_at), COUNT(CASE WHEN created_at >= ?1 THEN 1 END), "
          "COUNT(CASE WHEN last_login_at >= ?1 THEN 1 END) FROM users WHERE status <> 'erased'",
          since)
      .value_or(PeopleCounts{});
}

std::optional<Profile> profile(ReadTx& tx, const Caller& caller, const UserId& id) {
  if (!may_see(caller, id)) return std::nullopt;
  return tx.one<Profile>(
      "SELECT u.id, u.email, u.role, u.is_owner, u.email_verified_at, p.full_name, p.avatar_media_id, p.locale, "
      "p.timezone, p.preferences_json, p.leaderboard_opt_in, u.created_at, p.updated_at "
      "FROM users u JOIN user_profiles p ON p.id = u.id WHERE u.id = ?1 AND u.status <> 'erased'",
      id);
}

void put_profile(WriteTx& tx, const Caller& caller, const Profile& profile) {
  if (!may_see(caller, profile.id)) return;
  tx.execute(
      "UPDATE user_profiles SET full_name = ?2, avatar_media_id = ?3, locale = ?4, timezone = ?5, "
      "preferences_json = ?6, leaderboard_opt_in = ?7, updated_at = ?8, folded_name = ?9 WHERE id = ?1",
      profile.id, profile.full_name, profile.avatar_id, profile.locale, profile.timezone, profile.preferences,
      profile.leaderboard_opt_in, profile.updated_at, folded(profile.full_name.value_or("")));
}

std::size_t fold_names(WriteTx& tx, std::int64_t at_most) {
  struct Name {
    UserId id{};
    std::string full_name{};
  };
  const auto names = tx.many<Name>(
      "SELECT id, COALESCE(full_name, '') FROM user_profiles WHERE folded_name IS NULL LIMIT ?1", at_most);
  for (const auto& name : names)
    tx.execute("UPDATE user_profiles SET folded_name = ?2 WHERE id = ?1", name.id, folded(name.full_name));
  return names.size();
}

bool shows_picture(ReadTx& tx, const std::string& media) {
  return tx.one<bool>("SELECT EXISTS (SELECT 1 FROM user_profiles WHERE avatar_media_id = ?1)", media).value_or(false);
}

std::vector<std::string> foreign_hashes(ReadTx& tx, const std::string& own_beginning) {
  return tx.many<std::string>(
      "SELECT MIN(password_hash) FROM users WHERE password_hash IS NOT NULL AND instr(password_hash, ?1) <> 1 "
      "GROUP BY CASE WHEN substr(password_hash, 1, 2) = '$2' THEN substr(password_hash, 5, 2) "
      "ELSE substr(password_hash, 1, instr(password_hash, ',p=')) END",
      own_beginning);
}

void set_password_hash(WriteTx& tx, const UserId& id, const std::string& hash, Instant now) {
  tx.execute("UPDATE users SET password_hash = ?2, updated_at = ?3 WHERE id = ?1", id, hash, now);
}

bool note_login(WriteTx& tx, const UserId& id, const std::string& hash_seen, const std::string& hash_now, Instant now) {
  return tx.execute(
             "UPDATE users SET last_login_at = ?4, password_hash = ?3 "
             "WHERE id = ?1 AND password_hash = ?2 AND status = 'active'",
             id, hash_seen, hash_now, now) == 1;
}

void set_verified(WriteTx& tx, const UserId& id, Instant now) {
  tx.execute("UPDATE users SET email_verified_at = ?2, updated_at = ?2 WHERE id = ?1 AND email_verified_at IS NULL", id,
             now);
}

void set_standing(WriteTx& tx, const UserId& id, Role role, bool owner, UserStatus status, Instant now) {
  tx.execute(
      "UPDATE users SET role = ?2, is_owner = ?3, status = ?4, standing_changed_at = ?5, updated_at = ?5 WHERE id = ?1",
      id, role, owner, status, now);
}

std::int64_t count_owners(ReadTx& tx) {
  return tx.one<std::int64_t>("SELECT COUNT(*) FROM users WHERE is_owner = 1 AND status = 'active'").value_or(0);
}

void add_consent(WriteTx& tx, const std::string& id, const UserId& user, const std::string& purpose, bool granted,
                 const std::string& ip, Instant at) {
  tx.execute(
      "INSERT INTO consents (id, user_id, purpose, version, granted, source_ip, at) VALUES (?1, ?2, ?3, '1', ?4, ?5, "
      "?6)",
      id, user, purpose, granted, ip, at);
}

std::vector<Changed> standing_changed_since(ReadTx& tx, Instant since) {
  return tx.many<Changed>(
      "SELECT id, role, is_owner, status, standing_changed_at FROM users WHERE standing_changed_at >= ?1", since);
}

// --- Sessions -------------------------------------------------------------------------------------------------------

void add_session(WriteTx& tx, const Session& session) {
  tx.execute(
      "INSERT INTO sessions (id, user_id, kind, generation, rotated_at, access_until, ip, user_agent, created_at, "
      "last_seen_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
      session.id, session.user, session.kind, session.generation, session.rotated_at, session.access_until, session.ip,
      session.user_agent, session.created_at, session.last_seen_at, session.expires_at);
  note_seen(tx, session);
}

std::optional<Session> session_of_token(ReadTx& tx, const SessionId& id) {
  return tx.one<Session>(
      "SELECT id, user_id, kind, generation, rotated_at, access_until, ip, user_agent, created_at, last_seen_at, "
      "expires_at, revoked_at FROM sessions WHERE id = ?1",
      id);
}

std::optional<Session> session(ReadTx& tx, const Caller& caller, const SessionId& id) {
  auto found = session_of_token(tx, id);
  if (found && !may_see(caller, found->user)) return std::nullopt;
  return found;
}

std::vector<Session> living_sessions(ReadTx& tx, const UserId& user, Instant now) {
  return tx.many<Session>(
      "SELECT id, user_id, kind, generation, rotated_at, access_until, ip, user_agent, created_at, last_seen_at, "
      "expires_at, revoked_at FROM sessions WHERE user_id = ?1 AND revoked_at IS NULL AND "
      "(expires_at > ?2 OR access_until > ?2) ORDER BY created_at",
      user, now);
}

void touch_session(WriteTx& tx, const Session& session) {
  tx.execute(
      "UPDATE sessions SET generation = ?2, rotated_at = ?3, access_until = ?4, ip = ?5, user_agent = ?6, "
      "last_seen_at = ?7 WHERE id = ?1",
      session.id, session.generation, session.rotated_at, session.access_until, session.ip, session.user_agent,
      session.last_seen_at);
  note_seen(tx, session);
}

void revoke_session(WriteTx& tx, const SessionId& id, std::string_view reason, Instant now) {
  tx.execute("UPDATE sessions SET revoked_at = ?3, revoke_reason = ?2 WHERE id = ?1 AND revoked_at IS NULL", id, reason,
             now);
}

std::vector<Ended> ended_with_living_tokens(ReadTx& tx, Instant now) {
  return tx.many<Ended>("SELECT id, access_until FROM sessions WHERE revoked_at IS NOT NULL AND access_until > ?1",
                        now);
}

// --- Links in mail --------------------------------------------------------------------------------------------------

void add_token(WriteTx& tx, const std::string& id, const UserId& user, TokenPurpose purpose, const std::string& digest,
               Instant now, Instant expires_at) {
  tx.execute(
      "INSERT INTO auth_tokens (id, user_id, purpose, token_hash, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, "
      "?6)",
      id, user, purpose, digest, now, expires_at);
}

std::optional<Token> token(ReadTx& tx, TokenPurpose purpose, const std::string& digest) {
  return tx.one<Token>(
      "SELECT id, user_id, created_at, expires_at, used_at FROM auth_tokens WHERE token_hash = ?1 AND purpose = ?2",
      digest, purpose);
}

Recent recent_tokens(ReadTx& tx, const UserId& user, TokenPurpose purpose, Instant since) {
  return tx
      .one<Recent>(
          "SELECT COUNT(*), COALESCE(MAX(created_at), 0) FROM auth_tokens "
          "WHERE user_id = ?1 AND purpose = ?2 AND created_at > ?3",
          user, purpose, since)
      .value_or(Recent{});
}

void use_token(WriteTx& tx, const std::string& id, Instant now) {
  tx.execute("UPDATE auth_tokens SET used_at = ?2 WHERE id = ?1", id, now);
}

void void_tokens(WriteTx& tx, const UserId& user, TokenPurpose purpose, Instant now) {
  tx.execute("UPDATE auth_tokens SET used_at = ?3 WHERE user_id = ?1 AND purpose = ?2 AND used_at IS NULL", user,
             purpose, now);
}

// --- Tries to sign in -----------------------------------------------------------------------------------------------

void add_attempt(WriteTx& tx, const Place& place, bool ok, Instant at) {
  tx.execute("INSERT INTO login_attempts (email_hash, ip, ok, at, browser) VALUES (?1, ?2, ?3, ?4, ?5)",
             place.email_hash, place.network, ok, at, ok ? place.browser.next : place.browser.shown);
}

lockout::Tries tries(ReadTx& tx, const Place& place, Instant now) {
  const Instant since = now - lockout::window;
  lockout::Tries found;
  found.on_account = tx.one<lockout::Failures>(
                           "SELECT COUNT(*), COALESCE(MAX(at), 0) FROM login_attempts "
                           "WHERE email_hash = ?1 AND ok = 0 AND at > ?2",
                           place.email_hash, since)
                         .value_or(lockout::Failures{});
  found.from_address = tx.one<lockout::Failures>(
                             "SELECT COUNT(*), COALESCE(MAX(at), 0) FROM login_attempts "
                             "WHERE ip = ?1 AND ok = 0 AND at > ?2",
                             place.network, since)
                           .value_or(lockout::Failures{});
  // A success wipes the failures of its place.
  if (!place.browser.shown.empty()) {
    const auto known = tx.one<std::optional<Instant>>(
        "SELECT MAX(at) FROM login_attempts WHERE email_hash = ?1 AND browser = ?2 AND ok = 1 AND at > ?3 "
        "AND browser <> ''",
        place.email_hash, place.browser.shown, now - lockout::remembered);
    if (known && *known) {
      found.known = lockout::Tries::Known::by_browser;
      found.from_here = tx.one<lockout::Failures>(
                              "SELECT COUNT(*), COALESCE(MAX(at), 0) FROM login_attempts "
                              "WHERE email_hash = ?1 AND browser = ?2 AND ok = 0 AND at > ?3 AND browser <> ''",
                              place.email_hash, place.browser.shown, std::max(since, **known))
                            .value_or(lockout::Failures{});
      return found;
    }
  }
  const auto known = tx.one<std::optional<Instant>>(
      "SELECT MAX(at) FROM login_attempts WHERE email_hash = ?1 AND ok = 1 AND ip = ?2 AND at > ?3", place.email_hash,
      place.network, now - lockout::address_remembered);
  if (known && *known) {
    found.known = lockout::Tries::Known::by_address;
    found.from_here = tx.one<lockout::Failures>(
                            "SELECT COUNT(*), COALESCE(MAX(at), 0) FROM login_attempts "
                            "WHERE email_hash = ?1 AND ok = 0 AND ip = ?2 AND at > ?3",
                            place.email_hash, place.network, std::max(since, **known))
                          .value_or(lockout::Failures{});
  }
  return found;
}

void forget_tries(WriteTx& tx, const std::string& email_hash) {
  tx.execute("DELETE FROM login_attempts WHERE email_hash = ?1", email_hash);
}

void move_tries(WriteTx& tx, const std::string& email_hash, const std::string& to_email_hash) {
  tx.execute("UPDATE login_attempts SET email_hash = ?2 WHERE email_hash = ?1 AND ok = 1", email_hash, to_email_hash);
  tx.execute("DELETE FROM login_attempts WHERE email_hash = ?1", email_hash);
}

// --- Purge
// ------------------------------------------------------------------------------------------------------------

std::int64_t purge_sessions(WriteTx& tx, Instant expired_before) {
  return tx.execute(
      "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < ?1 AND access_until < ?1 LIMIT "
      "500)",
      expired_before);
}

std::int64_t purge_tokens(WriteTx& tx, Instant expired_before) {
  return tx.execute("DELETE FROM auth_tokens WHERE id IN (SELECT id FROM auth_tokens WHERE expires_at < ?1 LIMIT 500)",
                    expired_before);
}

std::int64_t purge_attempts(WriteTx& tx, Instant failed_before, Instant any_before) {
  return tx.execute(
      "DELETE FROM login_attempts WHERE id IN "
      "(SELECT id FROM login_attempts WHERE (at < ?1 AND ok = 0) OR at < ?2 LIMIT 500)",
      failed_before, any_before);
}

}  // namespace tuition::accounts::store
