#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "platform/http/route.h"
#include "platform/jobs/queue.h"
#include "platform/metrics/metrics.h"
#include "platform/outbound/successes.h"
#include "platform/storage/database.h"

namespace tuition::app {

// What probes, monitors and the web app's first request ask about the program itself.
struct System {
  Database& db;
  const Clock& clock;
  metrics::Registry& metrics;
  Instant started{};
  const std::string& site_name;
  const std::string& mode;
  std::function<const std::string&()> openapi;  // where api_docs
  bool api_docs = true;
  std::vector<std::string> providers{};  // who takes payments
  const outbound::Successes* successes = nullptr;
  std::atomic<bool> sends_mail{false};
  bool registration = true;
  std::int64_t password_length_min = 12;
  std::atomic<bool> draining{false};
};

http::Routes routes(System& system);
// Gauges of database, queue and process.
void register_gauges(System& system);

}  // namespace tuition::app
