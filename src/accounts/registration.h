#pragma once

#include <string_view>

#include "accounts/wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/jobs/job.h"

namespace tuition::accounts {

struct Accounts;

// Signs a stranger up. A taken address gets the same answer after the same work, unless the operator prefers it told;
// its owner gets a mail, at most one an hour.
Result<Registered> register_person(Accounts& accounts, const Caller& caller, const RegisterForm& form);

// Confirms the address by the link's token. Opening the link twice is fine.
Result<void> verify_email(Accounts& accounts, const Caller& caller, const TokenForm& form);

// Sends a new link if the address is waiting for one, at most every two minutes and six times a day. Never says whether
// it is: what differs is done by a job, afterwards.
Result<void> resend_verification(Accounts& accounts, const Caller& caller, const AddressForm& form);
inline constexpr std::string_view verification_job = "account.send_verification";
jobs::Outcome send_verification(Accounts& accounts, const jobs::Job& job);

}  // namespace tuition::accounts
