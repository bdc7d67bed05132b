#pragma once

// A password as proof of who somebody is: to sign in, and again before what matters is changed: the password itself,
// the address, the second step, an API key, the end of the account. A good session is not enough for these, however
// young it is. Wherever the password is asked, a wrong one counts, and too many make the next try wait (lockout.h).

#include <optional>
#include <string>
#include <string_view>

#include "accounts/store.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/base/secret.h"

namespace tuition::accounts {

struct Accounts;

store::Place place_of(const Caller& caller, std::string_view email, const Browser& browser);

Error wrong_credentials();
Error too_soon(Duration wait);

// A wrong password, remembered in a write of its own, and the answer to it. Of many that were tried at the same moment
// those that should have waited are answered like it, and nobody learns that they were wrong. `user` is empty for an
// address that nobody has.
Error refuse_password(Accounts& accounts, const Caller& caller, const store::Place& place, const UserId& user,
                      std::string_view action, std::string_view description, Error wrong);

// REAUTHENTICATION_REQUIRED, which names the form's field, for a request that brings no password. Asked of it before
// anything else, so that a session alone learns nothing more.
Result<void> check_password_given(const std::optional<Secret>& password, std::string_view field = "password");

// The caller, whose own password this is; INVALID_CREDENTIALS or RATE_LIMITED otherwise, and REAUTHENTICATION_REQUIRED
// without one. Only for somebody who signed in: FORBIDDEN for keys. Blocks; never inside a transaction.
Result<store::User> prove_password(Accounts& accounts, const Caller& caller, const std::optional<Secret>& password,
                                   const Browser& browser = {});

}  // namespace tuition::accounts
