#include "statement_log.h"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

#include <mutex>
#include <utility>

namespace tuition::tests {
namespace {

// Connections outlive the log, so what they write to stands for as long as the program.
std::mutex guard;
bool watching = false;
std::set<std::string> seen;

int note(unsigned, void*, void* statement, void*) {
  const auto* text = sqlite3_sql(static_cast<sqlite3_stmt*>(statement));
  std::lock_guard lock(guard);
  if (watching && text) seen.insert(text);
  return 0;
}

int watch(sqlite3* connection, char**, const void*) {
  return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, note, nullptr);
}

// As SQLite wants it: the type of an extension's entry is not the type it is called by.
void (*entry())() { return reinterpret_cast<void (*)()>(watch); }

}  // namespace

StatementLog::StatementLog() {
  std::lock_guard lock(guard);
  watching = true;
  seen.clear();
  sqlite3_auto_extension(entry());
}

StatementLog::~StatementLog() {
  sqlite3_cancel_auto_extension(entry());
  std::lock_guard lock(guard);
  watching = false;
}

std::set<std::string> StatementLog::take() {
  std::lock_guard lock(guard);
  return std::exchange(seen, {});
}

std::string scans_of(Database& db, const std::string& text) {
  SQLite::Database beside(db.path().string(), SQLite::OPEN_READONLY);
  SQLite::Statement plan(beside, "EXPLAIN QUERY PLAN " + text);
  std::string scans;
  while (plan.executeStep()) {
    const auto step = plan.getColumn(3).getString();
    if (step.rfind("SCAN ", 0) != 0) continue;
    bool bounded = false;
    for (const auto* harmless : {"INDEX", "CONSTANT ROW", "SUBQUERY", "(subquery"})
      bounded = bounded || step.find(harmless) != std::string::npos;
    if (!bounded) scans += step + "\n";
  }
  return scans;
}

}  // namespace tuition::tests
