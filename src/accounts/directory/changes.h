#pragma once

// What administrators do to people, and what people may change of their own row. The guard has found administrators
// entitled to come in; whom they may change is decided here.

#include <string>
#include <string_view>

#include "accounts/directory/wire.h"
#include "accounts/store.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/storage/database.h"

namespace tuition::accounts {
struct Accounts;
}

namespace tuition::accounts::directory {

// The person, if the caller may change what they may do: administrators may, but owners are changed by owners only, and
// administrators by people only: a key that got lost must open nothing wider than itself. NOT_FOUND or FORBIDDEN
// otherwise.
Result<accounts::store::User> governed(ReadTx& tx, const Caller& caller, const UserId& user);

// Whether the caller may make somebody `role`: keys make learners only. FORBIDDEN.
Result<void> check_gift(const Caller& caller, Role role);

// An entry in the trail about somebody's account.
void note(WriteTx& tx, Accounts& accounts, const Caller& caller, std::string action, const UserId& user,
          std::string description);

// With a password the person can sign in at once and the administrator vouches for the address; without one they are
// invited by mail. EMAIL_TAKEN. The same form with the same idempotency key gets the person that it made the first
// time.
Result<UserDetail> add_person(Accounts& accounts, const Caller& caller, const NewUserForm& form,
                              std::string_view idempotency_key = {});

// Profile members for the person and for administrators, `role` and `disabled` for administrators, `isOwner` for
// owners, who are people that signed in. All of it or nothing. LAST_OWNER.
Result<UserDetail> change_person(Accounts& accounts, const Caller& caller, const UserId& user, const UserForm& form);

Result<UserDetail> set_role(Accounts& accounts, const Caller& caller, const UserId& user, const RoleForm& form);
enum class Presence { enabled, disabled };
Result<UserDetail> set_presence(Accounts& accounts, const Caller& caller, const UserId& user, Presence presence);
// Ends all their sessions.
Result<UserDetail> sign_out_everywhere(Accounts& accounts, const Caller& caller, const UserId& user);
// Removes the second step of somebody who has lost it. Not one's own: that takes its code.
Result<UserDetail> remove_factor(Accounts& accounts, const Caller& caller, const UserId& user);
// The administrator vouches for the address.
Result<UserDetail> confirm_address(Accounts& accounts, const Caller& caller, const UserId& user);

}  // namespace tuition::accounts::directory
