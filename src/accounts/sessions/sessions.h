#pragma once

// A session is one sign-in: a row, and two tokens computed from it.
//
// The access token is signed (crypto/token.h) and lives for an hour. The refresh token is
//
//   <session id>.<generation>.<HMAC of both>
//
// so that nothing secret stands in the database and yet every token ever given out can be told from a forged one.
// Refreshing makes generation + 1 the living one. The one before is answered for 30 seconds more with the very token
// that replaced it, because two tabs, or a client whose answer was lost, ask twice. Any older one means that two
// parties hold the session: it is ended, with its newest tokens too.
//
// Ended sessions are known in memory at once (standing.h).

#include <string>
#include <string_view>

#include "accounts/store.h"
#include "accounts/types.h"
#include "platform/base/result.h"
#include "platform/base/secret.h"
#include "platform/storage/database.h"

namespace tuition::accounts {

struct Accounts;

struct Issued {
  SessionId session{};
  SessionKind kind = SessionKind::cookie;
  std::string access_token{};
  Instant access_until{};
  std::string refresh_token{};
  Instant refresh_until{};
};

inline constexpr Duration refresh_grace = seconds(30);

// How long any access token may still be about.
Duration longest_access(const Accounts& accounts);

// A new session for somebody whose proof was good. `access_for` is for tools that need a longer token, up to a day;
// zero means the option.
Issued open_session(WriteTx& tx, Accounts& accounts, const Caller& from, const UserId& user, Role role, bool owner,
                    SessionKind kind, Duration access_for = {});

// UNAUTHENTICATED for a token that is not ours, is used up or whose session has ended; TOKEN_EXPIRED when only its time
// is over.
Result<Issued> refresh(Accounts& accounts, const Caller& from, std::string_view refresh_token);

void end_session(WriteTx& tx, Accounts& accounts, const SessionId& session, Instant access_until,
                 std::string_view reason);
// All of somebody's sessions but `except`.
void end_sessions(WriteTx& tx, Accounts& accounts, const UserId& user, const SessionId& except,
                  std::string_view reason);

// Until when its refresh token is good: the end of its time, or of the time it may lie unused.
Instant usable_until(const Accounts& accounts, const store::Session& session);

// Ends all of the caller's sessions, this one too, and opens one in its place: what somebody may have copied is worth
// nothing any more.
Result<Issued> replace_sessions(WriteTx& tx, Accounts& accounts, const Caller& caller, std::string_view reason);

// Ends the caller's own session; nothing to do for others.
void sign_out(Accounts& accounts, const Caller& caller);

}  // namespace tuition::accounts
