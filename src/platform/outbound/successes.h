#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "platform/base/time.h"
#include "platform/outbound/call.h"

namespace tuition::outbound {

// When each provider last did what it was asked for, since the start. Safe from any thread.
class Successes {
 public:
  explicit Successes(const Clock& clock) : clock_(clock) {}

  // Refusals and failures count for nothing.
  void note(const Call& call);
  std::optional<Instant> last(const std::string& provider) const;

 private:
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Instant> last_;
};

}  // namespace tuition::outbound
