#include "learning/lesson_pages.h"

#include <utility>

namespace tuition::learning {

LessonPages::Page LessonPages::find(std::uint64_t shelf_version, const catalogue::LessonId& lesson) const {
  std::lock_guard lock(mutex_);
  if (shelf_version != version_) return nullptr;
  const auto found = pages_.find(lesson.text());
  return found == pages_.end() ? nullptr : found->second;
}

void LessonPages::keep(std::uint64_t shelf_version, const catalogue::LessonId& lesson, Page page) {
  std::lock_guard lock(mutex_);
  if (shelf_version < version_ || page->size() > bytes_max / 4) return;
  if (shelf_version > version_ || bytes_ + page->size() > bytes_max) {
    pages_.clear();
    bytes_ = 0;
    version_ = shelf_version;
  }
  const auto size = page->size();
  if (pages_.emplace(lesson.text(), std::move(page)).second) bytes_ += size;
}

}  // namespace tuition::learning
