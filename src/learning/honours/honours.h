#pragma once

#include "learning/honours/wire_honours.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"

// What learning earns: achievements, rank, and for those who want to be compared, the leaderboard.
namespace tuition::learning {

struct Learning;

AchievementsView list_achievements(Learning& door, const Caller& caller);

// People who said in their profile that they want to be on it; the caller's own rank among them always, which nobody
// else sees.
Result<LeaderboardView> leaderboard(Learning& door, const Caller& caller, const LeaderboardForm& form);

}  // namespace tuition::learning
