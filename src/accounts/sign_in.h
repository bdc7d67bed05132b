#pragma once

#include <string_view>

#include "accounts/sessions.h"
#include "accounts/wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"

namespace tuition::accounts {

struct Accounts;

struct Welcomed {
  Profile profile{};
  Issued issued{};
};

// Password to session. An address nobody has and a wrong password get the same answer after the same work
// (INVALID_CREDENTIALS). RATE_LIMITED while failures make this place wait. Only the right password learns more:
// ACCOUNT_DISABLED, or EMAIL_NOT_VERIFIED where the operator asks for that.
Result<Welcomed> sign_in(Accounts& accounts, const Caller& caller, const LoginForm& form, SessionKind kind,
                         const Browser& browser = {});

}  // namespace tuition::accounts
