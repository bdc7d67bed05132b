#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "platform/base/time.h"
#include "platform/http/reply.h"

namespace tuition::sandbox {

// What may go wrong with a call to the pretend provider.
enum class Fault {
  none,
  fail,     // 500, nothing done
  limit,    // 429, nothing done
  locked,   // 429 lock_timeout, nothing done
  html,     // 503 from a proxy that knows no JSON
  garbage,  // 200 with half a document, after doing it
  drop,     // done, but the connection is cut before the answer
  hang,     // done, and answered only when the clock has moved on by a minute
};
std::optional<Fault> fault_named(std::string_view name);

// Faults waiting for calls. Safe from any thread.
class Mischief {
 public:
  // The next `times` calls whose path begins so go wrong.
  void plan(Fault fault, std::string path_prefix, int times);
  // The fault for this call, used up.
  Fault take(std::string_view path);

 private:
  struct Plan {
    Fault fault;
    std::string prefix;
    int times;
  };
  std::mutex mutex_;
  std::deque<Plan> plans_;
};

// What may go wrong with the delivery of events.
struct Manner {
  bool twice = false;
  bool shuffled = false;
  bool lost = false;  // never sent; the list of events still has them
  Duration delay{};   // by the sandbox's clock
};

// An answer whose connection ends before its last byte.
http::Reply cut_reply();

}  // namespace tuition::sandbox
