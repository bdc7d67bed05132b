#pragma once

// A row of what an administrator does about one thing of the school's money: posted to its place, answered with how the
// thing stands then.

#include <string>
#include <string_view>
#include <utility>

#include "platform/base/caller.h"
#include "platform/http/json.h"
#include "platform/http/route.h"

namespace tuition::billing {

struct Billing;

template <class View, class ThingId>
http::Route act_route(Billing& billing, std::string_view path, std::string_view operation, std::string_view sentence,
                      decltype(http::Route::statuses) statuses,
                      Result<View> (*verb)(Billing&, const Caller&, const ThingId&)) {
  return {.method = http::Method::post,
          .path = path,
          .operation = operation,
          .access = http::Access::admin,
          .bucket = http::Bucket::admin,
          .sentence = sentence,
          .endpoint = http::json([&billing, verb](const http::Request& request) -> Result<View> {
            return verb(billing, request.caller, ThingId(std::string(request.param("id"))));
          }),
          .statuses = std::move(statuses),
          .alias = path.substr(std::string_view("/api").size()),
          .scope = "billing:write"};
}

}  // namespace tuition::billing
