#include "accounts/accounts.h"

#include "accounts/factors/store_factors.h"
#include "accounts/keys/api_keys.h"
#include "accounts/sessions/sessions.h"
#include "accounts/store.h"

namespace tuition::accounts {

void start(Accounts& accounts) {
  constexpr std::int64_t names_at_once = 500;
  for (std::size_t found = names_at_once; found == names_at_once;)
    accounts.db.write([&](WriteTx& tx) { found = store::fold_names(tx, names_at_once); });
  const Instant now = accounts.clock.now();
  const Duration longest = longest_access(accounts);
  accounts.db.read([&](ReadTx& tx) {
    for (const auto& ended : store::ended_with_living_tokens(tx, now))
      accounts.standing.end_session(ended.id, ended.access_until);
    for (const auto& changed : store::standing_changed_since(tx, now - longest))
      accounts.standing.set_person(changed.id, {changed.status, changed.role, changed.owner}, changed.at + longest);
    for (const auto& user : store::people_with_factor(tx)) accounts.factors.put(user);
    load_keys(tx, accounts);
    for (const auto& hash : store::foreign_hashes(tx, accounts.hasher.own_beginning())) accounts.hasher.learn_of(hash);
  });
}

}  // namespace tuition::accounts
