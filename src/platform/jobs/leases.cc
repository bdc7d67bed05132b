#include "platform/jobs/leases.h"

namespace tuition::jobs {
namespace {

struct LeasedRow {
  JobId id{};
  std::string kind{};
  std::string payload{};
  std::int64_t attempt = 0;
  std::int64_t fence = 0;
};

Job job_of(LeasedRow row) {
  Job job;
  job.id = std::move(row.id);
  job.kind = std::move(row.kind);
  job.payload_json = std::move(row.payload);
  job.attempt = row.attempt;
  job.fence = row.fence;
  return job;
}

std::vector<Job> jobs_of(std::vector<LeasedRow> rows) {
  std::vector<Job> jobs;
  for (auto& row : rows) jobs.push_back(job_of(std::move(row)));
  return jobs;
}

}  // namespace

std::optional<Instant> next_due(ReadTx& tx, std::string_view kind) {
  return tx.one<std::optional<Instant>>("SELECT min(run_at) FROM jobs WHERE status = 'queued' AND kind = ?1", kind)
      .value_or(std::nullopt);
}

std::vector<Due> due(ReadTx& tx, std::string_view kind, Instant now, std::int64_t limit) {
  return tx.many<Due>(
      "SELECT id, run_at FROM jobs WHERE status = 'queued' AND kind = ?1 AND run_at <= ?2 ORDER BY run_at LIMIT ?3",
      kind, now, limit);
}

std::optional<Job> lease(WriteTx& tx, const JobId& id, Instant until) {
  auto row = tx.one<LeasedRow>(
      "UPDATE jobs SET status = 'running', attempt = attempt + 1, fence = fence + 1, lease_until = ?2 "
      "WHERE id = ?1 AND status = 'queued' RETURNING id, kind, payload, attempt, fence",
      id, until);
  if (!row) return std::nullopt;
  return job_of(std::move(*row));
}

bool renew(WriteTx& tx, const Job& job, Instant until) {
  return tx.execute("UPDATE jobs SET lease_until = ?3 WHERE id = ?1 AND fence = ?2 AND status = 'running'", job.id,
                    job.fence, until) == 1;
}

bool finish(WriteTx& tx, const Job& job, Instant now) {
  return tx.execute(
             "UPDATE jobs SET status = 'done', lease_until = NULL, last_error = NULL, finished_at = ?3 "
             "WHERE id = ?1 AND fence = ?2 AND status = 'running'",
             job.id, job.fence, now) == 1;
}

bool put_back(WriteTx& tx, const Job& job, Instant run_at, std::string_view reason) {
  return tx.execute(
             "UPDATE jobs SET status = 'queued', lease_until = NULL, run_at = ?3, last_error = ?4 "
             "WHERE id = ?1 AND fence = ?2 AND status = 'running'",
             job.id, job.fence, run_at, reason) == 1;
}

bool postpone(WriteTx& tx, const Job& job, Instant run_at, std::string_view reason) {
  return tx.execute(
             "UPDATE jobs SET status = 'queued', lease_until = NULL, attempt = attempt - 1, run_at = ?3, "
             "last_error = ?4 WHERE id = ?1 AND fence = ?2 AND status = 'running'",
             job.id, job.fence, run_at, reason) == 1;
}

bool bury(WriteTx& tx, const Job& job, Instant now, std::string_view reason) {
  return tx.execute(
             "UPDATE jobs SET status = 'dead', lease_until = NULL, finished_at = ?3, last_error = ?4 "
             "WHERE id = ?1 AND fence = ?2 AND status = 'running'",
             job.id, job.fence, now, reason) == 1;
}

bool hand_back(WriteTx& tx, const Job& job) {
  return tx.execute(
             "UPDATE jobs SET status = 'queued', lease_until = NULL, attempt = attempt - 1 "
             "WHERE id = ?1 AND fence = ?2 AND status = 'running'",
             job.id, job.fence) == 1;
}

std::vector<Job> lapsed(ReadTx& tx, Instant at) {
  return jobs_of(tx.many<LeasedRow>(
      "SELECT id, kind, payload, attempt, fence FROM jobs WHERE status = 'running' AND lease_until <= ?1", at));
}

std::vector<Job> leased(ReadTx& tx) {
  return jobs_of(tx.many<LeasedRow>("SELECT id, kind, payload, attempt, fence FROM jobs WHERE status = 'running'"));
}

std::int64_t forget(WriteTx& tx, Instant before) {
  return tx.execute(
      "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE status IN ('done', 'cancelled') AND finished_at < ?1 "
      "ORDER BY finished_at LIMIT 500)",
      before);
}

std::vector<QueuedKind> queued_kinds(ReadTx& tx) {
  return tx.many<QueuedKind>("SELECT kind, count(*) FROM jobs WHERE status = 'queued' GROUP BY kind");
}

}  // namespace tuition::jobs
