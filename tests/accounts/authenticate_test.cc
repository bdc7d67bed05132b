#include "accounts/sessions/authenticate.h"

#include <catch2/catch_test_macros.hpp>

#include "accounts/sessions/coming_in.h"
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

TEST_CASE("a browser is known by its cookie at the account that gave it, and at no other") {
  Door door;
  http::Request request;
  auto browser = browser_of(door.school.accounts, request);
  const auto cookie = cookie_for(door.school.accounts, request, browser, "ada@example.org");
  const auto known = [&](std::string body, std::string value) {
    request.body = std::move(body);
    request.headers = {{"cookie", "tuition_br=" + value}};
    return known_at_sign_in(door.school.accounts, request);
  };
  const std::string ada = R"({"email":"ADA@example.org","password":"whatever it is"})";
  const auto account = known(ada, cookie.value);
  CHECK_FALSE(account.empty());
  CHECK(known(ada, cookie.value) == account);
  CHECK(known(R"({"email":"bea@example.org","password":"whatever it is"})", cookie.value).empty());
  CHECK(known(ada, browser.next).empty());
  CHECK(known(ada, browser.next + ".").empty());
  CHECK(known(ada, cookie.value + "A").empty());
  CHECK(known(ada, cookie_for(door.school.accounts, request, browser, "bea@example.org").value).empty());
  CHECK(known("{", cookie.value).empty());
  CHECK(known(ada + std::string(5000, ' '), cookie.value).empty());

  // What the cookie is known by to lockout.h is the same with and without the proof.
  request.headers = {{"cookie", "tuition_br=" + cookie.value}};
  CHECK(browser_of(door.school.accounts, request).marks.shown == browser.marks.next);
}

TEST_CASE("whoever has been asked for the second step may answer, with a challenge of ours") {
  Door door;
  http::Request request;
  const auto known = [&](const std::string& challenge) {
    request.body = R"({"challenge":")" + challenge + R"(","code":"123456"})";
    return known_by_challenge(door.school.accounts, request);
  };
  const auto challenge = new_challenge(door.school.accounts);
  CHECK_FALSE(known(challenge).empty());
  CHECK(known(challenge) != known(new_challenge(door.school.accounts)));
  CHECK(known(crypto::random_token(door.school.entropy)).empty());
  auto bent = challenge;
  bent[3] = bent[3] == 'a' ? 'b' : 'a';
  CHECK(known(bent).empty());
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
