#pragma once

#include <string>
#include <string_view>

namespace tuition::log {

// What may be said of a value: the last net under code that should not have passed it. Names such as password, token
// or cookie hide the whole value; inside text, known shapes of secrets become *** (bearer and basic credentials, JSON
// Web Tokens, sk_, rk_, pk_, whsec_ and tuk_ keys, SG. keys, passwords in URLs, token and code parameters) and
// addresses of people keep only their domain.
std::string redact(std::string_view name, std::string_view text);

}  // namespace tuition::log
