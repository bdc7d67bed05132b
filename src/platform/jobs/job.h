#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/id.h"
#include "platform/base/result.h"
#include "platform/base/time.h"

namespace tuition {
class WriteTx;
}

namespace tuition::jobs {

using JobId = Id<struct JobTag>;

// Work to be done after a commit, at least once. What it does must bear being done twice.
struct NewJob {
  std::string kind{};               // "email.send"
  std::string payload_json = "{}";  // what the handler needs, ids rather than copies
  std::optional<Instant> run_at{};  // now when absent
  std::optional<std::string>
      dedupe_key{};  // while one with this key is queued or running, another push returns that one
};

struct Job {
  JobId id{};
  std::string kind{};
  std::string payload_json{};
  std::int64_t attempt = 1;  // this run's number
  std::int64_t attempts_max = 0;
  std::int64_t fence = 0;  // of this run's lease: only who holds it may finish the job
};

// How a run ended. `later` tries again by the kind's back-off (or at `at`); `postponed` at `at`, and the run does not
// count as an attempt, because the work could not even be tried: whoever says so sets a bound to it; `dead` gives up at
// once.
struct Outcome {
  enum class Sort { done, later, postponed, dead };
  Sort sort = Sort::done;
  std::string reason{};
  std::optional<Instant> at{};

  static Outcome done() { return {}; }
  static Outcome later(std::string reason, std::optional<Instant> at = {}) {
    return {Sort::later, std::move(reason), at};
  }
  static Outcome postponed(std::string reason, Instant at) { return {Sort::postponed, std::move(reason), at}; }
  static Outcome dead(std::string reason) { return {Sort::dead, std::move(reason), {}}; }
};

// A row of a domain's job table. The handler runs on a worker thread with no transaction open; when it throws, that
// counts as `later` with the exception's text.
struct JobKind {
  std::string_view name;
  std::string_view sentence;  // what it does, for operators
  std::function<Outcome(const Job&)> run;
  int attempts_max = 12;
  int at_once_max = 4;          // runs of this kind at the same time
  Duration lease = minutes(2);  // renewed while it runs
  Duration backoff_first = seconds(5);
  Duration backoff_max = hours(6);
  // In the transaction that gives the job up, for whatever reason: what others should see of that. Must not throw.
  std::function<void(WriteTx&, const Job&, std::string_view reason)> given_up{};
};

using JobKinds = std::vector<JobKind>;

// A periodic task: `run` is called on a worker every `period`, never twice at once, and once only after a restart
// however many were missed.
struct Periodic {
  std::string_view name;
  std::string_view sentence;
  Duration period;
  std::function<Outcome()> run;
};

using Periodics = std::vector<Periodic>;

}  // namespace tuition::jobs
