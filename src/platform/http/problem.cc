#include "platform/http/problem.h"

#include <algorithm>

#include "platform/base/fields_json.h"
#include "platform/base/text.h"
#include "platform/http/error_codes.h"
#include "platform/log/log.h"

namespace tuition::http {
namespace {

std::string_view title_of(int status) {
  switch (status) {
    case 400: return "Bad request";
    case 401: return "Not signed in";
    case 402: return "Payment required";
    case 403: return "Forbidden";
    case 404: return "Not found";
    case 405: return "Method not allowed";
    case 408: return "Too slow";
    case 409: return "Conflict";
    case 413: return "Too large";
    case 414: return "Target too long";
    case 415: return "Unsupported media type";
    case 416: return "No such part";
    case 417: return "Expectation failed";
    case 421: return "Unknown host";
    case 422: return "Not possible";
    case 429: return "Too many requests";
    case 431: return "Header too long";
    case 501: return "Not implemented";
    case 503: return "Unavailable";
    case 505: return "HTTP version not supported";
    case 507: return "Storage full";
    default: return status < 500 ? "Refused" : "Internal error";
  }
}

std::string_view code_of(Kind kind) {
  switch (kind) {
    case Kind::invalid: return "VALIDATION_ERROR";
    case Kind::bad_json: return "BAD_JSON";
    case Kind::rejected: return "REJECTED";
    case Kind::unauthenticated: return "UNAUTHENTICATED";
    case Kind::payment_required: return "PAYMENT_REQUIRED";
    case Kind::forbidden: return "FORBIDDEN";
    case Kind::not_found: return "NOT_FOUND";
    case Kind::method_not_allowed: return "METHOD_NOT_ALLOWED";
    case Kind::conflict: return "CONFLICT";
    case Kind::too_large: return "PAYLOAD_TOO_LARGE";
    case Kind::unsupported_media: return "UNSUPPORTED_MEDIA";
    case Kind::unprocessable: return "UNPROCESSABLE";
    case Kind::rate_limited: return "RATE_LIMITED";
    case Kind::provider: return "PROVIDER_ERROR";
    case Kind::not_configured: return "NOT_CONFIGURED";
    case Kind::unavailable: return "UNAVAILABLE";
    case Kind::internal: return "INTERNAL_ERROR";
  }
  return "INTERNAL_ERROR";
}

// draft-ietf-httpapi-ratelimit-headers registers two types; ours are documented with the API.
std::string type_of(std::string_view code) {
  if (code == "RATE_LIMITED") return "https://iana.org/assignments/http-problem-types#quota-exceeded";
  if (code == "UNAVAILABLE") return "https://iana.org/assignments/http-problem-types#temporary-reduced-capacity";
  return "/docs/errors#" + anchor_of(code);
}

// "prices[0].currency" as the pointer "#/prices/0/currency".
std::string pointer_of(std::string_view field) {
  std::string pointer = "#";
  if (!field.empty()) pointer += '/';
  for (const char c : field) {
    switch (c) {
      case '.':
      case '[': pointer += '/'; break;
      case ']': break;
      case '~': pointer += "~0"; break;
      case '/': pointer += "~1"; break;
      default: pointer += c;
    }
  }
  return pointer;
}

}  // namespace

std::string anchor_of(std::string_view code) {
  auto anchor = to_lower_ascii(code);
  std::replace(anchor.begin(), anchor.end(), '_', '-');
  return anchor;
}

int status_of(Kind kind) {
  switch (kind) {
    case Kind::invalid:
    case Kind::bad_json:
    case Kind::rejected: return 400;
    case Kind::unauthenticated: return 401;
    case Kind::payment_required: return 402;
    case Kind::forbidden: return 403;
    case Kind::not_found: return 404;
    case Kind::method_not_allowed: return 405;
    case Kind::conflict: return 409;
    case Kind::too_large: return 413;
    case Kind::unsupported_media: return 415;
    case Kind::unprocessable: return 422;
    case Kind::rate_limited: return 429;
    case Kind::provider: return 500;
    case Kind::not_configured:
    case Kind::unavailable: return 503;
    case Kind::internal: return 500;
  }
  return 500;
}

Reply problem(const Error& error, const Request& request) {
  return problem(error.code == "STORAGE_FULL" ? 507 : status_of(error.kind), error, request);
}

Reply problem(int status, const Error& error, const Request& request) {
  const std::string_view code = error.code.empty() ? code_of(error.kind) : std::string_view(error.code);
  const std::string_view id = request.caller.request_id;
  if (!error.detail.empty()) {
    log::RequestScope scope(id);
    log::write(status >= 500 ? log::Level::error : log::Level::info, "http.problem",
               {{"code", code}, {"status", status}, {"detail", error.detail}});
  }
  const std::string_view safe = !error.safe.empty() ? std::string_view(error.safe)
                                : status >= 500     ? std::string_view("Something went wrong here. Please try again.")
                                                    : title_of(status);

  Reply reply;
  reply.status = status;
  auto& out = reply.body;
  if (contains_ignoring_case(request.header("accept"), "application/problem+json")) {
    reply.content_type = "application/problem+json";
    out += "{\"type\":";
    append_json_text(out, type_of(code));
    out += ",\"title\":";
    append_json_text(out, title_of(status));
    out += ",\"status\":" + std::to_string(status) + ",\"detail\":";
    append_json_text(out, safe);
    out += ",\"instance\":";
    append_json_text(out, "urn:uuid:" + std::string(id));
    out += ",\"code\":";
    append_json_text(out, code);
    if (!error.fields.empty()) {
      out += ",\"errors\":[";
      for (const auto& each : error.fields) {
        if (&each != &error.fields.front()) out += ',';
        out += "{\"pointer\":";
        append_json_text(out, pointer_of(each.field));
        out += ",\"detail\":";
        append_json_text(out, each.reason);
        out += '}';
      }
      out += ']';
    }
    if (!error.more.empty()) out += ',' + error.more;
    out += '}';
  } else {
    out += "{\"success\":false,\"error\":{\"code\":";
    append_json_text(out, code);
    out += ",\"message\":";
    append_json_text(out, safe);
    if (!error.fields.empty()) {
      out += ",\"details\":[";
      for (const auto& each : error.fields) {
        if (&each != &error.fields.front()) out += ',';
        out += "{\"field\":";
        append_json_text(out, each.field);
        out += ",\"reason\":";
        append_json_text(out, each.reason);
        out += '}';
      }
      out += ']';
    }
    if (!error.more.empty()) out += ',' + error.more;
    out += "},\"timestamp\":\"" + to_text(request.now()) + "\"}";
  }
  if (error.retry_after_s > 0) {
    reply.with("Retry-After", std::to_string(error.retry_after_s));
  } else if (status == 503 && error.kind == Kind::unavailable) {
    reply.with("Retry-After", "1");
  }
  if (status == 401) reply.with("WWW-Authenticate", "Bearer realm=\"tuition\"");
  return reply;
}

}  // namespace tuition::http
