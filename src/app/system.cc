#include "app/system.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "app/version.h"
#include "platform/http/json.h"
#include "platform/storage/backup.h"

namespace tuition::app {
namespace {

using http::Access;
using http::Bucket;
using http::Method;
using http::Request;

struct ConfigView {
  std::string name{};
  std::string mode{};
  std::vector<std::string> currencies{};
  std::vector<std::string> providers{};
  struct Features {
    bool registration = true;
  } features{};
  std::int64_t password_length_min = 0;
};
constexpr auto fields_of(const ConfigView::Features*) {
  return table("Features",
               field("registration", &ConfigView::Features::registration, "People may sign up by themselves."));
}
constexpr auto fields_of(const ConfigView*) {
  return table("Config", field("name", &ConfigView::name, "The school's name."),
               field("mode", &ConfigView::mode, "prod, or dev with pretend payments and mail."),
               field("currencies", &ConfigView::currencies, "The currencies plans are priced in."),
               field("providers", &ConfigView::providers, "Who takes payments here."),
               field("features", &ConfigView::features, "What is switched on."),
               field("passwordMinLength", &ConfigView::password_length_min, "Characters a password needs."));
}

struct JobsView {
  std::int64_t queued = 0;
  std::int64_t running = 0;
  std::int64_t dead = 0;
  std::int64_t oldest_due_s = 0;
};
constexpr auto fields_of(const JobsView*) {
  return table("JobsStatus", field("queued", &JobsView::queued, "Jobs that wait."),
               field("running", &JobsView::running, "Jobs being done."),
               field("dead", &JobsView::dead, "Jobs given up, for an operator to look at."),
               field("oldestDueSeconds", &JobsView::oldest_due_s, "How long the most overdue job has waited."));
}

struct ServiceView {
  std::string name{};
  std::optional<Instant> last_success_at{};
};
constexpr auto fields_of(const ServiceView*) {
  return table("ServiceStatus", field("name", &ServiceView::name, "Who: a payment provider, or smtp for mail."),
               field("lastSuccessAt", &ServiceView::last_success_at,
                     "When it last did what it was asked for; null: not since the start."));
}

struct DetailView {
  std::vector<ServiceView> services{};
  std::int64_t database_bytes = 0;
  std::int64_t log_bytes = 0;
  std::int64_t write_queue_ms = 0;
};
constexpr auto fields_of(const DetailView*) {
  return table(
      "StatusDetail", field("services", &DetailView::services, "Servers of others that are set up."),
      field("databaseBytes", &DetailView::database_bytes, "Size of the database file."),
      field("logBytes", &DetailView::log_bytes, "Size of its write-ahead log."),
      field("writeQueueMs", &DetailView::write_queue_ms, "How long the oldest write of the last group waited."));
}

struct StatusView {
  std::string status{};
  std::string version{};
  std::int64_t uptime_s = 0;
  bool database = false;
  JobsView jobs{};
  std::vector<std::string> providers{};
  std::optional<Instant> last_backup_at{};
  std::optional<std::int64_t> backup_age_s{};
  std::optional<DetailView> detail{};
};
constexpr auto fields_of(const StatusView*) {
  return table(
      "Status", field("status", &StatusView::status, "ok or degraded."),
      field("version", &StatusView::version, "The program's version."),
      field("uptimeSeconds", &StatusView::uptime_s, "Since the start."),
      field("database", &StatusView::database, "The database can be read and written."),
      field("jobs", &StatusView::jobs, "The background queue."),
      field("providers", &StatusView::providers, "Payment providers that are set up."),
      field("lastBackupAt", &StatusView::last_backup_at, "When the last backup succeeded; null: never."),
      field("backupAgeSeconds", &StatusView::backup_age_s, "How long ago that was."),
      field("detail", &StatusView::detail, "For administrators and keys with the scope ops; null for others."));
}

bool database_answers(System& system) {
  try {
    return system.db.healthy() &&
           system.db.read([](ReadTx& tx) { return tx.one<std::int64_t>("SELECT 1").value_or(0) == 1; });
  } catch (const Fault&) {
    return false;
  }
}

// The envelope, with the status on its outside as well, where probes look for it.
http::Reply healthy(const Instant now) {
  return http::raw_json(
      200, "{\"success\":true,\"status\":\"ok\",\"data\":{\"status\":\"ok\"},\"timestamp\":\"" + to_text(now) + "\"}");
}

http::Reply health(System& system, const Request& request) {
  if (database_answers(system)) return healthy(system.clock.now());
  return http::problem(Error{Kind::unavailable, "DATABASE_ERROR", "The database does not answer."}, request);
}

std::int64_t database_bytes(const Database& db) {
  std::error_code unknown;
  const auto bytes = std::filesystem::file_size(db.path(), unknown);
  return unknown ? 0 : static_cast<std::int64_t>(bytes);
}

DetailView detail(System& system) {
  DetailView view;
  auto names = system.providers;
  if (system.sends_mail.load()) names.emplace_back("smtp");
  for (const auto& name : names)
    view.services.push_back({name, system.successes ? system.successes->last(name) : std::nullopt});
  const auto figures = system.db.figures();
  view.database_bytes = database_bytes(system.db);
  view.log_bytes = figures.wal_bytes;
  view.write_queue_ms = figures.write_queue_us / 1000;
  return view;
}

// `whole`: with what is for those alone who run the school.
StatusView status(System& system, bool whole) {
  StatusView view;
  view.version = version;
  view.uptime_s = (system.clock.now() - system.started).ms / 1000;
  view.database = database_answers(system);
  view.providers = system.providers;
  if (view.database) {
    const auto now = system.clock.now();
    const auto counts = system.db.read([&](ReadTx& tx) { return jobs::count(tx, now); });
    view.jobs = {counts.queued, counts.running, counts.dead,
                 counts.oldest_due ? (now - *counts.oldest_due).ms / 1000 : 0};
  }
  view.last_backup_at = storage::last_backup(system.db.path());
  if (view.last_backup_at)
    view.backup_age_s = std::max<std::int64_t>((system.clock.now() - *view.last_backup_at).ms / 1000, 0);
  if (whole) view.detail = detail(system);
  view.status = view.database && view.jobs.oldest_due_s < 900 ? "ok" : "degraded";
  return view;
}

ConfigView public_config(System& system) {
  ConfigView view{.name = system.site_name, .mode = system.mode, .providers = system.providers};
  view.features.registration = system.registration;
  view.password_length_min = system.password_length_min;
  view.currencies = system.db.read([](ReadTx& tx) {
    return tx.many<std::string>("SELECT DISTINCT currency FROM prices WHERE active = 1 ORDER BY currency");
  });
  return view;
}

double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  double pages = 0;
  double resident = 0;
  statm >> pages >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds_of = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

http::Route probe(std::string_view path, std::string_view operation, std::string_view sentence,
                  http::Endpoint endpoint) {
  return {.method = Method::get,
          .path = path,
          .operation = operation,
          .access = Access::anyone,
          .bucket = Bucket::none,
          .sentence = sentence,
          .endpoint = std::move(endpoint),
          .statuses = {503}};
}

}  // namespace

http::Routes routes(System& system) {
  const auto is_healthy = http::raw([&system](const Request& request) { return health(system, request); });
  const auto is_ready = http::raw([&system](const Request& request) {
    if (system.draining.load())
      return http::problem(Error{Kind::unavailable, "UNAVAILABLE", "The server is shutting down."}, request);
    return health(system, request);
  });
  const auto is_alive = http::raw([&system](const Request&) { return healthy(system.clock.now()); });
  auto health_route = probe("/api/health", "getHealth", "The process and its database answer.", is_healthy);
  health_route.alias = "/health";
  http::Routes all{
      std::move(health_route),
      probe("/healthz", "getHealthz", "The process and its database answer.", is_healthy),
      probe("/livez", "getLivez", "The process answers.", is_alive),
      probe("/readyz", "getReadyz", "The server can serve: 503 while it shuts down.", is_ready),
      {.method = Method::get,
       .path = "/api/status",
       .operation = "getStatus",
       .access = Access::anyone,
       .bucket = Bucket::api,
       .sentence = "How the program is doing; 503 when it is degraded.",
       .endpoint = http::json([&system](const Request& request) -> Result<http::Enveloped<StatusView>> {
         http::Enveloped<StatusView> reply{.data = status(system, request.caller.is_admin())};
         if (reply.data.status != "ok") reply.status = 503;
         return reply;
       }),
       .statuses = {503},
       .alias = "/status",
       .scope = "ops"},
      {.method = Method::get,
       .path = "/api/metrics",
       .operation = "getMetrics",
       .access = Access::operations,
       .bucket = Bucket::none,
       .sentence = "Counters and timings: Prometheus text, or JSON with Accept: application/json.",
       .endpoint = http::raw([&system](const Request& request) {
         if (request.header("accept").find("application/json") != std::string_view::npos)
           return http::raw_json(200, system.metrics.json());
         auto reply = http::text(200, system.metrics.prometheus());
         reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
         return reply;
       }),
       .alias = "/metrics",
       .scope = "ops"},
      {.method = Method::get,
       .path = "/api/config",
       .operation = "getConfig",
       .access = Access::anyone,
       .bucket = Bucket::api,
       .sentence = "What the web app must know about this school.",
       .endpoint = http::json([&system](const Request&) -> Result<ConfigView> { return public_config(system); })},
  };
  if (system.api_docs)
    all.push_back({.method = Method::get,
                   .path = "/api/openapi.json",
                   .operation = "getOpenApi",
                   .access = Access::anyone,
                   .bucket = Bucket::api,
                   .sentence = "This document.",
                   .endpoint = http::raw([&system](const Request& request) {
                     auto reply = http::raw_json(200, {});
                     reply.fixed = system.openapi();  // as long as the app, which is longer than any connection
                     http::detail::add_validator(request, reply);
                     return reply;
                   })});
  return all;
}

void register_gauges(System& system) {
  auto& m = system.metrics;
  const auto counts = [&system] {
    return system.db.read([&](ReadTx& tx) { return jobs::count(tx, system.clock.now()); });
  };
  m.gauge("tuition_jobs_queued", "Jobs that wait.", {}, [counts] { return static_cast<double>(counts().queued); });
  m.gauge("tuition_jobs_running", "Jobs being done.", {}, [counts] { return static_cast<double>(counts().running); });
  m.gauge("tuition_jobs_failed", "Jobs given up.", {}, [counts] { return static_cast<double>(counts().dead); });
  m.gauge("tuition_job_oldest_seconds", "How long the most overdue job has waited.", {}, [counts, &system] {
    const auto oldest = counts().oldest_due;
    return oldest ? static_cast<double>((system.clock.now() - *oldest).ms) / 1000 : 0;
  });
  m.gauge("tuition_db_write_queue_seconds", "How long the oldest write of the last group waited.", {},
          [&system] { return static_cast<double>(system.db.figures().write_queue_us) / 1e6; });
  m.gauge("tuition_db_bytes", "Size of the database file.", {},
          [&system] { return static_cast<double>(database_bytes(system.db)); });
  m.gauge("tuition_wal_bytes", "Size of the write-ahead log.", {},
          [&system] { return static_cast<double>(system.db.figures().wal_bytes); });
  m.gauge("tuition_backup_last_success_timestamp_seconds", "When the last backup succeeded; 0 while there is none.", {},
          [&system] {
            const auto at = storage::last_backup(system.db.path());
            return at ? static_cast<double>(at->ms) / 1000 : 0.0;
          });
  m.gauge("tuition_backup_last_verified_timestamp_seconds",
          "When a backup was last read back and found whole; 0 while none was.", {}, [&system] {
            const auto at = storage::last_verified_backup(system.db.path());
            return at ? static_cast<double>(at->ms) / 1000 : 0.0;
          });
  m.gauge("process_resident_memory_bytes", "Memory in use.", {}, resident_bytes);
  m.gauge("process_cpu_seconds_total", "Processor time used.", {}, cpu_seconds);
  m.gauge("tuition_build_info", "Always 1; the version is a label.",
          {{"version", std::string(version)}, {"commit", std::string(commit)}}, [] { return 1.0; });
}

}  // namespace tuition::app
