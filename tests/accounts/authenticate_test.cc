#include "accounts/authenticate.h"

#include <catch2/catch_test_macros.hpp>

#include "school.h"

namespace tuition::accounts {
namespace {

using tests::School;

struct Door {
  School school{};
  UserId ada = school.add("ada@example.org");
  Issued issued = school.sign_in("ada@example.org")->issued;
  TokenAuthenticator authenticator{school.accounts};

  Result<Caller> with(std::string name, std::string value, bool https = false) {
    http::Request request;
    request.https = https;
    request.caller.ip = "192.0.2.1";
    request.headers = {{std::move(name), std::move(value)}};
    return authenticator.authenticate(request);
  }
};

}  // namespace

TEST_CASE("a request without a proof is anonymous and keeps what the front knows of it") {
  Door door;
  const auto caller = door.with("accept", "*/*");
  REQUIRE(caller);
  CHECK_FALSE(caller->signed_in());
  CHECK(caller->ip == "192.0.2.1");
}

TEST_CASE("an access token is a person, by header or by cookie") {
  Door door;
  const auto by_header = door.with("authorization", "bearer " + door.issued.access_token);
  REQUIRE(by_header);
  CHECK(by_header->is(door.ada));
  CHECK_FALSE(by_header->by_cookie);
  CHECK(by_header->session == door.issued.session);

  const auto by_cookie = door.with("cookie", "a=b; tuition_at=" + door.issued.access_token);
  REQUIRE(by_cookie);
  CHECK(by_cookie->is(door.ada));
  CHECK(by_cookie->by_cookie);
}

TEST_CASE("on https only the cookie with the browser's guarantee counts") {
  Door door;
  CHECK_FALSE(door.with("cookie", "tuition_at=" + door.issued.access_token, true)->signed_in());
  CHECK(door.with("cookie", "__Host-tuition_at=" + door.issued.access_token, true)->is(door.ada));
}

TEST_CASE("bad proofs are refused, and refresh tokens are no proof") {
  Door door;
  auto bent = door.issued.access_token;
  bent[bent.size() / 2] = bent[bent.size() / 2] == 'a' ? 'b' : 'a';
  for (const std::string& bad : {std::string("x"), bent, door.issued.refresh_token, std::string("tuk_unknown"),
                                 std::string("eyJhbGciOiJub25lIn0.e30.")}) {
    const auto refused = door.with("authorization", "Bearer " + bad);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "UNAUTHENTICATED");
  }
}

TEST_CASE("a token past its time says so") {
  Door door;
  door.school.clock.pass(seconds(3601));
  CHECK(door.with("authorization", "Bearer " + door.issued.access_token).error().code == "TOKEN_EXPIRED");
}

TEST_CASE("another scheme in Authorization is a proxy's and leaves the cookie to decide") {
  Door door;
  http::Request request;
  request.headers = {{"authorization", "Basic c3RhZ2luZzpvcGVu"}, {"cookie", "tuition_at=" + door.issued.access_token}};
  CHECK(door.authenticator.authenticate(request)->is(door.ada));
}

TEST_CASE("a change of role counts at the next request, before and after a restart") {
  Door door;
  REQUIRE(set_standing(door.school.accounts, system_caller(), door.ada, {.role = Role::admin}));
  const auto role = [&] { return door.with("authorization", "Bearer " + door.issued.access_token)->role; };
  CHECK(role() == Role::admin);
  door.school.accounts.standing.forget_before(door.school.clock.now() + days(400));
  CHECK(role() == Role::user);
  start(door.school.accounts);
  CHECK(role() == Role::admin);
}

TEST_CASE("a disabled person is out at the next request") {
  Door door;
  REQUIRE(set_standing(door.school.accounts, system_caller(), door.ada, {.status = UserStatus::disabled}));
  CHECK(door.with("authorization", "Bearer " + door.issued.access_token).error().kind == Kind::unauthenticated);
  CHECK_FALSE(refresh(door.school.accounts, School::visitor(), door.issued.refresh_token));
}

TEST_CASE("a new password ends the sessions that were open") {
  Door door;
  const auto other = door.school.sign_in("ada@example.org")->issued;
  REQUIRE(set_password(door.school.accounts, School::as(door.ada), door.ada, Secret("a wholly different one"),
                       door.issued.session));
  CHECK(door.with("authorization", "Bearer " + door.issued.access_token));
  CHECK_FALSE(door.with("authorization", "Bearer " + other.access_token));
  CHECK(door.school.sign_in("ada@example.org").error().code == "INVALID_CREDENTIALS");
  CHECK(door.school.sign_in("ada@example.org", "a wholly different one"));
}

}  // namespace tuition::accounts
