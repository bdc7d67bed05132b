#include "learning/honours/honours.h"
#include "learning/learning.h"

namespace tuition::learning {

// Everything a save leads to is done in its own write.
jobs::JobKinds job_kinds(Learning&) { return {}; }

jobs::Periodics periodics(Learning& door) {
  return {
      {.name = "leaderboard.refresh",
       .sentence = "Takes points out of the leaderboard that are older than its week or month.",
       .period = minutes(1),
       .run =
           [&door] {
             refresh_leaderboard(door);
             return jobs::Outcome::done();
           }},
  };
}

}  // namespace tuition::learning
