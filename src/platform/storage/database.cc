#include "platform/storage/database.h"

#include <condition_variable>
#include <mutex>

#include "platform/log/log.h"

namespace tuition {
namespace {

thread_local bool writer_here = false;
thread_local bool write_open_here = false;

}  // namespace

bool write_is_open() { return write_open_here; }

storage::WriterThread::WriterThread() { writer_here = true; }
storage::WriterThread::~WriterThread() { writer_here = false; }
storage::OpenWrite::OpenWrite() { write_open_here = true; }
storage::OpenWrite::~OpenWrite() { write_open_here = false; }

void Database::write_and_wait(const std::function<bool(WriteTx&)>& body) {
  check(!writer_here, "the writer thread does not wait for a write of its own: writes do not nest");
  struct {
    std::mutex mutex;
    std::condition_variable over;
    bool is_over = false;
    std::exception_ptr broken;
  } wait;
  Blocking blocking;
  submit(PendingWrite{[&body](WriteTx& tx) { return body(tx); },
                      [&wait](std::exception_ptr broken) {
                        // Told under the lock, or the waiter could be gone before it is told.
                        std::lock_guard lock(wait.mutex);
                        wait.broken = std::move(broken);
                        wait.is_over = true;
                        wait.over.notify_one();
                      }});
  std::unique_lock lock(wait.mutex);
  wait.over.wait(lock, [&] { return wait.is_over; });
  if (wait.broken) std::rethrow_exception(wait.broken);
}

Error Database::failure(const std::exception_ptr& broken) {
  try {
    std::rethrow_exception(broken);
  } catch (const Fault& fault) {
    Error error{Kind::unavailable, "UNAVAILABLE", "This cannot be saved at the moment. Please try again."};
    if (fault.sort() == Fault::Sort::disk_full) error.code = "STORAGE_FULL";
    error.detail = fault.what();
    error.retry_after_s = 5;
    return error;
  } catch (const std::exception& bug) {
    log::error("storage.write_threw", {{"what", bug.what()}});
    return Error{Kind::internal, "INTERNAL_ERROR", "Something went wrong on our side.", bug.what()};
  }
}

}  // namespace tuition
