#pragma once

#include "platform/jobs/job.h"

namespace tuition::billing {

struct Billing;

// Who began an order and let its page close without paying is reminded of it once, some hours later: unless they have
// what it was for by now, have another page open, or have said in their profile that they want no such mail.
jobs::Outcome remind_of_orders(Billing& billing);

}  // namespace tuition::billing
