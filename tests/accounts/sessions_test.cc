#include "accounts/sessions/sessions.h"

#include <catch2/catch_test_macros.hpp>

#include "accounts/sessions/authenticate.h"
#include "school.h"

namespace tuition::accounts {
namespace {

using tests::School;

struct SignedInSchool : School {
  SignedInSchool() : ada(add("ada@example.org")), first(School::sign_in("ada@example.org")->issued) {}
  UserId ada;
  Issued first;

  Result<Issued> again(const std::string& token) { return refresh(accounts, visitor(), token); }
  bool is_in(const Issued& issued) {
    TokenAuthenticator authenticator(accounts);
    http::Request request;
    request.headers = {{"authorization", "Bearer " + issued.access_token}};
    const auto caller = authenticator.authenticate(request);
    return caller && caller->is(ada);
  }
};

}  // namespace

TEST_CASE("a refresh token gets the next pair in the same session") {
  SignedInSchool school;
  school.clock.pass(minutes(50));
  const auto second = school.again(school.first.refresh_token);
  REQUIRE(second);
  CHECK(second->session == school.first.session);
  CHECK(second->refresh_token != school.first.refresh_token);
  CHECK(second->access_until == school.clock.now() + hours(1));
  CHECK(school.is_in(*second));
  CHECK(school.again(second->refresh_token));
}

TEST_CASE("two tabs that refresh at the same moment get the same token") {
  SignedInSchool school;
  const auto one = school.again(school.first.refresh_token);
  school.clock.pass(seconds(30));
  const auto two = school.again(school.first.refresh_token);
  REQUIRE(one);
  REQUIRE(two);
  CHECK(one->refresh_token == two->refresh_token);
  CHECK(school.again(one->refresh_token));
}

TEST_CASE("a token used a second time later ends the session, the newest tokens included") {
  SignedInSchool school;
  const auto second = school.again(school.first.refresh_token);
  REQUIRE(second);
  school.clock.pass(seconds(31));
  CHECK(school.again(school.first.refresh_token).error().code == "UNAUTHENTICATED");
  CHECK(school.again(second->refresh_token).error().code == "UNAUTHENTICATED");
  CHECK_FALSE(school.is_in(*second));
  CHECK(school.trail_of("auth.refresh_reuse") == 1);
  CHECK(school.queued() == std::vector<std::string>{"session_stopped"});
}

TEST_CASE("a token two generations old ends the session at once") {
  SignedInSchool school;
  const auto second = school.again(school.first.refresh_token);
  const auto third = school.again(second->refresh_token);
  REQUIRE(third);
  CHECK_FALSE(school.again(school.first.refresh_token));
  CHECK_FALSE(school.is_in(*third));
}

TEST_CASE("a forged token does not touch the session it names") {
  SignedInSchool school;
  const auto& good = school.first.refresh_token;
  const auto head = good.substr(0, good.find('.'));
  auto bent = good;
  bent.back() = bent.back() == 'A' ? 'B' : 'A';
  for (const std::string& bad :
       {std::string(), std::string("."), head, head + ".1.", head + ".2." + good.substr(good.rfind('.') + 1), bent,
        good + ".x", school.first.access_token, std::string(100'000, 'a')}) {
    const auto refused = school.again(bad);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == Kind::unauthenticated);
  }
  CHECK(school.is_in(school.first));
  CHECK(school.again(good));
}

TEST_CASE("a session ends when it lies unused, and at the latest after its whole time") {
  SignedInSchool school;
  school.clock.pass(milliseconds(days(14).ms - 1));
  auto token = school.again(school.first.refresh_token)->refresh_token;
  school.clock.pass(days(14));
  CHECK(school.again(token).error().code == "TOKEN_EXPIRED");

  SignedInSchool active;
  token = active.first.refresh_token;
  for (int day = 0; day < 29; ++day) {
    active.clock.pass(days(1));
    token = active.again(token)->refresh_token;
  }
  active.clock.pass(days(1));
  CHECK(active.again(token).error().code == "TOKEN_EXPIRED");
}

TEST_CASE("no access token outlives its session, however active it is") {
  SignedInSchool school;
  const Instant end = school.clock.now() + days(30);
  auto token = school.first.refresh_token;
  for (int week = 0; week < 4; ++week) {
    school.clock.pass(days(7));
    token = school.again(token)->refresh_token;
  }
  school.clock.at = end - minutes(10);
  const auto last = school.again(token);
  REQUIRE(last);
  CHECK(last->access_until == end);
  school.clock.at = end + seconds(1);
  CHECK_FALSE(school.is_in(*last));
}

TEST_CASE("signing out ends the session's access and refresh tokens at once") {
  SignedInSchool school;
  auto caller = School::as(school.ada);
  caller.session = school.first.session;
  sign_out(school.accounts, caller);
  sign_out(school.accounts, caller);
  CHECK_FALSE(school.is_in(school.first));
  CHECK_FALSE(school.again(school.first.refresh_token));
  CHECK(school.trail_of("auth.logout") == 1);
}

TEST_CASE("nobody ends another person's session by naming it") {
  SignedInSchool school;
  auto mallory = School::as(school.add("mallory@example.org"));
  mallory.session = school.first.session;
  sign_out(school.accounts, mallory);
  CHECK(school.is_in(school.first));
}

TEST_CASE("ended sessions are still known after a restart") {
  SignedInSchool school;
  const auto second = School::visitor();
  auto caller = School::as(school.ada);
  caller.session = school.first.session;
  sign_out(school.accounts, caller);

  Standing& standing = school.accounts.standing;
  standing.forget_before(school.clock.now() + days(400));
  CHECK(school.is_in(school.first));
  start(school.accounts);
  CHECK_FALSE(school.is_in(school.first));
}

TEST_CASE("what is known in memory is forgotten once no token can contradict it") {
  SignedInSchool school;
  auto caller = School::as(school.ada);
  caller.session = school.first.session;
  sign_out(school.accounts, caller);
  school.accounts.standing.forget_before(school.first.access_until);
  CHECK(school.accounts.standing.is_ended(school.first.session));
  school.accounts.standing.forget_before(school.first.access_until + milliseconds(1));
  CHECK_FALSE(school.accounts.standing.is_ended(school.first.session));
}

TEST_CASE("a long token is for tools, and no longer than a day") {
  SignedInSchool school;
  const auto issued = school.db
                          ->write([&](WriteTx& tx) -> Result<Issued> {
                            return open_session(tx, school.accounts, system_caller(), school.ada, Role::user, false,
                                                SessionKind::bearer, days(3));
                          })
                          .value();
  CHECK(issued.access_until == school.clock.now() + days(1));
}

}  // namespace tuition::accounts
