#include "app/service_notify.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>

#include "platform/base/text.h"

namespace tuition::app {

ServiceNotify::ServiceNotify(std::string socket, const std::string& watchdog_us)
    : socket_(std::move(socket)), watchdog_us_(parse_integer(watchdog_us).value_or(0)) {}

ServiceNotify::~ServiceNotify() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  woken_.notify_all();
  if (feeder_.joinable()) feeder_.join();
}

void ServiceNotify::ready(Database& db) {
  send("READY=1");
  if (socket_.empty() || watchdog_us_ <= 0) return;
  feeder_ = std::thread([this, &db] {  // lint: allow the watchdog must not wait behind a worker
    std::unique_lock lock(mutex_);
    while (!woken_.wait_for(lock, std::chrono::microseconds(watchdog_us_ / 3), [this] { return done_; })) {
      lock.unlock();
      try {
        db.write([](WriteTx&) {});
        send("WATCHDOG=1");
      } catch (const Fault&) {
        // Not fed: that is the message.
      }
      lock.lock();
    }
  });
}

void ServiceNotify::stopping() { send("STOPPING=1"); }

void ServiceNotify::send(std::string_view state) const {
  sockaddr_un address{};
  if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  // An abstract socket's name begins with a zero byte, written as @.
  if (socket_.front() == '@') address.sun_path[0] = '\0';
  const int file = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (file < 0) return;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  void* where = &address;
  static_cast<void>(::sendto(file, state.data(), state.size(), MSG_NOSIGNAL, static_cast<sockaddr*>(where), length));
  ::close(file);
}

}  // namespace tuition::app
