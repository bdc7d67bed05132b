#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "platform/base/entropy.h"
#include "platform/http/engine.h"
#include "platform/http/front/front.h"
#include "platform/http/json.h"

namespace tuition::http::tests {

class StillClock final : public Clock {
 public:
  Instant now() const override { return at; }
  Instant at{1'800'000'000'000};
};

class CountingEntropy final : public Entropy {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(next_++ * 37);
  }

 private:
  std::atomic<unsigned> next_{1};
};

// Bearer tokens "learner", "teacher" and "owner"; the cookie tuition_at likewise; "<one of them>!" lacks a second step,
// "key:<one of them>:<scope>" is an API key; anything else is refused.
class NamedCallers final : public Authenticator {
 public:
  Result<Caller> authenticate(const Request& request) override {
    Caller caller;
    std::string_view proof = request.header("authorization");
    if (proof.starts_with("Bearer ")) {
      proof.remove_prefix(7);
    } else {
      proof = request.cookie("tuition_at");
      caller.by_cookie = true;
    }
    if (gone) return Error{Kind::unauthenticated, "UNAUTHENTICATED", "Please sign in again."};
    caller.sort = Caller::Sort::person;
    if (proof.ends_with('!')) {
      caller.lacks_factor = true;
      proof.remove_suffix(1);
    }
    if (proof.starts_with("key:")) {
      caller.sort = Caller::Sort::key;
      caller.key = std::string(proof);
      const auto end = proof.find(':', 4);
      caller.scopes.emplace_back(proof.substr(end + 1));
      proof = proof.substr(4, end - 4);
    }
    if (proof == "teacher") caller.role = Role::instructor;
    if (proof == "owner") caller.role = Role::admin;
    if (proof != "learner" && proof != "teacher" && proof != "owner")
      return Error{Kind::unauthenticated, "TOKEN_EXPIRED", "Please sign in again."};
    caller.user = UserId(std::string(proof));
    return caller;
  }

  std::atomic<bool> gone{false};  // all of them are
};

// A whole site without sockets, and with them once front() was called.
struct Site {
  explicit Site(Routes routes, GuardSettings settings = {}, FrontSettings sockets = {}, const Assets* assets = nullptr)
      : guard(std::move(settings), &callers, clock, entropy),
        engine(routes, guard, assets, registry, clock, entropy),
        front_settings(std::move(sockets)) {
    front_settings.listen = {"127.0.0.1:0"};
  }

  // One request as bytes, its answer as bytes. For handlers that answer at once.
  std::string ask(const std::string& bytes, const std::string& body = {}, const std::string& peer = "203.0.113.5") {
    HeadParser parser;
    if (parser.feed(bytes) != HeadParser::State::done) return "not a request";
    Head head;
    parser.read(bytes, head);
    auto exchange = std::make_shared<Exchange>();
    std::string out;
    auto opening = engine.open(head, peer, false, *exchange);
    if (opening.refusal) {
      engine.write(*exchange, *opening.refusal, false, out);
      return out;
    }
    exchange->request.body = body;
    engine.run(exchange, Respond([&](Reply reply) {
                 const auto written = engine.write(*exchange, reply, false, out);
                 out += written.tail;
                 engine.done(*exchange);
               }));
    return out;
  }

  Front& front() {
    if (!front_) {
      front_ = std::make_unique<Front>(front_settings, engine, registry);
      if (auto started = front_->start(); !started) throw std::runtime_error(started.error().safe);
    }
    return *front_;
  }

  StillClock clock;
  CountingEntropy entropy;
  NamedCallers callers;
  metrics::Registry registry;
  Guard guard;
  Engine engine;
  FrontSettings front_settings;
  std::unique_ptr<Front> front_;
};

inline Route route(Method method, std::string_view path, Endpoint endpoint, Access access = Access::anyone,
                   Bucket bucket = Bucket::api) {
  return Route{method, path, "doSomething", access, bucket, "Does something.", std::move(endpoint)};
}

inline Endpoint says(std::string words) {
  return raw([words = std::move(words)](const Request&) { return text(200, words); });
}

inline int status_of_answer(const std::string& answer) {
  return answer.size() > 12 ? std::stoi(answer.substr(9, 3)) : 0;
}

// The value of a header line, as sent; null when it is not there.
inline std::optional<std::string> header_of(const std::string& answer, const std::string& name) {
  const auto at = answer.find("\r\n" + name + ": ");
  if (at == std::string::npos || at > answer.find("\r\n\r\n")) return std::nullopt;
  const auto from = at + name.size() + 4;
  return answer.substr(from, answer.find("\r\n", from) - from);
}

// Empty where there is no whole head.
inline std::string body_of_answer(const std::string& answer) {
  const auto end = answer.find("\r\n\r\n");
  return end == std::string::npos ? std::string() : answer.substr(end + 4);
}

// A client's side of one connection. Reads fail after ten seconds.
class Client {
 public:
  explicit Client(int port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    timeval limit{10, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }
  ~Client() { close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }
  int fd() const { return fd_; }
  void say(const std::string& bytes) { (void)!send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  // Until `mark` has been read (and everything up to it is returned), or the end.
  std::string hear_until(const std::string& mark) {
    while (heard_.find(mark) == std::string::npos && more()) {}
    const auto at = heard_.find(mark);
    const auto size = at == std::string::npos ? heard_.size() : at + mark.size();
    auto text = heard_.substr(0, size);
    heard_.erase(0, size);
    return text;
  }
  // One answer with a Content-Length.
  std::string hear() {
    auto head = hear_until("\r\n\r\n");
    const auto length = header_of(head, "Content-Length");
    const auto size = length ? static_cast<std::size_t>(std::stoul(*length)) : 0;
    while (heard_.size() < size && more()) {}
    head += heard_.substr(0, size);
    heard_.erase(0, std::min(size, heard_.size()));
    return head;
  }
  std::string hear_all() {
    while (more()) {}
    return std::exchange(heard_, {});
  }

 private:
  bool more() {
    char bytes[65536];
    const auto got = recv(fd_, bytes, sizeof bytes, 0);
    if (got > 0) heard_.append(bytes, static_cast<std::size_t>(got));
    return got > 0;
  }
  int fd_;
  bool connected_ = false;
  std::string heard_;
};

inline std::string get(const std::string& path, const std::string& more = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: school.example\r\n" + more + "\r\n";
}

}  // namespace tuition::http::tests
