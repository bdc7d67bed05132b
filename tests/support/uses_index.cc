#include "uses_index.h"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

namespace tuition::tests {

std::string query_plan(Database& db, Sql sql) {
  SQLite::Database beside(db.path().string(), SQLite::OPEN_READONLY);
  SQLite::Statement plan(beside, std::string("EXPLAIN QUERY PLAN ") + sql.text());
  std::string text;
  while (plan.executeStep()) text += plan.getColumn(3).getString() + "\n";
  return text;
}

bool uses_index(Database& db, Sql sql) {
  const auto plan = query_plan(db, sql);
  for (std::size_t start = 0; start < plan.size();) {
    const auto end = plan.find('\n', start);
    const auto step = plan.substr(start, end - start);
    const bool scans = step.rfind("SCAN ", 0) == 0;
    if (scans && step.find("INDEX") == std::string::npos && step.find("CONSTANT ROW") == std::string::npos &&
        step.find("SUBQUERY") == std::string::npos && step.find("(subquery") == std::string::npos) {
      return false;
    }
    start = end + 1;
  }
  return true;
}

}  // namespace tuition::tests
