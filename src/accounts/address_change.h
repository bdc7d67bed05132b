#pragma once

// Another address for an account. It is asked for with the password and, where there is a second step, a code,
// told at the address in use, and holds only once
// the link that went to the new one has been opened. An address that somebody else has gets the same answer and no
// link; its owner gets a mail.

#include <string_view>

#include "accounts/account_wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"

namespace tuition::accounts {

struct Accounts;

// REAUTHENTICATION_REQUIRED without a password, INVALID_CREDENTIALS for a wrong one, MFA_INVALID for a wrong code,
// RATE_LIMITED for more than six wishes a day. EMAIL_TAKEN only where the operator prefers that told.
Result<PendingEmail> change_email(Accounts& accounts, const Caller& caller, const EmailForm& form,
                                  const Browser& browser = {});

// The link's token. Sessions end, except the one that asked for the change and the one that confirms it. TOKEN_EXPIRED
// for a link that does not work (any more), EMAIL_TAKEN when somebody else came to have the address meanwhile. From
// then on `browser` is known as the person's.
Result<ConfirmedEmail> confirm_email(Accounts& accounts, const Caller& caller, const TokenForm& form,
                                     const Browser& browser = {});

}  // namespace tuition::accounts
