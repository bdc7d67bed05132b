#pragma once

#include <cstdint>

#include "learning/wire.h"
#include "platform/base/id.h"
#include "platform/storage/database.h"

// Read-only numbers.
namespace tuition::learning {

// As the profile shows them.
StatsView stats_of(ReadTx& tx, const UserId& user, Instant now);

struct Activity {
  std::int64_t active_today = 0;       // people
  std::int64_t lessons_completed = 0;  // ever, by everybody
};
Activity activity(ReadTx& tx, Instant now);

// Whether somebody has ever joined the course, or begun the quiz.
bool has_learners(ReadTx& tx, const catalogue::CourseId& course);
bool has_attempts(ReadTx& tx, const catalogue::QuizId& quiz);

}  // namespace tuition::learning
