#include "platform/http/front/front.h"

#include <catch2/catch_test_macros.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

#include "platform/base/blocking.h"
#include "platform/http/events.h"
#include "platform/http/front/stream.h"
#include "platform/http/json.h"
#include "site.h"

using namespace tuition;
using namespace tuition::http;
using namespace tuition::http::tests;

namespace {

// Opens once; everybody who waits goes through.
class Gate {
 public:
  void open() {
    std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
  }
  void wait_for_waiters(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

struct Greeted {
  std::string name{};
};

constexpr auto fields_of(const Greeted*) { return table("Greeted", field("name", &Greeted::name, "Who it is.")); }

}  // namespace

TEST_CASE("what another thread finds out is encoded by the front, also when nobody waits for it any more") {
  std::vector<std::function<void(Result<Greeted>)>> open;
  std::mutex mutex;
  std::condition_variable came;
  const auto taken = [&] {
    std::unique_lock lock(mutex);
    came.wait(lock, [&] { return !open.empty(); });
    auto answer = std::move(open.back());
    open.pop_back();
    return answer;
  };
  Site site({route(Method::get, "/api/found", json([&](const Request&, std::function<void(Result<Greeted>)> answer) {
                     std::lock_guard lock(mutex);
                     open.push_back(std::move(answer));
                     came.notify_all();
                   }))});
  auto& front = site.front();
  std::function<void(Result<Greeted>)> too_late;
  {
    Client gone(front.port());
    gone.say(get("/api/found"));
    too_late = taken();
  }
  too_late(Greeted{"nobody"});
  Client client(front.port());
  client.say(get("/api/found?fields=name"));
  taken()(Greeted{"Ada"});
  CHECK(body_of_answer(client.hear()).starts_with(R"({"success":true,"data":{"name":"Ada"})"));
  client.say(get("/api/found"));
  taken()(not_found("There is no such name."));
  CHECK(status_of_answer(client.hear()) == 404);
}

TEST_CASE("answers that come later and in another order reach their own requests") {
  std::mutex mutex;
  std::condition_variable arrived;
  std::deque<std::pair<std::string, Respond>> waiting;
  Endpoint later{[&](const Request& request, Respond respond) {
    std::lock_guard lock(mutex);
    waiting.emplace_back(std::string(request.param("n")), respond);
    arrived.notify_all();
  }};
  Site site({route(Method::get, "/api/later/{n}", later)});
  std::deque<Client> clients;
  for (int i = 0; i < 8; ++i) {
    auto& client = clients.emplace_back(site.front().port());
    const auto n = std::to_string(i);
    client.say(get("/api/later/" + n) + get("/api/later/" + n + "b"));
  }
  // Each connection has one request with us at a time; the last to come is answered first.
  for (int round = 0; round < 2; ++round) {
    std::unique_lock lock(mutex);
    arrived.wait(lock, [&] { return waiting.size() == 8; });
    const auto all = std::exchange(waiting, {});
    lock.unlock();
    for (auto each = all.rbegin(); each != all.rend(); ++each) each->second(text(200, each->first));
  }
  for (int i = 0; i < 8; ++i) {
    CHECK(body_of_answer(clients[static_cast<std::size_t>(i)].hear()) == std::to_string(i));
    CHECK(body_of_answer(clients[static_cast<std::size_t>(i)].hear()) == std::to_string(i) + "b");
  }
}

TEST_CASE("pipelined requests are answered in order") {
  Site site({route(Method::get, "/api/echo/{n}",
                   raw([](const Request& request) { return text(200, std::string(request.param("n"))); }))},
            GuardSettings::open_to_all());
  Client client(site.front().port());
  std::string bytes;
  for (int i = 0; i < 500; ++i) bytes += get("/api/echo/" + std::to_string(i));
  client.say(bytes);
  for (int i = 0; i < 500; ++i) REQUIRE(body_of_answer(client.hear()) == std::to_string(i));
}

TEST_CASE("handlers that block leave their place to others") {
  Gate gate;
  FrontSettings settings;
  settings.threads = 1;
  settings.blocked_max = 4;
  Site site({route(Method::get, "/api/slow", raw([&](const Request&) {
                     Blocking waiting;
                     gate.wait();
                     return text(200, "slow");
                   })),
             route(Method::get, "/api/quick", says("quick"))},
            {}, settings);
  std::deque<Client> slow;
  for (int i = 1; i <= 4; ++i) {
    slow.emplace_back(site.front().port()).say(get("/api/slow"));
    gate.wait_for_waiters(i);
  }
  Client quick(site.front().port());
  quick.say(get("/api/quick"));
  CHECK(body_of_answer(quick.hear()) == "quick");
  // No more of those that are known to wait.
  quick.say(get("/api/slow"));
  const auto refused = quick.hear();
  CHECK(status_of_answer(refused) == 503);
  CHECK(header_of(refused, "Retry-After") == "1");
  gate.open();
  for (auto& client : slow) CHECK(body_of_answer(client.hear()) == "slow");
}

TEST_CASE("more requests than may be in progress are told to come back") {
  std::mutex mutex;
  std::condition_variable arrived;
  std::vector<Respond> waiting;
  FrontSettings settings;
  settings.requests_max = 2;
  Site site({route(Method::get, "/api/later", Endpoint{[&](const Request&, Respond respond) {
                     std::lock_guard lock(mutex);
                     waiting.push_back(std::move(respond));
                     arrived.notify_all();
                   }})},
            {}, settings);
  Client one(site.front().port()), two(site.front().port()), three(site.front().port());
  one.say(get("/api/later"));
  two.say(get("/api/later"));
  {
    std::unique_lock lock(mutex);
    arrived.wait(lock, [&] { return waiting.size() == 2; });
  }
  three.say(get("/api/later"));
  const auto refused = three.hear();
  CHECK(status_of_answer(refused) == 503);
  CHECK(header_of(refused, "Retry-After") == "1");
  for (auto& respond : waiting) respond(text(200, "at last"));
  waiting.clear();
  CHECK(body_of_answer(one.hear()) == "at last");
  CHECK(body_of_answer(two.hear()) == "at last");
}

TEST_CASE("an upload of any size passes through in pieces") {
  auto taken = std::make_shared<std::atomic<std::size_t>>(0);
  auto largest = std::make_shared<std::atomic<std::size_t>>(0);
  auto take = upload([=](std::shared_ptr<const Request>) -> Result<Upload> {
    return Upload{[=](std::string_view piece) -> Result<void> {
                    *taken += piece.size();
                    *largest = std::max(largest->load(), piece.size());
                    return {};
                  },
                  [=](Respond respond) { respond(text(201, std::to_string(taken->load()))); }};
  });
  Routes routes{route(Method::post, "/api/media", take, Access::member)};
  routes[0].body_max = 8 * 1024 * 1024;
  Site site(routes);
  const std::string head = "POST /api/media HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer learner\r\n";
  Client client(site.front().port());
  client.say(head + "Content-Length: 5000000\r\n\r\n" + std::string(5000000, 'x'));
  CHECK(body_of_answer(client.hear()) == "5000000");
  CHECK(*largest <= 64 * 1024);
  client.say(head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
  CHECK(body_of_answer(client.hear()) == "5000005");
  client.say(head + "Content-Length: 50000000\r\n\r\n");
  CHECK(status_of_answer(client.hear()) == 413);
  // Nobody's body is taken before it is known whose it is.
  Client stranger(site.front().port());
  stranger.say("POST /api/media HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n");
  CHECK(status_of_answer(stranger.hear()) == 401);
}

TEST_CASE("streamed answers arrive whole, or are seen not to be") {
  const auto stream = [](std::optional<std::uint64_t> length, int pieces) {
    return raw([=](const Request&) {
      Reply reply = text(200, "");
      reply.stream = std::make_shared<BodyStream>();
      reply.stream->length = length;
      reply.stream->next = [pieces, n = 0](std::string& out) mutable {
        if (n++ == pieces) return false;
        out.append(1000, 'x');
        return true;
      };
      return reply;
    });
  };
  Site site({route(Method::get, "/api/exact", stream(2'000'000, 2000)),
             route(Method::get, "/api/short", stream(2'000'000, 10)),
             route(Method::get, "/api/open", stream(std::nullopt, 3))});
  Client client(site.front().port());
  client.say(get("/api/exact"));
  CHECK(body_of_answer(client.hear()).size() == 2'000'000);
  client.say(get("/api/open"));
  CHECK(client.hear_until("\r\n0\r\n\r\n").find("Transfer-Encoding: chunked") != std::string::npos);
  client.say("HEAD /api/exact HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(header_of(client.hear_until("\r\n\r\n"), "Content-Length") == "2000000");
  client.say(get("/api/short"));
  CHECK(client.hear_all().size() < 100'000);
  Client old(site.front().port());
  old.say("GET /api/open HTTP/1.0\r\n\r\n");
  CHECK(body_of_answer(old.hear_all()) == std::string(3000, 'x'));
}

TEST_CASE("a streamed answer ends when its caller is disabled, and not when nobody asked who it is") {
  const auto endless = raw([](const Request&) {
    Reply reply = text(200, "");
    reply.stream = std::make_shared<BodyStream>();
    reply.stream->next = [](std::string& out) {
      out.append(64'000, 'x');
      return true;
    };
    return reply;
  });
  FrontSettings settings;
  settings.ask_again = Duration{};
  Site site({route(Method::get, "/api/export", endless, Access::member), route(Method::get, "/api/open", endless)}, {},
            settings);
  Client learner(site.front().port()), stranger(site.front().port());
  learner.say(get("/api/export", "Authorization: Bearer learner\r\n"));
  stranger.say(get("/api/open"));
  CHECK(status_of_answer(learner.hear_until("xxxx")) == 200);
  CHECK(status_of_answer(stranger.hear_until("xxxx")) == 200);
  site.callers.gone = true;
  // Without the last chunk nobody takes it for whole.
  CHECK(!learner.hear_all().ends_with("0\r\n\r\n"));
  // More than was on its way before.
  const std::string much(60'000, 'x');
  int heard = 0;
  while (heard < 300 && stranger.hear_until(much).ends_with(much)) heard++;
  CHECK(heard == 300);
}

TEST_CASE("a seek into media gets exactly its bytes") {
  const auto media = raw([](const Request& request) {
    Media found{"audio/mpeg", 1'000'000, "\"m\"", "", [](std::uint64_t at, std::size_t size, std::string& out) {
                  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>('a' + (at + i) % 26);
                  return true;
                }};
    return media_reply(request, std::move(found));
  });
  Site site({route(Method::get, "/api/media", media)});
  Client client(site.front().port());
  client.say(get("/api/media", "Range: bytes=26-29\r\n"));
  const auto part = client.hear();
  CHECK(status_of_answer(part) == 206);
  CHECK(header_of(part, "Content-Range") == "bytes 26-29/1000000");
  CHECK(body_of_answer(part) == "abcd");
  client.say(get("/api/media", "Range: bytes=26-29\r\nIf-Range: \"older\"\r\n"));
  CHECK(body_of_answer(client.hear()).size() == 1'000'000);
  client.say(get("/api/media", "Range: bytes=2000000-\r\n"));
  const auto beyond = client.hear();
  CHECK(status_of_answer(beyond) == 416);
  CHECK(header_of(beyond, "Content-Range") == "bytes */1000000");
}

TEST_CASE("events reach every subscriber of their channel until the stream ends") {
  EventHub hub;
  Site site({route(Method::get, "/api/events", raw([&](const Request& request) {
                     auto feed = hub.subscribe("lesson", std::string(request.header("x-owner")));
                     feed->send({"hello", std::string(request.header("last-event-id")), ""});
                     return event_stream(feed);
                   }))});
  Client one(site.front().port()), two(site.front().port());
  one.say(get("/api/events", "Last-Event-ID: 41\r\nX-Owner: ada\r\n"));
  two.say(get("/api/events", "X-Owner: ben\r\n"));
  CHECK(one.hear_until("data: 41\n\n").find("text/event-stream") != std::string::npos);
  two.hear_until("data: \n\n");
  hub.publish("lesson", {"", "two\nlines", "42"});
  hub.publish("other", {"", "not for you", ""});
  const std::string expected = "id: 42\ndata: two\ndata: lines\n\n";
  CHECK(one.hear_until(expected).ends_with(expected));
  CHECK(two.hear_until(expected).ends_with(expected));
  hub.close_of("ada");
  CHECK(one.hear_all().ends_with("0\r\n\r\n"));
  hub.publish("lesson", {"", "still here", ""});
  CHECK(two.hear_until("data: still here\n\n").ends_with("still here\n\n"));
}

TEST_CASE("a stream of events ends when its caller is disabled, and what is said meanwhile is for nobody") {
  EventHub hub;
  FrontSettings settings;
  settings.ask_again = Duration{};
  const auto stream = raw([&](const Request&) {
    auto feed = hub.subscribe("lesson");
    feed->send({"hello", "", ""});
    return event_stream(feed);
  });
  Site site({route(Method::get, "/api/events", stream, Access::member)}, {}, settings);
  Client learner(site.front().port());
  learner.say(get("/api/events", "Authorization: Bearer learner\r\n"));
  learner.hear_until("event: hello\ndata: \n\n");
  site.callers.gone = true;
  hub.publish("lesson", {"", "not for you", ""});
  const auto rest = learner.hear_all();
  CHECK(rest.find("not for you") == std::string::npos);
  CHECK(rest.ends_with("0\r\n\r\n"));
  CHECK_FALSE(hub.listens("lesson"));
}

TEST_CASE("a stream of events is kept awake, and ends after its time") {
  EventHub hub;
  FrontSettings settings;
  settings.heartbeat = Duration{};
  settings.feed_time = milliseconds(1500);
  Site site({route(Method::get, "/api/events", raw([&](const Request&) { return event_stream(hub.subscribe("c")); }))},
            {}, settings);
  Client client(site.front().port());
  client.say(get("/api/events"));
  client.hear_until(": keep-alive\n\n");
  CHECK(client.hear_all().ends_with("0\r\n\r\n"));
}

TEST_CASE("a subscriber who does not read is cut off") {
  EventFeed feed;
  int sent = 0;
  while (feed.send({"", std::string(10'000, 'x'), ""})) ++sent;
  CHECK(sent <= 27);
  CHECK_FALSE(feed.open());
}

TEST_CASE("draining answers what was begun, ends streams, and refuses what is new") {
  Gate gate;
  EventHub hub;
  Site site({route(Method::get, "/api/slow", raw([&](const Request&) {
                     Blocking waiting;
                     gate.wait();
                     return text(200, "whole");
                   })),
             route(Method::get, "/api/events", raw([&](const Request&) { return event_stream(hub.subscribe("c")); }))});
  auto& front = site.front();
  const int port = front.port();
  Client busy(port), idle(port), listening(port);
  listening.say(get("/api/events"));
  listening.hear_until("\r\n\r\n");
  busy.say(get("/api/slow"));
  gate.wait_for_waiters(1);
  std::thread ending([&] { front.drain(seconds(30)); });
  CHECK(listening.hear_all() == "0\r\n\r\n");
  CHECK(idle.hear_all().empty());
  gate.open();
  const auto answer = busy.hear();
  CHECK(body_of_answer(answer) == "whole");
  CHECK(header_of(answer, "Connection") == "close");
  ending.join();
  CHECK_FALSE(Client(port).connected());
}

TEST_CASE("slow requests are cut while others are served") {
  FrontSettings settings;
  settings.head_time = settings.body_time = settings.idle_time = milliseconds(1200);
  Site site({route(Method::get, "/api/a", says("a")), route(Method::post, "/api/a", says("a"))}, {}, settings);
  const int port = site.front().port();
  Client silent(port), head(port), body(port), idle(port);
  head.say("GET /api/a HTTP/1.1\r\nHost: ");
  body.say("POST /api/a HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  idle.say(get("/api/a"));
  CHECK(status_of_answer(idle.hear()) == 200);
  CHECK(silent.hear_all().empty());
  CHECK(status_of_answer(head.hear_all()) == 408);
  CHECK(status_of_answer(body.hear_all()) == 408);
  CHECK(idle.hear_all().empty());
}

TEST_CASE("a head that comes in small pieces stays its own connection's") {
  FrontSettings settings;
  settings.threads = 1;
  Site site({route(Method::get, "/api/echo/{n}",
                   raw([](const Request& request) { return text(200, std::string(request.param("n"))); }))},
            GuardSettings::open_to_all(), settings);
  const int port = site.front().port();
  Client slow(port), other(port);
  // A big request leaves a buffer to spare; the pieces are smaller than any buffer that would be given away for it.
  other.say(get("/api/echo/big", "X-Filler: " + std::string(2000, 'x') + "\r\n"));
  CHECK(body_of_answer(other.hear()) == "big");
  slow.say("GET /api/echo/slow HTTP/1.1\r\n");
  other.say(get("/api/echo/1"));
  CHECK(body_of_answer(other.hear()) == "1");
  slow.say("Host: a.example\r\n");
  other.say(get("/api/echo/2"));
  CHECK(body_of_answer(other.hear()) == "2");
  slow.say("\r\n");
  other.say(get("/api/echo/3"));
  CHECK(body_of_answer(other.hear()) == "3");
  CHECK(body_of_answer(slow.hear()) == "slow");
}

TEST_CASE("files of ours are sent from where they are, in order with other answers") {
  static const std::string file = [] {
    std::string bytes;
    for (int i = 0; i < 60'000; ++i) bytes += std::to_string(i) + "\n";
    return bytes;
  }();
  Site site({route(Method::get, "/file", raw([](const Request&) {
                     Reply reply;
                     reply.content_type = "application/octet-stream";
                     reply.fixed = file;
                     return reply;
                   })),
             route(Method::get, "/api/echo/{n}",
                   raw([](const Request& request) { return text(200, std::string(request.param("n"))); }))},
            GuardSettings::open_to_all());
  Client client(site.front().port());
  std::thread asking([&] {
    for (int i = 0; i < 20; ++i) client.say(get("/file") + get("/api/echo/" + std::to_string(i)));
    client.say("HEAD /file HTTP/1.1\r\nHost: school.example\r\nConnection: close\r\n\r\n");
  });
  for (int i = 0; i < 20; ++i) {
    REQUIRE(body_of_answer(client.hear()) == file);
    REQUIRE(body_of_answer(client.hear()) == std::to_string(i));
  }
  const auto head = client.hear_all();
  CHECK(header_of(head, "Content-Length") == std::to_string(file.size()));
  CHECK(body_of_answer(head).empty());
  asking.join();
}

TEST_CASE("clients who do not read their answers hold no more memory together than they may") {
  const std::string big(2'000'000, 'x');
  FrontSettings settings;
  settings.held_max = 8'000'000;
  Site site({route(Method::get, "/big", says(big)), route(Method::get, "/small", says("small"))},
            GuardSettings::open_to_all(), settings);
  const int port = site.front().port();
  std::deque<Client> slow;
  for (int i = 0; i < 12; ++i) {
    auto& client = slow.emplace_back(port);
    client.say(get("/big", "Connection: close\r\n"));
    client.hear_until("HTTP/1.1 200");
  }
  Client quick(port);
  quick.say(get("/small"));
  CHECK(body_of_answer(quick.hear()) == "small");
  for (auto& client : slow) {
    const int much = 1 << 20;
    setsockopt(client.fd(), SOL_SOCKET, SO_RCVBUF, &much, sizeof much);
  }
  int whole = 0;
  for (auto& client : slow) whole += body_of_answer(client.hear_all() + "\r\n\r\n").size() > big.size() ? 1 : 0;
  // Half as much again as they may, and what the system has taken off us.
  CHECK(whole > 0);
  CHECK(whole < 12);
}

TEST_CASE("when there is no room, the longest idle connection gives way") {
  FrontSettings settings;
  settings.connections_max = 8;
  Site site({route(Method::get, "/api/a", says("a"))}, {}, settings);
  const int port = site.front().port();
  std::deque<Client> clients;
  for (int i = 0; i < 8; ++i) {
    auto& client = clients.emplace_back(port);
    client.say(get("/api/a"));
    REQUIRE(status_of_answer(client.hear()) == 200);
  }
  // The first asks once more, in another millisecond than the others: now it is the one that has waited least.
  for (const auto before = steady_us() / 1000; steady_us() / 1000 == before;) continue;
  clients.front().say(get("/api/a"));
  REQUIRE(status_of_answer(clients.front().hear()) == 200);
  // Nobody has been idle for a second: refused. Later somebody has.
  for (;;) {
    Client more(port);
    more.say(get("/api/a"));
    const auto status = status_of_answer(more.hear());
    if (status == 200) break;
    REQUIRE((status == 503 || status == 0));
  }
  clients.front().say(get("/api/a"));
  CHECK(status_of_answer(clients.front().hear()) == 200);
}

TEST_CASE("a unix socket and several addresses can be listened on at once") {
  FrontSettings settings;
  Site site({route(Method::get, "/api/a", says("a"))});
  const std::string path = "/tmp/tuition-front-test-" + std::to_string(getpid()) + ".sock";
  settings.listen = {"127.0.0.1:0", "unix:" + path};
  Front front(settings, site.engine, site.registry);
  REQUIRE(front.start());
  CHECK(front.addresses()[0] == "http://127.0.0.1:" + std::to_string(front.port()));
  CHECK(front.addresses()[1] == "unix:" + path);
  CHECK(access(path.c_str(), F_OK) == 0);
  front.drain({});
  CHECK(access(path.c_str(), F_OK) != 0);
  FrontSettings wrong;
  for (const auto* where : {"nowhere", "127.0.0.1:70000", "host.example:80", "LISTEN_FDS"}) {
    wrong.listen = {where};
    Front refused(wrong, site.engine, site.registry);
    const auto started = refused.start();
    REQUIRE_FALSE(started);
    CHECK(started.error().safe.find(where) != std::string::npos);
  }
}
