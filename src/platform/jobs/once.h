#pragma once

// Requests that may come twice. Whoever sends an Idempotency-Key and gets no answer sends the same once more: the key,
// within a day, says that it is the same one. What the first has made is remembered in the transaction that makes it.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "platform/base/id.h"
#include "platform/base/result.h"
#include "platform/storage/database.h"

namespace tuition::jobs {

struct Asked {
  std::string key{};
  UserId user{};  // a key is the caller's own
  std::string route{};
  std::string body_hash{};  // of whatever makes two requests different
};

// A key that is too long is a problem of the field Idempotency-Key. Empty is fine: there is none.
Result<void> check_key(std::string_view key);

// What the first request with this key has made; none when there was no such request, or no key. IDEMPOTENCY_MISMATCH
// when that one was another.
Result<std::optional<std::string>> made_before(ReadTx& tx, const Asked& asked);

// `made` is what made_before() is to answer from now on. Nothing where there is no key.
void remember(WriteTx& tx, const Asked& asked, const std::string& made, Instant now);

// What the first request with the key has made, which may be this one: then `make` makes it, and it is remembered.
Result<std::string> once(WriteTx& tx, const Asked& asked, Instant now,
                         const std::function<Result<std::string>()>& make);

std::int64_t forget_keys(WriteTx& tx, Instant before);

}  // namespace tuition::jobs
