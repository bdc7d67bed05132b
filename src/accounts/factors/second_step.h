#pragma once

// The second step of signing in.
//
// Whoever gives the right password but has an authenticator is not signed in yet: they get a challenge, a token that
// lives five minutes, is good for five tries and belongs to the program that gave the password. Together with a code it
// opens the session. A code is the present one of the authenticator or the one before (people type slowly), each good
// once, or one of the recovery codes, each good once.
//
// Wrong codes make the next try wait by the same growing delays as wrong passwords (lockout.h), per person and per
// address; they never lock anybody out for good. Where the tries of a challenge are used up somebody knows the
// password: the person gets a mail.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "accounts/factors/wire_factors.h"
#include "accounts/sessions/sessions.h"
#include "accounts/sessions/sign_in.h"
#include "accounts/store.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/storage/database.h"

namespace tuition::accounts {

struct Accounts;

inline constexpr Duration challenge_lasts = minutes(5);
inline constexpr std::int64_t challenge_tries = 5;

Error wrong_code();

// The refusal that carries the challenge: MFA_REQUIRED. For somebody whose password was right; `hash_now` is what it is
// kept as from now on.
Error ask_second_step(Accounts& accounts, const Caller& caller, store::User user, const std::string& hash_now);

// Challenge and code to session. TOKEN_EXPIRED when the challenge is over for whatever reason: the password must be
// given again. MFA_INVALID for a wrong code, RATE_LIMITED while wrong ones make the person wait.
Result<Welcomed> answer_challenge(Accounts& accounts, const Caller& caller, const ChallengeForm& form, SessionKind kind,
                                  const Browser& browser = {});

// Checks somebody's code, spends it, and runs `then` in the same transaction. MFA_INVALID, RATE_LIMITED; MFA_OFF when
// they have no second step. A code whose `then` refused is not spent.
Result<void> spend_code(Accounts& accounts, const Caller& caller, const UserId& user, std::string_view code,
                        const Browser& browser, const std::function<Result<void>(WriteTx&)>& then);

// Before what a stolen password must not do alone: the same for the caller themselves, who are asked for a code only if
// they have a second step. A code that is missing is a problem of the form's field `code`, which check_code_given()
// finds before the password is looked at.
Result<void> check_code_given(const Accounts& accounts, const Caller& caller, const std::optional<std::string>& code);
Result<void> spend_code_if_any(Accounts& accounts, const Caller& caller, const std::optional<std::string>& code,
                               const Browser& browser, const std::function<Result<void>(WriteTx&)>& then);

// For whoever compares a code by themselves, in one transaction: how long the person must wait before the next one, and
// what is remembered of each.
Duration wait_for_code(ReadTx& tx, Accounts& accounts, const Caller& caller, const UserId& user,
                       const Browser& browser);
void remember_code(WriteTx& tx, Accounts& accounts, const Caller& caller, const UserId& user, const Browser& browser,
                   bool right);

// The tries at somebody's codes, when they are removed.
void forget_second_step(WriteTx& tx, const UserId& user);

// As they are compared: in lower case and without what people put between.
std::string normal_recovery_code(std::string_view typed);
std::string recovery_code_hash(const UserId& user, std::string_view normal);

}  // namespace tuition::accounts
