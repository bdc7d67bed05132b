#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/time.h"

// Time zones: what the clocks of a place showed at a moment. A reader of our own, because the library's
// (std::chrono::tzdb) is missing in the g++ of Debian 12, and reads folders that an empty chroot does not have.
namespace tuition {

// When clocks are changed in every year to come, as the last line of a zone file says it (POSIX TZ, RFC 8536
// section 3.3).
struct ZoneRule {
  struct Turn {
    enum class Sort { julian, day, weekday };  // J60, 59, M3.5.0
    Sort sort = Sort::weekday;
    int month = 1, week = 1, day = 0;
    std::int32_t at_s = 7200;  // after midnight of that day, by the clock that is about to be changed
  };
  std::int32_t standard_s = 0;  // east of Greenwich
  std::int32_t summer_s = 0;
  bool changes = false;  // has a summer time at all
  Turn begins{}, ends{};
};

// An IANA zone.
struct Zone {
  struct Change {
    std::int64_t at_s = 0;
    std::int64_t offset_s = 0;  // from then on
  };
  std::int64_t first_offset_s = 0;  // before any change
  std::vector<Change> changes{};    // ascending
  std::optional<ZoneRule> rule{};   // after the last change
};

// How far ahead of UTC the zone's clocks are at that moment.
Duration offset_at(const Zone& zone, Instant at);

// A whole zone file (TZif, RFC 8536, version 2 or later); null when it is none or broken.
std::optional<Zone> read_zone_file(std::string_view bytes);
std::optional<ZoneRule> read_zone_rule(std::string_view text);  // "CET-1CEST,M3.5.0,M10.5.0/3"

// All zones by name. The table packed into the binary makes every machine know them; where the host has files of a
// newer release of the tz database, those are believed, since that package is updated when a country changes its
// clocks. Safe from any thread.
class Zones {
 public:
  static constexpr const char* host_folder = "/usr/share/zoneinfo";

  // `packed` is what pack-zones.mjs made and outlives this.
  explicit Zones(std::string_view packed, std::string folder = host_folder);

  bool knows(const std::string& name) const { return find(name) != nullptr; }
  // UTC when there is no such name.
  const Zone& named(const std::string& name) const;
  // Of the tz database: "2025b"; empty when there is none at all.
  const std::string& release() const { return release_; }
  bool from_host() const { return from_host_; }
  std::size_t packed_count() const { return packed_.size(); }

 private:
  const Zone* find(const std::string& name) const;
  std::optional<Zone> load(const std::string& name) const;

  std::map<std::string, std::string_view, std::less<>> packed_{};  // the bytes of each
  std::string folder_{};
  std::string release_{};
  bool from_host_ = false;
  mutable std::mutex mutex_{};
  mutable std::map<std::string, std::unique_ptr<const Zone>> known_{};
};

}  // namespace tuition
