#include "platform/http/reply.h"

#include "platform/log/log.h"

namespace tuition::http {

Reply redirect(std::string location) {
  Reply reply;
  reply.status = 303;
  reply.content_type.clear();
  reply.with("Location", std::move(location));
  return reply;
}

Reply html(int status, std::string body) {
  Reply reply;
  reply.status = status;
  reply.content_type = "text/html; charset=utf-8";
  reply.body = std::move(body);
  return reply;
}

Reply text(int status, std::string body) {
  Reply reply;
  reply.status = status;
  reply.content_type = "text/plain; charset=utf-8";
  reply.body = std::move(body);
  return reply;
}

Reply raw_json(int status, std::string body) {
  Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

void Respond::Once::send(Reply reply) {
  if (!act) {
    log::error("http.answered_twice");
    return;
  }
  const auto once = std::exchange(act, nullptr);
  once(std::move(reply));
}

void Respond::Once::send_made(Make make, const Request& request) {
  if (!act || !act_made) return send(make(request));
  act = nullptr;
  act_made(std::move(make));
}

Respond::Once::~Once() {
  if (!act) return;
  log::error("http.never_answered");
  Reply reply;
  reply.status = -1;  // the engine makes a 500 of it
  act(std::move(reply));
}

}  // namespace tuition::http
