#include "platform/jobs/periodic.h"

#include <algorithm>
#include <utility>

#include "platform/base/check.h"

namespace tuition::jobs {
namespace {

// A task that was put off without a time comes again after this long, or its period if that is shorter.
constexpr Duration soon = minutes(5);

std::string_view word(Outcome::Sort sort) {
  switch (sort) {
    case Outcome::Sort::done: return "done";
    case Outcome::Sort::later:
    case Outcome::Sort::postponed: return "later";
    case Outcome::Sort::dead: return "dead";
  }
  return "";
}

}  // namespace

Timetable::Timetable(Periodics periodics) {
  for (auto& task : periodics) {
    check(task.period.ms > 0, "a periodic task has a period");
    entries_.push_back({std::move(task)});
  }
}

Timetable::Entry& Timetable::entry_of(const Periodic& task) {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return &entry.task == &task; });
  check(found != entries_.end(), "a periodic task is one of the timetable's");
  return *found;
}

void Timetable::load(Database& db, Instant now) {
  std::lock_guard lock(mutex_);
  if (std::exchange(loaded_, true) || entries_.empty()) return;
  db.write([&](WriteTx& tx) {
    for (auto& entry : entries_) {
      entry.next_at = tx.one<Instant>(
                            "INSERT INTO schedules (name, next_at) VALUES (?1, ?2) "
                            "ON CONFLICT (name) DO UPDATE SET next_at = CASE WHEN schedules.next_at < excluded.next_at "
                            "THEN schedules.next_at ELSE excluded.next_at END RETURNING next_at",
                            entry.task.name, now + entry.task.period)
                          .value();
    }
  });
}

std::vector<const Periodic*> Timetable::take_due(Instant now) {
  std::lock_guard lock(mutex_);
  std::vector<const Periodic*> due;
  if (!loaded_) return due;
  for (auto& entry : entries_) {
    // A clock that was set back does not make a daily task wait for two days.
    entry.next_at = std::min(entry.next_at, now + entry.task.period);
    if (entry.running || (entry.next_at > now && !entry.poked)) continue;
    entry.running = true;
    entry.poked = false;
    due.push_back(&entry.task);
  }
  return due;
}

void Timetable::ended(Database& db, const Periodic& task, Instant began, Instant now, const Outcome& outcome) {
  auto next = std::max(began + task.period, now + milliseconds(1));
  if (outcome.sort == Outcome::Sort::later || outcome.sort == Outcome::Sort::postponed)
    next = outcome.at.value_or(now + std::min(soon, task.period));
  {
    std::lock_guard lock(mutex_);
    auto& entry = entry_of(task);
    entry.next_at = next;
    entry.running = false;
  }
  db.write([&](WriteTx& tx) {
    tx.execute("UPDATE schedules SET next_at = ?2, last_at = ?3, last_status = ?4, last_error = ?5 WHERE name = ?1",
               task.name, next, began, word(outcome.sort),
               outcome.reason.empty() ? std::optional<std::string>() : std::optional(outcome.reason));
  });
}

void Timetable::give_back(const Periodic& task) {
  std::lock_guard lock(mutex_);
  entry_of(task).running = false;
}

void Timetable::poke(std::string_view name) {
  std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.task.name == name; });
  check(found != entries_.end(), "a periodic task that is poked is known");
  found->poked = true;
}

std::vector<ScheduleView> schedules(ReadTx& tx) {
  return tx.many<ScheduleView>("SELECT name, next_at, last_at, last_status, last_error FROM schedules ORDER BY name");
}

}  // namespace tuition::jobs
