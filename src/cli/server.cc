#include "cli/server.h"

#include <sys/stat.h>
#include <unistd.h>

#include <iostream>

#include "app/embedded.h"
#include "app/service_notify.h"
#include "platform/log/log.h"
#include "platform/storage/backup.h"
#include "platform/storage/data_folder.h"
#include "platform/storage/migrate.h"

namespace tuition::cli {
namespace {

// A backup that fails is a line in the log, never the end of the server.
void back_up(Server& server) {
  const auto folder = server.school.folder() / "backups";
  try {
    std::filesystem::create_directories(folder);
    const auto made = storage::backup(*server.db, folder / ("school-" + std::to_string(server.clock.now().ms) + ".db"));
    if (made) {
      log::info("backup.made", {{"path", made->path.string()}, {"bytes", made->bytes}});
    } else {
      log::error("backup.failed", {{"why", made.error().detail.empty() ? made.error().safe : made.error().detail}});
    }
  } catch (const std::exception& failed) {
    log::error("backup.failed", {{"why", failed.what()}});
  }
}

}  // namespace

void configure_log(const app::Options& options) {
  log::Settings settings;
  settings.level = options.log_level == "debug"   ? log::Level::debug
                   : options.log_level == "warn"  ? log::Level::warn
                   : options.log_level == "error" ? log::Level::error
                                                  : log::Level::info;
  const bool person = options.log_format == "person" || (options.log_format == "auto" && ::isatty(STDERR_FILENO) == 1);
  settings.form = person ? log::Form::person : log::Form::json;
  log::configure(settings);
}

int prepare(const Invocation& call, Server& server, const std::function<Result<void>()>& folder_is_ours) {
  auto& options = server.school.options;
  configure_log(options);
  const auto complaints = app::cross_check(options);
  for (const auto& complaint : complaints) complain(call, complaint);
  if (!complaints.empty()) return exit_code::configuration;
  try {
    // Elsewhere a folder that is not there is more likely a disk that is not mounted.
    if (options.mode == config::Mode::dev) make_data_folder(server.school.folder());
    storage::OpenOptions open;
    open.path = server.school.database_file();
    open.network_folder = options.network_folder ? storage::NetworkFolder::allow : storage::NetworkFolder::refuse;
    open.metrics = &server.metrics;
    open.on_broken = [](const std::string& why) {
      log::error("storage.broken", {{"why", why}});
      ::_exit(exit_code::failed);
    };
    server.db = storage::open_sqlite(std::move(open));
  } catch (const storage::FolderInUse& refused) {
    complain(call, refused.what());
    return exit_code::temporary;
  } catch (const storage::OpenRefused& refused) {
    complain(call, refused.what());
    return exit_code::failed;
  }
  const auto migrated = storage::migrate(*server.db, app::embedded_schema(), server.clock);
  if (!migrated) {
    const auto file = server.school.database_file().string();
    const auto& why = migrated.error().safe;
    complain(call, why.starts_with(file) ? why : file + ": " + why);
    return exit_code::failed;
  }
  if (const auto ready = folder_is_ours(); !ready) {
    complain(call, ready.error());
    return exit_code::failed;
  }
  billing::settle(options.billing);
  auto outside = app::RealOutside::open(options, server.clock, server.metrics);
  if (!outside) {
    complain(call, outside.error());
    return exit_code::configuration;
  }
  server.outside = std::move(outside).value();
  auto keys = open_keys(server.school, *server.db, server.outside->seams().entropy);
  if (!keys) {
    complain(call, keys.error());
    return exit_code::failed;
  }
  server.app = std::make_unique<app::App>(options, *server.db, keys.value(), server.outside->seams(), server.metrics);
  return exit_code::done;
}

int serve_until_stopped(const Invocation& call, Server& server, app::Signals& signals,
                        const std::function<void()>& started, const std::function<void()>& reload) {
  if (const auto up = server.app->start(); !up) {
    complain(call, up.error());
    return exit_code::failed;
  }
  const auto environment = config::process_environment();
  const auto value = [&](const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string{} : found->second;
  };
  app::ServiceNotify notify(value("NOTIFY_SOCKET"), value("WATCHDOG_USEC"));
  notify.ready(*server.db);
  log::info("server.started", {{"url", server.app->url()}, {"data", server.school.folder().string()}});
  started();
  for (;;) {
    switch (signals.next()) {
      case app::Signal::stop:
        signals.stop_means_now();
        notify.stopping();
        log::info("server.stopping");
        server.app->stop();
        log::info("server.stopped");
        return exit_code::done;
      case app::Signal::backup: back_up(server); break;
      case app::Signal::reload: reload(); break;
      case app::Signal::nothing: log::info("signal.ignored", {{"signal", "SIGUSR2"}}); break;
    }
  }
}

}  // namespace tuition::cli
