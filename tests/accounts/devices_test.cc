#include "accounts/sessions/devices.h"

#include <catch2/catch_test_macros.hpp>

#include "accounts/sessions/authenticate.h"
#include "school.h"

namespace tuition::accounts {
namespace {

using tests::School;

struct ManyDevices : School {
  UserId ada = add("ada@example.org");
  Issued here = sign_in("ada@example.org")->issued;
  Issued there = sign_in("ada@example.org", good_password, "198.51.100.7")->issued;
  Caller me = caller_of(here);

  Caller caller_of(const Issued& issued) {
    TokenAuthenticator authenticator(accounts);
    http::Request request;
    request.caller = visitor();
    request.headers = {{"authorization", "Bearer " + issued.access_token}};
    auto caller = authenticator.authenticate(request);
    return caller ? *caller : visitor();
  }
  bool is_in(const Issued& issued) { return caller_of(issued).signed_in(); }
};

}  // namespace

TEST_CASE("the places where somebody is signed in are listed with device, address and times") {
  ManyDevices school;
  const auto devices = list_devices(school.accounts, school.me);
  REQUIRE(devices);
  REQUIRE(devices->size() == 2);
  CHECK(devices->at(0).id == school.there.session);
  CHECK(devices->at(0).ip == "198.51.100.7");
  CHECK_FALSE(devices->at(0).current);
  CHECK(devices->at(1).current);
  CHECK(devices->at(1).device == "Browser");
  CHECK(devices->at(1).created_at == school.clock.now());
  CHECK(devices->at(1).last_seen_at == school.clock.now());
  CHECK(devices->at(1).expires_at == school.clock.now() + days(14));
}

TEST_CASE("a session that was ended is out at its next request and gone from the list") {
  ManyDevices school;
  REQUIRE(end_device(school.accounts, school.me, school.there.session));
  CHECK_FALSE(school.is_in(school.there));
  CHECK(refresh(school.accounts, School::visitor(), school.there.refresh_token).error().code == "UNAUTHENTICATED");
  CHECK(school.is_in(school.here));
  CHECK(list_devices(school.accounts, school.me)->size() == 1);
  CHECK(end_device(school.accounts, school.me, school.there.session).error().kind == Kind::not_found);
  CHECK(school.trail_of("auth.session_ended") == 1);
}

TEST_CASE("all other sessions end at once") {
  ManyDevices school;
  const auto third = school.sign_in("ada@example.org")->issued;
  CHECK(end_other_devices(school.accounts, school.me)->ended == 2);
  CHECK_FALSE(school.is_in(school.there));
  CHECK_FALSE(school.is_in(third));
  CHECK(school.is_in(school.here));
  CHECK(end_other_devices(school.accounts, school.me)->ended == 0);
}

TEST_CASE("nobody ends somebody else's session, not even an administrator this way") {
  ManyDevices school;
  const auto grace = school.add("grace@example.org");
  const auto boss = school.add("boss@example.org", Role::admin);
  for (const auto& caller : {School::as(grace), School::as(boss, Role::admin)}) {
    CHECK(end_device(school.accounts, caller, school.there.session).error().kind == Kind::not_found);
    CHECK(list_devices(school.accounts, caller)->empty());
  }
  CHECK(school.is_in(school.there));
}

TEST_CASE("a session that has run out is not listed") {
  ManyDevices school;
  school.clock.pass(days(15));
  const auto fresh = school.sign_in("ada@example.org")->issued;
  const auto devices = list_devices(school.accounts, school.caller_of(fresh));
  REQUIRE(devices);
  REQUIRE(devices->size() == 1);
  CHECK(devices->front().current);
}

}  // namespace tuition::accounts
