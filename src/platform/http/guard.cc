#include "platform/http/guard.h"

#include <algorithm>
#include <array>

#include "platform/base/text.h"
#include "platform/http/front/head.h"
#include "platform/http/problem.h"

namespace tuition::http {
namespace {

std::uint64_t seed_from(Entropy& entropy) {
  std::array<std::uint8_t, 8> bytes;
  entropy.fill(bytes);
  std::uint64_t seed = 0;
  for (const auto byte : bytes) seed = seed << 8 | byte;
  return seed;
}

std::string_view host_without_port(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.find(':'));
}

bool is_safe(Method method) { return method == Method::get || method == Method::head || method == Method::options; }

std::string_view name_of(Bucket bucket) {
  switch (bucket) {
    case Bucket::none: return "none";
    case Bucket::auth: return "auth";
    case Bucket::api: return "api";
    case Bucket::admin: return "admin";
    case Bucket::forms: return "forms";
  }
  return "none";
}

// The rightmost part of a list that proxies append to.
std::string_view last_part(std::string_view& list) {
  const auto comma = list.rfind(',');
  const auto part = comma == std::string_view::npos ? list : list.substr(comma + 1);
  list = comma == std::string_view::npos ? std::string_view{} : list.substr(0, comma);
  return trim(part);
}

Error refused(Kind kind, std::string code, std::string safe) { return Error{kind, std::move(code), std::move(safe)}; }

}  // namespace

Guard::Guard(GuardSettings settings, Authenticator* authenticator, const Clock& clock, Entropy& entropy)
    : settings_(std::move(settings)),
      limits_(settings_.limits),
      authenticator_(authenticator),
      clock_(clock),
      counters_(seed_from(entropy)),
      proxies_(Networks::parse(settings_.trusted_proxies)),
      admins_(Networks::parse(settings_.admin_networks)),
      operators_(Networks::parse(settings_.operations_networks)) {
  change_limits(settings_);
  for (auto& host : settings_.hosts) host = to_lower_ascii(host);
  for (auto& origin : settings_.origins) origin = to_lower_ascii(origin);
  for (std::size_t i = 0; i < 4; ++i) {
    auto& lines = lines_[i];
    if (settings_.open) continue;
    // On every answer alike: the app is one page, and which policy that page came with holds wherever it leads people
    // later. So no site of others may be in it; a reply that needs one brings a policy of its own, as the page does in
    // which a lesson's film is framed.
    if ((i & 1) == 0)
      lines +=
          "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
          "font-src 'self'; connect-src 'self'; media-src 'self'; frame-src 'self'; manifest-src 'self'; "
          "form-action 'self'; "
          "base-uri 'none'; frame-ancestors 'none'\r\n";
    if ((i & 2) != 0) {
      lines += "Strict-Transport-Security: max-age=31536000";
      lines += settings_.hsts_subdomains ? "; includeSubDomains\r\n" : "\r\n";
    }
    lines +=
        "X-Content-Type-Options: nosniff\r\nReferrer-Policy: strict-origin-when-cross-origin\r\n"
        "Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Resource-Policy: same-origin\r\n";
    // Also where this request named no origin: a cache must not hand its answer to one that does.
    if (!settings_.origins.empty()) lines += "Vary: Origin\r\n";
  }
}

std::string_view Guard::security_lines(bool https, bool own_policy) const {
  return lines_[(own_policy ? 1U : 0U) | (https || settings_.https ? 2U : 0U)];
}

bool Guard::identify(Request& request) const {
  request.caller.ip = request.peer;
  // Whoever is told an https address comes by it, whatever stands in between; their cookies must go no other way.
  request.https = request.https || settings_.https;
  if (proxies_.empty() || !proxies_.contains_peer(request.peer)) return false;
  // The client is the last address that no proxy of ours wrote on behalf of another proxy of ours.
  std::string chain;
  for (const auto& [name, value] : request.headers) {
    if (name != "x-forwarded-for") continue;
    if (!chain.empty()) chain += ',';
    chain += value;
  }
  std::string_view rest = chain;
  while (!rest.empty()) {
    const auto address = Address::parse(last_part(rest));
    if (!address) break;
    request.caller.ip = address->text();
    if (!proxies_.contains(*address)) break;
  }
  std::string_view scheme = request.header("x-forwarded-proto");
  scheme = last_part(scheme);
  if (!scheme.empty() && !settings_.https) request.https = equals_ignoring_case(scheme, "https");
  std::string_view host = request.header("x-forwarded-host");
  host = last_part(host);
  if (is_authority(host)) request.host = to_lower_ascii(host);
  return true;
}

std::optional<Refusal> Guard::check_host(const Request& request) const {
  if (settings_.open || settings_.hosts.empty() || request.host.empty()) return std::nullopt;
  const auto host = host_without_port(request.host);
  if (std::find(settings_.hosts.begin(), settings_.hosts.end(), host) != settings_.hosts.end()) return std::nullopt;
  // Probes ask by address, and no page of another site can make a browser do so in its own name. What ends in
  // .localhost is this machine for every browser.
  if (host == "localhost" || host.ends_with(".localhost") || Address::parse(host)) return std::nullopt;
  return Refusal{refused(Kind::rejected, "UNKNOWN_HOST", "This site does not go by that name."), 421};
}

std::optional<Refusal> Guard::admit(Request& request, const Route& route, std::string& lines) {
  if (settings_.open) return std::nullopt;
  auto refusal = decide(request, route, lines);
  if (refusal && told_ && refusal->error.kind != Kind::rate_limited) told_(request, route, refusal->error);
  return refusal;
}

void Guard::tell_limited(const Request& request, const Route& route) const {
  if (told_) told_(request, route, Error{Kind::rate_limited, "RATE_LIMITED"});
}

std::optional<Refusal> Guard::decide(Request& request, const Route& route, std::string& lines) {
  if (auto no = check_origin(request, route, lines)) return no;
  if (auto no = count_address(request, route, lines)) return no;
  if (auto no = find_caller(request, route)) return no;
  const auto confined = confine(request.caller);
  if (auto no = check_access(request, route, confined)) return no;
  if (auto no = check_scope(request, route)) return no;
  return check_forgery(request, route);
}

Guard::OriginOf Guard::origin_of(const Request& request) const {
  OriginOf of;
  const auto origin = request.header("origin");
  if (origin.empty()) return of;
  of.present = true;
  const auto lower = to_lower_ascii(origin);
  if (const auto end = lower.find("://"); end != std::string::npos && !request.host.empty()) {
    const auto scheme = std::string_view(lower).substr(0, end);
    const auto host = host_without_port(request.host);
    const auto address = Address::parse(host);
    // Whoever sits on the line can answer in our name over http, and so make pages of an https site that are not its
    // own; but nobody sits between a machine and itself. (https where we know of none: a proxy that was not named.)
    const bool trusted =
        scheme == "https" ||
        (scheme == "http" && (!request.https || host == "localhost" || (address && address->is_loopback())));
    of.own = trusted && std::string_view(lower).substr(end + 3) == request.host;
  }
  of.listed = std::find(settings_.origins.begin(), settings_.origins.end(), lower) != settings_.origins.end();
  return of;
}

std::optional<Refusal> Guard::check_origin(const Request& request, const Route& route, std::string& lines) const {
  const auto origin = origin_of(request);
  if (!origin.present || route.access == Access::signed_body) return std::nullopt;
  if (origin.listed) {
    lines += "Access-Control-Allow-Origin: ";
    lines += request.header("origin");
    lines +=
        "\r\nAccess-Control-Allow-Credentials: true\r\nAccess-Control-Expose-Headers: X-Request-Id, ETag, "
        "RateLimit, RateLimit-Policy, Retry-After\r\n";
  }
  if (origin.own || origin.listed || is_safe(request.method)) return std::nullopt;
  return Refusal{refused(Kind::forbidden, "ORIGIN_NOT_ALLOWED", "Pages of that site may not do this.")};
}

void Guard::ChangingLimit::set(const Limit& limit) {
  const auto window_s = static_cast<std::uint64_t>(limit.window.ms / 1000);
  packed_.store(static_cast<std::uint64_t>(limit.count) << 32 | window_s, std::memory_order_relaxed);
}

Limit Guard::ChangingLimit::get() const {
  const auto packed = packed_.load(std::memory_order_relaxed);
  return {static_cast<std::int64_t>(packed >> 32), seconds(static_cast<std::int64_t>(packed & 0xffff'ffff))};
}

void Guard::change_limits(const GuardSettings& fresh) {
  by_address_.set(fresh.address);
  by_auth_.set(fresh.auth);
  by_api_.set(fresh.api);
  by_admin_.set(fresh.admin);
  by_forms_.set(fresh.forms);
  limits_.store(fresh.limits, std::memory_order_relaxed);
}

Limit Guard::limit_of(Bucket bucket) const {
  switch (bucket) {
    case Bucket::none: break;
    case Bucket::auth: return by_auth_.get();
    case Bucket::api: return by_api_.get();
    case Bucket::admin: return by_admin_.get();
    case Bucket::forms: return by_forms_.get();
  }
  return {};
}

std::optional<Error> Guard::take(std::string_view bucket, std::string_view key, const Limit& limit,
                                 std::string& lines) {
  const auto standing = counters_.take(bucket, key, limit, clock_.now());
  // Only the limit that was asked last is told: it is the narrower one.
  if (const auto old = lines.find("RateLimit-Policy:"); old != std::string::npos) lines.resize(old);
  const std::string name(bucket.substr(0, bucket.find('/')));
  lines += "RateLimit-Policy: \"" + name + "\";q=" + std::to_string(limit.count) +
           ";w=" + std::to_string(limit.window.ms / 1000) + "\r\nRateLimit: \"" + name +
           "\";r=" + std::to_string(standing.left) + ";t=" + std::to_string(standing.seconds_left) + "\r\n";
  if (standing.allowed) return std::nullopt;
  auto error = refused(Kind::rate_limited, "RATE_LIMITED", "Too many requests. Please wait a little.");
  error.retry_after_s = static_cast<int>(std::max<std::int64_t>(standing.seconds_left, 1));
  return error;
}

// Sign-in and public forms are counted by address before anything else is looked at. The rest passes a wide limit here,
// since a whole school may share one address, and its own limit as count_call().
std::optional<Refusal> Guard::count_address(const Request& request, const Route& route, std::string& lines) {
  if (!limits_.load(std::memory_order_relaxed) || route.bucket == Bucket::none) return std::nullopt;
  const auto address = Address::parse(request.caller.ip);
  const auto key = address ? address->limit_key() : request.caller.ip;
  const bool by_address = route.bucket == Bucket::auth || route.bucket == Bucket::forms;
  auto error = by_address ? take(name_of(route.bucket), key, limit_of(route.bucket), lines)
                          : take("address", key, by_address_.get(), lines);
  if (!error) return std::nullopt;
  // Whoever guesses from behind an address must not keep those out who share it and are known where they want to go.
  if (route.known_as)
    if (const auto known = route.known_as(request); !known.empty())
      error = take(std::string(name_of(route.bucket)) + "/known", known, limit_of(route.bucket), lines);
  if (!error) return std::nullopt;
  return Refusal{std::move(*error)};
}

std::optional<Error> Guard::count_call(const Request& request, const Route& route, std::string& lines) {
  if (!limits_.load(std::memory_order_relaxed) || route.bucket == Bucket::none) return std::nullopt;
  const auto limit = limit_of(route.bucket);
  const bool by_address = route.bucket == Bucket::auth || route.bucket == Bucket::forms;
  std::optional<Error> refused;
  if (request.caller.signed_in()) {
    refused = take(by_address ? std::string(name_of(route.bucket)) + "/user" : std::string(name_of(route.bucket)),
                   request.caller.key.empty() ? request.caller.user.text() : request.caller.key, limit, lines);
  } else if (!by_address) {  // else counted on the way in
    const auto address = Address::parse(request.caller.ip);
    refused = take(name_of(route.bucket), address ? address->limit_key() : request.caller.ip, limit, lines);
  }
  return refused;
}

std::optional<Refusal> Guard::find_caller(Request& request, const Route& route) {
  if (!authenticator_ || route.access == Access::signed_body) return std::nullopt;
  const bool by_header = !request.header("authorization").empty();
  if (!by_header && request.cookie("tuition_at").empty() && request.cookie("__Host-tuition_at").empty())
    return std::nullopt;
  auto found = authenticator_->authenticate(request);
  if (!found) {
    // A stale cookie must not keep anybody from signing in again or from reading what is public.
    if (!by_header && (route.access == Access::anyone || route.access == Access::operations)) {
      if (told_) told_(request, route, found.error());
      return std::nullopt;
    }
    return Refusal{std::move(found).error()};
  }
  auto was = std::move(request.caller);
  request.caller = std::move(found).value();
  request.caller.ip = std::move(was.ip);
  request.caller.user_agent = std::move(was.user_agent);
  request.caller.request_id = std::move(was.request_id);
  return std::nullopt;
}

bool Guard::still_admits(const Request& request) const {
  if (!authenticator_ || !request.caller.signed_in()) return true;
  auto found = authenticator_->authenticate(request);
  if (!found) return found.error().code == "TOKEN_EXPIRED";
  confine(found.value());
  return found->user == request.caller.user && found->role == request.caller.role;
}

std::optional<Refusal> Guard::check_access(const Request& request, const Route& route, Confined confined) const {
  const auto& caller = request.caller;
  const auto unauthenticated = [] {
    return Refusal{refused(Kind::unauthenticated, "UNAUTHENTICATED", "Please sign in.")};
  };
  const auto forbidden = [](std::string safe) {
    return Refusal{refused(Kind::forbidden, "FORBIDDEN", std::move(safe))};
  };
  const auto no_factor = [] {
    return Refusal{refused(Kind::forbidden, "MFA_SETUP_REQUIRED",
                           "The school asks a second step of everybody who works here. Please set it up first.")};
  };
  switch (route.access) {
    case Access::anyone:
    case Access::signed_body: return std::nullopt;
    case Access::member:
      if (!caller.signed_in()) return unauthenticated();
      return std::nullopt;
    case Access::instructor:
      if (!caller.signed_in()) return unauthenticated();
      if (confined == Confined::by_factor) return no_factor();
      if (!caller.is_staff()) return forbidden("This is for instructors.");
      return std::nullopt;
    case Access::admin:
      if (!caller.signed_in()) return unauthenticated();
      if (confined == Confined::by_address) return forbidden("Administrators may not work from this address.");
      if (confined == Confined::by_factor) return no_factor();
      if (!caller.is_admin()) return forbidden("This is for administrators.");
      return std::nullopt;
    case Access::operations:
      // A proxy that nobody named speaks for strangers from a near address.
      if (operators_.contains_peer(caller.ip) &&
          (request.header("x-forwarded-for").empty() || caller.ip != request.peer) &&
          (request.header("forwarded").empty() || caller.ip != request.peer))
        return std::nullopt;
      if (!caller.signed_in()) return unauthenticated();
      if (confined == Confined::by_factor) return no_factor();
      if (!caller.is_admin()) return forbidden("This is for operators.");
      return std::nullopt;
  }
  return unauthenticated();
}

Guard::Confined Guard::confine(Caller& caller) const {
  auto confined = Confined::no;
  if (!caller.signed_in()) return confined;
  if (caller.lacks_factor) confined = Confined::by_factor;
  // A list of which nothing could be read lets nobody in, rather than everybody.
  if (!settings_.admin_networks.empty() && caller.role == Role::admin && !admins_.contains_peer(caller.ip))
    confined = Confined::by_address;
  if (confined == Confined::no) return confined;
  caller.role = Role::user;
  caller.owner = false;
  return confined;
}

std::optional<Refusal> Guard::check_scope(Request& request, const Route& route) const {
  auto& caller = request.caller;
  if (caller.sort != Caller::Sort::key) return std::nullopt;
  if (takes_keys(route) && caller.may(route.scope)) return std::nullopt;
  if (route.access == Access::anyone) {
    Caller nobody;
    nobody.ip = std::move(caller.ip);
    nobody.user_agent = std::move(caller.user_agent);
    nobody.request_id = std::move(caller.request_id);
    caller = std::move(nobody);
    return std::nullopt;
  }
  return Refusal{refused(Kind::forbidden, "SCOPE_REQUIRED",
                         takes_keys(route) ? "This key needs the scope " + std::string(route.scope) + "."
                                           : "API keys may not do this: it takes a person who is signed in.")};
}

// api.md: the browser's own word on where a request comes from. Callers that prove themselves by a header cannot be
// forged by another site.
std::optional<Refusal> Guard::check_forgery(const Request& request, const Route& route) const {
  if (is_safe(request.method) || route.access == Access::signed_body) return std::nullopt;
  if (request.caller.signed_in() && !request.caller.by_cookie) return std::nullopt;
  const auto failed = Refusal{refused(Kind::forbidden, "CSRF_FAILED", "This request did not come from our own pages.")};
  const auto origin = origin_of(request);
  if (origin.listed) return std::nullopt;
  if (const auto site = request.header("sec-fetch-site"); !site.empty()) {
    if (site == "same-origin" || site == "none") return std::nullopt;
    return failed;
  }
  if (origin.present) return origin.own ? std::nullopt : std::optional(failed);
  if (request.caller.by_cookie) return failed;
  for (const auto* name : {"tuition_at", "tuition_rt", "__Host-tuition_at", "__Secure-tuition_rt"})
    if (!request.cookie(name).empty()) return failed;
  return std::nullopt;
}

Reply Guard::preflight(const Request& request, std::string_view allow) const {
  Reply reply;
  reply.content_type.clear();
  reply.status = 204;
  reply.with("Allow", std::string(allow));
  const auto origin = origin_of(request);
  if (settings_.open || !origin.present || origin.own) return reply;
  if (!origin.listed)
    return problem(refused(Kind::forbidden, "ORIGIN_NOT_ALLOWED", "Pages of that site may not do this."), request);
  reply.with("Access-Control-Allow-Origin", std::string(request.header("origin")));
  reply.with("Access-Control-Allow-Credentials", "true");
  reply.with("Access-Control-Allow-Methods", std::string(allow));
  reply.with("Access-Control-Allow-Headers",
             "Authorization, Content-Type, Idempotency-Key, If-None-Match, Prefer, Accept");
  reply.with("Access-Control-Max-Age", "600");
  return reply;
}

}  // namespace tuition::http
