#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <optional>

#include "app/embedded.h"
#include "app/real_outside.h"
#include "app/version.h"
#include "cli/probe.h"
#include "cli/school.h"
#include "cli/verbs.h"
#include "platform/base/json.h"
#include "platform/base/text.h"
#include "platform/base/zones.h"
#include "platform/outbound/mime.h"
#include "platform/storage/backup.h"
#include "platform/storage/data_folder.h"
#include "platform/storage/engine.h"
#include "platform/storage/migrate.h"

namespace tuition::cli {
namespace {

enum class Status { ok, skipped, warning, problem };

std::string_view word_for(Status status) {
  switch (status) {
    case Status::ok: return "ok";
    case Status::skipped: return "skipped";
    case Status::warning: return "warning";
    case Status::problem: return "problem";
  }
  return {};
}

// What one check found, and what to do about it.
struct Finding {
  std::string check;
  Status status = Status::ok;
  std::string says{};
  std::string remedy{};
};

class Examination {
 public:
  explicit Examination(School& school) : school_(school) {}

  void found(std::string check, Status status, std::string says, std::string remedy = {}) {
    findings_.push_back({std::move(check), status, std::move(says), std::move(remedy)});
  }
  const std::vector<Finding>& findings() const { return findings_; }

  void configuration(const Result<config::Loaded>& loaded);
  void folder();
  void disk();
  void clock();
  void zones();
  void database();
  void site();
  void mail();
  void payments();
  void server();
  void online();

 private:
  bool has_database() const {
    std::error_code unreadable;
    return std::filesystem::exists(school_.database_file(), unreadable);
  }

  School& school_;
  std::vector<Finding> findings_;
};

void Examination::configuration(const Result<config::Loaded>& loaded) {
  if (!loaded) {
    for (const auto& each : loaded.error().fields)
      found("config", Status::problem, each.field + ": " + each.reason,
            "`tuition config show` says where values come from");
    return;
  }
  const auto complaints = app::cross_check(school_.options);
  for (const auto& each : complaints) found("config", Status::problem, each, "change the settings it names");
  if (complaints.empty()) found("config", Status::ok, "every setting is understood");
}

void Examination::folder() {
  const auto path = school_.folder();
  struct stat there {};
  if (::stat(path.c_str(), &there) != 0) {
    found("data.folder", Status::problem, path.string() + " is not there",
          "make it (mkdir -m 700), or name another with --data");
    return;
  }
  if (!S_ISDIR(there.st_mode)) {
    found("data.folder", Status::problem, path.string() + " is not a folder", "name a folder with --data");
    return;
  }
  if ((there.st_mode & 077) != 0) {
    found("data.permissions", Status::warning, path.string() + " can be entered by other users of this machine",
          "chmod 700 " + path.string());
  } else {
    found("data.permissions", Status::ok, path.string() + " is closed to others");
  }
  struct stat key {};
  const auto key_file = school_.key_file();
  if (::stat(key_file.c_str(), &key) != 0) {
    if (has_database())
      found("data.key", Status::warning,
            key_file.string() + " is missing: what is sealed in the database cannot be read",
            "put it back from a copy; without one, everybody signs in again and secrets are entered anew");
  } else if ((key.st_mode & 077) != 0) {
    found("data.key", Status::problem, key_file.string() + " can be read by others", "chmod 600 " + key_file.string());
  } else {
    found("data.key", Status::ok, "the key file is closed to others");
  }
}

void Examination::disk() {
  struct statvfs where {};
  const auto path = school_.folder();
  if (::statvfs(path.c_str(), &where) != 0) return;
  const std::uint64_t free_mib = static_cast<std::uint64_t>(where.f_bavail) * where.f_frsize / (1024 * 1024);
  std::error_code unreadable;
  const std::uint64_t size = has_database() ? std::filesystem::file_size(school_.database_file(), unreadable) : 0;
  const std::uint64_t needed_mib = std::max<std::uint64_t>(256, 2 * size / (1024 * 1024));
  const std::string says = std::to_string(free_mib) + " MiB are free where " + path.string() + " is";
  if (free_mib < 64) {
    found("disk.space", Status::problem, says, "free some: soon nothing can be saved");
  } else if (free_mib < needed_mib) {
    found("disk.space", Status::warning, says,
          "keep " + std::to_string(needed_mib) + " MiB free: a backup before an upgrade needs a copy of the database");
  } else {
    found("disk.space", Status::ok, says);
  }
}

void Examination::clock() {
  const Instant now = SystemClock().now();
  const auto built = parse_day(app::build_date);
  if (built && day_of(now) < *built) {
    found("clock", Status::problem, "this machine's clock says " + to_text(now) + ", before this program was made",
          "set the clock (timedatectl set-ntp true): certificates and subscriptions depend on it");
  } else {
    found("clock", Status::ok, "the clock says " + to_text(now));
  }
}

void Examination::zones() {
  const Zones zones(app::embedded_zones().front().bytes);
  found("zones", Status::ok,
        "time zones are those of " + zones.release() +
            (zones.from_host() ? std::string(", from ") + Zones::host_folder : std::string(", built in")));
}

void Examination::database() {
  found("sqlite.version", Status::ok, "SQLite " + storage::engine_version());
  const auto file = school_.database_file();
  if (!has_database()) {
    found("database", Status::skipped, file.string() + " is not there yet", "`tuition serve` makes it");
    return;
  }
  if (in_use(school_)) {
    found("database", Status::skipped, "a server has the database open; its integrity was not checked",
          "stop the server and ask again, or check a copy: tuition backup --verify");
    return;
  }
  try {
    const auto db = open_database(school_, storage::Missing::refuse);
    const std::int64_t version = storage::schema_version(*db);
    const std::int64_t newest = storage::newest_version(app::embedded_schema());
    if (version > newest) {
      found("database.schema", Status::problem, file.string() + " was written by a newer tuition",
            "install that version again, or restore the backup it made before it migrated");
    } else if (version < newest) {
      found("database.schema", Status::warning,
            "schema " + std::to_string(version) + " of " + std::to_string(newest) + ": an upgrade is waiting",
            "`tuition serve` migrates at its start, after a backup; `tuition migrate --dry-run` lists the steps");
    } else {
      found("database.schema", Status::ok, "schema " + std::to_string(version));
    }
    const auto problems = db->integrity_problems();
    for (const auto& each : problems)
      found("database.integrity", Status::problem, file.string() + ": " + each,
            "restore the last good backup with `tuition restore`; keep a copy of the damaged file");
    if (problems.empty()) found("database.integrity", Status::ok, "every page and every reference is whole");
  } catch (const std::exception& broken) {
    found("database.integrity", Status::problem, broken.what(), "restore the last good backup with `tuition restore`");
  }
}

void Examination::site() {
  const auto& url = school_.options.outreach.base_url;
  if (app::is_local(url)) {
    found("site.base_url", Status::warning, "site.base_url is " + url + ": links in mail lead nowhere for others",
          "set TUITION_SITE_BASE_URL to the address people type");
  } else if (!url.starts_with("https://")) {
    found("site.base_url", Status::warning, "site.base_url is " + url + ": passwords would travel in the open",
          "put a proxy with a certificate in front and set the https:// address");
  } else {
    found("site.base_url", Status::ok, "people reach the school at " + url);
    // The certificate is a proxy's, and without its word everybody comes from its address.
    if (school_.options.trusted_proxies.empty())
      found("http.trusted_proxies", Status::warning,
            "no proxy is named: everybody behind it counts as one address, for limits and in the trail",
            "set TUITION_HTTP_TRUSTED_PROXIES to the proxy's address, such as 127.0.0.1/32");
  }
}

void Examination::mail() {
  if (school_.options.outreach.smtp_url.empty()) {
    found("mail", Status::warning, "no mail server is set: mail waits in the queue, and nobody can confirm an address",
          "set TUITION_MAIL_SMTP_URL to smtps://user:password@host:465");
  } else if (const auto sender = school_.options.outreach.sender(); !outbound::parse_mailbox(sender)) {
    found("mail.from", Status::warning,
          "mail.from is not set, and " + sender + " is no address: mail waits in the queue",
          "set TUITION_MAIL_FROM to an address of the school, such as office@school.example");
  } else {
    found("mail", Status::ok, "mail is sent as " + school_.options.outreach.sender());
  }
}

void Examination::payments() {
  const auto& billing = school_.options.billing;
  if (billing.stripe_key.empty() && billing.paystack_keys.empty() && billing.manual_instructions.empty()) {
    found("payments", Status::warning, "no way to pay is set: plans can be shown, but not bought",
          "set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET, or PAYSTACK_SECRET_KEY, or manual.instructions");
    return;
  }
  const auto tell_mode = [&](std::string check, std::string_view key) {
    const bool live = key.find("_live_") != std::string_view::npos;
    found(std::move(check), Status::ok,
          live ? "the key is for real money" : "the key is for tests: no real money moves");
  };
  if (!billing.stripe_key.empty()) tell_mode("stripe.key", billing.stripe_key);
  if (!billing.paystack_keys.empty()) tell_mode("paystack.key", billing.paystack_keys);
  if (!billing.manual_instructions.empty()) found("manual", Status::ok, "people may pay by hand");
  for (const auto each : split(billing.stripe_webhook_secrets, ',')) {
    if (trim(each).empty() || trim(each).starts_with("whsec_")) continue;
    found("stripe.webhook_secret", Status::problem, "a webhook secret does not begin with whsec_",
          "copy the signing secret of the endpoint from Stripe's dashboard");
  }
}

void Examination::server() {
  const auto listener = reachable(school_.options.host, school_.options.port);
  const auto status = probe(listener, "/readyz", seconds(3));
  if (!status) {
    found("server", Status::skipped, "no server answers at " + listener);
  } else if (*status == 200) {
    found("server", Status::ok, "a server answers at " + listener + " and is ready");
  } else {
    found("server", Status::problem,
          "a server answers at " + listener + ", but /readyz says " + std::to_string(*status), "look at its log");
  }
}

// The only checks that leave this machine.
void Examination::online() {
  metrics::Registry registry;
  const SystemClock clock;
  auto outside = app::RealOutside::open(school_.options, clock, registry);
  if (!outside) {
    found("outbound", Status::problem, outside.error().safe, "change the setting it names");
    return;
  }
  // What the provider answers; nothing where nobody was asked, or nobody was there.
  const auto reach = [&](const std::string& provider, bool in_use, const std::string& base,
                         outbound::HttpRequest request) -> std::optional<outbound::HttpReply> {
    const auto check = provider + ".reachable";
    if (!in_use) {
      found(check, Status::skipped, "no key of " + provider + " is set");
      return std::nullopt;
    }
    request.provider = provider;
    request.deadline = seconds(10);
    auto reply = (*outside)->http().send(request);
    if (!reply) {
      found(check, Status::problem, base + ": " + reply.error().safe + " " + reply.error().detail,
            "check name resolution, the firewall for outgoing 443 and the machine's certificates");
      return std::nullopt;
    }
    found(check, Status::ok, base + " answers with status " + std::to_string(reply->status));
    return std::move(reply).value();
  };
  const auto& billing = school_.options.billing;
  reach("stripe", !billing.stripe_key.empty(), billing.stripe.base_url, {.url = billing.stripe.base_url + "/"});
  reach("paystack", !billing.paystack_keys.empty(), billing.paystack.base_url,
        {.url = billing.paystack.base_url + "/"});
  // A list of models is all a key can be shown with that costs nothing.
  const auto& model = school_.options.assistant;
  const auto models =
      reach("openai", !model.key.empty(), model.base_url,
            {.url = model.base_url + "/models", .headers = {{"Authorization", "Bearer " + model.key.reveal()}}});
  if (!models) return;
  if (models->status == 401 || models->status == 403) {
    found("openai.key", Status::problem, model.base_url + " refuses the key",
          "make a new one with the provider, and set OPENAI_API_KEY to it");
  } else if (models->status != 200) {
    found("openai.key", Status::warning,
          model.base_url + "/models answers with status " + std::to_string(models->status) + ": the key was not tried",
          "set openai.base_url to the address that ends in /v1; when it does, ask again later");
  } else {
    found("openai.key", Status::ok, "the language model's provider takes the key");
  }
}

void print(const std::vector<Finding>& findings) {
  for (const auto& each : findings) {
    std::cout << (each.status == Status::ok        ? "  ok       "
                  : each.status == Status::skipped ? "  skipped  "
                  : each.status == Status::warning ? "! warning  "
                                                   : "X problem  ")
              << each.check << ": " << each.says << '\n';
    if (!each.remedy.empty()) std::cout << "             -> " << each.remedy << '\n';
  }
}

}  // namespace

int doctor(const Invocation& call) {
  School school;
  CommandLine line(call);
  bool online = false;
  bool json = false;
  line.flag("online", online, "Also call the providers");
  line.flag("json", json, "As JSON");
  line.settings(school.table);
  if (const auto code = line.parse()) return *code;

  Examination examination(school);
  const auto loaded = line.try_load(config::Mode::prod);
  examination.configuration(loaded);
  examination.clock();
  examination.zones();
  examination.folder();
  examination.disk();
  examination.database();
  if (loaded) {
    examination.server();
    examination.site();
    examination.mail();
    examination.payments();
    if (online) examination.online();
  }

  const auto& findings = examination.findings();
  const auto count = [&](Status status) {
    return std::count_if(findings.begin(), findings.end(), [&](const Finding& each) { return each.status == status; });
  };
  if (json) {
    Json rows = Json::array();
    for (const auto& each : findings)
      rows.push_back(
          {{"check", each.check}, {"status", word_for(each.status)}, {"says", each.says}, {"remedy", each.remedy}});
    std::cout
        << Json{{"findings", rows}, {"problems", count(Status::problem)}, {"warnings", count(Status::warning)}}.dump(2)
        << '\n';
  } else {
    print(findings);
    std::cout << count(Status::problem) << " problems, " << count(Status::warning) << " warnings\n";
  }
  if (!loaded) return exit_code::configuration;
  return count(Status::problem) == 0 ? exit_code::done : exit_code::failed;
}

}  // namespace tuition::cli
