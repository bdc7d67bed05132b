#include "accounts/address_change.h"

#include "accounts/accounts.h"
#include "accounts/factors/second_step.h"
#include "accounts/passwords/password_proof.h"
#include "accounts/sessions/device_words.h"
#include "accounts/sessions/sessions.h"
#include "accounts/store.h"
#include "accounts/store_addresses.h"
#include "audit/audit.h"

namespace tuition::accounts {
namespace {

constexpr std::int64_t wishes_a_day = 6;
constexpr Duration wanted_mail_every = hours(1);

audit::Entry address_entry(const Accounts& accounts, const Caller& caller, std::string action, const UserId& user,
                           std::string description) {
  return {.at = accounts.clock.now(),
          .actor = caller,
          .action = std::move(action),
          .category = audit::Category::security,
          .target_type = "user",
          .target_id = user.text(),
          .description = std::move(description)};
}

Error taken() { return conflict("EMAIL_TAKEN", "That address has an account already."); }

// Mail to the owner of an address that somebody else would like to have.
void tell_owner(WriteTx& tx, Accounts& accounts, const store::User& owner) {
  const Instant since = accounts.clock.now() - wanted_mail_every;
  if (owner.status != UserStatus::active || outreach::said_since(tx, outreach::AddressWanted::kind, owner.email, since))
    return;
  outreach::enqueue(tx, accounts.outreach, {.email = owner.email, .user = owner.id},
                    outreach::AddressWanted{.name = greeting_name(owner.full_name.value_or(""))});
}

}  // namespace

Result<PendingEmail> change_email(Accounts& accounts, const Caller& caller, const EmailForm& form,
                                  const Browser& browser) {
  const std::string email = normal_email(form.email);
  TRY(check_password_given(form.password));
  TRY(check_code_given(accounts, caller, form.code));
  const auto proven = TRY(prove_password(accounts, caller, form.password, browser));
  if (email == proven.email) return invalid_field("email", "is the address you have already");

  TRY(spend_code_if_any(accounts, caller, form.code, browser, [&](WriteTx& tx) -> Result<void> {
    const Instant now = accounts.clock.now();
    const auto user = store::user(tx, caller.user);
    if (!user || user->status != UserStatus::active || user->password_hash != proven.password_hash)
      return wrong_credentials();
    const auto owner = store::user_by_email(tx, email);
    if (owner && accounts.options.tell_taken_email) return taken();
    if (store::recent_tokens(tx, user->id, TokenPurpose::email_change, now - days(1)).count >= wishes_a_day) {
      Error error{Kind::rate_limited, "RATE_LIMITED", "You have asked for several addresses today. Please wait a day."};
      error.retry_after_s = static_cast<int>(days(1).ms / 1000);
      return error;
    }

    const auto token = crypto::random_token(accounts.entropy);
    store::void_tokens(tx, user->id, TokenPurpose::email_change, now);
    store::add_address_token(tx, new_uuid(accounts.clock, accounts.entropy), user->id, {email, caller.session.text()},
                             crypto::digest(token), now, now + hours(accounts.options.verify_hours));
    const auto name = greeting_name(user->full_name.value_or(""));
    if (owner) {
      tell_owner(tx, accounts, *owner);
    } else {
      outreach::enqueue(
          tx, accounts.outreach, {.email = email, .user = user->id},
          outreach::AddressConfirm{.name = name, .token = token, .hours_valid = accounts.options.verify_hours});
    }
    outreach::enqueue(tx, accounts.outreach, {.email = user->email, .user = user->id},
                      outreach::AddressChangeAsked{
                          .name = name, .email = email, .device = device_words(caller.user_agent), .ip = caller.ip});
    audit::record(
        tx, address_entry(accounts, caller, "account.address_asked", user->id, "Asked to go by another address."));
    return {};
  }));
  return PendingEmail{email};
}

Result<ConfirmedEmail> confirm_email(Accounts& accounts, const Caller& caller, const TokenForm& form,
                                     const Browser& browser) {
  return accounts.db.write([&](WriteTx& tx) -> Result<ConfirmedEmail> {
    const Instant now = accounts.clock.now();
    const Error over{Kind::unauthenticated, "TOKEN_EXPIRED",
                     "This link is not valid any more. Ask for a new one on your account's page."};
    const auto token = store::address_token(tx, crypto::digest(form.token.reveal()));
    if (!token || token->used_at || token->expires_at <= now) return over;
    const auto user = store::user(tx, token->user);
    if (!user || user->status != UserStatus::active) return over;
    const auto& email = token->wish.email;
    if (!store::set_address(tx, user->id, email, now)) return taken();

    // Links that went to the former address are dead, and so is this one.
    for (const auto purpose : {TokenPurpose::email_change, TokenPurpose::reset, TokenPurpose::verify})
      store::void_tokens(tx, user->id, purpose, now);
    store::move_tries(tx, crypto::digest(user->email), crypto::digest(email));
    // As with a reset: whoever reads the person's mail is the person.
    store::add_attempt(tx, place_of(caller, email, browser), true, now);
    const SessionId asking(token->wish.session);
    for (const auto& session : store::living_sessions(tx, user->id, now))
      if (session.id != asking && session.id != caller.session)
        end_session(tx, accounts, session.id, session.access_until, "address_changed");
    outreach::enqueue(tx, accounts.outreach, {.email = user->email, .user = user->id},
                      outreach::AddressChanged{.name = greeting_name(user->full_name.value_or("")), .email = email});
    Caller self = caller;
    self.sort = Caller::Sort::person;
    self.user = user->id;
    audit::record(tx, address_entry(accounts, self, "account.address_changed", user->id,
                                    "Confirmed another address; other sessions were ended."));
    return ConfirmedEmail{email};
  });
}

}  // namespace tuition::accounts
