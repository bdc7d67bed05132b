#include "accounts/directory/removal.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <thread>

#include "accounts/directory/changes.h"
#include "accounts/directory/directory.h"
#include "accounts/factor.h"
#include "accounts/school.h"
#include "app_fixture.h"

namespace tuition::accounts::directory {
namespace {

using tests::School;

Caller owner_here(School& school, const std::string& email = "owner@example.org") {
  auto caller = School::as(school.add(email, Role::admin, true), Role::admin);
  caller.owner = true;
  return caller;
}

const RemovalForm by_password{.password = Secret(School::good_password)};

}  // namespace

TEST_CASE("somebody who leaves is forgotten, signed out, and their address is free") {
  School school;
  owner_here(school);
  const auto ada = school.add("ada@example.org");
  const auto session = school.sign_in("ada@example.org")->issued.session;
  CHECK_FALSE(school.sign_in("ada@example.org", "wrong"));
  REQUIRE(remove_person(school.accounts, School::as(ada), ada, {}, by_password));

  CHECK(school.count("SELECT COUNT(*) FROM login_attempts") == 0);
  CHECK(school.accounts.standing.is_ended(session));
  CHECK(school.accounts.standing.person(ada)->status == UserStatus::erased);
  CHECK(show_person(school.accounts, owner_here(school, "second@example.org"), ada).error().kind == Kind::not_found);
  CHECK(school.count("SELECT COUNT(*) FROM users WHERE email LIKE '%ada@%' OR password_hash = '' ") == 0);
  CHECK(school.count("SELECT COUNT(*) FROM user_profiles WHERE full_name LIKE 'Ada%'") == 2);  // the owners
  CHECK(school.count("SELECT COUNT(*) FROM sessions WHERE ip <> '' OR user_agent <> ''") == 0);
  CHECK(school.sign_in("ada@example.org").error().code == "INVALID_CREDENTIALS");
  CHECK(school.trail_of("account.removed") == 1);
  CHECK(school.queued() == std::vector<std::string>{"account_removed"});
  CHECK(school.add("ada@example.org") != ada);
  CHECK(remove_person(school.accounts, School::as(ada), ada, {}, by_password).error().kind == Kind::not_found);
}

TEST_CASE("others are removed by administrators, owners by owners, the last owner by nobody") {
  School school;
  const auto owner = owner_here(school);
  const auto admin = School::as(school.add("admin@example.org", Role::admin), Role::admin);
  const auto ada = school.add("ada@example.org");
  const auto bob = School::as(school.add("bob@example.org"), Role::instructor);
  CHECK(remove_person(school.accounts, bob, ada, {}).error().kind == Kind::not_found);
  CHECK(remove_person(school.accounts, admin, owner.user, {}).error().kind == Kind::forbidden);
  CHECK(remove_person(school.accounts, owner, owner.user, {}, by_password).error().code == "LAST_OWNER");
  CHECK(remove_person(school.accounts, admin, ada, {}));
  const auto second = owner_here(school, "second@example.org");
  CHECK(remove_person(school.accounts, second, owner.user, {}));
  CHECK(remove_person(school.accounts, second, second.user, {}, by_password).error().code == "LAST_OWNER");
}

TEST_CASE(
    "whoever removes themselves shows that it is they, by the password; a wrong one counts as it does everywhere") {
  School school;
  owner_here(school);
  const auto ada = school.add("ada@example.org");
  const auto missing = remove_person(school.accounts, School::as(ada), ada, {});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == "REAUTHENTICATION_REQUIRED");
  CHECK(missing.error().fields.at(0).field == "password");
  for (int i = 0; i < 5; ++i)
    CHECK(remove_person(school.accounts, School::as(ada), ada, {}, {.password = Secret("a wrong one, again")})
              .error()
              .code == "INVALID_CREDENTIALS");
  CHECK(remove_person(school.accounts, School::as(ada), ada, {}, by_password).error().code == "RATE_LIMITED");
  CHECK(school.count("SELECT COUNT(*) FROM users WHERE status = 'erased'") == 0);
  school.clock.pass(minutes(1));
  CHECK(remove_person(school.accounts, School::as(ada), ada, {}, by_password));
}

TEST_CASE("whoever has a second step gives its code as well to remove themselves") {
  School school;
  owner_here(school);
  const tests::Authenticator ada(school, "ada@example.org");
  CHECK(remove_person(school.accounts, School::as(ada.user), ada.user, {}, by_password).error().fields.at(0).field ==
        "code");
  CHECK(remove_person(school.accounts, School::as(ada.user), ada.user, {},
                      {.password = Secret(School::good_password), .code = "000000"})
            .error()
            .code == "MFA_INVALID");
  CHECK(school.count("SELECT COUNT(*) FROM users WHERE status = 'erased'") == 0);
  CHECK(remove_person(school.accounts, School::as(ada.user), ada.user, {},
                      {.password = Secret(School::good_password), .code = ada.code()}));
  // Nobody else needs it.
  const tests::Authenticator bob(school, "bob@example.org");
  CHECK(remove_person(school.accounts, owner_here(school, "second@example.org"), bob.user, {}));
}

TEST_CASE("a program with an administrator's key removes others, and nobody's key removes its own person") {
  School school;
  auto program = owner_here(school);
  program.sort = Caller::Sort::key;
  program.owner = false;
  const auto ada = school.add("ada@example.org");
  // Whose key is older than their being a learner.
  auto hers = School::as(ada);
  hers.sort = Caller::Sort::key;
  for (const auto& form : {RemovalForm{}, by_password})
    CHECK(remove_person(school.accounts, hers, ada, {}, form).error().kind == Kind::forbidden);
  CHECK(remove_person(school.accounts, program, ada, {}));
}

TEST_CASE("of two owners who leave at the same moment one stays") {
  School school;
  const Caller owners[] = {owner_here(school, "one@example.org"), owner_here(school, "two@example.org")};
  std::vector<std::string> outcomes(2);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < 2; ++i)
      threads.emplace_back([&, i] {
        const auto done = remove_person(school.accounts, owners[i], owners[i].user, {}, by_password);
        outcomes[i] = done ? "done" : done.error().code;
      });
  }
  std::sort(outcomes.begin(), outcomes.end());
  CHECK(outcomes == std::vector<std::string>{"LAST_OWNER", "done"});
}

TEST_CASE("a running subscription keeps a person from being removed, unless it is ended with them") {
  School school;
  owner_here(school);
  const auto ada = school.add("ada@example.org");
  bool running = true;
  school.accounts.has_subscription = [&](ReadTx&, const UserId&) { return running; };
  CHECK(remove_person(school.accounts, School::as(ada), ada, {}, by_password).error().code == "SUBSCRIPTION_RUNNING");
  CHECK(remove_person(school.accounts, School::as(ada), ada, {.force = true}, by_password).error().code ==
        "SUBSCRIPTION_RUNNING");
  school.accounts.end_subscription = [&](WriteTx&, const UserId&) -> Result<void> {
    running = false;
    return {};
  };
  CHECK(remove_person(school.accounts, School::as(ada), ada, {.force = true}, by_password));
  CHECK_FALSE(running);
}

TEST_CASE("every domain forgets a removed person") {
  tests::AppFixture fixture;
  const auto ada = fixture.person("ada@example.org");
  auto& app = *fixture.app;
  app.db.write([&](WriteTx& tx) {
    entitlements::grant(app.entitlements, tx,
                        {.user = ada,
                         .scope = entitlements::Scope::all,
                         .source = entitlements::Source::grant,
                         .source_id = "gift",
                         .starts_at = fixture.clock.now(),
                         .reason = "A gift."});
    outreach::enqueue(tx, app.outreach, {.email = "ada@example.org", .user = ada}, outreach::Welcome{.name = "Ada"});
  });
  REQUIRE(remove_person(app.accounts, fixture.caller(ada), ada, {}, {.password = Secret(fixture.password)}));
  app.run_jobs();
  CHECK(fixture.mailer.sent.size() == 1);  // of the removal; the welcome is not said any more
  CHECK_FALSE(app.db.read([&](ReadTx& tx) { return entitlements::has_access(tx, ada, fixture.clock.now()); }));
  const auto left = app.db.read([](ReadTx& tx) {
    return tx.one<std::int64_t>(
        "SELECT COUNT(*) FROM email_messages WHERE to_email = 'ada@example.org' AND template_key <> 'account_removed'");
  });
  CHECK(left == 0);
}

}  // namespace tuition::accounts::directory
