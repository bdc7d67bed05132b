#pragma once

// Server-sent events. A subscriber is a connection that stays, not a thread: what is published waits in its feed until
// the front has sent it. Heartbeats come from the front.

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/reply.h"

namespace tuition::http {

struct Event {
  std::string name{};  // empty: "message"
  std::string data{};
  std::string id{};  // comes back as Last-Event-ID when the browser connects again
  int retry_ms = 0;  // how long the browser waits before it does; 0: as before
};

std::string to_text(const Event& event);

// One open stream. Safe from any thread.
class EventFeed {
 public:
  // A subscriber who leaves more than this unread is cut off; the browser then connects again by itself.
  static constexpr std::size_t pending_max = 256 * 1024;

  // False when nobody listens any more.
  bool send(const Event& event);
  // Ends the stream once everything sent has left.
  void close();
  bool open() const;

  // For the front: `wake` is called, from any thread, when there is something to take.
  void attach(std::function<void()> wake);
  // Moves what waits to the end of `out`; false when nothing will follow.
  bool take(std::string& out);
  // The connection is gone.
  void detach();

 private:
  bool append(std::string_view text);
  friend class EventHub;

  mutable std::mutex mutex_;
  std::string pending_;
  std::function<void()> wake_;
  bool closed_ = false;
};

// The answer that turns a connection into an open stream.
Reply event_stream(std::shared_ptr<EventFeed> feed);

// Feeds by channel, and by the person they belong to. Safe from any thread.
class EventHub {
 public:
  std::shared_ptr<EventFeed> subscribe(std::string channel, std::string owner = {});
  // Whether anybody would hear it: so cheap that it is asked before every event that costs something to make.
  bool listens(const std::string& channel) const;
  // Where more than this many listen to a channel, the oldest are told `last` and ended.
  void keep_newest(const std::string& channel, std::size_t most, const Event& last);
  void publish(const std::string& channel, const Event& event);
  void close_channel(const std::string& channel);
  // A person was disabled or signed out: their streams end now.
  void close_of(const std::string& owner);
  void close_all();
  std::size_t subscribers() const;

 private:
  struct Subscriber {
    std::string owner;
    std::weak_ptr<EventFeed> feed;
  };
  void sweep();
  template <class Which>
  void close_where(Which which);

  mutable std::mutex mutex_;
  std::map<std::string, std::vector<Subscriber>> channels_;
  std::size_t since_sweep_ = 0;
  std::atomic<bool> any_{false};  // so that the usual case, nobody anywhere, takes no lock
};

}  // namespace tuition::http
