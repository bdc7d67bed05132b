// How many small durable writes and reads storage makes in a second: storage_bench FOLDER [SECONDS]. The folder should
// be on the disk that is asked about.

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "platform/base/time.h"
#include "platform/metrics/metrics.h"
#include "platform/storage/open.h"

namespace tuition {
namespace {

constexpr int users = 10'000;
constexpr int lessons = 200;

struct Row {
  std::string user, lesson;
  std::int64_t spent;
};

Row any_row(std::mt19937& random) {
  char user[40], lesson[40];
  std::snprintf(user, sizeof user, "019a0000-0000-7000-8000-%012d", static_cast<int>(random() % users));
  std::snprintf(lesson, sizeof lesson, "019b0000-0000-7000-8000-%012d", static_cast<int>(random() % lessons));
  return {user, lesson, static_cast<std::int64_t>(random() % 100)};
}

// What saving progress does: is there a grant, what was there before, put it down, add it up.
Result<void> save(WriteTx& tx, const Row& row) {
  const auto was =
      tx.one<std::int64_t>("SELECT spent FROM progress WHERE user = ?1 AND lesson = ?2", row.user, row.lesson);
  tx.execute(
      "INSERT INTO progress (user, lesson, spent, percent, updated_at) VALUES (?1, ?2, ?3, ?4, ?5) "
      "ON CONFLICT (user, lesson) DO UPDATE SET spent = spent + excluded.spent, percent = excluded.percent, "
      "updated_at = excluded.updated_at",
      row.user, row.lesson, row.spent, 50, was.value_or(0) + 1);
  return {};
}

void report(const char* what, std::int64_t count, std::int64_t us, const StorageFigures& before,
            const StorageFigures& after, const metrics::Histogram& times) {
  const auto groups = std::max<std::int64_t>(1, after.groups - before.groups);
  std::printf("%-34s %8lld/s  %6.1f per commit  %3lld checkpoints  p50 %6lld us  p99 %6lld us\n", what,
              static_cast<long long>(count * 1'000'000 / us), static_cast<double>(count) / static_cast<double>(groups),
              static_cast<long long>(after.checkpoints - before.checkpoints),
              static_cast<long long>(times.percentile_us(50)), static_cast<long long>(times.percentile_us(99)));
}

// `waiters` requests, each followed by its next as soon as it is answered, started on a thread of their own as the
// front would.
void closed_loop(Database& db, int waiters, Duration time) {
  struct Again {
    Database& db;
    std::int64_t until_us;
    std::atomic<std::int64_t> made{0};
    std::atomic<int> live{0};
    metrics::Histogram times{};
    std::mutex mutex{};
    std::condition_variable wake{};
    std::vector<int> answered{};
  } again{db, steady_us() + time.ms * 1000};
  const auto before = db.figures();
  const auto began = steady_us();
  std::mt19937 random(1);
  std::vector<int> todo(static_cast<std::size_t>(waiters));
  again.live = waiters;
  while (again.live > 0) {
    for ([[maybe_unused]] const int each : todo) {
      if (steady_us() > again.until_us) {
        --again.live;
        continue;
      }
      const auto asked = steady_us();
      db.write_later([row = any_row(random)](WriteTx& tx) { return save(tx, row); },
                     [&again, asked](Result<void> done) {
                       if (done.ok()) ++again.made;
                       again.times.observe_us(steady_us() - asked);
                       std::lock_guard lock(again.mutex);
                       again.answered.push_back(0);
                       if (again.answered.size() == 1) again.wake.notify_one();
                     });
    }
    todo.clear();
    if (again.live == 0) break;
    std::unique_lock lock(again.mutex);
    again.wake.wait(lock, [&] { return !again.answered.empty(); });
    todo.swap(again.answered);
  }
  const std::string what = "write_later, " + std::to_string(waiters) + " waiting";
  report(what.c_str(), again.made, steady_us() - began, before, db.figures(), again.times);
}

void blocking(Database& db, int threads, Duration time) {
  const auto until = steady_us() + time.ms * 1000;
  std::atomic<std::int64_t> made{0};
  metrics::Histogram times;
  const auto before = db.figures();
  const auto began = steady_us();
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t) {
    all.emplace_back([&, t] {
      std::mt19937 random(static_cast<unsigned>(t));
      while (steady_us() < until) {
        const auto row = any_row(random);
        const auto asked = steady_us();
        if (db.write([&](WriteTx& tx) { return save(tx, row); }).ok()) ++made;
        times.observe_us(steady_us() - asked);
      }
    });
  }
  for (auto& thread : all) thread.join();
  const std::string what = "write, " + std::to_string(threads) + " threads";
  report(what.c_str(), made, steady_us() - began, before, db.figures(), times);
}

void reading(Database& db, int threads, Duration time) {
  const auto until = steady_us() + time.ms * 1000;
  std::atomic<std::int64_t> made{0};
  const auto began = steady_us();
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t) {
    all.emplace_back([&, t] {
      std::mt19937 random(static_cast<unsigned>(t));
      std::int64_t mine = 0;
      while (steady_us() < until) {
        const auto row = any_row(random);
        db.read([&](ReadTx& tx) {
          return tx.one<std::int64_t>("SELECT spent FROM progress WHERE user = ?1 AND lesson = ?2", row.user,
                                      row.lesson);
        });
        ++mine;
      }
      made += mine;
    });
  }
  for (auto& thread : all) thread.join();
  std::printf("read, %d threads %35lld/s\n", threads, static_cast<long long>(made * 1'000'000 / (steady_us() - began)));
}

}  // namespace
}  // namespace tuition

int main(int count, char** words) {
  using tuition::milliseconds;
  if (count < 2) {
    std::puts("storage_bench FOLDER [SECONDS]");
    return 2;
  }
  const auto time = tuition::seconds(count > 2 ? std::strtol(words[2], nullptr, 10) : 3);
  const auto file = std::filesystem::path(words[1]) / "storage_bench.db";
  for (const auto* ending : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + ending);
  tuition::storage::OpenOptions options;
  options.path = file;
  options.network_folder = tuition::storage::NetworkFolder::allow;
  auto db = tuition::storage::open_sqlite(options);
  db->write([](tuition::WriteTx& tx) {
    tx.execute(
        "CREATE TABLE progress (user TEXT NOT NULL, lesson TEXT NOT NULL, spent INTEGER NOT NULL, percent INTEGER NOT "
        "NULL, updated_at INTEGER NOT NULL, PRIMARY KEY (user, lesson)) STRICT, WITHOUT ROWID");
  });
  for (const int waiters : {1, 64, 512}) tuition::closed_loop(*db, waiters, time);
  for (const int threads : {1, 64}) tuition::blocking(*db, threads, time);
  for (const int threads : {1, 2}) tuition::reading(*db, threads, time);
}
