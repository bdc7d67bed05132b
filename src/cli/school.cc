#include "cli/school.h"

#include <sys/stat.h>
#include <unistd.h>

#include "accounts/figures.h"
#include "platform/log/log.h"
#include "platform/storage/data_folder.h"

namespace tuition::cli {

std::filesystem::path School::database_file() const { return folder() / "school.db"; }
std::filesystem::path School::key_file() const { return folder() / "school.key"; }

void make_data_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::exists(folder, error)) return;
  if (!std::filesystem::create_directories(folder, error) || error)
    throw storage::OpenRefused(folder.string() + ": cannot be made: " + error.message());
  ::chmod(folder.c_str(), 0700);
}

Result<crypto::KeyRing> open_keys(const School& school, Database& db, Entropy& entropy) {
  std::error_code unreadable;
  const bool made_new = !std::filesystem::exists(school.key_file(), unreadable);
  auto keys = TRY(crypto::KeyRing::open(school.key_file(), entropy));
  if (made_new && db.read([](ReadTx& tx) { return accounts::count_people(tx, Instant{}).total; }) > 0) {
    log::warn("keys.made_new", {{"path", school.key_file().string()},
                                {"why",
                                 "the key file of this school was missing: everybody signs in again, and saved cards, "
                                 "second factors and waiting mail cannot be opened; if there is a copy of the file, "
                                 "stop the server and put it back"}});
  }
  return keys;
}

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
