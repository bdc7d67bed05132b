#include "platform/outbound/smtp.h"

#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "platform/base/blocking.h"
#include "platform/base/check.h"
#include "platform/base/text.h"
#include "platform/outbound/address.h"
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

curl_socket_t open_socket(void* context, curlsocktype, curl_sockaddr* to) {
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

Error failure(std::string code, std::string detail) {
  return Error{Kind::provider, std::move(code), "The mail server did not take the mail.", std::move(detail)};
}

Error judge(CURLcode code, long status, const Conversation& talk) {
  const std::string answer = talk.answer.substr(0, 300);
  const std::string detail = std::string(curl_easy_strerror(code)) + " after " +
                             (talk.command.empty() ? "connecting" : talk.command) +
                             (answer.empty() ? "" : ": " + answer);
  if (talk.left_loopback) return failure("MAIL_NO_TLS", "plain text is sent to this machine only");
  if (code == CURLE_USE_SSL_FAILED || code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR)
    return failure("MAIL_NO_TLS", detail);
  if (code == CURLE_LOGIN_DENIED || status == 530 || status == 535) return failure("MAIL_LOGIN_REFUSED", detail);
  const bool answered = code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_RECV_ERROR;
  if (answered && status >= 500 && status < 600) {
    if (talk.command == "rcpt" || talk.command == "data")
      return Error{Kind::rejected, "MAIL_REFUSED", "The mail server refused this mail.", detail};
    if (talk.command == "mail") return failure("MAIL_SENDER_REFUSED", detail);
  }
  return failure("PROVIDER_ERROR", detail);
}

}  // namespace

struct SmtpMailer::Server {
  std::string url;  // without user and password, with our name as the path
  bool implicit_tls = false;
  bool loopback = false;
  std::string username;
  Secret password;
  Handles handles;
};

Result<std::unique_ptr<SmtpMailer>> SmtpMailer::open(Settings settings, metrics::Registry& metrics) {
  auto server = std::make_unique<Server>();
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

SmtpMailer::SmtpMailer(Settings settings, std::unique_ptr<Server> server, metrics::Registry& metrics)
    : settings_(std::move(settings)),
      server_(std::move(server)),
      metrics_(metrics),
      seconds_(metrics.histogram("tuition_outbound_request_duration_seconds", "Calls to other servers.",
                                 {{"provider", "smtp"}})) {}

SmtpMailer::~SmtpMailer() = default;

Result<void> SmtpMailer::send(const Mail& mail) {
  check(!settings_.write_is_open || !settings_.write_is_open(), "no network call while a write is open");
  const Blocking blocking;
  const std::int64_t begun_us = steady_us();
  int status = 0;
  auto result = deliver(mail, status);
  const std::int64_t took_us = steady_us() - begun_us;
  seconds_.observe_us(took_us);
  const char* outcome = result ? "2xx" : result.error().kind == Kind::rejected ? "5xx" : "failed";
  metrics_
      .counter("tuition_outbound_requests_total", "Calls to other servers by outcome.",
               {{"provider", "smtp"}, {"result", outcome}})
      .add();
  if (settings_.on_call)
    settings_.on_call({"smtp", "send", status, Duration{took_us / 1000}, result ? "" : result.error().detail, {}});
  return result;
}

Result<void> SmtpMailer::deliver(const Mail& mail, int& status) {
  const std::string message = TRY(compose(mail));
  const std::string from = "<" + TRY(parse_mailbox(mail.from)).address + ">";
  List recipients;
  append(recipients, "<" + TRY(parse_mailbox(mail.to)).address + ">");

  const Handles::Lease lease(server_->handles);
  CURL* handle = lease.get();
  Conversation talk;
  talk.message = message;
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
  set(handle, CURLOPT_MAIL_FROM, from.c_str());
  set(handle, CURLOPT_MAIL_RCPT, recipients.get());
  set(handle, CURLOPT_UPLOAD, 1L);
  set(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.size()));
  set(handle, CURLOPT_READFUNCTION, &give_message);
  set(handle, CURLOPT_READDATA, static_cast<void*>(&talk));
  set(handle, CURLOPT_WRITEFUNCTION, &ignore);
  set(handle, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  set(handle, CURLOPT_OPENSOCKETDATA, static_cast<void*>(&talk));
  set(handle, CURLOPT_DEBUGFUNCTION, &listen);
  set(handle, CURLOPT_DEBUGDATA, static_cast<void*>(&talk));
  set(handle, CURLOPT_VERBOSE, 1L);
  // Servers hang up on idle clients after a while; a connection older than this is not tried again.
  set(handle, CURLOPT_MAXAGE_CONN, 20L);

  const CURLcode code = curl_easy_perform(handle);
  long reply = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &reply);
  status = static_cast<int>(reply);
  if (code == CURLE_OK) return {};
  return judge(code, reply, talk);
}

}  // namespace tuition::outbound
