#include "platform/http/guard.h"

#include <catch2/catch_test_macros.hpp>

#include "site.h"

using namespace tuition;
using namespace tuition::http;
using namespace tuition::http::tests;

namespace {

Routes some_routes() {
  return {route(Method::get, "/api/open", says("open")),
          route(Method::post, "/api/open", says("done")),
          route(Method::get, "/api/mine", says("mine"), Access::member),
          route(Method::post, "/api/mine", says("kept"), Access::member),
          route(Method::get, "/api/teach", says("teach"), Access::instructor),
          route(Method::get, "/api/run", says("run"), Access::admin, Bucket::admin),
          route(Method::post, "/api/login", says("in"), Access::anyone, Bucket::auth),
          route(Method::post, "/api/hook", says("heard"), Access::signed_body, Bucket::none),
          route(Method::get, "/metrics", says("numbers"), Access::operations, Bucket::none)};
}

std::string post(const std::string& path, const std::string& more = "") {
  return "POST " + path + " HTTP/1.1\r\nHost: school.example\r\n" + more + "\r\n";
}

const std::string learner = "Authorization: Bearer learner\r\n";
const std::string cookie = "Cookie: tuition_at=learner\r\n";

}  // namespace

TEST_CASE("each route is open to those it names") {
  Site site(some_routes());
  const auto status = [&](const std::string& path, const std::string& who) {
    return status_of_answer(site.ask(get(path, who.empty() ? "" : "Authorization: Bearer " + who + "\r\n")));
  };
  CHECK(status("/api/open", "") == 200);
  CHECK(status("/api/mine", "") == 401);
  CHECK(status("/api/mine", "learner") == 200);
  CHECK(status("/api/mine", "forged") == 401);
  CHECK(status("/api/teach", "learner") == 403);
  CHECK(status("/api/teach", "teacher") == 200);
  CHECK(status("/api/run", "teacher") == 403);
  CHECK(status("/api/run", "owner") == 200);
  CHECK(status("/metrics", "learner") == 403);
  CHECK(status("/metrics", "owner") == 200);
}

TEST_CASE("administrators work from the networks the operator named") {
  GuardSettings settings;
  settings.admin_networks = {"192.0.2.0/24"};
  settings.operations_networks = {"198.51.100.7"};
  Site site(some_routes(), settings);
  const auto owner = get("/api/run", "Authorization: Bearer owner\r\n");
  CHECK(status_of_answer(site.ask(owner, "", "192.0.2.9")) == 200);
  CHECK(status_of_answer(site.ask(owner, "", "203.0.113.5")) == 403);
  const auto teach = get("/api/teach", "Authorization: Bearer owner\r\n");
  CHECK(status_of_answer(site.ask(teach, "", "192.0.2.9")) == 200);
  CHECK(status_of_answer(site.ask(teach, "", "203.0.113.5")) == 403);
  CHECK(status_of_answer(site.ask(get("/api/mine", "Authorization: Bearer owner\r\n"), "", "203.0.113.5")) == 200);
  CHECK(status_of_answer(site.ask(get("/metrics", "Authorization: Bearer owner\r\n"), "", "203.0.113.5")) == 403);
  CHECK(status_of_answer(site.ask(get("/metrics"), "", "198.51.100.7")) == 200);
  CHECK(status_of_answer(site.ask(get("/metrics"), "", "198.51.100.8")) == 401);
}

TEST_CASE("networks that cannot be read let no administrator in") {
  GuardSettings settings;
  settings.admin_networks = {"10.0.0.0/99"};
  Site site(some_routes(), settings);
  const auto owner = std::string("Authorization: Bearer owner\r\n");
  CHECK(status_of_answer(site.ask(get("/api/run", owner), "", "10.0.0.1")) == 403);
  CHECK(status_of_answer(site.ask(get("/api/mine", owner), "", "10.0.0.1")) == 200);
}

TEST_CASE("staff who must set up a second step first are learners until they have") {
  GuardSettings settings;
  settings.admin_networks = {"192.0.2.0/24"};
  Site site(some_routes(), settings);
  const auto ask = [&](const std::string& path, const std::string& who, const std::string& peer = "192.0.2.9") {
    return site.ask(get(path, "Authorization: Bearer " + who + "\r\n"), "", peer);
  };
  for (const auto* path : {"/api/teach", "/api/run", "/metrics"}) {
    CAPTURE(path);
    CHECK(status_of_answer(ask(path, "owner!")) == 403);
    CHECK(body_of_answer(ask(path, "owner!")).find("MFA_SETUP_REQUIRED") != std::string::npos);
    CHECK(body_of_answer(ask(path, "key:owner:ops!")).find("MFA_SETUP_REQUIRED") != std::string::npos);
  }
  CHECK(status_of_answer(ask("/api/mine", "owner!")) == 200);
  CHECK(body_of_answer(ask("/api/run", "owner!", "203.0.113.5")).find("from this address") != std::string::npos);
  CHECK(status_of_answer(ask("/api/run", "owner")) == 200);
}

TEST_CASE("a key goes where its scope is named, within what its owner may do") {
  Site site({for_keys("profile:read", route(Method::get, "/api/profile", says("me"), Access::member)),
             for_keys("users:read", route(Method::get, "/api/people", says("all"), Access::admin)),
             for_keys(no_keys, route(Method::get, "/api/password", says("secret"), Access::member)),
             route(Method::get, "/api/silent", says("nothing said"), Access::member),
             for_keys("ops", route(Method::get, "/metrics", says("numbers"), Access::operations, Bucket::none)),
             for_keys("courses:read", route(Method::get, "/api/courses", raw([](const Request& request) {
                                              return text(200, request.caller.signed_in() ? "yours" : "everybody's");
                                            }))),
             route(Method::get, "/api/open", raw([](const Request& request) {
                     return text(200, request.caller.signed_in() ? "yours" : "everybody's");
                   }))});
  const auto ask = [&](const std::string& path, const std::string& key) {
    return site.ask(get(path, "Authorization: Bearer key:" + key + "\r\n"));
  };
  const auto status = [&](const std::string& path, const std::string& key) { return status_of_answer(ask(path, key)); };
  CHECK(status("/api/profile", "learner:profile:read") == 200);
  CHECK(status("/api/profile", "learner:profile:write") == 403);
  CHECK(body_of_answer(ask("/api/profile", "learner:ops")).find("SCOPE_REQUIRED") != std::string::npos);
  CHECK(body_of_answer(ask("/api/profile", "learner:ops")).find("profile:read") != std::string::npos);
  CHECK(status("/api/people", "owner:users:read") == 200);
  CHECK(status("/api/people", "owner:users:write") == 403);
  CHECK(status("/api/people", "learner:users:read") == 403);
  // The word itself opens nothing.
  for (const auto* scope : {"none", "", "profile:read"}) {
    CHECK(status("/api/password", std::string("owner:") + scope) == 403);
    CHECK(status("/api/silent", std::string("owner:") + scope) == 403);
  }
  CHECK(status("/metrics", "owner:ops") == 200);
  CHECK(status("/metrics", "owner:users:read") == 403);
  CHECK(status("/metrics", "learner:ops") == 403);
  // Where everybody may come in, a key without the scope is nobody in particular.
  CHECK(body_of_answer(ask("/api/courses", "learner:courses:read")) == "yours");
  CHECK(body_of_answer(ask("/api/courses", "learner:profile:read")) == "everybody's");
  CHECK(body_of_answer(ask("/api/open", "learner:courses:read")) == "everybody's");
}

TEST_CASE("the administrators' networks hold for their keys as well") {
  GuardSettings settings;
  settings.admin_networks = {"192.0.2.0/24"};
  Site site({for_keys("users:read", route(Method::get, "/api/people", says("all"), Access::admin))}, settings);
  const auto asked = get("/api/people", "Authorization: Bearer key:owner:users:read\r\n");
  CHECK(status_of_answer(site.ask(asked, "", "192.0.2.9")) == 200);
  CHECK(status_of_answer(site.ask(asked, "", "203.0.113.5")) == 403);
}

TEST_CASE("each key has a limit of its own") {
  GuardSettings settings;
  settings.api = {2, seconds(60)};
  Site site({for_keys("profile:read", route(Method::get, "/api/profile", says("me"), Access::member))}, settings);
  const auto status = [&](const std::string& who) {
    return status_of_answer(site.ask(get("/api/profile", "Authorization: Bearer " + who + "\r\n")));
  };
  for (const auto* who : {"learner", "key:learner:profile:read", "key:teacher:profile:read"}) {
    CHECK(status(who) == 200);
    CHECK(status(who) == 200);
    CHECK(status(who) == 429);
  }
}

TEST_CASE("a stale cookie does not keep anybody from what is public") {
  Site site(some_routes());
  CHECK(status_of_answer(site.ask(get("/api/open", "Cookie: tuition_at=stale\r\n"))) == 200);
  CHECK(status_of_answer(site.ask(get("/api/open", "Authorization: Bearer stale\r\n"))) == 401);
  CHECK(status_of_answer(site.ask(get("/api/mine", "Cookie: tuition_at=stale\r\n"))) == 401);
}

TEST_CASE("requests that another site made a browser send change nothing") {
  Site site(some_routes());
  const auto status = [&](const std::string& more) {
    return status_of_answer(site.ask(post("/api/mine", cookie + more)));
  };
  CHECK(status("Sec-Fetch-Site: same-origin\r\n") == 200);
  CHECK(status("Sec-Fetch-Site: none\r\n") == 200);
  CHECK(status("Sec-Fetch-Site: same-site\r\n") == 403);
  CHECK(status("Sec-Fetch-Site: cross-site\r\n") == 403);
  CHECK(status("Origin: https://school.example\r\n") == 200);
  CHECK(status("Origin: https://school.example.evil.tld\r\n") == 403);
  CHECK(status("Origin: null\r\n") == 403);
  CHECK(status("") == 403);
  // Not by cookie: nothing to forge.
  CHECK(status_of_answer(site.ask(post("/api/mine", learner))) == 200);
  // Nor may it sign anybody in.
  CHECK(status_of_answer(site.ask(post("/api/login", "Sec-Fetch-Site: cross-site\r\n"))) == 403);
  CHECK(status_of_answer(site.ask(post("/api/login"))) == 200);
  CHECK(status_of_answer(site.ask(post("/api/login", "Cookie: tuition_rt=x\r\n"))) == 403);
  // A gateway's notice proves itself by its signature.
  CHECK(status_of_answer(site.ask(post("/api/hook", "Sec-Fetch-Site: cross-site\r\nCookie: tuition_at=x\r\n"))) == 200);
}

TEST_CASE("a page of ours that came over http is not one of an https site's own") {
  const auto status = [](Site& site, const std::string& host, const std::string& origin) {
    const std::string head = "POST /api/mine HTTP/1.1\r\nHost: " + host + "\r\nOrigin: " + origin + "\r\n";
    return status_of_answer(site.ask(head + cookie + "Content-Length: 0\r\n\r\n"));
  };
  GuardSettings settings;
  settings.https = true;
  Site secure(some_routes(), settings);
  CHECK(status(secure, "school.example", "https://school.example") == 200);
  CHECK(status(secure, "school.example", "http://school.example") == 403);
  CHECK(status(secure, "school.example", "ftp://school.example") == 403);
  // The machine itself, of which nobody can pretend to be the page.
  CHECK(status(secure, "127.0.0.1:8080", "http://127.0.0.1:8080") == 200);
  CHECK(status(secure, "localhost:8080", "http://localhost:8080") == 200);
  CHECK(status(secure, "192.0.2.1:8080", "http://192.0.2.1:8080") == 403);
  Site plain(some_routes());
  CHECK(status(plain, "school.example", "http://school.example") == 200);
  CHECK(status(plain, "school.example", "https://school.example") == 200);  // behind a proxy nobody named
  GuardSettings behind_proxy;
  behind_proxy.trusted_proxies = {"203.0.113.5"};
  Site proxied(some_routes(), behind_proxy);
  CHECK(status(proxied, "school.example\r\nX-Forwarded-Proto: https", "http://school.example") == 403);
  CHECK(status(proxied, "school.example\r\nX-Forwarded-Proto: https", "https://school.example") == 200);
}

TEST_CASE("only the origins the operator listed may read answers") {
  GuardSettings settings;
  settings.origins = {"https://app.example.org"};
  Site site(some_routes(), settings);
  const auto preflight = [](const std::string& origin) {
    return "OPTIONS /api/open HTTP/1.1\r\nHost: school.example\r\nOrigin: " + origin +
           "\r\nAccess-Control-Request-Method: POST\r\n\r\n";
  };
  const auto allowed = site.ask(preflight("https://app.example.org"));
  CHECK(status_of_answer(allowed) == 204);
  CHECK(header_of(allowed, "Access-Control-Allow-Origin") == "https://app.example.org");
  for (const auto* origin : {"https://evil.example", "null", "https://app.example.org.evil.tld"}) {
    const auto refused = site.ask(preflight(origin));
    CHECK(status_of_answer(refused) == 403);
    CHECK_FALSE(header_of(refused, "Access-Control-Allow-Origin"));
    CHECK_FALSE(header_of(site.ask(get("/api/open", std::string("Origin: ") + origin + "\r\n")),
                          "Access-Control-Allow-Origin"));
    CHECK(status_of_answer(site.ask(post("/api/mine", learner + "Origin: " + origin + "\r\n"))) == 403);
  }
  CHECK(header_of(site.ask(get("/api/open", "Origin: https://app.example.org\r\n")), "Access-Control-Allow-Origin"));
  // Whoever asks and whatever comes of it: a cache keeps the answers to different origins apart.
  for (const auto& request : {get("/api/open"), get("/api/open", "Origin: https://app.example.org\r\n"),
                              get("/api/nothing"), get("/api/mine"), preflight("https://evil.example")})
    CHECK(header_of(site.ask(request), "Vary") == "Origin");
  Site alone(some_routes());
  CHECK_FALSE(header_of(alone.ask(get("/api/open")), "Vary"));
}

TEST_CASE("unknown hosts are turned away and addresses are not") {
  GuardSettings settings;
  settings.hosts = {"school.example"};
  Site site(some_routes(), settings);
  const auto status = [&](const std::string& host) {
    return status_of_answer(site.ask("GET /api/open HTTP/1.1\r\nHost: " + host + "\r\n\r\n"));
  };
  CHECK(status("school.example") == 200);
  CHECK(status("School.Example:8443") == 200);
  CHECK(status("127.0.0.1:8080") == 200);
  CHECK(status("school.localhost") == 200);
  CHECK(status("notlocalhost") == 421);
  CHECK(status("evil.example") == 421);
}

TEST_CASE("limits can be switched while requests come in") {
  Site site(some_routes());
  CHECK(header_of(site.ask(get("/api/open")), "RateLimit"));
  GuardSettings settings;
  settings.limits = false;
  site.guard.change_limits(settings);
  for (int i = 0; i < 20; ++i) CHECK(status_of_answer(site.ask(post("/api/login"))) == 200);
  CHECK_FALSE(header_of(site.ask(get("/api/open")), "RateLimit"));
  settings.limits = true;
  site.guard.change_limits(settings);
  for (int i = 0; i < 5; ++i) CHECK(status_of_answer(site.ask(post("/api/login"))) == 200);
  CHECK(status_of_answer(site.ask(post("/api/login"))) == 429);
  settings.auth = {7, seconds(30)};
  site.guard.change_limits(settings);
  const auto sixth = site.ask(post("/api/login"));
  CHECK(status_of_answer(sixth) == 200);
  CHECK(header_of(sixth, "RateLimit-Policy") == "\"auth\";q=7;w=30");
  settings.auth = {3, seconds(30)};
  site.guard.change_limits(settings);
  const auto refused = site.ask(post("/api/login"));
  CHECK(status_of_answer(refused) == 429);
  CHECK(header_of(refused, "RateLimit")->starts_with("\"auth\";r=0;"));
}

TEST_CASE("a limit says what is left and when to come back") {
  Site site(some_routes());
  for (int left = 4; left >= 0; --left) {
    const auto answer = site.ask(post("/api/login"));
    CHECK(status_of_answer(answer) == 200);
    CHECK(header_of(answer, "RateLimit") == "\"auth\";r=" + std::to_string(left) + ";t=60");
    CHECK(header_of(answer, "RateLimit-Policy") == "\"auth\";q=5;w=60");
  }
  site.clock.at = site.clock.at + seconds(20);
  const auto refused = site.ask(post("/api/login", "Accept: application/problem+json\r\n"));
  CHECK(status_of_answer(refused) == 429);
  CHECK(header_of(refused, "Retry-After") == "40");
  CHECK(body_of_answer(refused).find("quota-exceeded") != std::string::npos);
  CHECK(status_of_answer(site.ask(post("/api/login"), "", "203.0.113.6")) == 200);
  site.clock.at = site.clock.at + seconds(40);
  CHECK(status_of_answer(site.ask(post("/api/login"))) == 200);
}

TEST_CASE("whoever is known where they want to go comes in although others have used up their address, a few times") {
  auto routes = some_routes();
  routes.push_back(route(Method::post, "/api/join", says("joined"), Access::anyone, Bucket::auth));
  for (auto& each : routes)
    if (each.path == "/api/login")
      each.known_as = [](const Request& request) { return std::string(request.cookie("friend")); };
  Site site(std::move(routes));
  const auto status = [&](const std::string& path, const std::string& friendly = "") {
    return status_of_answer(site.ask(post(path, friendly.empty() ? "" : "Cookie: friend=" + friendly + "\r\n")));
  };
  for (int i = 0; i < 5; ++i) CHECK(status("/api/login") == 200);
  CHECK(status("/api/login") == 429);
  for (int i = 0; i < 5; ++i) CHECK(status("/api/login", "ada") == 200);
  CHECK(status("/api/login", "ada") == 429);
  CHECK(status("/api/login", "bea") == 200);
  CHECK(status("/api/login") == 429);
  CHECK(status("/api/join", "bea") == 429);
  site.clock.at = site.clock.at + seconds(60);
  CHECK(status("/api/login", "ada") == 200);
}

TEST_CASE("a limit that was changed counts those who are known, too") {
  auto login = route(Method::post, "/api/login", says("in"), Access::anyone, Bucket::auth);
  login.known_as = [](const Request&) { return std::string("ada"); };
  Site site({login});
  GuardSettings fewer;
  fewer.auth = {1, seconds(60)};
  site.guard.change_limits(fewer);
  CHECK(status_of_answer(site.ask(post("/api/login"))) == 200);
  CHECK(status_of_answer(site.ask(post("/api/login"))) == 200);
  CHECK(status_of_answer(site.ask(post("/api/login"))) == 429);
}

TEST_CASE("limits count people by who they are, strangers by address, IPv6 by its network") {
  GuardSettings settings;
  settings.api = {2, seconds(60)};
  Site site(some_routes(), settings);
  const auto status = [&](const std::string& who, const std::string& peer) {
    return status_of_answer(site.ask(get("/api/open", who), "", peer));
  };
  CHECK(status("", "2001:db8:1:2::1") == 200);
  CHECK(status("", "2001:db8:1:2::2") == 200);
  CHECK(status("", "2001:db8:1:2:ffff::3") == 429);
  CHECK(status("", "2001:db8:1:3::1") == 200);
  CHECK(status(learner, "2001:db8:1:2::1") == 200);
  CHECK(status(learner, "203.0.113.5") == 200);
  CHECK(status(learner, "203.0.113.6") == 429);
}

TEST_CASE("a refused form costs nothing of the caller's own limit") {
  GuardSettings settings;
  settings.api = {1, seconds(60)};
  auto verb = raw([](const Request&) { return text(200, ""); });
  // Like json(): validates first, then asks.
  const Shape form;
  verb.counts_call = true;
  verb.form = &form;
  verb.run = [](const Request& request, Respond respond) {
    if (request.body == "bad") return respond(text(400, ""));
    if (detail::may_call(request, respond)) respond(text(200, ""));
  };
  Site site({route(Method::post, "/api/form", verb)}, settings);
  CHECK(status_of_answer(site.ask(post("/api/form"), "bad")) == 400);
  CHECK(status_of_answer(site.ask(post("/api/form"), "bad")) == 400);
  CHECK(status_of_answer(site.ask(post("/api/form"), "good")) == 200);
  CHECK(status_of_answer(site.ask(post("/api/form"), "good")) == 429);
  CHECK(status_of_answer(site.ask(post("/api/form"), "bad")) == 400);
}

TEST_CASE("forwarded addresses are believed only of the operator's own proxies") {
  GuardSettings settings;
  settings.trusted_proxies = {"10.0.0.0/8"};
  auto tell = raw([](const Request& request) {
    return text(200, request.caller.ip + " " + request.host + (request.https ? " https" : " http"));
  });
  Site site({route(Method::get, "/api/me", tell)}, settings);
  const std::string forwarded =
      "X-Forwarded-For: 1.2.3.4, 198.51.100.1, 10.0.0.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: "
      "public.example\r\n";
  CHECK(body_of_answer(site.ask(get("/api/me", forwarded), "", "10.0.0.1")) == "198.51.100.1 public.example https");
  CHECK(body_of_answer(site.ask(get("/api/me", forwarded), "", "203.0.113.5")) == "203.0.113.5 school.example http");
  CHECK(header_of(site.ask(get("/api/me", "X-Request-Id: chosen-by-proxy\r\n"), "", "10.0.0.1"), "X-Request-Id") ==
        "chosen-by-proxy");
  CHECK(header_of(site.ask(get("/api/me", "X-Request-Id: chosen-by-client\r\n")), "X-Request-Id") !=
        "chosen-by-client");

  // A site whose address is https is reached by https, though a proxy between may not say so.
  settings.https = true;
  Site secure({route(Method::get, "/api/me", tell)}, settings);
  CHECK(body_of_answer(secure.ask(get("/api/me"), "", "203.0.113.5")).ends_with(" https"));
  CHECK(body_of_answer(secure.ask(get("/api/me", "X-Forwarded-Proto: http\r\n"), "", "10.0.0.1")).ends_with(" https"));
}

TEST_CASE("browsers keep to HTTPS for a year, and below the site's name if the operator says so") {
  GuardSettings settings;
  for (const bool below : {true, false}) {
    settings.https = true;
    settings.hsts_subdomains = below;
    Site site(some_routes(), settings);
    CHECK(header_of(site.ask(get("/api/open")), "Strict-Transport-Security") ==
          (below ? "max-age=31536000; includeSubDomains" : "max-age=31536000"));
    settings.https = false;
    Site plain(some_routes(), settings);
    CHECK_FALSE(header_of(plain.ask(get("/api/open")), "Strict-Transport-Security"));
  }
}

TEST_CASE("networks contain the addresses their bits say") {
  const auto networks = Networks::parse({"10.1.0.0/16", "2001:db8::/33", "192.0.2.7"});
  for (const auto* in : {"10.1.255.255", "::ffff:10.1.0.1", "2001:db8:7fff::1", "192.0.2.7"})
    CHECK(networks.contains_peer(in));
  for (const auto* out : {"10.2.0.0", "2001:db8:8000::1", "192.0.2.8", "unix", "x"})
    CHECK_FALSE(networks.contains_peer(out));
  std::vector<std::string> problems;
  Networks::parse({"10.0.0.0/33", "here", "::/0", "local"}, &problems);
  CHECK(problems == std::vector<std::string>{"10.0.0.0/33", "here"});
}

TEST_CASE("a flood of strangers does not make the counters forget who was refused") {
  Counters counters(42);
  const Limit limit{3, seconds(60)};
  const Instant now{1'800'000'000'000};
  for (int i = 0; i < 3; ++i) CHECK(counters.take("auth", "me", limit, now).allowed);
  CHECK_FALSE(counters.take("auth", "me", limit, now).allowed);
  for (int i = 0; i < 200'000; ++i) counters.take("auth", std::to_string(i), limit, now);
  CHECK_FALSE(counters.take("auth", "me", limit, now).allowed);
}
