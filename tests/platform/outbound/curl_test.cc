#include "platform/outbound/curl.h"

#include <catch2/catch_test_macros.hpp>
#include <mutex>

#include "platform/base/check.h"
#include "platform/outbound/peer.h"

using namespace tuition;
using namespace tuition::outbound;

namespace {

struct HttpCaller {
  metrics::Registry registry{};
  std::vector<Call> calls{};
  bool writing = false;
  CurlClient client;

  explicit HttpCaller(std::vector<std::string> named = {}, Breaker::Settings breaker = {})
      : client({{},
                std::move(named),
                [this] { return writing; },
                [this](const Call& call) { calls.push_back(call); },
                breaker},
               registry) {}

  Result<HttpReply> get(const std::string& url, Duration deadline = seconds(20)) {
    HttpRequest request;
    request.url = url;
    request.provider = "stripe";
    request.deadline = deadline;
    return client.send(request);
  }
};

// Answers every request of every connection with the same bytes.
Peer always(std::string reply, std::vector<std::string>* requests = nullptr) {
  return Peer([reply = std::move(reply), requests](Peer::Connection& connection) {
    for (;;) {
      const std::string request = connection.request();
      if (request.empty()) return;
      if (requests) {
        static std::mutex mutex;
        const std::lock_guard lock(mutex);
        requests->push_back(request);
      }
      connection.say(reply);
    }
  });
}

std::string reply_of(int status, const std::string& body, const std::string& headers = {}) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\n" + headers + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("whoever will be called has figures before the first call") {
  metrics::Registry registry;
  CurlClient::Settings settings;
  settings.providers = {"stripe"};
  CurlClient client(std::move(settings), registry);
  const auto text = registry.prometheus();
  for (const std::string result : {"2xx", "4xx", "5xx", "failed", "circuit_open"}) {
    CAPTURE(result);
    CHECK(text.find("tuition_outbound_requests_total{provider=\"stripe\",result=\"" + result + "\"} 0") !=
          std::string::npos);
  }
}

TEST_CASE("a request arrives as it was given and its reply comes back whole") {
  std::vector<std::string> requests;
  {
    Peer peer = always(reply_of(402, "{\"no\":1}", "Request-Id: req_1\r\nX-A:  b \r\n"), &requests);
    HttpCaller caller({peer.at()});
    HttpRequest request;
    request.method = "POST";
    request.url = "http://" + peer.at() + "/v1/customers?x=1";
    request.headers = {{"Authorization", "Bearer k"}, {"Idempotency-Key", "abc"}};
    request.body = "a=b";
    request.provider = "stripe";
    const auto reply = caller.client.send(request);
    REQUIRE(reply);
    CHECK(reply->status == 402);
    CHECK(reply->body == "{\"no\":1}");
    CHECK(reply->header("x-a") == "b");
    CHECK(reply->header("absent").empty());
    REQUIRE(caller.calls.size() == 1);
    CHECK(caller.calls[0].operation == "POST /v1/customers");
    CHECK(caller.calls[0].status == 402);
    CHECK(caller.calls[0].request_id == "req_1");
    CHECK(caller.registry.prometheus().find("{provider=\"stripe\",result=\"4xx\"} 1") != std::string::npos);
  }
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].starts_with("POST /v1/customers?x=1 HTTP/1.1\r\n"));
  CHECK(requests[0].find("\r\nAuthorization: Bearer k\r\n") != std::string::npos);
  CHECK(requests[0].find("\r\nIdempotency-Key: abc\r\n") != std::string::npos);
  CHECK(requests[0].find("Expect:") == std::string::npos);
  CHECK(requests[0].find("Content-Type:") == std::string::npos);
  CHECK(requests[0].ends_with("\r\n\r\na=b"));
}

TEST_CASE("methods go out as named") {
  std::vector<std::string> requests;
  {
    Peer peer = always(reply_of(200, ""), &requests);
    HttpCaller caller({peer.at()});
    for (const char* method : {"GET", "DELETE", "POST"}) {
      HttpRequest request;
      request.method = method;
      request.url = "http://" + peer.at() + "/x";
      CHECK(caller.client.send(request));
    }
    // Reading calls share a connection.
    CHECK(peer.connections() == 2);
  }
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].starts_with("GET /x"));
  CHECK(requests[1].starts_with("DELETE /x"));
  CHECK(requests[2].find("\r\nContent-Length: 0\r\n") != std::string::npos);
}

TEST_CASE("what may have been done is not sent twice") {
  std::atomic<int> posts = 0;
  Peer peer([&](Peer::Connection& connection) {
    for (;;) {
      const std::string request = connection.request();
      if (request.empty()) return;
      // Reading is answered; a POST ends the connection, perhaps after it was acted on.
      if (request.starts_with("POST")) {
        ++posts;
        return;
      }
      connection.say(reply_of(200, "ok"));
    }
  });
  HttpCaller caller({peer.at()});
  REQUIRE(caller.get("http://" + peer.at() + "/"));
  HttpRequest request;
  request.method = "POST";
  request.url = "http://" + peer.at() + "/";
  CHECK_FALSE(caller.client.send(request));
  CHECK(posts == 1);
}

TEST_CASE("redirects are answers, not orders") {
  Peer inside = always(reply_of(200, "secret"));
  Peer peer = always(reply_of(302, "", "Location: http://" + inside.at() + "/\r\n"));
  HttpCaller caller({peer.at(), inside.at()});
  const auto reply = caller.get("http://" + peer.at() + "/");
  REQUIRE(reply);
  CHECK(reply->status == 302);
  CHECK(inside.connections() == 0);
}

TEST_CASE("no name or number leads inside unless it was named") {
  Peer peer = always(reply_of(200, "secret"));
  HttpCaller caller;
  const std::string port = peer.at().substr(peer.at().find(':'));
  for (const std::string& url :
       {"http://" + peer.at() + "/", "https://" + peer.at() + "/", "https://localhost" + port + "/",
        "http://0x7f.1" + port + "/", "http://[::1]" + port + "/", std::string("https://127.0.0.1/"),
        std::string("https://localhost/"), std::string("https://0x7f.1/"), std::string("https://2130706433/"),
        std::string("https://[::1]/"), std::string("https://[::ffff:127.0.0.1]/"),
        std::string("https://169.254.169.254/latest/"), std::string("https://10.0.0.1/"),
        std::string("file:///etc/passwd"), std::string("gopher://127.0.0.1/"), std::string("https://")}) {
    CAPTURE(url);
    HttpCaller fresh;
    const auto reply = fresh.get(url, seconds(5));
    REQUIRE_FALSE(reply);
    CHECK(reply.error().kind == Kind::provider);
  }
  CHECK(peer.connections() == 0);
  CHECK(caller.get("https://127.0.0.1/").error().detail == "127.0.0.1 leads to 127.0.0.1, which is not public");
  caller.client.name(peer.at());
  CHECK(caller.get("http://" + peer.at() + "/"));
  CHECK_FALSE(caller.get("http://localhost" + port + "/"));
}

TEST_CASE("a reply over its cap, cut short, or not HTTP is no reply") {
  Peer large = always(reply_of(200, std::string(5000, 'x')));
  Peer cut([](Peer::Connection& connection) {
    connection.request();
    connection.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  });
  Peer rubbish([](Peer::Connection& connection) {
    connection.request();
    connection.say("hello\r\n");
  });
  Peer silent([](Peer::Connection& connection) { connection.request(); });
  HttpCaller caller({large.at(), cut.at(), rubbish.at(), silent.at()});
  HttpRequest request;
  request.url = "http://" + large.at() + "/";
  request.reply_max = 4999;
  CHECK_FALSE(caller.client.send(request));
  request.reply_max = 5000;
  CHECK(caller.client.send(request));
  CHECK_FALSE(caller.get("http://" + cut.at() + "/"));
  CHECK_FALSE(caller.get("http://" + rubbish.at() + "/"));
  CHECK_FALSE(caller.get("http://" + silent.at() + "/"));
}

TEST_CASE("a peer that hangs is left at the deadline") {
  Peer peer([](Peer::Connection& connection) {
    connection.request();
    connection.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx");
    connection.wait_for_end();
  });
  HttpCaller caller({peer.at()});
  const auto reply = caller.get("http://" + peer.at() + "/", milliseconds(50));
  REQUIRE_FALSE(reply);
  CHECK(reply.error().code == "PROVIDER_ERROR");
}

TEST_CASE("after repeated failures calls are refused without being made") {
  Peer peer = always(reply_of(503, "down"));
  HttpCaller caller({peer.at()}, {3, hours(1)});
  for (int i = 0; i < 3; ++i) CHECK(caller.get("http://" + peer.at() + "/")->status == 503);
  const auto refused = caller.get("http://" + peer.at() + "/");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().retry_after_s > 0);
  CHECK(caller.calls.size() == 3);
  HttpRequest other;
  other.url = "http://" + peer.at() + "/";
  other.provider = "paystack";
  CHECK(caller.client.send(other));
}

TEST_CASE("calling while a write is open is a bug") {
  HttpCaller caller;
  caller.writing = true;
  CHECK_THROWS_AS(caller.get("https://example.org/"), Bug);
}

TEST_CASE("a header that would become two is a bug") {
  Peer peer = always(reply_of(200, ""));
  HttpCaller caller({peer.at()});
  HttpRequest request;
  request.url = "http://" + peer.at() + "/";
  request.headers = {{"X-A", "b\r\nX-C: d"}};
  CHECK_THROWS_AS(caller.client.send(request), Bug);
  CHECK(peer.connections() == 0);
}
