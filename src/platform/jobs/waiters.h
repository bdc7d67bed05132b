#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "platform/jobs/job.h"

namespace tuition::jobs {

// Who wants to hear when a job ends. Costs memory only: nobody's thread waits. Safe from any thread; those who are told
// are told outside the lock.
class Waiters {
 public:
  using Then = std::function<void(bool finished)>;

  // Patience ends when either clock says so: the real one for people who wait, the program's for tests that move it.
  struct Until {
    Instant clock{};
    std::int64_t steady_us = 0;
  };
  void add(const JobId& id, Until until, Then then);
  void finished(const JobId& id);
  // Tells all who wait that nothing will finish here any more.
  void give_up();
  // Returns when the next one's patience ends, in steady microseconds; null when nobody waits.
  std::optional<std::int64_t> expire(Instant now, std::int64_t now_us);

 private:
  struct Waiter {
    Until until;
    Then then;
  };
  std::mutex mutex_;
  std::unordered_multimap<JobId, Waiter> waiting_;
};

}  // namespace tuition::jobs
