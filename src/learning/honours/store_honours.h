#pragma once

#include <map>
#include <string>
#include <vector>

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

// Points since `since` in one course or, with an empty id, in all.
struct Leader {
  UserId user{};
  std::string name{};
  std::int64_t points = 0;
};
std::vector<Leader> leaders(ReadTx& tx, const catalogue::CourseId& course, Instant since);  // who opted in
std::int64_t points_of(ReadTx& tx, const UserId& user, const catalogue::CourseId& course, Instant since);
bool is_opted_in(ReadTx& tx, const UserId& user);

}  // namespace tuition::learning::store
