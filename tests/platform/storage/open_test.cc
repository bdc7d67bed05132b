#include "platform/storage/open.h"

#include <sys/stat.h>
#include <unistd.h>
#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <string>

#include "folder.h"
#include "platform/storage/data_folder.h"

namespace tuition {
namespace {

namespace fs = std::filesystem;

void write_file(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }

bool is_one_line_about(const std::string& line, const fs::path& path) {
  return line.find(path.string()) == 0 && line.find('\n') == std::string::npos;
}

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("a data folder that is missing, or is a file, is refused in a line that names it") {
  tests::Folder folder;
  const auto missing = tests::refusal(tests::at(folder / "nowhere/school.db"));
  CHECK(is_one_line_about(missing, folder / "nowhere"));
  CHECK(files_in(folder.path()) == 0);

  write_file(folder / "file", "x");
  CHECK(is_one_line_about(tests::refusal(tests::at(folder / "file/school.db")), folder / "file"));

  fs::create_directory(folder / "school.db");
  CHECK(is_one_line_about(tests::refusal(tests::at(folder / "school.db")), folder / "school.db"));
}

TEST_CASE("a data folder that cannot be written is refused in a line that names it") {
  if (::geteuid() == 0) SKIP("root may write everywhere");
  tests::Folder folder;
  fs::create_directory(folder / "closed");
  fs::permissions(folder / "closed", fs::perms::owner_read | fs::perms::owner_exec);
  CHECK(is_one_line_about(tests::refusal(tests::at(folder / "closed/school.db")), folder / "closed"));
}

TEST_CASE("a file that is no database is refused and left alone") {
  tests::Folder folder;
  const std::string text(5000, 'x');
  write_file(folder / "school.db", text);
  const auto line = tests::refusal(tests::at(folder / "school.db"));
  CHECK(is_one_line_about(line, folder / "school.db"));
  CHECK(line.find("restore") != std::string::npos);
  CHECK(fs::file_size(folder / "school.db") == text.size());
}

TEST_CASE("a log whose database is gone does not become an empty new database") {
  tests::Folder folder;
  write_file(folder / "school.db-wal", "log");
  CHECK(is_one_line_about(tests::refusal(tests::at(folder / "school.db")), folder / "school.db"));
  CHECK_FALSE(fs::exists(folder / "school.db"));
}

TEST_CASE("a database that must be there is not created") {
  tests::Folder folder;
  auto options = tests::at(folder / "school.db");
  options.missing = storage::Missing::refuse;
  CHECK(is_one_line_about(tests::refusal(options), folder / "school.db"));
  CHECK(files_in(folder.path()) == 0);
}

TEST_CASE("a second server on the same folder is refused, until the first is gone") {
  tests::Folder folder;
  {
    auto db = storage::open_sqlite(tests::at(folder / "school.db"));
    const auto line = tests::refusal(tests::at(folder / "school.db"));
    CHECK(is_one_line_about(line, folder.path()));
    CHECK(line.find("another tuition") != std::string::npos);
  }
  CHECK(tests::refusal(tests::at(folder / "school.db")).empty());
}

TEST_CASE("nobody else can read a new database or what stands beside it") {
  tests::Folder folder;
  auto db = storage::open_sqlite(tests::at(folder / "school.db"));
  db->write([](WriteTx& tx) { tx.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY) STRICT"); });
  for (const auto& file : fs::directory_iterator(folder.path())) {
    INFO(file.path());
    struct stat status {};
    REQUIRE(::stat(file.path().c_str(), &status) == 0);
    CHECK((status.st_mode & 0077) == 0);
  }
}

TEST_CASE("what is written outlives the database being closed and opened") {
  tests::Folder folder;
  {
    auto db = storage::open_sqlite(tests::at(folder / "school.db"));
    db->write([](WriteTx& tx) {
      tx.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY) STRICT");
      tx.execute("INSERT INTO notes (id) VALUES (1), (2)");
    });
  }
  auto db = storage::open_sqlite(tests::at(folder / "school.db"));
  CHECK(db->read([](ReadTx& tx) { return tx.one<std::int64_t>("SELECT count(*) FROM notes"); }) == 2);
  CHECK(db->path() == folder / "school.db");
}

TEST_CASE("a temporary database goes with its folder") {
  fs::path path;
  {
    auto db = storage::open_temporary();
    path = db->path();
    CHECK(fs::exists(path));
  }
  CHECK_FALSE(fs::exists(path.parent_path()));
}

}  // namespace tuition
