#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "platform/base/text.h"

// A server on loopback whose every connection is played by a function on a thread of its own.
class Peer {
 public:
  class Connection {
   public:
    explicit Connection(int fd) : fd_(fd) {}
    ~Connection() { ::close(fd_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void say(std::string_view text) {
      while (!text.empty()) {
        const ssize_t sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(sent));
      }
    }
    // Up to and without CRLF; empty at the end.
    std::string line() {
      for (;;) {
        if (const auto end = kept_.find("\r\n"); end != std::string::npos) {
          std::string found = kept_.substr(0, end);
          kept_.erase(0, end + 2);
          return found;
        }
        if (!more()) return {};
      }
    }
    // One HTTP request, head and body by Content-Length; empty at the end.
    std::string request() {
      std::size_t head = 0;
      while ((head = kept_.find("\r\n\r\n")) == std::string::npos)
        if (!more()) return {};
      std::size_t length = 0;
      if (const auto at = kept_.find("Content-Length: "); at != std::string::npos && at < head) {
        const auto text = std::string_view(kept_).substr(at + 16, kept_.find("\r\n", at) - at - 16);
        length = static_cast<std::size_t>(tuition::parse_integer(text).value_or(0));
      }
      while (kept_.size() < head + 4 + length)
        if (!more()) return {};
      std::string found = kept_.substr(0, head + 4 + length);
      kept_.erase(0, found.size());
      return found;
    }
    void wait_for_end() {
      while (more()) {}
    }

   private:
    bool more() {
      char piece[4096];
      const ssize_t got = ::recv(fd_, piece, sizeof piece, 0);
      if (got <= 0) return false;
      kept_.append(piece, static_cast<std::size_t>(got));
      return true;
    }
    int fd_;
    std::string kept_;
  };
  using Play = std::function<void(Connection&)>;

  explicit Peer(Play play) : play_(std::move(play)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    if (::bind(listener_, raw, size) != 0 || ::listen(listener_, 16) != 0 || ::getsockname(listener_, raw, &size) != 0)
      throw std::runtime_error("no loopback socket");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~Peer() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    for (auto& each : players_) each.join();
    ::close(listener_);
  }
  std::string at() const { return "127.0.0.1:" + std::to_string(port_); }
  int connections() const { return connections_; }

 private:
  void run() {
    for (;;) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0 || stopping_) {
        if (fd >= 0) ::close(fd);
        return;
      }
      ++connections_;
      players_.emplace_back([this, fd] {
        Connection connection(fd);
        play_(connection);
      });
    }
  }
  Play play_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> connections_ = 0;
  std::vector<std::thread> players_;  // of the thread below
  std::thread thread_;
};
