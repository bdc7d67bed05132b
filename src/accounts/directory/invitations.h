#pragma once

// People whom the school adds without a password: a mail with a link lets them choose one and come in.

#include <string_view>

#include "accounts/directory/wire.h"
#include "accounts/sessions/sign_in.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/storage/database.h"

namespace tuition::accounts {
struct Accounts;
}

namespace tuition::accounts::directory {

// Sends the link, which works once; earlier links of the person are dead.
void invite(WriteTx& tx, Accounts& accounts, const UserId& user, const std::string& email,
            const std::string& full_name);

// For administrators: sends a new link, once for the same idempotency key. INVITE_ACCEPTED for somebody who has a
// password already.
Result<UserDetail> invite_again(Accounts& accounts, const Caller& caller, const UserId& user,
                                std::string_view idempotency_key = {});

// The password, the confirmed address and a session, in exchange for the link's token. TOKEN_EXPIRED for any other.
Result<Welcomed> accept_invitation(Accounts& accounts, const Caller& caller, const AcceptForm& form, SessionKind kind,
                                   const Browser& browser = {});

}  // namespace tuition::accounts::directory
