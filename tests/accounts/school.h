#pragma once

// A school with accounts, outreach and the trail over a database of its own, a clock that stands until it is moved, and
// a mail server that keeps what it is given.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "accounts/accounts.h"
#include "accounts/registration.h"
#include "accounts/sessions/sign_in.h"
#include "app/embedded.h"
#include "audit/audit.h"
#include "platform/base/check.h"
#include "platform/base/text.h"
#include "platform/crypto/system_entropy.h"
#include "platform/jobs/runner.h"
#include "platform/storage/migrate.h"
#include "platform/storage/open.h"
#include "support/standing_clock.h"

namespace tuition::tests {

class KeepingMailer final : public outbound::Mailer {
 public:
  Result<void> send(const outbound::Mail& mail) override {
    if (refuse_with) return *refuse_with;
    mails.push_back(mail);
    return {};
  }
  std::vector<outbound::Mail> mails{};
  std::optional<Error> refuse_with{};
};

struct School {
  StandingClock clock{};
  crypto::SystemEntropy entropy{};
  std::unique_ptr<Database> db = opened(clock);
  jobs::Queue queue{*db, clock, entropy};
  KeepingMailer mailer{};
  outreach::Templates templates{app::embedded_templates()};
  outreach::Outreach outreach{.db = *db,
                              .queue = queue,
                              .clock = clock,
                              .entropy = entropy,
                              .mailer = mailer,
                              .templates = templates,
                              .options = {.site_name = "Hill Road Music",
                                          .base_url = "https://school.example",
                                          .reply_to = "office@school.example"},
                              .seal = crypto::Seal(Secret(std::string(32, 'm')))};
  crypto::PasswordHasher hasher{{.memory_kib = 8 * 1024, .passes = 1}};
  crypto::TokenSigner signer{Secret(std::string(32, 'k')), "https://school.example"};
  Zones zones{app::embedded_zones().front().bytes};
  accounts::Accounts accounts{.db = *db,
                              .queue = queue,
                              .outreach = outreach,
                              .clock = clock,
                              .entropy = entropy,
                              .hasher = hasher,
                              .signer = signer,
                              .zones = zones,
                              .options = {.require_verified_email = false},
                              .refresh_key = Secret(std::string(32, 'r')),
                              .browser_key = Secret(std::string(32, 'b')),
                              .seal = crypto::Seal(Secret(std::string(32, 's'))),
                              .common_passwords = app::embedded_words().front().bytes};
  jobs::Runner runner{queue, *db, clock, entropy, all_jobs(), accounts::periodics(accounts), {}};

  static std::unique_ptr<Database> opened(const Clock& clock) {
    auto made = storage::open_temporary();
    const auto done = storage::migrate(*made, app::embedded_schema(), clock);
    check(done.ok(), "the migrations apply");
    return made;
  }

  // --- People ---

  static constexpr const char* good_password = "correct horse battery";

  UserId add(const std::string& email, Role role = Role::user, bool owner = false) {
    const auto hash = hasher.hash(Secret(good_password)).value();
    return db
        ->write([&](WriteTx& tx) {
          return accounts::create_user(tx, accounts,
                                       {.email = email,
                                        .password_hash = hash,
                                        .full_name = "Ada Lovelace",
                                        .role = role,
                                        .owner = owner,
                                        .verified = true});
        })
        .value();
  }

  static Caller visitor(const std::string& ip = "192.0.2.1") {
    Caller caller;
    caller.ip = ip;
    caller.user_agent = "Browser/1";
    caller.request_id = "request";
    return caller;
  }

  static Caller as(const UserId& user, Role role = Role::user) {
    Caller caller = visitor();
    caller.sort = Caller::Sort::person;
    caller.user = user;
    caller.role = role;
    return caller;
  }

  Result<accounts::Welcomed> sign_in(const std::string& email, const std::string& password = good_password,
                                     const std::string& ip = "192.0.2.1") {
    return accounts::sign_in(accounts, visitor(ip), {.email = email, .password = Secret(password)},
                             accounts::SessionKind::cookie);
  }

  // --- What happened ---

  std::int64_t count(Sql sql) {
    return db->read([&](ReadTx& tx) { return tx.one<std::int64_t>(sql).value_or(0); });
  }
  std::int64_t trail_of(const std::string& action) {
    return db->read([&](ReadTx& tx) {
      return tx.one<std::int64_t>("SELECT COUNT(*) FROM audit_logs WHERE action = ?1", action).value_or(0);
    });
  }
  // The kinds of the messages said so far, by name.
  jobs::JobKinds all_jobs() {
    auto kinds = outreach::job_kinds(outreach);
    for (auto& kind : accounts::job_kinds(accounts)) kinds.push_back(std::move(kind));
    return kinds;
  }
  std::vector<std::string> queued() {
    return db->read([](ReadTx& tx) {
      return tx.many<std::string>("SELECT template_key FROM email_messages ORDER BY template_key");
    });
  }
};

// What follows "token=" in the first mail that has one.
inline std::string token_in(const std::vector<outbound::Mail>& mails) {
  for (const auto& mail : mails) {
    const auto at = mail.text.find("token=");
    if (at != std::string::npos) return mail.text.substr(at + 6, mail.text.find_first_of("\r\n ", at) - at - 6);
  }
  throw Bug("no mail has a token");
}

}  // namespace tuition::tests
