#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/fields.h"
#include "platform/http/reply.h"
#include "platform/http/request.h"

namespace tuition::http {

// Who may call. Checked by the guard before the handler runs; the handler still decides about rows.
enum class Access {
  anyone,       // no sign-in needed; a caller is known when one is signed in
  member,       // signed in
  instructor,   // role instructor or admin
  admin,        // role admin, from an allowed address
  signed_body,  // the handler checks a signature over the raw bytes: no cookie, no CSRF check, no caller
  operations,   // admin, an API key with scope ops, or an address the operator listed
};

// Which limit counts the call. D4: auth 5 per 60 s, api 100 per 60 s, admin 200 per 60 s, forms 100 per 900 s.
enum class Bucket { none, auth, api, admin, forms };

using Handler = std::function<void(const Request&, Respond)>;

// A body that is taken piece by piece while it arrives, and so never stands in memory whole.
struct Upload {
  // Called in order, one call at a time, on front threads under Blocking: it may block, and the sender then waits. An
  // error ends the upload and is the answer.
  std::function<Result<void>(std::string_view piece)> take;
  // The body is whole. Where the Upload is destroyed without this call, the sender went away.
  std::function<void(Respond)> finish;
};
// Called when the head of the request is there and the guard let it pass; `body` of the request is empty. Both outlive
// the call.
using UploadHandler = std::function<Result<Upload>(std::shared_ptr<const Request>)>;

// What an API key must carry to call a route; or that none may, because the route is about proofs themselves. A route
// that says nothing takes no keys. On routes for anyone a key without the scope counts as no caller.
inline constexpr std::string_view no_keys = "none";

// What json() makes of a typed function.
struct Endpoint {
  Handler run;
  const Shape* form = nullptr;  // of the body, or of the query where the method has none
  const Shape* view = nullptr;  // of `data`; null: no data, or not JSON
  bool list = false;            // `data` is an array of the view
  bool nullable = false;        // `data` may be null
  bool paged = false;           // takes limit, cursor, and answers page
  bool counts_call = false;     // asks Request::count_call itself
  UploadHandler upload{};       // instead of run
  std::string_view takes{};     // the media type of a body that is a file; `form` is of the query then
  const Shape* also{};          // of a body that DELETE may have
  std::string_view gives{};     // the media type of an answer that is no JSON, where there is but one
};

// A row of a domain's route table.
struct Route {
  Method method;
  std::string_view path;       // "/api/lessons/{id}"
  std::string_view operation;  // "getLesson": the name in the OpenAPI document
  Access access;
  Bucket bucket;
  std::string_view sentence;
  Endpoint endpoint;
  std::vector<int> statuses{};       // beside 200 and the usual 400, 401, 403, 413, 415, 429, 500
  std::string_view alias{};          // also at this path (D14)
  std::size_t body_max = 64 * 1024;  // bytes
  int success = 200;
  std::string_view scope{};               // "courses:read", or no_keys
  std::vector<std::string_view> query{};  // names of the query that it takes beside a form
  // Asked only where the address of a request to come in has used up its limit: under what name the request may still
  // be counted, because it shows, together with what it asks, that it was let in there before. Empty for all others.
  // Strangers choose how often this runs: it costs next to nothing and asks no database.
  std::function<std::string(const Request&)> known_as{};
};

inline Route for_keys(std::string_view scope, Route route) {
  route.scope = scope;
  return route;
}

constexpr bool takes_keys(const Route& route) { return !route.scope.empty() && route.scope != no_keys; }

using Routes = std::vector<Route>;

}  // namespace tuition::http
