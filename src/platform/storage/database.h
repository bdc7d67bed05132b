#pragma once

// The whole public surface of storage. The engine (storage/sqlite) stands behind it.
//
//   auto plan = db.read([&](ReadTx& tx) { return tx.one<PlanRow>("SELECT id, name FROM plans WHERE id = ?1", id); });
//
//   Result<void> done = db.write([&](WriteTx& tx) -> Result<void> {
//     TRY(store::put_progress(tx, row));
//     jobs::push(tx, ...);
//     return {};
//   });
//
// A write runs on the one writer thread inside a group transaction under its own savepoint. When it returns an Error or
// throws, it alone is rolled back. The caller hears back only after the group's commit is on disk. Writes do not nest,
// and no network call may be made inside one. A read sees one consistent moment.

#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "platform/base/blocking.h"
#include "platform/base/result.h"
#include "platform/storage/fault.h"
#include "platform/storage/row.h"
#include "platform/storage/script.h"
#include "platform/storage/sql.h"

namespace tuition::crypto {
class HmacKey;
}

namespace tuition {

// An engine's connection, seen from a transaction.
class Connection {
 public:
  virtual ~Connection() = default;
  // Prepared once per connection and kept; keyed by the literal's address.
  virtual Statement& prepare(Sql sql) = 0;
  virtual std::int64_t changes() = 0;  // rows changed by the last statement
  virtual void run(const storage::Script& script) = 0;

  // What WriteTx::give_key() left here. Shared, because who asks for it may go on using it after the write.
  std::shared_ptr<const crypto::HmacKey> key{};
};

class ReadTx {
 public:
  explicit ReadTx(Connection& connection) : connection_(connection) {}
  ReadTx(const ReadTx&) = delete;
  ReadTx& operator=(const ReadTx&) = delete;

  // The first row, if any.
  template <class T, class... Args>
  std::optional<T> one(Sql sql, const Args&... args) {
    Running running(connection_.prepare(sql), args...);
    if (!running.statement.step()) return std::nullopt;
    Row row(running.statement);
    return row_as<T>(row);
  }

  template <class T, class... Args>
  std::vector<T> many(Sql sql, const Args&... args) {
    std::vector<T> rows;
    Running running(connection_.prepare(sql), args...);
    while (running.statement.step()) {
      Row row(running.statement);
      rows.push_back(row_as<T>(row));
    }
    return rows;
  }

  // `visit(Row&)` per row; for results that should not stand in memory whole. No other statement on the same text may
  // run inside.
  template <class Visit, class... Args>
  void each(Sql sql, Visit&& visit, const Args&... args) {
    Running running(connection_.prepare(sql), args...);
    while (running.statement.step()) {
      Row row(running.statement);
      visit(row);
    }
  }

 protected:
  struct Running {
    template <class... Args>
    explicit Running(Statement& made, const Args&... args) : statement(made) {
      int at = 1;
      (storage::bind_value(statement, at++, args), ...);
    }
    ~Running() { statement.reset(); }
    Statement& statement;
  };

  Connection& connection_;
};

// Thrown by a statement that violates a UNIQUE, CHECK or foreign key constraint, caught by WriteTx::attempt. One that
// escapes a write is a bug.
struct ConstraintViolation : std::runtime_error {
  enum class Sort { unique, foreign_key, check, other };
  ConstraintViolation(Sort which, const std::string& what) : std::runtime_error(what), sort(which) {}
  Sort sort;
};

class WriteTx : public ReadTx {
 public:
  using ReadTx::ReadTx;

  // Runs a statement; returns how many rows it changed.
  template <class... Args>
  std::int64_t execute(Sql sql, const Args&... args) {
    Running running(connection_.prepare(sql), args...);
    while (running.statement.step()) {}
    return connection_.changes();
  }

  // Like execute, but false when a unique constraint refuses it; other violations are thrown.
  template <class... Args>
  bool attempt(Sql sql, const Args&... args) {
    try {
      execute(sql, args...);
      return true;
    } catch (const ConstraintViolation& violation) {
      if (violation.sort == ConstraintViolation::Sort::unique) return false;
      throw;
    }
  }

  // All statements of a migration.
  void run(const storage::Script& script) { connection_.run(script); }

  // The school's key for what must show if somebody wrote it into the file who cannot read the key: it is kept beside
  // the database, never inside. Given once, when the database has been opened; null before.
  void give_key(std::shared_ptr<const crypto::HmacKey> key) { connection_.key = std::move(key); }
  const std::shared_ptr<const crypto::HmacKey>& key() const { return connection_.key; }

  // Called once the commit is on disk, in the order given, on the writer thread and before the caller of the write
  // hears: be brief, do not throw, and start no write that waits. Dropped when this write is rolled back.
  void after_commit(std::function<void()> act) { after_commit_.push_back(std::move(act)); }

  std::vector<std::function<void()>> take_after_commit() { return std::move(after_commit_); }

 private:
  std::vector<std::function<void()>> after_commit_;
};

// One write waiting for its turn. `body` returns whether to keep what it did; it may throw. `done` is called on the
// writer thread: after the commit, or with what went wrong.
struct PendingWrite {
  std::function<bool(WriteTx&)> body;
  std::function<void(std::exception_ptr)> done;
  bool repeatable = false;  // body may be called again after what it did was undone
};

// Whether a write can run a second time from the start: it changes nothing but the database and takes nothing out of
// what it holds. Such writes are grouped at less cost, and undone and repeated one by one should one of them fail.
enum class Repeatable { no, yes };

// What storage has done since it was opened, for metrics.
struct StorageFigures {
  std::int64_t writes = 0;       // kept
  std::int64_t rolled_back = 0;  // refused, thrown or failed
  std::int64_t groups = 0;       // commits
  std::int64_t checkpoints = 0;
  std::int64_t wal_bytes = 0;
  std::int64_t write_queue_us = 0;  // how long the oldest write of the last group waited for its turn
  std::int64_t readers = 0;         // open read connections
};

class Database {
 public:
  virtual ~Database() = default;

  // f(ReadTx&) on this thread's read connection. Reads may nest; a nested one sees the same moment.
  template <class F>
  auto read(F&& f) -> std::invoke_result_t<F, ReadTx&> {
    using Out = std::invoke_result_t<F, ReadTx&>;
    if constexpr (std::is_void_v<Out>) {
      read_erased([&](ReadTx& tx) { f(tx); });
    } else {
      std::optional<Out> out;
      read_erased([&](ReadTx& tx) { out.emplace(f(tx)); });
      return std::move(*out);
    }
  }

  // f(WriteTx&), which returns a Result or nothing. Waits for the commit; throws Fault when the machine fails.
  template <class F>
  auto write(F&& f) -> std::invoke_result_t<F, WriteTx&> {
    using Out = std::invoke_result_t<F, WriteTx&>;
    if constexpr (std::is_void_v<Out>) {
      write_and_wait([&](WriteTx& tx) {
        f(tx);
        return true;
      });
    } else {
      static_assert(is_result_v<Out>, "a write returns a Result or nothing");
      std::optional<Out> out;
      write_and_wait([&](WriteTx& tx) {
        out.emplace(f(tx));
        return out->ok();
      });
      return std::move(*out);
    }
  }

  // The same without a waiting thread: `done(Result)` is called on the writer thread once the commit is on disk (or at
  // once with the Error). f and done must own what they use. When the machine fails, done gets an unavailable Error.
  template <class F, class Done>
  void write_later(F f, Done done, Repeatable repeatable = Repeatable::no) {
    using Out = std::invoke_result_t<F, WriteTx&>;
    static_assert(is_result_v<Out>, "a later write returns a Result");
    auto out = std::make_shared<std::optional<Out>>();
    submit(PendingWrite{[out, f = std::move(f)](WriteTx& tx) mutable {
                          out->emplace(f(tx));
                          return (*out)->ok();
                        },
                        [out, done = std::move(done)](std::exception_ptr broken) mutable {
                          if (broken) {
                            done(Out(failure(broken)));
                          } else {
                            done(std::move(**out));
                          }
                        },
                        repeatable == Repeatable::yes});
  }

  virtual void read_erased(const std::function<void(ReadTx&)>& body) = 0;
  virtual void submit(PendingWrite write) = 0;
  // False once a commit could not be made durable: nothing is written any more, and the process is about to end.
  virtual bool healthy() const = 0;
  virtual std::filesystem::path path() const = 0;
  virtual StorageFigures figures() const = 0;

  // --- For storage/backup: both run beside reads and writes, as long as they take.
  // A copy of one moment, a complete database in one file. `target` must not exist.
  virtual void copy_to(const std::filesystem::path& target) = 0;
  // One line per finding; empty when all is well.
  virtual std::vector<std::string> integrity_problems() = 0;

 private:
  void write_and_wait(const std::function<bool(WriteTx&)>& body);
  static Error failure(const std::exception_ptr& broken);
};

// True on the thread that runs a write, while it runs. Outbound calls refuse to start then.
bool write_is_open();

namespace storage {

// For engines. Marks the thread that runs writes, and the time it spends inside one.
class WriterThread {
 public:
  WriterThread();
  ~WriterThread();
};
class OpenWrite {
 public:
  OpenWrite();
  ~OpenWrite();
};

}  // namespace storage

}  // namespace tuition
