#include "platform/storage/sqlite/writer.h"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <system_error>
#include <utility>

#include "platform/base/burst.h"
#include "platform/base/short_turns.h"
#include "platform/log/log.h"
#include "platform/storage/sqlite/errors.h"

namespace tuition::storage::sqlite {
namespace {

constexpr int page_bytes = 4096;
// A checkpoint holds writes up for some tens of milliseconds, so under load it should be rare (measured: at half of
// this the slowest hundredth of 64 clients' saves had waited for one), and in a lull it should come early. The log may
// take an eighth of the room there is on the disk, and no more than journal_size_limit keeps.
constexpr int checkpoint_frames_max = 32 * 1024;
constexpr int checkpoint_frames_min = 256;
constexpr int room_share = 8;
// From here on the log is made to start over, even if that means waiting a moment for readers.
constexpr int large_log_frames = 2 * checkpoint_frames_max;
constexpr int wait_for_readers_ms = 100;
constexpr int wait_for_locks_ms = 5000;
// A group ends when it has this many members or has run this long, so that nobody waits for a crowd.
constexpr std::size_t group_max = 1024;
constexpr std::int64_t group_us = 10'000;
// So many at most are undone and repeated because of one of them.
constexpr std::size_t together_max = 128;
constexpr std::chrono::milliseconds lull{500};
constexpr std::chrono::milliseconds short_lull{20};
constexpr int worth_a_short_lull_frames = 1000;

std::optional<Fault::Sort> sort_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Fault& fault) {
    return fault.sort();
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

bool is_lack_of_room(const std::exception_ptr& thrown) { return sort_of(thrown) == Fault::Sort::disk_full; }
bool is_damage(const std::exception_ptr& thrown) { return sort_of(thrown) == Fault::Sort::corrupt; }

// After an I/O error in a commit it is unknown what is on disk: the kernel drops pages it failed to write, and a second
// fsync would say that all is well.
bool is_fatal_to_a_commit(const std::exception_ptr& thrown) {
  return is_damage(thrown) || sort_of(thrown) == Fault::Sort::io;
}

// The write stands, whatever happens in the code that is told about it.
template <class Act>
void tell(Act&& act) {
  try {
    act();
  } catch (const std::exception& thrown) {
    log::error("storage.after_commit_threw", {{"what", thrown.what()}});
  }
}

}  // namespace

Writer::Writer(const std::filesystem::path& path, std::function<void(const std::string&)> on_broken,
               metrics::Histogram* times)
    : path_(path), connection_(path, Role::writer), on_broken_(std::move(on_broken)), times_(times) {
  next_checkpoint_from(0);
  sqlite3_wal_hook(
      connection_.sqlite().getHandle(),
      [](void* me, sqlite3*, const char*, int frames) {
        auto& writer = *static_cast<Writer*>(me);
        if (frames < writer.log_frames_) writer.next_checkpoint_from(0);  // the log has started over
        writer.log_frames_ = frames;
        return SQLITE_OK;
      },
      this);
  thread_ = std::thread([this] { loop(); });
}

Writer::~Writer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  thread_.join();
}

void Writer::submit(PendingWrite write) {
  std::unique_lock lock(mutex_);
  if (stopping_) {
    lock.unlock();
    write.done(std::make_exception_ptr(Fault(Fault::Sort::stopped, "the database is being closed")));
    return;
  }
  queue_.push_back({std::move(write), steady_us()});
  if (asleep_) {
    asleep_ = false;
    wake_.notify_one();
  }
}

void Writer::before_checkpoint(std::function<void()> act) {
  std::lock_guard lock(before_checkpoint_mutex_);
  before_checkpoint_ = std::move(act);
}

void Writer::loop() {
  take_short_turns();
  const WriterThread mark;
  std::vector<Waiting> batch;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      while (queue_.empty() && !stopping_) {
        asleep_ = true;
        if (!checkpoint_is_due_) {
          wake_.wait(lock);
        } else if (wake_.wait_for(lock, log_frames_ < worth_a_short_lull_frames ? lull : short_lull) ==
                       std::cv_status::timeout &&
                   queue_.empty()) {
          asleep_ = false;
          lock.unlock();
          checkpoint(SQLITE_CHECKPOINT_PASSIVE);
          checkpoint_is_due_ = false;  // what readers keep from it is left to the next commit
          lock.lock();
        }
      }
      asleep_ = false;
      if (queue_.empty()) break;
      batch.swap(queue_);
    }
    for (std::size_t next = 0; next < batch.size();) commit_group(batch, next);
    batch.clear();
    checkpoint_if_large();
  }
  if (healthy()) checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
}

void Writer::commit_group(std::vector<Waiting>& batch, std::size_t& next) {
  const auto began_us = steady_us();
  queue_us_.store(began_us - batch[next].since_us, std::memory_order_relaxed);
  std::vector<Member> group;
  group.reserve(std::min(batch.size() - next, group_max));
  std::exception_ptr broken;
  bool committing = false, room_is_missing = false;
  try {
    if (!healthy()) throw Fault(Fault::Sort::stopped, "storage has failed; nothing is written until a restart");
    connection_.statement("BEGIN IMMEDIATE").run();
    while (next < batch.size() && group.size() < group_max && steady_us() - began_us < group_us) {
      const auto first = group.size();
      do {
        group.push_back({std::move(batch[next++].write)});
      } while (group.back().write.repeatable && next < batch.size() && batch[next].write.repeatable &&
               group.size() - first < together_max && group.size() < group_max);
      if (group.size() - first > 1 && run_together(group, first)) continue;
      for (auto at = first; at < group.size(); ++at) run_member(group[at], batch.size() == 1);
    }
    committing = true;
    const auto commit_us = steady_us();
    connection_.statement("COMMIT").run();
    moment_.fetch_add(1, std::memory_order_release);
    if (times_) times_->observe_us(steady_us() - commit_us);
  } catch (const std::exception& thrown) {
    broken = std::current_exception();
    roll_back();
    // Those that have not run would meet the same.
    while (next < batch.size()) group.push_back({std::move(batch[next++].write)});
    room_is_missing = is_lack_of_room(broken);
    if (committing ? is_fatal_to_a_commit(broken) : is_damage(broken)) break_down(thrown.what());
  }
  if (!broken) {
    groups_.fetch_add(1, std::memory_order_relaxed);
    log_bytes_.store(std::int64_t{log_frames_} * page_bytes, std::memory_order_relaxed);
    checkpoint_is_due_ = true;
  }
  answer(group, broken);
  // What the log holds needs its room only once it is in the database: then the log's own is free again.
  if (room_is_missing && log_frames_ > 0 && healthy()) checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
}

// Runs one write; it is kept unless it says or throws otherwise. A Fault goes through: it is the whole group's.
void Writer::run_body(Member& member) {
  WriteTx tx(connection_);
  member.kept = false;
  member.thrown = nullptr;
  try {
    const OpenWrite open;
    member.kept = member.write.body(tx);
    if (member.kept) {
      // A deferred foreign key that is still open would fail the commit of everybody.
      int open_keys = 0, unused = 0;
      sqlite3_db_status(connection_.sqlite().getHandle(), SQLITE_DBSTATUS_DEFERRED_FKS, &open_keys, &unused, 0);
      if (open_keys != 0) {
        throw ConstraintViolation(ConstraintViolation::Sort::foreign_key, "a deferred foreign key points nowhere");
      }
    }
  } catch (const Fault&) {
    throw;
  } catch (...) {
    member.kept = false;
    member.thrown = std::current_exception();
  }
  if (sqlite3_get_autocommit(connection_.sqlite().getHandle()) != 0) {
    throw Fault(Fault::Sort::io, "the engine gave the transaction up");
  }
  if (member.kept) member.after_commit = tx.take_after_commit();
}

// A savepoint keeps a copy of every page that is written after it. At the beginning of a transaction none is needed:
// it is the transaction itself that is undone.
bool Writer::run_together(std::vector<Member>& group, std::size_t first) {
  const bool outermost = first == 0;
  if (!outermost) connection_.statement("SAVEPOINT together").run();
  bool all = true;
  for (auto at = first; all && at < group.size(); ++at) {
    run_body(group[at]);
    all = group[at].kept;
  }
  if (all) {
    if (!outermost) connection_.statement("RELEASE together").run();
  } else if (outermost) {
    connection_.statement("ROLLBACK").run();
    connection_.statement("BEGIN IMMEDIATE").run();
  } else {
    connection_.statement("ROLLBACK TO together").run();
    connection_.statement("RELEASE together").run();
  }
  return all;
}

// Keeps or undoes what one write did.
void Writer::run_member(Member& member, bool alone) {
  // A write that is alone needs no savepoint when it succeeds, but it could not be undone without ending the
  // transaction of the group; that is what happens then.
  if (!alone) connection_.statement("SAVEPOINT member").run();
  run_body(member);
  if (member.kept) {
    if (!alone) connection_.statement("RELEASE member").run();
  } else if (alone) {
    connection_.statement("ROLLBACK").run();
    connection_.statement("BEGIN").run();
  } else {
    connection_.statement("ROLLBACK TO member").run();
    connection_.statement("RELEASE member").run();
  }
}

void Writer::roll_back() {
  if (sqlite3_get_autocommit(connection_.sqlite().getHandle()) != 0) return;
  try {
    connection_.statement("ROLLBACK").run();
  } catch (const std::exception& failed) {
    break_down(std::string("a transaction cannot be rolled back: ") + failed.what());
  }
}

void Writer::answer(std::vector<Member>& group, const std::exception_ptr& broken) {
  const Burst burst;
  for (auto& member : group) {
    const bool kept = member.kept && !broken;
    (kept ? writes_ : rolled_back_).fetch_add(1, std::memory_order_relaxed);
    if (kept) {
      for (const auto& act : member.after_commit) tell([&] { act(); });
    }
    tell([&] { member.write.done(member.thrown ? member.thrown : broken); });
  }
}

void Writer::break_down(const std::string& why) {
  if (!healthy_.exchange(false, std::memory_order_acq_rel)) return;
  log::error("storage.broken", {{"why", why}, {"path", connection_.sqlite().getFilename()}});
  if (on_broken_) on_broken_(why);
}

void Writer::checkpoint_if_large() {
  if (log_frames_ < checkpoint_at_ || !healthy()) return;
  checkpoint(log_frames_ >= large_log_frames ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE);
}

void Writer::next_checkpoint_from(int frames) {
  std::error_code unknown;
  const auto room = std::filesystem::space(path_, unknown);
  int more = checkpoint_frames_max;
  if (!unknown)
    more = static_cast<int>(std::min<std::uintmax_t>(room.available / room_share / page_bytes, checkpoint_frames_max));
  checkpoint_at_ = frames + std::max(more, checkpoint_frames_min);
}

void Writer::checkpoint(int mode) {
  {
    std::lock_guard lock(before_checkpoint_mutex_);
    if (before_checkpoint_) before_checkpoint_();
  }
  auto* handle = connection_.sqlite().getHandle();
  if (mode != SQLITE_CHECKPOINT_PASSIVE) sqlite3_busy_timeout(handle, wait_for_readers_ms);
  const int code = sqlite3_wal_checkpoint_v2(handle, "main", mode, nullptr, nullptr);
  if (mode != SQLITE_CHECKPOINT_PASSIVE) sqlite3_busy_timeout(handle, wait_for_locks_ms);
  moment_.fetch_add(1, std::memory_order_release);
  checkpoints_.fetch_add(1, std::memory_order_relaxed);
  // While a reader keeps the log from starting over, or the disk is full, it grows a little before the next attempt.
  next_checkpoint_from(log_frames_);
  if (code == SQLITE_OK || code == SQLITE_BUSY) return;
  try {
    raise(sqlite3_extended_errcode(handle), sqlite3_system_errno(handle), sqlite3_errmsg(handle));
  } catch (const Fault& fault) {
    if (fault.sort() == Fault::Sort::io || fault.sort() == Fault::Sort::corrupt) {
      break_down(std::string("checkpoint: ") + fault.what());
    } else {
      log::warn("storage.checkpoint_failed", {{"what", fault.what()}});
    }
  }
}

void Writer::add_figures(StorageFigures& figures) const {
  figures.writes = writes_.load(std::memory_order_relaxed);
  figures.rolled_back = rolled_back_.load(std::memory_order_relaxed);
  figures.groups = groups_.load(std::memory_order_relaxed);
  figures.checkpoints = checkpoints_.load(std::memory_order_relaxed);
  figures.wal_bytes = log_bytes_.load(std::memory_order_relaxed);
  figures.write_queue_us = queue_us_.load(std::memory_order_relaxed);
}

}  // namespace tuition::storage::sqlite
