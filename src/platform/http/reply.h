#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/base/error.h"
#include "platform/base/time.h"

namespace tuition::http {

struct Cookie {
  std::string name{};
  std::string value{};
  std::string path = "/";
  Duration max_age{};   // zero or less: delete it
  bool secure = false;  // HttpOnly and SameSite=Lax always
};

class EventFeed;

// A body that is produced while it is sent. `next` appends some bytes and returns true, or returns false at the end; it
// may block and is called on a front thread under Blocking. Ending before `length` bytes, or throwing, cuts the
// connection.
struct BodyStream {
  std::optional<std::uint64_t> length{};
  std::function<bool(std::string& out)> next;
};

struct Reply {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};
  std::vector<Cookie> cookies{};
  std::shared_ptr<BodyStream> stream{};     // instead of body
  std::shared_ptr<EventFeed> feed{};        // instead of body: server-sent events (events.h)
  std::optional<std::string_view> fixed{};  // instead of body: bytes that live as long as the program

  Reply& with(std::string name, std::string value) & {
    headers.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  Reply& set(Cookie cookie) & {
    cookies.push_back(std::move(cookie));
    return *this;
  }
};

Reply redirect(std::string location);  // 303
Reply html(int status, std::string body);
Reply text(int status, std::string body);
// Already encoded JSON without the envelope: OpenAPI, dev pages.
Reply raw_json(int status, std::string body);

// How a handler answers: exactly once, from any thread, at any time. One that is dropped unanswered answers 500.
class Respond {
 public:
  explicit Respond(std::function<void(Reply)> send) : send_(std::make_shared<Once>(std::move(send))) {}
  void operator()(Reply reply) const { send_->send(std::move(reply)); }

 private:
  struct Once {
    explicit Once(std::function<void(Reply)> f) : act(std::move(f)) {}
    ~Once();
    void send(Reply reply);
    std::function<void(Reply)> act;
  };
  std::shared_ptr<Once> send_;
};

}  // namespace tuition::http
