#pragma once

#include <string>
#include <vector>

#include "platform/base/result.h"

namespace tuition::http {

// A socket that accepts connections; non-blocking.
struct Listener {
  int fd = -1;
  std::string address{};      // "http://127.0.0.1:8080", "unix:/run/tuition.sock"
  std::string unlink_path{};  // of a unix socket that we made
  int port = 0;
};

// The forms are those of FrontSettings::listen. LISTEN_FDS gives as many as the service manager passed.
Result<std::vector<Listener>> listen_at(const std::string& where);

// Whether the service manager passed sockets to this process.
bool sockets_were_passed();

}  // namespace tuition::http
