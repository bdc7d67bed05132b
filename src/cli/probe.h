#pragma once

#include <string>
#include <string_view>

#include "platform/base/result.h"
#include "platform/base/time.h"

namespace tuition::cli {

// The status with which a server on this machine answers GET `path`. `listener` is written as in the settings:
// "127.0.0.1:8080", "[::1]:8080", "unix:/run/tuition.sock". An Error of kind provider when no whole head arrives within
// `patience`.
Result<int> probe(std::string_view listener, std::string_view path, Duration patience);

// What a client on this machine connects to: 0.0.0.0 and :: listen everywhere, also on loopback.
std::string reachable(std::string_view host, std::int64_t port);

}  // namespace tuition::cli
