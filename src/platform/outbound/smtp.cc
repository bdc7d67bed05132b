#include "platform/outbound/smtp.h"

#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <mutex>

#include "platform/base/blocking.h"
#include "platform/base/check.h"
#include "platform/base/text.h"
#include "platform/log/log.h"
#include "platform/outbound/address.h"
#include "platform/outbound/counted.h"
#include "platform/outbound/handles.h"
#include "platform/outbound/mime.h"

namespace tuition::outbound {
namespace {

constexpr long connect_ms = 15'000;

Error not_configured(std::string sentence) { return Error{Kind::not_configured, "NOT_CONFIGURED", sentence, sentence}; }

bool names_loopback(const std::string& host) {
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos);
}

// What libcurl's callbacks read and write.
struct Conversation {
  std::string_view message{};
  std::size_t sent = 0;
  bool must_be_loopback = false;
  bool left_loopback = false;
  std::string command{};  // the last one we sent, its verb only: AUTH lines hold the password
  std::string answer{};   // the server's last line
};

std::size_t give_message(char* out, std::size_t, std::size_t room, void* context) {
  auto& talk = *static_cast<Conversation*>(context);
  const std::size_t count = std::min(room, talk.message.size() - talk.sent);
  std::memcpy(out, talk.message.data() + talk.sent, count);
  talk.sent += count;
  return count;
}

curl_socket_t open_mail_socket(void* context, curlsocktype, curl_sockaddr* to) {
  auto& talk = *static_cast<Conversation*>(context);
  if (talk.must_be_loopback && !is_loopback(to->addr)) {
    talk.left_loopback = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

// libcurl does not say which command was refused; its trace does.
int listen(CURL*, curl_infotype kind, char* bytes, std::size_t count, void* context) {
  auto& talk = *static_cast<Conversation*>(context);
  const std::string_view line(bytes, count);
  if (kind == CURLINFO_HEADER_OUT) {
    std::string verb = to_lower_ascii(line.substr(0, 4));
    const bool known = verb == "ehlo" || verb == "helo" || verb == "star" || verb == "auth" || verb == "mail" ||
                       verb == "rcpt" || verb == "data" || verb == "quit";
    if (known) talk.command = std::move(verb);
  } else if (kind == CURLINFO_HEADER_IN) {
    talk.answer = trim(line);
  }
  return 0;
}

std::size_t ignore(char*, std::size_t, std::size_t count, void*) { return count; }

Error failure(Kind kind, std::string code, std::string detail) {
  return Error{kind, std::move(code), "The mail server did not take the mail.", std::move(detail)};
}

Error judge(CURLcode code, long status, const Conversation& talk) {
  const std::string answer = talk.answer.substr(0, 300);
  const std::string detail = std::string(curl_easy_strerror(code)) + " after " +
                             (talk.command.empty() ? "connecting" : talk.command) +
                             (answer.empty() ? "" : ": " + answer);
  // What the same for every mail says nothing about this one.
  const auto for_all = Kind::unavailable;
  if (talk.left_loopback) return failure(for_all, "MAIL_NO_TLS", "plain text is sent to this machine only");
  if (code == CURLE_USE_SSL_FAILED || code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR)
    return failure(for_all, "MAIL_NO_TLS", detail);
  if (code == CURLE_LOGIN_DENIED || status == 530 || status == 535)
    return failure(for_all, "MAIL_LOGIN_REFUSED", detail);
  const bool answered = code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_RECV_ERROR;
  const bool offered = talk.command == "rcpt" || talk.command == "data";
  if (answered && status >= 500 && status < 600) {
    if (offered) return Error{Kind::rejected, "MAIL_REFUSED", "The mail server refused this mail.", detail};
    if (talk.command == "mail") return failure(for_all, "MAIL_SENDER_REFUSED", detail);
  }
  const bool had_it = (offered || talk.command == "mail") && status != 421;
  return failure(had_it ? Kind::provider : for_all, "PROVIDER_ERROR", detail);
}

}  // namespace

struct SmtpMailer::Server {
  std::string url;  // without user and password, with our name as the path
  bool implicit_tls = false;
  bool loopback = false;
  std::string username;
  Secret password;
  Handles handles;
  std::mutex mutex{};
  Breaker breaker;

  explicit Server(Breaker::Settings settings) : breaker(settings) {}
  bool may_call() {
    const std::lock_guard lock(mutex);
    return breaker.may_call(steady_instant());
  }
  // The state before and after.
  std::pair<Breaker::State, Breaker::State> ended(bool well) {
    const std::lock_guard lock(mutex);
    const auto was = breaker.state();
    if (well) {
      breaker.succeeded();
    } else {
      breaker.failed(steady_instant());
    }
    return {was, breaker.state()};
  }
};

// A mail in the form the server takes it.
struct SmtpMailer::Letter {
  std::string message;
  std::string from;
  std::string to;
};

struct SmtpMailer::Delivery {
  Result<void> result;
  int status = 0;           // the server's last reply
  bool server_well = true;  // it answered, whatever it thought of this mail
};

Result<std::unique_ptr<SmtpMailer>> SmtpMailer::open(Settings settings, metrics::Registry& metrics) {
  auto server = std::make_shared<Server>(settings.breaker);
  const Url url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, settings.url.c_str(), 0) != CURLUE_OK)
    return not_configured("The mail server must be given as smtp://host:587 or smtps://host:465.");
  const std::string scheme = part_of(url, CURLUPART_SCHEME);
  const std::string host = to_lower_ascii(part_of(url, CURLUPART_HOST));
  std::string port = part_of(url, CURLUPART_PORT);
  const std::string path = part_of(url, CURLUPART_PATH);
  if ((scheme != "smtp" && scheme != "smtps") || host.empty() || path.size() > 1 ||
      !part_of(url, CURLUPART_QUERY).empty())
    return not_configured("The mail server must be given as smtp://host:587 or smtps://host:465.");
  const bool good_name =
      !settings.our_name.empty() &&
      settings.our_name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-[]:") ==
          std::string::npos;
  if (!good_name) return not_configured("The name said to the mail server must be a host name.");
  server->implicit_tls = scheme == "smtps";
  server->loopback = names_loopback(host);
  if (port.empty()) port = server->implicit_tls ? "465" : "587";
  server->url = scheme + "://" + host + ":" + port + "/" + settings.our_name;
  server->username = settings.username.empty() ? part_of(url, CURLUPART_USER, CURLU_URLDECODE) : settings.username;
  // A key pasted with its line end cannot log in.
  server->password = settings.password.empty() ? Secret(part_of(url, CURLUPART_PASSWORD, CURLU_URLDECODE))
                                               : Secret(std::string(trim(settings.password.reveal())));
  settings.url.clear();
  return std::unique_ptr<SmtpMailer>(new SmtpMailer(std::move(settings), std::move(server), metrics));
}

SmtpMailer::SmtpMailer(Settings settings, std::shared_ptr<Server> server, metrics::Registry& metrics)
    : settings_(std::move(settings)),
      server_(std::move(server)),
      metrics_(metrics),
      seconds_(metrics.histogram("tuition_outbound_request_duration_seconds", "Calls to other servers.",
                                 {{"provider", "smtp"}})) {
  begin_counting(metrics, "smtp");
  // A mailer may be replaced by another; the registry stays.
  metrics.gauge("tuition_outbound_circuit_open", "1 while calls to this provider are refused.", {{"provider", "smtp"}},
                [weak = std::weak_ptr<Server>(server_)] {
                  const auto still = weak.lock();
                  if (!still) return 0.0;
                  const std::lock_guard lock(still->mutex);
                  return still->breaker.state() == Breaker::State::closed ? 0.0 : 1.0;
                });
}

SmtpMailer::~SmtpMailer() = default;

Result<SmtpMailer::Letter> SmtpMailer::letter_of(const Mail& mail) {
  const auto from = TRY(parse_mailbox(mail.from));
  const auto to = TRY(parse_mailbox(mail.to));
  return Letter{TRY(compose(mail)), "<" + from.address + ">", "<" + to.address + ">"};
}

Result<void> SmtpMailer::send(const Mail& mail) {
  check(!settings_.write_is_open || !settings_.write_is_open(), "no network call while a write is open");
  const auto letter = TRY(letter_of(mail));
  const auto count = [&](const char* outcome) { calls(metrics_, "smtp", outcome).add(); };
  if (!server_->may_call()) {
    count("circuit_open");
    auto error = failure(Kind::unavailable, "MAIL_PAUSED", "the mail server failed repeatedly and is left alone");
    error.retry_after_s = static_cast<int>(settings_.breaker.rest.ms / 1000);
    return error;
  }
  const Blocking blocking;
  const std::int64_t begun_us = steady_us();
  Delivery done;
  try {
    done = deliver(letter);
  } catch (...) {
    server_->ended(false);
    throw;
  }
  const std::int64_t took_us = steady_us() - begun_us;
  const auto& result = done.result;
  const auto [was, is] = server_->ended(done.server_well);
  if (was == Breaker::State::closed && is == Breaker::State::open)
    log::warn("mail.server_away", {{"why", result ? "" : result.error().detail}});
  if (was != Breaker::State::closed && is == Breaker::State::closed) log::info("mail.server_back");
  seconds_.observe_us(took_us);
  count(result ? "2xx" : result.error().kind == Kind::rejected ? "5xx" : "failed");
  if (settings_.on_call)
    settings_.on_call({"smtp", "send", done.status, Duration{took_us / 1000}, result ? "" : result.error().detail, {}});
  return result;
}

SmtpMailer::Delivery SmtpMailer::deliver(const Letter& letter) {
  List recipients;
  append(recipients, letter.to);

  const Handles::Lease lease(server_->handles);
  CURL* handle = lease.get();
  Conversation talk;
  talk.message = letter.message;
  const bool plain = server_->loopback && !server_->implicit_tls;
  talk.must_be_loopback = plain;
  set_common(handle, settings_.authorities, connect_ms, static_cast<long>(settings_.deadline.ms));
  set(handle, CURLOPT_URL, server_->url.c_str());
  set(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(handle, CURLOPT_USE_SSL, static_cast<long>(plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  if (!server_->username.empty()) {
    set(handle, CURLOPT_USERNAME, server_->username.c_str());
    set(handle, CURLOPT_PASSWORD, server_->password.reveal().c_str());
  }
  set(handle, CURLOPT_MAIL_FROM, letter.from.c_str());
  set(handle, CURLOPT_MAIL_RCPT, recipients.get());
  set(handle, CURLOPT_UPLOAD, 1L);
  set(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(letter.message.size()));
  set(handle, CURLOPT_READFUNCTION, &give_message);
  set(handle, CURLOPT_READDATA, static_cast<void*>(&talk));
  set(handle, CURLOPT_WRITEFUNCTION, &ignore);
  set(handle, CURLOPT_OPENSOCKETFUNCTION, &open_mail_socket);
  set(handle, CURLOPT_OPENSOCKETDATA, static_cast<void*>(&talk));
  set(handle, CURLOPT_DEBUGFUNCTION, &listen);
  set(handle, CURLOPT_DEBUGDATA, static_cast<void*>(&talk));
  set(handle, CURLOPT_VERBOSE, 1L);
  // Servers hang up on idle clients after a while; a connection older than this is not tried again.
  set(handle, CURLOPT_MAXAGE_CONN, 20L);

  const CURLcode code = curl_easy_perform(handle);
  long reply = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &reply);
  const int status = static_cast<int>(reply);
  if (code == CURLE_OK) return {{}, status, true};
  auto error = judge(code, reply, talk);
  // A mail that is put off by the server's own word (greylisting, a full mailbox) shows that the server is there.
  const bool put_off =
      error.kind == Kind::provider && status >= 400 && status < 500 && code != CURLE_OPERATION_TIMEDOUT;
  const bool well = error.kind == Kind::rejected || put_off;
  return {std::move(error), status, well};
}

}  // namespace tuition::outbound
