#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "platform/storage/sqlite/connection.h"

namespace tuition::storage::sqlite {

// Read connections: as many as have ever been reading at the same time. A thread takes one for its outermost read and
// gives it back, so that threads which come and go cost none, and the one used last, whose cache is warm, is next.
class Readers {
 public:
  Readers(std::filesystem::path path, Duration limit) : path_(std::move(path)), limit_(limit) {}

  void read(const std::function<void(ReadTx&)>& body);
  std::int64_t count() const { return count_.load(std::memory_order_relaxed); }

 private:
  std::unique_ptr<SqliteConnection> take();
  void give_back(std::unique_ptr<SqliteConnection> connection);

  const std::filesystem::path path_;
  const Duration limit_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<SqliteConnection>> free_;
  std::atomic<std::int64_t> count_{0};
};

}  // namespace tuition::storage::sqlite
