#include "platform/storage/open.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "platform/metrics/metrics.h"
#include "platform/storage/data_folder.h"
#include "platform/storage/sqlite/copy.h"
#include "platform/storage/sqlite/readers.h"
#include "platform/storage/sqlite/writer.h"

namespace tuition::storage {
namespace {

// Every version up to 3.51.2 can lose committed pages when two connections write and checkpoint at once.
constexpr bool is_sound(int version) {
  return version >= 3'051'003 || (version >= 3'050'007 && version < 3'051'000) ||
         (version >= 3'044'006 && version < 3'045'000);
}
static_assert(is_sound(SQLITE_VERSION_NUMBER), "SQLite 3.51.3 or later, 3.50.7 or 3.44.6");

void require_sound_engine() {
  if (!is_sound(sqlite3_libversion_number())) {
    throw OpenRefused(std::string("SQLite ") + sqlite3_libversion() +
                      " can lose committed data; this program needs 3.51.3 or later");
  }
}

// Made by us and not by SQLite, so that nobody else may read it; SQLite gives its other files the same mode.
const std::filesystem::path& create_private(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) {
    const int error = errno;
    if (error == EEXIST) return path;
    throw OpenRefused(path.string() + ": the database cannot be created: " + std::generic_category().message(error));
  }
  ::close(file);
  return path;
}

metrics::Histogram* histogram_of(metrics::Registry* registry, std::string_view name, std::string_view help) {
  return registry ? &registry->histogram(name, help) : nullptr;
}

class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(OpenOptions options)
      : path_(options.path),
        lock_(options.path),
        writer_(
            create_private(options.path), std::move(options.on_broken),
            histogram_of(options.metrics, "tuition_db_commit_duration_seconds", "Commits, each of a group of writes.")),
        readers_(options.path, options.read_limit, writer_.moment(),
                 histogram_of(options.metrics, "tuition_db_read_duration_seconds", "Reads of the database.")) {
    writer_.before_checkpoint([this] { readers_.rest(); });
  }
  ~SqliteDatabase() override { writer_.before_checkpoint({}); }
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  void read_erased(const std::function<void(ReadTx&)>& body) override { readers_.read(body); }
  void submit(PendingWrite write) override {
    check(!write_is_open(), "a write is not begun inside another one");
    writer_.submit(std::move(write));
  }
  bool healthy() const override { return writer_.healthy(); }
  std::filesystem::path path() const override { return path_; }

  StorageFigures figures() const override {
    StorageFigures figures;
    writer_.add_figures(figures);
    figures.readers = readers_.count();
    return figures;
  }

  void copy_to(const std::filesystem::path& target) override { sqlite::copy_database(path_, target); }

  std::vector<std::string> integrity_problems() override {
    sqlite::SqliteConnection connection(path_, sqlite::Role::copier);
    return sqlite::problems_of(connection.sqlite());
  }

 private:
  const std::filesystem::path path_;
  DataLock lock_;
  sqlite::Writer writer_;
  sqlite::Readers readers_;
};

// A folder that goes with its owner.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_(make()) {}
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  static std::filesystem::path make() {
    std::error_code error;
    const std::filesystem::path memory = "/dev/shm";
    const auto root = ::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path(error);
    std::string name = (root / "tuition-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw OpenRefused(root.string() + ": no folder can be made here");
    return name;
  }

  std::filesystem::path path_;
};

// A database whose folder goes when it does. While it is being closed the last writes still run, and what they are
// followed by is still submitted here, and refused there.
class TemporaryDatabase final : public Database {
 public:
  explicit TemporaryDatabase(metrics::Registry* metrics) {
    OpenOptions options;
    options.metrics = metrics;
    options.path = folder_.path() / "school.db";
    options.network_folder = NetworkFolder::allow;
    inner_ = open_sqlite(std::move(options));
  }

  void read_erased(const std::function<void(ReadTx&)>& body) override { inner_->read_erased(body); }
  void submit(PendingWrite write) override { inner_->submit(std::move(write)); }
  bool healthy() const override { return inner_->healthy(); }
  std::filesystem::path path() const override { return inner_->path(); }
  StorageFigures figures() const override { return inner_->figures(); }
  void copy_to(const std::filesystem::path& target) override { inner_->copy_to(target); }
  std::vector<std::string> integrity_problems() override { return inner_->integrity_problems(); }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Database> inner_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(OpenOptions options) {
  require_sound_engine();
  // A limit on file sizes is an error like a full disk, not the end of the process.
  std::signal(SIGXFSZ, SIG_IGN);
  check_data_path(options);
  const auto path = options.path;
  try {
    // The lock is taken before anything is created or opened: a second server must not touch the first one's files.
    return std::make_unique<SqliteDatabase>(std::move(options));
  } catch (const Fault& fault) {
    if (fault.sort() == Fault::Sort::corrupt) {
      throw OpenRefused(path.string() + ": this is not a database, or it is damaged (" + fault.what() +
                        "); tuition doctor says more, tuition restore puts a backup in its place");
    }
    throw OpenRefused(path.string() + ": the database cannot be opened: " + fault.what());
  }
}

std::unique_ptr<Database> open_temporary(metrics::Registry* metrics) {
  return std::make_unique<TemporaryDatabase>(metrics);
}

}  // namespace tuition::storage
