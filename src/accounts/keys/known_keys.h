#pragma once

#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "accounts/types.h"

namespace tuition::accounts {

// The API keys that work, in memory, so that no request asks the database who it comes from; and when each was last
// used, until that is written down (api_keys.h). Safe from any thread.
class KnownKeys {
 public:
  struct Key {
    std::string id{};
    UserId user{};
    std::vector<std::string> scopes{};
    std::optional<Instant> expires_at{};
  };

  void add(const std::string& digest, Key key);
  void drop(const std::string& id);
  void drop_all_of(const UserId& user);
  std::optional<Key> find(const std::string& digest) const;

  void note_use(const std::string& id, Instant now);
  std::optional<Instant> used_at(const std::string& id) const;
  struct Use {
    std::string id{};
    Instant at{};
  };
  // What was not taken yet.
  std::vector<Use> take_uses();

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, Key> keys_;  // by digest
  mutable std::mutex uses_mutex_;
  struct Used {
    Instant at{};
    bool taken = false;
  };
  std::unordered_map<std::string, Used> uses_;  // by id
};

}  // namespace tuition::accounts
