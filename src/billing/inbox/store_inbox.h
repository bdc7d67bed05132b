#pragma once

// The SQL of the events that came, and of comparing the books.

#include <optional>
#include <string>
#include <vector>

#include "billing/inbox/inbox_wire.h"
#include "billing/store.h"
#include "platform/base/caller.h"
#include "platform/storage/database.h"

namespace tuition::billing::store {

using ReconcileRunId = Id<struct ReconcileRunTag>;

struct EventFilter {
  std::optional<EventStatus> status{};
  std::optional<std::string> provider{};
  std::optional<std::string> type{};
};
std::vector<EventView> events(ReadTx& tx, const Caller& admin, const EventFilter& filter, const EventId& after,
                              std::int64_t limit);
std::optional<EventView> event_view(ReadTx& tx, const EventId& id);
std::optional<std::string> payload_of(ReadTx& tx, const EventId& id);
// The head it came with, as it was kept; none of one that was fetched.
std::optional<std::string> head_of(ReadTx& tx, const EventId& id);
// To be tried again, whatever became of it.
void reopen_event(WriteTx& tx, const EventId& id);

struct ReconcileRun {
  ReconcileRunId id{};
  std::string provider{};
  Instant since{};
  std::string status{};
  std::int64_t checked = 0;
  std::int64_t fixed = 0;
  std::optional<std::string> error{};
  Instant started_at{};
  std::optional<Instant> done_at{};
  std::int64_t open = 0;
};
void begin_run(WriteTx& tx, const ReconcileRunId& id, const std::string& provider, Instant since, Instant now);
void note_difference(WriteTx& tx, const ReconcileRunId& id, const DifferenceView& difference);
void end_run(WriteTx& tx, const ReconcileRunId& id, std::int64_t checked, const std::optional<std::string>& error,
             Instant now);
std::optional<ReconcileRun> run(ReadTx& tx, const ReconcileRunId& id);
std::vector<ReconcileRun> runs(ReadTx& tx, const Caller& admin, const ReconcileRunId& after, std::int64_t limit);
std::vector<DifferenceView> differences_of(ReadTx& tx, const ReconcileRunId& id);

// Orders and payments with a page that may have been paid, begun since then and not settled here.
struct Unsettled {
  std::string provider{};
  std::string session{};
  std::string reference{};
};
std::vector<Unsettled> unsettled(ReadTx& tx, const std::string& provider, Instant since);
// Live subscriptions that the gateway keeps.
std::vector<Subscription> live_at(ReadTx& tx, const std::string& provider);
// Payments that went through since then.
std::vector<PaymentId> payments_since(ReadTx& tx, const std::string& provider, Instant since);

}  // namespace tuition::billing::store
