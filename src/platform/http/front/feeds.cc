// Event streams between their events.

#include <algorithm>

#include "platform/http/front/core.h"

namespace tuition::http {

std::int64_t Front::Core::feed_pause() const { return std::min(settings.heartbeat.ms, settings.ask_again.ms); }

// An event stream on which nothing may have happened for long: whether its caller may still have it is asked again when
// more of it is produced, which follows this.
void Front::Core::look_after_feed(Slot& slot) {
  const auto now = now_ms();
  slot.deadline_ms.store(now + feed_pause(), std::memory_order_relaxed);
  if (now >= slot.feed_ends_ms) return slot.feed->close();
  if (now - slot.asked_ms < settings.heartbeat.ms) return;
  slot.asked_ms = now;
  constexpr std::string_view comment = ": keep-alive\n\n";
  if (slot.chunked_out) {
    append_chunk(slot.out, comment);
  } else {
    slot.out += comment;
  }
}

}  // namespace tuition::http
