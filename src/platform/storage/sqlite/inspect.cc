#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include "platform/base/text.h"
#include "platform/storage/backup.h"
#include "platform/storage/sqlite/copy.h"
#include "platform/storage/sqlite/errors.h"

namespace tuition::storage {

Inspection inspect(const std::filesystem::path& file) {
  try {
    // Immutable: nothing is created beside it, and a log left there is not looked at.
    std::string address = "file:";
    for (const char each : file.string()) address += each == '/' ? "/" : percent_encode({&each, 1});
    SQLite::Database database(address + "?immutable=1", SQLite::OPEN_READONLY | SQLite::OPEN_URI);
    sqlite3_extended_result_codes(database.getHandle(), 1);
    sqlite3_db_config(database.getHandle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    database.exec("PRAGMA trusted_schema = OFF");

    Inspection found;
    found.problems = sqlite::problems_of(database);
    if (!found.problems.empty() || !database.tableExists("schema_migrations")) return found;
    found.schema_version = database.execAndGet("SELECT coalesce(max(version), 0) FROM schema_migrations").getInt64();
    return found;
  } catch (const SQLite::Exception& failed) {
    sqlite::raise(failed.getExtendedErrorCode(), 0, file.string() + ": " + failed.what());
  }
}

void settle(const std::filesystem::path& file) {
  sqlite::SqliteConnection connection(file, sqlite::Role::writer);
  if (connection.ask_integer("PRAGMA wal_checkpoint(TRUNCATE)") != 0) {
    throw Fault(Fault::Sort::busy, file.string() + ": somebody else has this database open");
  }
}

}  // namespace tuition::storage
