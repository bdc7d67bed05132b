#pragma once

#include <filesystem>

#include "platform/storage/open.h"

namespace tuition::storage {

// Throws OpenRefused when a database could not live at `path`: no folder, a folder in its place, not ours to write, a
// network file system (whose locks cannot be trusted), a write-ahead log without its database. Changes nothing.
void check_data_path(const OpenOptions& options);

// Somebody else has the folder: of all refusals the one that passes by itself.
struct FolderInUse : OpenRefused {
  using OpenRefused::OpenRefused;
};

// Keeps a second server, and verbs that replace files, away from a database: a locked file beside it
// (school.db -> school.lock). The kernel lets go of it when the process ends, however it ends.
class DataLock {
 public:
  // Throws FolderInUse when somebody else has it, OpenRefused when it cannot be locked at all.
  explicit DataLock(const std::filesystem::path& database);
  ~DataLock();
  DataLock(const DataLock&) = delete;
  DataLock& operator=(const DataLock&) = delete;

 private:
  int file_ = -1;
};

}  // namespace tuition::storage
