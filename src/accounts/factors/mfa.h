#pragma once

// Setting up the second step of signing in, and what belongs to it. Every change needs the password once more, ends the
// person's other sessions, tells them by mail and stands in the trail. What the authenticator knows is sealed, because
// codes are computed from it; recovery codes are kept as digests.

#include <string_view>

#include "accounts/factors/wire_factors.h"
#include "accounts/types.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/storage/database.h"

namespace tuition::accounts {

struct Accounts;

MfaView mfa_of(ReadTx& tx, const Accounts& accounts, const UserId& user, Role role);

// A new key for an authenticator. Nothing changes until enable_mfa sees a code of it, within half an hour. MFA_ON when
// there is one already.
Result<MfaKey> set_up_mfa(Accounts& accounts, const Caller& caller, const ProofForm& form, const Browser& browser = {});
// MFA_NOT_SET_UP without a key to confirm. MFA_INVALID for a wrong code, which counts as it does at signing in;
// RATE_LIMITED.
Result<RecoveryCodes> enable_mfa(Accounts& accounts, const Caller& caller, const CodeForm& form,
                                 const Browser& browser = {});
// FORBIDDEN to those of whom the school asks it.
Result<void> disable_mfa(Accounts& accounts, const Caller& caller, const PasswordAndCodeForm& form,
                         const Browser& browser = {});
// The ones before are gone.
Result<RecoveryCodes> renew_recovery_codes(Accounts& accounts, const Caller& caller, const PasswordAndCodeForm& form,
                                           const Browser& browser = {});

// For somebody who has lost everything and has shown the school who they are: the second step is off, their sessions
// are over. False where there was none. Inside the caller's transaction.
bool reset_mfa(WriteTx& tx, Accounts& accounts, const Caller& caller, const UserId& user);

}  // namespace tuition::accounts
