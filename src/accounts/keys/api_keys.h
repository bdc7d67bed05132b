#pragma once

// Keys for programs that act in somebody's name, without their password:
//
//   Authorization: Bearer tuk_<43 letters>
//
// A key is 256 random bits, shown once and kept as a digest. It may do what its scopes name, within what its owner may
// do at the time: a route says which scope it needs (Route::scope), and what is about passwords, sessions, second steps
// and keys refuses keys altogether. No key is an owner, and none makes staff or changes an administrator's way in
// (directory/changes.h). All keys that work are in memory (known_keys.h), with their owners (standing.h), so
// that a request with one costs a digest and a look-up. When each was last used is written down once a minute at most.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/keys/known_keys.h"
#include "accounts/keys/wire_keys.h"
#include "accounts/store.h"
#include "accounts/types.h"
#include "platform/base/caller.h"
#include "platform/base/page.h"
#include "platform/base/result.h"
#include "platform/storage/database.h"

namespace tuition::accounts {

struct Accounts;

inline constexpr std::string_view key_head = "tuk_";
inline constexpr std::int64_t keys_per_person = 25;

std::vector<ApiKeyView> keys_of(Accounts& accounts, const Caller& caller);

// By the caller's password and, where they have a second step, a code: a key outlives the session that made it.
// FORBIDDEN where the operator does not want keys of people like the caller; scopes of administrators are for those.
// TOO_MANY_KEYS; REAUTHENTICATION_REQUIRED without a password, INVALID_CREDENTIALS or RATE_LIMITED for a wrong one,
// MFA_INVALID for a wrong code. Blocks.
Result<NewApiKey> make_key(Accounts& accounts, const Caller& caller, const ApiKeyForm& form,
                           const Browser& browser = {});

// The caller's own; NOT_FOUND for any other. It is refused from the next request on.
Result<void> end_key(Accounts& accounts, const Caller& caller, const std::string& id);

// All of a person's, in the caller's transaction.
void end_keys_of(WriteTx& tx, Accounts& accounts, const Caller& caller, const UserId& user);

// Everybody's, for administrators. Owners' are ended by owners only, like all that concerns their way in.
Result<Page<OwnedApiKey>> list_keys(Accounts& accounts, const Caller& caller, const ApiKeyListQuery& query);
Result<void> end_key_of_somebody(Accounts& accounts, const Caller& caller, const std::string& id);

// The same for the command line, for a person whom the operator names, without their password.
Result<NewApiKey> make_key_for(Accounts& accounts, const Caller& caller, const UserId& user, const ApiKeyForm& form);

// Reads who holds which. Once, at start.
void load_keys(ReadTx& tx, Accounts& accounts);
void note_uses(Accounts& accounts);

// Who comes with this key; UNAUTHENTICATED or TOKEN_EXPIRED. `from` is what the front knows of the request.
Result<Caller> caller_with_key(Accounts& accounts, const Caller& from, std::string_view key);

}  // namespace tuition::accounts
