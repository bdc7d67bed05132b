#include <catch2/catch_test_macros.hpp>

#include <set>

#include "accounts/sessions/authenticate.h"
#include "accounts/sessions/coming_in.h"
#include "platform/base/fields_json.h"
#include "platform/http/json.h"
#include "school.h"

namespace tuition::accounts {
namespace {

using tests::School;

struct Site {
  School school{};
  http::Routes table = routes(school.accounts);
  TokenAuthenticator authenticator{school.accounts};
  bool https = true;

  enum class Proof { required, stale_is_none };

  http::Reply call(std::string_view operation, std::string body,
                   std::vector<std::pair<std::string, std::string>> headers = {},
                   std::vector<std::pair<std::string, std::string>> query = {}, Proof proof = Proof::required) {
    for (const auto& route : table) {
      if (route.operation != operation) continue;
      http::Request request;
      request.method = route.method;
      request.path = std::string(route.path);
      request.https = https;
      request.body = std::move(body);
      request.query = std::move(query);
      request.headers = std::move(headers);
      request.headers.emplace_back("content-type", "application/json");
      request.caller = School::visitor();
      // As the guard does it.
      const auto caller = authenticator.authenticate(request);
      if (caller || proof == Proof::required) request.caller = caller.value();
      std::optional<http::Reply> got;
      route.endpoint.run(request, http::Respond([&](http::Reply reply) { got = std::move(reply); }));
      REQUIRE(got);
      return std::move(*got);
    }
    FAIL("no such operation");
    return {};
  }

  http::Reply login(std::vector<std::pair<std::string, std::string>> query = {}) {
    return call("login", R"({"email":"ada@example.org","password":"correct horse battery"})", {}, std::move(query));
  }
};

JsonNode data_of(const http::Reply& reply) {
  const auto node = parse_json(reply.body);
  REQUIRE(node);
  REQUIRE(node->find("data"));
  return *node->find("data");
}

const http::Cookie* cookie(const http::Reply& reply, std::string_view name) {
  for (const auto& each : reply.cookies)
    if (each.name == name) return &each;
  return nullptr;
}

}  // namespace

TEST_CASE("signing in on https sets guarded cookies and shows no token") {
  Site site;
  site.school.add("ada@example.org");
  const auto reply = site.login();
  REQUIRE(reply.cookies.size() == 3);
  const auto* access = cookie(reply, "__Host-tuition_at");
  const auto* refreshing = cookie(reply, "__Secure-tuition_rt");
  const auto* browser = cookie(reply, "__Secure-tuition_br");
  REQUIRE(access);
  REQUIRE(refreshing);
  REQUIRE(browser);
  CHECK(access->secure);
  CHECK(access->path == "/");
  CHECK(access->max_age == days(14));
  CHECK(refreshing->max_age == days(14));
  CHECK(refreshing->secure);
  CHECK(refreshing->path == "/api/auth/refresh");
  CHECK(browser->max_age == days(180));
  CHECK(browser->secure);
  CHECK(browser->path == "/api/auth");
  CHECK(data_of(reply).find("tokens")->sort == JsonNode::Sort::null);
  CHECK(reply.body.find(access->value) == std::string::npos);
}

TEST_CASE(
    "the browser that chose a new password is known where it signs in next, however many guess from its address") {
  Site site;
  const auto ada = site.school.add("ada@example.org");
  const std::string token = "the token of a link";
  site.school.db->write([&](WriteTx& tx) {
    const auto now = site.school.clock.now();
    store::add_token(tx, new_uuid(site.school.clock, site.school.entropy), ada, TokenPurpose::reset,
                     crypto::digest(token), now, now + hours(1));
  });
  const auto reply = site.call("resetPassword", R"({"token":")" + token + R"(","password":"another long sentence"})");
  const auto* browser = cookie(reply, "__Secure-tuition_br");
  REQUIRE(browser);
  REQUIRE(cookie(reply, "__Host-tuition_at"));
  CHECK(cookie(reply, "__Host-tuition_at")->value.empty());

  http::Request next;
  next.method = http::Method::post;
  next.path = "/api/auth/login";
  next.https = true;
  next.headers = {{"cookie", "__Secure-tuition_br=" + browser->value}};
  const auto known = [&](const std::string& email) {
    next.body = R"({"email":")" + email + R"(","password":"another long sentence"})";
    return known_at_sign_in(site.school.accounts, next);
  };
  CHECK_FALSE(known("Ada@example.org").empty());
  CHECK(known("bea@example.org").empty());
}

TEST_CASE("on plain http the cookies have plain names, so that browsers take them") {
  Site site;
  site.https = false;
  site.school.add("ada@example.org");
  const auto reply = site.login();
  CHECK(cookie(reply, "tuition_at"));
  CHECK(cookie(reply, "tuition_rt"));
  for (const auto& each : reply.cookies) CHECK_FALSE(each.secure);
}

TEST_CASE("a client that asks for tokens gets them in the body and no cookies") {
  Site site;
  site.school.add("ada@example.org");
  const auto reply = site.login({{"token", "1"}});
  CHECK(reply.cookies.empty());
  const auto data = data_of(reply);
  const auto* tokens = data.find("tokens");
  REQUIRE(tokens);
  REQUIRE(tokens->find("accessToken"));

  const auto again = site.call("refreshSession", R"({"refreshToken":")" + tokens->find("refreshToken")->text + "\"}");
  CHECK(again.cookies.empty());
  CHECK(data_of(again).find("tokens")->find("refreshToken")->text != tokens->find("refreshToken")->text);
}

TEST_CASE("the refresh cookie alone, with an empty body, renews both cookies") {
  Site site;
  site.school.add("ada@example.org");
  const auto first = site.login();
  const auto again = site.call("refreshSession", "",
                               {{"cookie", "__Secure-tuition_rt=" + cookie(first, "__Secure-tuition_rt")->value}});
  CHECK(again.cookies.size() == 2);
  CHECK(data_of(again).find("tokens")->sort == JsonNode::Sort::null);
  CHECK(data_of(again).find("expiresAt")->text == to_text(site.school.clock.now() + hours(1)));
}

TEST_CASE("refreshing without any token is refused") {
  Site site;
  CHECK(site.call("refreshSession", "{}").status == 401);
}

TEST_CASE("signing out clears the cookies, with and without a session") {
  Site site;
  site.school.add("ada@example.org");
  const auto first = site.login();
  const std::pair<std::string, std::string> proof{"cookie",
                                                  "__Host-tuition_at=" + cookie(first, "__Host-tuition_at")->value};
  for (const auto& headers : {std::vector{proof}, std::vector<std::pair<std::string, std::string>>{}}) {
    const auto reply = site.call("logout", "", headers);
    REQUIRE(reply.cookies.size() == 2);
    for (const auto& each : reply.cookies) {
      CHECK(each.max_age.ms <= 0);
      CHECK(each.value.empty());
    }
    CHECK(data_of(reply).sort == JsonNode::Sort::null);
  }
  CHECK(site.school.trail_of("auth.logout") == 1);
}

TEST_CASE("signing out ends the session also when the access token's time is over") {
  Site site;
  site.school.add("ada@example.org");
  const auto first = site.login();
  const std::string access = cookie(first, "__Host-tuition_at")->value;
  const auto refreshing = [&] {
    return site.call("refreshSession", "",
                     {{"cookie", "__Secure-tuition_rt=" + cookie(first, "__Secure-tuition_rt")->value}});
  };
  site.school.clock.pass(hours(3));
  REQUIRE(site.authenticator
              .authenticate([&] {
                http::Request request;
                request.https = true;
                request.headers = {{"cookie", "__Host-tuition_at=" + access}};
                return request;
              }())
              .error()
              .code == "TOKEN_EXPIRED");
  CHECK(site.call("logout", "", {{"cookie", "__Host-tuition_at=" + access}}, {}, Site::Proof::stale_is_none).status ==
        0);
  CHECK(site.school.trail_of("auth.logout") == 1);
  CHECK(refreshing().status == 401);
}

TEST_CASE("a token that is not ours signs nobody out") {
  Site site;
  site.school.add("ada@example.org");
  const auto first = site.login();
  auto bent = cookie(first, "__Host-tuition_at")->value;
  bent.back() = bent.back() == 'A' ? 'B' : 'A';
  CHECK(site.call("logout", "", {{"cookie", "__Host-tuition_at=" + bent}}, {}, Site::Proof::stale_is_none).status == 0);
  CHECK(site.school.trail_of("auth.logout") == 0);
}

TEST_CASE("fields that would raise one's rights are refused as unknown") {
  Site site;
  site.school.add("ada@example.org");
  const std::pair<std::string, std::string> proof{
      "authorization", "Bearer " + site.school.sign_in("ada@example.org")->issued.access_token};
  for (const auto* body :
       {R"({"role":"admin"})", R"({"isOwner":true})", R"({"email":"x@y.example"})", R"({"access":"paid"})"})
    for (const auto* operation : {"putProfile", "updateProfile", "patchProfile", "postProfile"})
      CHECK(site.call(operation, body, {proof}).status == 400);
  CHECK(site.call("register", R"({"email":"a@b.example","password":"correct horse battery","role":"admin"})").status ==
        400);
}

TEST_CASE("every wrong field of a sign-up is named at once") {
  Site site;
  const auto reply = site.call("register", R"({"email":"nonsense","fullName":7,"extra":1})");
  CHECK(reply.status == 400);
  for (const auto* name : {"email", "password", "fullName", "extra"})
    CHECK(reply.body.find("\"" + std::string(name) + "\"") != std::string::npos);
}

TEST_CASE("each operation and each method and path stands once in the table") {
  Site site;
  std::set<std::string> operations;
  std::set<std::string> places;
  for (const auto& route : site.table) {
    CHECK(operations.insert(std::string(route.operation)).second);
    CHECK(places.insert(std::string(http::to_text(route.method)) + " " + std::string(route.path)).second);
    CHECK(route.sentence.ends_with('.'));
  }
}

TEST_CASE("whoever signs in or answers for a second step may be known at the door, and nobody else") {
  Site site;
  std::set<std::string_view> marked;
  for (const auto& route : site.table)
    if (route.known_as) marked.insert(route.operation);
  CHECK(marked == std::set<std::string_view>{"login", "verifyMfa"});

  site.school.add("ada@example.org");
  const auto reply = site.login();
  http::Request request;
  request.https = true;
  request.body = R"({"email":"ada@example.org","password":"whatever it is"})";
  request.headers = {{"cookie", "__Secure-tuition_br=" + cookie(reply, "__Secure-tuition_br")->value}};
  for (const auto& route : site.table) {
    if (route.operation == "login") CHECK_FALSE(route.known_as(request).empty());
    if (route.operation == "verifyMfa") CHECK(route.known_as(request).empty());
  }
}

TEST_CASE("every token that is none is told, wherever it is handed in; a browser without one is not") {
  Site site;
  std::vector<std::string> told;
  site.school.accounts.on_bad_token = [&](const http::Request& request, const Error&) { told.push_back(request.path); };
  site.school.accounts.setup.make(crypto::digest("the printed one"), site.school.clock.now() + minutes(30));
  const std::string new_password = R"(,"password":"another long sentence")";
  for (const auto& [operation, body] : std::vector<std::pair<std::string, std::string>>{
           {"refreshSession", R"({"refreshToken":"made up"})"},
           {"verifyEmail", R"({"token":"made up"})"},
           {"resetPassword", R"({"token":"made up")" + new_password + "}"},
           {"confirmEmail", R"({"token":"made up"})"},
           {"acceptInvite", R"({"token":"made up")" + new_password + "}"},
           {"verifyMfa", R"({"challenge":"made up","code":"000000"})"},
           {"setUp", R"({"token":"made up","email":"a@example.org")" + new_password + "}"}}) {
    INFO(operation);
    told.clear();
    const auto reply = site.call(operation, body);
    CHECK((reply.status == 401 || reply.status == 403));
    CHECK(told.size() == 1);
  }
  told.clear();
  CHECK(site.call("refreshSession", "{}").status == 401);
  site.school.add("ada@example.org");
  const auto refresh = cookie(site.login(), "__Secure-tuition_rt")->value;
  site.school.db->write([](WriteTx& tx) { tx.execute("UPDATE sessions SET revoked_at = 1"); });
  CHECK(site.call("refreshSession", R"({"refreshToken":")" + refresh + R"("})").status == 401);
  CHECK(site.call("login", R"({"email":"ada@example.org","password":"not her password"})").status == 401);
  CHECK(told.empty());
}

}  // namespace tuition::accounts
