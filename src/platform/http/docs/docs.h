#pragma once

#include <string>
#include <string_view>

#include "platform/http/error_codes.h"
#include "platform/http/guard.h"
#include "platform/http/route.h"

// What people read about the API, written from the same tables as its document: pages of plain HTML that need no
// script.
namespace tuition::http {

struct Article {
  std::string title{};
  std::string contents{};  // the list of links beside it
  std::string body{};
};

Article errors_article(const ErrorCodes& codes);
// Every route by group, each with its form, view, answers and a call to copy. `origin` is where the reader found us:
// "https://school.example".
Article api_article(const Routes& routes, const GuardSettings& limits, std::string_view origin);

}  // namespace tuition::http
