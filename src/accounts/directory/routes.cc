#include "accounts/directory/routes.h"

#include <functional>

#include "accounts/accounts.h"
#include "accounts/directory/changes.h"
#include "accounts/directory/directory.h"
#include "accounts/directory/import.h"
#include "accounts/directory/invitations.h"
#include "accounts/directory/removal.h"
#include "accounts/people.h"
#include "accounts/profile.h"
#include "accounts/sessions/coming_in.h"
#include "platform/base/text.h"
#include "platform/http/json.h"

namespace tuition::accounts::directory {
namespace {

using http::Access;
using http::Bucket;
using http::Endpoint;
using http::Enveloped;
using http::json;
using http::Method;
using http::NoData;
using http::Request;

UserId user_in(const Request& request) { return UserId(std::string(request.param("id"))); }

Endpoint listing(Accounts& accounts) {
  return json([&accounts](const Request& request, const ListQuery& query) -> Result<Page<UserRow>> {
    return list_people(accounts, request.caller, query);
  });
}

Endpoint adding(Accounts& accounts) {
  return json(
      [&accounts](const Request& request, const NewUserForm& form) -> Result<UserDetail> {
        return add_person(accounts, request.caller, form, request.header("idempotency-key"));
      },
      [&accounts](const NewUserForm& form, FormProblems& problems) {
        if (form.password)
          check_new_password(accounts, *form.password, form.email, form.full_name.value_or(""), problems);
      });
}

Endpoint showing(Accounts& accounts) {
  return json([&accounts](const Request& request) -> Result<UserDetail> {
    const auto user = user_in(request);
    if (accounts.before_profile) accounts.before_profile(user);
    return show_person(accounts, request.caller, user);
  });
}

Endpoint changing(Accounts& accounts) {
  return json(
      [&accounts](const Request& request, const UserForm& form) -> Result<UserDetail> {
        return change_person(accounts, request.caller, user_in(request), form);
      },
      [&accounts](const UserForm& form, FormProblems& problems) { check_timezone(accounts, form.timezone, problems); });
}

Endpoint removing(Accounts& accounts) {
  auto endpoint = json([&accounts](const Request& request, const RemovalQuery& query) -> Result<Enveloped<NoData>> {
    RemovalForm form;
    if (!request.body.empty()) {
      const auto body = TRY(http::detail::body_of(request));
      form = TRY(decode<RemovalForm>(body, Unknown::refused));
    }
    const auto user = user_in(request);
    TRY(remove_person(accounts, request.caller, user, query, form, browser_of(accounts, request).marks));
    Enveloped<NoData> out;
    if (request.caller.is(user) && request.caller.by_cookie) out.cookies = no_cookies(request);
    return out;
  });
  endpoint.also = &shape_of<RemovalForm>();
  return endpoint;
}

// A table with anything wrong in it adds nobody: what was to be done was not. A trial has done what it was for.
Result<ImportReport> all_or_none(Result<ImportReport> report) {
  if (!report || report->dry_run || report->errors.empty()) return report;
  auto error = unprocessable("Nobody was added: the table is wrong in the places named.");
  for (auto& each : report->errors)
    error.fields.push_back(
        {"line " + std::to_string(each.line) + (each.field.empty() ? "" : ", " + each.field), std::move(each.reason)});
  return error;
}

// The body is the table itself.
Endpoint importing(Accounts& accounts) {
  auto endpoint = http::raw([&accounts](const Request& request) -> http::Reply {
    const auto type = request.header("content-type");
    if (!equals_ignoring_case(trim(type.substr(0, type.find(';'))), "text/csv"))
      return http::problem(Error{Kind::unsupported_media, "UNSUPPORTED_MEDIA", "Send the table itself, as text/csv."},
                           request);
    const auto query = decode_pairs<ImportQuery>(request.query, Unknown::refused);
    if (!query) return http::problem(query.error(), request);
    return http::detail::reply_to(
        request,
        all_or_none(import_people(accounts, request.caller, request.body,
                                  {.dry_run = query->check.value_or(false), .invite = query->invite.value_or(false)})));
  });
  endpoint.takes = "text/csv";
  endpoint.form = &shape_of<ImportQuery>();
  endpoint.view = &shape_of<ImportReport>();
  return endpoint;
}

// POST /api/admin/users/{id}/<act>, with no body.
http::Route act(std::string_view path, std::string_view alias, std::string_view operation, std::string_view sentence,
                std::function<Result<UserDetail>(const Caller&, const UserId&)> verb, std::vector<int> statuses,
                std::string_view scope = "users:write") {
  return {.method = Method::post,
          .path = path,
          .operation = operation,
          .access = Access::admin,
          .bucket = Bucket::admin,
          .sentence = sentence,
          .endpoint = json([verb = std::move(verb)](const Request& request) -> Result<UserDetail> {
            return verb(request.caller, user_in(request));
          }),
          .statuses = std::move(statuses),
          .alias = alias,
          .scope = scope};
}

}  // namespace

http::Routes routes(Accounts& accounts) {
  return {
      {.method = Method::get,
       .path = "/api/users",
       .operation = "listUsers",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Everybody, for administrators: searched, filtered, sorted, a page at a time.",
       .endpoint = listing(accounts),
       .alias = "/users",
       .scope = "users:read"},
      {.method = Method::post,
       .path = "/api/users",
       .operation = "addUser",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Add somebody, with a first password or by an invitation that is mailed to them. Takes an "
                   "Idempotency-Key.",
       .endpoint = adding(accounts),
       .statuses = {409},
       .alias = "/users",
       .success = 201,
       .scope = "users:write"},
      {.method = Method::get,
       .path = "/api/users/{id}",
       .operation = "getUser",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "One person, for themselves and for administrators.",
       .endpoint = showing(accounts),
       .statuses = {404},
       .alias = "/users/{id}",
       .scope = "users:read"},
      {.method = Method::put,
       .path = "/api/users/{id}",
       .operation = "putUser",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "Change a person. What is absent stays as it is; what they may do is changed by administrators.",
       .endpoint = changing(accounts),
       .statuses = {404, 409, 422},
       .alias = "/users/{id}",
       .scope = "users:write"},
      {.method = Method::del,
       .path = "/api/users/{id}",
       .operation = "deleteUser",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence =
           "Remove a person: what tells who they were is erased, books stay. Who removes themselves sends their "
           "password.",
       .endpoint = removing(accounts),
       .statuses = {404, 409, 503},
       .alias = "/users/{id}",
       .scope = "users:write"},
      {.method = Method::get,
       .path = "/api/admin/users",
       .operation = "listUsersAsAdmin",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "The same as GET /api/users.",
       .endpoint = listing(accounts),
       .alias = "/admin/users",
       .scope = "users:read"},
      {.method = Method::post,
       .path = "/api/admin/users",
       .operation = "addUserAsAdmin",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "The same as POST /api/users.",
       .endpoint = adding(accounts),
       .statuses = {409},
       .alias = "/admin/users",
       .success = 201,
       .scope = "users:write"},
      {.method = Method::get,
       .path = "/api/admin/users/{id}",
       .operation = "getUserAsAdmin",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "The same as GET /api/users/{id}.",
       .endpoint = showing(accounts),
       .statuses = {404},
       .alias = "/admin/users/{id}",
       .scope = "users:read"},
      {.method = Method::put,
       .path = "/api/admin/users/{id}",
       .operation = "putUserAsAdmin",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "The same as PUT /api/users/{id}.",
       .endpoint = changing(accounts),
       .statuses = {404, 409, 422},
       .alias = "/admin/users/{id}",
       .scope = "users:write"},
      {.method = Method::del,
       .path = "/api/admin/users/{id}",
       .operation = "deleteUserAsAdmin",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "The same as DELETE /api/users/{id}.",
       .endpoint = removing(accounts),
       .statuses = {404, 409, 503},
       .alias = "/admin/users/{id}",
       .scope = "users:write"},
      {.method = Method::put,
       .path = "/api/admin/users/{id}/role",
       .operation = "setUserRole",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Change what somebody may do. It holds from their next request on.",
       .endpoint = json([&accounts](const Request& request, const RoleForm& form) -> Result<UserDetail> {
         return set_role(accounts, request.caller, user_in(request), form);
       }),
       .statuses = {404, 409, 422},
       .alias = "/admin/users/{id}/role",
       .scope = "users:write"},
      {.method = Method::post,
       .path = "/api/admin/users/import",
       .operation = "importUsers",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Add people from a table with the columns email, fullName, role and passwordHash, of which the "
                   "first must be "
                   "there: all of it or, where a line is wrong, none.",
       .endpoint = importing(accounts),
       .statuses = {415, 422},
       .alias = "/admin/users/import",
       .body_max = 4 * 1024 * 1024,
       .scope = "users:write"},
      act("/api/admin/users/{id}/disable", "/admin/users/{id}/disable", "disableUser",
          "Keep somebody out. They are signed out at once, and nothing of theirs is deleted.",
          [&accounts](const Caller& caller, const UserId& user) {
            return set_presence(accounts, caller, user, Presence::disabled);
          },
          {404, 409}),
      act("/api/admin/users/{id}/enable", "/admin/users/{id}/enable", "enableUser", "Let somebody in again.",
          [&accounts](const Caller& caller, const UserId& user) {
            return set_presence(accounts, caller, user, Presence::enabled);
          },
          {404}),
      act("/api/admin/users/{id}/logout", "/admin/users/{id}/logout", "signUserOut",
          "End all sessions of somebody, on every device.",
          [&accounts](const Caller& caller, const UserId& user) { return sign_out_everywhere(accounts, caller, user); },
          {404}),
      act(
          "/api/admin/users/{id}/reset-mfa", "/admin/users/{id}/reset-mfa", "resetUserMfa",
          "Remove the second step of somebody who has lost it, once they have shown the school who they are. They are "
          "signed out everywhere and told by mail.",
          [&accounts](const Caller& caller, const UserId& user) { return remove_factor(accounts, caller, user); },
          {404}, http::no_keys),
      act("/api/admin/users/{id}/verify", "/admin/users/{id}/verify", "verifyUser",
          "Vouch that an address is theirs, where no mail can show it.",
          [&accounts](const Caller& caller, const UserId& user) { return confirm_address(accounts, caller, user); },
          {404}),
      {.method = Method::post,
       .path = "/api/admin/users/{id}/invite",
       .operation = "inviteUser",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Send somebody who has no password yet a new invitation. Earlier ones are dead. Takes an "
                   "Idempotency-Key.",
       .endpoint = json([&accounts](const Request& request) -> Result<UserDetail> {
         return invite_again(accounts, request.caller, user_in(request), request.header("idempotency-key"));
       }),
       .statuses = {404, 409},
       .alias = "/admin/users/{id}/invite",
       .scope = "users:write"},
  };
}

}  // namespace tuition::accounts::directory
