#include "platform/storage/engine.h"

#include <sqlite3.h>

#include "platform/storage/sqlite/copy.h"

namespace tuition::storage {

std::string engine_version() { return sqlite3_libversion(); }

void copy_file_of_others(const std::filesystem::path& database, const std::filesystem::path& target) {
  sqlite::copy_database(database, target);
}

}  // namespace tuition::storage
