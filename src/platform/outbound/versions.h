#pragma once

#include <string>

namespace tuition::outbound {

// As the libraries say themselves: "8.14.1", "3.6.7".
std::string curl_version();
std::string tls_version();

}  // namespace tuition::outbound
