#include "sandbox/keeper.h"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "platform/storage/folder.h"

namespace tuition::sandbox {
namespace {

// Keeps a number; the document is its text.
struct Kept {
  explicit Kept(std::filesystem::path path) : file(std::move(path)) {}

  void set(int value) {
    number = value;
    keeper.changed();
  }

  const std::filesystem::path file;
  std::atomic<int> number{0};
  std::atomic<int> writings{0};
  std::function<void()> meanwhile{};
  Keeper keeper{file, [this] {
                  ++writings;
                  auto text = std::to_string(number);
                  if (meanwhile) meanwhile();
                  return text;
                }};
};

}  // namespace

TEST_CASE("a change is in the file once the keeper was flushed") {
  tests::Folder folder;
  Kept kept(folder / "state.json");
  kept.keeper.start();
  for (int i = 1; i <= 20; ++i) {
    kept.set(i);
    kept.keeper.flush();
    CHECK(read_file(kept.file) == std::to_string(i));
  }
}

TEST_CASE("where nothing was changed or nothing is kept flushing waits for nothing") {
  tests::Folder folder;
  Kept kept(folder / "state.json");
  kept.set(1);
  kept.keeper.flush();  // not started
  CHECK(read_file(kept.file).empty());
  kept.keeper.start();
  kept.keeper.flush();  // what was changed before counts
  CHECK(read_file(kept.file) == "1");
  kept.keeper.flush();
  CHECK(kept.writings == 1);
  kept.keeper.stop();
  kept.set(2);
  kept.keeper.flush();  // stopped
  CHECK(read_file(kept.file) == "1");
}

TEST_CASE("those who wait together are served by one writing, and a change made meanwhile by the next") {
  tests::Folder folder;
  Kept kept(folder / "state.json");
  std::promise<void> begun, go_on;
  kept.meanwhile = [&] {
    if (kept.writings > 1) return;
    begun.set_value();
    go_on.get_future().wait();
  };
  kept.keeper.start();
  kept.set(1);
  std::thread first([&] { kept.keeper.flush(); });
  begun.get_future().wait();

  // The document of the first writing is made already: it knows nothing of these.
  for (int i = 2; i <= 9; ++i) kept.set(i);
  std::atomic<int> right{0};
  std::vector<std::thread> waiting;
  for (int i = 0; i < 8; ++i)
    waiting.emplace_back([&] {
      kept.keeper.flush();
      if (read_file(kept.file) == "9") ++right;
    });
  go_on.set_value();
  first.join();
  for (auto& each : waiting) each.join();
  CHECK(right == 8);
  CHECK(kept.writings == 2);
}

TEST_CASE("flushing comes to an end where the machine refuses to write, and the next writing has it all") {
  tests::Folder folder;
  Kept kept(folder / "gone" / "state.json");
  kept.keeper.start();
  kept.set(1);
  kept.keeper.flush();
  CHECK(read_file(kept.file).empty());
  CHECK(kept.writings >= 1);
  std::filesystem::create_directory(folder / "gone");
  kept.set(2);
  kept.keeper.flush();
  CHECK(read_file(kept.file) == "2");
}

TEST_CASE("a keeper that stops writes what was not written yet") {
  tests::Folder folder;
  Kept kept(folder / "state.json");
  kept.keeper.start();
  kept.set(7);
  kept.keeper.stop();
  CHECK(read_file(kept.file) == "7");
}

}  // namespace tuition::sandbox
