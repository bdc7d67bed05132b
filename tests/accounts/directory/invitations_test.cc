#include "accounts/directory/invitations.h"

#include <catch2/catch_test_macros.hpp>

#include "accounts/directory/changes.h"
#include "accounts/school.h"

namespace tuition::accounts::directory {
namespace {

using tests::School;

struct Invited {
  School school{};
  Caller owner = [this] {
    auto caller = School::as(school.add("owner@example.org", Role::admin, true), Role::admin);
    caller.owner = true;
    return caller;
  }();
  UserId ada = add_person(school.accounts, owner, {.email = "ada@example.org", .full_name = "Ada"}).value().id;

  std::string token() {
    school.mailer.mails.clear();
    school.runner.run_due();
    return tests::token_in(school.mailer.mails);
  }
  Result<Welcomed> accept(const std::string& token, const std::string& password = "a wholly fine one") {
    return accept_invitation(school.accounts, School::visitor(), {.token = Secret(token), .password = Secret(password)},
                             SessionKind::cookie);
  }
};

}  // namespace

TEST_CASE("the link of an invitation lets somebody choose a password and come in, once") {
  Invited with;
  const auto token = with.token();
  CHECK(with.school.mailer.mails.at(0).text.find("https://school.example/accept-invite?token=") != std::string::npos);
  CHECK(with.accept(token, "short").error().kind == Kind::invalid);
  const auto in = with.accept(token);
  REQUIRE(in);
  CHECK(in->profile.email_verified);
  CHECK(in->profile.full_name == "Ada");
  CHECK_FALSE(in->issued.access_token.empty());
  CHECK(with.school.sign_in("ada@example.org", "a wholly fine one"));
  CHECK(with.accept(token, "another fine one").error().code == "TOKEN_EXPIRED");
  CHECK(invite_again(with.school.accounts, with.owner, with.ada).error().code == "INVITE_ACCEPTED");
  CHECK(with.school.trail_of("account.invitation_accepted") == 1);
}

TEST_CASE("nobody signs in by password before they have chosen one") {
  Invited with;
  CHECK(with.school.sign_in("ada@example.org", "").error().code == "INVALID_CREDENTIALS");
}

TEST_CASE("an invitation runs out, and a new one kills the old") {
  Invited with;
  const auto old = with.token();
  REQUIRE(invite_again(with.school.accounts, with.owner, with.ada));
  const auto token = with.token();
  CHECK(with.accept(old).error().code == "TOKEN_EXPIRED");
  with.school.clock.pass(days(7));
  CHECK(with.accept(token).error().code == "TOKEN_EXPIRED");
  CHECK(with.accept("guess").error().code == "TOKEN_EXPIRED");
}

TEST_CASE("an invitation that is asked for twice with one key is sent once") {
  Invited with;
  with.token();
  const auto asked = [&](std::string_view key) {
    return invite_again(with.school.accounts, with.owner, with.ada, key);
  };
  REQUIRE(asked("again"));
  const auto token = with.token();
  REQUIRE(asked("again"));
  CHECK(with.school.trail_of("account.invited") == 1);
  REQUIRE(with.accept(token));
  CHECK(asked("again"));
  CHECK(asked("once more").error().code == "INVITE_ACCEPTED");
  CHECK(asked(std::string(256, 'k')).error().fields.at(0).field == "Idempotency-Key");
}

TEST_CASE("an invitation of somebody who was kept out meanwhile opens nothing") {
  Invited with;
  const auto token = with.token();
  REQUIRE(set_presence(with.school.accounts, with.owner, with.ada, Presence::disabled));
  CHECK(with.accept(token).error().code == "TOKEN_EXPIRED");
}

}  // namespace tuition::accounts::directory
