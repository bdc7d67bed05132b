#pragma once

// The sockets. A few threads, as many as there are cores, share one epoll; whichever takes an event owns that
// connection until it has done all it can there. A request is gathered whole, under limits of size and time, before a
// handler runs, so that slow senders cost memory and nothing else; what slow senders and slow readers may cost of that
// together has a limit too. A handler that is about to block (base/blocking.h)
// gives its place to a spare thread. Requests of one connection are answered one after the other; an answer may come
// later and from any thread.

#include <memory>
#include <string>
#include <vector>

#include "platform/base/result.h"
#include "platform/base/time.h"
#include "platform/http/engine.h"
#include "platform/http/front/head.h"
#include "platform/metrics/metrics.h"

namespace tuition::http {

struct FrontSettings {
  // "127.0.0.1:8080" (port 0: any free one), "[::1]:8080", "localhost:8080", "*:8080", "unix:/path", "LISTEN_FDS"
  std::vector<std::string> listen{"127.0.0.1:8080"};
  std::string name = "main";  // tells fronts apart in metrics
  int threads = 0;            // that run at once; 0: one per core
  int blocked_max = 64;       // handlers that wait at once; above it, calls known to wait are answered 503
  std::size_t connections_max = 16 * 1024;  // above it, the longest idle gives way; fewer where descriptors are few
  std::size_t requests_max = 4 * 1024;      // begun and not yet answered; above it 503
  // Bytes of requests that are still arriving and of answers that are not read: above it the slowest are cut.
  std::size_t held_max = 64 * 1024 * 1024;
  HeadLimits head{};
  Duration head_time = seconds(10);  // from the first byte, or from the connection's first moment
  Duration body_time = seconds(30);  // of a body that is gathered; of an upload, from piece to piece
  Duration idle_time = seconds(75);
  Duration write_time = seconds(30);  // to read an answer, plus a second per 16 KiB
  Duration heartbeat = seconds(15);   // of event streams
  Duration ask_again = seconds(3);    // whether the caller of a stream may still have it
  // A stream of events ends then, and whoever still wants it asks again: no proof is believed for longer than it lasts
  // and this.
  Duration feed_time = minutes(15);
};

class Front {
 public:
  // The engine must outlive the front; the registry must outlive both.
  Front(FrontSettings settings, Engine& engine, metrics::Registry& metrics);
  ~Front();  // drains without waiting
  Front(const Front&) = delete;
  Front& operator=(const Front&) = delete;

  // Takes the addresses, so that they and the port are known; who calls waits for start(). An error names the address
  // and what the system said.
  Result<void> listen();
  // Listens, where that has not been done, and answers.
  Result<void> start();
  // Where it can be reached: "http://127.0.0.1:8080", "unix:/path".
  std::vector<std::string> addresses() const;
  int port() const;  // of the first TCP listener; 0 when there is none
  // Stops accepting, ends event streams and idle connections, lets what runs finish for at most this long, then ends
  // everything. Once.
  void drain(Duration limit);
  bool draining() const;

 private:
  struct Core;
  std::shared_ptr<Core> core_;
};

}  // namespace tuition::http
