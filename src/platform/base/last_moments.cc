#include "platform/base/last_moments.h"

#include <atomic>
#include <csignal>
#include <mutex>
#include <utility>

namespace tuition {
namespace {

std::atomic<bool> armed{false};
std::mutex guard;
std::string where;

}  // namespace

void may_be_lost(std::string_view place, std::string_view of) {
  if (!armed.load(std::memory_order_relaxed)) return;
  const std::lock_guard lock(guard);
  const auto named = std::string(place) + (of.empty() ? "" : ":" + std::string(of));
  if (named == where) static_cast<void>(std::raise(SIGKILL));
}

void lose_at(std::string place) {
  const std::lock_guard lock(guard);
  where = std::move(place);
  armed.store(!where.empty(), std::memory_order_relaxed);
}

}  // namespace tuition
