#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "learning/honours/wire_honours.h"
#include "learning/types.h"
#include "platform/base/caller.h"
#include "platform/storage/database.h"

// The statements about achievements and the leaderboard.
namespace tuition::learning::store {

void put_achievement(WriteTx& tx, const UserId& user, std::string_view key, Instant now);
std::map<std::string, Instant> achievements_of(ReadTx& tx, const UserId& user);
std::int64_t courses_completed(ReadTx& tx, const UserId& user);
std::int64_t full_marks(ReadTx& tx, const UserId& user);  // quizzes with an attempt that was wholly right
std::int64_t practice_passed(ReadTx& tx, const UserId& user);

// The leaderboard: who stands on it with how many points in a period, in one course or, with an empty id, in all
// together. Kept by triggers of the schema as points are awarded and people join and leave.
struct Leader {
  UserId user{};
  std::string name{};
  std::int64_t points = 0;
};
Sql leaders_statement();
std::vector<Leader> leaders(ReadTx& tx, const catalogue::CourseId& course, Window period, std::int64_t limit);
// What somebody has there; nothing when they do not stand on it.
std::optional<std::int64_t> board_points(ReadTx& tx, const UserId& user, const catalogue::CourseId& course,
                                         Window period);
// How many on it have more.
Sql ahead_statement();
std::int64_t people_ahead(ReadTx& tx, const catalogue::CourseId& course, Window period, std::int64_t points);
// Takes out what was awarded before `since` from the `limit` that hold the oldest; how many of them there were.
Sql overdue_statement();
std::int64_t take_out_old(WriteTx& tx, Window period, Instant since, std::int64_t limit);

// Anybody's points by the ledger.
Sql points_statement();
std::int64_t points_of(ReadTx& tx, const UserId& user, const catalogue::CourseId& course, Instant since);
bool is_opted_in(ReadTx& tx, const UserId& user);

}  // namespace tuition::learning::store
