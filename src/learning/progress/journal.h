#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/types.h"
#include "catalogue/types.h"
#include "learning/honours/achievements.h"
#include "learning/progress/advance.h"
#include "learning/progress/done_map.h"
#include "learning/types.h"
#include "platform/storage/database.h"

namespace tuition::learning {

struct Learning;

// One person's progress in one course inside one write. Reports come in, close() writes what follows from them: the
// enrolment, the points, the statistics. A Journal that is dropped without close() has written the lessons' rows only,
// so its write must fail.
class Journal {
 public:
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  // `who` learns; `course` must outlive it.
  Journal(Learning& door, WriteTx& tx, audit::Actor who, const catalogue::Course& course);

  // What is proven: by us, or by what its lesson asks for.
  Progress report(std::size_t lesson, const Report& said);
  // What the learner says: completes the lesson when that is enough (completion.h), and also unsaid when it is.
  Progress claim(std::size_t lesson, const Report& said);
  // For a module or level: keeps its own score and position; `completed` is what its lessons say.
  Progress report(Scope scope, const std::string& scope_id, std::int64_t level, const Report& said, bool all_done);
  // Counts a quiz that was passed for the first time.
  void passed_quiz(const catalogue::QuizId& quiz);
  // The attempt that comes in was wholly right.
  void full_marks() { reached_.full_marks = 1; }
  // A round of practice was passed, the person's `rounds`th.
  void passed_practice(std::int64_t rounds) { reached_.practice = rounds; }
  void close();

  const DoneMap& done() const { return done_; }
  const Stats& stats() const { return stats_; }
  Instant now() const { return now_; }
  // What this write earned, once closed.
  const std::vector<Achievement>& earned() const { return earned_; }

 private:
  void complete(std::size_t lesson);
  bool award(const std::string& key, std::int64_t points, const std::string& reason, const std::string& ref_id);
  void finish_level(std::int64_t level);
  void finish_course();
  void note(const std::string& action, const std::string& description, std::int64_t level);
  void live_today();
  void honour();
  void tell_pages();

  Learning& door_;
  WriteTx& tx_;
  audit::Actor who_;
  const UserId& user_ = who_.user;
  const catalogue::Course& course_;
  Instant now_;
  std::optional<Enrollment> enrollment_was_{};
  std::optional<Stats> stats_was_{};
  Enrollment enrollment_{};
  Stats stats_{};
  DoneMap done_{};
  Reached reached_{};
  std::vector<Achievement> earned_{};
};

}  // namespace tuition::learning
