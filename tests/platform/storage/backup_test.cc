#include "platform/storage/backup.h"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "folder.h"
#include "platform/storage/migrate.h"
#include "platform/storage/open.h"

namespace tuition {
namespace {

namespace fs = std::filesystem;
using storage::backup;
using storage::Checksum;
using storage::restore;
using storage::verify_backup;

const std::vector<EmbeddedText> schema{
    {"0001_notes.sql",
     "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;\n"
     "CREATE TABLE totals (id INTEGER PRIMARY KEY, notes INTEGER NOT NULL) STRICT;\n"
     "INSERT INTO totals (id, notes) VALUES (1, 0);\n"},
};

std::unique_ptr<Database> open(const fs::path& path) {
  auto db = storage::open_sqlite(tests::at(path));
  const SystemClock clock;
  REQUIRE(storage::migrate(*db, schema, clock).ok());
  return db;
}

void add_notes(Database& db, int n) {
  db.write([&](WriteTx& tx) {
    for (int i = 0; i < n; ++i) tx.execute("INSERT INTO notes (text) VALUES (?1)", std::string(200, 'x'));
    tx.execute("UPDATE totals SET notes = notes + ?1 WHERE id = 1", n);
  });
}

std::int64_t count_of(Database& db) {
  return db.read([](ReadTx& tx) { return tx.one<std::int64_t>("SELECT count(*) FROM notes").value(); });
}

std::int64_t count_in(const fs::path& path) { return count_of(*open(path)); }

// Changes one byte in the middle of a text, where only a checksum can see it.
void flip_a_byte(const fs::path& path) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  std::string all((std::istreambuf_iterator<char>(file)), {});
  const auto at = all.rfind("xxxxxxxxxx");
  REQUIRE(at != std::string::npos);
  file.clear();
  file.seekp(static_cast<std::streamoff>(at));
  file.put('y');
}

}  // namespace

TEST_CASE("a backup is a whole database, with its checksum beside it") {
  tests::Folder folder;
  auto db = open(folder / "school.db");
  add_notes(*db, 50);
  CHECK_FALSE(storage::last_backup(db->path()));
  const auto made = backup(*db, folder / "copy.db");
  REQUIRE(made.ok());
  CHECK(made->bytes == static_cast<std::int64_t>(fs::file_size(folder / "copy.db")));
  CHECK(made->sha256.size() == 64);
  CHECK_FALSE(fs::exists(folder / "copy.db.part"));
  std::ifstream note(folder / "copy.db.sha256");
  std::string line;
  std::getline(note, line);
  CHECK(line == made->sha256 + "  copy.db");
  // When and where the last one went is noted beside the database.
  const auto at = storage::last_backup(db->path());
  REQUIRE(at);
  CHECK(SystemClock().now() - *at < minutes(10));
  const auto found = verify_backup(folder / "copy.db");
  REQUIRE(found.ok());
  CHECK(found->schema_version == 1);
  CHECK(count_in(folder / "copy.db") == 50);
}

TEST_CASE("a backup made while others write holds one moment") {
  tests::Folder folder;
  auto db = open(folder / "school.db");
  add_notes(*db, 3000);
  std::atomic<bool> stop{false};
  std::atomic<int> writes{0};
  std::thread writer([&] {
    while (!stop) {
      add_notes(*db, 3);
      ++writes;
    }
  });
  while (writes < 3) std::this_thread::yield();
  for (const auto* name : {"one.db", "two.db", "three.db"}) {
    const auto before = writes.load();
    REQUIRE(backup(*db, folder / name).ok());
    while (writes < before + 3) std::this_thread::yield();
  }
  stop = true;
  writer.join();
  for (const auto* name : {"one.db", "two.db", "three.db"}) {
    auto copy = open(folder / name);
    CHECK(count_of(*copy) == copy->read([](ReadTx& tx) { return tx.one<std::int64_t>("SELECT notes FROM totals"); }));
    CHECK(count_of(*copy) > 3000);
  }
}

TEST_CASE("a backup replaces no file, but what an interrupted one left") {
  tests::Folder folder;
  auto db = open(folder / "school.db");
  std::ofstream(folder / "copy.db.part") << "half";
  REQUIRE(backup(*db, folder / "copy.db").ok());
  CHECK(backup(*db, folder / "copy.db").error().code == "BACKUP_EXISTS");
}

TEST_CASE("a restore puts the backup in place and keeps what was there") {
  tests::Folder folder;
  const SystemClock clock;
  {
    auto db = open(folder / "school.db");
    add_notes(*db, 10);
    REQUIRE(backup(*db, folder / "copy.db").ok());
    add_notes(*db, 5);
  }
  const auto done = restore(folder / "copy.db", folder / "school.db", 1, clock);
  REQUIRE(done.ok());
  CHECK(done->schema_version == 1);
  CHECK(count_in(folder / "school.db") == 10);
  REQUIRE_FALSE(done->kept.empty());
  CHECK(count_in(done->kept) == 15);
}

TEST_CASE("a restore works where there is no database") {
  tests::Folder folder;
  const SystemClock clock;
  {
    auto db = open(folder / "school.db");
    add_notes(*db, 10);
    REQUIRE(backup(*db, folder / "copy.db").ok());
  }
  fs::create_directory(folder / "fresh");
  const auto done = restore(folder / "copy.db", folder / "fresh/school.db", 1, clock);
  REQUIRE(done.ok());
  CHECK(done->kept.empty());
  CHECK(count_in(folder / "fresh/school.db") == 10);
}

TEST_CASE("a restore makes nothing for a backup that it refuses") {
  tests::Folder folder;
  const SystemClock clock;
  {
    auto db = open(folder / "school.db");
    REQUIRE(backup(*db, folder / "copy.db").ok());
  }
  int made = 0;
  const auto attempt = [&](const fs::path& archive, std::int64_t newest) {
    return restore(archive, folder / "fresh/school.db", newest, clock, Checksum::required, [&] {
      ++made;
      fs::create_directory(folder / "fresh");
    });
  };
  CHECK(attempt(folder / "missing.db", 1).error().code == "BACKUP_MISSING");
  CHECK(attempt(folder / "copy.db", 0).error().code == "SCHEMA_NEWER");
  CHECK(storage::verify_restorable(folder / "copy.db", 0).error().code == "SCHEMA_NEWER");
  CHECK(made == 0);
  // Nor a lock in a folder that is there.
  fs::create_directory(folder / "empty");
  CHECK_FALSE(restore(folder / "missing.db", folder / "empty/school.db", 1, clock).ok());
  CHECK(fs::is_empty(folder / "empty"));

  REQUIRE(attempt(folder / "copy.db", 1).ok());
  CHECK(made == 1);
  CHECK(fs::exists(folder / "fresh/school.db"));
}

TEST_CASE("a restore takes the place of a database that is past reading") {
  tests::Folder folder;
  const SystemClock clock;
  {
    auto db = open(folder / "school.db");
    add_notes(*db, 10);
    REQUIRE(backup(*db, folder / "copy.db").ok());
  }
  std::ofstream(folder / "school.db") << std::string(9000, 'x');
  const auto done = restore(folder / "copy.db", folder / "school.db", 1, clock);
  REQUIRE(done.ok());
  CHECK(count_in(folder / "school.db") == 10);
  CHECK(fs::file_size(done->kept) == 9000);
}

TEST_CASE("a restore is refused while a server has the database open") {
  tests::Folder folder;
  const SystemClock clock;
  auto db = open(folder / "school.db");
  REQUIRE(backup(*db, folder / "copy.db").ok());
  add_notes(*db, 5);
  CHECK_THROWS_AS(restore(folder / "copy.db", folder / "school.db", 1, clock), storage::OpenRefused);
  CHECK(count_of(*db) == 5);
}

TEST_CASE("a bad backup is refused and the database stays as it is") {
  tests::Folder folder;
  const SystemClock clock;
  {
    auto db = open(folder / "school.db");
    add_notes(*db, 100);
    REQUIRE(backup(*db, folder / "copy.db").ok());
    add_notes(*db, 5);
    REQUIRE(backup(*db, folder / "other.db").ok());
  }
  const auto attempt = [&](std::int64_t newest = 1, Checksum checksum = Checksum::required) {
    const auto done = restore(folder / "copy.db", folder / "school.db", newest, clock, checksum);
    CHECK(count_in(folder / "school.db") == 105);
    CHECK_FALSE(fs::exists(folder / "school.db.restoring"));
    return done.ok() ? std::string() : done.error().code;
  };

  SECTION("one byte is another") {
    flip_a_byte(folder / "copy.db");
    CHECK(attempt() == "BACKUP_DAMAGED");
  }
  SECTION("it is cut short") {
    fs::resize_file(folder / "copy.db", fs::file_size(folder / "copy.db") / 2);
    CHECK(attempt() == "BACKUP_DAMAGED");
    CHECK(attempt(1, Checksum::ignored) == "BACKUP_DAMAGED");
  }
  SECTION("it is another one under this name") {
    fs::rename(folder / "other.db", folder / "copy.db");
    CHECK(attempt() == "BACKUP_DAMAGED");
  }
  SECTION("its checksum is missing") {
    fs::remove(folder / "copy.db.sha256");
    CHECK(attempt() == "BACKUP_UNVERIFIED");
  }
  SECTION("it is newer than the program") { CHECK(attempt(0) == "SCHEMA_NEWER"); }
  SECTION("it is no database") {
    std::ofstream(folder / "copy.db") << "hello";
    CHECK(attempt(1, Checksum::ignored) == "BACKUP_DAMAGED");
  }
  SECTION("it is not there") {
    fs::remove(folder / "copy.db");
    CHECK(attempt() == "BACKUP_MISSING");
  }
}

TEST_CASE("the integrity of a database in use can be checked") {
  auto db = storage::open_temporary();
  db->write([](WriteTx& tx) { tx.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY) STRICT"); });
  CHECK(db->integrity_problems().empty());
}

}  // namespace tuition
