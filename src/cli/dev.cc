#include <iostream>

#include "cli/demo_school.h"
#include "cli/server.h"
#include "cli/verbs.h"
#include "platform/log/log.h"
#include "sandbox/sandbox.h"

namespace tuition::cli {
namespace {

// A Stripe test key of the operator's own is used as it is; without one the
// sandbox stands in.
bool plays_stripe(const app::Options& options) { return options.billing.stripe_key.empty(); }

void point_at(app::Options& options, const sandbox::Sandbox& sandbox, const sandbox::SandboxSettings& settings) {
  const bool plays = plays_stripe(options);
  if (plays) {
    options.billing.stripe_key = settings.secret_key.reveal();
    options.billing.stripe_webhook_secrets = settings.webhook_secret.reveal();
    options.billing.stripe.base_url = sandbox.stripe_url();
    options.private_peers.push_back(sandbox.stripe_address());
  }
  if (options.billing.paystack_keys.empty() && plays) {
    options.billing.paystack_keys = settings.paystack_key.reveal();
    options.billing.paystack.base_url = sandbox.stripe_url();
  }
  if (options.billing.manual_instructions.empty() && plays)
    options.billing.manual_instructions =
        "Pay to the school's account 01-234567 at the Sample Bank, or by M-PESA to pay bill 500500, and give the "
        "number "
        "shown here as the reference.";
  if (options.outreach.smtp_url.empty()) {
    options.outreach.smtp_url = Secret(sandbox.smtp_url());
    // At localhost there is no address that mail could come from.
    if (options.outreach.from.empty()) options.outreach.from = "no-reply@tuition.example";
  }
}

sandbox::SandboxSettings sandbox_settings(const School& school) {
  sandbox::SandboxSettings settings{.secret_key = Secret("sk_test_sandbox"),
                                    .webhook_secret = Secret("whsec_sandbox"),
                                    .paystack_key = Secret("sk_test_paystack_sandbox"),
                                    .folder = school.folder() / "sandbox"};
  for (const auto& each : demo_accounts()) settings.accounts.push_back({each.role, each.email, demo_password});
  return settings;
}

void introduce(const std::string& url) {
  std::cout << "\n  tuition dev is ready: " << url << "\n\n"
            << "  What runs here       " << url << "/dev\n"
            << "  Mail that was sent   " << url << "/dev/outbox\n\n";
  for (const auto& each : demo_accounts()) {
    const std::string role = each.role;
    std::cout << "  " << role << std::string(12 - role.size(), ' ') << each.email << '\n';
  }
  std::cout << "  password    " << demo_password << "\n\n  Ctrl-C stops it.\n" << std::endl;
}

}  // namespace

int dev(const Invocation& call) {
  School school;
  CommandLine line(call);
  line.settings(school.table, config::Mode::dev);
  if (const auto code = line.parse()) return *code;
  if (!line.load(config::Mode::dev)) return exit_code::configuration;
  school.options.mode = config::Mode::dev;

  app::Signals signals;
  AdvancingClock clock;
  crypto::SystemEntropy entropy;
  const auto settings = sandbox_settings(school);
  sandbox::Sandbox sandbox(settings, clock, entropy);

  Server server{school, clock};
  const auto start_sandbox = [&]() -> Result<void> {
    TRY(sandbox.start());
    point_at(school.options, sandbox, settings);
    return {};
  };
  if (const int code = prepare(call, server, start_sandbox); code != exit_code::done) return code;
  if (const auto open = open_demo_school(*server.app); !open) {
    complain(call, open.error());
    return exit_code::failed;
  }
  server.app->also_serve(sandbox.dev_routes([&] { return complete_demo_school(*server.app); }));
  const auto started = [&] {
    const auto url = server.app->url();
    sandbox.deliver_webhooks_to(url + "/api/webhooks/stripe");
    sandbox.deliver_payments_to(url + "/api/payment/webhook");
    introduce(url);
  };
  const auto reload = [] { log::info("config.not_reloaded", {{"why", "dev reads its settings once, at its start"}}); };
  const int code = serve_until_stopped(call, server, signals, started, reload);
  sandbox.stop();
  return code;
}

}  // namespace tuition::cli
