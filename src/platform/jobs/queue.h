#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "platform/base/entropy.h"
#include "platform/jobs/job.h"
#include "platform/storage/database.h"

namespace tuition::jobs {

// The durable queue. Safe from any thread.
class Queue {
 public:
  Queue(Database& db, const Clock& clock, Entropy& entropy);
  ~Queue();

  // Queued when the caller's transaction commits, and workers are woken then. With a dedupe key that is live already,
  // returns that job's id.
  JobId push(WriteTx& tx, NewJob job);

  // Calls `then(finished)` once: true when the job has ended (done, dead or cancelled), false when `patience` has
  // passed first. No thread waits meanwhile; `then` runs on a worker or the timer thread and must be brief. Ask after
  // the commit of the push.
  void when_finished(const JobId& id, Duration patience, std::function<void(bool finished)> then);

  struct State;  // shared with the runner
  State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

struct Counts {
  std::int64_t queued = 0;
  std::int64_t running = 0;
  std::int64_t dead = 0;
  std::optional<Instant> oldest_due{};  // the longest overdue job
};
Counts count(ReadTx& tx, Instant now);

}  // namespace tuition::jobs
