#include "accounts/people.h"

#include "accounts/accounts.h"
#include "accounts/passwords/password_rules.h"
#include "accounts/passwords/passwords.h"
#include "accounts/sessions/sessions.h"
#include "accounts/store.h"
#include "audit/audit.h"
#include "platform/base/blocking.h"
#include "platform/base/fields_json.h"
#include "platform/base/text.h"

namespace tuition::accounts {
namespace {

template <class T>
std::optional<T> unless_empty(const T& text) {
  return text.empty() ? std::nullopt : std::optional<T>(text);
}

// What a change of standing was, for the trail.
struct StandingChanged {
  Role role_was, role_is;
  bool owner_was, owner_is;
  UserStatus status_was, status_is;
};
constexpr auto fields_of(const StandingChanged*) {
  return table("StandingChanged", field("roleWas", &StandingChanged::role_was, "The role before."),
               field("roleIs", &StandingChanged::role_is, "The role from now on."),
               field("ownerWas", &StandingChanged::owner_was, "Owner before."),
               field("ownerIs", &StandingChanged::owner_is, "Owner from now on."),
               field("statusWas", &StandingChanged::status_was, "The status before."),
               field("statusIs", &StandingChanged::status_is, "The status from now on."));
}

// Somebody else has changed what the person may do.
void tell(WriteTx& tx, Accounts& accounts, const store::User& was, const Standing::Person& is) {
  const outreach::Recipient to{.email = was.email, .user = was.id};
  const auto name = was.full_name.value_or("");
  if (is.status != was.status && is.status == UserStatus::disabled)
    outreach::enqueue(tx, accounts.outreach, to, outreach::AccountDisabled{.name = name});
  if (is.status != was.status && is.status == UserStatus::active)
    outreach::enqueue(tx, accounts.outreach, to, outreach::AccountEnabled{.name = name});
  if (is.role != was.role || is.owner != was.owner)
    outreach::enqueue(tx, accounts.outreach, to,
                      outreach::RoleChanged{.name = name, .role = is.owner ? "owner" : std::string(name_of(is.role))});
}

PasswordRules rules_of(const Accounts& accounts) {
  return {accounts.options.password_min, accounts.common_passwords, accounts.outreach.options.site_name};
}

}  // namespace

std::string normal_email(std::string_view email) { return to_lower_ascii(trim(email)); }

std::string greeting_name(const std::string& full_name) {
  if (count_code_points(full_name) > 60 || full_name.find_first_of(":/@<>") != std::string::npos) return {};
  const std::string lower = to_lower_ascii(full_name);
  const auto is_letter = [&](std::size_t at) {
    return at < lower.size() &&
           (static_cast<unsigned char>(lower[at]) >= 0x80 || (lower[at] >= 'a' && lower[at] <= 'z'));
  };
  for (auto dot = full_name.find('.'); dot != std::string::npos; dot = full_name.find('.', dot + 1))
    if (is_letter(dot + 1) && is_letter(dot + 2)) return {};  // a host name
  return full_name;
}

Result<std::string> hash_new_password(Accounts& accounts, const Secret& password, std::string_view email,
                                      std::string_view full_name, std::string_view field) {
  if (auto wrong = complaint(password.reveal(), rules_of(accounts), {email, full_name}))
    return invalid_field(std::string(field), std::move(*wrong));
  Blocking waiting;
  return accounts.hasher.hash(password);
}

void check_new_password(const Accounts& accounts, const Secret& password, std::string_view email,
                        std::string_view full_name, FormProblems& problems, std::string_view field) {
  if (!problems.fine(field)) return;
  if (auto wrong = complaint(password.reveal(), rules_of(accounts), {email, full_name}))
    problems.add(field, std::move(*wrong));
}

Result<UserId> create_user(WriteTx& tx, Accounts& accounts, const NewPerson& person) {
  const Instant now = accounts.clock.now();
  const auto id = new_id<UserTag>(accounts.clock, accounts.entropy);
  const bool added = store::add_user(tx, {.id = id,
                                          .email = normal_email(person.email),
                                          .password_hash = unless_empty(person.password_hash),
                                          .role = person.role,
                                          .owner = person.owner,
                                          .email_verified_at = person.verified ? std::optional(now) : std::nullopt,
                                          .full_name = unless_empty(person.full_name),
                                          .locale = unless_empty(person.locale),
                                          .timezone = unless_empty(person.timezone),
                                          .created_at = now});
  if (!added) return conflict("EMAIL_TAKEN", "That address has an account already.");
  return id;
}

Result<void> set_password(Accounts& accounts, const Caller& caller, const UserId& user, const Secret& password,
                          const SessionId& except) {
  const auto found = accounts.db.read([&](ReadTx& tx) { return store::user(tx, user); });
  if (!found || found->status == UserStatus::erased) return not_found("There is no such person.");
  const auto hash = TRY(hash_new_password(accounts, password, found->email, found->full_name.value_or("")));
  return accounts.db.write([&](WriteTx& tx) -> Result<void> {
    put_password(tx, accounts, caller, *found, hash, "account.password_changed",
                 "The password was changed and other sessions were ended.");
    end_sessions(tx, accounts, user, except, "password_changed");
    return {};
  });
}

Result<void> set_standing(Accounts& accounts, const Caller& caller, const UserId& user, const StandingChange& change) {
  return accounts.db.write([&](WriteTx& tx) { return change_standing(tx, accounts, caller, user, change); });
}

Result<void> change_standing(WriteTx& tx, Accounts& accounts, const Caller& caller, const UserId& user,
                             const StandingChange& change) {
  const auto was = store::user(tx, user);
  if (!was || was->status == UserStatus::erased) return not_found("There is no such person.");
  const Standing::Person is{change.status.value_or(was->status), change.role.value_or(was->role),
                            change.owner.value_or(was->owner)};
  const bool was_owner = was->owner && was->status == UserStatus::active;
  const bool stays_owner = is.owner && is.status == UserStatus::active && is.role == Role::admin;
  if (was_owner && !stays_owner && store::count_owners(tx) <= 1)
    return conflict("LAST_OWNER", "The school needs an owner: make somebody else one first.");
  if (is.owner && is.role != Role::admin) return unprocessable("An owner is always an administrator.");
  if (is.role == was->role && is.owner == was->owner && is.status == was->status) return {};

  const Instant now = accounts.clock.now();
  store::set_standing(tx, user, is.role, is.owner, is.status, now);
  if (is.status != UserStatus::active) end_sessions(tx, accounts, user, {}, "disabled");
  audit::record(
      tx, {.at = now,
           .actor = caller,
           .action = "account.standing_changed",
           .category = audit::Category::security,
           .severity = audit::Severity::warning,
           .target_type = "user",
           .target_id = user.text(),
           .description = "Role " + std::string(name_of(was->role)) + " is now " + std::string(name_of(is.role)) +
                          (is.owner ? " and owner" : "") + ", status " + std::string(name_of(is.status)) + ".",
           .metadata = {to_json(StandingChanged{was->role, is.role, was->owner, is.owner, was->status, is.status})}});
  if (!caller.is(user)) tell(tx, accounts, *was, is);
  tx.after_commit(
      [&accounts, user, is, until = now + longest_access(accounts)] { accounts.standing.set_person(user, is, until); });
  return {};
}

}  // namespace tuition::accounts
