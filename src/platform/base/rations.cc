#include "platform/base/rations.h"

#include <malloc.h>
#include <pthread.h>
#include <sys/resource.h>

#include <cstddef>

namespace tuition {
namespace {

constexpr rlim_t plenty = rlim_t{2} << 30;
constexpr std::size_t stack_bytes = 1 << 20;

}  // namespace

void live_within_rations() {
  rlimit addresses{};
  if (getrlimit(RLIMIT_AS, &addresses) != 0 || addresses.rlim_cur >= plenty) return;
  // A heap for each thread would reserve 64 MiB at a time, and every stack eight.
  mallopt(M_ARENA_MAX, 1);
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return;
  if (pthread_attr_setstacksize(&attributes, stack_bytes) == 0) pthread_setattr_default_np(&attributes);
  pthread_attr_destroy(&attributes);
}

}  // namespace tuition
