#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/jobs/job.h"
#include "platform/storage/database.h"

namespace tuition::jobs {

// The timetable of periodic tasks: kept in memory, remembered in `schedules`. A task that is begun and not finished,
// because the process ended, is due again after the restart. Safe from any thread.
class Timetable {
 public:
  explicit Timetable(Periodics periodics);

  // Reads when each was to run next; a task that is new runs one period from now.
  void load(Database& db, Instant now);

  // The tasks that are due and not running; they count as running until `ended`.
  std::vector<const Periodic*> take_due(Instant now);
  // A task that `later` puts off is due at its time, or soon; any other one period after it was begun.
  void ended(Database& db, const Periodic& task, Instant began, Instant now, const Outcome& outcome);
  // Gives a task that was taken back unrun.
  void give_back(const Periodic& task);
  void poke(std::string_view name);

 private:
  struct Entry {
    Periodic task;
    Instant next_at{};
    bool running = false;
    bool poked = false;
  };
  Entry& entry_of(const Periodic& task);

  std::mutex mutex_;
  std::deque<Entry> entries_;
  bool loaded_ = false;
};

// For operators.
struct ScheduleView {
  std::string name{};
  Instant next_at{};
  std::optional<Instant> last_at{};
  std::optional<std::string> last_status{};
  std::optional<std::string> last_error{};
};
std::vector<ScheduleView> schedules(ReadTx& tx);

}  // namespace tuition::jobs
