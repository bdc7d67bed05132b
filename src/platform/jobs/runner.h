#pragma once

#include <memory>

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

  void start();
  // Takes no new work, waits for what runs at most `patience`; what is unfinished runs again after its lease.
  void drain(Duration patience);
  // Runs everything that is due, on the calling thread, until nothing is: for tests and the command line. Not while
  // started.
  void run_due();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tuition::jobs
