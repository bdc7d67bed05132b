#include "accounts/security_routes.h"

#include "accounts/accounts.h"
#include "accounts/factors/mfa.h"
#include "accounts/factors/second_step.h"
#include "accounts/keys/api_keys.h"
#include "accounts/sessions/coming_in.h"
#include "platform/base/short_list.h"
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

http::Routes factor_routes(Accounts& accounts) {
  return {
      {.method = Method::post,
       .path = "/api/auth/mfa/setup",
       .operation = "setUpMfa",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "Begin with a second step: a new key for an authenticator app, shown this once.",
       .endpoint = json([&accounts](const Request& request, const ProofForm& form) -> Result<MfaKey> {
         return set_up_mfa(accounts, request.caller, form, browser_of(accounts, request).marks);
       }),
       .statuses = {409, 503},
       .scope = http::no_keys},
      {.method = Method::post,
       .path = "/api/auth/mfa/enable",
       .operation = "enableMfa",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence =
           "Turn the second step on with a first code of the app. Other sessions end; the answer holds recovery "
           "codes, shown this once.",
       .endpoint = json([&accounts](const Request& request, const CodeForm& form) -> Result<RecoveryCodes> {
         return enable_mfa(accounts, request.caller, form, browser_of(accounts, request).marks);
       }),
       .statuses = {409},
       .scope = http::no_keys},
      {.method = Method::post,
       .path = "/api/auth/mfa/verify",
       .operation = "verifyMfa",
       .access = Access::anyone,
       .bucket = Bucket::auth,
       .sentence = "The second step of signing in: the challenge that came with MFA_REQUIRED, and a code. Answers like "
                   "login.",
       .endpoint = json([&accounts](const Request& request, const ChallengeForm& form) -> Result<Enveloped<SignedIn>> {
         const auto browser = browser_of(accounts, request);
         return welcome(
             accounts, request, browser,
             TRY(with_token(accounts, request,
                            answer_challenge(accounts, request.caller, form, wanted_kind(request), browser.marks))));
       }),
       .known_as = [&accounts](const Request& request) { return known_by_challenge(accounts, request); }},
      {.method = Method::post,
       .path = "/api/auth/mfa/disable",
       .operation = "disableMfa",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "Turn the second step off. Other sessions end.",
       .endpoint =
           json([&accounts](const Request& request, const PasswordAndCodeForm& form) -> Result<Enveloped<NoData>> {
             TRY(disable_mfa(accounts, request.caller, form, browser_of(accounts, request).marks));
             return said("The second step is off.");
           }),
       .statuses = {409, 503},
       .scope = http::no_keys},
      {.method = Method::post,
       .path = "/api/auth/mfa/recovery-codes",
       .operation = "renewRecoveryCodes",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "Ten new recovery codes, shown this once. The ones before are dead; other sessions end.",
       .endpoint = json([&accounts](const Request& request, const PasswordAndCodeForm& form) -> Result<RecoveryCodes> {
         return renew_recovery_codes(accounts, request.caller, form, browser_of(accounts, request).marks);
       }),
       .statuses = {409, 503},
       .scope = http::no_keys},
  };
}

http::Routes key_routes(Accounts& accounts) {
  return {
      {.method = Method::get,
       .path = "/api/users/me/api-keys",
       .operation = "listMyApiKeys",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "One's own API keys, the newest first. The keys themselves were shown once.",
       .endpoint = json([&accounts](const Request& request, const ShortListForm& form) -> Result<Page<ApiKeyView>> {
         return page_of_all(keys_of(accounts, request.caller), form, [](const ApiKeyView& each) { return each.id; });
       }),
       .scope = http::no_keys},
      {.method = Method::post,
       .path = "/api/users/me/api-keys",
       .operation = "makeApiKey",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence =
           "Make an API key for a program that acts in one's name, by one's password. Its secret is shown this once.",
       .endpoint = json([&accounts](const Request& request, const ApiKeyForm& form) -> Result<NewApiKey> {
         return make_key(accounts, request.caller, form, browser_of(accounts, request).marks);
       }),
       .statuses = {409, 503},
       .success = 201,
       .scope = http::no_keys},
      {.method = Method::del,
       .path = "/api/users/me/api-keys/{id}",
       .operation = "endMyApiKey",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "End one of one's own API keys, at once and for good.",
       .endpoint = json([&accounts](const Request& request) -> Result<Enveloped<NoData>> {
         TRY(end_key(accounts, request.caller, std::string(request.param("id"))));
         return said("The key does not work any more.");
       }),
       .statuses = {404},
       .scope = http::no_keys},
      {.method = Method::get,
       .path = "/api/admin/api-keys",
       .operation = "listApiKeys",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Everybody's API keys, or one person's, with whose they are, the newest first.",
       .endpoint = json([&accounts](const Request& request, const ApiKeyListQuery& query) -> Result<Page<OwnedApiKey>> {
         return list_keys(accounts, request.caller, query);
       }),
       .alias = "/admin/api-keys",
       .scope = http::no_keys},
      {.method = Method::del,
       .path = "/api/admin/api-keys/{id}",
       .operation = "endApiKey",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "End somebody's API key, at once and for good.",
       .endpoint = json([&accounts](const Request& request) -> Result<Enveloped<NoData>> {
         TRY(end_key_of_somebody(accounts, request.caller, std::string(request.param("id"))));
         return said("The key does not work any more.");
       }),
       .statuses = {404},
       .alias = "/admin/api-keys/{id}",
       .scope = http::no_keys},
  };
}

}  // namespace

http::Routes security_routes(Accounts& accounts) {
  auto all = factor_routes(accounts);
  for (auto& route : key_routes(accounts)) all.push_back(std::move(route));
  return all;
}

}  // namespace tuition::accounts
