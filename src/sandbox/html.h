#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "platform/http/reply.h"
#include "platform/http/route.h"

namespace tuition::sandbox {

// A whole page in the sandbox's plain style. `stylesheet` is the path that serves it; `policy` replaces the default
// Content-Security-Policy, which allows that stylesheet and nothing else.
http::Reply page(int status, std::string_view title, std::string_view body, std::string_view stylesheet,
                 std::string policy = {});
http::Reply stylesheet();
// The row of a page of the sandbox, which is for anyone.
http::Route page_row(http::Method method, std::string_view path, std::string_view operation, std::string_view sentence,
                     std::function<http::Reply(const http::Request&)> act);
// "12.50 USD" from minor units and Stripe's lower-case code.
std::string price_text(std::int64_t minor, std::string_view currency);

}  // namespace tuition::sandbox
