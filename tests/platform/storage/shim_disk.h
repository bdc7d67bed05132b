#pragma once

#include <sqlite3.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace tuition::tests {

// Between SQLite and the disk while it lives: files opened meanwhile do what they always do, unless a test says
// otherwise. One at a time.
class ShimDisk {
 public:
  ShimDisk() {
    here() = this;
    base_ = sqlite3_vfs_find(nullptr);
    vfs_ = *base_;
    vfs_.zName = "tuition-test";
    vfs_.xOpen = [](sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out) {
      return here()->open(vfs, name, file, flags, out);
    };
    sqlite3_vfs_register(&vfs_, 1);
  }
  ~ShimDisk() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(base_, 1);
    here() = nullptr;
  }
  ShimDisk(const ShimDisk&) = delete;
  ShimDisk& operator=(const ShimDisk&) = delete;

  // What writing to, and syncing, a write-ahead log gives; SQLITE_OK lets it through.
  std::atomic<int> log_write{SQLITE_OK};
  std::atomic<int> log_sync{SQLITE_OK};
  // Called when SQLite gives mapped pages back, which a checkpoint does once it has read the log's header.
  std::function<void()> on_unfetch{};

 private:
  struct Methods {
    sqlite3_io_methods changed{};
    const sqlite3_io_methods* real = nullptr;
  };

  static ShimDisk*& here() {
    static ShimDisk* disk = nullptr;
    return disk;
  }
  // The real methods work on the same file: only the table they are found through is another.
  static const sqlite3_io_methods* real(sqlite3_file* file) {
    return reinterpret_cast<const Methods*>(file->pMethods)->real;
  }

  int open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* out) {
    const int code = base_->xOpen(base_, name, file, flags, out);
    if (code != SQLITE_OK || file->pMethods == nullptr) return code;
    const bool is_log = (flags & SQLITE_OPEN_WAL) != 0;
    auto& methods = made_[{file->pMethods, is_log}];
    if (!methods) {
      methods = std::make_unique<Methods>();
      methods->real = file->pMethods;
      methods->changed = *file->pMethods;
      methods->changed.xUnfetch = [](sqlite3_file* each, sqlite3_int64 at, void* page) {
        if (here() != nullptr && here()->on_unfetch) here()->on_unfetch();
        return real(each)->xUnfetch(each, at, page);
      };
      if (is_log) {
        methods->changed.xWrite = [](sqlite3_file* each, const void* bytes, int size, sqlite3_int64 at) {
          const int planned = here()->log_write;
          return planned != SQLITE_OK ? planned : real(each)->xWrite(each, bytes, size, at);
        };
        methods->changed.xSync = [](sqlite3_file* each, int how) {
          const int planned = here()->log_sync;
          return planned != SQLITE_OK ? planned : real(each)->xSync(each, how);
        };
      }
    }
    file->pMethods = &methods->changed;
    return code;
  }

  sqlite3_vfs* base_ = nullptr;
  sqlite3_vfs vfs_{};
  std::map<std::pair<const sqlite3_io_methods*, bool>, std::unique_ptr<Methods>> made_;
};

}  // namespace tuition::tests
