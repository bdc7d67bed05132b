#pragma once

// A whole App over a temporary database, with a clock that stands still, chance from a seed, mail that is only
// collected and nobody outside. Jobs run when the test says so.

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/app.h"
#include "support/standing_clock.h"

namespace tuition::tests {

class SeededEntropy final : public Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> bytes) override;

 private:
  std::uint64_t state_;
};

class NobodyOutside final : public outbound::HttpClient {
 public:
  Result<outbound::HttpReply> send(const outbound::HttpRequest& request) override;
};

class CollectingMailer final : public outbound::Mailer {
 public:
  Result<void> send(const outbound::Mail& mail) override;
  std::vector<outbound::Mail> sent{};
  std::optional<Error> fails_with{};

  // How many went to the address with this in the subject.
  int count(std::string_view to, std::string_view in_subject) const;
};

class AppFixture {
 public:
  explicit AppFixture(const std::function<void(app::Options&)>& adjust = {});

  // A verified person who may sign in with `password`.
  UserId person(const std::string& email, Role role = Role::user);
  Caller caller(const UserId& user, Role role = Role::user) const;

  app::Options options{};
  StandingClock clock{};
  SeededEntropy entropy{20261120};
  NobodyOutside http{};
  CollectingMailer mailer{};
  app::Outside outside{clock, entropy, http, mailer};
  metrics::Registry metrics{};
  std::unique_ptr<Database> db;
  std::unique_ptr<app::App> app;

  static constexpr const char* password = "correct horse battery staple";

 private:
  std::string password_hash_;
};

}  // namespace tuition::tests
