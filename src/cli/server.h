#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/app.h"
#include "app/real_outside.h"
#include "app/signals.h"
#include "cli/school.h"
#include "platform/base/time.h"

namespace tuition::cli {

// A server being put together for one data folder: what serve and dev share.
struct Server {
  School& school;
  const Clock& clock;
  metrics::Registry metrics{};
  std::unique_ptr<Database> db{};
  std::unique_ptr<app::RealOutside> outside{};
  std::unique_ptr<app::App> app{};
};

// Makes the data folder where it is missing, opens the database, migrates it, opens the keys, and builds the app. Says
// what is wrong in one line and returns an exit code other than done. `folder_is_ours` runs once nobody else can have
// the folder; it may still change the settings that name others.
int prepare(
    const Invocation& call, Server& server,
    const std::function<Result<void>()>& folder_is_ours = [] { return Result<void>(); });

// Lines of the log as these options want them; safe while others write some.
void configure_log(const app::Options& options);

// Starts it, calls `started`, and serves until a signal says stop. `reload` reads the settings again when a signal says
// so.
int serve_until_stopped(const Invocation& call, Server& server, app::Signals& signals,
                        const std::function<void()>& started, const std::function<void()>& reload);

}  // namespace tuition::cli
