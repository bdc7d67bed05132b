#include "audit/refusals.h"

#include <catch2/catch_test_macros.hpp>

#include "accounts/school.h"

namespace tuition::audit {
namespace {

struct Refusing {
  tests::School school{};
  Refusals refusals{*school.db, school.clock};

  http::Route route(std::string_view path) {
    return {.method = http::Method::get,
            .path = path,
            .operation = "listUsers",
            .access = http::Access::admin,
            .bucket = http::Bucket::admin,
            .sentence = "For administrators."};
  }
  void refuse(const Caller& caller, Kind kind, std::string_view path = "/api/users") {
    http::Request request;
    request.caller = caller;
    if (kind == Kind::unauthenticated) request.headers.emplace_back("authorization", "Bearer forged");
    refusals.note(request, route(path), Error{kind, kind == Kind::unauthenticated ? "UNAUTHENTICATED" : ""});
  }
  std::int64_t told(const std::string& action) {
    school.db->write([](WriteTx&) {});  // behind all that were queued
    return school.trail_of(action);
  }
};

}  // namespace

TEST_CASE("who is refused stands in the trail once a minute, however often they try") {
  Refusing guard;
  const auto ada = tests::School::as(UserId("0190b6f0-0000-7000-8000-000000000001"));
  for (int i = 0; i < 50; ++i) guard.refuse(ada, Kind::forbidden);
  CHECK(guard.told("access.refused") == 1);
  guard.school.clock.pass(minutes(1));
  guard.refuse(ada, Kind::forbidden);
  CHECK(guard.told("access.refused") == 2);
  CHECK(guard.school.count("SELECT json_extract(metadata_json, '$.untold') FROM audit_logs ORDER BY id DESC") == 49);
}

TEST_CASE("each route that was refused stands there, and each sort of refusal") {
  Refusing guard;
  const auto ada = tests::School::as(UserId("0190b6f0-0000-7000-8000-000000000001"));
  guard.refuse(ada, Kind::forbidden, "/api/users");
  guard.refuse(ada, Kind::forbidden, "/api/admin/audit-logs");
  guard.refuse(ada, Kind::rate_limited);
  guard.refuse(tests::School::visitor(), Kind::unauthenticated);
  CHECK(guard.told("access.refused") == 2);
  CHECK(guard.told("access.rate_limited") == 1);
  CHECK(guard.told("access.bad_token") == 1);
}

TEST_CASE("not being signed in yet is no refusal to remember") {
  Refusing guard;
  http::Request request;
  request.caller = tests::School::visitor();
  guard.refusals.note(request, guard.route("/api/users"), Error{Kind::unauthenticated, "UNAUTHENTICATED"});
  CHECK(guard.told("access.bad_token") == 0);
}

TEST_CASE(
    "a cookie that is no token of ours stands in the trail; one whose time is over or whose session ended does not") {
  Refusing guard;
  tests::School& school = guard.school;
  const auto user = school.add("ada@example.org");
  const auto issued = school.sign_in("ada@example.org")->issued;
  accounts::TokenAuthenticator authenticator(school.accounts);
  const auto show = [&](const std::string& cookie, const std::string& name = "tuition_at") {
    http::Request request;
    request.https = name != "tuition_at";
    request.caller = tests::School::visitor();
    request.headers.emplace_back("cookie", name + "=" + cookie);
    const auto found = authenticator.authenticate(request);
    REQUIRE_FALSE(found);
    guard.refusals.note(request, guard.route("/api/users"), found.error());
    return guard.told("access.bad_token");
  };
  school.db->write([&](WriteTx& tx) { accounts::end_sessions(tx, school.accounts, user, {}, "ended_by_admin"); });
  CHECK(show(issued.access_token) == 0);
  auto bent = issued.access_token;
  bent[bent.size() - 10] = bent[bent.size() - 10] == 'a' ? 'b' : 'a';
  CHECK(show(bent) == 1);
  CHECK(show("nonsense") == 1);  // within the minute
  school.clock.pass(minutes(2));
  CHECK(show("nonsense", "__Host-tuition_at") == 2);
  school.clock.pass(hours(2));
  CHECK(show(issued.access_token) == 2);
}

TEST_CASE("a link that is none stands in the trail once a minute for each sort of link") {
  Refusing guard;
  const auto hand_in = [&](const std::string& path) {
    http::Request request;
    request.method = http::Method::post;
    request.path = path;
    request.caller = tests::School::visitor();
    guard.refusals.note_token(request, Error{Kind::unauthenticated, "TOKEN_EXPIRED"});
  };
  for (int i = 0; i < 20; ++i) hand_in("/api/auth/verify-email");
  CHECK(guard.told("access.bad_token") == 1);
  hand_in("/api/auth/reset-password");
  CHECK(guard.told("access.bad_token") == 2);
  guard.school.clock.pass(minutes(1));
  hand_in("/api/auth/verify-email");
  CHECK(guard.told("access.bad_token") == 3);
  CHECK(guard.school.count("SELECT COUNT(*) FROM audit_logs WHERE ip_address = '192.0.2.1' AND target_id = "
                           "'/api/auth/verify-email' AND json_extract(metadata_json, '$.code') = 'TOKEN_EXPIRED'") ==
        2);
  CHECK(guard.school.count("SELECT json_extract(metadata_json, '$.untold') FROM audit_logs ORDER BY id DESC") == 19);
}

TEST_CASE("a thousand addresses do not fill the disk with refusals") {
  Refusing guard;
  for (int i = 0; i < 1000; ++i)
    guard.refuse(tests::School::visitor("192.0.2." + std::to_string(i % 250) + "." + std::to_string(i)),
                 Kind::rate_limited);
  CHECK(guard.told("access.rate_limited") == 100);
}

}  // namespace tuition::audit
