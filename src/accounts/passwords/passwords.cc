#include "accounts/passwords/passwords.h"

#include "accounts/accounts.h"
#include "accounts/factors/second_step.h"
#include "accounts/keys/api_keys.h"
#include "accounts/passwords/password_proof.h"
#include "accounts/profile.h"
#include "accounts/sessions/device_words.h"
#include "audit/audit.h"
#include "platform/base/blocking.h"
#include "platform/base/fields_json.h"

namespace tuition::accounts {
namespace {

constexpr Duration reset_mail_every = minutes(2);
constexpr std::int64_t reset_mails_a_day = 6;

struct SendReset {
  std::string user{};  // empty: nobody has the address
};
constexpr auto fields_of(const SendReset*) {
  return table("account.send_reset", field("user", &SendReset::user, "Who is written to."));
}

Error link_over() {
  return {Kind::unauthenticated, "TOKEN_EXPIRED", "This link is not valid any more. Please ask for a new one."};
}

// Whose link it is, while it works.
Result<store::User> link_owner(ReadTx& tx, const Accounts& accounts, const std::string& digest,
                               store::Token* token = nullptr) {
  const auto found = store::token(tx, TokenPurpose::reset, digest);
  if (!found || found->used_at || found->expires_at <= accounts.clock.now()) return link_over();
  auto user = store::user(tx, found->user);
  if (!user || user->status != UserStatus::active) return link_over();
  if (token) *token = *found;
  return std::move(*user);
}

// The password that was proven, of which `hash` is to be the successor.
struct Proven {
  store::User user{};
  std::string hash{};
};
Result<Proven> prove_and_hash(Accounts& accounts, const Caller& caller, const std::optional<Secret>& current,
                              const Secret& next, const Browser& browser, std::string_view field) {
  Blocking waiting;
  auto user = TRY(prove_password(accounts, caller, current, browser));
  auto hash = TRY(hash_new_password(accounts, next, user.email, user.full_name.value_or(""), field));
  return Proven{std::move(user), std::move(hash)};
}

Result<Issued> put_own(WriteTx& tx, Accounts& accounts, const Caller& caller, const Proven& proven,
                       const Browser& browser) {
  const auto now_is = store::user(tx, caller.user);
  if (!now_is || now_is->password_hash != proven.user.password_hash)
    return conflict("CONFLICT", "The password has changed meanwhile. Please try again.");
  put_password(tx, accounts, caller, *now_is, proven.hash, "account.password_changed",
               "Changed the password; other sessions were ended.");
  store::add_attempt(tx, place_of(caller, now_is->email, browser), true, accounts.clock.now());
  return replace_sessions(tx, accounts, caller, "password_changed");
}

}  // namespace

void put_password(WriteTx& tx, Accounts& accounts, const Caller& caller, const store::User& user,
                  const std::string& hash, std::string_view action, std::string_view description) {
  const Instant now = accounts.clock.now();
  store::set_password_hash(tx, user.id, hash, now);
  for (const auto purpose : {TokenPurpose::reset, TokenPurpose::invite, TokenPurpose::email_change})
    store::void_tokens(tx, user.id, purpose, now);
  store::forget_tries(tx, crypto::digest(user.email));
  outreach::enqueue(
      tx, accounts.outreach, {.email = user.email, .user = user.id},
      outreach::PasswordChanged{.name = greeting_name(user.full_name.value_or("")),
                                .device = caller.ip.empty() ? std::string() : device_words(caller.user_agent),
                                .ip = caller.ip});
  audit::record(tx, {.at = now,
                     .actor = caller,
                     .action = std::string(action),
                     .category = audit::Category::security,
                     .target_type = "user",
                     .target_id = user.id.text(),
                     .description = std::string(description)});
}

Result<void> forgot_password(Accounts& accounts, const Caller& caller, const AddressForm& form) {
  const std::string email = normal_email(form.email);
  return accounts.db.write([&](WriteTx& tx) -> Result<void> {
    const auto user = store::user_by_email(tx, email);
    audit::record(tx, {.at = accounts.clock.now(),
                       .actor = caller,
                       .action = "auth.reset_asked",
                       .category = audit::Category::security,
                       .target_type = user ? "user" : "",
                       .target_id = user ? user->id.text() : "",
                       .description = "Asked for a link to choose a new password."});
    accounts.queue.push(
        tx, {.kind = std::string(reset_job), .payload_json = to_json(SendReset{user ? user->id.text() : ""})});
    return {};
  });
}

jobs::Outcome send_reset(Accounts& accounts, const jobs::Job& job) {
  const auto payload = decode_json<SendReset>(job.payload_json, Unknown::ignored);
  if (!payload) return jobs::Outcome::dead("the payload cannot be read");
  if (payload->user.empty()) return jobs::Outcome::done();
  accounts.db.write([&](WriteTx& tx) {
    const auto user = store::user(tx, UserId(payload->user));
    if (!user || user->status != UserStatus::active) return;
    const Instant now = accounts.clock.now();
    const auto recent = store::recent_tokens(tx, user->id, TokenPurpose::reset, now - days(1));
    if (recent.count >= reset_mails_a_day || now - recent.newest < reset_mail_every) return;
    const auto token = crypto::random_token(accounts.entropy);
    store::void_tokens(tx, user->id, TokenPurpose::reset, now);
    store::add_token(tx, new_uuid(accounts.clock, accounts.entropy), user->id, TokenPurpose::reset,
                     crypto::digest(token), now, now + minutes(accounts.options.reset_minutes));
    outreach::enqueue(tx, accounts.outreach, {.email = user->email, .user = user->id},
                      outreach::PasswordReset{.name = greeting_name(user->full_name.value_or("")),
                                              .token = token,
                                              .minutes_valid = accounts.options.reset_minutes});
  });
  return jobs::Outcome::done();
}

Result<std::string> reset_password(Accounts& accounts, const Caller& caller, const ResetForm& form,
                                   const Browser& browser) {
  const auto digest = crypto::digest(form.token.reveal());
  const auto person = TRY(accounts.db.read([&](ReadTx& tx) { return link_owner(tx, accounts, digest); }));
  const auto hash = TRY(hash_new_password(accounts, form.password, person.email, person.full_name.value_or("")));

  Caller self = caller;
  self.sort = Caller::Sort::person;
  self.user = person.id;
  return accounts.db.write([&](WriteTx& tx) -> Result<std::string> {
    // Asked again where writes stand in line: the link works once.
    store::Token token;
    auto user = TRY(link_owner(tx, accounts, digest, &token));
    const Instant now = accounts.clock.now();
    store::use_token(tx, token.id, now);
    store::set_verified(tx, user.id, now);
    put_password(tx, accounts, self, user, hash, "account.password_reset",
                 "Chose a new password by a link from a mail; all sessions and API keys were ended.");
    // Whoever reads the person's mail is the person: their browser does not wait for strangers' guesses.
    store::add_attempt(tx, place_of(caller, user.email, browser), true, now);
    end_sessions(tx, accounts, user.id, {}, "password_reset");
    // Who chooses a new password because somebody else was in wants that one's keys to stop, too.
    end_keys_of(tx, accounts, self, user.id);
    return std::move(user.email);
  });
}

Result<Issued> change_password(Accounts& accounts, const Caller& caller, const ChangePasswordForm& form,
                               const Browser& browser) {
  TRY(check_password_given(form.current_password, "currentPassword"));
  TRY(check_code_given(accounts, caller, form.code));
  const auto proven =
      TRY(prove_and_hash(accounts, caller, form.current_password, form.new_password, browser, "newPassword"));
  Issued issued;
  const auto put = [&](WriteTx& tx) -> Result<void> {
    issued = TRY(put_own(tx, accounts, caller, proven, browser));
    return {};
  };
  TRY(spend_code_if_any(accounts, caller, form.code, browser, put));
  return issued;
}

Result<AccountChanged> update_account(Accounts& accounts, const Caller& caller, const AccountForm& form,
                                      const Browser& browser) {
  if (!form.password) return AccountChanged{TRY(update_profile(accounts, caller, form)), std::nullopt};
  TRY(check_password_given(form.current_password, "currentPassword"));
  TRY(check_code_given(accounts, caller, form.code));
  const auto proven = TRY(prove_and_hash(accounts, caller, form.current_password, *form.password, browser, "password"));
  AccountChanged changed;
  const auto put = [&](WriteTx& tx) -> Result<void> {
    TRY(change_profile(tx, accounts, caller, caller.user, form));
    changed.issued = TRY(put_own(tx, accounts, caller, proven, browser));
    changed.profile = TRY(profile_of(tx, accounts, caller, caller.user));
    return {};
  };
  TRY(spend_code_if_any(accounts, caller, form.code, browser, put));
  return changed;
}

}  // namespace tuition::accounts
