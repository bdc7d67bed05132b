#include "accounts/setup.h"

#include <iostream>

#include "cli/reload.h"
#include "cli/server.h"
#include "cli/verbs.h"

namespace tuition::cli {
namespace {

// The address people will use, or, while nobody has set one, where this process listens.
std::string reachable_at(const Server& server) {
  const auto& base_url = server.school.options.outreach.base_url;
  return base_url == "http://localhost:8080" ? server.app->url() : base_url;
}

}  // namespace

int serve(const Invocation& call) {
  School school;
  CommandLine line(call);
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;
  auto loaded = line.load(config::Mode::prod);
  if (!loaded) return exit_code::configuration;
  school.options.mode = config::Mode::prod;

  app::Signals signals;
  const SystemClock clock;
  Server server{school, clock};
  if (const int code = prepare(call, server); code != exit_code::done) return code;
  const auto print_link = [&server](const Secret& token) {
    std::cout << "The school has no owner yet. Make the owner's account within 30 minutes at\n  "
              << reachable_at(server) << "/setup?token=" << token.reveal() << '\n'
              << std::flush;
  };
  server.app->accounts.announce_setup = print_link;
  const auto started = [&] {
    for (const auto& address : server.app->addresses()) std::cout << "tuition listens on " << address << '\n';
    std::cout << std::flush;
    const bool needed = server.db->read([](ReadTx& tx) { return accounts::setup_needed(tx); });
    if (needed) print_link(accounts::offer_setup(server.app->accounts));
  };
  return serve_until_stopped(call, server, signals, started, [&] { reload(line, *loaded, server); });
}

}  // namespace tuition::cli
