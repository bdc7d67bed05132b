#include "platform/outbound/successes.h"

namespace tuition::outbound {

void Successes::note(const Call& call) {
  if (!call.error.empty() || call.status >= 400) return;
  const auto now = clock_.now();
  const std::lock_guard lock(mutex_);
  last_[call.provider] = now;
}

std::optional<Instant> Successes::last(const std::string& provider) const {
  const std::lock_guard lock(mutex_);
  const auto found = last_.find(provider);
  if (found == last_.end()) return std::nullopt;
  return found->second;
}

}  // namespace tuition::outbound
