#include "accounts/setup.h"

#include "accounts/accounts.h"
#include "accounts/store.h"
#include "audit/audit.h"
#include "platform/crypto/hmac.h"

namespace tuition::accounts {
namespace {

constexpr Duration offer_lasts = minutes(30);

Error done() { return conflict("SETUP_DONE", "This school is set up already."); }

}  // namespace

void SetupOffer::make(std::string digest, Instant until) {
  std::lock_guard lock(mutex_);
  digest_ = std::move(digest);
  until_ = until;
}

bool SetupOffer::accepts(const std::string& digest, Instant now) const {
  std::lock_guard lock(mutex_);
  return !digest_.empty() && now < until_ && crypto::equal_in_constant_time(digest, digest_);
}

bool SetupOffer::take_over(Instant now) {
  std::lock_guard lock(mutex_);
  if (digest_.empty() || now < until_) return false;
  digest_.clear();
  return true;
}

bool setup_needed(ReadTx& tx) { return store::count_owners(tx) == 0; }

bool setup_asked_for(Accounts& accounts) {
  const bool needed = accounts.db.read([](ReadTx& tx) { return setup_needed(tx); });
  if (needed && accounts.announce_setup && accounts.setup.take_over(accounts.clock.now()))
    accounts.announce_setup(offer_setup(accounts));
  return needed;
}

Secret offer_setup(Accounts& accounts) {
  Secret token(crypto::random_token(accounts.entropy));
  accounts.setup.make(crypto::digest(token.reveal()), accounts.clock.now() + offer_lasts);
  return token;
}

Result<Registered> set_up(Accounts& accounts, const Caller& caller, const SetupForm& form) {
  if (!accounts.db.read([](ReadTx& tx) { return setup_needed(tx); })) return done();
  if (!form.token || !accounts.setup.accepts(crypto::digest(form.token->reveal()), accounts.clock.now()))
    return Error{Kind::forbidden, "FORBIDDEN",
                 "This link is not valid any more. The server prints a new one when this page is opened again."};

  const std::string email = normal_email(form.email);
  const std::string full_name = form.full_name.value_or("");
  const auto hash = TRY(hash_new_password(accounts, form.password, email, full_name));
  return accounts.db.write([&](WriteTx& tx) -> Result<Registered> {
    // Asked again where writes stand in line: of two at the same moment the second finds an owner.
    if (!setup_needed(tx)) return done();
    const auto owner = TRY(create_user(tx, accounts,
                                       {.email = email,
                                        .password_hash = hash,
                                        .full_name = full_name,
                                        .role = Role::admin,
                                        .owner = true,
                                        .verified = true}));
    audit::record(tx, {.at = accounts.clock.now(),
                       .actor = caller,
                       .action = "account.owner_created",
                       .category = audit::Category::security,
                       .severity = audit::Severity::warning,
                       .target_type = "user",
                       .target_id = owner.text(),
                       .description = "The school was set up and has its owner."});
    return Registered{email};
  });
}

}  // namespace tuition::accounts
