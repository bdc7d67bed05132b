#pragma once

#include <condition_variable>
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

// Keeps a document in a file, a moment after each change, on a thread of its own: who changes it waits for nothing.
class Keeper {
 public:
  Keeper(std::filesystem::path file, std::function<std::string()> document);
  ~Keeper();  // stops

  void start();
  // Writes what has not been written yet, and no more.
  void stop();
  // From any thread; waits for nothing. Before start() it counts, too.
  void changed();

 private:
  void run();
  // False when the machine refuses.
  bool write();

  const std::filesystem::path file_;
  const std::function<std::string()> document_;
  std::mutex mutex_;  // of what follows
  std::condition_variable woken_;
  bool is_stale_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tuition::sandbox
