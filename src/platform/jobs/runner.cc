#include "platform/jobs/runner.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <limits>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "platform/base/check.h"
#include "platform/base/last_moments.h"
#include "platform/jobs/backoff.h"
#include "platform/jobs/leases.h"
#include "platform/jobs/periodic.h"
#include "platform/jobs/queue_state.h"
#include "platform/log/log.h"

// One keeper thread and some workers. The keeper sleeps until the bell rings (a push was committed, a worker is free)
// or a second is over, and then: tells waiters whose patience has ended, renews the leases of what runs, queues lapsed
// leases again, and leases due jobs for the workers that are free. Workers run handlers and write down how they ended.
//
// The second is there because the clock may be moved under us. Without a ring, and before the next job is due, it costs
// a comparison.

namespace tuition::jobs {
namespace {

constexpr Duration look_again = seconds(1);
constexpr Duration lapsed_every = seconds(30);
constexpr Duration forget_every = minutes(10);
constexpr Duration keep_ended = days(7);
constexpr Instant never{std::numeric_limits<std::int64_t>::max()};

}  // namespace

struct Runner::Impl {
  Impl(Queue& a_queue, Database& a_db, const Clock& a_clock, Entropy& an_entropy, JobKinds the_kinds,
       Periodics the_periodics, Size a_size)
      : queue(a_queue),
        db(a_db),
        clock(a_clock),
        entropy(an_entropy),
        kinds(std::move(the_kinds)),
        timetable(std::move(the_periodics)),
        size(a_size) {
    check(size.workers > 0, "there are workers");
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      check(by_name.emplace(kinds[i].name, i).second, "a job kind is named once");
      check(kinds[i].run && kinds[i].attempts_max > 0 && kinds[i].at_once_max > 0, "a job kind can be run");
    }
  }

  // What a worker gets: a leased job, or a periodic task.
  struct Task {
    const JobKind* kind = nullptr;
    Job job{};
    const Periodic* periodic = nullptr;
  };
  struct Held {
    Job job{};
    Instant until{};
    Duration lease{};
  };

  Queue& queue;
  Database& db;
  const Clock& clock;
  Entropy& entropy;
  const JobKinds kinds;
  std::map<std::string_view, std::size_t> by_name;
  Timetable timetable;
  const Size size;

  std::mutex mutex;
  std::condition_variable work;  // for workers
  std::condition_variable idle;  // for drain
  std::deque<Task> ready;
  std::map<JobId, Held> held;              // leased by us, waiting in `ready` or running
  std::map<std::string_view, int> active;  // held, per kind
  int busy = 0;                            // tasks in `ready` or running
  bool draining = false;
  bool stopping = false;

  // The keeper's own.
  Instant next_look{};
  std::int64_t next_lapsed_us = 0;
  std::int64_t next_forget_us = 0;

  std::thread keeper;
  std::vector<std::thread> workers;

  Queue::State& state() { return queue.state(); }

  const JobKind* kind_of(const std::string& name) const {
    const auto found = by_name.find(name);
    return found == by_name.end() ? nullptr : &kinds[found->second];
  }

  // --- Leasing -------------------------------------------------------------------------------------------------------

  // How many more of this kind may run.
  std::int64_t room_for(const JobKind& kind) {
    std::lock_guard lock(mutex);
    const auto found = active.find(kind.name);
    return kind.at_once_max - (found == active.end() ? 0 : found->second);
  }

  // Leases what is due, the longest due first, at most `limit`; sets next_look to when more will be due.
  std::vector<Task> lease_due(std::int64_t limit) {
    const auto now = clock.now();
    next_look = never;
    std::vector<std::pair<Due, const JobKind*>> found;
    db.read([&](ReadTx& tx) {
      for (const auto& kind : kinds) {
        const auto room = std::min(room_for(kind), limit);
        if (room <= 0) continue;  // a worker that ends rings the bell
        const auto first = next_due(tx, kind.name);
        if (!first) continue;
        next_look = std::min(next_look, *first);
        if (*first > now) continue;
        for (auto& each : due(tx, kind.name, now, room)) found.emplace_back(std::move(each), &kind);
      }
    });
    if (found.empty()) return {};
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first.run_at < b.first.run_at; });
    if (static_cast<std::int64_t>(found.size()) > limit) found.resize(static_cast<std::size_t>(limit));

    std::vector<Task> tasks;
    db.write([&](WriteTx& tx) {
      for (const auto& [due_job, kind] : found) {
        auto job = lease(tx, due_job.id, now + kind->lease);
        if (!job) continue;
        job->attempts_max = kind->attempts_max;
        tasks.push_back({kind, std::move(*job), nullptr});
      }
    });
    std::lock_guard lock(mutex);
    for (const auto& task : tasks) {
      held.emplace(task.job.id, Held{task.job, now + task.kind->lease, task.kind->lease});
      ++active[task.kind->name];
    }
    return tasks;
  }

  // A job whose run was cut off by the end of its process or its lease. A job that takes the process down with it must
  // not do so for ever, or at once again.
  void take_back(WriteTx& tx, const Job& job) {
    constexpr std::string_view reason = "the run was cut off";
    const auto* kind = kind_of(job.kind);
    const auto now = clock.now();
    if (kind != nullptr && job.attempt >= kind->attempts_max) {
      give_up(tx, *kind, job, reason);
      return;
    }
    auto run_at = now;
    if (kind != nullptr && job.attempt > 1) {
      run_at = now + backoff(kind->backoff_first, kind->backoff_max, job.attempt, entropy);
    }
    put_back(tx, job, run_at, reason);
  }

  void take_back_all(const std::vector<Job>& jobs) {
    std::vector<Job> lost;
    {
      std::lock_guard lock(mutex);
      for (const auto& job : jobs) {
        if (!held.contains(job.id)) lost.push_back(job);
      }
    }
    if (lost.empty()) return;
    log::warn("job.taken_back", {{"jobs", static_cast<std::uint64_t>(lost.size())}});
    db.write([&](WriteTx& tx) {
      for (const auto& job : lost) take_back(tx, job);
    });
  }

  void recover() {
    take_back_all(db.read([](ReadTx& tx) { return leased(tx); }));
    timetable.load(db, clock.now());
    for (const auto& queued : db.read([](ReadTx& tx) { return queued_kinds(tx); })) {
      if (kind_of(queued.kind) == nullptr) {
        log::warn("job.unknown_kind", {{"kind", queued.kind}, {"jobs", queued.count}});
      }
    }
  }

  void renew_leases() {
    const auto now = clock.now();
    std::vector<Held> old;
    {
      std::lock_guard lock(mutex);
      for (const auto& [id, each] : held) {
        if ((each.until - now).ms < each.lease.ms * 2 / 3) old.push_back(each);
      }
    }
    if (old.empty()) return;
    std::vector<JobId> kept;
    db.write([&](WriteTx& tx) {
      for (const auto& each : old) {
        if (renew(tx, each.job, now + each.lease)) kept.push_back(each.job.id);
      }
    });
    std::lock_guard lock(mutex);
    for (const auto& id : kept) {
      const auto found = held.find(id);
      if (found != held.end()) found->second.until = now + found->second.lease;
    }
  }

  // --- Running -------------------------------------------------------------------------------------------------------

  template <class Run>
  static Outcome guarded(Run&& run) {
    try {
      return run();
    } catch (const std::exception& thrown) {
      return Outcome::later(thrown.what());
    } catch (...) {
      return Outcome::later("something that is no exception was thrown");
    }
  }

  void ended_after_commit(WriteTx& tx, const Job& job, std::string_view why_dead) {
    if (!why_dead.empty()) {
      log::error(
          "job.dead",
          {{"job", job.id.text()}, {"kind", job.kind}, {"attempt", job.attempt}, {"why", std::string(why_dead)}});
    }
    tx.after_commit([this, id = job.id] { state().waiters.finished(id); });
  }

  // False when the lease had been lost.
  bool give_up(WriteTx& tx, const JobKind& kind, const Job& job, std::string_view reason) {
    if (!bury(tx, job, clock.now(), reason)) return false;
    if (kind.given_up) kind.given_up(tx, job, reason);
    ended_after_commit(tx, job, reason);
    return true;
  }

  // False when the lease had been lost, and the outcome is nobody's.
  bool settle(WriteTx& tx, const JobKind& kind, const Job& job, const Outcome& outcome) {
    const auto now = clock.now();
    switch (outcome.sort) {
      case Outcome::Sort::done:
        if (!finish(tx, job, now)) return false;
        ended_after_commit(tx, job, {});
        return true;
      case Outcome::Sort::later:
        if (job.attempt < kind.attempts_max) {
          const auto at =
              outcome.at.value_or(now + backoff(kind.backoff_first, kind.backoff_max, job.attempt, entropy));
          return put_back(tx, job, at, outcome.reason);
        }
        return give_up(tx, kind, job, outcome.reason.empty() ? "given up" : std::string_view(outcome.reason));
      case Outcome::Sort::postponed: return postpone(tx, job, outcome.at.value_or(now), outcome.reason);
      case Outcome::Sort::dead:
        return give_up(tx, kind, job, outcome.reason.empty() ? "given up" : std::string_view(outcome.reason));
    }
    return false;
  }

  // Writes the outcome down, however long the disk is full: it must not be forgotten while the lease is ours.
  void write_down(const JobKind& kind, const Job& job, const Outcome& outcome) {
    for (;;) {
      try {
        bool ours = true;
        db.write([&](WriteTx& tx) { ours = settle(tx, kind, job, outcome); });
        if (!ours) log::warn("job.lease_lost", {{"job", job.id.text()}, {"kind", job.kind}});
        return;
      } catch (const Fault& fault) {
        log::error("job.outcome_not_saved", {{"job", job.id.text()}, {"kind", job.kind}, {"why", fault.what()}});
        std::unique_lock lock(mutex);
        if (!db.healthy() || work.wait_for(lock, std::chrono::seconds(1), [&] { return stopping || draining; })) return;
      }
    }
  }

  void run_job(const Task& task) {
    const log::RequestScope scope(task.job.id.text());
    may_be_lost("job.taken", task.job.kind);
    const auto outcome = guarded([&] { return task.kind->run(task.job); });
    may_be_lost("job.run", task.job.kind);
    if (outcome.sort == Outcome::Sort::later) {
      log::warn("job.later", {{"kind", task.job.kind}, {"attempt", task.job.attempt}, {"why", outcome.reason}});
    }
    write_down(*task.kind, task.job, outcome);
    std::lock_guard lock(mutex);
    held.erase(task.job.id);
    --active[task.kind->name];
  }

  void run_periodic(const Periodic& task) {
    const log::RequestScope scope(task.name);
    const auto began = clock.now();
    const auto outcome = guarded([&] { return task.run(); });
    if (outcome.sort != Outcome::Sort::done) {
      log::warn("task.not_done", {{"task", std::string(task.name)}, {"why", outcome.reason}});
    }
    try {
      timetable.ended(db, task, began, clock.now(), outcome);
    } catch (const Fault& fault) {
      log::error("task.outcome_not_saved", {{"task", std::string(task.name)}, {"why", fault.what()}});
    }
  }

  void run_task(const Task& task) {
    if (task.periodic != nullptr) {
      run_periodic(*task.periodic);
    } else {
      run_job(task);
    }
  }

  // --- Threads -------------------------------------------------------------------------------------------------------

  void hand_out(std::vector<Task> tasks) {
    if (tasks.empty()) return;
    std::lock_guard lock(mutex);
    for (auto& task : tasks) ready.push_back(std::move(task));
    busy += static_cast<int>(tasks.size());
    work.notify_all();
  }

  void work_until_stopped() {
    for (;;) {
      Task task;
      {
        std::unique_lock lock(mutex);
        work.wait(lock, [&] { return stopping || !ready.empty(); });
        if (ready.empty()) return;
        task = std::move(ready.front());
        ready.pop_front();
      }
      run_task(task);
      {
        std::lock_guard lock(mutex);
        --busy;
        idle.notify_all();
      }
      state().bell.ring();
    }
  }

  // Returns how long there is nothing to do, unless the bell rings.
  Duration tick(bool rung) {
    const auto now = clock.now();
    const auto now_us = steady_us();
    auto rest = look_again;
    if (const auto next_us = state().waiters.expire(now, now_us)) {
      rest = std::min(rest, milliseconds((*next_us - now_us) / 1000 + 1));
    }
    renew_leases();
    if (is_draining()) return rest;

    if (now_us >= next_lapsed_us) {
      next_lapsed_us = now_us + lapsed_every.ms * 1000;
      take_back_all(db.read([&](ReadTx& tx) { return lapsed(tx, now); }));
    }
    if (now_us >= next_forget_us) {
      next_forget_us = now_us + forget_every.ms * 1000;
      if (sweep(now) == sweep_full) next_forget_us = 0;
    }
    std::vector<Task> tasks;
    for (const auto* task : timetable.take_due(now)) tasks.push_back({nullptr, {}, task});
    hand_out(std::move(tasks));
    if (rung || now >= next_look) {
      bool leased_some = true;
      for (auto free = free_workers(); leased_some && free > 0; free = free_workers()) {
        auto due_tasks = lease_due(free);
        leased_some = !due_tasks.empty();
        hand_out(std::move(due_tasks));
      }
    }
    // A drain may have begun meanwhile.
    if (is_draining()) give_back_ready();
    // What is due now waits for a worker, who rings when free.
    if (next_look > now) rest = std::min(rest, next_look - now);
    return rest;
  }

  bool is_draining() {
    std::lock_guard lock(mutex);
    return draining;
  }

  static constexpr std::int64_t sweep_full = 500;
  std::int64_t sweep(Instant now) {
    std::int64_t forgotten = 0;
    db.write([&](WriteTx& tx) { forgotten = forget(tx, now - keep_ended); });
    return forgotten;
  }

  std::int64_t free_workers() {
    std::lock_guard lock(mutex);
    return size.workers - busy;
  }

  void keep() {
    bool rung = true;
    for (;;) {
      {
        std::lock_guard lock(mutex);
        if (stopping) return;
      }
      auto rest = look_again;
      try {
        rest = tick(rung);
      } catch (const Fault& fault) {
        // A full disk, most likely: nothing can be leased until there is room.
        log::error("jobs.waiting", {{"why", fault.what()}});
        next_look = {};
      }
      rung = state().bell.wait(rest);
    }
  }

  // Tasks that no worker has begun go back to where they came from.
  void give_back_ready() {
    std::deque<Task> unrun;
    {
      std::lock_guard lock(mutex);
      unrun.swap(ready);
      busy -= static_cast<int>(unrun.size());
      for (const auto& task : unrun) {
        if (task.kind == nullptr) continue;
        held.erase(task.job.id);
        --active[task.kind->name];
      }
    }
    if (unrun.empty()) return;
    try {
      db.write([&](WriteTx& tx) {
        for (const auto& task : unrun) {
          if (task.kind != nullptr) hand_back(tx, task.job);
        }
      });
    } catch (const Fault& fault) {
      // They are taken back after the restart.
      log::error("jobs.not_handed_back", {{"why", fault.what()}});
    }
    for (const auto& task : unrun) {
      if (task.periodic != nullptr) timetable.give_back(*task.periodic);
    }
  }

  bool drain(Duration patience) {
    {
      std::lock_guard lock(mutex);
      draining = true;
      work.notify_all();
    }
    give_back_ready();
    const bool done = becomes_idle(patience);
    state().waiters.give_up();
    return done;
  }

  bool becomes_idle(Duration patience) {
    std::unique_lock lock(mutex);
    return idle.wait_for(lock, std::chrono::milliseconds(patience.ms), [&] { return busy == 0; });
  }

  void stop() {
    if (!keeper.joinable()) return;
    drain(Duration{});
    {
      std::lock_guard lock(mutex);
      stopping = true;
      work.notify_all();
    }
    state().bell.ring();
    for (auto& worker : workers) worker.join();
    keeper.join();
    workers.clear();
  }
};

Runner::Runner(Queue& queue, Database& db, const Clock& clock, Entropy& entropy, JobKinds kinds, Periodics periodics,
               Size size)
    : impl_(std::make_unique<Impl>(queue, db, clock, entropy, std::move(kinds), std::move(periodics), size)) {}

Runner::~Runner() {
  impl_->stop();
  impl_->state().waiters.give_up();
}

void Runner::start() {
  auto& impl = *impl_;
  check(!impl.keeper.joinable(), "jobs are started once");
  impl.recover();
  impl.keeper = std::thread([&impl] { impl.keep(); });
  try {
    for (int i = 0; i < impl.size.workers; ++i) impl.workers.emplace_back([&impl] { impl.work_until_stopped(); });
  } catch (const std::system_error& refused) {
    if (impl.workers.empty()) {
      impl.stop();
      throw;
    }
    log::warn("jobs.fewer_workers", {{"workers", impl.workers.size()}, {"why", refused.what()}});
  }
}

bool Runner::drain(Duration patience) { return impl_->drain(patience); }

void Runner::run_due() {
  auto& impl = *impl_;
  check(!impl.keeper.joinable(), "run_due is for jobs that are not started");
  impl.recover();
  for (bool found = true; found;) {
    found = false;
    for (const auto* task : impl.timetable.take_due(impl.clock.now())) {
      impl.run_periodic(*task);
      found = true;
    }
    for (const auto& task : impl.lease_due(1)) {
      impl.run_job(task);
      found = true;
    }
    impl.state().waiters.expire(impl.clock.now(), steady_us());
  }
  impl.sweep(impl.clock.now());
}

void Runner::poke(std::string_view periodic) {
  impl_->timetable.poke(periodic);
  impl_->state().bell.ring();
}

}  // namespace tuition::jobs
