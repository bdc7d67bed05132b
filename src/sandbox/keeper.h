#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace tuition::sandbox {

// The bytes of a file; empty when there is none. Throws Fault.
std::string read_file(const std::filesystem::path& file);
// Whole or not at all, and durable when it returns. Throws Fault.
void replace_file(const std::filesystem::path& file, std::string_view bytes);

// Keeps a document in a file, a moment after each change, on a thread of its own: who changes it waits for nothing, and
// who must know that it is kept waits in flush().
class Keeper {
 public:
  Keeper(std::filesystem::path file, std::function<std::string()> document);
  ~Keeper();  // stops

  void start();
  // Writes what has not been written yet, and no more.
  void stop();
  // From any thread; waits for nothing. Before start() it counts, too.
  void changed();
  // Returns when all that was changed before is in the file, without the moment; also when the machine refuses to
  // write, or nothing is kept at all. Those who wait together are served by one writing. Not under a lock that the
  // document takes.
  void flush();

 private:
  void run();
  // False when the machine refuses.
  bool write();

  const std::filesystem::path file_;
  const std::function<std::string()> document_;
  std::mutex mutex_;  // of what follows
  std::condition_variable woken_;
  std::condition_variable written_;
  std::uint64_t changes_ = 0;  // so far
  std::uint64_t tried_ = 0;    // of them, those that stood when the last writing began that is over
  std::size_t hurried_ = 0;    // who waits in flush()
  bool is_stale_ = false;
  bool running_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tuition::sandbox
