#pragma once

#include <memory>
#include <string_view>

#include "platform/jobs/queue.h"

namespace tuition::jobs {

// Worker threads that lease due jobs and run them, the timer of waiters and periodic tasks, and the return of expired
// leases (a process killed in mid-job). Starts idle.
class Runner {
 public:
  struct Size {
    int workers = 4;
  };
  Runner(Queue& queue, Database& db, const Clock& clock, Entropy& entropy, JobKinds kinds, Periodics periodics,
         Size size);
  ~Runner();

  // Jobs found running belong to a process that is gone (storage lets only one in) and are queued again at once.
  void start();
  // Takes no new work, and waits at most `patience` for what runs. False when something still does: that runs again
  // after a restart, or when its lease is over. Those who wait for a job's end are told that it does not come.
  bool drain(Duration patience);
  // Runs everything that is due, on the calling thread, until nothing is: for tests and the command line. Not while
  // started.
  void run_due();

  // Runs a periodic task now rather than at its time. Unknown names are a bug.
  void poke(std::string_view periodic);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tuition::jobs
