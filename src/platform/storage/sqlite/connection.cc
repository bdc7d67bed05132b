#include "platform/storage/sqlite/connection.h"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include "platform/storage/sqlite/errors.h"

namespace tuition::storage::sqlite {
namespace {

[[noreturn]] void raise_last(SQLite::Database& database, const std::string& doing) {
  raise(database.getExtendedErrorCode(), sqlite3_system_errno(database.getHandle()),
        std::string(database.getErrorMsg()) + " (" + doing + ")");
}

SQLite::Statement compile(SQLite::Database& database, const char* text) {
  try {
    return SQLite::Statement(database, text);
  } catch (const SQLite::Exception&) {
    raise_last(database, text);
  }
}

SQLite::Database open_file(const std::filesystem::path& path, Role role) {
  int flags = SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX;
  if (role == Role::writer) flags |= SQLite::OPEN_CREATE;
  try {
    return SQLite::Database(path.string(), flags, 5000);
  } catch (const SQLite::Exception& refused) {
    raise(refused.getExtendedErrorCode(), 0, path.string() + ": " + refused.what());
  }
}

// The limit is looked at every so many steps of SQLite's machine: some tens of microseconds.
constexpr int steps_between_looks = 4000;

}  // namespace

SqliteStatement::SqliteStatement(SQLite::Database& database, const char* text)
    : database_(database),
      statement_(compile(database, text)),
      texts_(static_cast<std::size_t>(statement_.getBindParameterCount())) {}

std::string& SqliteStatement::kept(int parameter) {
  check(parameter >= 1 && static_cast<std::size_t>(parameter) <= texts_.size(), "a statement has this parameter");
  return texts_[static_cast<std::size_t>(parameter) - 1];
}

void SqliteStatement::bind_null(int parameter) {
  kept(parameter);
  statement_.bind(parameter);
}

void SqliteStatement::bind(int parameter, std::int64_t value) {
  kept(parameter);
  statement_.bind(parameter, value);
}

void SqliteStatement::bind(int parameter, double value) {
  kept(parameter);
  statement_.bind(parameter, value);
}

void SqliteStatement::bind(int parameter, std::string_view text) {
  auto& mine = kept(parameter);
  mine.assign(text);
  statement_.bindNoCopy(parameter, mine);
}

void SqliteStatement::bind_blob(int parameter, std::string_view bytes) {
  auto& mine = kept(parameter);
  mine.assign(bytes);
  statement_.bindNoCopy(parameter, mine.data(), static_cast<int>(mine.size()));
}

bool SqliteStatement::step() {
  const int code = statement_.tryExecuteStep();
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  raise_last(database_, statement_.getQuery());
}

std::string_view SqliteStatement::text(int column) {
  const auto value = statement_.getColumn(column);
  const char* start = value.getText("");
  return {start, static_cast<std::size_t>(value.getBytes())};
}

void SqliteStatement::run() {
  struct Reset {
    SqliteStatement& statement;
    ~Reset() { statement.reset(); }
  } reset{*this};
  while (step()) {}
}

SqliteConnection::SqliteConnection(const std::filesystem::path& path, Role role) : database_(open_file(path, role)) {
  auto* handle = database_.getHandle();
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  execute("PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY");
  switch (role) {
    case Role::writer:
      execute(
          "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
          "PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 134217728; PRAGMA cache_size = -16384");
      break;
    case Role::reader:
      execute("PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -8192");
      break;
    case Role::copier: execute("PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0"); break;
  }
  if (role == Role::reader) {
    sqlite3_progress_handler(
        handle, steps_between_looks,
        [](void* me) {
          const auto limit = static_cast<const SqliteConnection*>(me)->limit_us_;
          return limit != 0 && steady_us() > limit ? 1 : 0;
        },
        this);
  }
}

std::int64_t SqliteConnection::changes() { return database_.getChanges(); }

void SqliteConnection::check_limit() const {
  if (limit_us_ != 0 && steady_us() > limit_us_) throw Fault(Fault::Sort::busy, "a read took too long and was ended");
}

SqliteStatement& SqliteConnection::statement(const char* text) {
  check_limit();
  auto& found = statements_[text];
  if (!found) found = std::make_unique<SqliteStatement>(database_, text);
  return *found;
}

void SqliteConnection::execute(const std::string& text) {
  if (database_.tryExec(text) != SQLITE_OK) raise_last(database_, text.substr(0, 200));
}

std::int64_t SqliteConnection::ask_integer(const char* text) {
  SqliteStatement asked(database_, text);
  check(asked.step(), "an asked-for number is there");
  return asked.integer(0);
}

}  // namespace tuition::storage::sqlite
