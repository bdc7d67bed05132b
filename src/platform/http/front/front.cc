#include "platform/http/front/front.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "platform/http/front/core.h"

namespace tuition::http {

Front::Core::~Core() {
  if (!draining) close_listeners();  // it never started
  for (auto& chunk : chunks) delete[] chunk.load();
  for (const int fd : {epoll, wake, timer, stop, spare_fd})
    if (fd >= 0) close(fd);
}

Result<void> Front::Core::listen() {
  for (const auto& where : settings.listen) {
    auto made = listen_at(where);
    if (!made) {
      for (auto& listener : listeners) close(listener.fd);
      listeners.clear();
      return std::move(made).error();
    }
    for (auto& listener : made.value()) listeners.push_back(std::move(listener));
  }
  return {};
}

Result<void> Front::Core::start() {
  if (listeners.empty()) TRY(listen());

  // As many descriptors as the system grants, less what files, the database and calls to others need.
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  const auto wanted = static_cast<rlim_t>(settings.connections_max + 512);
  if (files.rlim_cur < wanted && files.rlim_cur < files.rlim_max) {
    files.rlim_cur = std::min(wanted, files.rlim_max);
    setrlimit(RLIMIT_NOFILE, &files);
    getrlimit(RLIMIT_NOFILE, &files);
  }
  const auto grant = static_cast<std::size_t>(files.rlim_cur);
  connections_max = std::min(settings.connections_max, grant <= 512 ? grant / 2 : grant - 256);
  chunks = std::vector<std::atomic<Slot*>>(connections_max / slots_per_chunk + 1);

  epoll = epoll_create1(EPOLL_CLOEXEC);
  wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  itimerspec every{};
  every.it_interval.tv_sec = every.it_value.tv_sec = 1;
  const auto watch = [&](int fd, std::uint32_t index, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = index;
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0;
  };
  bool ready = epoll >= 0 && wake >= 0 && stop >= 0 && timer >= 0 && timerfd_settime(timer, 0, &every, nullptr) == 0 &&
               watch(wake, wake_index, EPOLLIN | EPOLLET) && watch(timer, timer_index, EPOLLIN | EPOLLET) &&
               watch(stop, stop_index, EPOLLIN);
  for (std::size_t i = 0; i < listeners.size(); ++i)
    ready = ready && watch(listeners[i].fd, listener_index + static_cast<std::uint32_t>(i), EPOLLIN | EPOLLET);
  if (!ready)
    return Error{Kind::internal, "CANNOT_LISTEN", std::string("Cannot watch sockets: ") + std::strerror(errno) + "."};

  metrics::Labels labels{{"front", settings.name}};
  const std::weak_ptr<Core> weak = weak_from_this();
  const auto gauge = [&](std::string_view name, std::string_view help, double (*read)(const Core&)) {
    metrics.gauge(name, help, labels, [weak, read] {
      const auto core = weak.lock();
      return core ? read(*core) : 0.0;
    });
  };
  gauge("tuition_http_connections", "Open connections.",
        [](const Core& core) { return static_cast<double>(core.live.load()); });
  gauge("tuition_http_requests_in_progress", "Requests begun and not yet answered.",
        [](const Core& core) { return static_cast<double>(core.in_progress.load()); });
  gauge("tuition_http_held_bytes", "Memory that waits for slow clients: requests half arrived, answers unread.",
        [](const Core& core) { return static_cast<double>(core.held.load()); });
  gauge("tuition_http_threads_blocked", "Handlers that wait for something.",
        [](const Core& core) { return static_cast<double>(core.blocked.load()); });

  target = settings.threads > 0 ? settings.threads : static_cast<int>(std::thread::hardware_concurrency());
  target = std::max(target, 1);
  std::lock_guard lock(pool_mutex);
  started = true;
  bool some = false;
  for (int i = 0; i < target; ++i) some = spawn() || some;
  if (!some) return Error{Kind::internal, "CANNOT_LISTEN", "Cannot serve: the system has no thread for it."};
  return {};
}

void Front::Core::close_listeners() {
  for (const auto& listener : listeners) {
    close(listener.fd);
    if (!listener.unlink_path.empty()) unlink(listener.unlink_path.c_str());
  }
}

void Front::Core::drain(Duration limit) {
  if (!started || draining.exchange(true)) return;
  close_listeners();
  const auto tell_all = [&](std::uint32_t flags) {
    for (std::uint32_t i = 0; i < slots_made; ++i)
      // To tell an empty slot would count its last connection as gone once more.
      if (const auto generation = slot_at(i)->generation(); generation % 2 == 1)
        post(static_cast<std::uint64_t>(generation) << 32 | i, flags);
  };
  const auto wait = [&](Duration at_most) {
    std::unique_lock lock(drained_mutex);
    return drained.wait_for(lock, std::chrono::milliseconds(at_most.ms), [&] { return live == 0; });
  };
  tell_all(wind_down);
  if (!wait(limit)) {
    cutting = true;
    tell_all(cut);
    wait(seconds(1));
  }
  stopping = true;
  const std::uint64_t one = 1;
  (void)!write(stop, &one, sizeof one);
  std::vector<std::thread> ending;
  {
    std::lock_guard lock(pool_mutex);
    pool_changed.notify_all();
    ending.swap(threads);
  }
  for (auto& thread : ending) thread.join();
  // Breaks the circles between connections that were still busy and what they hold.
  for (std::uint32_t i = 0; i < slots_made; ++i)
    if (auto& slot = *slot_at(i); slot.fd >= 0) close_slot(slot);
}

Front::Front(FrontSettings settings, Engine& engine, metrics::Registry& metrics)
    : core_(std::make_shared<Core>(std::move(settings), engine, metrics)) {}

Front::~Front() { core_->drain({}); }

Result<void> Front::listen() { return core_->listen(); }

Result<void> Front::start() { return core_->start(); }

std::vector<std::string> Front::addresses() const {
  std::vector<std::string> addresses;
  for (const auto& listener : core_->listeners) addresses.push_back(listener.address);
  return addresses;
}

int Front::port() const {
  for (const auto& listener : core_->listeners)
    if (listener.port != 0) return listener.port;
  return 0;
}

void Front::drain(Duration limit) { core_->drain(limit); }

bool Front::draining() const { return core_->draining; }

}  // namespace tuition::http
