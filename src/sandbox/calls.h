#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "platform/base/time.h"
#include "platform/http/request.h"

namespace tuition::sandbox {

// A call that a program made to one of the pretend providers. Keys are left out.
struct Call {
  std::int64_t number = 0;  // counts up from 1
  std::string provider{};
  std::string method{};
  std::string path{};
  std::vector<std::pair<std::string, std::string>> query{};
  std::string content_type{};
  std::string body{};
  Instant at{};
};

// The newest of them, for the page that shows what was asked. Safe from any thread.
class Calls {
 public:
  explicit Calls(const Clock& clock, std::size_t kept = 1000) : clock_(clock), kept_(kept) {}
  void note(std::string_view provider, const http::Request& request);
  // After that number, oldest first.
  std::vector<Call> since(std::int64_t number) const;

 private:
  const Clock& clock_;
  const std::size_t kept_;
  mutable std::mutex mutex_;
  std::deque<Call> calls_;
  std::int64_t last_ = 0;
};

}  // namespace tuition::sandbox
