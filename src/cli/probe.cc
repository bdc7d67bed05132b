#include "cli/probe.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>
#include <variant>

#include "platform/base/text.h"

namespace tuition::cli {
namespace {

Error no_answer(std::string_view listener, std::string_view why) {
  return Error{Kind::provider, "NO_ANSWER", std::string(listener) + ": " + std::string(why)};
}

std::string reason(int error) { return std::generic_category().message(error); }

struct Address {
  sockaddr_storage bytes{};
  socklen_t length = 0;
};

template <class Family>
Address address_from(const Family& family) {
  Address address;
  std::memcpy(&address.bytes, &family, sizeof family);
  address.length = sizeof family;
  return address;
}

std::optional<Address> address_of(std::string_view listener) {
  if (listener.starts_with("unix:")) {
    const auto path = listener.substr(5);
    sockaddr_un local{};
    local.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof local.sun_path) return std::nullopt;
    std::copy(path.begin(), path.end(), local.sun_path);
    return address_from(local);
  }
  const auto colon = listener.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = parse_integer(listener.substr(colon + 1));
  if (!port || *port < 1 || *port > 65535) return std::nullopt;
  std::string host(listener.substr(0, colon));
  if (host == "localhost") host = "127.0.0.1";
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_port = htons(static_cast<std::uint16_t>(*port));
  if (::inet_pton(AF_INET, host.c_str(), &four.sin_addr) == 1) return address_from(four);
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(static_cast<std::uint16_t>(*port));
  if (::inet_pton(AF_INET6, host.c_str(), &six.sin6_addr) == 1) return address_from(six);
  return std::nullopt;
}

class Socket {
 public:
  explicit Socket(int family) : file_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
  ~Socket() {
    if (file_ >= 0) ::close(file_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int file() const { return file_; }

 private:
  int file_;
};

// False when the time is over.
bool wait_for(int file, short what, std::int64_t until_us) {
  for (;;) {
    const std::int64_t left_ms = (until_us - steady_us()) / 1000;
    if (left_ms <= 0) return false;
    pollfd one{file, what, 0};
    const int found = ::poll(&one, 1, static_cast<int>(left_ms));
    if (found > 0) return true;
    if (found < 0 && errno != EINTR) return false;
  }
}

}  // namespace

std::string reachable(std::string_view host, std::int64_t port) {
  std::string name(host);
  if (name == "0.0.0.0" || name.empty() || name == "*") name = "127.0.0.1";
  if (name == "::" || name == "[::]") name = "::1";
  if (name.find(':') != std::string::npos && !name.starts_with('[')) name = "[" + name + "]";
  return name + ":" + std::to_string(port);
}

Result<int> probe(std::string_view listener, std::string_view path, Duration patience) {
  const std::int64_t until_us = steady_us() + patience.ms * 1000;
  const auto address = address_of(listener);
  if (!address) return no_answer(listener, "this is no address on this machine");
  const Socket socket(address->bytes.ss_family);
  if (socket.file() < 0) return no_answer(listener, reason(errno));
  if (::connect(socket.file(), reinterpret_cast<const sockaddr*>(&address->bytes), address->length) != 0) {
    if (errno != EINPROGRESS && errno != EAGAIN) return no_answer(listener, reason(errno));
    if (!wait_for(socket.file(), POLLOUT, until_us)) return no_answer(listener, "does not accept connections");
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket.file(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return no_answer(listener, reason(error));
  }

  // A host name that passes a list of allowed ones cannot be known here; health is answered to any.
  const std::string request = "GET " + std::string(path) +
                              " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: tuition-healthcheck\r\n"
                              "Connection: close\r\n\r\n";
  std::size_t sent = 0;
  while (sent < request.size()) {
    const auto n = ::send(socket.file(), request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
    if (n > 0) {
      sent += static_cast<std::size_t>(n);
    } else if (errno != EAGAIN && errno != EINTR) {
      return no_answer(listener, reason(errno));
    } else if (!wait_for(socket.file(), POLLOUT, until_us)) {
      return no_answer(listener, "does not read");
    }
  }

  std::string head;
  while (head.find("\r\n\r\n") == std::string::npos && head.size() < 64 * 1024) {
    char part[4096];
    const auto n = ::recv(socket.file(), part, sizeof part, 0);
    if (n > 0) {
      head.append(part, static_cast<std::size_t>(n));
    } else if (n == 0) {
      return no_answer(listener, "closed the connection without an answer");
    } else if (errno != EAGAIN && errno != EINTR) {
      return no_answer(listener, reason(errno));
    } else if (!wait_for(socket.file(), POLLIN, until_us)) {
      return no_answer(listener, "did not answer in time");
    }
  }
  // HTTP/1.1 200 OK
  const auto status = head.starts_with("HTTP/1.") && head.size() > 12
                          ? parse_integer(std::string_view(head).substr(9, 3))
                          : std::nullopt;
  if (!status) return no_answer(listener, "answers, but not with HTTP");
  return static_cast<int>(*status);
}

}  // namespace tuition::cli
