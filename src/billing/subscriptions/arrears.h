#pragma once

// Subscriptions whose payment failed: a case from the first failure until it is paid or over. The gateway that renews
// tries again by its own schedule; for the others we do (renewals.h). One mail per try that failed.

#include <optional>
#include <string>

#include "billing/subscriptions/arrears_wire.h"
#include "billing/types.h"
#include "platform/base/caller.h"
#include "platform/base/page.h"
#include "platform/base/result.h"
#include "platform/http/route.h"
#include "platform/storage/database.h"

namespace tuition::billing {

struct Billing;

// A try that failed, told once: the case, the mail. `attempt` counts from 1; `next_at` is the gateway's, where it tries
// by itself.
struct FailedTry {
  std::int64_t attempt = 1;
  std::optional<Instant> next_at{};
  Money amount{};
  std::string pay_at{};  // the gateway's page of what is due, where it has one
};
void note_failure(Billing& billing, WriteTx& tx, const Subscription& subscription, const FailedTry& failed);
// The subscription has left arrears, one way or the other.
void close_arrears(Billing& billing, WriteTx& tx, const SubscriptionId& subscription, bool recovered);

// For administrators.
Result<DunningPolicyView> show_policy(Billing& billing);
Result<DunningPolicyView> set_policy(Billing& billing, const Caller& caller, const DunningPolicyForm& form);
Result<Page<DunningCaseView>> list_cases(Billing& billing, const Caller& caller, const DunningCasesForm& form);
// No further try until it is asked for. CONFLICT when the case is closed or its gateway tries by itself.
Result<DunningCaseView> pause_case(Billing& billing, const Caller& caller, const std::string& id);
// Tries now.
Result<DunningCaseView> retry_case(Billing& billing, const Caller& caller, const std::string& id);

http::Routes arrears_routes(Billing& billing);

}  // namespace tuition::billing
