#pragma once

#include <filesystem>
#include <memory>
#include <utility>

#include "app/options.h"
#include "cli/command_line.h"
#include "platform/crypto/seal.h"
#include "platform/storage/database.h"
#include "platform/storage/open.h"

namespace tuition::cli {

// The school that the settings name, for verbs that work on its data. The table stores into the options beside it, so
// this stays where it was made.
struct School {
  School() = default;
  School(const School&) = delete;
  School& operator=(const School&) = delete;

  app::Options options{};
  config::Options table = app::option_table(options);

  std::filesystem::path folder() const { return options.data; }
  std::filesystem::path database_file() const;
  std::filesystem::path key_file() const;
};

// Made for its owner alone where it is missing. Throws OpenRefused.
void make_data_folder(const std::filesystem::path& folder);

// The school's keys. Where the file is missing new ones are made, and the log warns when the database knows people
// already: what was sealed for them cannot be opened any more. The database is migrated.
Result<crypto::KeyRing> open_keys(const School& school, Database& db, Entropy& entropy);

// Root gives up its rights for those of the folder's owner: a file that root makes there could not be opened by the
// server, which runs as somebody else.
void act_as_owner(const std::filesystem::path& folder);

// Where root must stay root meanwhile: at the end, what it made in the folder is given to the folder's owner.
class HandToOwner {
 public:
  explicit HandToOwner(std::filesystem::path folder) : folder_(std::move(folder)) {}
  ~HandToOwner();
  HandToOwner(const HandToOwner&) = delete;
  HandToOwner& operator=(const HandToOwner&) = delete;

 private:
  std::filesystem::path folder_;
};

// Opens the school's database for this process alone, as the folder's owner. Throws OpenRefused, also while a server is
// running.
std::unique_ptr<Database> open_database(const School& school, storage::Missing missing);

// Whether a server (or another verb) has the data folder.
bool in_use(const School& school);

}  // namespace tuition::cli
