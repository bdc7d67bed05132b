#include "cli/reload.h"

#include <algorithm>

#include "platform/base/text.h"
#include "platform/log/log.h"

namespace tuition::cli {
namespace {

void refuse(const std::string& why) { log::error("config.not_reloaded", {{"why", why}}); }

}  // namespace

void reload(CommandLine& line, config::Loaded& loaded, Server& server) {
  School fresh;
  const auto read = line.try_load(config::Mode::prod, fresh.table);
  if (!read) {
    std::vector<std::string> why;
    for (const auto& problem : read.error().fields) why.push_back(problem.field + ": " + problem.reason);
    return refuse(join(why, "; "));
  }
  fresh.options.mode = config::Mode::prod;
  if (const auto complaints = app::cross_check(fresh.options); !complaints.empty())
    return refuse(join(complaints, " "));

  const auto changes = config::changes(loaded, read.value());
  const auto needs_restart = join(changes.fixed, ", ");
  if (changes.reloadable.empty()) {
    log::info("config.unchanged", {{"needs_restart", needs_restart}});
    return;
  }
  const auto is_mail = [](const std::string& name) { return name.starts_with("mail."); };
  if (std::any_of(changes.reloadable.begin(), changes.reloadable.end(), is_mail)) {
    // Its other settings are still those of the start.
    auto mail = server.school.options.outreach;
    mail.smtp_url = fresh.options.outreach.smtp_url;
    mail.from = fresh.options.outreach.from;
    mail.reply_to = fresh.options.outreach.reply_to;
    if (const auto used = server.outside->use_mail(mail); !used) return refuse("mail.smtp_url: " + used.error().safe);
  }
  server.app->reload(fresh.options);
  for (auto& value : loaded.values)
    if (value.option->reloadable) value.text = read->find(value.option->name)->text;
  // Told where it can be seen: before fewer lines are written, or after more are.
  const bool visible = log::enabled(log::Level::info);
  if (!visible) configure_log(fresh.options);
  log::info("config.reloaded", {{"changed", join(changes.reloadable, ", ")}, {"needs_restart", needs_restart}});
  if (visible) configure_log(fresh.options);
}

}  // namespace tuition::cli
