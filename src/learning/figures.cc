#include "learning/figures.h"

#include "learning/statistics.h"
#include "learning/store.h"
#include "learning/views.h"

namespace tuition::learning {

StatsView stats_of(ReadTx& tx, const UserId& user, Instant now) {
  return view_of(store::stats(tx, user).value_or(Stats{}), now);
}

Activity activity(ReadTx& tx, Instant now) {
  return {store::active_learners(tx, day_of(now)), store::lessons_completed(tx)};
}

}  // namespace tuition::learning
