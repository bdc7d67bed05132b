#pragma once

#include "accounts/directory/wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"

namespace tuition::accounts {
struct Accounts;
}

namespace tuition::accounts::directory {

// Removes a person, for themselves and for administrators: what tells who they were is erased here and in every domain
// (Accounts::on_removal), their sessions end, their address is free again. Books and the trail stay and point to a row
// without a name. LAST_OWNER; SUBSCRIPTION_RUNNING unless forced, which ends the subscription too. Who removes
// themselves gives their password once more and, where they have a second step, a code, so that nobody does it at a
// screen that was left open; a program with their key cannot. Blocks.
Result<void> remove_person(Accounts& accounts, const Caller& caller, const UserId& user, const RemovalQuery& query,
                           const RemovalForm& form = {}, const Browser& browser = {});

}  // namespace tuition::accounts::directory
