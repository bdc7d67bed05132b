#include "accounts/sessions/sessions.h"

#include <algorithm>
#include <optional>

#include "accounts/accounts.h"
#include "accounts/sessions/device_words.h"
#include "accounts/store.h"
#include "audit/audit.h"
#include "platform/base/text.h"
#include "platform/crypto/hmac.h"

namespace tuition::accounts {
namespace {

Error signed_out(std::string detail = {}) {
  return {Kind::unauthenticated, "UNAUTHENTICATED", "You have been signed out. Please sign in again.",
          std::move(detail)};
}

std::string refresh_token_of(const Accounts& accounts, const SessionId& session, std::int64_t generation) {
  const std::string head = session.text() + "." + std::to_string(generation);
  return head + "." + to_base64url(crypto::hmac_sha256(accounts.refresh_key.reveal(), head));
}

struct RefreshToken {
  SessionId session{};
  std::int64_t generation = 0;
};

// Null for anything we have not made.
std::optional<RefreshToken> read_refresh_token(const Accounts& accounts, std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() != 3 || !is_uuid(parts[0])) return std::nullopt;
  const auto generation = parse_integer(parts[1]);
  if (!generation) return std::nullopt;
  RefreshToken token{SessionId(std::string(parts[0])), *generation};
  if (!crypto::equal_in_constant_time(text, refresh_token_of(accounts, token.session, token.generation)))
    return std::nullopt;
  return token;
}

Issued issue(const Accounts& accounts, const store::Session& session, Role role, bool owner, Instant now) {
  return {.session = session.id,
          .kind = session.kind,
          .access_token = accounts.signer.sign({.subject = session.user.text(),
                                                .session = session.id.text(),
                                                .role = std::string(name_of(role)),
                                                .owner = owner,
                                                .issued = now,
                                                .expires = session.access_until}),
          .access_until = session.access_until,
          .refresh_token = refresh_token_of(accounts, session.id, session.generation),
          .refresh_until = usable_until(accounts, session)};
}

std::string shortened(std::string text, std::size_t bytes_max) {
  if (text.size() > bytes_max) text.resize(bytes_max);
  // A cut may have gone through a character.
  while (!is_utf8(text)) text.pop_back();
  return text;
}

Duration access_lifetime(const Accounts& accounts) { return minutes(accounts.options.access_minutes); }

}  // namespace

Instant usable_until(const Accounts& accounts, const store::Session& session) {
  return std::min(session.expires_at, session.last_seen_at + days(accounts.options.idle_days));
}

Duration longest_access(const Accounts& accounts) { return std::max(access_lifetime(accounts), days(1)); }

Issued open_session(WriteTx& tx, Accounts& accounts, const Caller& from, const UserId& user, Role role, bool owner,
                    SessionKind kind, Duration access_for) {
  const Instant now = accounts.clock.now();
  if (access_for.ms <= 0) access_for = access_lifetime(accounts);
  const Instant expires_at = now + days(accounts.options.refresh_days);
  const store::Session session{
      .id = new_id<SessionTag>(accounts.clock, accounts.entropy),
      .user = user,
      .kind = kind,
      .generation = 1,
      .rotated_at = now,
      .access_until = std::min(now + std::min(access_for, longest_access(accounts)), expires_at),
      .ip = from.ip,
      .user_agent = shortened(from.user_agent, 256),
      .created_at = now,
      .last_seen_at = now,
      .expires_at = expires_at};
  store::add_session(tx, session);
  return issue(accounts, session, role, owner, now);
}

Result<Issued> refresh(Accounts& accounts, const Caller& from, std::string_view refresh_token) {
  const auto token = read_refresh_token(accounts, refresh_token);
  if (!token) return signed_out(refresh_token.empty() ? "" : "not a refresh token of ours");

  // Refusals that must leave a trace are successful writes; the Error is made of their outcome.
  struct Outcome {
    std::optional<Issued> issued{};
    std::optional<Error> refused{};
  };
  auto outcome = accounts.db.write([&](WriteTx& tx) -> Result<Outcome> {
    const Instant now = accounts.clock.now();
    auto session = store::session_of_token(tx, token->session);
    if (!session || session->revoked_at) return signed_out();
    if (usable_until(accounts, *session) <= now)
      return Error{Kind::unauthenticated, "TOKEN_EXPIRED", "Your session has run out. Please sign in again."};
    const auto user = store::user(tx, session->user);
    if (!user || user->status != UserStatus::active) return signed_out();

    const bool living = token->generation == session->generation;
    const bool just_replaced =
        token->generation + 1 == session->generation && now - session->rotated_at <= refresh_grace;
    if (!living && !just_replaced) {
      end_session(tx, accounts, session->id, session->access_until, "refresh_reuse");
      audit::record(tx, {.at = now,
                         .actor = from,
                         .action = "auth.refresh_reuse",
                         .category = audit::Category::security,
                         .severity = audit::Severity::critical,
                         .target_type = "user",
                         .target_id = session->user.text(),
                         .description = "A refresh token was used a second time; the session was ended."});
      outreach::enqueue(tx, accounts.outreach, {.email = user->email, .user = user->id},
                        outreach::SessionStopped{.name = greeting_name(user->full_name.value_or("")),
                                                 .device = device_words(session->user_agent),
                                                 .ip = from.ip});
      return Outcome{.refused = signed_out()};
    }
    if (living) {
      ++session->generation;
      session->rotated_at = now;
    }
    // No token outlives its session.
    const Instant access_until = std::min(now + access_lifetime(accounts), session->expires_at);
    session->access_until = std::max(session->access_until, access_until);
    session->last_seen_at = now;
    session->ip = from.ip;
    session->user_agent = shortened(from.user_agent, 256);
    store::touch_session(tx, *session);

    auto fresh = *session;
    fresh.access_until = access_until;
    return Outcome{.issued = issue(accounts, fresh, user->role, user->owner, now)};
  });
  if (!outcome) return std::move(outcome).error();
  if (outcome->refused) return std::move(*outcome->refused);
  return std::move(*outcome->issued);
}

void end_session(WriteTx& tx, Accounts& accounts, const SessionId& session, Instant access_until,
                 std::string_view reason) {
  store::revoke_session(tx, session, reason, accounts.clock.now());
  tx.after_commit([&accounts, session, access_until] { accounts.standing.end_session(session, access_until); });
}

void end_sessions(WriteTx& tx, Accounts& accounts, const UserId& user, const SessionId& except,
                  std::string_view reason) {
  for (const auto& session : store::living_sessions(tx, user, accounts.clock.now()))
    if (session.id != except) end_session(tx, accounts, session.id, session.access_until, reason);
}

Result<Issued> replace_sessions(WriteTx& tx, Accounts& accounts, const Caller& caller, std::string_view reason) {
  const auto session = store::session(tx, caller, caller.session);
  const auto user = store::user(tx, caller.user);
  if (!session || session->revoked_at || !caller.is(session->user) || !user || user->status != UserStatus::active)
    return signed_out();
  end_sessions(tx, accounts, caller.user, {}, reason);
  return open_session(tx, accounts, caller, user->id, user->role, user->owner, session->kind);
}

void sign_out(Accounts& accounts, const Caller& caller) {
  if (caller.session.empty()) return;
  accounts.db.write([&](WriteTx& tx) {
    const auto session = store::session(tx, caller, caller.session);
    if (!session || session->revoked_at) return;
    end_session(tx, accounts, session->id, session->access_until, "signed_out");
    audit::record(tx, {.at = accounts.clock.now(),
                       .actor = caller,
                       .action = "auth.logout",
                       .category = audit::Category::security,
                       .target_type = "user",
                       .target_id = caller.user.text(),
                       .description = "Signed out."});
  });
}

}  // namespace tuition::accounts
