// What storage does when the disk does not do its part.

#include <sys/resource.h>
#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <vector>

#include "folder.h"
#include "platform/base/time.h"
#include "platform/storage/fault.h"
#include "platform/storage/open.h"
#include "shim_disk.h"

namespace tuition {
namespace {

std::int64_t rows_in(Database& db) {
  return db.read([](ReadTx& tx) { return tx.one<std::int64_t>("SELECT count(*) FROM notes").value(); });
}

void make_table(Database& db) {
  db.write([](WriteTx& tx) { tx.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT"); });
}

void add(Database& db, std::int64_t id, const std::string& text = "note") {
  db.write([&](WriteTx& tx) { tx.execute("INSERT INTO notes (id, text) VALUES (?1, ?2)", id, text); });
}

std::optional<Fault::Sort> fault_of(const std::function<void()>& act) {
  try {
    act();
    return std::nullopt;
  } catch (const Fault& fault) {
    return fault.sort();
  }
}

}  // namespace

TEST_CASE("on a full disk the whole group hears it, reads go on, and writes go on once there is room") {
  tests::ShimDisk disk;
  tests::Folder folder;
  auto db = storage::open_sqlite(tests::at(folder / "school.db"));
  make_table(*db);
  add(*db, 1);

  disk.log_write = SQLITE_FULL;
  std::promise<void> reached, go;
  std::vector<std::future<std::string>> answers;
  const auto later = [&](std::int64_t id, bool hold) {
    auto answer = std::make_shared<std::promise<std::string>>();
    answers.push_back(answer->get_future());
    db->write_later(
        [&, id, hold](WriteTx& tx) -> Result<void> {
          if (hold) {
            reached.set_value();
            go.get_future().wait();
          }
          tx.execute("INSERT INTO notes (id, text) VALUES (?1, 'x')", id);
          return {};
        },
        [answer](Result<void> done) { answer->set_value(done.ok() ? "ok" : done.error().code); });
  };
  later(10, true);
  reached.get_future().wait();
  for (int i = 11; i < 15; ++i) later(i, false);
  go.set_value();
  for (auto& answer : answers) CHECK(answer.get() == "STORAGE_FULL");

  CHECK(rows_in(*db) == 1);
  CHECK(fault_of([&] { add(*db, 2); }) == Fault::Sort::disk_full);
  CHECK(db->healthy());
  disk.log_write = SQLITE_OK;
  add(*db, 3);
  CHECK(rows_in(*db) == 2);
  CHECK(db->integrity_problems().empty());
}

TEST_CASE("a limit on file sizes is a full disk, not the end") {
  auto db = storage::open_temporary();
  make_table(*db);
  add(*db, 1);
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  rlimit tight = before;
  tight.rlim_cur = 200'000;
  REQUIRE(setrlimit(RLIMIT_FSIZE, &tight) == 0);
  const auto fault = fault_of([&] { add(*db, 2, std::string(1'000'000, 'x')); });
  const auto still = rows_in(*db);
  REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
  CHECK(fault == Fault::Sort::disk_full);
  CHECK(still == 1);
  CHECK(db->healthy());
  add(*db, 2, std::string(1'000'000, 'x'));
  CHECK(rows_in(*db) == 2);
}

TEST_CASE("after a failed fsync nothing is written any more, and it is said once") {
  tests::ShimDisk disk;
  tests::Folder folder;
  std::atomic<int> said{0};
  {
    auto options = tests::at(folder / "school.db");
    options.on_broken = [&](const std::string&) { ++said; };
    auto db = storage::open_sqlite(options);
    make_table(*db);
    add(*db, 1);
    disk.log_sync = SQLITE_IOERR_FSYNC;
    CHECK(fault_of([&] { add(*db, 2); }) == Fault::Sort::io);
    CHECK_FALSE(db->healthy());
    disk.log_sync = SQLITE_OK;
    CHECK(fault_of([&] { add(*db, 3); }) == Fault::Sort::stopped);
    CHECK(rows_in(*db) == 1);
    CHECK(said == 1);
  }
  auto db = storage::open_sqlite(tests::at(folder / "school.db"));
  CHECK(rows_in(*db) >= 1);
  CHECK(db->integrity_problems().empty());
}

TEST_CASE("a damaged database is not written any more") {
  tests::Folder folder;
  const auto path = folder / "school.db";
  {
    auto db = storage::open_sqlite(tests::at(path));
    make_table(*db);
    for (int i = 0; i < 300; ++i) add(*db, i, std::string(500, 'x'));
  }
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    for (int page = 1; page < 20; ++page) {
      file.seekp(page * 4096);
      file.write(std::string(512, '\x5a').data(), 512);
    }
  }
  auto db = storage::open_sqlite(tests::at(path));
  CHECK_FALSE(db->integrity_problems().empty());
  CHECK(fault_of([&] { add(*db, 1000); }) == Fault::Sort::corrupt);
  CHECK_FALSE(db->healthy());
  CHECK(fault_of([&] { add(*db, 1001); }) == Fault::Sort::stopped);
}

namespace {

void run(sqlite3* db, const char* sql) { REQUIRE(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK); }

std::string ask(sqlite3* db, const char* sql) {
  std::string answer;
  sqlite3_exec(
      db, sql,
      [](void* to, int columns, char** values, char**) {
        for (int i = 0; i < columns; ++i) *static_cast<std::string*>(to) += values[i] ? values[i] : "";
        return 0;
      },
      &answer, nullptr);
  return answer;
}

}  // namespace

// The WAL-reset bug of every SQLite up to 3.51.2: a checkpoint has read the log's header and nothing more; a commit
// starts the log over; the checkpoint goes on with what it read, and marks frames as done that it never saw.
TEST_CASE("the SQLite that is linked keeps what is committed while a checkpoint begins") {
  tests::ShimDisk disk;
  tests::Folder folder;
  const auto path = (folder / "race.db").string();
  sqlite3 *first = nullptr, *second = nullptr, *third = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &first) == SQLITE_OK);
  run(first,
      "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE rows (id INTEGER PRIMARY KEY, text)");
  const auto add_rows = [](sqlite3* db, int n) {
    for (int i = 0; i < n; ++i) run(db, "INSERT INTO rows (text) VALUES (hex(zeroblob(2000)))");
  };
  add_rows(first, 20);
  for (auto** other : {&second, &third}) {
    REQUIRE(sqlite3_open(path.c_str(), other) == SQLITE_OK);
    run(*other, "PRAGMA wal_autocheckpoint = 0");
    CHECK(ask(*other, "SELECT count(*) FROM rows") == "20");
  }
  // So that the third has something new to read when it begins.
  add_rows(first, 20);

  // Everything in the log is in the database: the next commit may start the log over.
  int frames = 0, moved = 0;
  REQUIRE(sqlite3_wal_checkpoint_v2(first, "main", SQLITE_CHECKPOINT_PASSIVE, &frames, &moved) == SQLITE_OK);
  REQUIRE(frames == moved);
  REQUIRE(frames > 40);

  int raced = 0, frames_after_race = 1000;
  sqlite3_wal_hook(
      second,
      [](void* to, sqlite3*, const char*, int in_log) {
        *static_cast<int*>(to) = in_log;
        return SQLITE_OK;
      },
      &frames_after_race);
  disk.on_unfetch = [&] {
    if (raced++ > 0) return;
    run(second, "INSERT INTO rows (text) VALUES ('in the window')");
  };
  REQUIRE(sqlite3_wal_checkpoint_v2(third, "main", SQLITE_CHECKPOINT_PASSIVE, &frames, &moved) == SQLITE_OK);
  disk.on_unfetch = {};
  // The log did start over in the window, or nothing is shown here.
  REQUIRE(raced > 0);
  REQUIRE(frames_after_race < 10);

  add_rows(second, 20);
  REQUIRE(sqlite3_wal_checkpoint_v2(first, "main", SQLITE_CHECKPOINT_PASSIVE, &frames, &moved) == SQLITE_OK);
  run(second, "INSERT INTO rows (text) VALUES ('at the end')");
  REQUIRE(sqlite3_wal_checkpoint_v2(first, "main", SQLITE_CHECKPOINT_PASSIVE, &frames, &moved) == SQLITE_OK);
  for (auto* each : {first, second, third}) sqlite3_close(each);

  sqlite3* after = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &after) == SQLITE_OK);
  CHECK(ask(after, "SELECT count(*) FROM rows") == "62");
  CHECK(ask(after, "PRAGMA integrity_check") == "ok");
  sqlite3_close(after);
}

}  // namespace tuition
