#include "accounts/keys/known_keys.h"

namespace tuition::accounts {

void KnownKeys::add(const std::string& digest, Key key) {
  std::unique_lock lock(mutex_);
  keys_[digest] = std::move(key);
}

void KnownKeys::drop(const std::string& id) {
  std::unique_lock lock(mutex_);
  std::erase_if(keys_, [&](const auto& each) { return each.second.id == id; });
}

void KnownKeys::drop_all_of(const UserId& user) {
  std::unique_lock lock(mutex_);
  std::erase_if(keys_, [&](const auto& each) { return each.second.user == user; });
}

std::optional<KnownKeys::Key> KnownKeys::find(const std::string& digest) const {
  std::shared_lock lock(mutex_);
  const auto found = keys_.find(digest);
  if (found == keys_.end()) return std::nullopt;
  return found->second;
}

void KnownKeys::note_use(const std::string& id, Instant now) {
  std::lock_guard lock(uses_mutex_);
  uses_[id] = {now, false};
}

std::optional<Instant> KnownKeys::used_at(const std::string& id) const {
  std::lock_guard lock(uses_mutex_);
  const auto found = uses_.find(id);
  if (found == uses_.end()) return std::nullopt;
  return found->second.at;
}

std::vector<KnownKeys::Use> KnownKeys::take_uses() {
  std::lock_guard lock(uses_mutex_);
  std::vector<Use> taken;
  for (auto& [id, used] : uses_) {
    if (!used.taken) taken.push_back({id, used.at});
    used.taken = true;
  }
  return taken;
}

}  // namespace tuition::accounts
