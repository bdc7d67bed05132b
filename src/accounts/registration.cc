#include "accounts/registration.h"

#include "accounts/accounts.h"
#include "accounts/store.h"
#include "audit/audit.h"
#include "platform/base/text.h"

namespace tuition::accounts {
namespace {

constexpr Duration taken_mail_every = hours(1);
constexpr Duration verify_mail_every = minutes(2);
constexpr std::int64_t verify_mails_a_day = 6;

struct SendVerification {
  std::string user{};  // empty: nobody has the address
};
constexpr auto fields_of(const SendVerification*) {
  return table("account.send_verification", field("user", &SendVerification::user, "Who is written to."));
}

audit::Entry entry(Accounts& accounts, const Caller& caller, std::string action, const UserId& user,
                   std::string description) {
  return {.at = accounts.clock.now(),
          .actor = caller,
          .action = std::move(action),
          .category = audit::Category::security,
          .target_type = user.empty() ? "" : "user",
          .target_id = user.text(),
          .description = std::move(description)};
}

void send_link(WriteTx& tx, Accounts& accounts, const UserId& user, const std::string& email,
               const std::string& full_name) {
  const Instant now = accounts.clock.now();
  const auto token = crypto::random_token(accounts.entropy);
  store::add_token(tx, new_uuid(accounts.clock, accounts.entropy), user, TokenPurpose::verify, crypto::digest(token),
                   now, now + hours(accounts.options.verify_hours));
  outreach::enqueue(
      tx, accounts.outreach, {.email = email, .user = user},
      outreach::VerifyEmail{
          .name = greeting_name(full_name), .token = token, .hours_valid = accounts.options.verify_hours});
}

void tell_owner(WriteTx& tx, Accounts& accounts, const Caller& caller, const std::string& email) {
  const auto owner = store::user_by_email(tx, email);
  if (!owner) return;
  const Instant now = accounts.clock.now();
  const bool told = outreach::said_since(tx, outreach::AddressTaken::kind, email, now - taken_mail_every);
  if (!told && owner->status == UserStatus::active)
    outreach::enqueue(tx, accounts.outreach, {.email = email, .user = owner->id},
                      outreach::AddressTaken{.name = greeting_name(owner->full_name.value_or(""))});
  audit::record(tx, entry(accounts, caller, "auth.register_taken", owner->id,
                          "Somebody tried to sign up with an address that has an account."));
}

}  // namespace

Result<Registered> register_person(Accounts& accounts, const Caller& caller, const RegisterForm& form) {
  if (!accounts.options.registration)
    return Error{Kind::forbidden, "FORBIDDEN", "This school adds its people itself. Please ask there."};
  const std::string email = normal_email(form.email);
  const std::string full_name = form.full_name.value_or("");
  const auto hash = TRY(hash_new_password(accounts, form.password, email, full_name));

  return accounts.db.write([&](WriteTx& tx) -> Result<Registered> {
    auto made = create_user(tx, accounts, {.email = email, .password_hash = hash, .full_name = full_name});
    if (!made) {
      if (accounts.options.tell_taken_email) return std::move(made).error();
      tell_owner(tx, accounts, caller, email);
      return Registered{email};
    }
    const UserId& user = *made;
    const Instant now = accounts.clock.now();
    for (const auto& consent : form.consents)
      store::add_consent(tx, new_uuid(accounts.clock, accounts.entropy), user, consent.purpose, consent.granted,
                         caller.ip, now);
    send_link(tx, accounts, user, email, full_name);
    outreach::enqueue(tx, accounts.outreach, {.email = email, .user = user},
                      outreach::Welcome{.name = greeting_name(full_name)});
    audit::record(tx, entry(accounts, caller, "auth.register", user, "Signed up."));
    return Registered{email};
  });
}

Result<void> verify_email(Accounts& accounts, const Caller& caller, const TokenForm& form) {
  return accounts.db.write([&](WriteTx& tx) -> Result<void> {
    const Error over{Kind::unauthenticated, "TOKEN_EXPIRED",
                     "This link is not valid any more. Ask for a new one where you sign in."};
    const auto token = store::token(tx, TokenPurpose::verify, crypto::digest(form.token.reveal()));
    if (!token) return over;
    const auto user = store::user(tx, token->user);
    if (!user || user->status != UserStatus::active) return over;
    if (user->email_verified_at && token->used_at) return {};
    const Instant now = accounts.clock.now();
    if (token->used_at || token->expires_at <= now) return over;
    store::use_token(tx, token->id, now);
    store::set_verified(tx, user->id, now);
    audit::record(tx, entry(accounts, caller, "auth.email_verified", user->id, "Confirmed the address."));
    return {};
  });
}

Result<void> resend_verification(Accounts& accounts, const Caller& caller, const AddressForm& form) {
  const std::string email = normal_email(form.email);
  return accounts.db.write([&](WriteTx& tx) -> Result<void> {
    const auto user = store::user_by_email(tx, email);
    audit::record(tx, entry(accounts, caller, "auth.verification_asked", user ? user->id : UserId{},
                            "Asked for a new link to confirm an address."));
    accounts.queue.push(tx, {.kind = std::string(verification_job),
                             .payload_json = to_json(SendVerification{user ? user->id.text() : ""})});
    return {};
  });
}

jobs::Outcome send_verification(Accounts& accounts, const jobs::Job& job) {
  const auto payload = decode_json<SendVerification>(job.payload_json, Unknown::ignored);
  if (!payload) return jobs::Outcome::dead("the payload cannot be read");
  if (payload->user.empty()) return jobs::Outcome::done();
  accounts.db.write([&](WriteTx& tx) {
    const auto user = store::user(tx, UserId(payload->user));
    if (!user || user->status != UserStatus::active || user->email_verified_at) return;
    const Instant now = accounts.clock.now();
    const auto recent = store::recent_tokens(tx, user->id, TokenPurpose::verify, now - days(1));
    if (recent.count < verify_mails_a_day && now - recent.newest >= verify_mail_every)
      send_link(tx, accounts, user->id, user->email, user->full_name.value_or(""));
  });
  return jobs::Outcome::done();
}

}  // namespace tuition::accounts
