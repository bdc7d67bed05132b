#include "audit/audit.h"

#include <iostream>

#include "app/embedded.h"
#include "cli/closed_school.h"
#include "cli/verbs.h"
#include "platform/storage/migrate.h"

namespace tuition::cli {
namespace {

// What the trail of a school was signed with whose key file this is. None is made here.
Result<std::optional<Secret>> trail_key(const std::filesystem::path& file) {
  std::error_code unreadable;
  if (!std::filesystem::exists(file, unreadable)) return std::optional<Secret>();
  crypto::SystemEntropy entropy;
  const auto keys = TRY(crypto::KeyRing::open(file, entropy));
  return std::optional<Secret>(keys.derive(audit::key_purpose));
}

}  // namespace

int audit_verify(const Invocation& call) {
  School school;
  CommandLine line(call);
  std::string old_key;
  line.option("old-key", old_key, "A copy of the key file that the school had before, where it lost that one");
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  if (!line.load(config::Mode::prod)) return exit_code::configuration;

  const auto db = open_database(school, storage::Missing::refuse);
  if (storage::schema_version(*db) < storage::newest_version(app::embedded_schema())) {
    complain(call, school.database_file().string() + ": is of an older version; run tuition migrate first");
    return exit_code::failed;
  }
  auto key = trail_key(school.key_file());
  auto old = old_key.empty() ? Result<std::optional<Secret>>(std::optional<Secret>()) : trail_key(old_key);
  for (const auto* each : {&key, &old}) {
    if (each->ok()) continue;
    complain(call, each->error());
    return exit_code::failed;
  }
  if (!old_key.empty() && !*old) {
    complain(call, old_key + ": there is no such key file");
    return exit_code::failed;
  }
  if (*key) audit::sign_with(*db, **key);
  std::vector<Secret> earlier;
  if (*old) earlier.push_back(**old);
  const auto verdict = audit::verify(*db, earlier);
  if (verdict.broken_at) {
    complain(call, "entry " + std::to_string(*verdict.broken_at) +
                       " of the trail is not as it was written, or follows a gap");
    return exit_code::failed;
  }
  if (verdict.unknown_at) {
    const auto from = "the trail is signed from entry " + std::to_string(*verdict.unknown_at) + " on with a key that ";
    complain(call, *key ? from + "is not the one in " + school.key_file().string() +
                              ": put the school's own key file back, or give a copy of it as --old-key"
                        : from + "was in " + school.key_file().string() +
                              ", which is missing: put the school's key file back");
    return exit_code::failed;
  }
  std::cout << "The trail is whole: " << verdict.checked << " entries";
  if (verdict.checked > 0) std::cout << ", the last hash is " << verdict.last_hash;
  std::cout << ".\n";
  if (verdict.checked == 0) return exit_code::done;
  if (!verdict.signed_from) {
    std::cout << "None of it is signed: whoever can write the database can have made it anew.\n";
  } else if (*verdict.signed_from == 1) {
    std::cout << "All of it is signed with the school's key.\n";
  } else {
    std::cout << "It is signed with the school's key from entry " << *verdict.signed_from
              << " on, which holds those before it as they were then.\n";
  }
  return exit_code::done;
}

}  // namespace tuition::cli
