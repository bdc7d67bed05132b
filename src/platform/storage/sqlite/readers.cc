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

std::unique_ptr<SqliteConnection> Readers::take() {
  {
    std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      auto connection = std::move(free_.back());
      free_.pop_back();
      return connection;
    }
  }
  auto made = std::make_unique<SqliteConnection>(path_, Role::reader);
  count_.fetch_add(1, std::memory_order_relaxed);
  return made;
}

void Readers::give_back(std::unique_ptr<SqliteConnection> connection) {
  std::lock_guard lock(mutex_);
  free_.push_back(std::move(connection));
}

void Readers::read(const std::function<void(ReadTx&)>& body) {
  for (const auto* open = innermost_here; open != nullptr; open = open->outer) {
    if (open->owner == this) {
      ReadTx tx(*open->connection);
      body(tx);
      return;
    }
  }

  auto connection = take();
  struct Reading {
    Readers& readers;
    std::unique_ptr<SqliteConnection>& connection;
    OpenRead open;
    explicit Reading(Readers& owner, std::unique_ptr<SqliteConnection>& taken)
        : readers(owner), connection(taken), open{&owner, taken.get(), innermost_here} {
      innermost_here = &open;
    }
    ~Reading() {
      innermost_here = open.outer;
      connection->limit(0);
      try {
        connection->statement("COMMIT").run();
        readers.give_back(std::move(connection));
      } catch (const std::exception&) {
        // A connection whose read cannot be ended is not used again.
        readers.count_.fetch_sub(1, std::memory_order_relaxed);
      }
    }
  };
  connection->statement("BEGIN").run();
  const Reading reading(*this, connection);
  if (limit_.ms > 0) connection->limit(steady_us() + limit_.ms * 1000);
  ReadTx tx(*connection);
  body(tx);
}

}  // namespace tuition::storage::sqlite
