#include "learning/figures.h"

#include "learning/honours/statistics.h"
#include "learning/store.h"
#include "learning/views.h"

namespace tuition::learning {

StatsView stats_of(ReadTx& tx, const UserId& user, Instant now) {
  return view_of(store::stats(tx, user).value_or(Stats{}), now);
}

Activity activity(ReadTx& tx, Instant now) {
  return {store::active_learners(tx, day_of(now)), store::lessons_completed(tx)};
}

bool has_learners(ReadTx& tx, const catalogue::CourseId& course) { return store::has_learners(tx, course); }
bool has_attempts(ReadTx& tx, const catalogue::QuizId& quiz) { return store::has_attempts(tx, quiz); }

}  // namespace tuition::learning
