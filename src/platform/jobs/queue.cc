#include "platform/jobs/queue.h"

#include <limits>

#include "platform/base/text.h"
#include "platform/jobs/queue_state.h"

namespace tuition::jobs {
namespace {

std::optional<Status> status_of(ReadTx& tx, const JobId& id) {
  return tx.one<Status>("SELECT status FROM jobs WHERE id = ?1", id);
}

bool has_ended(Status status) {
  switch (status) {
    case Status::queued:
    case Status::running: return false;
    case Status::done:
    case Status::dead:
    case Status::cancelled: return true;
  }
  return true;
}

}  // namespace

Queue::Queue(Database& db, const Clock& clock, Entropy& entropy) : state_(new State{db, clock, entropy}) {}
Queue::~Queue() = default;

JobId Queue::push(WriteTx& tx, NewJob job) {
  auto& state = *state_;
  const auto now = state.clock.now();
  const auto id = new_id<struct JobTag>(state.clock, state.entropy);
  const auto made = tx.execute(
      "INSERT INTO jobs (id, kind, payload, status, run_at, dedupe_key, created_at) "
      "VALUES (?1, ?2, ?3, 'queued', ?4, ?5, ?6) "
      "ON CONFLICT (dedupe_key) WHERE status IN ('queued', 'running') DO NOTHING",
      id, job.kind, job.payload_json, job.run_at.value_or(now), job.dedupe_key, now);
  if (made == 0) {
    return tx
        .one<JobId>("SELECT id FROM jobs WHERE dedupe_key = ?1 AND status IN ('queued', 'running')", job.dedupe_key)
        .value();
  }
  tx.after_commit([&state] { state.bell.ring(); });
  return id;
}

void Queue::when_finished(const JobId& id, Duration patience, std::function<void(bool)> then) {
  auto& state = *state_;
  state.waiters.add(id, {state.clock.now() + patience, steady_us() + patience.ms * 1000}, std::move(then));
  state.bell.ring();
  // It may have ended before we waited for it.
  try {
    const auto status = state.db.read([&](ReadTx& tx) { return status_of(tx, id); });
    if (!status || has_ended(*status)) state.waiters.finished(id);
  } catch (const Fault&) {
    // Then the wait lasts as long as patience does.
  }
}

Result<void> Queue::retry(WriteTx& tx, const JobId& id) {
  auto& state = *state_;
  const auto status = status_of(tx, id);
  if (!status) return not_found("There is no such job.");
  if (*status != Status::dead && *status != Status::cancelled) {
    return conflict("JOB_NOT_DEAD", "Only a job that is dead or cancelled can be queued again.");
  }
  if (!tx.attempt("UPDATE jobs SET status = 'queued', attempt = 0, run_at = ?2, finished_at = NULL WHERE id = ?1", id,
                  state.clock.now())) {
    return conflict("JOB_REPLACED", "Another job has taken this one's place.");
  }
  tx.after_commit([&state] { state.bell.ring(); });
  return {};
}

Result<void> Queue::discard(WriteTx& tx, const JobId& id) {
  auto& state = *state_;
  const auto status = status_of(tx, id);
  if (!status) return not_found("There is no such job.");
  if (*status != Status::queued && *status != Status::dead) {
    return conflict("JOB_NOT_WAITING", "Only a job that is queued or dead can be discarded.");
  }
  tx.execute("UPDATE jobs SET status = 'cancelled', finished_at = ?2 WHERE id = ?1", id, state.clock.now());
  tx.after_commit([&state, id] { state.waiters.finished(id); });
  return {};
}

void Queue::poke() { state_->bell.ring(); }

std::optional<JobView> find(ReadTx& tx, const JobId& id) {
  return tx.one<JobView>(
      "SELECT id, kind, payload, status, run_at, attempt, dedupe_key, last_error, created_at, finished_at FROM jobs "
      "WHERE id = ?1",
      id);
}

Page<JobView> list(ReadTx& tx, Status status, std::int64_t limit, const std::optional<std::string>& after) {
  // The place of the last one shown: its run_at and id.
  std::int64_t after_ms = std::numeric_limits<std::int64_t>::min();
  std::string after_id;
  if (after) {
    const auto place = from_base64url(*after).value_or("");
    const auto space = place.find(' ');
    after_ms = parse_integer(place.substr(0, space)).value_or(after_ms);
    if (space != std::string::npos) after_id = place.substr(space + 1);
  }
  Page<JobView> page;
  page.limit = limit;
  page.rows = tx.many<JobView>(
      "SELECT id, kind, payload, status, run_at, attempt, dedupe_key, last_error, created_at, finished_at FROM jobs "
      "WHERE status = ?1 AND (run_at, id) > (?2, ?3) ORDER BY run_at, id LIMIT ?4",
      status, after_ms, after_id, limit + 1);
  if (static_cast<std::int64_t>(page.rows.size()) > limit) {
    page.rows.pop_back();
    const auto& last = page.rows.back();
    page.next = to_base64url(std::to_string(last.run_at.ms) + " " + last.id.text());
  }
  return page;
}

Counts count(ReadTx& tx, Instant now) {
  Counts counts;
  tx.each("SELECT status, count(*) FROM jobs WHERE status IN ('queued', 'running', 'dead') GROUP BY status",
          [&](Row& row) {
            const auto status = row.get<Status>();
            const auto number = row.get<std::int64_t>();
            if (status == Status::queued) counts.queued = number;
            if (status == Status::running) counts.running = number;
            if (status == Status::dead) counts.dead = number;
          });
  counts.oldest_due =
      tx.one<std::optional<Instant>>("SELECT min(run_at) FROM jobs WHERE status = 'queued' AND run_at <= ?1", now)
          .value_or(std::nullopt);
  return counts;
}

}  // namespace tuition::jobs
