#include "accounts/directory/invitations.h"

#include "accounts/accounts.h"
#include "accounts/directory/changes.h"
#include "accounts/directory/directory.h"
#include "accounts/passwords/password_proof.h"
#include "accounts/profile.h"
#include "accounts/store.h"
#include "audit/audit.h"
#include "platform/jobs/once.h"

namespace tuition::accounts::directory {
namespace {

Error invitation_over() {
  return {Kind::unauthenticated, "TOKEN_EXPIRED",
          "This invitation is not valid any more. Please ask the school for a new one."};
}

// The person an open invitation is for.
Result<accounts::store::User> invited(ReadTx& tx, const Accounts& accounts, const std::string& digest,
                                      accounts::store::Token* token = nullptr) {
  const auto found = accounts::store::token(tx, TokenPurpose::invite, digest);
  if (!found || found->used_at || found->expires_at <= accounts.clock.now()) return invitation_over();
  auto user = accounts::store::user(tx, found->user);
  if (!user || user->status != UserStatus::active || user->password_hash) return invitation_over();
  if (token) *token = *found;
  return std::move(*user);
}

}  // namespace

void invite(WriteTx& tx, Accounts& accounts, const UserId& user, const std::string& email,
            const std::string& full_name) {
  const Instant now = accounts.clock.now();
  const auto token = crypto::random_token(accounts.entropy);
  accounts::store::void_tokens(tx, user, TokenPurpose::invite, now);
  accounts::store::add_token(tx, new_uuid(accounts.clock, accounts.entropy), user, TokenPurpose::invite,
                             crypto::digest(token), now, now + days(accounts.options.invite_days));
  outreach::enqueue(
      tx, accounts.outreach, {.email = email, .user = user},
      outreach::Invitation{.name = full_name, .token = token, .days_valid = accounts.options.invite_days});
}

Result<UserDetail> invite_again(Accounts& accounts, const Caller& caller, const UserId& user,
                                std::string_view idempotency_key) {
  TRY(jobs::check_key(idempotency_key));
  const jobs::Asked asked{std::string(idempotency_key), caller.user, "inviteUser", user.text()};
  return accounts.db.write([&](WriteTx& tx) -> Result<UserDetail> {
    const auto person = TRY(governed(tx, caller, user));
    if (TRY(jobs::made_before(tx, asked))) return show_person(tx, accounts, caller, user);
    if (person.password_hash) return conflict("INVITE_ACCEPTED", "This person has a password already and can sign in.");
    invite(tx, accounts, user, person.email, person.full_name.value_or(""));
    note(tx, accounts, caller, "account.invited", user, "Sent a new invitation.");
    jobs::remember(tx, asked, user.text(), accounts.clock.now());
    return show_person(tx, accounts, caller, user);
  });
}

Result<Welcomed> accept_invitation(Accounts& accounts, const Caller& caller, const AcceptForm& form, SessionKind kind,
                                   const Browser& browser) {
  const auto digest = crypto::digest(form.token.reveal());
  const auto person = TRY(accounts.db.read([&](ReadTx& tx) { return invited(tx, accounts, digest); }));
  const auto name = form.full_name.value_or(person.full_name.value_or(""));
  const auto hash = TRY(hash_new_password(accounts, form.password, person.email, name));

  Caller self = caller;
  self.sort = Caller::Sort::person;
  self.user = person.id;
  auto made = accounts.db.write([&](WriteTx& tx) -> Result<Issued> {
    const Instant now = accounts.clock.now();
    accounts::store::Token token;
    // Asked again where writes stand in line: the link works once.
    const auto user = TRY(invited(tx, accounts, digest, &token));
    accounts::store::use_token(tx, token.id, now);
    accounts::store::set_password_hash(tx, user.id, hash, now);
    accounts::store::set_verified(tx, user.id, now);
    if (form.full_name) {
      auto profile = accounts::store::profile(tx, self, user.id);
      check(profile.has_value(), "a person has a profile");
      profile->full_name = name.empty() ? std::nullopt : std::optional(name);
      profile->updated_at = now;
      accounts::store::put_profile(tx, self, *profile);
    }
    accounts::store::add_attempt(tx, place_of(caller, user.email, browser), true, now);
    note(tx, accounts, self, "account.invitation_accepted", user.id, "Accepted the invitation and chose a password.");
    return open_session(tx, accounts, caller, user.id, user.role, user.owner, kind);
  });
  auto issued = TRY(std::move(made));
  auto profile = TRY(accounts.db.read([&](ReadTx& tx) { return profile_of(tx, accounts, self, person.id); }));
  return Welcomed{std::move(profile), std::move(issued)};
}

}  // namespace tuition::accounts::directory
