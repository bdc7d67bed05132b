#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "catalogue/types.h"

namespace tuition::learning {

// Lessons as they are sent, encoded once: everything but the reader's own progress. Belongs to one shelf; with a newer
// one all are forgotten. Bounded in bytes. Safe from any thread.
class LessonPages {
 public:
  using Page = std::shared_ptr<const std::string>;  // shared: a request keeps what it found while others make room

  Page find(std::uint64_t shelf_version, const catalogue::LessonId& lesson) const;
  void keep(std::uint64_t shelf_version, const catalogue::LessonId& lesson, Page page);

 private:
  static constexpr std::size_t bytes_max = 8 * 1024 * 1024;

  mutable std::mutex mutex_;
  std::uint64_t version_ = 0;
  std::size_t bytes_ = 0;
  std::unordered_map<std::string, Page> pages_;
};

}  // namespace tuition::learning
