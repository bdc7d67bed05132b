#include "cli/school.h"

#include <sys/stat.h>
#include <unistd.h>

#include "platform/storage/data_folder.h"

namespace tuition::cli {

std::filesystem::path School::database_file() const { return folder() / "school.db"; }
std::filesystem::path School::key_file() const { return folder() / "school.key"; }

void act_as_owner(const std::filesystem::path& folder) {
  struct stat found {};
  if (::geteuid() != 0 || ::stat(folder.c_str(), &found) != 0 || found.st_uid == 0) return;
  if (::setegid(found.st_gid) != 0 || ::seteuid(found.st_uid) != 0)
    throw storage::OpenRefused(folder.string() + ": belongs to user " + std::to_string(found.st_uid) +
                               ", whom this process cannot act as");
}

HandToOwner::~HandToOwner() {
  struct stat folder {};
  if (::geteuid() != 0 || ::stat(folder_.c_str(), &folder) != 0 || folder.st_uid == 0) return;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, ignored)) {
    struct stat found {};
    if (::lstat(entry.path().c_str(), &found) == 0 && S_ISREG(found.st_mode) && found.st_uid == 0)
      static_cast<void>(::lchown(entry.path().c_str(), folder.st_uid, folder.st_gid) == 0);
  }
}

std::unique_ptr<Database> open_database(const School& school, storage::Missing missing) {
  act_as_owner(school.folder());
  storage::OpenOptions open;
  open.path = school.database_file();
  open.missing = missing;
  open.network_folder = school.options.network_folder ? storage::NetworkFolder::allow : storage::NetworkFolder::refuse;
  open.read_limit = hours(24);
  return storage::open_sqlite(std::move(open));
}

bool in_use(const School& school) {
  std::error_code unreadable;
  if (!std::filesystem::exists(school.database_file(), unreadable)) return false;
  try {
    const storage::DataLock lock(school.database_file());
    return false;
  } catch (const storage::OpenRefused&) {
    return true;
  }
}

}  // namespace tuition::cli
