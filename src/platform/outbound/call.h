#pragma once

#include <functional>
#include <string>

#include "platform/base/time.h"

namespace tuition::outbound {

// One finished call to a provider, for the book of calls. Holds no query, header or body.
struct Call {
  std::string provider{};
  std::string operation{};  // "POST /v1/checkout/sessions", "send"
  int status = 0;           // 0: no whole reply
  Duration took{};
  std::string error{};       // empty when a whole reply came
  std::string request_id{};  // the provider's own
};
using OnCall = std::function<void(const Call&)>;

}  // namespace tuition::outbound
