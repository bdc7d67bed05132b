#include "catalogue/browsing.h"

#include <algorithm>

#include "catalogue/authoring/store_terms.h"
#include "catalogue/catalogue.h"
#include "catalogue/outline.h"
#include "catalogue/store.h"

namespace tuition::catalogue {

ShelfPtr ShelfKeeper::find() const {
  std::lock_guard lock(mutex_);
  return shelf_;
}

std::uint64_t ShelfKeeper::ticket() const {
  std::lock_guard lock(mutex_);
  return changes_;
}

ShelfPtr ShelfKeeper::keep(Shelf shelf, std::uint64_t ticket) {
  std::lock_guard lock(mutex_);
  shelf.version = ++made_;
  auto made = std::make_shared<const Shelf>(std::move(shelf));
  if (ticket == changes_) shelf_ = made;
  return made;
}

void ShelfKeeper::forget() {
  std::lock_guard lock(mutex_);
  ++changes_;
  shelf_.reset();
}

ShelfPtr shelf(Catalogue& door) {
  if (auto found = door.keeper.find()) return found;
  const auto ticket = door.keeper.ticket();
  auto made = door.db.read([](ReadTx& tx) {
    auto shelf = make_shelf(store::published_courses(tx), store::published_modules(tx), store::published_lessons(tx));
    const auto terms = store::published_terms(tx);
    for (auto& course : shelf.courses) {
      course.terms = terms.at(course.id.text());
      course.terms.lessons_wait = std::any_of(course.lessons.begin(), course.lessons.end(), [](const Lesson& lesson) {
        return !lesson.rules.prerequisites.empty() || lesson.rules.drip_days || lesson.rules.drip_at;
      });
    }
    return shelf;
  });
  return door.keeper.keep(std::move(made), ticket);
}

void changed(Catalogue& door, WriteTx& tx) {
  tx.after_commit([&keeper = door.keeper] { keeper.forget(); });
}

std::optional<std::string> course_html(ReadTx& tx, const CourseId& id) { return store::course_html(tx, id); }
std::optional<std::string> module_html(ReadTx& tx, const ModuleId& id) { return store::module_html(tx, id); }
std::optional<std::string> lesson_html(ReadTx& tx, const LessonId& id) { return store::lesson_html(tx, id); }

}  // namespace tuition::catalogue
