#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "platform/storage/open.h"

namespace tuition::tests {

// A folder of its own for one test.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "tuition-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline storage::OpenOptions at(const std::filesystem::path& path) {
  storage::OpenOptions options;
  options.path = path;
  options.network_folder = storage::NetworkFolder::allow;
  return options;
}

// Why opening was refused; empty when it was not.
inline std::string refusal(storage::OpenOptions options) {
  try {
    storage::open_sqlite(std::move(options));
    return {};
  } catch (const storage::OpenRefused& refused) {
    return refused.what();
  }
}

}  // namespace tuition::tests
