#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "platform/base/time.h"
#include "platform/storage/database.h"

namespace tuition::metrics {
class Registry;
}

namespace tuition::storage {

// Why a database is not opened, in one line for the operator that names the path.
struct OpenRefused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class Missing { create, refuse };
enum class NetworkFolder { refuse, allow };

struct OpenOptions {
  std::filesystem::path path;  // the database file; its folder must be there
  Missing missing = Missing::create;
  NetworkFolder network_folder = NetworkFolder::refuse;
  Duration read_limit = seconds(5);  // a read that takes longer is ended with a Fault
  // Called once, on the writer thread, when a commit could not be made durable or the file is damaged. Nothing is
  // written from then on; the process should end with an exit code that is not 0.
  std::function<void(const std::string& why)> on_broken{};
  metrics::Registry* metrics = nullptr;  // gets the times of reads and commits; must outlive the database
};

// Opens the database and starts its writer. Takes the folder's lock (see data_folder.h) for as long as it lives.
// Throws OpenRefused. Before it is destroyed, every reader must be done; writes that wait are still made.
std::unique_ptr<Database> open_sqlite(OpenOptions options);

// A new database in memory-backed files that vanish with it: for tests. The same engine in every other respect.
std::unique_ptr<Database> open_temporary(metrics::Registry* metrics = nullptr);

}  // namespace tuition::storage
