#pragma once

// Passwords that are forgotten, reset and changed.
//
// Asking for a link does the same work for every address: a lookup, an entry in the trail and a job; only the job knows
// whether there is somebody to write to. The link is made from the site's own address, works once, for an hour, and is
// dead as soon as a newer one was sent or the password has changed. It proves that the address is theirs but signs
// nobody in, and a second factor stays what it was.

#include <string>
#include <string_view>

#include "accounts/account_wire.h"
#include "accounts/sessions/sessions.h"
#include "accounts/store.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/jobs/job.h"

namespace tuition::accounts {

struct Accounts;

// Never says whether the address is known.
Result<void> forgot_password(Accounts& accounts, const Caller& caller, const AddressForm& form);

// What that pushes: sends the link, at most every two minutes and six times a day.
inline constexpr std::string_view reset_job = "account.send_reset";
jobs::Outcome send_reset(Accounts& accounts, const jobs::Job& job);

// The new password by the link's token; all sessions and API keys end. TOKEN_EXPIRED for a link that does not work (any
// more). From then on `browser` is known as the person's, whose address is given back.
Result<std::string> reset_password(Accounts& accounts, const Caller& caller, const ResetForm& form,
                                   const Browser& browser = {});

// The caller's own, by the one until now and, where they have a second step, a code: MFA_INVALID for a wrong one. All
// other sessions end, and this one goes on under a new id.
Result<Issued> change_password(Accounts& accounts, const Caller& caller, const ChangePasswordForm& form,
                               const Browser& browser = {});

// The caller's profile and, where the form has one, their password in the same way, in one go.
struct AccountChanged {
  Profile profile{};
  std::optional<Issued> issued{};  // where the password changed
};
Result<AccountChanged> update_account(Accounts& accounts, const Caller& caller, const AccountForm& form,
                                      const Browser& browser = {});

// What goes with every change of a password, in the caller's transaction: links that were sent before are dead, places
// are strange again, the person gets a mail. Sessions are left to the caller.
void put_password(WriteTx& tx, Accounts& accounts, const Caller& caller, const store::User& user,
                  const std::string& hash, std::string_view action, std::string_view description);

}  // namespace tuition::accounts
