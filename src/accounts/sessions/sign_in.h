#pragma once

#include <string_view>

#include "accounts/sessions/sessions.h"
#include "accounts/wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/storage/database.h"

namespace tuition::accounts::store {
struct Place;
struct User;
}  // namespace tuition::accounts::store

namespace tuition::accounts {

struct Accounts;

struct Welcomed {
  Profile profile{};
  Issued issued{};
};

// Password to session. An address nobody has and a wrong password get the same answer after the same work
// (INVALID_CREDENTIALS). RATE_LIMITED while failures make this place wait. Only the right password learns more:
// ACCOUNT_DISABLED, EMAIL_NOT_VERIFIED where the operator asks for that, and for those who have an authenticator
// MFA_REQUIRED, or MFA_INVALID where a code came along and is wrong (second_step.h).
Result<Welcomed> sign_in(Accounts& accounts, const Caller& caller, const LoginForm& form, SessionKind kind,
                         const Browser& browser = {});

// The session itself, once every proof was good: the try, the trail and the row. `hash_now` is what the password is
// kept as from now on. INVALID_CREDENTIALS when the person changed while they proved who they are.
Result<Issued> let_in(WriteTx& tx, Accounts& accounts, const Caller& caller, const store::User& user,
                      const std::string& hash_now, const store::Place& place, SessionKind kind);
Result<Welcomed> welcomed(Accounts& accounts, const Caller& caller, const UserId& user, Issued issued);

}  // namespace tuition::accounts
