#pragma once

#include <vector>

#include "learning/types.h"
#include "learning/usage/usage.h"
#include "platform/base/caller.h"
#include "platform/storage/database.h"

// The statements about how much somebody has learned.
namespace tuition::learning::store {

std::vector<Deed> deeds_since(ReadTx& tx, const UserId& user, Instant since);
std::int64_t quizzes_taken(ReadTx& tx, const UserId& user);
std::int64_t practice_finished(ReadTx& tx, const UserId& user);

}  // namespace tuition::learning::store
