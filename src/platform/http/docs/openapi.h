#pragma once

#include <set>
#include <string>
#include <string_view>

#include "platform/http/error_codes.h"
#include "platform/http/route.h"

namespace tuition::http {

struct OpenApiInfo {
  std::string title = "tuition";
  std::string version = "0.0.0";
  std::string server = "/";
  ErrorCodes codes{};
};

// The OpenAPI 3.1 document of these routes, as indented JSON that ends with a line feed. It depends on nothing but its
// arguments, so that it can be compared with a golden file.
std::string openapi_document(const Routes& routes, const OpenApiInfo& info);

// What the document and the pages for people say of every route.
bool has_body(Method method);
// The media type of a body that is a file, or nothing.
std::string_view file_of(const Endpoint& endpoint);
// Whether the form is sent as the body. Where that is a file, what there is to say about it stands in the query.
bool form_is_body(const Route& route);
// The first word of its path below /api: "auth".
std::string_view group_of(std::string_view path);
// Other statuses than its success: those of the row, and those that come with its method, access and limit.
std::set<int> failures_of(const Route& route);
std::string_view meaning_of(int status);

}  // namespace tuition::http
