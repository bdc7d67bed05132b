#include "learning/zones.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>

namespace tuition::learning {
namespace {

constexpr std::size_t header_size = 44;
constexpr std::size_t zone_file_max = 64 * 1024;
constexpr std::size_t zones_max = 1000;

// Big-endian, two's complement.
std::int64_t integer_at(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = (static_cast<unsigned char>(bytes[at]) & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < width; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return static_cast<std::int64_t>(value);
}

struct Header {
  std::size_t utc_marks, standard_marks, leaps, changes, types, letters;

  std::size_t data_size(std::size_t time_size) const {
    return changes * (time_size + 1) + types * 6 + letters + leaps * (time_size + 4) + standard_marks + utc_marks;
  }
};

std::optional<Header> header_at(std::string_view bytes, std::size_t at) {
  if (bytes.size() < at + header_size || bytes.substr(at, 4) != "TZif") return std::nullopt;
  const auto count = [&](std::size_t i) {
    const auto value = integer_at(bytes, at + 20 + 4 * i, 4);
    return value < 0 || value > 100000 ? std::size_t{100000} : static_cast<std::size_t>(value);
  };
  return Header{count(0), count(1), count(2), count(3), count(4), count(5)};
}

bool is_zone_name(const std::string& name) {
  if (name.empty() || name.size() > 64 || name.front() == '/' || name.find("..") != std::string::npos) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '+' || c == '/';
  });
}

std::optional<Zone> load(const std::string& name) {
  if (!is_zone_name(name)) return std::nullopt;
  std::ifstream file(std::string(zone_folder) + "/" + name, std::ios::binary);
  std::string bytes;
  for (char c = 0; bytes.size() < zone_file_max && file.get(c);) bytes += c;
  return read_zone_file(bytes);
}

}  // namespace

std::optional<Zone> read_zone_file(std::string_view bytes) {
  // The first block has 32-bit times, for readers of old; the second repeats it with 64 bits.
  const auto old = header_at(bytes, 0);
  if (!old || bytes[4] < '2') return std::nullopt;
  const auto second = header_size + old->data_size(4);
  const auto header = header_at(bytes, second);
  if (!header || header->types == 0) return std::nullopt;
  const auto times = second + header_size;
  if (bytes.size() < times + header->data_size(8)) return std::nullopt;
  const auto kinds = times + header->changes * 8;
  const auto types = kinds + header->changes;

  Zone zone;
  zone.first_offset_s = integer_at(bytes, types, 4);
  for (std::size_t i = 0; i < header->changes; ++i) {
    const auto type = static_cast<unsigned char>(bytes[kinds + i]);
    if (type >= header->types) return std::nullopt;
    zone.changes.push_back({integer_at(bytes, times + i * 8, 8), integer_at(bytes, types + type * std::size_t{6}, 4)});
  }
  return zone;
}

const Zone& zone_named(const std::string& name) {
  static std::mutex mutex;
  static std::map<std::string, Zone> known;
  static const Zone utc;
  std::lock_guard lock(mutex);
  if (const auto found = known.find(name); found != known.end()) return found->second;
  if (known.size() >= zones_max) return utc;
  auto zone = load(name);
  return zone ? known.emplace(name, std::move(*zone)).first->second : utc;
}

LocalDay local_day(const Zone& zone, Instant now) {
  const auto offset_at = [&](Instant at) {
    const auto seconds_now = at.ms / 1000;
    const auto after = std::upper_bound(zone.changes.begin(), zone.changes.end(), seconds_now,
                                        [](std::int64_t s, const Zone::Change& change) { return s < change.at_s; });
    return seconds(after == zone.changes.begin() ? zone.first_offset_s : (after - 1)->offset_s);
  };
  const auto offset = offset_at(now);
  const auto day = day_of(now + offset);
  const Instant next_midnight{(static_cast<std::int64_t>(day.number) + 1) * days(1).ms};
  // The clocks may be changed between now and midnight.
  return {day, next_midnight - offset_at(next_midnight - offset)};
}

}  // namespace tuition::learning
