#pragma once

// Places at which a machine may be lost: the power fails, somebody pulls the plug. What follows from a payment is
// written so that this may happen anywhere; tests of that need places with names. Nothing is ever armed but by the
// development pages (sandbox/dev_pages.cc), so a school that serves passes them without a thought.
//
// The state is the process's own, not any component's: it is the process that is lost.

#include <string>
#include <string_view>

namespace tuition {

// A place, of a kind of thing where several pass it: ("job.taken", "billing.apply_event"). Safe from any thread.
void may_be_lost(std::string_view place, std::string_view of = {});

// Whoever passes that place next takes the process along, as kill -9 does: no destructor runs, nothing is flushed.
// "job.taken:billing.apply_event" names a kind. Empty: nowhere.
void lose_at(std::string place);

}  // namespace tuition
