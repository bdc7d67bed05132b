#include "platform/storage/sqlite/copy.h"

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include "platform/storage/sqlite/errors.h"

namespace tuition::storage::sqlite {
namespace {

constexpr int pages_at_once = 256;

}  // namespace

void copy_database(const std::filesystem::path& from, const std::filesystem::path& to) {
  SqliteConnection source(from, Role::copier);
  // An open read keeps the copy at one moment; without it, every commit would make it start again.
  source.execute("BEGIN");
  source.ask_integer("SELECT count(*) FROM sqlite_schema");
  try {
    SQLite::Database target(to.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX);
    // Durability is made once, at the end, by whoever asked for the copy.
    target.exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF");
    SQLite::Backup backup(target, source.sqlite());
    while (backup.executeStep(pages_at_once) != SQLITE_DONE) {}
    target.exec("PRAGMA journal_mode = DELETE");
  } catch (const SQLite::Exception& failed) {
    raise(failed.getExtendedErrorCode(), 0, to.string() + ": " + failed.what());
  }
  source.execute("COMMIT");
}

std::vector<std::string> problems_of(SQLite::Database& database) {
  std::vector<std::string> problems;
  SqliteStatement pages(database, "PRAGMA integrity_check(20)");
  while (pages.step()) {
    if (pages.text(0) != "ok") problems.emplace_back(pages.text(0));
  }
  SqliteStatement keys(database, "PRAGMA foreign_key_check");
  while (keys.step() && problems.size() < 40) {
    problems.push_back("a row of " + std::string(keys.text(0)) + " points to a row of " + std::string(keys.text(2)) +
                       " that is not there");
  }
  return problems;
}

}  // namespace tuition::storage::sqlite
