// Memory that waits for slow clients: requests half arrived, answers unread. All of it together has a limit.

#include "platform/http/front/core.h"

namespace tuition::http {

// What a connection keeps from one event to the next, and its peer could take away. What a handler works with is not
// the peer's to hold.
std::size_t Slot::holds() const {
  const auto kept = [](const std::string& bytes) { return bytes.capacity() > 64 ? bytes.capacity() : 0; };
  std::size_t bytes = kept(in) + kept(out);
  if (flight && phase != Phase::waiting) bytes += sizeof(Flight) + 2 * head_size + kept(flight->request.body);
  return bytes;
}

void Front::Core::account(Slot& slot) {
  const auto was = slot.held.load(std::memory_order_relaxed);
  const auto is = slot.holds();
  if (is == was) return;
  slot.held.store(is, std::memory_order_relaxed);
  if (was == 0 || is == 0) slot.held_since.store(is == 0 ? 0 : now_ms(), std::memory_order_relaxed);
  const auto all = held.fetch_add(is - was, std::memory_order_relaxed) + is - was;
  if (is > was && all > settings.held_max) make_room();
}

// They hold more than all of them may: of some, the one goes that has held most for longest. While it is half as much
// again, nobody is spared for having been quick so far.
void Front::Core::make_room() {
  const auto made = slots_made.load();
  const auto now = now_ms();
  const bool urgent = held.load(std::memory_order_relaxed) > settings.held_max + settings.held_max / 2;
  std::uint32_t worst = 0, worst_generation = 0;
  double most = 0;
  int seen = 0;
  for (std::uint32_t i = 0; i < made && seen < 64; ++i) {
    const auto& each = *slot_at(hand.fetch_add(1, std::memory_order_relaxed) % made);
    const auto generation = each.generation();
    const auto since = each.held_since.load(std::memory_order_relaxed);
    if (since == 0 || generation % 2 == 0 || (now - since < slow_ms && !urgent)) continue;
    ++seen;
    const auto cost =
        static_cast<double>(each.held.load(std::memory_order_relaxed)) * static_cast<double>(now - since + slow_ms);
    if (cost <= most) continue;
    most = cost;
    worst = each.index;
    worst_generation = generation;
  }
  if (seen > 0) touch(worst, worst_generation, cut);
}

// Closes without waiting for what is unsent: the system would keep that for a peer who does not read it.
void Front::Core::cut_off(Slot& slot) {
  const struct linger at_once { 1, 0 };
  setsockopt(slot.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close_slot(slot);
}

void Front::Core::count(Slot& slot) {
  slot.counted = true;
  ++in_progress;
}

void Front::Core::uncount(Slot& slot) {
  if (std::exchange(slot.counted, false)) --in_progress;
}

}  // namespace tuition::http
