#include <iostream>

#include "app/embedded.h"
#include "cli/school.h"
#include "cli/verbs.h"
#include "platform/base/json.h"
#include "platform/storage/backup.h"
#include "platform/storage/migrate.h"

namespace tuition::cli {

int restore(const Invocation& call) {
  School school;
  CommandLine line(call);
  std::string source;
  bool without_checksum = false;
  bool check_only = false;
  bool json = false;
  line.required("from", source, "The backup, with its .sha256 beside it");
  line.flag("without-checksum", without_checksum, "Accept a backup whose .sha256 is missing");
  line.flag("check-only", check_only, "Verify the backup and change nothing");
  line.flag("json", json, "Say what was done as JSON");
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  if (!line.load(config::Mode::prod)) return exit_code::configuration;

  const auto checksum = without_checksum ? storage::Checksum::ignored : storage::Checksum::required;
  const std::int64_t newest = storage::newest_version(app::embedded_schema());
  if (check_only) {
    const auto found = storage::verify_restorable(source, newest, checksum);
    if (!found) {
      complain(call, found.error());
      return exit_code::failed;
    }
    if (json) {
      std::cout << Json{{"path", source}, {"schemaVersion", found->schema_version}}.dump() << '\n';
    } else {
      std::cout << source << ": whole, schema " << found->schema_version << '\n';
    }
    return exit_code::done;
  }

  // Not as the folder's owner: the backup may be readable by root only.
  const HandToOwner afterwards(school.folder());
  const auto done = storage::restore(source, school.database_file(), newest, SystemClock(), checksum,
                                     [&] { make_data_folder(school.folder()); });
  if (!done) {
    complain(call, done.error());
    return exit_code::failed;
  }
  std::error_code unreadable;
  const bool has_key = std::filesystem::exists(school.key_file(), unreadable);
  if (!has_key) {
    complain(call,
             school.key_file().string() +
                 ": put the school's key file back before you start it; without that key everybody signs in "
                 "again, saved cards and second factors cannot be opened, and the trail of who did what cannot be "
                 "verified");
  }
  if (json) {
    Json out{{"database", school.database_file().string()}, {"schemaVersion", done->schema_version}};
    out["keyFile"] = has_key;
    out["kept"] = done->kept.empty() ? Json() : Json(done->kept.string());
    std::cout << out.dump() << '\n';
  } else {
    std::cout << school.database_file().string() << ": restored from " << source;
    if (!done->kept.empty()) std::cout << "; what was there is now " << done->kept.string();
    std::cout << '\n';
  }
  return exit_code::done;
}

}  // namespace tuition::cli
