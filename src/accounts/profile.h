#pragma once

#include "accounts/wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/storage/database.h"

namespace tuition::accounts {

struct Accounts;

// Whether there is such a zone: part of the checks of forms that set one.
void check_timezone(const Accounts& accounts, const std::optional<std::string>& timezone, FormProblems& problems);

// Somebody's profile with their access and stats, for themselves and for administrators. NOT_FOUND for everybody else.
Result<Profile> profile_of(ReadTx& tx, Accounts& accounts, const Caller& caller, const UserId& user);

// Changes somebody's, for themselves and for administrators; absent members stay as they are.
Result<void> change_profile(WriteTx& tx, Accounts& accounts, const Caller& caller, const UserId& user,
                            const ProfileForm& form);

// Changes the caller's own; absent members stay as they are. Never role, access or address.
Result<Profile> update_profile(Accounts& accounts, const Caller& caller, const ProfileForm& form);

// The caller, and the session that made the request.
Result<Me> who_am_i(Accounts& accounts, const Caller& caller);

}  // namespace tuition::accounts
