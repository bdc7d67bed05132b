#include "platform/storage/migrate.h"

#include <system_error>

#include "platform/base/check.h"
#include "platform/base/text.h"
#include "platform/crypto/hmac.h"
#include "platform/storage/backup.h"

namespace tuition::storage {

struct ScriptMaker {
  static Script make(std::string_view text) { return Script(std::string(text)); }
};

namespace {

struct Applied {
  std::int64_t version = 0;
  std::string name{};
  std::string sha256{};
};

std::int64_t version_of(const EmbeddedText& file) {
  const auto number = parse_integer(file.path.substr(0, file.path.find('_')));
  check(number.has_value() && *number > 0, "a migration's name starts with its number");
  return *number;
}

std::string checksum(std::string_view text) { return to_hex(bytes_of(crypto::sha256(text))); }

bool has_table(ReadTx& tx) {
  return tx.one<std::int64_t>("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'")
             .value_or(0) > 0;
}

std::vector<Applied> applied(Database& db) {
  return db.read([](ReadTx& tx) {
    if (!has_table(tx)) return std::vector<Applied>{};
    return tx.many<Applied>("SELECT version, name, sha256 FROM schema_migrations ORDER BY version");
  });
}

// What was applied must be the beginning of what we have.
Result<void> compare(const std::vector<Applied>& before, Migrations migrations, const Database& db) {
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto& was = before[i];
    if (i >= migrations.size()) {
      return Error{Kind::conflict, "SCHEMA_NEWER",
                   db.path().string() + ": this database was last used by a newer tuition (schema " +
                       std::to_string(before.back().version) + ", this one knows " +
                       std::to_string(newest_version(migrations)) + "); use that version or restore a backup"};
    }
    if (was.version != version_of(migrations[i]) || was.sha256 != checksum(migrations[i].bytes)) {
      return Error{Kind::conflict, "SCHEMA_CHANGED",
                   db.path().string() + ": this database was made with another text of migration " + was.name +
                       "; migrations are not changed once released"};
    }
  }
  return {};
}

Result<void> apply(Database& db, const EmbeddedText& file, const Clock& clock) {
  try {
    return db.write([&](WriteTx& tx) -> Result<void> {
      tx.execute(
          "CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, "
          "sha256 TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT");
      tx.run(ScriptMaker::make(file.bytes));
      tx.execute("INSERT INTO schema_migrations (version, name, sha256, applied_at) VALUES (?1, ?2, ?3, ?4)",
                 version_of(file), file.path, checksum(file.bytes), clock.now());
      return {};
    });
  } catch (const Fault&) {
    throw;
  } catch (const std::exception& failed) {
    return Error{Kind::internal, "MIGRATION_FAILED",
                 "migration " + std::string(file.path) + " was not applied: " + failed.what()};
  }
}

}  // namespace

std::int64_t newest_version(Migrations migrations) { return migrations.empty() ? 0 : version_of(migrations.back()); }

std::int64_t schema_version(Database& db) {
  return db.read([](ReadTx& tx) -> std::int64_t {
    if (!has_table(tx)) return 0;
    return tx.one<std::int64_t>("SELECT coalesce(max(version), 0) FROM schema_migrations").value_or(0);
  });
}

Result<MigrationReport> migrate(Database& db, Migrations migrations, const Clock& clock, Run run) {
  for (std::size_t i = 1; i < migrations.size(); ++i) {
    check(version_of(migrations[i - 1]) < version_of(migrations[i]), "migrations have different numbers, in order");
  }
  const auto before = applied(db);
  TRY(compare(before, migrations, db));

  MigrationReport report;
  const auto missing = migrations.subspan(before.size());
  for (const auto& file : missing) report.names.emplace_back(file.path);
  if (run == Run::dry || missing.empty()) return report;

  if (!before.empty()) {
    const auto folder = db.path().parent_path() / "backups";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    report.backup = TRY(backup(db, folder / ("before-" + std::string(missing.front().path.substr(0, 4)) + "-" +
                                             std::to_string(clock.now().ms) + ".db")))
                        .path;
  }
  for (const auto& file : missing) TRY(apply(db, file, clock));
  return report;
}

std::string dump_schema(Database& db) {
  const auto statements = db.read([](ReadTx& tx) {
    // Shadow tables are a virtual table's own affair.
    return tx.many<std::string>(
        "SELECT s.sql FROM sqlite_schema s LEFT JOIN pragma_table_list t ON t.schema = 'main' AND t.name = s.tbl_name "
        "WHERE s.sql IS NOT NULL AND s.tbl_name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "AND coalesce(t.type, '') <> 'shadow' "
        "ORDER BY s.tbl_name, CASE s.type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, s.name");
  });
  std::string text;
  for (const auto& statement : statements) {
    if (!text.empty()) text += '\n';
    text += statement + ";\n";
  }
  return text;
}

}  // namespace tuition::storage
