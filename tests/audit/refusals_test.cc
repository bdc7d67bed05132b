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

TEST_CASE("a thousand addresses do not fill the disk with refusals") {
  Refusing guard;
  for (int i = 0; i < 1000; ++i)
    guard.refuse(tests::School::visitor("192.0.2." + std::to_string(i % 250) + "." + std::to_string(i)),
                 Kind::rate_limited);
  CHECK(guard.told("access.rate_limited") == 100);
}

}  // namespace tuition::audit
