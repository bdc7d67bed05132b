#include "billing/subscriptions/dunning.h"

namespace tuition::billing {

Result<void> check_policy(const DunningPolicy& policy) {
  std::int64_t before = 0;
  for (const auto day : policy.retry_days) {
    if (day <= before) return invalid_field("retryDays", "must be whole days in order, each once");
    if (day > policy.grace_days) return invalid_field("retryDays", "must not be after the days of grace");
    before = day;
  }
  return {};
}

std::optional<Instant> next_try(const DunningPolicy& policy, Instant first_failure, std::int64_t failures) {
  if (failures < 1 || failures > static_cast<std::int64_t>(policy.retry_days.size())) return std::nullopt;
  return first_failure + days(policy.retry_days[static_cast<std::size_t>(failures - 1)]);
}

Instant grace_end(const DunningPolicy& policy, Instant first_failure) {
  return first_failure + days(policy.grace_days);
}

}  // namespace tuition::billing
