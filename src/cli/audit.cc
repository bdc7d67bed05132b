#include "audit/audit.h"

#include <iostream>

#include "cli/closed_school.h"
#include "cli/verbs.h"

namespace tuition::cli {

int audit_verify(const Invocation& call) {
  School school;
  CommandLine line(call);
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  if (!line.load(config::Mode::prod)) return exit_code::configuration;

  const auto db = open_database(school, storage::Missing::refuse);
  const auto verdict = audit::verify(*db);
  if (!verdict.whole()) {
    complain(call, "entry " + std::to_string(*verdict.broken_at) +
                       " of the trail is not as it was written, or follows a gap");
    return exit_code::failed;
  }
  std::cout << "The trail is whole: " << verdict.checked << " entries";
  if (verdict.checked > 0) std::cout << ", the last hash is " << verdict.last_hash;
  std::cout << ".\n";
  return exit_code::done;
}

}  // namespace tuition::cli
