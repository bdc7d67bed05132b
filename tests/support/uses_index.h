#pragma once

#include <string>

#include "platform/storage/database.h"

namespace tuition::tests {

// What EXPLAIN QUERY PLAN says, one step per line.
std::string query_plan(Database& db, Sql sql);

// True when no step of the plan reads a table from end to end: every SCAN goes through an index or is of a subquery.
bool uses_index(Database& db, Sql sql);

}  // namespace tuition::tests
