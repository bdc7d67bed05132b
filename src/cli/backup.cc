#include "platform/storage/backup.h"

#include <iostream>

#include "cli/school.h"
#include "cli/verbs.h"
#include "platform/base/json.h"

namespace tuition::cli {

// Works beside a running server: the copy is made through a read connection of its own, which holds up nobody.
int backup(const Invocation& call) {
  School school;
  CommandLine line(call);
  std::string target;
  bool verify = false;
  bool json = false;
  line.option("to", target,
              "The file to write; by default one named after the time, in the folder `backups` of the data");
  line.flag("verify", verify, "Read the finished copy back: checksum, every page, every reference");
  line.flag("json", json, "Say what was made as JSON");
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  if (!line.load(config::Mode::prod)) return exit_code::configuration;

  const auto database = school.database_file();
  if (!std::filesystem::exists(database)) {
    complain(call, database.string() + ": there is no database here");
    return exit_code::failed;
  }
  if (target.empty()) {
    act_as_owner(school.folder());
    const auto folder = school.folder() / "backups";
    std::filesystem::create_directories(folder);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    std::string moment = to_text(SystemClock().now()).substr(0, 19);
    std::erase(moment, ':');
    target = (folder / ("school-" + moment + "Z.db")).string();
  }

  const auto made = storage::backup_file(database, target);
  if (!made) {
    complain(call, made.error());
    return exit_code::failed;
  }
  std::optional<storage::Inspection> read_back;
  if (verify) {
    auto found = storage::verify_backup(target);
    if (!found) {
      complain(call, found.error());
      return exit_code::failed;
    }
    read_back = std::move(found).value();
    storage::note_verified_backup(database, target);
  }

  if (json) {
    Json out{{"path", made->path.string()}, {"bytes", made->bytes}, {"sha256", made->sha256}, {"verified", verify}};
    if (read_back) out["schemaVersion"] = read_back->schema_version;
    std::cout << out.dump() << '\n';
  } else {
    std::cout << made->path.string() << ": " << made->bytes << " bytes" << (verify ? ", read back and whole" : "")
              << '\n';
  }
  return exit_code::done;
}

}  // namespace tuition::cli
