#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/jobs/job.h"
#include "platform/storage/database.h"

namespace tuition::jobs {

// What the runner does to rows of jobs. A lease makes a job one worker's until its time is over; its fence grows each
// time, and what is done in a lease's name has no effect once the fence has moved on.

struct Due {
  JobId id{};
  Instant run_at{};
};
// When the next job of this kind is due.
std::optional<Instant> next_due(ReadTx& tx, std::string_view kind);
std::vector<Due> due(ReadTx& tx, std::string_view kind, Instant now, std::int64_t limit);

// Null when the job is not queued any more.
std::optional<Job> lease(WriteTx& tx, const JobId& id, Instant until);
// Each is false when the lease has been lost.
bool renew(WriteTx& tx, const Job& job, Instant until);
bool finish(WriteTx& tx, const Job& job, Instant now);
bool put_back(WriteTx& tx, const Job& job, Instant run_at, std::string_view reason);
// The same, and the run does not count as an attempt.
bool postpone(WriteTx& tx, const Job& job, Instant run_at, std::string_view reason);
bool bury(WriteTx& tx, const Job& job, Instant now, std::string_view reason);
// As if it had never been leased.
bool hand_back(WriteTx& tx, const Job& job);

// Leases that are over at `at`.
std::vector<Job> lapsed(ReadTx& tx, Instant at);
// Every lease.
std::vector<Job> leased(ReadTx& tx);

// Forgets done and cancelled jobs that ended before `before`, some at a time; how many.
std::int64_t forget(WriteTx& tx, Instant before);

// Kinds that stand in the queue, with how many jobs of each.
struct QueuedKind {
  std::string kind{};
  std::int64_t count = 0;
};
std::vector<QueuedKind> queued_kinds(ReadTx& tx);

}  // namespace tuition::jobs
