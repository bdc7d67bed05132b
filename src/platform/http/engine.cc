// cpp-httplib's Server::process_request answers synchronously, parses with other rules than the front's strict reader,
// and finds a route by trying all of them in turn. What is used of it are its path patterns and its reason phrases.

#include "platform/http/engine.h"

#include <httplib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_map>

#include "platform/base/check.h"
#include "platform/base/text.h"
#include "platform/http/front/place.h"
#include "platform/http/json.h"
#include "platform/http/problem.h"
#include "platform/log/log.h"

namespace tuition::http {

namespace {

constexpr std::size_t method_count = 7;

std::optional<Method> method_of(std::string_view text) {
  for (const auto method :
       {Method::get, Method::post, Method::put, Method::head, Method::del, Method::patch, Method::options})
    if (to_text(method) == text) return method;
  return std::nullopt;
}

// The path as the routes know it. Null for whatever could mean two things: broken or doubled escapes, encoded
// separators, dot segments, empty segments, controls, bytes that are no UTF-8.
std::optional<std::string> canonical_path(std::string_view raw) {
  std::string path;
  if (raw.find('%') == std::string_view::npos) {
    path = raw;
  } else {
    auto decoded = percent_decode(raw, Plus::literal);
    if (!decoded) return std::nullopt;
    path = std::move(*decoded);
    if (std::count(path.begin(), path.end(), '/') != std::count(raw.begin(), raw.end(), '/')) return std::nullopt;
    if (!is_utf8(path)) return std::nullopt;
    for (const char c : path)
      if (c == '%' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
  }
  if (path.empty() || path.front() != '/') return std::nullopt;
  for (std::size_t at = 0; at < path.size();) {
    const auto end = std::min(path.find('/', at + 1), path.size());
    const auto segment = std::string_view(path).substr(at + 1, end - at - 1);
    if (segment == "." || segment == ".." || (segment.empty() && end != path.size())) return std::nullopt;
    at = end;
  }
  return path;
}

bool read_query(std::string_view raw, std::vector<std::pair<std::string, std::string>>& query) {
  for (const auto pair : split(raw, '&')) {
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto name = percent_decode(pair.substr(0, equals), Plus::space);
    auto value = percent_decode(equals == std::string_view::npos ? "" : pair.substr(equals + 1), Plus::space);
    if (!name || !value || !is_utf8(*name) || !is_utf8(*value) || name->find('\0') != std::string::npos ||
        value->find('\0') != std::string::npos)
      return false;
    query.emplace_back(std::move(*name), std::move(*value));
    if (query.size() > 200) return false;
  }
  return true;
}

// Random bytes are fetched for many ids at once: one call of the system costs as much as the whole rest of a small
// answer.
class PooledEntropy final : public Entropy {
 public:
  explicit PooledEntropy(Entropy& source) : source_(source) {}
  void fill(std::span<std::uint8_t> bytes) override {
    thread_local std::array<std::uint8_t, 4096> pool;
    thread_local std::size_t left = 0;
    if (bytes.size() > pool.size()) return source_.fill(bytes);
    if (left < bytes.size()) {
      source_.fill(pool);
      left = pool.size();
    }
    left -= bytes.size();
    std::memcpy(bytes.data(), pool.data() + left, bytes.size());
  }

 private:
  Entropy& source_;
};

std::string shown(std::string_view name) { return std::string(name.substr(0, 60)); }

// What no form refuses: members of the view that it does not have, names in the query where no form is of the query,
// and anything in a body that takes nothing.
std::vector<FieldProblem> stray_input(const Request& request, const Route& route) {
  std::vector<FieldProblem> found;
  const auto& endpoint = route.endpoint;
  const bool by_query =
      request.method == Method::get || request.method == Method::head || request.method == Method::del;
  bool narrowed = false;
  for (const auto& [name, value] : request.query) {
    if (found.size() >= 50) return found;
    if (name == "fields" && endpoint.view) {
      if (std::exchange(narrowed, true)) found.push_back({"fields", "is given more than once"});
      for (const auto each : split(value, ',')) {
        const auto wanted = trim(each);
        const auto& known = endpoint.view->fields;
        const auto is_it = [&](const ShapeField& field) { return field.name == wanted; };
        if (wanted.empty() || std::any_of(known.begin(), known.end(), is_it)) continue;
        std::string names;
        for (const auto& field : known) names += (names.empty() ? "" : ", ") + std::string(field.name);
        found.push_back({"fields", "names " + shown(wanted) + ", which is none of " + names});
      }
    } else if (!(endpoint.form && by_query) &&
               std::find(route.query.begin(), route.query.end(), name) == route.query.end()) {
      found.push_back({shown(name), "is not a field we know"});
    }
  }
  return found;
}

Result<void> refuse_stray(const Request& request, const Route& route) {
  auto found = stray_input(request, route);
  const bool reads = request.method == Method::get || request.method == Method::head;
  const auto* form = request.method == Method::del ? route.endpoint.also : route.endpoint.form;
  if (!form && !request.body.empty() && !reads) {
    const auto body = TRY(detail::body_of(request));
    if (body.sort != JsonNode::Sort::object) found.push_back({"body", "must be an object"});
    for (const auto& [name, value] : body.members)
      if (found.size() < 50) found.push_back({shown(name), "is not a field we know"});
  }
  if (found.empty()) return {};
  auto error = invalid_field({}, {});
  error.fields = std::move(found);
  return error;
}

bool is_request_id(std::string_view text) {
  if (text.size() < 8 || text.size() > 64) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
}

}  // namespace

// Static paths by hash; paths with parameters by the literal text before the first one, then by pattern.
class Engine::Router {
 public:
  struct Methods {
    std::array<std::unique_ptr<Place>, method_count> places{};
    std::string allow{};
    bool has_page = false;  // /plans for /api/plans: browsers get the web app's page of that name
  };
  struct Found {
    Methods* methods = nullptr;
    std::vector<std::pair<std::string, std::string>> params{};
  };

  void add(const Route& route, std::string_view path, metrics::Registry& metrics) {
    auto& methods = methods_at(path);
    auto& place = methods.places[static_cast<std::size_t>(route.method)];
    check(!place, "no two routes have the same method and path");
    check(static_cast<bool>(route.endpoint.run) || static_cast<bool>(route.endpoint.upload), "a route has a handler");
    place = make_place(route, path, to_text(route.method), metrics);
    methods.has_page = methods.has_page || (!route.alias.empty() && path == route.alias);
    methods.allow.clear();
    for (const auto method : {Method::get, Method::head, Method::post, Method::put, Method::patch, Method::del}) {
      const bool there = methods.places[static_cast<std::size_t>(method)] ||
                         (method == Method::head && methods.places[static_cast<std::size_t>(Method::get)]);
      if (!there) continue;
      if (!methods.allow.empty()) methods.allow += ", ";
      methods.allow += to_text(method);
    }
    methods.allow += ", OPTIONS";
  }

  static std::unique_ptr<Place> make_place(const Route& route, std::string_view label, std::string_view method,
                                           metrics::Registry& metrics) {
    auto place = std::make_unique<Place>();
    place->route = route;
    place->label = label;
    place->duration = &metrics.histogram("tuition_http_request_duration_seconds", "Time from head to answer.",
                                         {{"method", std::string(method)}, {"route", std::string(label)}});
    return place;
  }

  Found find(const std::string& path) const {
    if (const auto found = exact_.find(path); found != exact_.end()) return {found->second.get()};
    // The pattern matcher takes this type; only its path is read.
    thread_local httplib::Request subject;
    subject.path = path;
    const auto segments = std::count(path.begin(), path.end(), '/');
    for (auto slash = path.rfind('/'); slash != std::string::npos && slash + 1 <= path.size();
         slash = slash == 0 ? std::string::npos : path.rfind('/', slash - 1)) {
      const auto found = patterns_.find(std::string_view(path).substr(0, slash + 1));
      if (found == patterns_.end()) continue;
      for (const auto& pattern : found->second) {
        if (pattern.segments != segments || !pattern.matcher.match(subject)) continue;
        Found result{pattern.methods.get()};
        for (const auto& name : pattern.names) {
          auto& value = subject.path_params[name];
          if (value.empty()) return {};
          result.params.emplace_back(name, std::move(value));
        }
        return result;
      }
    }
    return {};
  }

  std::unique_ptr<Place> pages, nothing;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  struct Pattern {
    std::string path;
    std::ptrdiff_t segments;
    std::vector<std::string> names;
    httplib::detail::PathParamsMatcher matcher;
    std::unique_ptr<Methods> methods;
  };
  template <class T>
  using ByText = std::unordered_map<std::string, T, Hash, std::equal_to<>>;

  Methods& methods_at(std::string_view path) {
    check(path.starts_with('/'), "a route's path begins with a slash");
    const auto brace = path.find('{');
    if (brace == std::string_view::npos) {
      auto& methods = exact_[std::string(path)];
      if (!methods) methods = std::make_unique<Methods>();
      return *methods;
    }
    check(path[brace - 1] == '/', "a parameter fills its segment");
    auto& patterns = patterns_[std::string(path.substr(0, brace))];
    // Names of parameters do not tell paths apart.
    std::string shape;
    std::vector<std::string> names;
    std::string pattern;
    for (const auto segment : split(path.substr(1), '/')) {
      pattern += '/';
      shape += '/';
      if (segment.starts_with('{') && segment.ends_with('}')) {
        names.emplace_back(segment.substr(1, segment.size() - 2));
        pattern += ":" + names.back();
        shape += "{}";
      } else {
        pattern += segment;
        shape += segment;
      }
    }
    for (auto& each : patterns) {
      if (each.path != shape) continue;
      check(each.names == names, "routes at one path name their parameters alike");
      return *each.methods;
    }
    auto& made =
        patterns.emplace_back(Pattern{shape, std::count(path.begin(), path.end(), '/'), std::move(names),
                                      httplib::detail::PathParamsMatcher(pattern), std::make_unique<Methods>()});
    auto& methods = *made.methods;
    // More literal text first: /x/{id}/y before /x/{id}/{name}.
    std::stable_sort(patterns.begin(), patterns.end(),
                     [](const Pattern& a, const Pattern& b) { return a.names.size() < b.names.size(); });
    return methods;
  }

  ByText<std::unique_ptr<Methods>> exact_;
  ByText<std::vector<Pattern>> patterns_;
};

Engine::Engine(const Routes& routes, Guard& guard, const Assets* assets, metrics::Registry& metrics, const Clock& clock,
               Entropy& entropy, EngineSettings settings)
    : routes_(routes),
      guard_(guard),
      assets_(assets),
      metrics_(metrics),
      clock_(clock),
      entropy_(entropy),
      settings_(std::move(settings)),
      router_(std::make_unique<Router>()) {
  for (const auto& route : routes_) {
    router_->add(route, route.path, metrics_);
    if (!route.alias.empty()) router_->add(route, route.alias, metrics_);
  }
  Route none{Method::get, "", "", Access::anyone, Bucket::none, "", {}};
  router_->pages = Router::make_place(none, "(page)", "GET", metrics_);
  none.bucket = Bucket::api;
  router_->nothing = Router::make_place(none, "(none)", "", metrics_);
}

Engine::~Engine() = default;

std::string Engine::new_request_id() const {
  PooledEntropy pooled(entropy_);
  return new_uuid(clock_, pooled);
}

Engine::Opening Engine::open(const Head& head, std::string_view peer, bool https, Exchange& exchange) {
  auto& request = exchange.request;
  exchange.began_us = steady_us();
  exchange.minor = head.minor;
  exchange.place = router_->nothing.get();
  request.clock = &clock_;
  request.peer = peer;
  request.https = https;
  request.host = to_lower_ascii(head.authority);
  request.headers.reserve(head.fields.size());
  for (const auto& [name, value] : head.fields) request.headers.emplace_back(to_lower_ascii(name), value);
  const bool from_proxy = guard_.identify(request);
  if (const auto given = request.header("x-request-id"); from_proxy && is_request_id(given)) {
    request.caller.request_id = given;
  } else {
    request.caller.request_id = new_request_id();
  }
  if (const auto agent = request.header("user-agent").substr(0, 255); is_utf8(agent)) request.caller.user_agent = agent;

  Opening opening;
  const auto refuse = [&](int status, Kind kind, std::string code, std::string safe) {
    opening.refusal = problem(status, Error{kind, std::move(code), std::move(safe)}, request);
    return std::move(opening);
  };
  const auto method = method_of(head.method);
  if (!method) {
    const bool known = head.method == "TRACE" || head.method == "CONNECT";
    auto refused =
        refuse(known ? 405 : 501, Kind::method_not_allowed, "METHOD_NOT_ALLOWED", "That method is not answered here.");
    refused.refusal->with("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    return refused;
  }
  request.method = *method;
  exchange.head_only = *method == Method::head;
  if (auto no = guard_.check_host(request)) return refuse(no->status, no->error.kind, no->error.code, no->error.safe);
  if (head.unknown_expectation)
    return refuse(417, Kind::rejected, "EXPECTATION_FAILED", "Only 100-continue can be expected.");
  if (head.path == "*") {
    auto refused = refuse(405, Kind::method_not_allowed, "METHOD_NOT_ALLOWED", "Ask about a path.");
    refused.refusal->with("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE");
    return refused;
  }
  auto path = canonical_path(head.path);
  if (!path) return refuse(400, Kind::rejected, "BAD_REQUEST", "The path is malformed.");
  request.path = std::move(*path);
  if (!head.query.empty() && !read_query(head.query, request.query))
    return refuse(400, Kind::rejected, "BAD_REQUEST", "The query is malformed.");

  opening.body_max = 64 * 1024;
  auto found = router_->find(request.path);
  if (found.methods) {
    auto* place = found.methods->places[static_cast<std::size_t>(*method)].get();
    if (!place && *method == Method::head) place = found.methods->places[static_cast<std::size_t>(Method::get)].get();
    // At the root, a browser that follows a link wants the page of that name (D14).
    bool page = false;
    if (place && found.methods->has_page && assets_ && (*method == Method::get || *method == Method::head)) {
      exchange.lines += "Vary: Accept\r\n";
      page = prefers_html(request.header("accept"));
      // Monitors that ask like browsers must learn of trouble all the same.
      exchange.page_if_well = page && place->route.bucket == Bucket::none && place->route.access == Access::anyone;
    }
    if (place && (!page || exchange.page_if_well)) {
      exchange.place = place;
      request.route = place->label;
      request.params = std::move(found.params);
      opening.body_max = place->route.body_max;
      opening.upload = static_cast<bool>(place->route.endpoint.upload);
      opening.blocks = place->blocks.load(std::memory_order_relaxed);
    }
  }
  for (const auto& [name, coding] : request.headers) {
    if (!head.has_body() || name != "content-encoding" || equals_ignoring_case(trim(coding), "identity")) continue;
    auto refused = refuse(415, Kind::unsupported_media, "UNSUPPORTED_MEDIA", "Send the body as it is, not compressed.");
    refused.refusal->with("Accept-Encoding", "identity");
    return refused;
  }
  if (head.length > opening.body_max)
    return refuse(413, Kind::too_large, "PAYLOAD_TOO_LARGE", "The body is too large.");
  return opening;
}

void Engine::note_blocking(Exchange& exchange) {
  if (!exchange.place->blocks.load(std::memory_order_relaxed))
    exchange.place->blocks.store(true, std::memory_order_relaxed);
}

// Nothing of the API is there: a file or page of the web app, or the right refusal.
Reply Engine::route_nothing(const Exchange& exchange) const {
  const auto& request = exchange.request;
  const bool reads = request.method == Method::get || request.method == Method::head;
  if (assets_ && reads && assets_->has(request.path)) return assets_->file(request.path, request);
  const auto found = router_->find(request.path);
  const bool page_wanted = assets_ && reads && !request.path.starts_with("/api/") && request.path != "/api" &&
                           prefers_html(request.header("accept"));
  if (page_wanted || (assets_ && reads && request.path == "/"))
    if (const auto* page = assets_->page_for(request.path)) {
      auto reply = assets_->page(*page, request);
      if (!found.methods && request.path != "/") reply.with("Vary", "Accept");
      return reply;
    }
  if (found.methods) {
    if (request.method == Method::options) return guard_.preflight(request, found.methods->allow);
    auto reply =
        problem(Error{Kind::method_not_allowed, "METHOD_NOT_ALLOWED", "That method is not answered here."}, request);
    reply.with("Allow", found.methods->allow);
    return reply;
  }
  if (assets_ && assets_->has(request.path)) {
    auto reply =
        problem(Error{Kind::method_not_allowed, "METHOD_NOT_ALLOWED", "That method is not answered here."}, request);
    reply.with("Allow", "GET, HEAD");
    return reply;
  }
  return problem(not_found("There is nothing here."), request);
}

Reply Engine::thrown(const std::exception* exception, const Request& request) const {
  if (exception && settings_.explain)
    if (auto error = settings_.explain(*exception)) return problem(*error, request);
  Error error{Kind::internal, "INTERNAL_ERROR", {}, exception ? exception->what() : "something that is no exception"};
  return problem(error, request);
}

void Engine::run(const std::shared_ptr<Exchange>& exchange, Respond respond) {
  auto& request = exchange->request;
  auto& place = *exchange->place;
  log::RequestScope scope(request.caller.request_id);
  try {
    if (&place == router_->nothing.get()) {
      auto reply = route_nothing(*exchange);
      if (reply.fixed || reply.status == 304) {
        exchange->place = router_->pages.get();
      } else if (request.method != Method::options) {
        // Guessing at paths is counted like asking for them.
        if (auto no = guard_.admit(request, place.route, exchange->lines))
          reply = no->status ? problem(no->status, no->error, request) : problem(no->error, request);
      }
      respond(std::move(reply));
      return;
    }
    if (auto no = guard_.admit(request, place.route, exchange->lines)) {
      respond(no->status ? problem(no->status, no->error, request) : problem(no->error, request));
      return;
    }
    // Probes are asked with whatever comes to their senders' minds.
    if (place.route.endpoint.counts_call && place.route.bucket != Bucket::none)
      if (const auto fit = refuse_stray(request, place.route); !fit) {
        respond(problem(fit.error(), request));
        return;
      }
    if (place.route.bucket != Bucket::none) {
      request.count_call = [this, x = exchange.get()] {
        return guard_.count_call(x->request, x->place->route, x->lines);
      };
      if (!place.route.endpoint.counts_call)
        if (auto no = request.count_call()) {
          respond(problem(*no, request));
          return;
        }
    }
    if (exchange->page_if_well) {
      respond = Respond([this, exchange, respond](Reply reply) {
        const auto* page = reply.status < 400 ? assets_->page_for(exchange->request.path) : nullptr;
        respond(page ? assets_->page(*page, exchange->request) : std::move(reply));
      });
    }
    if (place.route.endpoint.upload) {  // of nothing: there is no body
      const auto begun = place.route.endpoint.upload(std::shared_ptr<const Request>(exchange, &request));
      if (begun)
        begun->finish(respond);
      else
        respond(problem(begun.error(), request));
      return;
    }
    place.route.endpoint.run(request, respond);
  } catch (const std::exception& exception) {
    respond(thrown(&exception, request));
  } catch (...) {
    respond(thrown(nullptr, request));
  }
}

std::variant<Upload, Reply> Engine::begin_upload(const std::shared_ptr<Exchange>& exchange) {
  auto& request = exchange->request;
  const auto& route = exchange->place->route;
  log::RequestScope scope(request.caller.request_id);
  try {
    if (auto no = guard_.admit(request, route, exchange->lines))
      return no->status ? problem(no->status, no->error, request) : problem(no->error, request);
    if (auto no = guard_.count_call(request, route, exchange->lines)) return problem(*no, request);
    auto begun = route.endpoint.upload(std::shared_ptr<const Request>(exchange, &request));
    if (!begun) return problem(begun.error(), request);
    return std::move(begun).value();
  } catch (const std::exception& exception) {
    return thrown(&exception, request);
  }
}

void Engine::write_refusal(int status, Kind kind, std::string_view code, std::string_view safe, std::string_view peer,
                           std::string& out) const {
  Exchange exchange;
  exchange.began_us = steady_us();
  exchange.place = router_->nothing.get();
  exchange.request.peer = peer;
  exchange.request.caller.ip = peer;
  exchange.request.caller.request_id = new_request_id();
  exchange.request.clock = &clock_;
  auto reply = problem(status, Error{kind, std::string(code), std::string(safe)}, exchange.request);
  write(exchange, reply, true, out);
  done(exchange);
}

const char* reason_of(int status) { return httplib::status_message(status); }

}  // namespace tuition::http
