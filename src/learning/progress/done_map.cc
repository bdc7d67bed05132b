#include "learning/progress/done_map.h"

#include <algorithm>

namespace tuition::learning {

void DoneMap::add(std::size_t lesson) {
  if (lesson / 8 >= bytes_.size()) bytes_.resize(lesson / 8 + 1, '\0');
  auto& byte = bytes_[lesson / 8];
  byte = static_cast<char>(static_cast<unsigned char>(byte) | (1U << (lesson % 8)));
}

std::int64_t done_count(const catalogue::Course& course, const DoneMap& done) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < course.lessons.size(); ++i) count += done.has(i) ? 1 : 0;
  return count;
}

std::optional<std::size_t> next_lesson(const catalogue::Course& course, const DoneMap& done) {
  for (std::size_t i = 0; i < course.lessons.size(); ++i)
    if (!done.has(i)) return i;
  return std::nullopt;
}

std::int64_t percent_done(std::int64_t done, std::int64_t total) { return total == 0 ? 0 : done * 100 / total; }

LevelCount level_count(const catalogue::Course& course, const DoneMap& done, std::int64_t level) {
  LevelCount count{level};
  for (std::size_t i = 0; i < course.lessons.size(); ++i) {
    if (course.lessons[i].level != level) continue;
    ++count.total;
    count.done += done.has(i) ? 1 : 0;
  }
  return count;
}

std::optional<std::int64_t> missing_level(const catalogue::Course& course, const DoneMap& done, std::int64_t level) {
  std::optional<std::int64_t> lowest;
  for (std::size_t i = 0; i < course.lessons.size(); ++i) {
    const auto its = course.lessons[i].level;
    if (its < level && !done.has(i)) lowest = std::min(lowest.value_or(its), its);
  }
  return lowest;
}

}  // namespace tuition::learning
