#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "platform/jobs/queue.h"
#include "platform/jobs/waiters.h"

namespace tuition::jobs {

// Rung when there may be something to do; whoever waits for it hears at least the last ring.
class Bell {
 public:
  void ring() {
    std::lock_guard lock(mutex_);
    rung_ = true;
    heard_.notify_one();
  }
  // True when it was rung, false when `at_most` has passed.
  bool wait(Duration at_most) {
    std::unique_lock lock(mutex_);
    const bool rung = heard_.wait_for(lock, std::chrono::milliseconds(at_most.ms), [&] { return rung_; });
    rung_ = false;
    return rung;
  }

 private:
  std::mutex mutex_;
  std::condition_variable heard_;
  bool rung_ = false;
};

struct Queue::State {
  Database& db;
  const Clock& clock;
  Entropy& entropy;
  Bell bell{};
  Waiters waiters{};
};

}  // namespace tuition::jobs
