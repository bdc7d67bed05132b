#pragma once

// How the pretend Paystack answers and what its pages are made of.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/json.h"
#include "platform/http/reply.h"

namespace tuition::sandbox::paystack {

http::Reply answer(int status, Json body);
http::Reply good(std::string_view message, Json data);
http::Reply refused(int status, std::string_view message, std::string_view code = "invalid_params");
// Refuses members that are not in the list, as Paystack does. Empty: all are.
std::string stranger_in(const Json& given, const std::vector<std::string_view>& known);

std::string text_at(const Json& object, const char* name);
std::int64_t integer_at(const Json& object, const char* name);

http::Reply notice(int status, std::string_view heading, std::string_view body);
std::string button(std::string_view outcome, std::string_view words, bool main = false);

}  // namespace tuition::sandbox::paystack
