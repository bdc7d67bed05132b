#pragma once

#include <mutex>
#include <shared_mutex>
#include <unordered_set>

#include "accounts/types.h"

namespace tuition::accounts {

// Whose sign-in takes a second step, in memory, so that no request asks the database where staff must have one. Safe
// from any thread.
class KnownFactors {
 public:
  void put(const UserId& user) {
    std::unique_lock lock(mutex_);
    people_.insert(user);
  }
  void drop(const UserId& user) {
    std::unique_lock lock(mutex_);
    people_.erase(user);
  }
  bool has(const UserId& user) const {
    std::shared_lock lock(mutex_);
    return people_.contains(user);
  }

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_set<UserId> people_;
};

}  // namespace tuition::accounts
