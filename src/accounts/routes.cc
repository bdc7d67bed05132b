#include "accounts/directory/routes.h"
#include "accounts/account_routes.h"
#include "accounts/accounts.h"
#include "accounts/directory/invitations.h"
#include "accounts/people.h"
#include "accounts/profile.h"
#include "accounts/registration.h"
#include "accounts/security_routes.h"
#include "accounts/sessions/authenticate.h"
#include "accounts/sessions/coming_in.h"
#include "accounts/sessions/sign_in.h"
#include "platform/http/json.h"

namespace tuition::accounts {
namespace {

using http::Access;
using http::Bucket;
using http::Enveloped;
using http::json;
using http::Method;
using http::NoData;
using http::Request;

Result<Enveloped<Refreshed>> refresh_session(Accounts& accounts, const Request& request, const RefreshForm& form) {
  const auto token = form.refresh_token ? std::string_view(form.refresh_token->reveal())
                                        : request.cookie(refresh_cookie(request.https));
  auto made = refresh(accounts, request.caller, token);
  // A session that was ended or has run out is nobody's fault; the detail says that the token was never ours.
  if (!made && !made.error().detail.empty()) tell_bad_token(accounts, request, made.error());
  const auto issued = TRY(std::move(made));
  Enveloped<Refreshed> out;
  out.data.expires_at = issued.access_until;
  if (form.refresh_token) {
    out.data.tokens = tokens_of(issued);
  } else {
    out.cookies = cookies_for(accounts, request, issued);
  }
  return out;
}

// The rules for passwords, told together with what else is wrong with the form.
template <class Form>
FormCheck<Form> password_of(const Accounts& accounts) {
  return [&accounts](const Form& form, FormProblems& problems) {
    check_new_password(accounts, form.password, form.email, form.full_name.value_or(""), problems);
  };
}

}  // namespace

http::Routes routes(Accounts& accounts) {
  auto get_profile = [&accounts](const Request& request) -> Result<Profile> {
    if (accounts.before_profile) accounts.before_profile(request.caller.user);
    return accounts.db.read([&](ReadTx& tx) { return profile_of(tx, accounts, request.caller, request.caller.user); });
  };
  const FormCheck<ProfileForm> zone_check = [&accounts](const ProfileForm& form, FormProblems& problems) {
    check_timezone(accounts, form.timezone, problems);
  };
  auto put_profile = [&accounts](const Request& request, const ProfileForm& form) -> Result<Profile> {
    return update_profile(accounts, request.caller, form);
  };

  http::Routes all{
      {.method = Method::post,
       .path = "/api/auth/register",
       .operation = "register",
       .access = Access::anyone,
       .bucket = Bucket::auth,
       .sentence = "Sign up. A mail asks to confirm the address. An address that has an account already gets the same "
                   "answer, and its owner a mail.",
       .endpoint = json([&accounts](const Request& request, const RegisterForm& form)
                            -> Result<Registered> { return register_person(accounts, request.caller, form); },
                        password_of<RegisterForm>(accounts)),
       .statuses = {409},
       .success = 201},
      {.method = Method::post,
       .path = "/api/auth/login",
       .operation = "login",
       .access = Access::anyone,
       .bucket = Bucket::auth,
       .sentence = "Sign in. Sets the session's cookies; with ?token=1 the tokens stand in the answer instead.",
       .endpoint = json([&accounts](const Request& request, const LoginForm& form) -> Result<Enveloped<SignedIn>> {
         const auto browser = browser_of(accounts, request);
         return welcome(accounts, request, browser,
                        TRY(sign_in(accounts, request.caller, form, wanted_kind(request), browser.marks)));
       }),
       .statuses = {503},
       .known_as = [&accounts](const Request& request) { return known_at_sign_in(accounts, request); }},
      {.method = Method::post,
       .path = "/api/auth/accept-invite",
       .operation = "acceptInvite",
       .access = Access::anyone,
       .bucket = Bucket::auth,
       .sentence = "Choose a password with the token of an invitation, and be signed in like after login.",
       .endpoint = json(
           [&accounts](const Request& request, const directory::AcceptForm& form) -> Result<Enveloped<SignedIn>> {
             const auto browser = browser_of(accounts, request);
             return welcome(accounts, request, browser,
                            TRY(with_token(accounts, request,
                                           directory::accept_invitation(accounts, request.caller, form,
                                                                        wanted_kind(request), browser.marks))));
           },
           [&accounts](const directory::AcceptForm& form, FormProblems& problems) {
             // Whose token it is, and so what else the password must not hold, is for the verb to find out.
             check_new_password(accounts, form.password, {}, form.full_name.value_or(""), problems);
           }),
       .statuses = {503}},
      {.method = Method::post,
       .path = "/api/auth/logout",
       .operation = "logout",
       .access = Access::anyone,
       .bucket = Bucket::api,
       .sentence = "End this session and clear its cookies. Fine without a session, too.",
       .endpoint = json([&accounts](const Request& request) -> Result<Enveloped<NoData>> {
         sign_out(accounts, leaving_caller(accounts, request));
         return Enveloped<NoData>{.cookies = no_cookies(request)};
       })},
      {.method = Method::post,
       .path = refresh_path,
       .operation = "refreshSession",
       .access = Access::anyone,
       .bucket = Bucket::api,
       .sentence =
           "Exchange the refresh token, from its cookie or the body, for the next pair of tokens. A token works "
           "once; using it again ends the session.",
       .endpoint = json([&accounts](const Request& request, const RefreshForm& form) -> Result<Enveloped<Refreshed>> {
         return refresh_session(accounts, request, form);
       })},
      {.method = Method::get,
       .path = "/api/auth/me",
       .operation = "getMe",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "Who is signed in, and by which session.",
       .endpoint =
           json([&accounts](const Request& request) -> Result<Me> { return who_am_i(accounts, request.caller); }),
       .scope = http::no_keys},
      {.method = Method::post,
       .path = "/api/auth/verify-email",
       .operation = "verifyEmail",
       .access = Access::anyone,
       .bucket = Bucket::auth,
       .sentence = "Confirm an address with the token from the mail.",
       .endpoint = json([&accounts](const Request& request, const TokenForm& form) -> Result<Enveloped<NoData>> {
         TRY(with_token(accounts, request, verify_email(accounts, request.caller, form)));
         return said("Your address is confirmed.");
       })},
      {.method = Method::post,
       .path = "/api/auth/resend-verification",
       .operation = "resendVerification",
       .access = Access::anyone,
       .bucket = Bucket::auth,
       .sentence = "Ask for a new link to confirm an address. The answer is the same for every address.",
       .endpoint = json([&accounts](const Request& request, const AddressForm& form) -> Result<Enveloped<NoData>> {
         TRY(resend_verification(accounts, request.caller, form));
         return said("If this address is waiting to be confirmed, a new mail is on its way.");
       })},
      {.method = Method::get,
       .path = "/api/users/profile",
       .operation = "getProfile",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "The profile of the person signed in, with access and stats.",
       .endpoint = json(get_profile),
       .alias = "/users/profile",
       .scope = "profile:read"},
      {.method = Method::put,
       .path = "/api/users/profile",
       .operation = "putProfile",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "Change the profile of the person signed in. What is absent stays as it is.",
       .endpoint = json(put_profile, zone_check),
       .alias = "/users/profile",
       .scope = "profile:write"},
      {.method = Method::get,
       .path = "/api/setup",
       .operation = "getSetup",
       .access = Access::anyone,
       .bucket = Bucket::api,
       .sentence = "Whether the school still waits for its owner.",
       .endpoint =
           json([&accounts](const Request&) -> Result<SetupState> { return SetupState{setup_asked_for(accounts)}; })},
      {.method = Method::post,
       .path = "/api/setup",
       .operation = "setUp",
       .access = Access::anyone,
       .bucket = Bucket::auth,
       .sentence = "Make the school's owner, with the token that the server printed. Works exactly once.",
       .endpoint = json(
           [&accounts](const Request& request, const SetupForm& form) -> Result<Registered> {
             return with_token(accounts, request, set_up(accounts, request.caller, form));
           },
           password_of<SetupForm>(accounts)),
       .statuses = {409},
       .success = 201},
  };
  for (auto& route : account_routes(accounts)) all.push_back(std::move(route));
  for (auto& route : security_routes(accounts)) all.push_back(std::move(route));
  for (auto& route : directory::routes(accounts)) all.push_back(std::move(route));
  for (auto& route : all)
    if (route.endpoint.view == &shape_of<SignedIn>()) route.query = {"token"};  // wants_tokens()
  return all;
}

}  // namespace tuition::accounts
