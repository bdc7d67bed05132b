#include "platform/storage/migrate.h"

#include <iostream>

#include "app/embedded.h"
#include "cli/school.h"
#include "cli/verbs.h"
#include "platform/base/json.h"

namespace tuition::cli {

int migrate(const Invocation& call) {
  School school;
  CommandLine line(call);
  bool dry = false;
  bool json = false;
  line.flag("dry-run", dry, "List what would be done and change nothing");
  line.flag("json", json, "As JSON");
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  if (!line.load(config::Mode::prod)) return exit_code::configuration;

  const auto db = open_database(school, dry ? storage::Missing::refuse : storage::Missing::create);
  const auto done =
      storage::migrate(*db, app::embedded_schema(), SystemClock(), dry ? storage::Run::dry : storage::Run::apply);
  if (!done) {
    complain(call, done.error());
    return exit_code::failed;
  }
  const std::int64_t version = storage::schema_version(*db);
  if (json) {
    Json out{{"schemaVersion", version}, {"dryRun", dry}, {"migrations", done->names}};
    out["backup"] = done->backup ? Json(done->backup->string()) : Json();
    std::cout << out.dump() << '\n';
    return exit_code::done;
  }
  if (done->backup) std::cout << "backup: " << done->backup->string() << '\n';
  for (const auto& name : done->names) std::cout << (dry ? "would apply " : "applied ") << name << '\n';
  std::cout << db->path().string() << ": schema " << version << (done->names.empty() ? ", nothing to do" : "") << '\n';
  return exit_code::done;
}

}  // namespace tuition::cli
