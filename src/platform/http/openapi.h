#pragma once

#include <string>

#include "platform/http/route.h"

namespace tuition::http {

struct OpenApiInfo {
  std::string title = "tuition";
  std::string version = "0.0.0";
  std::string server = "/";
};

// The OpenAPI 3.1 document of these routes, as indented JSON that ends with a line feed. It depends on nothing but its
// arguments, so that it can be compared with a golden file.
std::string openapi_document(const Routes& routes, const OpenApiInfo& info);

}  // namespace tuition::http
