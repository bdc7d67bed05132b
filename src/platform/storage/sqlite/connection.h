#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/storage/database.h"

namespace tuition::storage::sqlite {

class SqliteStatement final : public Statement {
 public:
  SqliteStatement(SQLite::Database& database, const char* text);

  void bind_null(int parameter) override;
  void bind(int parameter, std::int64_t value) override;
  void bind(int parameter, double value) override;
  void bind(int parameter, std::string_view text) override;
  void bind_blob(int parameter, std::string_view bytes) override;
  bool step() override;
  void reset() override { statement_.tryReset(); }
  bool is_null(int column) override { return statement_.isColumnNull(column); }
  std::int64_t integer(int column) override { return statement_.getColumn(column).getInt64(); }
  double number(int column) override { return statement_.getColumn(column).getDouble(); }
  std::string_view text(int column) override;

  // Runs it to its end, without parameters.
  void run();

 private:
  std::string& kept(int parameter);

  SQLite::Database& database_;
  SQLite::Statement statement_;
  // What text parameters are bound to, kept from run to run so that binding allocates nothing.
  std::vector<std::string> texts_;
};

enum class Role { writer, reader, copier };

// One connection to the file, used by one thread at a time.
class SqliteConnection final : public Connection {
 public:
  SqliteConnection(const std::filesystem::path& path, Role role);

  Statement& prepare(Sql sql) override { return statement(sql.text()); }
  std::int64_t changes() override;
  void run(const Script& script) override { execute(script.text()); }

  // `text` must live as long as the connection: statements are kept by its address.
  SqliteStatement& statement(const char* text);
  // Text that is run once and not kept.
  void execute(const std::string& text);
  std::int64_t ask_integer(const char* text);

  // From now on statements end with a Fault when steady time passes `until_us`; 0 lifts the limit.
  void limit(std::int64_t until_us) { limit_us_ = until_us; }
  void check_limit() const;

  SQLite::Database& sqlite() { return database_; }

 private:
  SQLite::Database database_;
  std::unordered_map<const char*, std::unique_ptr<SqliteStatement>> statements_;
  std::int64_t limit_us_ = 0;
};

}  // namespace tuition::storage::sqlite
