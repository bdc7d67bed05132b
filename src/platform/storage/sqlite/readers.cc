#include "platform/storage/sqlite/readers.h"

#include <utility>

namespace tuition::storage::sqlite {
namespace {

// A read that is open on this thread; those of other databases, or around a nested one, further out.
struct OpenRead {
  const Readers* owner;
  SqliteConnection* connection;
  const OpenRead* outer;
};
thread_local const OpenRead* innermost_here = nullptr;

}  // namespace

Readers::Reader Readers::take() {
  {
    std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      auto reader = std::move(free_.back());
      free_.pop_back();
      return reader;
    }
  }
  Reader made{std::make_unique<SqliteConnection>(path_, Role::reader)};
  count_.fetch_add(1, std::memory_order_relaxed);
  return made;
}

void Readers::give_back(Reader reader) {
  std::lock_guard lock(mutex_);
  free_.push_back(std::move(reader));
}

bool Readers::end(Reader& reader) {
  try {
    reader.connection->statement("COMMIT").run();
    reader.moment = 0;
    return true;
  } catch (const std::exception&) {
    reader.connection.reset();
    count_.fetch_sub(1, std::memory_order_relaxed);
    return false;
  }
}

void Readers::rest() {
  std::vector<Reader> resting;
  {
    std::lock_guard lock(mutex_);
    resting.swap(free_);
  }
  std::vector<Reader> rested;
  for (auto& each : resting)
    if (each.moment == 0 || end(each)) rested.push_back(std::move(each));
  std::lock_guard lock(mutex_);
  // Those given back meanwhile were used last, and stay next.
  for (auto& each : free_) rested.push_back(std::move(each));
  free_.swap(rested);
}

void Readers::read(const std::function<void(ReadTx&)>& body) {
  for (const auto* open = innermost_here; open != nullptr; open = open->outer) {
    if (open->owner == this) {
      ReadTx tx(*open->connection);
      body(tx);
      return;
    }
  }

  const auto began_us = steady_us();
  auto reader = take();
  while (reader.moment != 0 && reader.moment != moment_.load(std::memory_order_acquire) && !end(reader))
    reader = take();
  if (reader.moment == 0) {
    // Asked first: what the read sees may be newer than this says, and never older.
    const auto now = moment_.load(std::memory_order_acquire);
    reader.connection->statement("BEGIN").run();
    reader.moment = now;
  }
  struct Reading {
    Readers& readers;
    Reader& reader;
    OpenRead open;
    std::int64_t began_us;
    bool whole = false;
    Reading(Readers& owner, Reader& taken, std::int64_t began)
        : readers(owner), reader(taken), open{&owner, taken.connection.get(), innermost_here}, began_us(began) {
      innermost_here = &open;
    }
    ~Reading() {
      innermost_here = open.outer;
      reader.connection->limit(0);
      if (readers.times_) readers.times_->observe_us(steady_us() - began_us);
      if (whole || readers.end(reader)) readers.give_back(std::move(reader));
    }
  };
  Reading reading(*this, reader, began_us);
  if (limit_.ms > 0) reader.connection->limit(steady_us() + limit_.ms * 1000);
  ReadTx tx(*reader.connection);
  body(tx);
  reading.whole = true;
}

}  // namespace tuition::storage::sqlite
