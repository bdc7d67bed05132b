#include "accounts/sessions/authenticate.h"

#include "accounts/accounts.h"
#include "accounts/keys/api_keys.h"
#include "platform/base/text.h"

namespace tuition::accounts {
namespace {

Error not_good(std::string safe) { return {Kind::unauthenticated, "UNAUTHENTICATED", std::move(safe)}; }

// Empty when the header speaks of something else.
std::string_view bearer_of(const http::Request& request) {
  constexpr std::string_view scheme = "bearer ";
  const auto header = request.header("authorization");
  if (header.size() <= scheme.size() || !equals_ignoring_case(header.substr(0, scheme.size()), scheme)) return {};
  return trim(header.substr(scheme.size()));
}

// Staff who must have a second step and have none yet.
bool lacks_factor(const Accounts& accounts, const Caller& caller) {
  return accounts.options.require_mfa_for_staff && caller.is_staff() && !accounts.factors.has(caller.user);
}

}  // namespace

std::string_view access_cookie(bool https) { return https ? "__Host-tuition_at" : "tuition_at"; }
std::string_view refresh_cookie(bool https) { return https ? "__Secure-tuition_rt" : "tuition_rt"; }

Caller leaving_caller(const Accounts& accounts, const http::Request& request) {
  Caller caller = request.caller;
  const auto token = request.cookie(access_cookie(request.https));
  if (caller.signed_in() || token.empty()) return caller;
  auto claims = accounts.signer.read(token, accounts.clock.now());
  if (!claims) return caller;
  caller.sort = Caller::Sort::person;
  caller.user = UserId(std::move(claims->subject));
  caller.session = SessionId(std::move(claims->session));
  caller.by_cookie = true;
  return caller;
}

Result<Caller> TokenAuthenticator::authenticate(const http::Request& request) {
  auto token = bearer_of(request);
  const bool by_cookie = token.empty();
  if (by_cookie) token = request.cookie(access_cookie(request.https));
  if (token.empty()) return request.caller;
  if (!by_cookie && token.starts_with(key_head)) {
    auto caller = TRY(caller_with_key(accounts_, request.caller, token));
    caller.lacks_factor = lacks_factor(accounts_, caller);
    return caller;
  }

  auto claims = TRY(accounts_.signer.verify(token, accounts_.clock.now()));
  const auto role = named<Role>(claims.role);
  if (!role) return not_good("The access token is not valid.");

  // What the front knows already (address, user agent, request id) stays.
  Caller caller = request.caller;
  caller.sort = Caller::Sort::person;
  caller.user = UserId(std::move(claims.subject));
  caller.session = SessionId(std::move(claims.session));
  caller.role = *role;
  caller.owner = claims.owner;
  caller.by_cookie = by_cookie;

  if (accounts_.standing.is_ended(caller.session)) return not_good("You have been signed out. Please sign in again.");
  if (const auto person = accounts_.standing.person(caller.user)) {
    if (person->status != UserStatus::active) return not_good("This account is not active.");
    caller.role = person->role;
    caller.owner = person->owner;
  }
  caller.lacks_factor = lacks_factor(accounts_, caller);
  return caller;
}

}  // namespace tuition::accounts
