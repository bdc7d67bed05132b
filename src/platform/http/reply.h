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

struct Request;

// How a handler answers: exactly once, from any thread, at any time. One that is dropped unanswered answers 500.
class Respond {
 public:
  using Make = std::function<Reply(const Request&)>;

  explicit Respond(std::function<void(Reply)> send) : send_(std::make_shared<Once>(std::move(send))) {}
  // `send_made` takes a reply that is still to be made, by the thread that will send it; `asked` stays for as long as
  // somebody may answer.
  Respond(std::function<void(Reply)> send, std::function<void(Make)> send_made, std::shared_ptr<const Request> asked)
      : send_(std::make_shared<Once>(std::move(send), std::move(send_made), std::move(asked))) {}

  void operator()(Reply reply) const { send_->send(std::move(reply)); }
  // For threads that have better to do than to encode: the writer above all. `make` is called where the reply is sent,
  // or at once with `request`; it may not hold asked(), which may come to hold it.
  void with(Make make, const Request& request) const { send_->send_made(std::move(make), request); }
  // The request, where it lives as long as this does; else null.
  const std::shared_ptr<const Request>& asked() const { return send_->asked; }

 private:
  struct Once {
    explicit Once(std::function<void(Reply)> f, std::function<void(Make)> g = {}, std::shared_ptr<const Request> r = {})
        : act(std::move(f)), act_made(std::move(g)), asked(std::move(r)) {}
    ~Once();
    void send(Reply reply);
    void send_made(Make make, const Request& request);
    std::function<void(Reply)> act;
    std::function<void(Make)> act_made;
    std::shared_ptr<const Request> asked;
  };
  std::shared_ptr<Once> send_;
};

}  // namespace tuition::http
