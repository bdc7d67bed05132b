#include "platform/jobs/runner.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "platform/jobs/leases.h"
#include "school_work.h"

namespace tuition::jobs {
namespace {

// Counts down; others wait until it has.
class Countdown {
 public:
  explicit Countdown(int from) : left_(from) {}
  void count() {
    std::lock_guard lock(mutex_);
    --left_;
    zero_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    zero_.wait(lock, [&] { return left_ <= 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable zero_;
  int left_;
};

void wait_for(SchoolWork& school, const JobId& id) {
  std::promise<bool> ended;
  school.queue.when_finished(id, minutes(1), [&](bool finished) { ended.set_value(finished); });
  REQUIRE(ended.get_future().get());
}

}  // namespace

TEST_CASE("workers run what is pushed while they are started, and every job once") {
  SchoolWork school;
  constexpr int jobs = 200;
  Countdown left(jobs);
  std::mutex mutex;
  std::vector<std::string> seen;
  auto runner = school.runner({work([&](const Job& job) {
    {
      std::lock_guard lock(mutex);
      seen.push_back(job.payload_json);
    }
    left.count();
    return Outcome::done();
  })});
  runner->start();
  for (int i = 0; i < jobs; ++i) school.add("work", std::to_string(i));
  left.wait();
  REQUIRE(runner->drain(minutes(1)));
  std::sort(seen.begin(), seen.end());
  CHECK(std::unique(seen.begin(), seen.end()) == seen.end());
  CHECK(seen.size() == jobs);
}

TEST_CASE("no more of one kind run at once than it allows, and other kinds pass by") {
  SchoolWork school;
  std::atomic<int> running{0}, most{0};
  std::promise<void> go;
  auto open = go.get_future().share();
  auto slow = work([&](const Job&) {
    const int now = ++running;
    most = std::max(most.load(), now);
    open.wait();
    --running;
    return Outcome::done();
  });
  slow.name = "slow";
  slow.at_once_max = 2;
  auto runner = school.runner({slow, work([](const Job&) { return Outcome::done(); })}, {}, {4});
  std::vector<JobId> ids;
  for (int i = 0; i < 6; ++i) ids.push_back(school.add("slow"));
  runner->start();
  wait_for(school, school.add("work"));
  go.set_value();
  for (const auto& id : ids) wait_for(school, id);
  CHECK(most <= 2);
}

TEST_CASE("a clock that is moved makes waiting work due") {
  SchoolWork school;
  auto runner = school.runner({work([](const Job&) { return Outcome::done(); })});
  runner->start();
  const auto id = school.push({.kind = "work", .run_at = school.clock.now() + days(30)});
  school.clock.pass(days(31));
  wait_for(school, id);
}

TEST_CASE("a job that runs keeps its lease, however far the clock moves") {
  SchoolWork school;
  std::promise<void> begun, go;
  std::atomic<int> runs{0};
  auto runner = school.runner({work([&](const Job&) {
    if (++runs == 1) begun.set_value();
    go.get_future().wait();
    return Outcome::done();
  })});
  runner->start();
  const auto id = school.add("work");
  begun.get_future().wait();
  school.clock.pass(days(2));
  school.queue.poke();
  // Renewed: the lease reaches beyond the moved clock.
  for (;;) {
    const auto over = school.db->read([&](ReadTx& tx) { return lapsed(tx, school.clock.now()).size(); });
    if (over == 0) break;
    std::this_thread::yield();
  }
  go.set_value();
  wait_for(school, id);
  CHECK(runs == 1);
  CHECK(school.job(id).attempt == 1);
}

TEST_CASE("a worker whose job was taken back does not end it") {
  SchoolWork school;
  std::promise<void> begun, go;
  auto runner = school.runner({work([&](const Job&) {
    begun.set_value();
    go.get_future().wait();
    return Outcome::done();
  })});
  runner->start();
  const auto id = school.add("work");
  begun.get_future().wait();
  // Somebody else takes the lease away, and gives the job up.
  school.db->write([&](WriteTx& tx) {
    const auto held = leased(tx);
    REQUIRE(held.size() == 1);
    REQUIRE(bury(tx, held[0], school.clock.now(), "taken"));
  });
  go.set_value();
  CHECK(runner->drain(minutes(1)));
  CHECK(school.job(id).status == Status::dead);
  CHECK(school.job(id).last_error == "taken");
}

TEST_CASE("a drain begins nothing new and says whether something still runs") {
  SchoolWork school;
  std::promise<void> begun, go;
  auto runner = school.runner({work([&](const Job& job) {
                                if (job.payload_json == "1") {
                                  begun.set_value();
                                  go.get_future().wait();
                                }
                                return Outcome::done();
                              })},
                              {}, {1});
  runner->start();
  const auto running = school.add("work", "1");
  begun.get_future().wait();
  const auto waiting = school.add("work", "2");
  CHECK_FALSE(runner->drain(milliseconds(1)));
  go.set_value();
  CHECK(runner->drain(minutes(1)));
  CHECK(school.job(running).status == Status::done);
  CHECK(school.job(waiting).status == Status::queued);
  CHECK(school.job(waiting).attempt == 0);
}

TEST_CASE("what was running when a runner went runs in the next one") {
  SchoolWork school;
  const auto id = school.add("work");
  school.db->write([&](WriteTx& tx) { REQUIRE(lease(tx, id, school.clock.now() + hours(1))); });
  auto runner = school.runner({work([](const Job&) { return Outcome::done(); })});
  runner->start();
  wait_for(school, id);
  CHECK(school.job(id).attempt == 2);
}

TEST_CASE("a waiter's patience ends while workers do something else") {
  SchoolWork school;
  auto runner = school.runner({work([](const Job&) { return Outcome::done(); })});
  runner->start();
  const auto id = school.push({.kind = "work", .run_at = school.clock.now() + hours(1)});
  std::promise<bool> heard;
  school.queue.when_finished(id, milliseconds(5), [&](bool finished) { heard.set_value(finished); });
  CHECK_FALSE(heard.get_future().get());
}

TEST_CASE("a periodic task runs on a worker when its time comes, and not twice at once") {
  SchoolWork school;
  std::atomic<int> at_once{0}, runs{0};
  std::atomic<bool> overlapped{false};
  auto runner = school.runner({}, {{"often", "Ticks.", minutes(1), [&] {
                                      if (++at_once > 1) overlapped = true;
                                      std::this_thread::yield();
                                      --at_once;
                                      ++runs;
                                      return Outcome::done();
                                    }}});
  runner->start();
  while (runs < 3) {
    school.clock.pass(seconds(10));
    school.queue.poke();
    std::this_thread::yield();
  }
  runner->drain(minutes(1));
  CHECK_FALSE(overlapped);
}

}  // namespace tuition::jobs
