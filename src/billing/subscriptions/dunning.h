#pragma once

// When to try again after a payment failed, and how long access goes on meanwhile.

#include <cstdint>
#include <optional>
#include <vector>

#include "platform/base/result.h"
#include "platform/base/time.h"

namespace tuition::billing {

struct DunningPolicy {
  std::vector<std::int64_t> retry_days{1, 3, 5};  // after the first failure
  std::int64_t grace_days = 7;
};

// VALIDATION_ERROR: days in order, each once, none after the grace.
Result<void> check_policy(const DunningPolicy& policy);

// When the next try is due after `failures` of them; none when they are used up: the last one has failed.
std::optional<Instant> next_try(const DunningPolicy& policy, Instant first_failure, std::int64_t failures);

// Until when access goes on.
Instant grace_end(const DunningPolicy& policy, Instant first_failure);

}  // namespace tuition::billing
