#include "platform/outbound/versions.h"

#include <curl/curl.h>

#include <string_view>

namespace tuition::outbound {

std::string curl_version() { return curl_version_info(CURLVERSION_NOW)->version; }

std::string tls_version() {
  // "mbedTLS/3.6.7"
  const std::string_view name = curl_version_info(CURLVERSION_NOW)->ssl_version;
  const auto slash = name.find('/');
  return std::string(slash == std::string_view::npos ? name : name.substr(slash + 1));
}

}  // namespace tuition::outbound
