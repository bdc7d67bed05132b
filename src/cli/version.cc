#include "app/version.h"

#include <iostream>

#include "app/embedded.h"
#include "cli/command_line.h"
#include "cli/verbs.h"
#include "platform/base/json.h"
#include "platform/crypto/sodium.h"
#include "platform/outbound/versions.h"
#include "platform/storage/engine.h"
#include "platform/storage/migrate.h"

namespace tuition::cli {

int version(const Invocation& call) {
  CommandLine line(call);
  bool json = false;
  line.flag("json", json, "With the versions of the libraries inside, as JSON");
  if (const auto code = line.parse()) return *code;
  if (!json) {
    std::cout << "tuition " << app::version << " (" << app::commit << ", " << app::build_date << ")\n";
    return exit_code::done;
  }
  const Json out{{"version", app::version},
                 {"commit", app::commit},
                 {"date", app::build_date},
                 {"schemaVersion", storage::newest_version(app::embedded_schema())},
                 {"libraries",
                  {{"sqlite", storage::engine_version()},
                   {"mbedtls", outbound::tls_version()},
                   {"libcurl", outbound::curl_version()},
                   {"libsodium", crypto::sodium_version()}}}};
  std::cout << out.dump(2) << '\n';
  return exit_code::done;
}

}  // namespace tuition::cli
