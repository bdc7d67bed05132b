#include "platform/storage/migrate.h"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include "folder.h"
#include "platform/storage/backup.h"
#include "platform/storage/open.h"

namespace tuition {
namespace {

using storage::migrate;
using storage::Run;

const std::vector<EmbeddedText> three{
    {"0001_notes.sql",
     "-- Notes.\nCREATE TABLE notes (id INTEGER PRIMARY KEY) STRICT;\nINSERT INTO notes (id) VALUES (1);\n"},
    {"0002_replies.sql",
     "CREATE TABLE replies (id INTEGER PRIMARY KEY, note INTEGER REFERENCES notes (id)) STRICT;\n"
     "CREATE INDEX replies_by_note ON replies (note);\n"},
    {"0010_tags.sql", "ALTER TABLE notes ADD COLUMN tag TEXT;\n"},
};

std::vector<EmbeddedText> first(std::size_t n) {
  return {three.begin(), three.begin() + static_cast<std::ptrdiff_t>(n)};
}

std::int64_t tables(Database& db) {
  return db
      .read([](ReadTx& tx) { return tx.one<std::int64_t>("SELECT count(*) FROM sqlite_schema WHERE type = 'table'"); })
      .value();
}

}  // namespace

TEST_CASE("migrations are applied once, in order") {
  auto db = storage::open_temporary();
  const SystemClock clock;
  CHECK(storage::schema_version(*db) == 0);
  const auto done = migrate(*db, three, clock);
  REQUIRE(done.ok());
  CHECK(done->names == std::vector<std::string>{"0001_notes.sql", "0002_replies.sql", "0010_tags.sql"});
  CHECK_FALSE(done->backup.has_value());
  CHECK(storage::schema_version(*db) == 10);
  CHECK(migrate(*db, three, clock)->names.empty());
  CHECK(db->read([](ReadTx& tx) { return tx.one<std::int64_t>("SELECT count(*) FROM notes"); }) == 1);
}

TEST_CASE("a dry run says what would be applied and applies nothing") {
  auto db = storage::open_temporary();
  const SystemClock clock;
  CHECK(migrate(*db, three, clock, Run::dry)->names.size() == 3);
  CHECK(tables(*db) == 0);
  REQUIRE(migrate(*db, first(1), clock).ok());
  CHECK(migrate(*db, three, clock, Run::dry)->names == std::vector<std::string>{"0002_replies.sql", "0010_tags.sql"});
  CHECK(storage::schema_version(*db) == 1);
}

TEST_CASE("a migration that fails is undone whole, and the ones before it stay") {
  auto db = storage::open_temporary();
  const SystemClock clock;
  auto broken = three;
  broken[1].bytes = "CREATE TABLE replies (id INTEGER PRIMARY KEY) STRICT;\nCREATE TABLE notes (id INTEGER);\n";
  const auto done = migrate(*db, broken, clock);
  REQUIRE_FALSE(done.ok());
  CHECK(done.error().code == "MIGRATION_FAILED");
  CHECK(done.error().safe.find("0002_replies.sql") != std::string::npos);
  CHECK(storage::schema_version(*db) == 1);
  CHECK(tables(*db) == 2);
  CHECK(migrate(*db, three, clock).ok());
  CHECK(storage::schema_version(*db) == 10);
}

TEST_CASE("a migration whose text has changed is refused") {
  auto db = storage::open_temporary();
  const SystemClock clock;
  REQUIRE(migrate(*db, first(2), clock).ok());
  auto changed = three;
  changed[1].bytes = "CREATE TABLE answers (id INTEGER PRIMARY KEY) STRICT;\n";
  const auto done = migrate(*db, changed, clock);
  REQUIRE_FALSE(done.ok());
  CHECK(done.error().code == "SCHEMA_CHANGED");
  CHECK(storage::schema_version(*db) == 2);
}

TEST_CASE("a database of a newer program is refused in a line that names it") {
  auto db = storage::open_temporary();
  const SystemClock clock;
  REQUIRE(migrate(*db, three, clock).ok());
  const auto done = migrate(*db, first(2), clock);
  REQUIRE_FALSE(done.ok());
  CHECK(done.error().code == "SCHEMA_NEWER");
  CHECK(done.error().safe.find(db->path().string()) == 0);
}

TEST_CASE("a database that holds something is backed up before it is migrated") {
  auto db = storage::open_temporary();
  const SystemClock clock;
  REQUIRE(migrate(*db, first(1), clock).ok());
  const auto done = migrate(*db, three, clock);
  REQUIRE(done.ok());
  REQUIRE(done->backup.has_value());
  const auto found = storage::verify_backup(*done->backup);
  REQUIRE(found.ok());
  CHECK(found->schema_version == 1);
}

TEST_CASE("the schema is written down the same way, however it came about") {
  const SystemClock clock;
  auto at_once = storage::open_temporary();
  REQUIRE(migrate(*at_once, three, clock).ok());
  auto in_steps = storage::open_temporary();
  REQUIRE(migrate(*in_steps, first(1), clock).ok());
  REQUIRE(migrate(*in_steps, three, clock).ok());
  const auto text = storage::dump_schema(*at_once);
  CHECK(text == storage::dump_schema(*in_steps));
  CHECK(text.find("CREATE INDEX replies_by_note ON replies (note);\n") != std::string::npos);
  CHECK(text.find("CREATE TABLE schema_migrations") != std::string::npos);
}

TEST_CASE("a virtual table is written down without its shadows") {
  auto db = storage::open_temporary();
  const SystemClock clock;
  const std::vector<EmbeddedText> search{{"0001_search.sql", "CREATE VIRTUAL TABLE search USING fts5 (text);"}};
  REQUIRE(migrate(*db, search, clock).ok());
  const auto text = storage::dump_schema(*db);
  CHECK(text.find("CREATE VIRTUAL TABLE search") != std::string::npos);
  CHECK(text.find("search_data") == std::string::npos);
}

}  // namespace tuition
