#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/embedded.h"
#include "platform/base/result.h"
#include "platform/base/time.h"
#include "platform/storage/database.h"

namespace tuition::storage {

// Migrations are the files of schema/, in order of their numbers: 0001_jobs.sql is version 1. Forward only; see
// schema/README.md.
using Migrations = std::span<const EmbeddedText>;

enum class Run { apply, dry };

struct MigrationReport {
  std::vector<std::string> names{};               // applied now, or with Run::dry what would be
  std::optional<std::filesystem::path> backup{};  // made before the first one, when there was something to lose
};

// Applies what is missing, each in one transaction of its own, after a backup into `backups` beside the database when
// it holds anything. Interrupted, it goes on with the first that is missing. Refuses a database that is newer than
// these migrations (SCHEMA_NEWER) and one made by a file that has changed since (SCHEMA_CHANGED); a migration that
// fails is undone whole (MIGRATION_FAILED).
Result<MigrationReport> migrate(Database& db, Migrations migrations, const Clock& clock, Run run = Run::apply);

// The highest version applied; 0 for a new database.
std::int64_t schema_version(Database& db);
// The highest version that these migrations reach.
std::int64_t newest_version(Migrations migrations);

// The whole schema as text in a stable order: what schema/current.sql holds.
std::string dump_schema(Database& db);

}  // namespace tuition::storage
