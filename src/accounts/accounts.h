#pragma once

// People, and everything between a stranger and a trusted session.
//
// Registration makes a user, a profile, a link to confirm the address, the mails that say so and an entry in the trail,
// in one transaction. A taken address gets the same answer after the same work; its owner gets a mail (registration.h).
//
// Signing in costs one password hash whether or not the address exists, and failures make the next try wait
// (lockout.h). It opens a session: one row, and two tokens computed from it. The access token is signed and short-lived
// and is believed without asking the database (authenticate.h); what has changed since it was signed, an ended session
// or another role, is kept in memory (standing.h). The refresh token gets the next pair; one that was used before ends
// the whole session, because then two people hold it (sessions.h).
//
// Where somebody has an authenticator, the right password gets a challenge instead, and challenge and code get the
// session (second_step.h, mfa.h). Programs sign in with API keys, which carry scopes and are known in memory
// (api_keys.h).
//
// What somebody changes about their own way in asks for the password once more, wherever it is asked wrong ones count
// (password_proof.h), and ends the sessions elsewhere: passwords.h, address_change.h. Sessions are shown to their owner
// as devices (devices.h).
//
// Rights are a role (user, instructor, admin) and a flag for owners, of whom the last can be neither demoted nor
// removed (people.h). Who pays for what is not known here: app fills `access` and `stats` from the domains above.
//
// Hashing waits and takes memory. Every verb that hashes does so before its transaction and under Blocking, so that
// neither the writer nor the front's threads stand still.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/factors/known_factors.h"
#include "accounts/factors/mfa.h"
#include "accounts/keys/api_keys.h"
#include "accounts/keys/known_keys.h"
#include "accounts/options.h"
#include "accounts/people.h"
#include "accounts/sessions/authenticate.h"
#include "accounts/sessions/sessions.h"
#include "accounts/sessions/standing.h"
#include "accounts/setup.h"
#include "accounts/types.h"
#include "outreach/outreach.h"
#include "platform/base/entropy.h"
#include "platform/base/secret.h"
#include "platform/base/zones.h"
#include "platform/crypto/password.h"
#include "platform/crypto/seal.h"
#include "platform/crypto/token.h"
#include "platform/http/route.h"
#include "platform/jobs/job.h"
#include "platform/jobs/queue.h"
#include "platform/storage/database.h"

namespace tuition::accounts {

struct Accounts {
  Database& db;
  jobs::Queue& queue;
  outreach::Outreach& outreach;
  const Clock& clock;
  Entropy& entropy;
  crypto::PasswordHasher& hasher;
  const crypto::TokenSigner& signer;
  const Zones& zones;
  AccountsOptions options{};
  Secret refresh_key{};                 // 32 bytes, for this purpose only
  Secret browser_key{};                 // the same, by which browsers, and wishes that come twice, are known again
  crypto::Seal seal{Secret{}};          // for what must be read again: the keys of authenticators
  std::string_view common_passwords{};  // common_passwords.txt; outlives this
  // Asked for every profile, inside its read; zeros and `free` while not set.
  std::function<Stats(ReadTx&, const UserId&)> stats{};
  std::function<AccessLevel(ReadTx&, const UserId&)> access{};
  // Everybody who has `access` at present, for filtering lists by it.
  std::function<std::vector<UserId>(ReadTx&)> paying{};
  // Everybody who has the plan of that id or code at present.
  std::function<std::vector<UserId>(ReadTx&, const std::string& plan)> on_plan{};
  // Whether a subscription of the person would go on charging them.
  std::function<bool(ReadTx&, const UserId&)> has_subscription{};
  // Ends it, in the transaction that removes the person.
  std::function<Result<void>(WriteTx&, const UserId&)> end_subscription{};
  // What other domains do when a person is removed, each in the transaction that does it.
  std::vector<std::function<void(WriteTx&, const UserId&, const std::string& email)>> on_removal{};
  // Whether a file is a picture that this person uploaded of themselves; nobody has any while not set.
  std::function<bool(ReadTx&, const UserId&, const std::string& media)> is_own_picture{};
  // A picture that its owner does not show any more.
  std::function<void(WriteTx&, const std::string& media)> drop_picture{};
  // Called ahead of that read, where the profile is all that is wanted: to have at hand what `access` needs.
  std::function<void(const UserId&)> before_profile{};
  // Shows the operator a new token for the set-up page.
  std::function<void(const Secret& token)> announce_setup{};

  // Told of links, challenges and refresh tokens that are none, or none any more; on the threads that answer.
  std::function<void(const http::Request&, const Error&)> on_bad_token{};

  // Known in memory, made by start().
  Standing standing{};
  KnownFactors factors{};
  KnownKeys keys{};
  SetupOffer setup{};
};

// Reads what changed while signed tokens are still about. Once, after the migrations and before the first request.
void start(Accounts& accounts);

http::Routes routes(Accounts& accounts);
jobs::JobKinds job_kinds(Accounts& accounts);
jobs::Periodics periodics(Accounts& accounts);

}  // namespace tuition::accounts
