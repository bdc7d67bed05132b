#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "platform/storage/sqlite/connection.h"

namespace tuition::storage::sqlite {

// Copies the moment at which it starts, page by page, into a new file that needs no write-ahead log. The writer goes on
// meanwhile; its log cannot start over until the copy is made.
void copy_database(const std::filesystem::path& from, const std::filesystem::path& to);

// integrity_check and foreign_key_check, one line per finding.
std::vector<std::string> problems_of(SQLite::Database& database);

}  // namespace tuition::storage::sqlite
