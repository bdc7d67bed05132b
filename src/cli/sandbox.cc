#include "sandbox/sandbox.h"

#include <iostream>

#include "app/signals.h"
#include "cli/command_line.h"
#include "cli/verbs.h"
#include "platform/crypto/system_entropy.h"
#include "platform/log/log.h"

namespace tuition::cli {
namespace {

struct Wanted {
  std::string host = "127.0.0.1";
  std::int64_t port = 12111;
  std::int64_t mail_port = 12125;
  std::string folder{};
  std::string stripe_notices{};
  std::string paystack_notices{};
  std::string stripe_key = "sk_test_sandbox";
  std::string webhook_secret = "whsec_sandbox";
  std::string paystack_key = "sk_test_paystack_sandbox";
};

bool is_web_address(const std::string& text) { return text.starts_with("http://") || text.starts_with("https://"); }

std::vector<std::string> faults_of(const Wanted& wanted) {
  std::vector<std::string> faults;
  // A live key in a command line would be a mistake, and would end up in pages.
  if (!wanted.stripe_key.starts_with("sk_test_")) faults.emplace_back("--stripe-key must begin with sk_test_");
  if (!wanted.webhook_secret.starts_with("whsec_")) faults.emplace_back("--webhook-secret must begin with whsec_");
  if (!wanted.paystack_key.starts_with("sk_test_")) faults.emplace_back("--paystack-key must begin with sk_test_");
  for (const auto* each : {&wanted.stripe_notices, &wanted.paystack_notices})
    if (!each->empty() && !is_web_address(*each))
      faults.push_back("notices go to an address that begins with http:// or https://, not to " + *each);
  return faults;
}

void tell_where_it_is(const sandbox::Sandbox& sandbox) {
  const auto at = sandbox.coordinates();
  std::cout << "\n  tuition sandbox is ready: " << at.stripe_url << "/dev\n\n"
            << "  Stripe      " << at.stripe_url << "   key " << at.stripe_key << "   webhook secret "
            << at.webhook_secret << '\n'
            << "  Paystack    " << at.stripe_url << "   key " << at.paystack_key << '\n'
            << "  Mail        " << at.smtp_url << '\n';
  for (const auto& [whose, where] : {std::pair{"Stripe's", at.stripe_notices}, {"Paystack's", at.paystack_notices}})
    if (!where.empty()) std::cout << "  " << whose << " notices go to " << where << '\n';
  std::cout << "\n  Ctrl-C stops it.\n" << std::endl;
}

}  // namespace

int sandbox(const Invocation& call) {
  Wanted wanted;
  CommandLine line(call);
  line.option("host", wanted.host, "IPv4 address to listen at; whoever reaches it may use everything here");
  line.option("port", wanted.port, 0, 65535, "Port of Stripe, Paystack and the pages; 0: any free one");
  line.option("mail-port", wanted.mail_port, 0, 65535, "Port of the mail server; 0: any free one");
  line.option("data", wanted.folder, "Folder in which everything outlives a restart");
  line.option("webhooks", wanted.stripe_notices, "Where Stripe's notices go; POST /dev/webhooks changes it");
  line.option("paystack-webhooks", wanted.paystack_notices, "Where Paystack's notices go");
  line.option("stripe-key", wanted.stripe_key, "The secret key that Stripe takes: sk_test_...");
  line.option("webhook-secret", wanted.webhook_secret, "What Stripe's notices are signed with: whsec_...");
  line.option("paystack-key", wanted.paystack_key, "The secret key that Paystack takes: sk_test_...");
  if (const auto code = line.parse()) return *code;
  if (wanted.host == "localhost") wanted.host = "127.0.0.1";
  const auto faults = faults_of(wanted);
  for (const auto& fault : faults) complain(call, fault);
  if (!faults.empty()) return exit_code::usage;

  app::Signals signals;
  log::configure({.level = log::Level::warn});
  AdvancingClock clock;
  crypto::SystemEntropy entropy;
  sandbox::Sandbox played({.secret_key = Secret(wanted.stripe_key),
                           .webhook_secret = Secret(wanted.webhook_secret),
                           .paystack_key = Secret(wanted.paystack_key),
                           .listen = wanted.host + ":" + std::to_string(wanted.port),
                           .mail_listen = wanted.host + ":" + std::to_string(wanted.mail_port),
                           .folder = wanted.folder,
                           .alone = true},
                          clock, entropy);
  if (const auto up = played.start(); !up) {
    complain(call, up.error());
    return exit_code::failed;
  }
  played.deliver_webhooks_to(wanted.stripe_notices);
  played.deliver_payments_to(wanted.paystack_notices);
  tell_where_it_is(played);
  while (signals.next() != app::Signal::stop) {}
  signals.stop_means_now();
  played.stop();
  return exit_code::done;
}

}  // namespace tuition::cli
