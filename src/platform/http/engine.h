#pragma once

// From a parsed head and a gathered body to the bytes of an answer: routing, the guard's checks, the handler, the web
// app's files, and the answer's headers. Knows nothing of sockets. Safe from any thread.

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "platform/http/assets.h"
#include "platform/http/front/exchange.h"
#include "platform/http/front/head.h"
#include "platform/http/guard.h"
#include "platform/http/reply.h"
#include "platform/http/route.h"
#include "platform/metrics/metrics.h"

namespace tuition::http {

struct EngineSettings {
  // What an exception that left a handler means; null for one it does not know, which is answered 500 and logged.
  std::function<std::optional<Error>(const std::exception&)> explain{};
  std::size_t gzip_min = 1024;
};

class Engine {
 public:
  // Everything referred to must outlive the engine; `assets` may be null. Throws Bug when two routes are the same.
  Engine(const Routes& routes, Guard& guard, const Assets* assets, metrics::Registry& metrics, const Clock& clock,
         Entropy& entropy, EngineSettings settings = {});
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // What the front must know when the head is there and before it takes any byte of the body.
  struct Opening {
    std::optional<Reply> refusal{};
    std::size_t body_max = 0;
    bool upload = false;
    bool blocks = false;  // calls to this route have blocked before
  };
  Opening open(const Head& head, std::string_view peer, bool https, Exchange& exchange);

  // The body is in exchange.request.body. Answers through `respond`, now or later; never throws.
  void run(const std::shared_ptr<Exchange>& exchange, Respond respond);
  // Instead of run where opening said upload: what takes the body, or the answer that refuses it.
  std::variant<Upload, Reply> begin_upload(const std::shared_ptr<Exchange>& exchange);
  // Calls that block are noticed, so that the front can refuse more of them when it has no threads left.
  void note_blocking(Exchange& exchange);
  // What an exception that left a handler or a stream is answered with.
  Reply thrown(const std::exception* exception, const Request& request) const;

  enum class Body { whole, stream, feed };
  struct Written {
    Body body = Body::whole;
    bool chunked = false;
    bool close = false;
    std::string_view tail{};  // still to be sent after `out`; lives as long as the program
  };
  // Appends the answer to `out`: all of it but the tail, or the head where a stream or feed follows.
  Written write(Exchange& exchange, Reply& reply, bool close, std::string& out) const;
  // While an answer is streamed: whether its caller may still have it (Guard::still_admits).
  bool may_go_on(const Exchange& exchange) const { return guard_.still_admits(exchange.request); }
  // The answer is complete or given up: counts and logs it. Returns steady_us().
  std::int64_t done(Exchange& exchange) const;

  // For requests that never became one: bad framing, too slow, too many.
  void write_refusal(int status, Kind kind, std::string_view code, std::string_view safe, std::string_view peer,
                     std::string& out) const;

  const std::vector<Route>& routes() const { return routes_; }

 private:
  class Router;
  Reply route_nothing(const Exchange& exchange) const;
  std::string new_request_id() const;

  Routes routes_;
  Guard& guard_;
  const Assets* assets_;
  metrics::Registry& metrics_;
  const Clock& clock_;
  Entropy& entropy_;
  EngineSettings settings_;
  std::unique_ptr<Router> router_;
};

}  // namespace tuition::http
