#include "platform/storage/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace tuition::storage {
namespace {

namespace fs = std::filesystem;

// Magic numbers of statfs(2). FUSE is not among them: it is local as often as not.
constexpr std::array<std::pair<unsigned long, std::string_view>, 9> network_file_systems{{
    {0x6969UL, "NFS"},
    {0x517BUL, "SMB"},
    {0xFF534D42UL, "CIFS"},
    {0xFE534D42UL, "SMB"},
    {0x01021997UL, "9p"},
    {0x00C36400UL, "Ceph"},
    {0x5346414FUL, "AFS"},
    {0x73757245UL, "Coda"},
    {0x0BD00BD0UL, "Lustre"},
}};

std::string reason(int error) { return std::generic_category().message(error); }

fs::path folder_around(const fs::path& database) {
  auto folder = database.parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

}  // namespace

void check_data_path(const OpenOptions& options) {
  const auto& path = options.path;
  const auto folder = folder_around(path);
  std::error_code error;

  const auto folder_status = fs::status(folder, error);
  if (folder_status.type() == fs::file_type::not_found) {
    throw OpenRefused(folder.string() + ": this data folder does not exist; create it first");
  }
  if (error) throw OpenRefused(folder.string() + ": the data folder cannot be looked at: " + error.message());
  if (!fs::is_directory(folder_status)) throw OpenRefused(folder.string() + ": this is a file, not a data folder");

  const auto file_status = fs::status(path, error);
  const bool exists = fs::exists(file_status);
  if (exists && fs::is_directory(file_status)) {
    throw OpenRefused(path.string() + ": this is a folder, but the database file belongs here");
  }
  if (exists && !fs::is_regular_file(file_status)) throw OpenRefused(path.string() + ": this is not a regular file");
  if (!exists) {
    if (options.missing == Missing::refuse) throw OpenRefused(path.string() + ": there is no database here");
    if (fs::exists(path.string() + "-wal", error)) {
      throw OpenRefused(path.string() + ": the database is missing, but its write-ahead log is there; put the " +
                        "database back, or restore a backup (tuition doctor says more)");
    }
  }

  // The folder must be writable even for a database that is there: its log and lock stand beside it.
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    throw OpenRefused(folder.string() + ": the data folder cannot be written: " + reason(errno));
  }
  if (exists && ::access(path.c_str(), R_OK | W_OK) != 0) {
    throw OpenRefused(path.string() + ": the database cannot be written: " + reason(errno));
  }

  struct statfs where {};
  if (options.network_folder == NetworkFolder::refuse && ::statfs(folder.c_str(), &where) == 0) {
    for (const auto& [magic, name] : network_file_systems) {
      if (static_cast<unsigned long>(where.f_type) == magic) {
        throw OpenRefused(folder.string() + ": the data folder is on a network file system (" + std::string(name) +
                          "), where a crash or a second server can damage the database; use a local disk");
      }
    }
  }
}

DataLock::DataLock(const fs::path& database) {
  const auto path = fs::path(database).replace_extension(".lock");
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file_ < 0) throw OpenRefused(path.string() + ": the lock file cannot be opened: " + reason(errno));
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    ::close(std::exchange(file_, -1));
    if (error == EWOULDBLOCK) {
      throw FolderInUse(folder_around(database).string() + ": another tuition is using this data folder");
    }
    throw OpenRefused(path.string() + ": the data folder cannot be locked: " + reason(error));
  }
}

// The file stays: removing it would let two processes lock two files of one name.
DataLock::~DataLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace tuition::storage
