#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "platform/storage/database.h"

namespace tuition::app {

// Tells the init system how the service is doing (sd_notify(3): a datagram to $NOTIFY_SOCKET). Does nothing without
// one.
class ServiceNotify {
 public:
  // The values of NOTIFY_SOCKET and WATCHDOG_USEC; either may be empty.
  ServiceNotify(std::string socket, const std::string& watchdog_us);
  ~ServiceNotify();

  // Ready to serve. From now on the watchdog is fed after every write the database could make: a stuck writer is as
  // good as a dead process.
  void ready(Database& db);
  void stopping();

 private:
  void send(std::string_view state) const;

  std::string socket_;
  std::int64_t watchdog_us_ = 0;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool done_ = false;
  std::thread feeder_;
};

}  // namespace tuition::app
