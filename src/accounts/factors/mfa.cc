#include "accounts/factors/mfa.h"

#include <array>

#include "accounts/accounts.h"
#include "accounts/factors/qr.h"
#include "accounts/factors/second_step.h"
#include "accounts/factors/store_factors.h"
#include "accounts/passwords/password_proof.h"
#include "audit/audit.h"
#include "platform/base/text.h"
#include "platform/crypto/totp.h"

namespace tuition::accounts {
namespace {

constexpr Duration setup_lasts = minutes(30);
constexpr int recovery_codes = 10;

Error gone() { return not_found("There is no such person."); }

void note(WriteTx& tx, Accounts& accounts, const Caller& caller, const UserId& user, std::string action,
          std::string description) {
  audit::record(tx, {.at = accounts.clock.now(),
                     .actor = caller,
                     .action = std::move(action),
                     .category = audit::Category::security,
                     .severity = audit::Severity::warning,
                     .target_type = "user",
                     .target_id = user.text(),
                     .description = std::move(description)});
}

template <class Message>
void tell(WriteTx& tx, Accounts& accounts, const store::User& user, Message message) {
  message.name = user.full_name.value_or("");
  outreach::enqueue(tx, accounts.outreach, {.email = user.email, .user = user.id}, message);
}

// 70 bits each, as two groups of letters and digits: abcdefg-234567a.
RecoveryCodes new_codes(WriteTx& tx, Accounts& accounts, const UserId& user) {
  constexpr std::size_t length = 14;
  RecoveryCodes made;
  std::vector<store::RecoveryCode> rows;
  for (int i = 0; i < recovery_codes; ++i) {
    std::array<std::uint8_t, 10> bytes{};
    accounts.entropy.fill(bytes);
    auto code = to_lower_ascii(crypto::to_base32({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
    code.resize(length);
    rows.push_back({new_uuid(accounts.clock, accounts.entropy), recovery_code_hash(user, code)});
    made.recovery_codes.push_back(code.insert(length / 2, "-"));
  }
  store::put_recovery_codes(tx, user, rows);
  return made;
}

}  // namespace

MfaView mfa_of(ReadTx& tx, const Accounts& accounts, const UserId& user, Role role) {
  MfaView view;
  view.required = accounts.options.require_mfa_for_staff && role != Role::user;
  const auto factor = store::working_factor(tx, user);
  if (!factor) return view;
  view.enabled = true;
  view.since = factor->confirmed_at;
  view.recovery_codes_left = store::recovery_codes_left(tx, user);
  return view;
}

Result<MfaKey> set_up_mfa(Accounts& accounts, const Caller& caller, const ProofForm& form, const Browser& browser) {
  TRY(prove_password(accounts, caller, form.password, browser));
  std::string bytes(20, '\0');
  accounts.entropy.fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  const Secret key(std::move(bytes));
  return accounts.db.write([&](WriteTx& tx) -> Result<MfaKey> {
    const auto user = store::user(tx, caller.user);
    if (!user) return gone();
    if (store::working_factor(tx, user->id))
      return conflict("MFA_ON", "The second step is set up already. Turn it off first to set up another app.");
    store::put_factor(tx, {.id = new_uuid(accounts.clock, accounts.entropy),
                           .user = user->id,
                           .secret = {accounts.seal.seal(key, "mfa:" + user->id.text(), accounts.entropy)},
                           .created_at = accounts.clock.now()});
    const auto uri = crypto::totp_uri(accounts.outreach.options.site_name, user->email, key);
    return MfaKey{crypto::to_base32(key.reveal()), uri, qr_svg(uri)};
  });
}

Result<RecoveryCodes> enable_mfa(Accounts& accounts, const Caller& caller, const CodeForm& form,
                                 const Browser& browser) {
  // A wrong code is a write that succeeds: it is remembered.
  std::optional<Error> refused;
  auto made = accounts.db.write([&](WriteTx& tx) -> Result<RecoveryCodes> {
    const Instant now = accounts.clock.now();
    const auto user = store::user(tx, caller.user);
    const auto factor = store::factor(tx, caller.user);
    if (!user) return gone();
    if (factor && factor->confirmed_at) return conflict("MFA_ON", "The second step is on already.");
    if (!factor || now - factor->created_at > setup_lasts)
      return conflict("MFA_NOT_SET_UP", "Please begin again: this key was shown too long ago.");
    if (const auto left = wait_for_code(tx, accounts, caller, user->id, browser); left.ms > 0) return too_soon(left);
    const auto key = TRY(accounts.seal.open(factor->secret.bytes, "mfa:" + user->id.text()));
    std::string digits = form.code;
    std::erase(digits, ' ');
    const auto step = crypto::match_totp(key, digits, now, factor->last_step);
    remember_code(tx, accounts, caller, user->id, browser, step.has_value());
    if (!step) {
      refused = wrong_code();
      return RecoveryCodes{};
    }

    store::confirm_factor(tx, factor->id, *step, now);
    auto codes = new_codes(tx, accounts, user->id);
    end_sessions(tx, accounts, user->id, caller.session, "mfa_changed");
    note(tx, accounts, caller, user->id, "account.mfa_enabled",
         "Turned on the second step of signing in; other sessions were ended.");
    tell(tx, accounts, *user, outreach::MfaEnabled{});
    tx.after_commit([&accounts, id = user->id] { accounts.factors.put(id); });
    return codes;
  });
  if (refused) return std::move(*refused);
  return made;
}

Result<void> disable_mfa(Accounts& accounts, const Caller& caller, const PasswordAndCodeForm& form,
                         const Browser& browser) {
  TRY(prove_password(accounts, caller, form.password, browser));
  return spend_code(accounts, caller, caller.user, form.code, browser, [&](WriteTx& tx) -> Result<void> {
    const auto user = store::user(tx, caller.user);
    if (!user) return gone();
    if (accounts.options.require_mfa_for_staff && user->role != Role::user)
      return Error{Kind::forbidden, "FORBIDDEN",
                   "The school asks a second step of everybody who works here, so it cannot be turned off."};
    store::remove_factor(tx, user->id);
    end_sessions(tx, accounts, user->id, caller.session, "mfa_changed");
    note(tx, accounts, caller, user->id, "account.mfa_disabled",
         "Turned off the second step of signing in; other sessions were ended.");
    tell(tx, accounts, *user, outreach::MfaDisabled{});
    tx.after_commit([&accounts, id = user->id] { accounts.factors.drop(id); });
    return {};
  });
}

Result<RecoveryCodes> renew_recovery_codes(Accounts& accounts, const Caller& caller, const PasswordAndCodeForm& form,
                                           const Browser& browser) {
  TRY(prove_password(accounts, caller, form.password, browser));
  RecoveryCodes codes;
  TRY(spend_code(accounts, caller, caller.user, form.code, browser, [&](WriteTx& tx) -> Result<void> {
    const auto user = store::user(tx, caller.user);
    if (!user) return gone();
    codes = new_codes(tx, accounts, user->id);
    end_sessions(tx, accounts, user->id, caller.session, "mfa_changed");
    note(tx, accounts, caller, user->id, "account.recovery_codes_renewed",
         "Made new recovery codes; the old ones are dead, and other sessions were ended.");
    tell(tx, accounts, *user, outreach::RecoveryCodesRenewed{});
    return {};
  }));
  return codes;
}

bool reset_mfa(WriteTx& tx, Accounts& accounts, const Caller& caller, const UserId& user) {
  const auto person = store::user(tx, user);
  if (!person || !store::factor(tx, user)) return false;
  const bool worked = store::working_factor(tx, user).has_value();
  store::remove_factor(tx, user);
  if (!worked) return false;
  end_sessions(tx, accounts, user, {}, "mfa_reset");
  note(tx, accounts, caller, user, "account.mfa_reset",
       "Removed somebody's second step, who can sign in by password alone from now on; their sessions were ended.");
  tell(tx, accounts, *person, outreach::MfaReset{});
  tx.after_commit([&accounts, user] { accounts.factors.drop(user); });
  return true;
}

}  // namespace tuition::accounts
