#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "platform/base/entropy.h"
#include "platform/base/page.h"
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
  // passed first, or the runner has stopped. No thread waits meanwhile; `then` runs on a worker, on the timer thread,
  // or at once on this one, and must be brief. Ask after the commit of the push.
  void when_finished(const JobId& id, Duration patience, std::function<void(bool finished)> then);

  // For operators. A dead or cancelled job is queued again, with all its attempts before it.
  Result<void> retry(WriteTx& tx, const JobId& id);
  // A queued or dead job is given up. One that runs cannot be stopped.
  Result<void> discard(WriteTx& tx, const JobId& id);

  // Looks for due work now: after a clock has been moved.
  void poke();

  struct State;  // shared with the runner
  State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

enum class Status { queued, running, done, dead, cancelled };
constexpr auto names_of(Status) {
  return std::array{
      std::pair{Status::queued, std::string_view("queued")}, std::pair{Status::running, std::string_view("running")},
      std::pair{Status::done, std::string_view("done")}, std::pair{Status::dead, std::string_view("dead")},
      std::pair{Status::cancelled, std::string_view("cancelled")}};
}

// A job as operators see it. Done and cancelled ones are forgotten after a week, dead ones only when discarded.
struct JobView {
  JobId id{};
  std::string kind{};
  std::string payload_json{};
  Status status = Status::queued;
  Instant run_at{};
  std::int64_t attempt = 0;
  std::optional<std::string> dedupe_key{};
  std::optional<std::string> last_error{};
  Instant created_at{};
  std::optional<Instant> finished_at{};
};
std::optional<JobView> find(ReadTx& tx, const JobId& id);

// Jobs of one status, those due first at the front. `after` is the `next` of the page before.
Page<JobView> list(ReadTx& tx, Status status, std::int64_t limit, const std::optional<std::string>& after = {});

struct Counts {
  std::int64_t queued = 0;
  std::int64_t running = 0;
  std::int64_t dead = 0;
  std::optional<Instant> oldest_due{};  // the longest overdue job
};
Counts count(ReadTx& tx, Instant now);

}  // namespace tuition::jobs
