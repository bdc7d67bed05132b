#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "platform/metrics/metrics.h"
#include "platform/storage/sqlite/connection.h"

namespace tuition::storage::sqlite {

// Read connections: as many as have ever been reading at the same time. A thread takes one for its outermost read and
// gives it back, so that threads which come and go cost none, and the one used last, whose cache is warm, is next.
//
// Beginning and ending a read costs as much as a small read itself. So a connection keeps its moment when it is given
// back, and the next read goes on in it if `moment` says that nothing has been committed since.
class Readers {
 public:
  // `times` is told how long each outermost read took, those that failed included; null: nobody wants to know.
  Readers(std::filesystem::path path, Duration limit, const std::atomic<std::uint64_t>& moment,
          metrics::Histogram* times)
      : path_(std::move(path)), limit_(limit), moment_(moment), times_(times) {}

  void read(const std::function<void(ReadTx&)>& body);
  std::int64_t count() const { return count_.load(std::memory_order_relaxed); }

  // Lets go of the moments of connections that nobody reads with, so that they keep no checkpoint waiting.
  void rest();

 private:
  struct Reader {
    std::unique_ptr<SqliteConnection> connection{};
    std::uint64_t moment = 0;  // the one it is in; 0: none
  };
  Reader take();
  void give_back(Reader reader);
  // False when it failed: the connection is not used again.
  bool end(Reader& reader);

  const std::filesystem::path path_;
  const Duration limit_;
  const std::atomic<std::uint64_t>& moment_;
  metrics::Histogram* times_;
  std::mutex mutex_;
  std::vector<Reader> free_;
  std::atomic<std::int64_t> count_{0};
};

}  // namespace tuition::storage::sqlite
