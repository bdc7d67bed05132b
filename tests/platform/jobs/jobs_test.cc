#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

#include "platform/jobs/backoff.h"
#include "platform/jobs/leases.h"
#include "platform/jobs/periodic.h"
#include "platform/jobs/queue.h"
#include "platform/jobs/runner.h"
#include "school_work.h"
#include "uses_index.h"

namespace tuition::jobs {
namespace {

// What a life ended in, as one word and a number.
std::string standing(SchoolWork& school, const JobId& id) {
  const auto job = school.job(id);
  return std::string(name_of(job.status)) + " " + std::to_string(job.attempt);
}

}  // namespace

TEST_CASE("a job runs once it is committed, with its payload") {
  SchoolWork school;
  std::vector<std::string> seen;
  auto runner = school.runner({work([&](const Job& job) {
    seen.push_back(job.payload_json + " " + std::to_string(job.attempt) + "/" + std::to_string(job.attempts_max));
    return Outcome::done();
  })});
  const auto id = school.add("work", R"({"mail":1})");
  CHECK(standing(school, id) == "queued 0");
  runner->run_due();
  CHECK(seen == std::vector<std::string>{R"({"mail":1} 1/12)"});
  CHECK(standing(school, id) == "done 1");
  runner->run_due();
  CHECK(seen.size() == 1);
}

TEST_CASE("a job whose transaction is rolled back was never there") {
  SchoolWork school;
  const auto refused = school.db->write([&](WriteTx& tx) -> Result<void> {
    school.queue.push(tx, {.kind = "work"});
    return conflict("NO", "No.");
  });
  CHECK_FALSE(refused.ok());
  CHECK(school.db->read([&](ReadTx& tx) { return count(tx, school.clock.now()); }).queued == 0);
}

TEST_CASE("what a run says decides what becomes of the job") {
  struct Row {
    const char* name;
    Outcome outcome;
    int attempts_max;
    std::string standing;
  };
  const std::vector<Row> rows{
      {"done", Outcome::done(), 3, "done 1"},
      {"later", Outcome::later("busy"), 3, "queued 1"},
      {"later, but that was the last attempt", Outcome::later("busy"), 1, "dead 1"},
      {"dead", Outcome::dead("no such address"), 3, "dead 1"},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    SchoolWork school;
    auto kind = work([&](const Job&) { return row.outcome; });
    kind.attempts_max = row.attempts_max;
    auto runner = school.runner({kind});
    const auto id = school.add("work");
    runner->run_due();
    CHECK(standing(school, id) == row.standing);
    if (!row.outcome.reason.empty()) CHECK(school.job(id).last_error == row.outcome.reason);
  }
}

TEST_CASE("a run that throws is tried again with the exception's text, and buried after its attempts") {
  SchoolWork school;
  int runs = 0;
  auto kind = work([&](const Job&) -> Outcome {
    ++runs;
    throw Bug("broken promise");
  });
  kind.attempts_max = 3;
  auto runner = school.runner({kind});
  const auto id = school.add("work");
  for (int i = 0; i < 10; ++i) {
    runner->run_due();
    school.clock.pass(hours(7));
  }
  CHECK(runs == 3);
  CHECK(standing(school, id) == "dead 3");
  CHECK(school.job(id).last_error == "broken promise");
}

TEST_CASE("who asks is told of a job given up, in the transaction that gives it up and with the reason") {
  SchoolWork school;
  std::string told;
  std::string standing_then;
  auto kind = work([](const Job&) { return Outcome::later("no answer"); });
  kind.attempts_max = 2;
  kind.given_up = [&](WriteTx& tx, const Job& job, std::string_view reason) {
    told += std::string(reason) + ".";
    standing_then = name_of(find(tx, job.id)->status);
  };
  auto runner = school.runner({kind});
  school.add("work");
  runner->run_due();
  CHECK(told.empty());
  school.clock.pass(hours(7));
  runner->run_due();
  CHECK(told == "no answer.");
  CHECK(standing_then == "dead");

  // One that takes the process down with it as well.
  const auto killed = school.add("work");
  for (int kill = 0; kill < 2; ++kill) {
    school.db->write([&](WriteTx& tx) { REQUIRE(lease(tx, killed, school.clock.now() + minutes(2))); });
    if (kill == 0) {
      auto other = work([](const Job&) { return Outcome::done(); });
      other.name = "other";
      school.runner({other})->run_due();
    }
  }
  school.runner({kind})->run_due();
  CHECK(told == "no answer.the run was cut off.");
}

TEST_CASE("a job that keeps failing does not keep others from running") {
  SchoolWork school;
  int good = 0;
  auto bad = work([](const Job&) { return Outcome::later("no"); });
  bad.name = "bad";
  auto runner = school.runner({bad, work([&](const Job&) {
                                 ++good;
                                 return Outcome::done();
                               })});
  for (int i = 0; i < 20; ++i) school.add("bad");
  school.add("work");
  runner->run_due();
  CHECK(good == 1);
}

TEST_CASE("a job waits for its time") {
  SchoolWork school;
  auto runner = school.runner({work([](const Job&) { return Outcome::done(); })});
  const auto id = school.push({.kind = "work", .run_at = school.clock.now() + minutes(5)});
  runner->run_due();
  CHECK(standing(school, id) == "queued 0");
  school.clock.pass(minutes(5));
  runner->run_due();
  CHECK(standing(school, id) == "done 1");
}

TEST_CASE("a run may say when the next one is to be") {
  SchoolWork school;
  const auto at = school.clock.now() + hours(20);
  auto runner = school.runner({work([&](const Job&) { return Outcome::later("ask again tomorrow", at); })});
  const auto id = school.add("work");
  runner->run_due();
  CHECK(school.job(id).run_at == at);
}

TEST_CASE("back-off grows, stays under its cap, and is spread over the whole time") {
  crypto::SystemEntropy entropy;
  const auto most = [&](std::int64_t attempt) {
    Duration longest{}, shortest{hours(99)};
    for (int i = 0; i < 2000; ++i) {
      const auto wait = backoff(seconds(5), hours(6), attempt, entropy);
      longest = std::max(longest, wait);
      shortest = std::min(shortest, wait);
    }
    CHECK(shortest.ms >= 1);
    CHECK(shortest.ms < longest.ms / 10);
    return longest;
  };
  CHECK(most(1) <= milliseconds(5'001));
  const auto third = most(3);
  CHECK(third > seconds(15));
  CHECK(third <= milliseconds(20'001));
  const auto last = most(60);
  CHECK(last > hours(5));
  CHECK(last <= milliseconds(hours(6).ms + 1));
}

TEST_CASE("while a job with a dedupe key is live, another push returns that one") {
  SchoolWork school;
  auto runner = school.runner({work([](const Job&) { return Outcome::done(); })});
  const NewJob job{.kind = "work", .dedupe_key = "checkout 1"};
  const auto first = school.push(job);
  CHECK(school.push(job) == first);
  CHECK(school.push({.kind = "work", .dedupe_key = "checkout 2"}) != first);
  CHECK(school.push({.kind = "work"}) != school.push({.kind = "work"}));
  runner->run_due();
  const auto second = school.push(job);
  CHECK(second != first);
}

TEST_CASE("a job whose process was killed runs again at the next start, and the kill counts as an attempt") {
  SchoolWork school;
  const auto id = school.add("work");
  school.db->write([&](WriteTx& tx) { REQUIRE(lease(tx, id, school.clock.now() + minutes(2))); });
  CHECK(standing(school, id) == "running 1");
  auto runner = school.runner({work([](const Job&) { return Outcome::done(); })});
  runner->run_due();
  CHECK(standing(school, id) == "done 2");
}

TEST_CASE("a job that takes the process down with it ends among the dead") {
  SchoolWork school;
  auto kind = work([](const Job&) { return Outcome::done(); });
  kind.attempts_max = 2;
  const auto id = school.add("work");
  for (int kill = 0; kill < 2; ++kill) {
    school.db->write([&](WriteTx& tx) { REQUIRE(lease(tx, id, school.clock.now() + minutes(2))); });
    // A new process finds it.
    if (kill == 0) {
      auto none = work([](const Job&) { return Outcome::later("never called"); });
      none.name = "other";
      none.attempts_max = 2;
      school.runner({none})->run_due();
      CHECK(standing(school, id) == "queued 1");
    }
  }
  school.runner({kind})->run_due();
  CHECK(standing(school, id) == "dead 2");
  CHECK(school.job(id).last_error == "the run was cut off");
}

TEST_CASE("a worker whose lease was lost cannot finish the job") {
  SchoolWork school;
  const auto id = school.add("work");
  std::optional<Job> old, renewed;
  const auto now = school.clock.now();
  school.db->write([&](WriteTx& tx) {
    old = lease(tx, id, now + minutes(2));
    CHECK_FALSE(lease(tx, id, now + minutes(2)));
    CHECK(put_back(tx, *old, now, "lapsed"));
    CHECK_FALSE(finish(tx, *old, now));
    renewed = lease(tx, id, now + minutes(2));
    CHECK_FALSE(renew(tx, *old, now + minutes(4)));
    CHECK_FALSE(finish(tx, *old, now));
    CHECK_FALSE(put_back(tx, *old, now, "late"));
    CHECK_FALSE(bury(tx, *old, now, "late"));
    CHECK(renew(tx, *renewed, now + minutes(4)));
    CHECK(finish(tx, *renewed, now));
    CHECK_FALSE(finish(tx, *renewed, now));
  });
  CHECK(standing(school, id) == "done 2");
}

TEST_CASE("leases that are over can be found") {
  SchoolWork school;
  const auto id = school.add("work");
  school.db->write([&](WriteTx& tx) { REQUIRE(lease(tx, id, school.clock.now() + minutes(2))); });
  const auto lapsed_after = [&](Duration time) {
    return school.db->read([&](ReadTx& tx) { return lapsed(tx, school.clock.now() + time).size(); });
  };
  CHECK(lapsed_after(minutes(1)) == 0);
  CHECK(lapsed_after(minutes(2)) == 1);
}

TEST_CASE("a dead job can be queued again or given up, a live one cannot be retried") {
  SchoolWork school;
  bool well = false;
  auto kind = work([&](const Job&) { return well ? Outcome::done() : Outcome::dead("ill"); });
  auto runner = school.runner({kind});
  const auto id = school.add("work");
  const auto retry = [&](const JobId& which) {
    return school.db->write([&](WriteTx& tx) { return school.queue.retry(tx, which); });
  };
  const auto discard = [&](const JobId& which) {
    return school.db->write([&](WriteTx& tx) { return school.queue.discard(tx, which); });
  };
  CHECK(retry(id).error().code == "JOB_NOT_DEAD");
  runner->run_due();
  CHECK(standing(school, id) == "dead 1");
  well = true;
  CHECK(retry(id).ok());
  runner->run_due();
  CHECK(standing(school, id) == "done 1");
  CHECK(discard(id).error().code == "JOB_NOT_WAITING");

  const auto unwanted = school.add("work");
  CHECK(discard(unwanted).ok());
  runner->run_due();
  CHECK(standing(school, unwanted) == "cancelled 0");
  CHECK(discard(JobId("019a0000-0000-7000-8000-000000000000")).error().kind == Kind::not_found);
}

TEST_CASE("a dead job is not queued again beside the one that took its key") {
  SchoolWork school;
  auto runner = school.runner({work([](const Job&) { return Outcome::dead("ill"); })});
  const auto first = school.push({.kind = "work", .dedupe_key = "one"});
  runner->run_due();
  school.push({.kind = "work", .dedupe_key = "one"});
  const auto again = school.db->write([&](WriteTx& tx) { return school.queue.retry(tx, first); });
  CHECK(again.error().code == "JOB_REPLACED");
}

TEST_CASE("jobs are counted and listed page by page") {
  SchoolWork school;
  auto runner = school.runner(
      {work([](const Job& job) { return job.payload_json == "1" ? Outcome::dead("ill") : Outcome::done(); })});
  const auto start = school.clock.now();
  for (int i = 0; i < 5; ++i) {
    school.push({.kind = "work", .payload_json = "1", .run_at = start + seconds(i)});
  }
  school.clock.pass(seconds(3));
  auto counts = school.db->read([&](ReadTx& tx) { return count(tx, school.clock.now()); });
  CHECK(counts.queued == 5);
  CHECK(counts.oldest_due == start);
  school.clock.pass(seconds(3));
  runner->run_due();
  counts = school.db->read([&](ReadTx& tx) { return count(tx, school.clock.now()); });
  CHECK(counts.queued == 0);
  CHECK(counts.dead == 5);
  CHECK_FALSE(counts.oldest_due.has_value());

  std::vector<std::int64_t> seen;
  std::optional<std::string> next;
  do {
    const auto page = school.db->read([&](ReadTx& tx) { return list(tx, Status::dead, 2, next); });
    CHECK(page.rows.size() <= 2);
    for (const auto& row : page.rows) seen.push_back((row.run_at - start).ms);
    next = page.next;
  } while (next);
  CHECK(seen == std::vector<std::int64_t>{0, 1000, 2000, 3000, 4000});
}

TEST_CASE("jobs of a kind that is unknown wait") {
  SchoolWork school;
  auto runner = school.runner({work([](const Job&) { return Outcome::done(); })});
  const auto id = school.add("from.the.future");
  runner->run_due();
  CHECK(standing(school, id) == "queued 0");
}

TEST_CASE("jobs that are done are forgotten after a week, dead ones are not") {
  SchoolWork school;
  auto runner = school.runner(
      {work([](const Job& job) { return job.payload_json == "1" ? Outcome::dead("ill") : Outcome::done(); })});
  const auto good = school.add("work");
  const auto bad = school.add("work", "1");
  runner->run_due();
  school.clock.pass(days(6));
  runner->run_due();
  CHECK(standing(school, good) == "done 1");
  school.clock.pass(days(2));
  runner->run_due();
  CHECK_FALSE(school.db->read([&](ReadTx& tx) { return find(tx, good); }).has_value());
  CHECK(standing(school, bad) == "dead 1");
}

TEST_CASE("who waits for a job hears of its end once, whichever end it is") {
  SchoolWork school;
  auto runner = school.runner(
      {work([](const Job& job) { return job.payload_json == "1" ? Outcome::dead("ill") : Outcome::done(); })});
  const auto good = school.add("work");
  const auto bad = school.add("work", "1");
  std::vector<std::string> heard;
  const auto wait = [&](const JobId& id, const std::string& name) {
    school.queue.when_finished(id, seconds(10),
                               [&heard, name](bool finished) { heard.push_back(name + (finished ? "+" : "-")); });
  };
  wait(good, "a");
  wait(good, "b");
  wait(bad, "c");
  CHECK(heard.empty());
  runner->run_due();
  std::sort(heard.begin(), heard.end());
  CHECK(heard == std::vector<std::string>{"a+", "b+", "c+"});
  wait(good, "late");
  CHECK(heard.back() == "late+");
  CHECK(heard.size() == 4);
}

TEST_CASE("who waits longer than they have patience for hears that too") {
  SchoolWork school;
  auto runner = school.runner({work([](const Job&) { return Outcome::later("busy"); })});
  const auto id = school.add("work");
  std::vector<bool> heard;
  school.queue.when_finished(id, seconds(10), [&](bool finished) { heard.push_back(finished); });
  runner->run_due();
  CHECK(heard.empty());
  school.clock.pass(seconds(10));
  runner->run_due();
  CHECK(heard == std::vector<bool>{false});
}

TEST_CASE("whoever still waits when the runner stops hears it") {
  SchoolWork school;
  const auto id = school.add("work");
  bool heard = false;
  const auto wait = [&] {
    heard = false;
    school.queue.when_finished(id, hours(1), [&](bool finished) { heard = !finished; });
  };
  auto runner = school.runner({});
  wait();
  runner->drain(Duration{});
  CHECK(heard);
  wait();
  runner.reset();
  CHECK(heard);
}

TEST_CASE("a periodic task runs every period, and once for all it missed") {
  SchoolWork school;
  int runs = 0;
  const Periodics tasks{{"nightly", "Tidies.", days(1), [&] {
                           ++runs;
                           return Outcome::done();
                         }}};
  {
    auto runner = school.runner({}, tasks);
    runner->run_due();
    CHECK(runs == 0);
    school.clock.pass(days(1));
    runner->run_due();
    runner->run_due();
    CHECK(runs == 1);
  }
  school.clock.pass(days(10));
  auto restarted = school.runner({}, tasks);
  restarted->run_due();
  restarted->run_due();
  CHECK(runs == 2);
  const auto stand = school.db->read([](ReadTx& tx) { return schedules(tx); });
  REQUIRE(stand.size() == 1);
  CHECK(stand[0].last_status == "done");
  CHECK(stand[0].last_at == school.clock.now());
  CHECK(stand[0].next_at == school.clock.now() + days(1));
}

TEST_CASE("a periodic task that fails comes again soon, and says why") {
  SchoolWork school;
  int runs = 0;
  auto runner = school.runner({}, {{"nightly", "Tidies.", days(1), [&]() -> Outcome {
                                      ++runs;
                                      throw Bug("broken");
                                    }}});
  runner->run_due();
  school.clock.pass(days(1));
  runner->run_due();
  CHECK(runs == 1);
  CHECK(school.db->read([](ReadTx& tx) { return schedules(tx); })[0].last_error == "broken");
  school.clock.pass(minutes(5));
  runner->run_due();
  CHECK(runs == 2);
}

TEST_CASE("a clock that was ahead and is set back does not make a daily task wait for days") {
  SchoolWork school;
  int runs = 0;
  const Periodics tasks{{"nightly", "Tidies.", days(1), [&] {
                           ++runs;
                           return Outcome::done();
                         }}};
  school.clock.pass(days(30));
  school.runner({}, tasks)->run_due();
  school.clock.pass(milliseconds(-days(30).ms));
  auto runner = school.runner({}, tasks);
  runner->run_due();
  CHECK(runs == 0);
  school.clock.pass(days(1));
  runner->run_due();
  CHECK(runs == 1);
}

TEST_CASE("a job that is postponed comes at its time and has all its attempts left") {
  SchoolWork school;
  int runs = 0;
  std::int64_t attempt = 0;
  auto kind = work([&](const Job& job) {
    attempt = job.attempt;
    if (++runs <= 20) return Outcome::postponed("nobody there", school.clock.now() + minutes(1));
    return Outcome::done();
  });
  kind.attempts_max = 2;
  auto runner = school.runner({kind});
  const auto id = school.add("work");
  for (int i = 1; i <= 20; ++i) {
    runner->run_due();
    REQUIRE(runs == i);
    REQUIRE(school.job(id).status == Status::queued);
    REQUIRE(school.job(id).attempt == 0);
    REQUIRE(school.job(id).run_at == school.clock.now() + minutes(1));
    REQUIRE(school.job(id).last_error == "nobody there");
    school.clock.pass(minutes(1));
  }
  runner->run_due();
  CHECK(attempt == 1);
  CHECK(school.job(id).status == Status::done);
}

TEST_CASE("a periodic task can be poked") {
  SchoolWork school;
  int runs = 0;
  auto runner = school.runner({}, {{"nightly", "Tidies.", days(1), [&] {
                                      ++runs;
                                      return Outcome::done();
                                    }}});
  runner->run_due();
  runner->poke("nightly");
  runner->run_due();
  CHECK(runs == 1);
  CHECK_THROWS_AS(runner->poke("daily"), Bug);
}

TEST_CASE("what the runner asks the queue all the time goes through an index") {
  SchoolWork school;
  CHECK(tests::uses_index(*school.db, "SELECT min(run_at) FROM jobs WHERE status = 'queued' AND kind = ?1"));
  CHECK(tests::uses_index(*school.db,
                          "SELECT id, run_at FROM jobs WHERE status = 'queued' AND kind = ?1 AND run_at <= ?2 "
                          "ORDER BY run_at LIMIT ?3"));
  CHECK(tests::uses_index(*school.db, "SELECT id FROM jobs WHERE status = 'running' AND lease_until <= ?1"));
  CHECK(tests::uses_index(*school.db,
                          "SELECT id FROM jobs WHERE status IN ('done', 'cancelled') AND finished_at < ?1 "
                          "ORDER BY finished_at LIMIT 500"));
  CHECK(tests::uses_index(*school.db, "SELECT id FROM jobs WHERE dedupe_key = ?1 AND status IN ('queued', 'running')"));
}

}  // namespace tuition::jobs
