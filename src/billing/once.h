#pragma once

#include <functional>
#include <string>

#include "platform/base/id.h"
#include "platform/base/result.h"
#include "platform/base/time.h"
#include "platform/storage/database.h"

// What creates money happens once for each Idempotency-Key that a caller sends (platform/jobs/once.h).
namespace tuition::billing {

struct OnceKey {
  std::string key{};  // as it was sent; empty: none, and everything counts
  UserId user{};      // empty: nobody in particular, and the body tells one from another
  std::string route{};
  std::string body{};  // what was asked for, in one text
};

// What the first use of the key made, if there was one; empty otherwise. IDEMPOTENCY_MISMATCH when that was for another
// body.
Result<std::string> made_before(ReadTx& tx, const OnceKey& use);
// The id of what was made by the first use of the key, which may be this one.
Result<std::string> once(WriteTx& tx, const OnceKey& use, Instant now,
                         const std::function<Result<std::string>()>& make);

}  // namespace tuition::billing
