#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/result.h"
#include "platform/base/time.h"
#include "platform/storage/database.h"

namespace tuition::storage {

struct Backup {
  std::filesystem::path path{};
  std::string sha256{};
  std::int64_t bytes = 0;
};

// Copies the database as it is at this moment to `target`, while it is in use. The copy is checked (integrity, foreign
// keys), made durable, and gets its name only then; beside it stands `target`.sha256, in the form of sha256sum(1). What
// an interrupted backup leaves behind is called `target`.part and is replaced by the next.
Result<Backup> backup(Database& db, const std::filesystem::path& target);
// The same from another process than the one that has the database open, or when nobody has.
Result<Backup> backup_file(const std::filesystem::path& database, const std::filesystem::path& target);

// When the last of them succeeded, wherever it went; null when none ever did. `database` is the file copied.
std::optional<Instant> last_backup(const std::filesystem::path& database);

// Remembers that a backup of `database` was read back and found whole, and when that was last; null: never.
void note_verified_backup(const std::filesystem::path& database, const std::filesystem::path& backup);
std::optional<Instant> last_verified_backup(const std::filesystem::path& database);

// What is in a database file that nobody has open.
struct Inspection {
  std::int64_t schema_version = 0;
  std::vector<std::string> problems{};
};
// Throws Fault when it cannot be read as a database at all.
Inspection inspect(const std::filesystem::path& file);

// Brings what its log holds into a database file that nobody has open, so that the file stands alone. Throws Fault.
void settle(const std::filesystem::path& file);

// Whether the checksum beside a backup must be there and fit.
enum class Checksum { required, ignored };

// Puts a backup in the place of `database`, which no server may have open. The backup is verified first and again after
// copying; until the copy is complete and durable the old database is untouched, and then it is kept beside the new
// one (Restored::kept). Refuses what is damaged, has no or another checksum, or is newer than `newest_version`; where
// no database is yet, before anything is made: `make_folder` is called only then.
struct Restored {
  std::int64_t schema_version = 0;
  std::filesystem::path kept{};  // empty when there was no database
};
Result<Restored> restore(const std::filesystem::path& backup, const std::filesystem::path& database,
                         std::int64_t newest_version, const Clock& clock, Checksum checksum = Checksum::required,
                         const std::function<void()>& make_folder = {});

// Reads a backup back without restoring it: the checks of restore but for the version.
Result<Inspection> verify_backup(const std::filesystem::path& backup, Checksum checksum = Checksum::required);
// All of them.
Result<Inspection> verify_restorable(const std::filesystem::path& backup, std::int64_t newest_version,
                                     Checksum checksum = Checksum::required);

}  // namespace tuition::storage
