#pragma once

// What was turned away at the door, in the trail: forbidden routes, limits, forged requests, bad tokens. Somebody who
// is refused may try again at once and for ever, so the trail gets one entry a minute for each sort, source and route,
// and no more than a hundred a minute altogether; the next entry says how many there were in between.

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "platform/base/error.h"
#include "platform/base/time.h"
#include "platform/http/route.h"
#include "platform/storage/database.h"

namespace tuition::audit {

// Safe from any thread; waits for nothing.
class Refusals {
 public:
  Refusals(Database& db, const Clock& clock) : db_(db), clock_(clock) {}
  // By the guard.
  void note(const http::Request& request, const http::Route& route, const Error& error);
  // By a verb: a link, a challenge or a refresh token in the request was none, or none any more.
  void note_token(const http::Request& request, const Error& error);

 private:
  struct Seen {
    Instant told{};
    std::int64_t since = 0;  // how many were not told
  };
  // How many went untold before this one, or nothing if this one is untold too.
  std::optional<std::int64_t> due(const std::string& key, Instant now);

  Database& db_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, Seen> seen_;
  Instant minute_{};
  int in_minute_ = 0;
};

}  // namespace tuition::audit
