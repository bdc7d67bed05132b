#pragma once

// What gateways told us, for administrators: why an event failed, again, and what never came. And comparing our books
// with theirs: every night, and when somebody asks.

#include <optional>
#include <string>

#include "billing/inbox/inbox_wire.h"
#include "billing/pages.h"
#include "platform/base/caller.h"
#include "platform/base/page.h"
#include "platform/base/result.h"
#include "platform/http/route.h"
#include "platform/jobs/job.h"

namespace tuition::billing {

struct Billing;
class Gateway;

Result<Page<EventView>> list_events(Billing& billing, const Caller& caller, const EventsForm& form);
Result<WholeEventView> show_event(Billing& billing, const Caller& caller, const EventId& id);
// Applies it again, whatever became of it.
Result<EventView> reprocess_event(Billing& billing, const Caller& caller, const EventId& id);
// Asks a gateway for its events since then; those that never came are kept and applied like the others.
Result<FetchedView> fetch_missed(Billing& billing, const Caller& caller, const FetchForm& form);

// Begins a run; a job carries it out.
Result<ReconcileRunView> begin_reconcile(Billing& billing, const Caller& caller, const ReconcileForm& form);
// Begins a run and carries it out.
Result<WholeRunView> reconcile_now(Billing& billing, const Caller& caller, const ReconcileForm& form);
// Carries out a run, and answers it whole.
Result<WholeRunView> reconcile(Billing& billing, const std::string& run);
jobs::Outcome reconcile_nightly(Billing& billing);

Result<Page<ReconcileRunView>> list_runs(Billing& billing, const Caller& caller, const NextPageForm& form);
Result<WholeRunView> show_run(Billing& billing, const Caller& caller, const std::string& id);

http::Routes inbox_routes(Billing& billing);

}  // namespace tuition::billing
