#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "catalogue/types.h"

// Pure: which lessons of a course are completed, one bit each, by their place in the course.
namespace tuition::learning {

class DoneMap {
 public:
  DoneMap() = default;
  explicit DoneMap(std::size_t lessons) : bytes_((lessons + 7) / 8, '\0') {}
  explicit DoneMap(std::string bytes) : bytes_(std::move(bytes)) {}

  bool has(std::size_t lesson) const {
    return lesson / 8 < bytes_.size() && (static_cast<unsigned char>(bytes_[lesson / 8]) >> (lesson % 8) & 1U) != 0;
  }
  void add(std::size_t lesson);
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_{};
};

std::int64_t done_count(const catalogue::Course& course, const DoneMap& done);
// The first lesson that is left to do.
std::optional<std::size_t> next_lesson(const catalogue::Course& course, const DoneMap& done);
// Rounded down: 100 only when nothing is left.
std::int64_t percent_done(std::int64_t done, std::int64_t total);

struct LevelCount {
  std::int64_t level = 1;
  std::int64_t total = 0;
  std::int64_t done = 0;
  bool completed() const { return total > 0 && done == total; }
};
LevelCount level_count(const catalogue::Course& course, const DoneMap& done, std::int64_t level);

// The lowest level below `level` that still holds a lesson to do.
std::optional<std::int64_t> missing_level(const catalogue::Course& course, const DoneMap& done, std::int64_t level);

}  // namespace tuition::learning
