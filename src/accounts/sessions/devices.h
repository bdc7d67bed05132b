#pragma once

// Where somebody is signed in, as they see it: one line for each session, which they may end.

#include <vector>

#include "accounts/account_wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"

namespace tuition::accounts {

struct Accounts;

// The caller's own living sessions, the newest first.
Result<std::vector<Device>> list_devices(Accounts& accounts, const Caller& caller);

// Ends one of the caller's sessions, also the one that asks. NOT_FOUND for anybody else's and for one that has ended.
// It is out at its next request.
Result<void> end_device(Accounts& accounts, const Caller& caller, const SessionId& session);

// Ends all of the caller's sessions but the one that asks, and says how many.
Result<EndedDevices> end_other_devices(Accounts& accounts, const Caller& caller);

}  // namespace tuition::accounts
