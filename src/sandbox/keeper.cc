#include "sandbox/keeper.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>

#include "platform/log/log.h"
#include "platform/storage/fault.h"
#include "platform/storage/files.h"

namespace tuition::sandbox {
namespace {

// Between a change and its writing, so that a burst is written once. A large document is written at most a tenth of
// the time.
constexpr auto pause_least = std::chrono::milliseconds(50);
constexpr auto pause_after_failure = std::chrono::seconds(1);
constexpr int pause_per_writing = 10;

}  // namespace

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in && !std::filesystem::exists(file)) return {};
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (in.bad() || !in.is_open()) throw tuition::Fault(tuition::Fault::Sort::io, file.string() + ": cannot be read");
  return bytes;
}

void replace_file(const std::filesystem::path& file, std::string_view bytes) {
  auto part = file;
  part += ".part";
  storage::write_durably(part, bytes);
  storage::rename_durably(part, file);
}

Keeper::Keeper(std::filesystem::path file, std::function<std::string()> document)
    : file_(std::move(file)), document_(std::move(document)) {}

Keeper::~Keeper() { stop(); }

void Keeper::start() {
  {
    const std::lock_guard lock(mutex_);
    running_ = true;
  }
  thread_ = std::thread([this] { run(); });
}

void Keeper::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Keeper::changed() {
  {
    const std::lock_guard lock(mutex_);
    is_stale_ = true;
    ++changes_;
  }
  woken_.notify_all();
}

void Keeper::flush() {
  std::unique_lock lock(mutex_);
  if (!running_) return;
  const auto wanted = changes_;
  if (tried_ >= wanted) return;
  ++hurried_;
  woken_.notify_all();
  written_.wait(lock, [&] { return tried_ >= wanted || !running_; });
  --hurried_;
}

bool Keeper::write() {
  try {
    replace_file(file_, document_());
    return true;
  } catch (const std::exception& refused) {
    log::warn("sandbox.not_kept", {{"why", refused.what()}});
    return false;
  }
}

void Keeper::run() {
  using std::chrono::steady_clock;
  std::chrono::milliseconds pause = pause_least;
  std::unique_lock lock(mutex_);
  for (;;) {
    woken_.wait(lock, [this] { return is_stale_ || stopping_; });
    woken_.wait_for(lock, pause, [this] { return stopping_ || hurried_ > 0; });
    if (!is_stale_) break;
    const bool last = stopping_;
    const auto changes = changes_;
    is_stale_ = false;
    lock.unlock();
    const auto began = steady_clock::now();
    const bool written = write();
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - began);
    lock.lock();
    if (!written) is_stale_ = true;
    tried_ = changes;
    written_.notify_all();
    pause = written ? std::max(pause_least, pause_per_writing * took) : pause_after_failure;
    if (last) break;
  }
  running_ = false;
  written_.notify_all();
}

}  // namespace tuition::sandbox
