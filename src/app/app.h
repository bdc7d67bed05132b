#pragma once

// One school, put together: every object is built once, in level order, handed what it needs by reference, and
// destroyed in reverse. Nothing here decides anything; the verbs do.

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "accounts/accounts.h"
#include "accounts/sessions/authenticate.h"
#include "app/docs.h"
#include "app/options.h"
#include "app/outside.h"
#include "app/system.h"
#include "audit/refusals.h"
#include "billing/billing.h"
#include "billing/manual/gateway.h"
#include "billing/paystack/gateway.h"
#include "billing/stripe/gateway.h"
#include "catalogue/catalogue.h"
#include "entitlements/entitlements.h"
#include "learning/learning.h"
#include "outreach/outreach.h"
#include "platform/base/zones.h"
#include "platform/crypto/password.h"
#include "platform/crypto/seal.h"
#include "platform/crypto/token.h"
#include "platform/http/engine.h"
#include "platform/http/front/front.h"
#include "platform/jobs/runner.h"
#include "platform/metrics/metrics.h"

namespace tuition::app {

class App {
 public:
  // `options` is kept by reference and must not change but by the app. The database is migrated already.
  App(Options& options, Database& db, const crypto::KeyRing& keys, const Outside& outside, metrics::Registry& metrics);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // Routes of others to serve beside our own (the sandbox's pages). Before start().
  void also_serve(http::Routes routes);
  // Listens, then works: jobs and requests. An error says which address could not be had.
  Result<void> start();
  // Takes from `fresh` the settings that may change while requests and jobs run (those the table calls reloadable).
  // After start().
  void reload(const Options& fresh);
  // Stops taking requests, finishes what runs, stops the workers. Once.
  void stop();

  // Does everything that is due on the calling thread, until nothing is: for tests. Not while started.
  void run_jobs() { runner_.run_due(); }

  // Where people reach it, with the port that was taken.
  std::string url() const;
  std::vector<std::string> addresses() const;

  // All routes, job kinds and periodic tasks: also for `describe`.
  http::Routes all_routes();
  jobs::JobKinds all_jobs();
  jobs::Periodics all_periodics();

  Options& options;
  Database& db;
  const Outside& outside;
  metrics::Registry& metrics;

  jobs::Queue queue;
  outreach::Templates templates;
  outreach::Outreach outreach;
  Zones zones;
  crypto::PasswordHasher hasher;
  crypto::TokenSigner signer;
  accounts::Accounts accounts;
  entitlements::Entitlements entitlements;
  catalogue::Catalogue catalogue;
  learning::Learning learning;
  billing::stripe::Gateway stripe;
  billing::paystack::Gateway paystack;
  billing::manual::Gateway by_hand;
  billing::Gateways gateways;
  crypto::Seal cards;
  billing::PlanShelf shelf;
  billing::Forgeries forgeries;
  billing::Arrivals arrivals;
  billing::Billing billing;

 private:
  std::string mode_;
  std::once_flag openapi_written_;
  std::string openapi_;  // written when somebody first asks
  http::Routes extra_;
  accounts::TokenAuthenticator authenticator_;
  audit::Refusals refusals_;
  System system_;
  jobs::Runner runner_;
  std::unique_ptr<Docs> docs_;
  std::unique_ptr<http::Assets> assets_;
  std::unique_ptr<http::Guard> guard_;
  std::unique_ptr<http::Engine> engine_;
  std::unique_ptr<http::Front> front_;
  bool stopped_ = false;
};

}  // namespace tuition::app
