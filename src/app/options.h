#pragma once

#include <string>
#include <vector>

#include "accounts/options.h"
#include "assistant/options.h"
#include "billing/options.h"
#include "catalogue/options.h"
#include "outreach/options.h"
#include "platform/config/load.h"
#include "platform/http/limits.h"

namespace tuition::app {

// Everything an operator may set, each component's part in its own struct. A component is handed only its own.
struct Options {
  config::Mode mode = config::Mode::prod;

  std::string data{};  // one folder holds everything
  bool network_folder = false;
  std::string host{};
  std::int64_t port = 0;
  std::vector<std::string> listen{};  // more addresses: host:port or unix:/path

  std::string log_level{};
  std::string log_format{};

  bool limits = true;
  http::Limit limit_address{}, limit_auth{}, limit_api{}, limit_admin{}, limit_forms{};
  bool cors = false;
  std::vector<std::string> cors_origins{};
  bool hsts_subdomains = true;
  bool allow_http = false;  // serve people at an http:// address that is not this machine's
  std::vector<std::string> trusted_proxies{};
  std::vector<std::string> hosts{};
  std::vector<std::string> admin_networks{};
  std::vector<std::string> metrics_networks{};
  std::int64_t threads = 0;
  std::int64_t connections_max = 0;
  std::int64_t head_time_s = 0, body_time_s = 0, write_time_s = 0, idle_time_s = 0;
  std::int64_t slow_memory = 0;
  std::int64_t drain_s = 0;
  bool api_docs = false;

  std::int64_t workers = 0;
  std::vector<std::string> private_peers{};  // host:port of providers inside this network

  accounts::AccountsOptions accounts{};
  outreach::OutreachOptions outreach{};
  catalogue::MediaOptions media{};
  billing::BillingOptions billing{};
  assistant::AssistantOptions assistant{};
};

// All tables joined, in the order of the documentation. The rows store into `options`, which must outlive them.
config::Options option_table(Options& options);

// Whether the address that people type leads to this machine and nowhere else.
bool is_local(const std::string& base_url);

// What only several options together can say; one sentence per complaint.
std::vector<std::string> cross_check(const Options& options);

}  // namespace tuition::app
