#include "accounts/factors/second_step.h"

#include <algorithm>

#include "accounts/accounts.h"
#include "accounts/factors/store_factors.h"
#include "accounts/passwords/password_proof.h"
#include "accounts/sessions/coming_in.h"
#include "audit/audit.h"
#include "platform/base/fields_json.h"
#include "platform/base/text.h"
#include "platform/crypto/totp.h"

namespace tuition::accounts {
namespace {

Error too_late() {
  return {Kind::unauthenticated, "TOKEN_EXPIRED", "That took too long. Please enter your password again."};
}

Error off() { return conflict("MFA_OFF", "The second step is not set up."); }

// Who is asked and from where, as tries are counted. Apart from the tries at the password: those say nothing about who
// has the phone.
std::string account_of(const UserId& user) { return "second step of " + user.text(); }
store::Place step_of(const Caller& caller, const UserId& user, const Browser& browser) {
  return place_of(caller, account_of(user), browser);
}

std::string program_of(const Caller& caller) { return crypto::digest("program:" + caller.user_agent); }
std::string password_of(const store::User& user) {
  return crypto::digest("password:" + user.password_hash.value_or(""));
}

Caller self(const Caller& caller, const UserId& user) {
  Caller person = caller;
  person.sort = Caller::Sort::person;
  person.user = user;
  return person;
}

void note(WriteTx& tx, Accounts& accounts, const Caller& caller, const UserId& user, std::string action,
          audit::Severity severity, std::string description) {
  audit::record(tx, {.at = accounts.clock.now(),
                     .actor = caller,
                     .action = std::move(action),
                     .category = audit::Category::security,
                     .severity = severity,
                     .target_type = "user",
                     .target_id = user.text(),
                     .description = std::move(description)});
}

void tell_of_recovery(WriteTx& tx, Accounts& accounts, const Caller& caller, const store::User& user) {
  const auto left = store::recovery_codes_left(tx, user.id);
  note(tx, accounts, caller, user.id, "auth.recovery_code_used", audit::Severity::warning,
       "Used a recovery code in place of the authenticator; " + std::to_string(left) + " are left.");
  outreach::enqueue(tx, accounts.outreach, {.email = user.email, .user = user.id},
                    outreach::RecoveryCodeUsed{.name = user.full_name.value_or(""), .left = left});
}

// Whether the code is right; it is spent if so. A wrong one is remembered.
Result<bool> spend(WriteTx& tx, Accounts& accounts, const Caller& caller, const store::User& user,
                   const store::Factor& factor, std::string_view typed, const Browser& browser) {
  const Instant now = accounts.clock.now();
  std::string digits(typed);
  std::erase(digits, ' ');
  bool right = false;
  bool recovery = false;
  const bool six_digits =
      digits.size() == 6 && std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (six_digits) {
    const auto key = TRY(accounts.seal.open(factor.secret.bytes, "mfa:" + user.id.text()));
    const auto step = crypto::match_totp(key, digits, now, factor.last_step);
    right = step && store::use_step(tx, factor.id, *step);
  } else {
    const auto hash = recovery_code_hash(user.id, normal_recovery_code(typed));
    recovery = right = store::use_recovery_code(tx, user.id, hash, now);
  }
  remember_code(tx, accounts, caller, user.id, browser, right);
  if (recovery) tell_of_recovery(tx, accounts, caller, user);
  return right;
}

// Somebody had the right password and no code.
void warn(WriteTx& tx, Accounts& accounts, const store::User& user) {
  const auto& kind = outreach::SecondStepRefused::kind;
  if (outreach::said_since(tx, kind, user.email, accounts.clock.now() - days(1))) return;
  outreach::enqueue(tx, accounts.outreach, {.email = user.email, .user = user.id},
                    outreach::SecondStepRefused{.name = user.full_name.value_or("")});
}

}  // namespace

Error wrong_code() { return {Kind::unauthenticated, "MFA_INVALID", "That code is not right, or it was used already."}; }

Duration wait_for_code(ReadTx& tx, Accounts& accounts, const Caller& caller, const UserId& user,
                       const Browser& browser) {
  const Instant now = accounts.clock.now();
  return lockout::wait(store::tries(tx, step_of(caller, user, browser), now), now);
}

void remember_code(WriteTx& tx, Accounts& accounts, const Caller& caller, const UserId& user, const Browser& browser,
                   bool right) {
  store::add_attempt(tx, step_of(caller, user, browser), right, accounts.clock.now());
  if (!right)
    note(tx, accounts, caller, user, "auth.second_step_failed", audit::Severity::warning,
         "Gave a wrong code in the second step.");
}

void forget_second_step(WriteTx& tx, const UserId& user) { store::forget_tries(tx, crypto::digest(account_of(user))); }

std::string normal_recovery_code(std::string_view typed) {
  std::string code;
  for (const char c : to_lower_ascii(typed)) {
    if (c == '-' || c == ' ') continue;
    // What the alphabet does not have was misread.
    code += c == '0' ? 'o' : c == '1' ? 'l' : c;
  }
  return code;
}

std::string recovery_code_hash(const UserId& user, std::string_view normal) {
  return crypto::digest("recovery code of " + user.text() + ":" + std::string(normal));
}

Error ask_second_step(Accounts& accounts, const Caller& caller, store::User user, const std::string& hash_now) {
  const Instant now = accounts.clock.now();
  const ChallengeView view{new_challenge(accounts), now + challenge_lasts, {"totp", "recovery"}};
  accounts.db.write([&](WriteTx& tx) {
    const auto present = store::user(tx, user.id);
    if (present && present->password_hash == user.password_hash && user.password_hash != hash_now) {
      store::set_password_hash(tx, user.id, hash_now, now);
      user.password_hash = hash_now;
    }
    store::add_challenge(tx,
                         {.id = new_uuid(accounts.clock, accounts.entropy),
                          .user = user.id,
                          .expires_at = view.expires_at,
                          .program = program_of(caller),
                          .password = password_of(user)},
                         crypto::digest(view.token), now);
    note(tx, accounts, self(caller, user.id), user.id, "auth.second_step_asked", audit::Severity::info,
         "Gave the right password and was asked for the second step.");
  });
  Error error{Kind::unauthenticated, "MFA_REQUIRED", "Please enter the code from your authenticator app."};
  error.more = "\"challenge\":" + to_json(view);
  return error;
}

Result<Welcomed> answer_challenge(Accounts& accounts, const Caller& caller, const ChallengeForm& form, SessionKind kind,
                                  const Browser& browser) {
  const auto digest = crypto::digest(form.challenge.reveal());
  struct Outcome {
    UserId user{};
    std::optional<Issued> issued{};
    std::optional<Error> refused{};
  };
  auto outcome = accounts.db.write([&](WriteTx& tx) -> Result<Outcome> {
    const Instant now = accounts.clock.now();
    const auto challenge = store::challenge(tx, digest);
    if (!challenge || challenge->used_at || challenge->expires_at <= now || challenge->tries >= challenge_tries ||
        challenge->program != program_of(caller))
      return too_late();
    const auto user = store::user(tx, challenge->user);
    const auto factor = store::working_factor(tx, challenge->user);
    if (!user || !factor || user->status != UserStatus::active || challenge->password != password_of(*user))
      return too_late();
    if (const auto left = wait_for_code(tx, accounts, caller, user->id, browser); left.ms > 0) return too_soon(left);

    store::count_try(tx, challenge->id);
    if (!TRY(spend(tx, accounts, self(caller, user->id), *user, *factor, form.code, browser))) {
      if (challenge->tries + 1 >= challenge_tries) warn(tx, accounts, *user);
      return Outcome{.refused = wrong_code()};
    }
    store::use_token(tx, challenge->id, now);
    auto issued =
        TRY(let_in(tx, accounts, caller, *user, *user->password_hash, place_of(caller, user->email, browser), kind));
    return Outcome{.user = user->id, .issued = std::move(issued)};
  });
  if (!outcome) return std::move(outcome).error();
  if (outcome->refused) return std::move(*outcome->refused);
  return welcomed(accounts, caller, outcome->user, std::move(*outcome->issued));
}

namespace {

enum class WithoutFactor { refused, goes_on };

Error code_needed() { return invalid_field("code", "is needed: your account has a second step"); }

Result<void> spend_code(Accounts& accounts, const Caller& caller, const UserId& user,
                        const std::optional<std::string>& code, WithoutFactor without, const Browser& browser,
                        const std::function<Result<void>(WriteTx&)>& then) {
  std::optional<Error> refused;
  const auto done = accounts.db.write([&](WriteTx& tx) -> Result<void> {
    const auto person = store::user(tx, user);
    const auto factor = store::working_factor(tx, user);
    if (!person || !factor) return without == WithoutFactor::goes_on ? then(tx) : off();
    if (!code) return code_needed();
    if (const auto left = wait_for_code(tx, accounts, caller, user, browser); left.ms > 0) return too_soon(left);
    if (!TRY(spend(tx, accounts, self(caller, user), *person, *factor, *code, browser))) {
      refused = wrong_code();
      return {};
    }
    return then(tx);
  });
  if (!done) return done.error();
  if (refused) return std::move(*refused);
  return {};
}

}  // namespace

Result<void> spend_code(Accounts& accounts, const Caller& caller, const UserId& user, std::string_view code,
                        const Browser& browser, const std::function<Result<void>(WriteTx&)>& then) {
  return spend_code(accounts, caller, user, std::string(code), WithoutFactor::refused, browser, then);
}

Result<void> check_code_given(const Accounts& accounts, const Caller& caller, const std::optional<std::string>& code) {
  if (!code && accounts.factors.has(caller.user)) return code_needed();
  return {};
}

Result<void> spend_code_if_any(Accounts& accounts, const Caller& caller, const std::optional<std::string>& code,
                               const Browser& browser, const std::function<Result<void>(WriteTx&)>& then) {
  return spend_code(accounts, caller, caller.user, code, WithoutFactor::goes_on, browser, then);
}

}  // namespace tuition::accounts
