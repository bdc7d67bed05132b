#pragma once

#include <set>
#include <string>

#include "platform/storage/database.h"

namespace tuition::tests {

// Every statement that runs in this process while it stands, as its text. Made before the databases it is to watch are
// opened; one at a time.
class StatementLog {
 public:
  StatementLog();
  ~StatementLog();
  StatementLog(const StatementLog&) = delete;
  StatementLog& operator=(const StatementLog&) = delete;

  // Each text once; what was seen is forgotten.
  std::set<std::string> take();
};

// The steps of the statement's plan that read a table from end to end, as EXPLAIN QUERY PLAN says them; none is the
// answer one wants. `text` is a statement that has run.
std::string scans_of(Database& db, const std::string& text);

}  // namespace tuition::tests
