#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "catalogue/types.h"
#include "platform/storage/database.h"

// What is published, from memory.
namespace tuition::catalogue {

struct Catalogue;

using ShelfPtr = std::shared_ptr<const Shelf>;  // shared: a request keeps the shelf it began with

// Holds the newest shelf. What was loaded before a change of the catalogue was committed is not kept after it. Safe
// from any thread.
class ShelfKeeper {
 public:
  ShelfPtr find() const;
  std::uint64_t ticket() const;
  ShelfPtr keep(Shelf shelf, std::uint64_t ticket);
  void forget();

 private:
  mutable std::mutex mutex_;
  ShelfPtr shelf_;
  std::uint64_t changes_ = 0;
  std::uint64_t made_ = 0;
};

// The published outline. Not inside a read: an older moment must not be kept.
ShelfPtr shelf(Catalogue& door);

// To be called by every write that changes what is published: the next reader loads anew.
void changed(Catalogue& door, WriteTx& tx);

// Bodies, rendered. Empty optional: no such thing, published or not.
std::optional<std::string> course_html(ReadTx& tx, const CourseId& id);
std::optional<std::string> module_html(ReadTx& tx, const ModuleId& id);
std::optional<std::string> lesson_html(ReadTx& tx, const LessonId& id);

}  // namespace tuition::catalogue
