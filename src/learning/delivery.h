#pragma once

#include <optional>

#include "catalogue/catalogue.h"
#include "learning/lesson_pages.h"
#include "learning/wire.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"

// Hands a lesson to somebody who may see it.
namespace tuition::learning {

struct Learning;

// A lesson on its way out: everything encoded already but the link to its file, which is signed anew, and the reader's
// progress.
struct OpenLesson {
  LessonPages::Page page{};  // "{...,"media":"
  std::optional<LessonMedia> media{};
  std::optional<LessonProgress> progress{};
};

// Everything that a lesson's reader may be refused for is refused here: NOT_FOUND, UNAUTHENTICATED, PAYMENT_REQUIRED,
// LOCKED.
Result<OpenLesson> open_lesson(Learning& door, const Caller& caller, const catalogue::LessonId& id);

// The same as a view.
Result<LessonView> get_lesson(Learning& door, const Caller& caller, const catalogue::LessonId& id);

}  // namespace tuition::learning
