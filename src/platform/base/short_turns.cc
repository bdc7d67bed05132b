#include "platform/base/short_turns.h"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace tuition {
namespace {

constexpr std::uint64_t turn_ns = 200'000;

// struct sched_attr of sched_setattr(2), which the C library does not declare.
struct Attributes {
  std::uint32_t size = sizeof(Attributes);
  std::uint32_t policy = 0;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime = 0;  // of ordinary threads: the length of a turn
  std::uint64_t deadline = 0;
  std::uint64_t period = 0;
};

}  // namespace

void take_short_turns() {
  Attributes mine;
  if (syscall(SYS_sched_getattr, 0, &mine, sizeof mine, 0) != 0 || mine.policy != SCHED_OTHER) return;
  mine.runtime = turn_ns;
  (void)!syscall(SYS_sched_setattr, 0, &mine, 0);
}

}  // namespace tuition
