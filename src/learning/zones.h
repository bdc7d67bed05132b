#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "learning/statistics.h"
#include "platform/base/time.h"

// What day it is where somebody lives.
namespace tuition::learning {

// An IANA zone's history of offsets, as the system's zone files (TZif, RFC 8536) hold it.
struct Zone {
  struct Change {
    std::int64_t at_s = 0;
    std::int64_t offset_s = 0;  // from then on
  };
  std::int64_t first_offset_s = 0;  // before any change
  std::vector<Change> changes{};    // ascending
};

std::optional<Zone> read_zone_file(std::string_view bytes);

inline constexpr const char* zone_folder = "/usr/share/zoneinfo";

// The zone of that name, read from /usr/share/zoneinfo once and remembered; UTC when there is no such name, or no zone
// files on this machine. Safe from any thread.
const Zone& zone_named(const std::string& name);

LocalDay local_day(const Zone& zone, Instant now);

}  // namespace tuition::learning
