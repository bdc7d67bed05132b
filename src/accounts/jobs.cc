#include "accounts/accounts.h"
#include "accounts/keys/api_keys.h"
#include "accounts/keys/store_keys.h"
#include "accounts/passwords/passwords.h"
#include "accounts/registration.h"
#include "accounts/store.h"

namespace tuition::accounts {
namespace {

// Ended sessions and used links stay a week for those who ask what happened.
constexpr Duration kept_after_expiry = days(7);
constexpr Duration keys_kept = days(30);

// A few hundred rows per write, so that other writers get their turn in between.
template <class Purge>
void all_of(Database& db, Purge purge) {
  std::int64_t removed = 1;
  while (removed > 0) db.write([&](WriteTx& tx) { removed = purge(tx); });
}

jobs::Outcome sweep(Accounts& accounts) {
  const Instant now = accounts.clock.now();
  all_of(accounts.db, [&](WriteTx& tx) { return store::purge_sessions(tx, now - kept_after_expiry); });
  all_of(accounts.db, [&](WriteTx& tx) { return store::purge_tokens(tx, now - kept_after_expiry); });
  all_of(accounts.db, [&](WriteTx& tx) {
    return store::purge_attempts(tx, now - lockout::window - days(1), now - lockout::remembered);
  });
  all_of(accounts.db, [&](WriteTx& tx) { return store::purge_keys(tx, now - keys_kept); });
  accounts.standing.forget_before(now);
  return jobs::Outcome::done();
}

}  // namespace

jobs::JobKinds job_kinds(Accounts& accounts) {
  return {
      {.name = reset_job,
       .sentence = "Sends the link to choose a new password, where the address has an account.",
       .run = [&accounts](const jobs::Job& job) { return send_reset(accounts, job); }},
      {.name = verification_job,
       .sentence = "Sends a new link to confirm an address, where one is waited for.",
       .run = [&accounts](const jobs::Job& job) { return send_verification(accounts, job); }},
  };
}

jobs::Periodics periodics(Accounts& accounts) {
  return {
      {.name = "session.sweep",
       .sentence = "Removes sessions, links and sign-in tries that are past their time.",
       .period = hours(1),
       .run = [&accounts] { return sweep(accounts); }},
      {.name = "api_keys.note_uses",
       .sentence = "Writes down when each API key was last used.",
       .period = minutes(1),
       .run =
           [&accounts] {
             note_uses(accounts);
             return jobs::Outcome::done();
           }},
  };
}

}  // namespace tuition::accounts
