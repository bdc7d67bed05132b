#include "platform/http/front/listen.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "platform/base/text.h"
#include "platform/http/network.h"

namespace tuition::http {
namespace {

constexpr int backlog = 4096;
// What the system takes off us before the peer has room for it: more would be its memory, held by whoever is slow.
constexpr int unsent_max = 128 * 1024;

Error cannot(const std::string& where, const std::string& why) {
  return Error{Kind::internal, "CANNOT_LISTEN", "Cannot listen on " + where + ": " + why + "."};
}

Error cannot(const std::string& where, int error) { return cannot(where, std::strerror(error)); }

// Accepted sockets inherit it.
void tune(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent_max, sizeof unsent_max);
}

// Fills in port and address from what the system made of it.
void describe(Listener& listener) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  if (getsockname(listener.fd, reinterpret_cast<sockaddr*>(&name), &size) != 0) return;
  if (name.ss_family == AF_UNIX) {
    listener.address = std::string("unix:") + reinterpret_cast<sockaddr_un*>(&name)->sun_path;
    return;
  }
  Address address;
  if (name.ss_family == AF_INET) {
    const auto* four = reinterpret_cast<sockaddr_in*>(&name);
    address.v4 = true;
    address.bytes[10] = address.bytes[11] = 0xff;
    std::memcpy(&address.bytes[12], &four->sin_addr, 4);
    listener.port = ntohs(four->sin_port);
  } else {
    const auto* six = reinterpret_cast<sockaddr_in6*>(&name);
    std::memcpy(address.bytes.data(), &six->sin6_addr, 16);
    listener.port = ntohs(six->sin6_port);
  }
  const auto text = address.text();
  listener.address = "http://" + (address.v4 ? text : "[" + text + "]") + ":" + std::to_string(listener.port);
}

Result<Listener> listen_unix(const std::string& where, const std::string& path) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof name.sun_path) return cannot(where, "the path is empty or too long");
  std::memcpy(name.sun_path, path.data(), path.size());
  const auto* address = reinterpret_cast<const sockaddr*>(&name);

  Listener listener;
  listener.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener.fd < 0) return cannot(where, errno);
  // A socket that nobody answers was left behind by a process that died.
  struct stat there {};
  if (lstat(path.c_str(), &there) == 0 && S_ISSOCK(there.st_mode)) {
    const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool dead = probe >= 0 && connect(probe, address, sizeof name) != 0 && errno == ECONNREFUSED;
    if (probe >= 0) close(probe);
    if (dead) unlink(path.c_str());
  }
  if (bind(listener.fd, address, sizeof name) != 0 || chmod(path.c_str(), 0660) != 0 ||
      listen(listener.fd, backlog) != 0) {
    const int error = errno;
    close(listener.fd);
    return cannot(where, error);
  }
  listener.unlink_path = path;
  listener.address = "unix:" + path;
  return listener;
}

Result<Listener> listen_tcp(const std::string& where) {
  const auto colon = where.rfind(':');
  if (colon == std::string::npos) return cannot(where, "it has no port");
  auto host = where.substr(0, colon);
  const auto port = parse_integer(std::string_view(where).substr(colon + 1));
  if (!port || *port < 0 || *port > 65535) return cannot(where, "the port is no number from 0 to 65535");
  const bool any = host.empty() || host == "*";
  if (any) host = "::";
  if (host == "localhost") host = "127.0.0.1";
  const auto address = Address::parse(host);
  if (!address) return cannot(where, "the host is no IP address");

  Listener listener;
  const bool four = address->v4;
  listener.fd = socket(four ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener.fd < 0 && any && errno == EAFNOSUPPORT)
    return listen_tcp("0.0.0.0:" + where.substr(colon + 1));  // a host without IPv6
  if (listener.fd < 0) return cannot(where, errno);
  const int on = 1, off = 0;
  setsockopt(listener.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  tune(listener.fd);
  int outcome = 0;
  if (four) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(static_cast<std::uint16_t>(*port));
    std::memcpy(&name.sin_addr, &address->bytes[12], 4);
    outcome = bind(listener.fd, reinterpret_cast<sockaddr*>(&name), sizeof name);
  } else {
    setsockopt(listener.fd, IPPROTO_IPV6, IPV6_V6ONLY, any ? &off : &on, sizeof on);
    sockaddr_in6 name{};
    name.sin6_family = AF_INET6;
    name.sin6_port = htons(static_cast<std::uint16_t>(*port));
    std::memcpy(&name.sin6_addr, address->bytes.data(), 16);
    outcome = bind(listener.fd, reinterpret_cast<sockaddr*>(&name), sizeof name);
  }
  if (outcome != 0 || listen(listener.fd, backlog) != 0) {
    const int error = errno;
    close(listener.fd);
    return cannot(where, error);
  }
  describe(listener);
  return listener;
}

// sd_listen_fds(3): descriptors from 3 on, meant for this process. 0 when there are none.
std::int64_t count_passed() {
  const char* pid = std::getenv("LISTEN_PID");    // lint: allow the service manager speaks to us, no operator
  const char* count = std::getenv("LISTEN_FDS");  // lint: allow the same
  if (!pid || !count || parse_integer(pid).value_or(0) != getpid()) return 0;
  const auto n = parse_integer(count).value_or(0);
  return n < 1 || n > 64 ? 0 : n;
}

Result<std::vector<Listener>> take_passed(const std::string& where) {
  const auto n = count_passed();
  if (n == 0) return cannot(where, "the service manager passed no sockets");
  std::vector<Listener> listeners;
  for (int fd = 3; fd < 3 + static_cast<int>(n); ++fd) {
    int accepting = 0;
    socklen_t size = sizeof accepting;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &accepting, &size) != 0 || accepting == 0)
      return cannot(where, "descriptor " + std::to_string(fd) + " is no listening socket");
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    tune(fd);
    Listener listener;
    listener.fd = fd;
    describe(listener);
    listeners.push_back(std::move(listener));
  }
  return listeners;
}

}  // namespace

bool sockets_were_passed() { return count_passed() > 0; }

Result<std::vector<Listener>> listen_at(const std::string& where) {
  if (where == "LISTEN_FDS") return take_passed(where);
  std::vector<Listener> one;
  if (where.starts_with("unix:")) {
    one.push_back(TRY(listen_unix(where, where.substr(5))));
  } else {
    one.push_back(TRY(listen_tcp(where)));
  }
  return one;
}

}  // namespace tuition::http
