#pragma once

// Everybody, as administrators see them: the list they search, sort and page through, and one person.

#include "accounts/directory/wire.h"
#include "platform/base/caller.h"
#include "platform/base/page.h"
#include "platform/base/result.h"
#include "platform/storage/database.h"

namespace tuition::accounts {
struct Accounts;
}

namespace tuition::accounts::directory {

// A cursor belongs to the order it was given in; any other one is refused.
Result<Page<UserRow>> list_people(Accounts& accounts, const Caller& caller, const ListQuery& query);

// For that person and for administrators; NOT_FOUND for everybody else.
Result<UserDetail> show_person(ReadTx& tx, Accounts& accounts, const Caller& caller, const UserId& id);
Result<UserDetail> show_person(Accounts& accounts, const Caller& caller, const UserId& id);

}  // namespace tuition::accounts::directory
