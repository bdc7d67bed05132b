#include "platform/base/short_turns.h"

#include <sched.h>
#include <sys/resource.h>

#include <catch2/catch_test_macros.hpp>
#include <thread>

namespace tuition {

TEST_CASE("short turns leave a thread's priority and policy as they were") {
  int nice_after = -100, policy_after = -1;
  std::thread([&] {
    setpriority(PRIO_PROCESS, 0, 5);
    take_short_turns();
    nice_after = getpriority(PRIO_PROCESS, 0);
    policy_after = sched_getscheduler(0);
  }).join();
  CHECK(nice_after == 5);
  CHECK(policy_after == SCHED_OTHER);
}

}  // namespace tuition
