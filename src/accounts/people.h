#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "accounts/types.h"
#include "platform/base/fields_json.h"
#include "platform/base/result.h"
#include "platform/base/secret.h"
#include "platform/storage/database.h"

namespace tuition::accounts {

struct Accounts;

// Making people and changing what they may do: for registration, administrators, the command line and seeding. The
// caller has been found entitled already; it is here for the trail.

struct NewPerson {
  std::string email{};
  std::string password_hash{};  // of hash_new_password; empty: cannot sign in by password yet
  std::string full_name{};
  Role role = Role::user;
  bool owner = false;
  bool verified = false;
  std::string locale{};
  std::string timezone{};
};

// As it is stored and compared: without space around it and in lower case.
std::string normal_email(std::string_view email);

// The name to greet with, or none: strangers choose both the name and the address that is written to, and would use the
// two to send their own words and links to anybody.
std::string greeting_name(const std::string& full_name);

// Checks the rules for new passwords, then hashes. Blocks; never inside a transaction. A complaint is a
// VALIDATION_ERROR at `field`.
Result<std::string> hash_new_password(Accounts& accounts, const Secret& password, std::string_view email,
                                      std::string_view full_name, std::string_view field = "password");

// The same rules for a form's check, beside the problems of its other fields.
void check_new_password(const Accounts& accounts, const Secret& password, std::string_view email,
                        std::string_view full_name, FormProblems& problems, std::string_view field = "password");

// User and profile, without mail and without an entry in the trail. EMAIL_TAKEN when the address has an account.
Result<UserId> create_user(WriteTx& tx, Accounts& accounts, const NewPerson& person);

// The new password, the end of all sessions but `except`, a mail, and an entry in the trail. NOT_FOUND for nobody.
Result<void> set_password(Accounts& accounts, const Caller& caller, const UserId& user, const Secret& password,
                          const SessionId& except = {});

// Role, ownership and status at once; absent members stay. Takes effect at the person's next request; whoever is no
// longer active is signed out. The last owner stays one: LAST_OWNER otherwise.
struct StandingChange {
  std::optional<Role> role{};
  std::optional<bool> owner{};
  std::optional<UserStatus> status{};
};
Result<void> set_standing(Accounts& accounts, const Caller& caller, const UserId& user, const StandingChange& change);
// The same inside the caller's transaction. Whoever is changed by somebody else gets a mail.
Result<void> change_standing(WriteTx& tx, Accounts& accounts, const Caller& caller, const UserId& user,
                             const StandingChange& change);

}  // namespace tuition::accounts
