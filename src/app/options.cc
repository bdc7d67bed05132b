#include "app/options.h"

#include "platform/base/text.h"
#include "platform/config/forms.h"
#include "platform/http/front/head.h"
#include "platform/http/network.h"

namespace tuition::app {
namespace {

bool is_network(std::string_view text) {
  std::vector<std::string> problems;
  static_cast<void>(http::Networks::parse({std::string(text)}, &problems));
  return problems.empty();
}

bool is_port(std::string_view text, std::int64_t min) {
  const auto port = parse_integer(text);
  return port && *port >= min && *port <= 65535;
}

// What a socket can be bound to; as http.host, an address of six parts stands without brackets.
bool is_listening_host(std::string_view text) {
  return text == "*" || text == "localhost" || http::Address::parse(text).has_value();
}

bool is_listening_address(std::string_view text) {
  if (text == "LISTEN_FDS") return true;
  if (text.starts_with("unix:")) return text.size() > 5;
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || !is_port(text.substr(colon + 1), 0)) return false;
  return colon == 0 || is_listening_host(text.substr(0, colon));
}

bool is_host_name(std::string_view text) {
  if (text == "*" || http::Address::parse(text)) return true;
  return http::is_authority(text) && text.find_first_of(":[") == std::string_view::npos;
}

bool is_host_and_port(std::string_view text) {
  const auto colon = text.rfind(':');
  return http::is_authority(text) && colon != std::string_view::npos && is_port(text.substr(colon + 1), 1);
}

bool is_origin(std::string_view text) {
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos) return false;
  const auto name = text.substr(0, scheme);
  return (name == "http" || name == "https") && http::is_authority(text.substr(scheme + 3));
}

constexpr const char* must_be_networks = "must be networks such as 10.0.0.0/8 or 2001:db8::/32";

std::function<std::string(const std::string&)> into_host(std::string& target) {
  return [&target](const std::string& text) -> std::string {
    if (!is_listening_host(text) || text.starts_with('['))
      return "must be an IP address, localhost, or * for all addresses";
    target = text;
    return {};
  };
}

// So many in so long: "5/60s".
std::function<std::string(const std::string&)> into_limit(http::Limit& target) {
  return [&target](const std::string& text) -> std::string {
    const auto slash = text.find('/');
    std::int64_t count = 0;
    std::int64_t window_s = 0;
    if (slash == std::string::npos || !config::into(count, 1, 1'000'000)(text.substr(0, slash)).empty() ||
        !config::into_seconds(window_s, 1, 86'400)(text.substr(slash + 1)).empty())
      return "must be calls in a time, such as 5/60s or 100/15m: 1 to 1000000 calls, in a second to a day";
    target = {count, seconds(window_s)};
    return {};
  };
}

config::Option limit_row(std::string_view name, std::string_view sentence, std::string_view prod, std::string_view dev,
                         http::Limit& target) {
  return {.name = name,
          .sort = config::Sort::text,
          .fallback = prod,
          .sentence = sentence,
          .set = into_limit(target),
          .dev_fallback = dev,
          .reloadable = true};
}

config::Options own_table(Options& o) {
  using config::into;
  using config::into_bytes;
  using config::into_each;
  using config::into_seconds;
  using config::Sort;
  return {
      {.name = "data",
       .sort = Sort::path,
       .fallback = "/var/lib/tuition",
       .sentence = "The folder that holds everything: database, key file, backups.",
       .set = [&o](const std::string& text) -> std::string {
         if (trim(text).empty()) return "must be the path of a folder";
         o.data = text;
         return {};
       },
       .env_alias = "STATE_DIRECTORY",
       .dev_fallback = "./data"},
      {.name = "storage.network_folder",
       .sort = Sort::boolean,
       .fallback = "false",
       .sentence = "Accept a data folder on a network file system, whose locks cannot be trusted.",
       .set = into(o.network_folder)},
      {.name = "http.host",
       .sort = Sort::text,
       .fallback = "127.0.0.1",
       .sentence = "The address to listen on; 0.0.0.0 for all.",
       .set = into_host(o.host),
       .flag = "--host"},
      {.name = "http.port",
       .sort = Sort::integer,
       .fallback = "8080",
       .sentence = "The port to listen on; 0 for any free one.",
       .set = into(o.port, 0, 65535),
       .flag = "--port",
       .env_alias = "PORT"},
      {.name = "http.listen",
       .sort = Sort::list,
       .fallback = "",
       .sentence = "More addresses to listen on: host:port or unix:/path.",
       .set = into_each(o.listen, is_listening_address,
                        "must be host:port, with an IP address as the host, or unix:/path")},
      {.name = "http.hosts",
       .sort = Sort::list,
       .fallback = "",
       .sentence = "The host names this site answers to, without port; others get 421. Empty: the host of "
                   "site.base_url, once that is set (in dev none before). *: any. Addresses and localhost are always "
                   "answered, for "
                   "probes.",
       .set = into_each(o.hosts, is_host_name, "must be host names such as school.example.org, without port")},
      {.name = "http.trusted_proxies",
       .sort = Sort::list,
       .fallback = "",
       .sentence = "Networks (CIDR) of reverse proxies whose X-Forwarded headers are believed.",
       .set = into_each(o.trusted_proxies, is_network, must_be_networks)},
      {.name = "http.cors",
       .sort = Sort::boolean,
       .fallback = "false",
       .sentence = "Let pages of the sites in http.cors_origins call the API.",
       .set = into(o.cors),
       .env_alias = "ENABLE_CORS",
       .dev_fallback = "true"},
      {.name = "http.cors_origins",
       .sort = Sort::list,
       .fallback = "",
       .sentence = "Other sites whose pages may call the API: https://app.example.org.",
       .set = into_each(o.cors_origins, is_origin, "must be origins such as https://app.example.org, without a path"),
       .dev_fallback = "http://localhost:5173,http://127.0.0.1:5173"},
      {.name = "http.hsts_subdomains",
       .sort = Sort::boolean,
       .fallback = "true",
       .sentence = "Let browsers that are told to keep to HTTPS do so for all names below the site's as well.",
       .set = into(o.hsts_subdomains)},
      {.name = "http.allow_http",
       .sort = Sort::boolean,
       .fallback = "false",
       .sentence =
           "Serve people at a site.base_url that begins with http:// and is not this machine. Passwords travel in "
           "the open: only for a network to which nobody else can listen.",
       .set = into(o.allow_http)},
      {.name = "http.rate_limits",
       .sort = Sort::boolean,
       .fallback = "true",
       .sentence = "Count calls per address and per person, and refuse what is too much.",
       .set = into(o.limits),
       .env_alias = "RATE_LIMIT_ENABLED",
       .reloadable = true},
      limit_row("http.limit_address",
                "Calls that one address may make in all, and in how long: a school may share one.", "1000/60s",
                "20000/60s", o.limit_address),
      limit_row("http.limit_auth", "Calls about signing in that one address may make, and in how long.", "5/60s",
                "100/60s", o.limit_auth),
      limit_row("http.limit_api",
                "Other calls that one person may make, and in how long; strangers are counted by address.", "100/60s",
                "2000/60s", o.limit_api),
      limit_row("http.limit_admin", "Calls that one administrator may make, and in how long.", "200/60s", "4000/60s",
                o.limit_admin),
      limit_row("http.limit_forms",
                "Calls that begin something, such as a checkout, that one address may make, and in how long.",
                "100/900s", "2000/900s", o.limit_forms),
      {.name = "http.admin_networks",
       .sort = Sort::list,
       .fallback = "",
       .sentence = "Networks (CIDR) from which administrators may work; empty for anywhere.",
       .set = into_each(o.admin_networks, is_network, must_be_networks)},
      {.name = "http.metrics_networks",
       .sort = Sort::list,
       .fallback = "127.0.0.0/8,::1/128",
       .sentence = "Networks (CIDR) that may read /metrics without a key.",
       .set = into_each(o.metrics_networks, is_network, must_be_networks)},
      {.name = "http.threads",
       .sort = Sort::integer,
       .fallback = "0",
       .sentence = "Threads that serve requests; 0 for as many as the machine has cores.",
       .set = into(o.threads, 0, 64)},
      {.name = "http.connections_max",
       .sort = Sort::integer,
       .fallback = "20000",
       .sentence = "Connections kept at most; the longest idle ones give way.",
       .set = into(o.connections_max, 16, 1'000'000)},
      {.name = "http.head_time",
       .sort = Sort::duration_s,
       .fallback = "10s",
       .sentence = "How long a request's head may take to arrive.",
       .set = into_seconds(o.head_time_s, 1, 3600)},
      {.name = "http.body_time",
       .sort = Sort::duration_s,
       .fallback = "30s",
       .sentence = "How long a request's body may take to arrive; of an upload, each piece of it.",
       .set = into_seconds(o.body_time_s, 1, 3600)},
      {.name = "http.write_time",
       .sort = Sort::duration_s,
       .fallback = "30s",
       .sentence = "How long a client may take to read an answer, and a second more for each 16 KiB of it.",
       .set = into_seconds(o.write_time_s, 1, 3600)},
      {.name = "http.idle_time",
       .sort = Sort::duration_s,
       .fallback = "75s",
       .sentence = "How long a connection may wait for its next request.",
       .set = into_seconds(o.idle_time_s, 1, 3600)},
      {.name = "http.slow_memory",
       .sort = Sort::bytes,
       .fallback = "64MiB",
       .sentence = "Memory that slow clients may hold together: requests half arrived, answers unread. Above it the "
                   "slowest are cut.",
       .set = into_bytes(o.slow_memory, 1 << 20, std::int64_t{1} << 40)},
      {.name = "http.drain_s",
       .sort = Sort::integer,
       .fallback = "10",
       .sentence = "Seconds that running requests get to finish when the server stops.",
       .set = into(o.drain_s, 0, 300)},
      {.name = "http.api_docs",
       .sort = Sort::boolean,
       .fallback = "true",
       .sentence =
           "Serve the API's document at /api/openapi.json, and its pages for people at /docs/api and /docs/errors.",
       .set = into(o.api_docs),
       .env_alias = "ENABLE_SWAGGER"},
      {.name = "log.level",
       .sort = Sort::choice,
       .fallback = "info",
       .sentence = "The least severe lines to write: debug, info, warn or error.",
       .set = into(o.log_level),
       .env_alias = "LOG_LEVEL",
       .choices = {"debug", "info", "warn", "error"},
       .reloadable = true},
      {.name = "log.format",
       .sort = Sort::choice,
       .fallback = "auto",
       .sentence = "How lines look: json, person, or auto (for a person on a terminal).",
       .set = into(o.log_format),
       .choices = {"auto", "json", "person"},
       .reloadable = true},
      {.name = "jobs.workers",
       .sort = Sort::integer,
       .fallback = "4",
       .sentence = "Jobs run at the same time.",
       .set = into(o.workers, 1, 64)},
      {.name = "outbound.private_peers",
       .sort = Sort::list,
       .fallback = "",
       .sentence = "host:port of servers inside private networks that may be called all the same.",
       .set = into_each(o.private_peers, is_host_and_port, "must be host:port, such as llm.internal:8080")},
  };
}

}  // namespace

config::Options option_table(Options& options) {
  auto all = own_table(options);
  for (auto&& row : outreach::option_table(options.outreach)) all.push_back(std::move(row));
  for (auto&& row : accounts::option_table(options.accounts)) all.push_back(std::move(row));
  for (auto&& row : catalogue::option_table(options.media)) all.push_back(std::move(row));
  for (auto&& row : billing::option_table(options.billing)) all.push_back(std::move(row));
  for (auto&& row : assistant::option_table(options.assistant)) all.push_back(std::move(row));
  return all;
}

bool is_local(const std::string& base_url) {
  const auto host = to_lower_ascii(outreach::host_of(base_url));
  const auto address = http::Address::parse(host);
  return host == "localhost" || host.ends_with(".localhost") || (address && address->is_loopback());
}

std::vector<std::string> cross_check(const Options& options) {
  std::vector<std::string> complaints;
  const bool live = options.billing.stripe_key.find("_live_") != std::string::npos;
  if (!options.billing.stripe_key.empty() && trim(options.billing.stripe_webhook_secrets).empty())
    complaints.push_back(
        "stripe.webhook_secret is needed beside stripe.secret_key: without it no payment can be believed.");
  if (options.cors && options.cors_origins.empty())
    complaints.push_back(
        "http.cors_origins is needed beside http.cors (ENABLE_CORS): it names the sites whose pages may call.");
  const bool paystack_live = options.billing.paystack_keys.find("_live_") != std::string::npos;
  if (!options.billing.stripe_key.empty() && !options.billing.paystack_keys.empty() && live != paystack_live)
    complaints.push_back("stripe.secret_key and paystack.secret_key are of different modes: both test, or both live.");
  if (options.mode == config::Mode::dev && paystack_live)
    complaints.push_back("paystack.secret_key is a live key: dev takes no real money. Use a test key or none.");
  if (paystack_live && !options.outreach.base_url.starts_with("https://"))
    complaints.push_back("site.base_url must begin with https:// when a live Paystack key is set.");
  const bool https = options.outreach.base_url.starts_with("https://");
  if (live && !https) complaints.push_back("site.base_url must begin with https:// when a live Stripe key is set.");
  const bool told = !https && (live || paystack_live);
  if (options.mode == config::Mode::prod && !https && !told && !options.allow_http &&
      !is_local(options.outreach.base_url))
    complaints.push_back(
        "site.base_url must begin with https://, or passwords travel in the open: put a proxy with a certificate in "
        "front, and name the https:// address. Where nobody else can listen to the network, http.allow_http lets "
        "people in without.");
  if (options.mode == config::Mode::dev && live)
    complaints.push_back("stripe.secret_key is a live key: dev takes no real money. Use a test key or none.");
  return complaints;
}

}  // namespace tuition::app
