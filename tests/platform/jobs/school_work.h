#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "app/embedded.h"
#include "platform/base/check.h"
#include "platform/crypto/system_entropy.h"
#include "platform/jobs/runner.h"
#include "platform/storage/migrate.h"
#include "platform/storage/open.h"

namespace tuition::jobs {

// A queue in a database of its own, and a clock that stands until it is moved.
struct SchoolWork {
  class MovedClock final : public Clock {
   public:
    Instant now() const override { return {ms.load()}; }
    void pass(Duration by) { ms.fetch_add(by.ms); }

   private:
    std::atomic<std::int64_t> ms{1'800'000'000'000};
  };

  MovedClock clock{};
  crypto::SystemEntropy entropy{};
  std::unique_ptr<Database> db = made(clock);
  Queue queue{*db, clock, entropy};

  static std::unique_ptr<Database> made(const Clock& clock) {
    auto database = storage::open_temporary();
    const auto schema = app::embedded_schema();
    check(!schema.empty() && schema.front().path == "0001_jobs.sql", "the first migration makes the queue");
    check(storage::migrate(*database, schema.first(1), clock).ok(), "the queue's migration applies");
    return database;
  }

  std::unique_ptr<Runner> runner(JobKinds kinds, Periodics periodics = {}, Runner::Size size = {}) {
    return std::make_unique<Runner>(queue, *db, clock, entropy, std::move(kinds), std::move(periodics), size);
  }

  JobId push(NewJob job) {
    JobId id;
    db->write([&](WriteTx& tx) { id = queue.push(tx, std::move(job)); });
    return id;
  }
  JobId add(std::string kind, std::string payload = "{}") { return push(NewJob{std::move(kind), std::move(payload)}); }

  JobView job(const JobId& id) {
    return db->read([&](ReadTx& tx) { return find(tx, id).value(); });
  }
};

// A kind of job named "work" that runs `run`.
inline JobKind work(std::function<Outcome(const Job&)> run) {
  JobKind kind;
  kind.name = "work";
  kind.sentence = "Works.";
  kind.run = std::move(run);
  return kind;
}

}  // namespace tuition::jobs
