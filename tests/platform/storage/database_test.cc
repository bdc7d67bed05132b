#include "platform/storage/database.h"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "folder.h"
#include "platform/metrics/metrics.h"
#include "platform/storage/open.h"
#include "uses_index.h"

namespace tuition {
namespace {

struct Note {
  std::int64_t id = 0;
  std::string text{};
  std::optional<std::string> tag{};
};

std::unique_ptr<Database> notes() {
  auto db = storage::open_temporary();
  db->write([](WriteTx& tx) {
    tx.execute(
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL CHECK (text <> ''), tag TEXT UNIQUE) STRICT");
    tx.execute("CREATE TABLE replies (note INTEGER NOT NULL REFERENCES notes (id), text TEXT NOT NULL) STRICT");
    tx.execute("CREATE TABLE later (note INTEGER NOT NULL REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED) STRICT");
  });
  return db;
}

void add(WriteTx& tx, std::int64_t id, const std::string& text) {
  tx.execute("INSERT INTO notes (id, text) VALUES (?1, ?2)", id, text);
}

std::int64_t count(Database& db) {
  return db.read([](ReadTx& tx) { return tx.one<std::int64_t>("SELECT count(*) FROM notes").value(); });
}

// Keeps the writer busy until let go, so that what is submitted meanwhile becomes one group.
class HeldWriter {
 public:
  explicit HeldWriter(Database& db) {
    db.write_later(
        [this](WriteTx&) -> Result<void> {
          reached_.set_value();
          go_.get_future().wait();
          return {};
        },
        [](Result<void>) {});
    reached_.get_future().wait();
  }
  void let_go() { go_.set_value(); }

 private:
  std::promise<void> reached_, go_;
};

}  // namespace

TEST_CASE("what is written is read back, by type and in order") {
  auto db = notes();
  db->write([](WriteTx& tx) {
    CHECK(tx.execute("INSERT INTO notes (id, text, tag) VALUES (?1, ?2, ?3)", 7, "seven",
                     std::optional<std::string>("x")) == 1);
    tx.execute("INSERT INTO notes (id, text, tag) VALUES (?1, ?2, ?3)", 8, std::string("ei\0ght", 6), std::nullopt);
  });
  const auto seven =
      db->read([](ReadTx& tx) { return tx.one<Note>("SELECT id, text, tag FROM notes WHERE id = ?1", 7); });
  REQUIRE(seven.has_value());
  CHECK(seven->text == "seven");
  CHECK(seven->tag == "x");
  const auto all = db->read([](ReadTx& tx) { return tx.many<Note>("SELECT id, text, tag FROM notes ORDER BY id"); });
  REQUIRE(all.size() == 2);
  CHECK(all[1].text == std::string("ei\0ght", 6));
  CHECK_FALSE(all[1].tag.has_value());
  std::string seen;
  db->read([&](ReadTx& tx) {
    tx.each("SELECT text FROM notes ORDER BY id", [&](Row& row) { seen += row.get<std::string>() + ","; });
  });
  CHECK(seen.substr(0, 6) == "seven,");
  CHECK_FALSE(db->read([](ReadTx& tx) { return tx.one<Note>("SELECT id, text, tag FROM notes WHERE id = ?1", 9); }));
}

TEST_CASE("bytes come back as they were bound") {
  auto db = storage::open_temporary();
  const std::string bytes("\0\xff\x01", 3);
  db->write([&](WriteTx& tx) {
    tx.execute("CREATE TABLE pieces (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT");
    tx.execute("INSERT INTO pieces (id, bytes) VALUES (1, ?1)", Blob{bytes});
  });
  CHECK(db->read([](ReadTx& tx) { return tx.one<Blob>("SELECT bytes FROM pieces WHERE id = 1"); })->bytes == bytes);
}

TEST_CASE("a write that returns an error leaves nothing behind") {
  auto db = notes();
  const auto refused = db->write([](WriteTx& tx) -> Result<void> {
    add(tx, 1, "one");
    return conflict("NO", "No.");
  });
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "NO");
  CHECK(count(*db) == 0);
}

TEST_CASE("a write that throws leaves nothing behind and throws at its caller") {
  auto db = notes();
  CHECK_THROWS_AS(db->write([](WriteTx& tx) {
    add(tx, 1, "one");
    throw Bug("broken promise");
  }),
                  Bug);
  CHECK(count(*db) == 0);
  db->write([](WriteTx& tx) { add(tx, 2, "two"); });
  CHECK(count(*db) == 1);
}

TEST_CASE("a write's value reaches its caller") {
  auto db = notes();
  const auto made = db->write([](WriteTx& tx) -> Result<std::int64_t> {
    add(tx, 5, "five");
    return tx.one<std::int64_t>("SELECT max(id) FROM notes").value();
  });
  REQUIRE(made.ok());
  CHECK(*made == 5);
}

TEST_CASE("in one group, the writes that fail do not harm the others, and one commit serves all") {
  auto db = notes();
  const auto groups_before = db->figures().groups;
  std::vector<std::string> outcomes(30);
  std::mutex mutex;
  {
    HeldWriter held(*db);
    for (int i = 0; i < 30; ++i) {
      db->write_later(
          [i](WriteTx& tx) -> Result<void> {
            add(tx, i, "note");
            if (i % 3 == 1) return conflict("NO", "No.");
            if (i % 3 == 2) throw Bug("thrown");
            return {};
          },
          [&, i](Result<void> done) {
            std::lock_guard lock(mutex);
            outcomes[static_cast<std::size_t>(i)] = done.ok() ? "ok" : done.error().code;
          });
    }
    held.let_go();
    db->write([](WriteTx&) {});
  }
  std::lock_guard lock(mutex);
  for (std::size_t i = 0; i < 30; ++i) CHECK(outcomes[i] == (i % 3 == 0 ? "ok" : i % 3 == 1 ? "NO" : "INTERNAL_ERROR"));
  CHECK(count(*db) == 10);
  // The one that held the writer, and all that waited (the last may be alone).
  CHECK(db->figures().groups - groups_before <= 3);
  CHECK(db->figures().rolled_back == 20);
}

TEST_CASE("writes of one group see what those before them wrote") {
  auto db = notes();
  std::promise<std::int64_t> seen;
  HeldWriter held(*db);
  db->write_later(
      [](WriteTx& tx) -> Result<void> {
        add(tx, 1, "one");
        return {};
      },
      [](Result<void>) {});
  db->write_later(
      [](WriteTx& tx) -> Result<std::int64_t> { return tx.one<std::int64_t>("SELECT count(*) FROM notes").value(); },
      [&](Result<std::int64_t> done) { seen.set_value(*done); });
  held.let_go();
  CHECK(seen.get_future().get() == 1);
}

TEST_CASE("what is to be done after the commit is done in order, once it can be read, and before the caller hears") {
  auto db = notes();
  std::string order;
  db->write([&](WriteTx& tx) {
    add(tx, 1, "one");
    tx.after_commit([&] {
      order += "a";
      std::thread([&] { order += std::to_string(count(*db)); }).join();
    });
    tx.after_commit([&] { order += "b"; });
    CHECK(order.empty());
  });
  CHECK(order == "a1b");
}

TEST_CASE("what is to be done after the commit is dropped with the write") {
  auto db = notes();
  bool done = false;
  const auto refused = db->write([&](WriteTx& tx) -> Result<void> {
    tx.after_commit([&] { done = true; });
    return conflict("NO", "No.");
  });
  CHECK_FALSE(refused.ok());
  CHECK_THROWS(db->write([&](WriteTx& tx) {
    tx.after_commit([&] { done = true; });
    throw Bug("thrown");
  }));
  db->write([](WriteTx&) {});
  CHECK_FALSE(done);
}

TEST_CASE("an exception in what is done after the commit does not undo the write or keep its caller waiting") {
  auto db = notes();
  db->write([](WriteTx& tx) {
    add(tx, 1, "one");
    tx.after_commit([] { throw Bug("too late"); });
  });
  CHECK(count(*db) == 1);
}

TEST_CASE("a unique constraint is an answer, every other one a bug") {
  auto db = notes();
  db->write([](WriteTx& tx) {
    CHECK(tx.attempt("INSERT INTO notes (id, text, tag) VALUES (1, 'one', 'x')"));
    CHECK_FALSE(tx.attempt("INSERT INTO notes (id, text, tag) VALUES (2, 'two', 'x')"));
    CHECK_FALSE(tx.attempt("INSERT INTO notes (id, text, tag) VALUES (1, 'one', 'y')"));
    CHECK(tx.attempt("INSERT INTO notes (id, text, tag) VALUES (3, 'three', 'z')"));
  });
  CHECK(count(*db) == 2);
  const auto sort_of = [&](Sql sql) {
    try {
      db->write([&](WriteTx& tx) { tx.attempt(sql); });
    } catch (const ConstraintViolation& violation) {
      return violation.sort;
    }
    return ConstraintViolation::Sort::other;
  };
  CHECK(sort_of("INSERT INTO notes (id, text) VALUES (4, '')") == ConstraintViolation::Sort::check);
  CHECK(sort_of("INSERT INTO replies (note, text) VALUES (99, 'to nobody')") == ConstraintViolation::Sort::foreign_key);
}

TEST_CASE("repeatable writes of one group are repeated one by one when one of them fails") {
  auto db = notes();
  db->write([](WriteTx& tx) { add(tx, 100, "there already"); });
  std::mutex mutex;
  std::vector<std::string> outcomes(20);
  std::atomic<int> told{0};
  {
    HeldWriter held(*db);
    for (int i = 0; i < 20; ++i) {
      db->write_later(
          [&told, i](WriteTx& tx) -> Result<void> {
            tx.after_commit([&told] { ++told; });
            add(tx, i == 7 ? 100 : i, "one");  // violates the key
            if (i == 12) return conflict("NO", "No.");
            if (i == 15) tx.execute("INSERT INTO later (note) VALUES (99)");
            return {};
          },
          [&, i](const Result<void>& done) {
            std::lock_guard lock(mutex);
            outcomes[static_cast<std::size_t>(i)] = done.ok() ? "ok" : done.error().code;
          },
          i == 3 ? Repeatable::no : Repeatable::yes);
    }
    held.let_go();
    db->write([](WriteTx&) {});
  }
  std::lock_guard lock(mutex);
  for (std::size_t i = 0; i < 20; ++i)
    CHECK(outcomes[i] == (i == 7 || i == 15 ? "INTERNAL_ERROR" : i == 12 ? "NO" : "ok"));
  CHECK(count(*db) == 18);
  CHECK(told == 17);
}

TEST_CASE("a read sees what was committed before it began, by whomever and however often it is asked") {
  auto db = notes();
  for (int i = 0; i < 50; ++i) {
    REQUIRE(count(*db) == i);
    REQUIRE(count(*db) == i);
    std::thread([&] { db->write([&](WriteTx& tx) { add(tx, i, "one"); }); }).join();
  }
  std::thread([&] { CHECK(count(*db) == 50); }).join();
}

TEST_CASE("a read that failed does not leave its moment to the next one") {
  auto db = notes();
  CHECK_THROWS(db->read([](ReadTx& tx) {
    tx.one<std::int64_t>("SELECT count(*) FROM notes");
    throw Bug("thrown");
  }));
  db->write([](WriteTx& tx) { add(tx, 1, "one"); });
  CHECK(count(*db) == 1);
}

TEST_CASE("connections nobody reads with do not keep the log from starting over") {
  auto db = notes();
  std::vector<std::int64_t> sizes;
  const std::string page(1024 * 1024, 'x');
  for (int i = 0; i < 420; ++i) {
    if (i < 3)
      db->read([&](ReadTx& tx) { sizes.push_back(tx.one<std::int64_t>("SELECT count(*) FROM notes").value()); });
    db->write([&](WriteTx& tx) { add(tx, i, page); });
  }
  CHECK(db->figures().checkpoints >= 2);
  CHECK(db->figures().wal_bytes < 320 * 1024 * 1024);
}

TEST_CASE("a deferred foreign key that points nowhere fails its own write, not the group") {
  auto db = notes();
  std::promise<bool> good, bad;
  HeldWriter held(*db);
  db->write_later(
      [](WriteTx& tx) -> Result<void> {
        tx.execute("INSERT INTO later (note) VALUES (99)");
        return {};
      },
      [&](Result<void> done) { bad.set_value(done.ok()); });
  db->write_later(
      [](WriteTx& tx) -> Result<void> {
        tx.execute("INSERT INTO later (note) VALUES (1)");
        add(tx, 1, "one");
        return {};
      },
      [&](Result<void> done) { good.set_value(done.ok()); });
  held.let_go();
  CHECK_FALSE(bad.get_future().get());
  CHECK(good.get_future().get());
}

TEST_CASE("a statement that is wrong in itself is a bug") {
  auto db = notes();
  CHECK_THROWS_AS(db->read([](ReadTx& tx) { tx.one<std::int64_t>("SELECT nothing FROM nowhere"); }), Bug);
  CHECK_THROWS_AS(db->read([](ReadTx& tx) { tx.one<std::int64_t>("SELECT ?1", 1, 2); }), Bug);
}

TEST_CASE("a read sees one moment, also where reads nest") {
  auto db = notes();
  db->read([&](ReadTx&) {
    CHECK(count(*db) == 0);
    std::thread([&] { db->write([](WriteTx& tx) { add(tx, 1, "one"); }); }).join();
    CHECK(count(*db) == 0);
    std::thread([&] { CHECK(count(*db) == 1); }).join();
  });
  CHECK(count(*db) == 1);
}

TEST_CASE("each commit is timed, and each read that is not inside another") {
  metrics::Registry registry;
  auto db = storage::open_temporary(&registry);
  auto& commits = registry.histogram("tuition_db_commit_duration_seconds", "");
  auto& reads = registry.histogram("tuition_db_read_duration_seconds", "");
  const auto commits_before = commits.count(), reads_before = reads.count();
  db->write([](WriteTx& tx) { tx.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY) STRICT"); });
  CHECK(commits.count() == commits_before + 1);
  const auto asks = [](ReadTx& tx) { tx.one<std::int64_t>("SELECT 1"); };
  db->read([&](ReadTx&) { db->read(asks); });
  CHECK(reads.count() == reads_before + 1);
  CHECK_THROWS(db->read([](ReadTx&) { throw std::runtime_error("no"); }));
  CHECK(reads.count() == reads_before + 2);
}

TEST_CASE("nothing can be written through a read") {
  auto db = notes();
  CHECK_THROWS(
      db->read([](ReadTx& tx) { tx.one<std::int64_t>("INSERT INTO notes (id, text) VALUES (1, 'x') RETURNING id"); }));
  CHECK(count(*db) == 0);
}

TEST_CASE("reads of two databases on one thread do not mix") {
  auto here = notes();
  auto there = notes();
  here->write([](WriteTx& tx) { add(tx, 1, "one"); });
  here->read([&](ReadTx& tx) {
    CHECK(count(*there) == 0);
    CHECK(tx.one<std::int64_t>("SELECT count(*) FROM notes") == 1);
  });
}

TEST_CASE("a read that takes too long is ended with a fault") {
  tests::Folder folder;
  auto options = tests::at(folder / "school.db");
  options.read_limit = milliseconds(30);
  auto db = storage::open_sqlite(options);
  const auto endless = [](ReadTx& tx) {
    return tx.one<std::int64_t>(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
  };
  CHECK_THROWS_AS(db->read(endless), Fault);
  CHECK(db->read([](ReadTx& tx) { return tx.one<std::int64_t>("SELECT 1"); }) == 1);
}

TEST_CASE("a write inside a write is a bug, and is said to be open only inside") {
  auto db = notes();
  CHECK_FALSE(write_is_open());
  CHECK_THROWS_AS(db->write([&](WriteTx&) {
    CHECK(write_is_open());
    db->write([](WriteTx&) {});
  }),
                  Bug);
  db->write([&](WriteTx& tx) { tx.after_commit([] { CHECK_FALSE(write_is_open()); }); });
}

TEST_CASE("a later write may be begun when an earlier one is done") {
  auto db = notes();
  std::promise<bool> second;
  db->write_later(
      [](WriteTx& tx) -> Result<void> {
        add(tx, 1, "one");
        return {};
      },
      [&](Result<void>) {
        db->write_later(
            [](WriteTx& tx) -> Result<void> {
              add(tx, 2, "two");
              return {};
            },
            [&](Result<void> done) { second.set_value(done.ok()); });
      });
  CHECK(second.get_future().get());
  CHECK(count(*db) == 2);
}

TEST_CASE("writes from many threads are all there") {
  auto db = notes();
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        db->write([&](WriteTx& tx) { add(tx, t * 1000 + i, "note"); });
        CHECK(count(*db) > 0);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(count(*db) == 400);
  CHECK(db->figures().writes == 401);
}

TEST_CASE("what a last write is followed by is refused when the database is closed") {
  bool refused = false;
  std::function<void(Database&)> go_on = [&](Database& db) {
    db.write_later([](WriteTx&) -> Result<void> { return {}; },
                   [&](const Result<void>& made) {
                     refused = !made;
                     if (made) go_on(db);
                   });
  };
  {
    const auto db = storage::open_temporary();
    go_on(*db);
  }
  CHECK(refused);
}

TEST_CASE("writes that wait when the database is closed are made") {
  tests::Folder folder;
  std::atomic<int> done{0};
  {
    auto db = storage::open_sqlite(tests::at(folder / "school.db"));
    db->write([](WriteTx& tx) { tx.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY) STRICT"); });
    for (int i = 0; i < 20; ++i) {
      db->write_later(
          [i](WriteTx& tx) -> Result<void> {
            tx.execute("INSERT INTO notes (id) VALUES (?1)", i);
            return {};
          },
          [&](Result<void> result) { done += result.ok() ? 1 : 0; });
    }
  }
  CHECK(done == 20);
  auto db = storage::open_sqlite(tests::at(folder / "school.db"));
  CHECK(db->read([](ReadTx& tx) { return tx.one<std::int64_t>("SELECT count(*) FROM notes"); }) == 20);
  // Everything is in the one file after an orderly end.
  CHECK(std::filesystem::file_size(folder / "school.db") > 4096);
}

TEST_CASE("the write-ahead log starts over instead of growing for ever") {
  auto db = notes();
  const std::string text(20'000, 'x');
  for (int i = 0; i < 200; ++i) {
    db->write([&](WriteTx& tx) {
      for (int k = 0; k < 100; ++k) add(tx, i * 100 + k, text);
    });
  }
  CHECK(db->figures().checkpoints > 0);
  CHECK(std::filesystem::file_size(db->path().string() + "-wal") < 192U << 20);
  CHECK(count(*db) == 20'000);
}

TEST_CASE("the plan of a query shows whether it uses an index") {
  auto db = notes();
  CHECK(tests::uses_index(*db, "SELECT text FROM notes WHERE tag = ?1"));
  CHECK_FALSE(tests::uses_index(*db, "SELECT id FROM notes WHERE text = ?1"));
}

}  // namespace tuition
