#pragma once

#include "sandbox/stripe/account.h"

namespace tuition::sandbox::stripe {

// Changes of a subscription to come: two phases, the present one and the next.

Result<Json> create_schedule(Account& account, const Json& given);
Result<Json> update_schedule(Account& account, const std::string& id, const Json& given);
Result<Json> release_schedule(Account& account, const std::string& id);

// At the end of a period: the next phase begins, if there is one, and the schedule has done its work.
void begin_next_phase(Account& account, Json& subscription);

}  // namespace tuition::sandbox::stripe
