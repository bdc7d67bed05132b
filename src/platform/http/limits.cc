#include "platform/http/limits.h"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace tuition::http {
namespace {

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t hash(std::uint64_t seed, std::string_view text) {
  std::uint64_t h = seed ^ 0x9e3779b97f4a7c15ULL;
  for (const char c : text) h = mix(h ^ static_cast<unsigned char>(c), 0xa0761d6478bd642fULL ^ seed);
  return h;
}

}  // namespace

// The cells come zeroed and untouched from the system, so that a quiet server pays for few of them.
Counters::Counters(std::uint64_t seed)
    : cells_(static_cast<Cell*>(std::calloc(sets * ways, sizeof(Cell))), std::free),
      mutexes_(std::make_unique<std::mutex[]>(locks)),
      seed_(seed | 1) {
  if (!cells_) throw std::bad_alloc();
}

Counters::Standing Counters::take(std::string_view bucket, std::string_view key, const Limit& limit, Instant now) {
  const auto id = mix(hash(seed_, bucket), hash(~seed_, key)) | 1;
  const auto set = static_cast<std::size_t>(id >> 20) % sets;
  const auto now_s = now.ms / 1000;
  const auto window_s = limit.window.ms / 1000;
  std::lock_guard lock(mutexes_[set % locks]);
  Cell* const first = &cells_[set * ways];
  Cell* cell = nullptr;
  Cell* victim = first;
  for (Cell* each = first; each != first + ways; ++each) {
    if (each->ends_s <= static_cast<std::uint64_t>(now_s) && each->key != 0) *each = Cell{};
    if (each->key == id) cell = each;
    if (each->count < victim->count) victim = each;
  }
  if (!cell) {
    cell = victim;
    *cell = {id, 0, static_cast<std::uint32_t>(now_s + window_s)};
  }
  Standing standing;
  standing.allowed = cell->count < static_cast<std::uint64_t>(limit.count);
  if (standing.allowed) ++cell->count;
  // A limit may have been lowered since.
  standing.left = std::max<std::int64_t>(limit.count - cell->count, 0);
  standing.seconds_left = cell->ends_s - now_s;
  // A clock that was set back must not lock anybody out for longer than one window.
  if (standing.seconds_left > window_s) {
    cell->ends_s = static_cast<std::uint32_t>(now_s + window_s);
    standing.seconds_left = window_s;
  }
  return standing;
}

}  // namespace tuition::http
