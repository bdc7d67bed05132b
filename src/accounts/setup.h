#pragma once

#include <mutex>
#include <string>

#include "accounts/wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/storage/database.h"

namespace tuition::accounts {

struct Accounts;

// The first run: while the school has no owner, whoever holds the token that the server printed may become its owner,
// exactly once.

// The token on offer, in memory only: a restart makes a new one.
class SetupOffer {
 public:
  void make(std::string digest, Instant until);
  bool accepts(const std::string& digest, Instant now) const;
  // True once after each offer's time is over: its taker makes the next.
  bool take_over(Instant now);

 private:
  mutable std::mutex mutex_;
  std::string digest_;
  Instant until_{};
};

bool setup_needed(ReadTx& tx);

// The same for whoever opens the set-up page. Where the printed link has run out, a new one is printed
// (Accounts::announce_setup): opening the page is how an operator asks for it.
bool setup_asked_for(Accounts& accounts);

// A new token, good for 30 minutes; earlier ones are dead. For the link that `serve` prints.
Secret offer_setup(Accounts& accounts);

// FORBIDDEN for a wrong or old token, SETUP_DONE once there is an owner.
Result<Registered> set_up(Accounts& accounts, const Caller& caller, const SetupForm& form);

}  // namespace tuition::accounts
