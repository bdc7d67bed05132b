#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>

#include "platform/base/time.h"

namespace tuition::http {

// So many in so long.
struct Limit {
  std::int64_t count = 0;
  Duration window{};
};

// Counts calls per key in fixed windows. Takes a fixed amount of memory whoever calls: where a key finds no room, the
// one of its neighbours that has counted least is forgotten. Safe from any thread.
class Counters {
 public:
  // A seed nobody else knows, so that no key can be chosen to crowd out another's.
  explicit Counters(std::uint64_t seed);

  struct Standing {
    bool allowed = true;
    std::int64_t left = 0;          // after this call
    std::int64_t seconds_left = 0;  // until the window ends, rounded up
  };
  // `bucket` keeps the same key apart in different limits.
  Standing take(std::string_view bucket, std::string_view key, const Limit& limit, Instant now);

 private:
  struct Cell {
    std::uint64_t key = 0;
    std::uint32_t count = 0;
    std::uint32_t ends_s = 0;  // since 1970
  };
  static constexpr std::size_t ways = 4;
  static constexpr std::size_t sets = 16 * 1024;
  static constexpr std::size_t locks = 64;

  std::unique_ptr<Cell[], void (*)(void*)> cells_;
  std::unique_ptr<std::mutex[]> mutexes_;
  std::uint64_t seed_;
};

}  // namespace tuition::http
