#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "platform/base/result.h"
#include "platform/base/time.h"

namespace tuition::outbound {

struct HttpRequest {
  std::string method = "GET";
  std::string url{};
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  std::string provider{};  // "stripe": names the circuit breaker and the metrics
  Duration deadline = seconds(20);
  std::size_t reply_max = 4 * 1024 * 1024;
};

struct HttpReply {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers{};  // names in lower case
  std::string body{};
  std::string_view header(std::string_view lower_case_name) const;
};

// Calls to other people's servers. Redirects are not followed. Any reply that arrives whole is a value, whatever its
// status; no reply, a cut one, a refused address or an open circuit is an Error of kind provider. Blocks; safe from any
// thread; throws Bug when a write transaction is open on this thread.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual Result<HttpReply> send(const HttpRequest& request) = 0;
};

}  // namespace tuition::outbound
