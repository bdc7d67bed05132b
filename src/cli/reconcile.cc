#include <iostream>

#include "billing/inbox/inbox.h"
#include "cli/closed_school.h"
#include "cli/verbs.h"

namespace tuition::cli {

int reconcile(const Invocation& call) {
  School school;
  CommandLine line(call);
  std::string provider;
  std::string since;
  line.option("provider", provider, "Only this payment provider's books");
  line.option("since", since, "From this day or moment on (2026-11-01); the last two days otherwise");
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  if (!line.load(config::Mode::prod)) return exit_code::configuration;

  billing::ReconcileForm form;
  if (!provider.empty()) form.provider = provider;
  if (!since.empty()) {
    form.since = parse_instant(since.find('T') == std::string::npos ? since + "T00:00:00Z" : since);
    if (!form.since) {
      complain(call, "--since must be a day such as 2026-11-01, or a moment such as 2026-11-01T12:00:00Z");
      return exit_code::failed;
    }
  }
  const auto closed = ClosedSchool::open(school, storage::Missing::refuse);
  if (!closed) {
    complain(call, closed.error());
    return exit_code::failed;
  }
  auto& app = (*closed)->app();
  if (app.gateways.all.empty()) {
    complain(call, "no payment provider is set up");
    return exit_code::failed;
  }
  const auto run = billing::reconcile_now(app.billing, system_caller(), form);
  if (!run) {
    complain(call, run.error());
    return exit_code::failed;
  }
  // What follows from events that had never come.
  app.run_jobs();
  for (const auto& each : run->differences)
    std::cout << (each.fixed ? "repaired  " : "OPEN      ") << each.provider << "  " << each.subject << ": "
              << each.found << '\n';
  std::cout << run->run.checked << " compared, " << run->run.fixed << " repaired, " << run->run.open
            << " need somebody's eye.\n";
  if (run->run.error) {
    complain(call, "not everything could be compared: " + *run->run.error);
    return exit_code::failed;
  }
  return run->run.open > 0 ? exit_code::failed : exit_code::done;
}

}  // namespace tuition::cli
