#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "entitlements/types.h"

namespace tuition::entitlements {

using Rights =
    std::shared_ptr<const std::vector<Right>>;  // shared: a reader keeps what it found while others replace it

// The rights of the people seen lately. Times are judged at every question, so a remembered right ends by itself; only
// a change of the ledger must be told, by forget() once it is committed.
//
// A reader may have looked at the ledger just before a change and remember just after it. So: take a ticket before
// reading, and remember() refuses what was read under an old one. Safe from any thread.
class Cache {
 public:
  Rights find(const UserId& user) const;
  std::uint64_t ticket(const UserId& user) const;
  void remember(const UserId& user, Rights rights, std::uint64_t ticket);
  void forget(const UserId& user);

 private:
  struct Shelf {
    mutable std::mutex mutex;
    std::uint64_t changes = 0;
    std::unordered_map<UserId, Rights> by_user;
  };
  static constexpr std::size_t shelf_count = 16;
  static constexpr std::size_t shelf_size_max = 2048;

  Shelf& shelf_of(const UserId& user) { return shelves_[std::hash<UserId>{}(user) % shelf_count]; }
  const Shelf& shelf_of(const UserId& user) const { return shelves_[std::hash<UserId>{}(user) % shelf_count]; }

  std::array<Shelf, shelf_count> shelves_;
};

}  // namespace tuition::entitlements
