#include "platform/http/json.h"

#include "platform/base/text.h"

namespace tuition::http::detail {
namespace {

// "application/json", with any parameters but a charset other than UTF-8.
bool is_json_type(std::string_view type) {
  const auto parts = split(type, ';');
  const auto media = to_lower_ascii(trim(parts.front()));
  if (media != "application/json" && !(media.starts_with("application/") && media.ends_with("+json"))) return false;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto parameter = to_lower_ascii(trim(parts[i]));
    if (parameter.starts_with("charset=") && parameter != "charset=utf-8" && parameter != "charset=\"utf-8\"")
      return false;
  }
  return true;
}

}  // namespace

void begin_envelope(std::string& out) { out += "{\"success\":true,\"data\":"; }

void end_envelope(std::string& out, std::string_view message, Instant now) {
  if (!message.empty()) {
    out += ",\"message\":";
    append_json_text(out, message);
  }
  out += ",\"timestamp\":\"";
  append_text(out, now);
  out += "\"}";
}

void add_validator(const Request& request, Reply& reply) {
  const bool reads = request.method == Method::get || request.method == Method::head;
  if (!reads || request.caller.signed_in() || (reply.status != 0 && reply.status != 200)) return;
  const std::string_view body = reply.fixed ? *reply.fixed : std::string_view(reply.body);
  const auto data = body.substr(0, body.rfind(",\"timestamp\":"));
  const std::uint64_t digest = std::hash<std::string_view>{}(data);
  std::uint8_t bytes[8];
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<std::uint8_t>(digest >> (8 * i));
  reply.with("ETag", "W/\"" + to_hex(bytes) + "\"");
}

void append_page(std::string& out, std::int64_t limit, const std::optional<std::string>& next,
                 const std::optional<std::int64_t>& total) {
  out += ",\"page\":{\"limit\":" + std::to_string(limit) + ",\"nextCursor\":";
  if (next) {
    append_json_text(out, *next);
  } else {
    out += "null";
  }
  if (total) out += ",\"total\":" + std::to_string(*total);
  out += '}';
}

FieldFilter filter_of(const Request& request) {
  FieldFilter filter;
  if (const auto fields = request.query_value("fields"))
    for (const auto name : split(*fields, ','))
      if (const auto trimmed = trim(name); !trimmed.empty()) filter.names.emplace_back(trimmed);
  return filter;
}

Result<JsonNode> body_of(const Request& request) {
  const auto type = request.header("content-type");
  if (request.body.empty() && (type.empty() || is_json_type(type))) {
    JsonNode none;
    none.sort = JsonNode::Sort::object;
    return none;
  }
  if (!is_json_type(type))
    return Error{Kind::unsupported_media, "UNSUPPORTED_MEDIA", "The body must be application/json in UTF-8."};
  return parse_json(request.body);
}

std::shared_ptr<const Request> kept(const Request& request, const Respond& respond) {
  if (const auto& asked = respond.asked(); asked.get() == &request) return asked;
  auto copy = std::make_shared<Request>();
  copy->query = request.query;
  copy->headers = request.headers;
  copy->path = request.path;
  copy->caller = request.caller;
  copy->clock = request.clock;
  return copy;
}

bool may_call(const Request& request, const Respond& respond) {
  if (!request.count_call) return true;
  const auto refused = request.count_call();
  if (refused) respond(problem(*refused, request));
  return !refused;
}

}  // namespace tuition::http::detail
