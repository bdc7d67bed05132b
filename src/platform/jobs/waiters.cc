#include "platform/jobs/waiters.h"

#include <algorithm>
#include <utility>

namespace tuition::jobs {

void Waiters::add(const JobId& id, Until until, Then then) {
  std::lock_guard lock(mutex_);
  waiting_.emplace(id, Waiter{until, std::move(then)});
}

void Waiters::finished(const JobId& id) {
  std::vector<Then> told;
  {
    std::lock_guard lock(mutex_);
    const auto [first, last] = waiting_.equal_range(id);
    for (auto each = first; each != last; ++each) told.push_back(std::move(each->second.then));
    waiting_.erase(first, last);
  }
  for (const auto& then : told) then(true);
}

void Waiters::give_up() {
  std::unordered_multimap<JobId, Waiter> told;
  {
    std::lock_guard lock(mutex_);
    told.swap(waiting_);
  }
  for (const auto& [id, waiter] : told) waiter.then(false);
}

std::optional<std::int64_t> Waiters::expire(Instant now, std::int64_t now_us) {
  std::vector<Then> told;
  std::optional<std::int64_t> next_us;
  {
    std::lock_guard lock(mutex_);
    for (auto each = waiting_.begin(); each != waiting_.end();) {
      if (each->second.until.clock <= now || each->second.until.steady_us <= now_us) {
        told.push_back(std::move(each->second.then));
        each = waiting_.erase(each);
      } else {
        next_us = std::min(next_us.value_or(each->second.until.steady_us), each->second.until.steady_us);
        ++each;
      }
    }
  }
  for (const auto& then : told) then(false);
  return next_us;
}

}  // namespace tuition::jobs
