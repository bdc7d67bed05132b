#include "outreach/delivery.h"
#include "outreach/outreach.h"

namespace tuition::outreach {

jobs::JobKinds job_kinds(Outreach& outreach) {
  return {
      {.name = send_job,
       .sentence = "Sends one mail.",
       .run = [&outreach](const jobs::Job& job) { return deliver(outreach, job); },
       .attempts_max = 14,
       .at_once_max = 2,  // a mail server that hangs must not hold every worker
       .backoff_first = seconds(10),
       .backoff_max = hours(6)},
  };
}

}  // namespace tuition::outreach
