#include "learning/learning.h"

#include <algorithm>

#include "learning/certificates/store_certificates.h"
#include "learning/progress/journal.h"
#include "learning/store.h"

namespace tuition::learning {

Result<void> seed_progress(Learning& door, const Caller& learner, const std::string& course_slug, std::size_t lessons) {
  const auto shelf = catalogue::shelf(door.catalogue);
  const auto* course = shelf->course(course_slug);
  if (!course) return not_found("There is no such course.");
  return door.db.write([&](WriteTx& tx) -> Result<void> {
    Journal journal(door, tx, learner, *course);
    for (std::size_t i = 0; i < std::min(lessons, course->lessons.size()); ++i) {
      const auto& quiz = course->lessons[i].quiz;
      Report said{.completed = true, .position_s = course->lessons[i].duration_seconds};
      if (!quiz.empty()) said.score = 90.0;
      journal.report(i, said);
      if (!quiz.empty()) journal.passed_quiz(quiz);
    }
    journal.close();
    return {};
  });
}

void forget_person(WriteTx& tx, const UserId& user) {
  store::forget_certificates(tx, user);
  store::forget_person(tx, user);
}

}  // namespace tuition::learning
