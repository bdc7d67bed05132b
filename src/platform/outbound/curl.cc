#include "platform/outbound/curl.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "platform/base/blocking.h"
#include "platform/base/check.h"
#include "platform/base/text.h"
#include "platform/outbound/address.h"
#include "platform/outbound/counted.h"
#include "platform/outbound/handles.h"

namespace tuition::outbound {
namespace {

constexpr std::int64_t connect_max_ms = 10'000;
constexpr std::size_t headers_max = 64 * 1024;

Error failure(std::string detail) {
  return Error{Kind::provider, "PROVIDER_ERROR", "A service we depend on did not answer. Please try again in a moment.",
               std::move(detail)};
}

// What libcurl's callbacks write into.
struct Exchange {
  HttpReply reply{};
  std::size_t reply_max = 0;
  std::size_t headers_size = 0;
  bool too_large = false;
  bool may_be_private = false;
  std::string refused{};  // the address we would not call
};

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* context) {
  auto& exchange = *static_cast<Exchange*>(context);
  if (exchange.reply.body.size() + count > exchange.reply_max) {
    exchange.too_large = true;
    return 0;
  }
  exchange.reply.body.append(bytes, count);
  return count;
}

std::size_t take_header(char* bytes, std::size_t, std::size_t count, void* context) {
  auto& exchange = *static_cast<Exchange*>(context);
  exchange.headers_size += count;
  if (exchange.headers_size > headers_max) {
    exchange.too_large = true;
    return 0;
  }
  const std::string_view line = trim({bytes, count});
  if (line.starts_with("HTTP/")) exchange.reply.headers.clear();  // after an interim reply
  const auto colon = line.find(':');
  if (colon != std::string_view::npos)
    exchange.reply.headers.emplace_back(to_lower_ascii(trim(line.substr(0, colon))), trim(line.substr(colon + 1)));
  return count;
}

curl_socket_t open_socket(void* context, curlsocktype, curl_sockaddr* to) {
  auto& exchange = *static_cast<Exchange*>(context);
  if (!exchange.may_be_private && !is_public(to->addr)) {
    exchange.refused = to_text(to->addr);
    return CURL_SOCKET_BAD;
  }
  return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

void set_method(CURL* handle, const HttpRequest& request) {
  const bool sends =
      !request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (sends) {
    set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(handle, CURLOPT_POSTFIELDS, request.body.c_str());
  } else if (request.method == "HEAD") {
    set(handle, CURLOPT_NOBODY, 1L);
  }
  set(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

// On a connection that turns out to be closed libcurl sends a request again by itself. What may have been done must not
// be done twice, unless the peer can tell.
bool may_be_repeated(const HttpRequest& request) {
  if (request.method != "POST" && request.method != "PATCH") return true;
  for (const auto& [name, value] : request.headers)
    if (equals_ignoring_case(name, "idempotency-key")) return true;
  return false;
}

List header_list(const HttpRequest& request) {
  List list;
  append(list, "Expect:");
  bool typed = false;
  for (const auto& [name, value] : request.headers) {
    check(name.find_first_of("\r\n:") == std::string::npos && value.find_first_of("\r\n") == std::string::npos &&
              value.find('\0') == std::string::npos,
          "a header holds one line");
    typed = typed || equals_ignoring_case(name, "content-type");
    append(list, value.empty() ? name + ";" : name + ": " + value);
  }
  // libcurl would call any body a form.
  if (!typed) append(list, "Content-Type:");
  return list;
}

std::string result_of(const Result<HttpReply>& result) {
  if (!result) return "failed";
  return std::to_string(result->status / 100) + "xx";
}

}  // namespace

struct CurlClient::Provider {
  std::string name;
  std::mutex mutex;
  Breaker breaker;
  metrics::Histogram& seconds;

  Provider(std::string n, Breaker::Settings settings, metrics::Registry& registry)
      : name(std::move(n)),
        breaker(settings),
        seconds(registry.histogram("tuition_outbound_request_duration_seconds", "Calls to other servers.",
                                   {{"provider", name}})) {
    begin_counting(registry, name);
    registry.gauge("tuition_outbound_circuit_open", "1 while calls to this provider are refused.", {{"provider", name}},
                   [this] {
                     const std::lock_guard lock(mutex);
                     return breaker.state() == Breaker::State::closed ? 0.0 : 1.0;
                   });
  }
  bool may_call() {
    const std::lock_guard lock(mutex);
    return breaker.may_call(steady_instant());
  }
  void ended(bool well) {
    const std::lock_guard lock(mutex);
    if (well) {
      breaker.succeeded();
    } else {
      breaker.failed(steady_instant());
    }
  }
};

CurlClient::CurlClient(Settings settings, metrics::Registry& metrics)
    : settings_(std::move(settings)), metrics_(metrics), handles_(std::make_unique<Handles>()) {
  named_.insert(settings_.named.begin(), settings_.named.end());
  for (const auto& each : settings_.providers) provider(each);
}

CurlClient::~CurlClient() = default;

void CurlClient::name(std::string host_and_port) {
  const std::lock_guard lock(mutex_);
  named_.insert(std::move(host_and_port));
}

bool CurlClient::is_named(const std::string& host_and_port) {
  const std::lock_guard lock(mutex_);
  return named_.contains(host_and_port);
}

CurlClient::Provider& CurlClient::provider(const std::string& name) {
  const std::lock_guard lock(mutex_);
  auto& slot = providers_[name];
  if (!slot) slot = std::make_unique<Provider>(name, settings_.breaker, metrics_);
  return *slot;
}

Result<HttpReply> CurlClient::send(const HttpRequest& request) {
  check(!settings_.write_is_open || !settings_.write_is_open(), "no network call while a write is open");
  Provider& to = provider(request.provider.empty() ? "other" : request.provider);
  const auto count = [&](const std::string& result) { calls(metrics_, to.name, result).add(); };
  if (!to.may_call()) {
    count("circuit_open");
    Error error = failure(to.name + " failed repeatedly; calls are paused");
    error.retry_after_s = static_cast<int>(settings_.breaker.rest.ms / 1000);
    return error;
  }

  const Blocking blocking;
  const std::int64_t begun_us = steady_us();
  std::string path;
  Result<HttpReply> result = failure("the call was abandoned");
  try {
    result = perform(request, path);
  } catch (...) {
    to.ended(false);
    throw;
  }
  const std::int64_t took_us = steady_us() - begun_us;
  to.ended(result.ok() && result->status < 500);
  to.seconds.observe_us(took_us);
  count(result_of(result));
  if (settings_.on_call) {
    Call call{to.name, request.method + " " + path, result ? result->status : 0, Duration{took_us / 1000}, {}, {}};
    if (result) {
      call.request_id = result->header("request-id");
    } else {
      call.error = result.error().detail;
    }
    settings_.on_call(call);
  }
  return result;
}

Result<HttpReply> CurlClient::perform(const HttpRequest& request, std::string& path) {
  const Url url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, request.url.c_str(), 0) != CURLUE_OK)
    return failure("the address cannot be read as a URL");
  const std::string scheme = part_of(url, CURLUPART_SCHEME);
  const std::string host = to_lower_ascii(part_of(url, CURLUPART_HOST));
  const std::string port = part_of(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  path = part_of(url, CURLUPART_PATH);
  const bool named = is_named(host + ":" + port);
  if (scheme != "https" && !(scheme == "http" && named)) return failure("only https is called, not " + scheme);
  if (port != "443" && !named) return failure("port " + port + " of " + host + " is not one we call");

  const Handles::Lease lease(*handles_);
  CURL* handle = lease.get();
  Exchange exchange;
  exchange.reply_max = request.reply_max;
  exchange.may_be_private = named;
  const List headers = header_list(request);
  const std::int64_t total_ms = std::max<std::int64_t>(1, request.deadline.ms);
  set_common(handle, settings_.authorities, static_cast<long>(std::min(connect_max_ms, total_ms)),
             static_cast<long>(total_ms));
  set(handle, CURLOPT_CURLU, url.get());
  set(handle, CURLOPT_PROTOCOLS_STR, named ? "http,https" : "https");
  set(handle, CURLOPT_FOLLOWLOCATION, 0L);
  set(handle, CURLOPT_USERAGENT, "tuition");
  set_method(handle, request);
  if (!may_be_repeated(request)) set(handle, CURLOPT_FRESH_CONNECT, 1L);
  set(handle, CURLOPT_HTTPHEADER, headers.get());
  set(handle, CURLOPT_WRITEFUNCTION, &take_body);
  set(handle, CURLOPT_WRITEDATA, static_cast<void*>(&exchange));
  set(handle, CURLOPT_HEADERFUNCTION, &take_header);
  set(handle, CURLOPT_HEADERDATA, static_cast<void*>(&exchange));
  set(handle, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  set(handle, CURLOPT_OPENSOCKETDATA, static_cast<void*>(&exchange));

  const CURLcode code = curl_easy_perform(handle);
  if (!exchange.refused.empty()) return failure(host + " leads to " + exchange.refused + ", which is not public");
  if (exchange.too_large) return failure(host + " answered more than " + std::to_string(request.reply_max) + " bytes");
  if (code != CURLE_OK) return failure(host + ": " + curl_easy_strerror(code));
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  exchange.reply.status = static_cast<int>(status);
  return std::move(exchange.reply);
}

std::string_view HttpReply::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers)
    if (name == lower_case_name) return value;
  return {};
}

}  // namespace tuition::outbound
