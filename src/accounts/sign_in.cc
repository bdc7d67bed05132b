#include "accounts/sign_in.h"

#include "accounts/accounts.h"
#include "accounts/password_proof.h"
#include "accounts/profile.h"
#include "accounts/store.h"
#include "audit/audit.h"
#include "platform/base/blocking.h"

namespace tuition::accounts {

Result<Welcomed> sign_in(Accounts& accounts, const Caller& caller, const LoginForm& form, SessionKind kind,
                         const Browser& browser) {
  const std::string email = normal_email(form.email);
  const auto place = place_of(caller, email, browser);

  struct Found {
    std::optional<store::User> user;
    Duration wait;
  };
  const auto [user, wait] = accounts.db.read([&](ReadTx& tx) {
    const Instant now = accounts.clock.now();
    return Found{store::user_by_email(tx, email), lockout::wait(store::tries(tx, place, now), now)};
  });
  if (wait.ms > 0) return too_soon(wait);

  const bool exists = user && user->status != UserStatus::erased && user->password_hash;
  const std::string hash = exists ? *user->password_hash : std::string();
  std::string hash_now = hash;
  {
    Blocking waiting;
    const auto verdict = TRY(accounts.hasher.verify(form.password, hash));
    if (!exists || !verdict.right) {
      note_failure(accounts, caller, place, exists ? user->id : UserId{}, "auth.login_failed",
                   "Tried to sign in with a wrong address or password.");
      return wrong_credentials();
    }
    if (verdict.outdated) hash_now = TRY(accounts.hasher.hash(form.password));
  }
  if (user->status == UserStatus::disabled)
    return Error{Kind::forbidden, "ACCOUNT_DISABLED", "This account has been disabled. Please ask the school."};
  if (accounts.options.require_verified_email && !user->email_verified_at)
    return Error{Kind::forbidden, "EMAIL_NOT_VERIFIED",
                 "Please confirm your address first: open the link in the mail we sent you."};

  auto issued = TRY(accounts.db.write([&](WriteTx& tx) -> Result<Issued> {
    const Instant now = accounts.clock.now();
    if (!store::note_login(tx, user->id, hash, hash_now, now)) return wrong_credentials();
    store::add_attempt(tx, place, true, now);
    Caller person = caller;
    person.sort = Caller::Sort::person;
    person.user = user->id;
    audit::record(tx, {.at = now,
                       .actor = person,
                       .action = "auth.login",
                       .category = audit::Category::security,
                       .target_type = "user",
                       .target_id = user->id.text(),
                       .description = "Signed in."});
    return open_session(tx, accounts, caller, user->id, user->role, user->owner, kind);
  }));

  Caller self = caller;
  self.sort = Caller::Sort::person;
  self.user = user->id;
  auto profile = TRY(accounts.db.read([&](ReadTx& tx) { return profile_of(tx, accounts, self, user->id); }));
  return Welcomed{std::move(profile), std::move(issued)};
}

}  // namespace tuition::accounts
