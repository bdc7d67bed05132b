#include "accounts/account_routes.h"

#include "accounts/accounts.h"
#include "accounts/address_change.h"
#include "accounts/figures.h"
#include "accounts/passwords/passwords.h"
#include "accounts/people.h"
#include "accounts/profile.h"
#include "accounts/sessions/coming_in.h"
#include "accounts/sessions/devices.h"
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

// The new tokens go the way the old ones came: in cookies, or in the answer.
template <class View>
void hand_out(Enveloped<View>& out, Accounts& accounts, const Request& request, const BrowserCookie& browser,
              const Issued& issued, std::string_view email) {
  if (!request.caller.by_cookie) {
    out.data.tokens = tokens_of(issued);
    return;
  }
  out.cookies = cookies_for(accounts, request, issued);
  if (!browser.next.empty()) out.cookies.push_back(cookie_for(accounts, request, browser, email));
}

http::Endpoint updating(Accounts& accounts) {
  return json(
      [&accounts](const Request& request, const AccountForm& form) -> Result<Enveloped<SignedIn>> {
        const auto browser = browser_of(accounts, request);
        auto changed = TRY(update_account(accounts, request.caller, form, browser.marks));
        Enveloped<SignedIn> out;
        static_cast<Profile&>(out.data) = std::move(changed.profile);
        if (changed.issued) hand_out(out, accounts, request, browser, *changed.issued, out.data.email);
        return out;
      },
      [&accounts](const AccountForm& form, FormProblems& problems) {
        check_timezone(accounts, form.timezone, problems);
        if (form.password) check_new_password(accounts, *form.password, {}, form.full_name.value_or(""), problems);
      });
}

http::Route update(Accounts& accounts, Method method, std::string_view operation) {
  return {.method = method,
          .path = "/api/auth/update-profile",
          .operation = operation,
          .access = Access::member,
          .bucket = Bucket::api,
          .sentence =
              "The same as PUT /api/users/profile; with a new password, too, when the one until now is given. "
              "Then other sessions end, and this one gets new tokens.",
          .endpoint = updating(accounts),
          .statuses = {409, 503},
          .scope = "profile:write"};
}

}  // namespace

http::Routes account_routes(Accounts& accounts) {
  return {
      update(accounts, Method::put, "updateProfile"),
      update(accounts, Method::patch, "patchProfile"),
      update(accounts, Method::post, "postProfile"),
      {.method = Method::post,
       .path = "/api/auth/forgot-password",
       .operation = "forgotPassword",
       .access = Access::anyone,
       .bucket = Bucket::auth,
       .sentence = "Ask for a link to choose a new password. The answer is the same for every address.",
       .endpoint = json([&accounts](const Request& request, const AddressForm& form) -> Result<Enveloped<NoData>> {
         TRY(forgot_password(accounts, request.caller, form));
         return said("If this address has an account, a mail with a link is on its way.");
       })},
      {.method = Method::post,
       .path = "/api/auth/reset-password",
       .operation = "resetPassword",
       .access = Access::anyone,
       .bucket = Bucket::auth,
       .sentence = "Choose a new password with the token from the mail. All sessions end; nobody is signed in by it.",
       .endpoint = json(
           [&accounts](const Request& request, const ResetForm& form) -> Result<Enveloped<NoData>> {
             const auto browser = browser_of(accounts, request);
             const auto email =
                 TRY(with_token(accounts, request, reset_password(accounts, request.caller, form, browser.marks)));
             auto out = said("Your password is changed. Sign in with it.");
             out.cookies = no_cookies(request);
             if (!browser.next.empty()) out.cookies.push_back(cookie_for(accounts, request, browser, email));
             return out;
           },
           [&accounts](const ResetForm& form, FormProblems& problems) {
             // Whose token it is, and so what else the password must not hold, is for the verb to find out.
             check_new_password(accounts, form.password, {}, {}, problems);
           }),
       .statuses = {503}},
      {.method = Method::post,
       .path = "/api/auth/change-password",
       .operation = "changePassword",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence =
           "Change the password. Other sessions end, and this one gets new tokens: in cookies, or in the answer "
           "for clients that keep none.",
       .endpoint = json(
           [&accounts](const Request& request, const ChangePasswordForm& form) -> Result<Enveloped<Refreshed>> {
             const auto browser = browser_of(accounts, request);
             const auto issued = TRY(change_password(accounts, request.caller, form, browser.marks));
             Enveloped<Refreshed> out;
             out.data.expires_at = issued.access_until;
             const auto self = accounts.db.read([&](ReadTx& tx) { return person(tx, request.caller.user); });
             hand_out(out, accounts, request, browser, issued, self ? std::string_view(self->email) : "");
             return out;
           },
           [&accounts](const ChangePasswordForm& form, FormProblems& problems) {
             check_new_password(accounts, form.new_password, {}, {}, problems, "newPassword");
           }),
       .statuses = {409, 503},
       .scope = http::no_keys},
      {.method = Method::post,
       .path = "/api/auth/change-email",
       .operation = "changeEmail",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence =
           "Ask to go by another address. A link goes there, word of it to the address in use, which holds until "
           "the link is opened.",
       .endpoint = json([&accounts](const Request& request, const EmailForm& form) -> Result<PendingEmail> {
         return change_email(accounts, request.caller, form, browser_of(accounts, request).marks);
       }),
       .statuses = {409, 503},
       .scope = http::no_keys},
      {.method = Method::post,
       .path = "/api/auth/confirm-email",
       .operation = "confirmEmail",
       .access = Access::anyone,
       .bucket = Bucket::auth,
       .sentence = "Confirm the new address with the token from the mail. Other sessions end.",
       .endpoint =
           json([&accounts](const Request& request, const TokenForm& form) -> Result<Enveloped<ConfirmedEmail>> {
             const auto browser = browser_of(accounts, request);
             Enveloped<ConfirmedEmail> out;
             out.data =
                 TRY(with_token(accounts, request, confirm_email(accounts, request.caller, form, browser.marks)));
             if (!browser.next.empty()) out.cookies.push_back(cookie_for(accounts, request, browser, out.data.email));
             return out;
           }),
       .statuses = {409}},
      {.method = Method::get,
       .path = "/api/auth/sessions",
       .operation = "listSessions",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "Where the caller is signed in.",
       .endpoint = json([&accounts](const Request& request, const ShortListForm& form) -> Result<Page<Device>> {
         return page_of_all(TRY(list_devices(accounts, request.caller)), form,
                            [](const Device& each) { return each.id.text(); });
       }),
       .scope = http::no_keys},
      {.method = Method::del,
       .path = "/api/auth/sessions/{id}",
       .operation = "endSession",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "End one of the caller's sessions. It is out at its next request.",
       .endpoint = json([&accounts](const Request& request) -> Result<Enveloped<NoData>> {
         const SessionId session{std::string(request.param("id"))};
         TRY(end_device(accounts, request.caller, session));
         Enveloped<NoData> out;
         if (session == request.caller.session) out.cookies = no_cookies(request);
         return out;
       }),
       .statuses = {404},
       .scope = http::no_keys},
      {.method = Method::del,
       .path = "/api/auth/sessions",
       .operation = "endOtherSessions",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "End all of the caller's sessions but this one.",
       .endpoint = json([&accounts](const Request& request) -> Result<EndedDevices> {
         return end_other_devices(accounts, request.caller);
       }),
       .scope = http::no_keys},
  };
}

}  // namespace tuition::accounts
