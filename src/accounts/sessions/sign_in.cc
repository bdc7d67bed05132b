#include "accounts/sessions/sign_in.h"

#include "accounts/accounts.h"
#include "accounts/factors/second_step.h"
#include "accounts/factors/store_factors.h"
#include "accounts/passwords/password_proof.h"
#include "accounts/profile.h"
#include "accounts/store.h"
#include "audit/audit.h"
#include "platform/base/blocking.h"

namespace tuition::accounts {
namespace {

void note_turned_away(Accounts& accounts, const Caller& caller, const UserId& user, std::string description) {
  accounts.db.write([&](WriteTx& tx) {
    audit::record(tx, {.at = accounts.clock.now(),
                       .actor = caller,
                       .action = "auth.login_refused",
                       .category = audit::Category::security,
                       .severity = audit::Severity::warning,
                       .target_type = "user",
                       .target_id = user.text(),
                       .description = std::move(description)});
  });
}

Duration wait_at(Accounts& accounts, const store::Place& place) {
  return accounts.db.read([&](ReadTx& tx) {
    const Instant now = accounts.clock.now();
    return lockout::wait(store::tries(tx, place, now), now);
  });
}

}  // namespace

Result<Welcomed> sign_in(Accounts& accounts, const Caller& caller, const LoginForm& form, SessionKind kind,
                         const Browser& browser) {
  const std::string email = normal_email(form.email);
  const auto place = place_of(caller, email, browser);

  struct Found {
    std::optional<store::User> user;
    Duration wait;
    bool has_factor;
  };
  const auto [user, wait, has_factor] = accounts.db.read([&](ReadTx& tx) {
    const Instant now = accounts.clock.now();
    auto person = store::user_by_email(tx, email);
    const bool factor = person && store::working_factor(tx, person->id);
    return Found{std::move(person), lockout::wait(store::tries(tx, place, now), now), factor};
  });
  if (wait.ms > 0) return too_soon(wait);

  const bool exists = user && user->status != UserStatus::erased && user->password_hash;
  const std::string hash = exists ? *user->password_hash : std::string();
  std::string hash_now = hash;
  {
    Blocking waiting;
    const auto verdict = TRY(accounts.hasher.verify(form.password, hash));
    if (!exists || !verdict.right)
      return refuse_password(accounts, caller, place, exists ? user->id : UserId{}, "auth.login_failed",
                             "Tried to sign in with a wrong address or password.", wrong_credentials());
    // Others may have guessed while this one was being hashed.
    if (const auto more = wait_at(accounts, place); more.ms > 0) return too_soon(more);
    if (verdict.outdated) hash_now = TRY(accounts.hasher.hash(form.password));
  }
  if (user->status == UserStatus::disabled) {
    note_turned_away(accounts, caller, user->id, "Gave the right password of an account that is disabled.");
    return Error{Kind::forbidden, "ACCOUNT_DISABLED", "This account has been disabled. Please ask the school."};
  }
  if (accounts.options.require_verified_email && !user->email_verified_at) {
    note_turned_away(accounts, caller, user->id, "Gave the right password before the address was confirmed.");
    return Error{Kind::forbidden, "EMAIL_NOT_VERIFIED",
                 "Please confirm your address first: open the link in the mail we sent you."};
  }

  if (has_factor && !form.totp) return ask_second_step(accounts, caller, *user, hash_now);
  std::optional<Issued> issued;
  const auto open = [&](WriteTx& tx) -> Result<void> {
    issued = TRY(let_in(tx, accounts, caller, *user, hash_now, place, kind));
    return {};
  };
  if (has_factor) {
    TRY(spend_code(accounts, caller, user->id, *form.totp, browser, open));
  } else {
    TRY(accounts.db.write([&](WriteTx& tx) -> Result<void> {
      // Set up in the moment between: then it is asked for as well.
      if (store::working_factor(tx, user->id)) return wrong_credentials();
      return open(tx);
    }));
  }
  return welcomed(accounts, caller, user->id, std::move(*issued));
}

Result<Issued> let_in(WriteTx& tx, Accounts& accounts, const Caller& caller, const store::User& user,
                      const std::string& hash_now, const store::Place& place, SessionKind kind) {
  const Instant now = accounts.clock.now();
  if (!store::note_login(tx, user.id, user.password_hash.value_or(""), hash_now, now)) return wrong_credentials();
  store::add_attempt(tx, place, true, now);
  Caller person = caller;
  person.sort = Caller::Sort::person;
  person.user = user.id;
  audit::record(tx, {.at = now,
                     .actor = person,
                     .action = "auth.login",
                     .category = audit::Category::security,
                     .target_type = "user",
                     .target_id = user.id.text(),
                     .description = "Signed in."});
  return open_session(tx, accounts, caller, user.id, user.role, user.owner, kind);
}

Result<Welcomed> welcomed(Accounts& accounts, const Caller& caller, const UserId& user, Issued issued) {
  Caller self = caller;
  self.sort = Caller::Sort::person;
  self.user = user;
  auto profile = TRY(accounts.db.read([&](ReadTx& tx) { return profile_of(tx, accounts, self, user); }));
  return Welcomed{std::move(profile), std::move(issued)};
}

}  // namespace tuition::accounts
