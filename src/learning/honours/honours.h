#pragma once

#include "learning/honours/wire_honours.h"
#include "platform/base/caller.h"
#include "platform/base/result.h"

// What learning earns: achievements, rank, and for those who want to be compared, the leaderboard.
namespace tuition::learning {

struct Learning;

AchievementsView list_achievements(Learning& door, const Caller& caller);

// People who said in their profile that they want to be on it; the caller's own rank among them always, which nobody
// else sees. Reads as many rows as it shows, and some more for the rank, however many people there are. What has become
// too old for the last 7 or 30 days counts until the next refresh.
Result<LeaderboardView> leaderboard(Learning& door, const Caller& caller, const LeaderboardForm& form);

// Takes out what has become too old since the last time; every minute.
void refresh_leaderboard(Learning& door);

}  // namespace tuition::learning
