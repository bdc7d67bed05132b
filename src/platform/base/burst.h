#pragma once

#include <functional>

namespace tuition {

// Says that this thread is about to tell many others something, one after the other. Whoever would wake a thread for
// each of them can wait for the end, and wake once. May nest; the outermost counts.
class Burst {
 public:
  Burst();
  ~Burst();
  Burst(const Burst&) = delete;
  Burst& operator=(const Burst&) = delete;

  // Calls `act`, which does not throw, when this thread's burst is over; at once where there is none.
  static void at_end(std::function<void()> act);
};

}  // namespace tuition
