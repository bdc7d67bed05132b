#include "platform/storage/backup.h"

#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <optional>
#include <string_view>
#include <system_error>

#include "platform/base/text.h"
#include "platform/storage/data_folder.h"
#include "platform/storage/engine.h"
#include "platform/storage/files.h"

namespace tuition::storage {
namespace {

namespace fs = std::filesystem;

fs::path beside(const fs::path& path, std::string_view ending) { return path.string() + std::string(ending); }

Error refused(std::string code, std::string line) { return Error{Kind::conflict, std::move(code), std::move(line)}; }

Error damaged(const fs::path& file, std::string_view problem) {
  return refused("BACKUP_DAMAGED", file.string() + ": this backup is damaged: " + std::string(problem));
}

// The line of sha256sum(1): the digest, two spaces, the name.
Result<void> compare_checksum(const fs::path& file) {
  const auto note = beside(file, ".sha256");
  std::error_code error;
  if (!fs::exists(note, error)) {
    return refused("BACKUP_UNVERIFIED", note.string() + ": the backup's checksum is missing");
  }
  const auto line = read_small_file(note);
  if (trim(line.substr(0, line.find(' '))) != sha256_of_file(file)) {
    return damaged(file, "it is not what " + note.filename().string() + " says");
  }
  return {};
}

// Gets what a crash or a refusal leaves behind out of the way.
void remove_quietly(const fs::path& file) {
  std::error_code ignored;
  fs::remove(file, ignored);
}

// Brings the old database to rest in its one file, and gives it a second name. One that is too damaged for that is
// moved away with its log as it is.
void keep_old(const fs::path& database, const fs::path& kept) {
  try {
    settle(database);
  } catch (const Fault&) {
    for (const auto* ending : {"-wal", "-shm"}) {
      std::error_code error;
      if (fs::exists(beside(database, ending), error)) {
        rename_durably(beside(database, ending), beside(kept, ending));
      }
    }
  }
  if (::link(database.c_str(), kept.c_str()) != 0) copy_durably(database, kept);
}

// The time of such a note is when it was done, its text which file it was done to.
fs::path last_backup_note(const fs::path& database) { return database.parent_path() / "last-backup"; }
fs::path last_verified_note(const fs::path& database) { return database.parent_path() / "last-verified-backup"; }

// A backup is one even where this cannot be written.
void note_down(const fs::path& note, const fs::path& backup) {
  const auto part = beside(note, ".part");
  try {
    write_durably(part, backup.string() + "\n");
    rename_durably(part, note);
  } catch (const Fault&) {
    remove_quietly(part);
  }
}

// `copy` makes the copy of `database` in the file it is given.
Result<Backup> backup_with(const fs::path& database, const fs::path& target,
                           const std::function<void(const fs::path&)>& copy) {
  std::error_code error;
  if (fs::exists(target, error)) return refused("BACKUP_EXISTS", target.string() + ": there is a file already");
  const auto part = beside(target, ".part");
  const auto note = beside(target, ".sha256");
  remove_quietly(part);
  remove_quietly(beside(part, "-journal"));
  try {
    // Closed to others before anything is in it.
    write_durably(part, {});
    copy(part);
    make_durable(part);
    if (const auto found = inspect(part); !found.problems.empty()) {
      remove_quietly(part);
      return damaged(database, found.problems.front());
    }
    Backup made{target, sha256_of_file(part), static_cast<std::int64_t>(fs::file_size(part, error))};
    write_durably(note, made.sha256 + "  " + target.filename().string() + "\n");
    rename_durably(part, target);
    note_down(last_backup_note(database), fs::absolute(target));
    return made;
  } catch (const Fault&) {
    remove_quietly(part);
    remove_quietly(note);
    throw;
  }
}

std::optional<Instant> time_of(const fs::path& note) {
  struct stat status {};
  if (::stat(note.c_str(), &status) != 0) return std::nullopt;
  return Instant{std::int64_t{status.st_mtim.tv_sec} * 1000 + status.st_mtim.tv_nsec / 1'000'000};
}

}  // namespace

std::optional<Instant> last_backup(const fs::path& database) { return time_of(last_backup_note(database)); }

void note_verified_backup(const fs::path& database, const fs::path& backup) {
  note_down(last_verified_note(database), fs::absolute(backup));
}

std::optional<Instant> last_verified_backup(const fs::path& database) { return time_of(last_verified_note(database)); }

Result<Backup> backup(Database& db, const fs::path& target) {
  return backup_with(db.path(), target, [&](const fs::path& part) { db.copy_to(part); });
}

Result<Backup> backup_file(const fs::path& database, const fs::path& target) {
  return backup_with(database, target, [&](const fs::path& part) { copy_file_of_others(database, part); });
}

Result<Inspection> verify_backup(const fs::path& file, Checksum checksum) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) {
    return refused("BACKUP_MISSING", file.string() + ": there is no such backup");
  }
  try {
    if (checksum == Checksum::required) TRY(compare_checksum(file));
    auto found = inspect(file);
    if (!found.problems.empty()) return damaged(file, found.problems.front());
    if (found.schema_version == 0) return damaged(file, "it is a database, but not one of tuition");
    return found;
  } catch (const Fault& fault) {
    return damaged(file, fault.what());
  }
}

Result<Inspection> verify_restorable(const fs::path& file, std::int64_t newest_version, Checksum checksum) {
  auto found = TRY(verify_backup(file, checksum));
  if (found.schema_version > newest_version) {
    return refused("SCHEMA_NEWER", file.string() + ": this backup was made by a newer tuition (schema " +
                                       std::to_string(found.schema_version) + ", this one knows " +
                                       std::to_string(newest_version) + ")");
  }
  return found;
}

Result<Restored> restore(const fs::path& archive, const fs::path& database, std::int64_t newest_version,
                         const Clock& clock, Checksum checksum, const std::function<void()>& make_folder) {
  OpenOptions place;
  place.path = database;
  std::error_code error;
  std::optional<DataLock> lock;
  // A server that runs is told of at once; the lock of a school that is not there yet would be left behind.
  if (fs::exists(database, error)) {
    check_data_path(place);
    lock.emplace(database);
  }
  const auto found = TRY(verify_restorable(archive, newest_version, checksum));
  if (!lock) {
    if (make_folder) make_folder();
    lock.emplace(database);
  }
  // A log without its database is what this may have to repair.
  const bool exists = fs::exists(database, error);

  const auto part = beside(database, ".restoring");
  try {
    copy_durably(archive, part);
    if (sha256_of_file(part) != sha256_of_file(archive)) {
      remove_quietly(part);
      return damaged(archive, "it reads differently each time");
    }
  } catch (const Fault&) {
    remove_quietly(part);
    throw;
  }

  Restored done{found.schema_version, {}};
  const auto kept = beside(database, ".before-restore-" + std::to_string(clock.now().ms));
  if (exists) {
    keep_old(database, kept);
    done.kept = kept;
  } else if (fs::exists(beside(database, "-wal"), error)) {
    rename_durably(beside(database, "-wal"), beside(kept, "-wal"));
  }
  remove_quietly(beside(database, "-shm"));
  rename_durably(part, database);
  return done;
}

}  // namespace tuition::storage
