// From a Reply to bytes: the half of the engine that writes.

#include <algorithm>
#include <charconv>

#include "platform/base/text.h"
#include "platform/http/engine.h"
#include "platform/http/front/gzip.h"
#include "platform/http/front/place.h"
#include "platform/http/front/stream.h"
#include "platform/http/problem.h"
#include "platform/log/log.h"

namespace tuition::http {
namespace {

constexpr std::size_t copied_max = 8 * 1024;  // larger files of ours are sent from where they are

// Dates change once a second, answers are written far more often.
std::string_view date_line(Instant now) {
  thread_local std::int64_t second = -1;
  thread_local std::string line;
  if (now.ms / 1000 != second) {
    second = now.ms / 1000;
    line = "Date: " + http_date(now) + "\r\n";
  }
  return line;
}

void append_line(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  if (is_field_value(value)) {
    out += value;
  } else {
    // A line break from a handler's value must not begin another header.
    for (const char c : value) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
  out += "\r\n";
}

void append_cookie(std::string& out, const Cookie& cookie) {
  std::string value = cookie.name + "=" + cookie.value + "; Path=" + cookie.path;
  if (cookie.max_age.ms > 0) {
    value += "; Max-Age=" + std::to_string(cookie.max_age.ms / 1000);
  } else {
    value += "; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
  }
  value += "; HttpOnly; SameSite=Lax";
  if (cookie.secure) value += "; Secure";
  append_line(out, "Set-Cookie", value);
}

void append_status_line(std::string& out, int status) {
  out += "HTTP/1.1 ";
  out += std::to_string(status);
  out += ' ';
  out += reason_of(status);
  out += "\r\n";
}

// What monitors ask all day, and the files of the web app: a line for each would bury what people do.
bool is_routine(std::string_view label) {
  constexpr std::string_view routine[] = {"/api/health", "/health", "/healthz",     "/livez",   "/readyz",
                                          "/api/status", "/status", "/api/metrics", "/metrics", "(page)"};
  return std::find(std::begin(routine), std::end(routine), label) != std::end(routine);
}

}  // namespace

Engine::Written Engine::write(Exchange& exchange, Reply& reply, bool close, std::string& out) const {
  const auto& request = exchange.request;
  if (reply.status < 0) {
    reply = problem(Error{Kind::internal, "INTERNAL_ERROR"}, request);
  }
  if (reply.status == 0) reply.status = exchange.place->route.success;
  if (reply.status == 429) guard_.tell_limited(request, exchange.place->route);
  const bool reads = request.method == Method::get || request.method == Method::head;

  std::string* etag = nullptr;
  bool own_policy = false, own_cache = false, encoded = false;
  for (auto& [name, value] : reply.headers) {
    if (equals_ignoring_case(name, "etag")) etag = &value;
    if (equals_ignoring_case(name, "content-security-policy")) own_policy = true;
    if (equals_ignoring_case(name, "cache-control")) own_cache = true;
    if (equals_ignoring_case(name, "content-encoding")) encoded = true;
  }
  if (reads && reply.status == 200 && etag && !reply.feed && etag_listed(request.header("if-none-match"), *etag)) {
    reply.status = 304;
    reply.body.clear();
    reply.fixed.reset();
    reply.stream.reset();
    reply.content_type.clear();
    if (encoded)
      std::erase_if(reply.headers,
                    [](const auto& each) { return equals_ignoring_case(each.first, "content-encoding"); });
  }
  const bool bodiless = reply.status == 204 || reply.status == 304;
  if (bodiless) {
    reply.stream.reset();
    reply.fixed.reset();
    reply.body.clear();
  }
  std::string packed;
  std::string_view body = reply.fixed ? *reply.fixed : std::string_view(reply.body);
  bool vary = false;
  if (!encoded && !reply.stream && !reply.feed && body.size() >= settings_.gzip_min &&
      is_compressible(reply.content_type)) {
    vary = true;
    if (accepts_gzip(request.header("accept-encoding"))) {
      packed = gzip(body);
      body = packed;
      reply.with("Content-Encoding", "gzip");
      for (auto& [name, value] : reply.headers)
        if (equals_ignoring_case(name, "etag") && !value.starts_with("W/")) value.insert(0, "W/");
    }
  }

  Written written;
  written.close = close;
  append_status_line(out, reply.status);
  out += date_line(clock_.now());
  if (!reply.content_type.empty() && !bodiless) append_line(out, "Content-Type", reply.content_type);
  if (reply.stream || reply.feed) {
    written.body = reply.feed ? Body::feed : Body::stream;
    if (reply.stream && reply.stream->length) {
      out += "Content-Length: " + std::to_string(*reply.stream->length) + "\r\n";
    } else if (exchange.minor == 1) {
      written.chunked = true;
      out += "Transfer-Encoding: chunked\r\n";
    } else {
      written.close = true;
    }
  } else if (!bodiless) {
    out += "Content-Length: ";
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, body.size()).ptr;
    out.append(digits, end);
    out += "\r\n";
  }
  out += "X-Request-Id: ";
  out += request.caller.request_id;
  out += "\r\n";
  if (written.close) {
    out += "Connection: close\r\n";
  } else if (exchange.minor == 0) {
    out += "Connection: keep-alive\r\n";
  }
  out += guard_.security_lines(request.https, own_policy);
  if (!own_cache && !reply.feed) {
    const bool is_private = request.caller.signed_in() || !reply.cookies.empty() || reply.status >= 400;
    out += is_private ? "Cache-Control: no-store\r\n" : "Cache-Control: no-cache\r\n";
  }
  if (vary) out += "Vary: Accept-Encoding\r\n";
  out += exchange.lines;
  for (const auto& [name, value] : reply.headers)
    if (is_token(name)) append_line(out, name, value);
  for (const auto& cookie : reply.cookies) append_cookie(out, cookie);
  out += "\r\n";
  exchange.status = reply.status;
  if (exchange.head_only && written.body != Body::whole) {
    written.body = Body::whole;
  } else if (!exchange.head_only && written.body == Body::whole) {
    exchange.bytes = body.size();
    if (reply.fixed && packed.empty() && body.size() >= copied_max) {
      written.tail = body;
    } else {
      out += body;
    }
  }
  return written;
}

std::int64_t Engine::done(Exchange& exchange) const {
  auto& place = *exchange.place;
  const auto now_us = steady_us();
  const auto took_us = now_us - exchange.began_us;
  const auto method = to_text(exchange.request.method);
  place.counter(metrics_, exchange.status, method).add();
  place.duration->observe_us(took_us);
  const auto level = exchange.status >= 500                             ? log::Level::warn
                     : exchange.status < 400 && is_routine(place.label) ? log::Level::debug
                                                                        : log::Level::info;
  if (!log::enabled(level)) return now_us;
  log::write(level, "http.request",
             {{"request", exchange.request.caller.request_id},
              {"method", method},
              {"route", place.label},
              {"status", exchange.status},
              {"us", took_us},
              {"bytes", exchange.bytes},
              {"peer", exchange.request.peer},
              {"client", exchange.request.caller.ip}});
  return now_us;
}

}  // namespace tuition::http
