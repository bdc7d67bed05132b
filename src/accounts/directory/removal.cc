#include "accounts/directory/removal.h"

#include "accounts/accounts.h"
#include "accounts/directory/changes.h"
#include "accounts/directory/store.h"
#include "accounts/factors/second_step.h"
#include "accounts/passwords/password_proof.h"
#include "platform/base/blocking.h"
#include "platform/crypto/token.h"

namespace tuition::accounts::directory {

Result<void> remove_person(Accounts& accounts, const Caller& caller, const UserId& user, const RemovalQuery& query,
                           const RemovalForm& form, const Browser& browser) {
  const auto remove = [&](WriteTx& tx) -> Result<void> {
    if (!caller.is(user)) TRY(governed(tx, caller, user));
    const auto person = accounts::store::user(tx, user);
    if (!person || person->status == UserStatus::erased) return not_found("There is no such person.");
    // Oneself neither: that takes the password, which programs have not.
    if (caller.sort == Caller::Sort::key && (person->role == Role::admin || caller.is(user)))
      return Error{Kind::forbidden, "FORBIDDEN",
                   "Only somebody who is signed in may remove an administrator or themselves, not a program with a "
                   "key."};
    if (person->owner && person->status == UserStatus::active && accounts::store::count_owners(tx) <= 1)
      return conflict("LAST_OWNER", "The school needs an owner: make somebody else one first.");
    if (accounts.has_subscription && accounts.has_subscription(tx, user)) {
      if (!query.force.value_or(false) || !accounts.end_subscription)
        return conflict("SUBSCRIPTION_RUNNING", "A subscription is running. Cancel it before removing the account.");
      TRY(accounts.end_subscription(tx, user));
    }

    const Instant now = accounts.clock.now();
    end_sessions(tx, accounts, user, {}, "removed");
    for (const auto& erase : accounts.on_removal) erase(tx, user, person->email);
    forget_second_step(tx, user);
    store::erase(tx, user, crypto::digest(person->email), now);
    outreach::enqueue(tx, accounts.outreach, {.email = person->email},
                      outreach::AccountRemoved{.name = person->full_name.value_or("")});
    note(tx, accounts, caller, "account.removed", user, "Removed the account and what it told about the person.");
    tx.after_commit([&accounts, user, until = now + longest_access(accounts)] {
      accounts.standing.set_person(user, {UserStatus::erased, Role::user, false}, until);
      accounts.factors.drop(user);
      accounts.keys.drop_all_of(user);
    });
    return {};
  };
  if (!caller.is(user) || caller.sort != Caller::Sort::person) return accounts.db.write(remove);
  TRY(check_password_given(form.password));
  TRY(check_code_given(accounts, caller, form.code));
  Blocking waiting;
  TRY(prove_password(accounts, caller, form.password, browser));
  return spend_code_if_any(accounts, caller, form.code, browser, remove);
}

}  // namespace tuition::accounts::directory
