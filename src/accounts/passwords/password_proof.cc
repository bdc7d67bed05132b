#include "accounts/passwords/password_proof.h"

#include "accounts/accounts.h"
#include "audit/audit.h"

namespace tuition::accounts {

store::Place place_of(const Caller& caller, std::string_view email, const Browser& browser) {
  return {crypto::digest(email), lockout::network_of(caller.ip), browser};
}

Error wrong_credentials() {
  return {Kind::unauthenticated, "INVALID_CREDENTIALS", "The address or the password is not right."};
}

Error too_soon(Duration wait) {
  Error error{Kind::rate_limited, "RATE_LIMITED", "Too many tries. Please wait a moment and try again."};
  error.retry_after_s = static_cast<int>((wait.ms + 999) / 1000);
  return error;
}

Error refuse_password(Accounts& accounts, const Caller& caller, const store::Place& place, const UserId& user,
                      std::string_view action, std::string_view description, Error wrong) {
  Duration wait;
  accounts.db.write([&](WriteTx& tx) {
    const Instant now = accounts.clock.now();
    wait = lockout::wait(store::tries(tx, place, now), now);
    if (wait.ms > 0) return;
    store::add_attempt(tx, place, false, now);
    audit::record(tx, {.at = now,
                       .actor = caller,
                       .action = std::string(action),
                       .category = audit::Category::security,
                       .severity = audit::Severity::warning,
                       .target_type = user.empty() ? "" : "user",
                       .target_id = user.text(),
                       .description = std::string(description)});
  });
  return wait.ms > 0 ? too_soon(wait) : std::move(wrong);
}

Result<void> check_password_given(const std::optional<Secret>& password, std::string_view field) {
  if (password) return {};
  return Error{Kind::forbidden,
               "REAUTHENTICATION_REQUIRED",
               "Please give your password once more to do this.",
               {},
               {FieldProblem{std::string(field), "is asked for once more"}}};
}

Result<store::User> prove_password(Accounts& accounts, const Caller& caller, const std::optional<Secret>& password,
                                   const Browser& browser) {
  TRY(check_password_given(password));
  if (caller.sort != Caller::Sort::person)
    return Error{Kind::forbidden, "FORBIDDEN", "Only somebody who is signed in may do that, not a program with a key."};
  struct Found {
    std::optional<store::User> user;
    store::Place place;
    Duration wait;
  };
  auto found = accounts.db.read([&](ReadTx& tx) {
    Found made{.user = store::user(tx, caller.user), .place = {}, .wait = {}};
    if (!made.user) return made;
    made.place = place_of(caller, made.user->email, browser);
    const Instant now = accounts.clock.now();
    made.wait = lockout::wait(store::tries(tx, made.place, now), now);
    return made;
  });
  if (!found.user || found.user->status != UserStatus::active) return not_found("There is no such person.");
  if (found.wait.ms > 0) return too_soon(found.wait);
  const auto verdict = TRY(accounts.hasher.verify(*password, found.user->password_hash.value_or("")));
  if (!verdict.right)
    return refuse_password(accounts, caller, found.place, found.user->id, "auth.password_wrong",
                           "Gave a wrong password where it was asked for again.",
                           {Kind::unauthenticated, "INVALID_CREDENTIALS", "The password is not right."});
  return std::move(*found.user);
}

}  // namespace tuition::accounts
