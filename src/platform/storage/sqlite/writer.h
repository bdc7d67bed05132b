#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "platform/metrics/metrics.h"
#include "platform/storage/sqlite/connection.h"

namespace tuition::storage::sqlite {

// The one thread that writes. It takes all writes that wait, runs each under a savepoint of its own inside one
// transaction, commits once, and then answers them all: the cost of making a commit durable is shared. It alone
// checkpoints, by the log's size and when there is nothing else to do.
class Writer {
 public:
  // `times` is told how long each commit took; null: nobody wants to know.
  Writer(const std::filesystem::path& path, std::function<void(const std::string&)> on_broken,
         metrics::Histogram* times);
  ~Writer();  // makes the writes that wait, then checkpoints
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void submit(PendingWrite write);
  bool healthy() const { return healthy_.load(std::memory_order_acquire); }
  void add_figures(StorageFigures& figures) const;

  // Grows whenever what a new read would see has changed, or where in the files it would find it.
  const std::atomic<std::uint64_t>& moment() const { return moment_; }
  // Called on the writer thread ahead of every checkpoint; empty: no more.
  void before_checkpoint(std::function<void()> act);

 private:
  struct Waiting {
    PendingWrite write;
    std::int64_t since_us;
  };
  // One write of the group that is open.
  struct Member {
    PendingWrite write;
    std::vector<std::function<void()>> after_commit{};
    std::exception_ptr thrown{};
    bool kept = false;
  };

  void loop();
  void commit_group(std::vector<Waiting>& batch, std::size_t& next);
  // All from `first` on without a savepoint between them; false, and nothing of it is left, when one is not kept.
  bool run_together(std::vector<Member>& group, std::size_t first);
  void run_body(Member& member);
  void run_member(Member& member, bool alone);
  void roll_back();
  void answer(std::vector<Member>& group, const std::exception_ptr& broken);
  void break_down(const std::string& why);
  void checkpoint_if_large();
  void next_checkpoint_from(int frames);
  void checkpoint(int mode);

  const std::filesystem::path path_;
  SqliteConnection connection_;
  std::function<void(const std::string&)> on_broken_;
  metrics::Histogram* times_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Waiting> queue_;
  bool asleep_ = false;
  bool stopping_ = false;

  std::mutex before_checkpoint_mutex_;
  std::function<void()> before_checkpoint_;

  std::atomic<bool> healthy_{true};
  std::atomic<std::uint64_t> moment_{1};
  // Frames in the log after the last commit, and at how many the next checkpoint is due.
  int log_frames_ = 0;
  int checkpoint_at_ = 0;
  bool checkpoint_is_due_ = false;

  std::atomic<std::int64_t> writes_{0}, rolled_back_{0}, groups_{0}, checkpoints_{0}, log_bytes_{0}, queue_us_{0};

  std::thread thread_;
};

}  // namespace tuition::storage::sqlite
