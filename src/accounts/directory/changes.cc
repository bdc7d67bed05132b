#include "accounts/directory/changes.h"

#include "accounts/accounts.h"
#include "accounts/directory/directory.h"
#include "accounts/directory/invitations.h"
#include "accounts/factors/mfa.h"
#include "accounts/profile.h"
#include "audit/audit.h"
#include "platform/base/text.h"
#include "platform/crypto/hmac.h"
#include "platform/jobs/once.h"

namespace tuition::accounts::directory {
namespace {

Error no_such_person() { return not_found("There is no such person."); }
Error forbidden(std::string safe) { return {Kind::forbidden, "FORBIDDEN", std::move(safe)}; }

// What makes one wish to add somebody differ from another. It is kept, and there may be a password in it: only the
// holder of our key can try what it was.
std::string fingerprint_of(const Accounts& accounts, const NewUserForm& form) {
  std::string all = "add";
  for (const std::string_view part :
       {std::string_view(form.email), form.full_name ? std::string_view(*form.full_name) : std::string_view(),
        name_of(form.role.value_or(Role::user)),
        form.password ? std::string_view(form.password->reveal()) : std::string_view()})
    all += ' ' + std::to_string(part.size()) + ' ' + std::string(part);
  return to_hex(bytes_of(crypto::hmac_sha256(accounts.browser_key.reveal(), all)));
}

// What a program with a key may not do, whoever made the key: a key that got lost must not become an administrator.
Error for_people(std::string_view what) {
  return forbidden("Only somebody who is signed in may " + std::string(what) + ", not a program with a key.");
}

// The same of a change to what `person` may do.
Result<void> check_change_of(const Caller& caller, const accounts::store::User& person, std::optional<Role> role,
                             std::optional<bool> owner) {
  if (owner && *owner != person.owner && !caller.owner) return forbidden("Only an owner may make or unmake owners.");
  if (caller.sort == Caller::Sort::key && person.role == Role::admin)
    return for_people("change what an administrator may do");
  return role && *role != person.role ? check_gift(caller, *role) : Result<void>{};
}

// Runs `act` on somebody the caller governs, in one write, and shows the person as they are then.
template <class Act>
Result<UserDetail> on_person(Accounts& accounts, const Caller& caller, const UserId& user, Act act) {
  return accounts.db.write([&](WriteTx& tx) -> Result<UserDetail> {
    const auto person = TRY(governed(tx, caller, user));
    TRY(act(tx, person));
    return show_person(tx, accounts, caller, user);
  });
}

}  // namespace

Result<accounts::store::User> governed(ReadTx& tx, const Caller& caller, const UserId& user) {
  if (!caller.is_admin()) return no_such_person();
  auto person = accounts::store::user(tx, user);
  if (!person || person->status == UserStatus::erased) return no_such_person();
  if (person->owner && !caller.owner && caller.sort != Caller::Sort::system)
    return forbidden("Only an owner may do that to an owner.");
  if (caller.sort == Caller::Sort::key && person->role == Role::admin) return for_people("do that to administrators");
  return std::move(*person);
}

Result<void> check_gift(const Caller& caller, Role role) {
  if (caller.sort == Caller::Sort::key && role != Role::user) return for_people("give somebody that role");
  return {};
}

void note(WriteTx& tx, Accounts& accounts, const Caller& caller, std::string action, const UserId& user,
          std::string description) {
  audit::record(tx, {.at = accounts.clock.now(),
                     .actor = caller,
                     .action = std::move(action),
                     .category = audit::Category::security,
                     .severity = caller.is(user) ? audit::Severity::info : audit::Severity::warning,
                     .target_type = "user",
                     .target_id = user.text(),
                     .description = std::move(description)});
}

Result<UserDetail> add_person(Accounts& accounts, const Caller& caller, const NewUserForm& form,
                              std::string_view idempotency_key) {
  if (!caller.is_admin()) return forbidden("This is for administrators.");
  TRY(jobs::check_key(idempotency_key));
  TRY(check_gift(caller, form.role.value_or(Role::user)));
  const auto email = normal_email(form.email);
  const auto full_name = form.full_name.value_or("");
  std::string hash;
  if (form.password) hash = TRY(hash_new_password(accounts, *form.password, email, full_name));
  const jobs::Asked asked{std::string(idempotency_key), caller.user, "addUser", fingerprint_of(accounts, form)};
  return accounts.db.write([&](WriteTx& tx) -> Result<UserDetail> {
    const auto add = [&]() -> Result<std::string> {
      const auto user = TRY(create_user(tx, accounts,
                                        {.email = email,
                                         .password_hash = hash,
                                         .full_name = full_name,
                                         .role = form.role.value_or(Role::user),
                                         .verified = !hash.empty()}));
      if (hash.empty()) invite(tx, accounts, user, email, full_name);
      note(tx, accounts, caller, "account.created", user,
           "Added with role " + std::string(name_of(form.role.value_or(Role::user))) +
               (hash.empty() ? " and invited by mail." : " and a password."));
      return user.text();
    };
    const auto made = TRY(jobs::once(tx, asked, accounts.clock.now(), add));
    return show_person(tx, accounts, caller, UserId(made));
  });
}

Result<UserDetail> change_person(Accounts& accounts, const Caller& caller, const UserId& user, const UserForm& form) {
  const ProfileForm profile = profile_part(form);
  const bool standing = form.role || form.disabled || form.is_owner;
  return accounts.db.write([&](WriteTx& tx) -> Result<UserDetail> {
    if (!caller.is(user) && !caller.is_admin()) return no_such_person();
    if (standing && !caller.is_admin()) return forbidden("Only administrators may change what somebody may do.");
    const auto person = accounts::store::user(tx, user);
    if (!person || person->status == UserStatus::erased) return no_such_person();
    if (!caller.is(user)) TRY(governed(tx, caller, user));
    TRY(change_profile(tx, accounts, caller, user, profile));
    if (standing) {
      TRY(check_change_of(caller, *person, form.role, form.is_owner));
      StandingChange change{.role = form.role, .owner = form.is_owner};
      if (form.disabled) change.status = *form.disabled ? UserStatus::disabled : UserStatus::active;
      TRY(change_standing(tx, accounts, caller, user, change));
    } else if (!caller.is(user)) {
      note(tx, accounts, caller, "account.profile_changed", user, "Changed somebody else's profile.");
    }
    return show_person(tx, accounts, caller, user);
  });
}

Result<UserDetail> set_role(Accounts& accounts, const Caller& caller, const UserId& user, const RoleForm& form) {
  return on_person(accounts, caller, user, [&](WriteTx& tx, const accounts::store::User& person) -> Result<void> {
    TRY(check_change_of(caller, person, form.role, form.is_owner));
    return change_standing(tx, accounts, caller, user, {.role = form.role, .owner = form.is_owner});
  });
}

Result<UserDetail> set_presence(Accounts& accounts, const Caller& caller, const UserId& user, Presence presence) {
  return on_person(accounts, caller, user, [&](WriteTx& tx, const accounts::store::User&) {
    return change_standing(tx, accounts, caller, user,
                           {.status = presence == Presence::enabled ? UserStatus::active : UserStatus::disabled});
  });
}

Result<UserDetail> sign_out_everywhere(Accounts& accounts, const Caller& caller, const UserId& user) {
  return on_person(accounts, caller, user, [&](WriteTx& tx, const accounts::store::User&) -> Result<void> {
    end_sessions(tx, accounts, user, {}, "ended_by_admin");
    note(tx, accounts, caller, "account.signed_out", user, "Ended all sessions of somebody.");
    return {};
  });
}

Result<UserDetail> remove_factor(Accounts& accounts, const Caller& caller, const UserId& user) {
  if (caller.is(user))
    return forbidden(
        "You turn off your own second step on your account page. Have you lost it? Ask another administrator.");
  return on_person(accounts, caller, user, [&](WriteTx& tx, const accounts::store::User&) -> Result<void> {
    reset_mfa(tx, accounts, caller, user);
    return {};
  });
}

Result<UserDetail> confirm_address(Accounts& accounts, const Caller& caller, const UserId& user) {
  return on_person(accounts, caller, user, [&](WriteTx& tx, const accounts::store::User& person) -> Result<void> {
    if (person.email_verified_at) return {};
    accounts::store::set_verified(tx, user, accounts.clock.now());
    note(tx, accounts, caller, "account.address_vouched_for", user, "Confirmed somebody's address in their place.");
    return {};
  });
}

}  // namespace tuition::accounts::directory
