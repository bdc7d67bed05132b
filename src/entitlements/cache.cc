#include "entitlements/cache.h"

#include <utility>

namespace tuition::entitlements {

Rights Cache::find(const UserId& user) const {
  const auto& shelf = shelf_of(user);
  std::lock_guard lock(shelf.mutex);
  const auto found = shelf.by_user.find(user);
  return found == shelf.by_user.end() ? nullptr : found->second;
}

std::uint64_t Cache::ticket(const UserId& user) const {
  const auto& shelf = shelf_of(user);
  std::lock_guard lock(shelf.mutex);
  return shelf.changes;
}

void Cache::remember(const UserId& user, Rights rights, std::uint64_t ticket) {
  auto& shelf = shelf_of(user);
  std::lock_guard lock(shelf.mutex);
  if (shelf.changes != ticket) return;
  if (shelf.by_user.size() >= shelf_size_max) shelf.by_user.erase(shelf.by_user.begin());
  shelf.by_user.insert_or_assign(user, std::move(rights));
}

void Cache::forget(const UserId& user) {
  auto& shelf = shelf_of(user);
  std::lock_guard lock(shelf.mutex);
  ++shelf.changes;
  shelf.by_user.erase(user);
}

}  // namespace tuition::entitlements
