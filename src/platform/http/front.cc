#include "platform/http/front.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>

#include "platform/base/blocking.h"
#include "platform/http/chunked.h"
#include "platform/http/events.h"
#include "platform/http/listen.h"
#include "platform/http/network.h"
#include "platform/http/problem.h"
#include "platform/log/log.h"

namespace tuition::http {
namespace {

// What may have happened to a connection. `busy` means that a thread owns it; that thread looks at the others again
// before it lets go.
enum Flag : std::uint32_t {
  busy = 1,
  readable = 2,
  writable = 4,
  peer_done = 8,  // it will send nothing more
  broken = 16,
  answered = 32,
  fed = 64,
  late = 128,
  evict = 256,
  wind_down = 512,  // the front drains
  cut = 1024,
  go_on = 2048,
};
constexpr std::uint64_t flags_mask = 0xffffffff;

constexpr std::uint32_t wake_index = 0xffffffff;
constexpr std::uint32_t timer_index = 0xfffffffe;
constexpr std::uint32_t stop_index = 0xfffffffd;
constexpr std::uint32_t listener_index = 0xffff0000;  // and the next ones

constexpr std::size_t slots_per_chunk = 256;
constexpr std::size_t out_high = 64 * 1024;    // of bytes to send, before more are produced
constexpr std::size_t turn_max = 1024 * 1024;  // bytes one connection may send before others get their turn
constexpr int batch = 16;

enum class Phase : std::uint8_t { head, body, upload, waiting, streaming, feed, ending, lingering };

std::int64_t now_ms() { return steady_us() / 1000; }

void append_chunk(std::string& out, std::string_view bytes) {
  if (bytes.empty()) return;
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, bytes.size(), 16).ptr;
  out.append(digits, end);
  out += "\r\n";
  out += bytes;
  out += "\r\n";
}

std::uint32_t flags_of(std::uint32_t events) {
  std::uint32_t flags = 0;
  if (events & EPOLLIN) flags |= readable;
  if (events & EPOLLOUT) flags |= writable;
  if (events & EPOLLRDHUP) flags |= peer_done | readable;
  if (events & EPOLLHUP) flags |= peer_done | readable;
  if (events & EPOLLERR) flags |= broken;
  return flags;
}

// An exchange of a connection of ours. Its handler's Respond holds it too, and may outlive connection and front: so it
// keeps the core alive and names its connection by key.
struct Flight : Exchange {
  std::shared_ptr<void> core{};
  std::uint64_t key = 0;
  Reply reply{};
  bool answered_inside = false;  // before the handler returned
  bool close = false;            // the connection, after the answer
  std::optional<Upload> upload{};
};

// A connection's place. Places are reused and never freed while the front lives: an event that comes too late finds
// another generation and is dropped.
struct Slot {
  std::atomic<std::uint64_t> state{0};       // generation << 32 | flags
  std::atomic<std::int64_t> deadline_ms{0};  // 0: none
  std::atomic<std::int64_t> idle_since{0};   // 0: not idle
  std::uint32_t index = 0;

  // Of the thread that holds it busy.
  int fd = -1;
  Phase phase = Phase::head;
  bool may_read = false;  // the system may hold more bytes
  bool end_seen = false;  // recv said that no more will come
  bool half_closed = false;
  bool chunked_in = false;
  bool chunked_out = false;
  bool close_after = false;  // what is to be sent
  bool head_timed = false;
  bool write_timed = false;
  std::string peer{};
  std::string in{};
  std::size_t in_at = 0;
  std::string out{};
  std::size_t out_at = 0;
  HeadParser parser{};
  ChunkedDecoder decoder{};
  std::uint64_t body_left = 0;
  std::size_t body_max = 0;
  std::uint64_t sent_of_stream = 0;
  std::size_t reserved = 0;
  std::size_t discarded = 0;
  std::shared_ptr<Flight> flight{};
  std::shared_ptr<BodyStream> stream{};
  std::shared_ptr<EventFeed> feed{};

  std::uint32_t generation() const { return static_cast<std::uint32_t>(state.load() >> 32); }
  std::size_t unsent() const { return out.size() - out_at; }
  std::string_view input() const { return std::string_view(in).substr(in_at); }
};

}  // namespace

struct Front::Core : std::enable_shared_from_this<Core> {
  struct Item {
    std::uint64_t key = 0;  // generation << 32 | index
    std::uint32_t flags = 0;
  };
  struct Worker {
    Core* core = nullptr;
    epoll_event events[batch]{};
    int next = 0;
    int count = 0;
    std::array<Item, 32> items{};  // taken from those posted
    std::size_t next_item = 0;
    std::size_t item_count = 0;
    const Flight* running = nullptr;
    Head head{};
    std::string spare_in{}, spare_out{}, piece{};
    std::unique_ptr<char[]> scratch = std::make_unique<char[]>(scratch_size);
  };
  static constexpr std::size_t scratch_size = 64 * 1024;
  static thread_local Worker* here;

  Core(FrontSettings s, Engine& e, metrics::Registry& m) : settings(std::move(s)), engine(e), metrics(m) {}
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  Result<void> start();
  void drain(Duration limit);

  // Threads.
  void work();
  bool take_place();
  void spawn();
  void begin_blocking(Worker& me);
  void end_blocking();
  void handle(const epoll_event& event);
  void post(std::uint64_t key, std::uint32_t flags);
  void take_posted();

  // Connections.
  Slot* slot_at(std::uint32_t index) const;
  Slot* new_slot();
  void touch(std::uint32_t index, std::uint32_t generation, std::uint32_t flags);
  void run(Slot& slot);
  void accept_from(std::uint32_t which);
  void accept_one(int fd, const sockaddr_storage& from);
  void refuse_connection(int fd);
  bool evict_one();
  void tick();

  void advance(Slot& slot, std::uint32_t flags);
  void pump(Slot& slot);
  enum class Step { went_on, starved, closed };
  Step step(Slot& slot);
  bool fill(Slot& slot);
  Step begin_request(Slot& slot);
  Step gather(Slot& slot);
  Step gather_upload(Slot& slot);
  Step start(Slot& slot);
  static void answer(Flight& flight, Reply reply);
  void complete(Slot& slot, Reply& reply);
  void finish_request(Slot& slot);
  void refuse(Slot& slot, int status, Kind kind, std::string_view code, std::string_view safe);
  bool produce(Slot& slot);
  enum class Flush { sent, blocked, closed };
  Flush flush(Slot& slot);
  void on_deadline(Slot& slot);
  void linger(Slot& slot);
  void discard(Slot& slot);
  void close_slot(Slot& slot);
  void release_reserved(Slot& slot);

  FrontSettings settings;
  Engine& engine;
  metrics::Registry& metrics;
  int epoll = -1, wake = -1, timer = -1, stop = -1, spare_fd = -1;
  std::vector<Listener> listeners;
  std::size_t connections_max = 0;

  std::mutex slots_mutex;
  std::vector<std::atomic<Slot*>> chunks;
  std::vector<std::uint32_t> free_slots;
  std::atomic<std::uint32_t> slots_made{0};
  std::atomic<std::size_t> live{0};
  std::atomic<std::uint32_t> hand{0};
  std::atomic<std::int64_t> in_progress{0};
  std::atomic<std::size_t> gathering{0};
  std::atomic<bool> draining{false}, cutting{false}, stopping{false}, started{false};
  std::mutex drained_mutex;
  std::condition_variable drained;

  std::mutex posted_mutex;
  std::deque<Item> posted;
  bool posted_signalled = false;

  std::mutex pool_mutex;
  std::condition_variable pool_changed;
  std::vector<std::thread> threads;
  int target = 1, parked = 0, permits = 0;
  std::atomic<int> running{0}, blocked{0};
};

thread_local Front::Core::Worker* Front::Core::here = nullptr;

// --- Start and stop
// ---------------------------------------------------------------------------------------------------

Front::Core::~Core() {
  for (auto& chunk : chunks) delete[] chunk.load();
  for (const int fd : {epoll, wake, timer, stop, spare_fd})
    if (fd >= 0) close(fd);
}

Result<void> Front::Core::start() {
  for (const auto& where : settings.listen) {
    auto made = listen_at(where);
    if (!made) {
      for (auto& listener : listeners) close(listener.fd);
      listeners.clear();
      return std::move(made).error();
    }
    for (auto& listener : made.value()) listeners.push_back(std::move(listener));
  }

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
  gauge("tuition_http_threads_blocked", "Handlers that wait for something.",
        [](const Core& core) { return static_cast<double>(core.blocked.load()); });

  target = settings.threads > 0 ? settings.threads : static_cast<int>(std::thread::hardware_concurrency());
  target = std::max(target, 1);
  std::lock_guard lock(pool_mutex);
  for (int i = 0; i < target; ++i) spawn();
  started = true;
  return {};
}

void Front::Core::drain(Duration limit) {
  if (!started || draining.exchange(true)) return;
  for (auto& listener : listeners) {
    close(listener.fd);
    if (!listener.unlink_path.empty()) unlink(listener.unlink_path.c_str());
  }
  const auto tell_all = [&](std::uint32_t flags) {
    for (std::uint32_t i = 0; i < slots_made; ++i)
      post(static_cast<std::uint64_t>(slot_at(i)->generation()) << 32 | i, flags);
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

// --- Threads
// ----------------------------------------------------------------------------------------------------------

void Front::Core::spawn() {
  ++running;
  threads.emplace_back([self = shared_from_this()] { self->work(); });
}

void Front::Core::work() {
  Worker me;
  me.core = this;
  here = &me;
  Blocking::listen_on_this_thread({[](void* context) {
                                     auto& worker = *static_cast<Worker*>(context);
                                     worker.core->begin_blocking(worker);
                                   },
                                   [](void* context) { static_cast<Worker*>(context)->core->end_blocking(); }, &me});
  while (take_place()) {
    const int count = epoll_wait(epoll, me.events, batch, -1);
    me.next = 0;
    me.count = std::max(count, 0);
    // A handler that blocks hands over the rest of the events, so the bounds are read anew each time.
    while (me.next < me.count) handle(me.events[me.next++]);
  }
  Blocking::listen_on_this_thread({});
  here = nullptr;
}

// False when it is time to end. A thread too many (others came while it was blocked) waits here to be needed.
bool Front::Core::take_place() {
  if (stopping.load(std::memory_order_relaxed)) return false;
  if (running.load(std::memory_order_relaxed) <= target) return true;
  std::unique_lock lock(pool_mutex);
  if (running <= target) return true;
  --running;
  ++parked;
  pool_changed.wait(lock, [&] { return permits > 0 || stopping; });
  --parked;
  if (stopping) return false;
  --permits;  // whoever gave it counted us as running
  return true;
}

void Front::Core::begin_blocking(Worker& me) {
  if (me.running) engine.note_blocking(*const_cast<Flight*>(me.running));
  if (me.next < me.count || me.next_item < me.item_count) {
    bool signal = false;
    {
      std::lock_guard lock(posted_mutex);
      for (; me.next < me.count; ++me.next)
        posted.push_back({me.events[me.next].data.u64, flags_of(me.events[me.next].events)});
      for (; me.next_item < me.item_count; ++me.next_item) posted.push_back(me.items[me.next_item]);
      signal = !std::exchange(posted_signalled, true);
    }
    const std::uint64_t one = 1;
    if (signal) (void)!write(wake, &one, sizeof one);
  }
  std::lock_guard lock(pool_mutex);
  ++blocked;
  --running;
  if (running >= target || stopping) return;
  if (parked > permits) {
    ++permits;
    ++running;
    pool_changed.notify_one();
  } else if (threads.size() < static_cast<std::size_t>(target + 2 * settings.blocked_max)) {
    spawn();
  }
}

void Front::Core::end_blocking() {
  std::lock_guard lock(pool_mutex);
  --blocked;
  ++running;
}

void Front::Core::handle(const epoll_event& event) {
  const auto index = static_cast<std::uint32_t>(event.data.u64);
  const auto generation = static_cast<std::uint32_t>(event.data.u64 >> 32);
  if (index < listener_index) return touch(index, generation, flags_of(event.events));
  if (index == wake_index) return take_posted();
  if (index == timer_index) return tick();
  if (index == stop_index) return;
  accept_from(index);
}

void Front::Core::post(std::uint64_t key, std::uint32_t flags) {
  {
    std::lock_guard lock(posted_mutex);
    posted.push_back({key, flags});
    if (std::exchange(posted_signalled, true)) return;
  }
  const std::uint64_t one = 1;
  (void)!write(wake, &one, sizeof one);
}

void Front::Core::take_posted() {
  auto& me = *here;
  bool more = false;
  {
    std::lock_guard lock(posted_mutex);
    for (me.item_count = 0; me.item_count < me.items.size() && !posted.empty(); posted.pop_front())
      me.items[me.item_count++] = posted.front();
    more = !posted.empty();
    posted_signalled = more;
  }
  const std::uint64_t one = 1;
  if (more) (void)!write(wake, &one, sizeof one);  // another thread helps
  for (me.next_item = 0; me.next_item < me.item_count;) {
    const auto item = me.items[me.next_item++];
    const auto index = static_cast<std::uint32_t>(item.key);
    if (index < listener_index) {
      touch(index, static_cast<std::uint32_t>(item.key >> 32), item.flags);
    } else if (index == timer_index) {
      tick();
    } else if (index < stop_index) {
      accept_from(index);
    }
  }
}

// --- Places
// -----------------------------------------------------------------------------------------------------------

Slot* Front::Core::slot_at(std::uint32_t index) const {
  return chunks[index / slots_per_chunk].load(std::memory_order_acquire) + index % slots_per_chunk;
}

Slot* Front::Core::new_slot() {
  std::lock_guard lock(slots_mutex);
  if (!free_slots.empty()) {
    const auto index = free_slots.back();
    free_slots.pop_back();
    return slot_at(index);
  }
  const auto index = slots_made.load();
  if (index >= connections_max) return nullptr;
  auto& chunk = chunks[index / slots_per_chunk];
  if (!chunk.load()) chunk.store(new Slot[slots_per_chunk], std::memory_order_release);
  auto* slot = slot_at(index);
  slot->index = index;
  slot->parser = HeadParser(settings.head);
  slots_made.store(index + 1, std::memory_order_release);
  return slot;
}

void Front::Core::touch(std::uint32_t index, std::uint32_t generation, std::uint32_t flags) {
  auto& slot = *slot_at(index);
  auto was = slot.state.load(std::memory_order_relaxed);
  do {
    if (static_cast<std::uint32_t>(was >> 32) != generation) return;
  } while (!slot.state.compare_exchange_weak(was, was | flags | busy, std::memory_order_acq_rel));
  if ((was & busy) == 0) run(slot);
}

// The calling thread holds it busy.
void Front::Core::run(Slot& slot) {
  for (;;) {
    const auto state = slot.state.fetch_and(~flags_mask | busy, std::memory_order_acq_rel);
    advance(slot, static_cast<std::uint32_t>(state) & ~static_cast<std::uint32_t>(busy));
    const auto generation = state & ~flags_mask;
    if (slot.fd < 0) {
      slot.state.store(generation + (1ULL << 32), std::memory_order_release);
      {
        std::lock_guard lock(slots_mutex);
        free_slots.push_back(slot.index);
      }
      if (--live == 0 && draining) {
        std::lock_guard lock(drained_mutex);
        drained.notify_all();
      }
      return;
    }
    auto expected = generation | busy;
    if (slot.state.compare_exchange_strong(expected, generation, std::memory_order_acq_rel)) return;
  }
}

void Front::Core::accept_from(std::uint32_t which) {
  if (draining) return;
  const int listening = listeners[which - listener_index].fd;
  for (int i = 0; i < 64; ++i) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const int fd = accept4(listening, reinterpret_cast<sockaddr*>(&from), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      accept_one(fd, from);
      continue;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINVAL || errno == EBADF) return;
    if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM) continue;
    // Out of descriptors: somebody idle gives theirs away. Where nobody is, the spare one is lent to say so. Either way
    // the queue shrinks, so that this never spins; what is left is looked at with the next connection or second.
    if (evict_one()) continue;
    std::lock_guard lock(slots_mutex);
    if (spare_fd < 0) return;
    close(spare_fd);
    const int refused = accept4(listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (refused >= 0) refuse_connection(refused);
    spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (refused < 0) return;
  }
  post(which, readable);  // others get their turn first
}

void Front::Core::refuse_connection(int fd) {
  std::string out;
  engine.write_refusal(503, Kind::unavailable, "UNAVAILABLE", "Too many connections. Please try again.", out);
  (void)!send(fd, out.data(), out.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  shutdown(fd, SHUT_WR);
  close(fd);
}

void Front::Core::accept_one(int fd, const sockaddr_storage& from) {
  auto* slot = live < connections_max ? new_slot() : nullptr;
  if (!slot && evict_one()) slot = new_slot();
  if (!slot) return refuse_connection(fd);
  ++live;
  slot->fd = fd;
  slot->phase = Phase::head;
  slot->may_read = slot->end_seen = slot->half_closed = slot->close_after = slot->write_timed = false;
  slot->head_timed = true;
  slot->in_at = slot->out_at = slot->discarded = 0;
  slot->parser.reset();
  Address address;
  if (from.ss_family == AF_INET) {
    address.v4 = true;
    address.bytes[10] = address.bytes[11] = 0xff;
    std::memcpy(&address.bytes[12], &reinterpret_cast<const sockaddr_in*>(&from)->sin_addr, 4);
    slot->peer = address.text();
  } else if (from.ss_family == AF_INET6) {
    std::memcpy(address.bytes.data(), &reinterpret_cast<const sockaddr_in6*>(&from)->sin6_addr, 16);
    static constexpr std::uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    address.v4 = std::memcmp(address.bytes.data(), mapped, sizeof mapped) == 0;
    slot->peer = address.text();
  } else {
    slot->peer = "unix";
  }
  const auto now = now_ms();
  slot->deadline_ms = now + settings.head_time.ms;
  slot->idle_since = now;
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  const auto generation = slot->generation();
  event.data.u64 = static_cast<std::uint64_t>(generation) << 32 | slot->index;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) touch(slot->index, generation, cut);
  if (draining) touch(slot->index, generation, wind_down);
}

// Ends one connection that waits between requests, looking further each time from where it looked last.
bool Front::Core::evict_one() {
  const auto made = slots_made.load();
  const auto now = now_ms();
  for (std::uint32_t i = 0; i < made; ++i) {
    auto& slot = *slot_at(hand.fetch_add(1) % made);
    const auto since = slot.idle_since.load(std::memory_order_relaxed);
    if (since == 0 || now - since < 1000) continue;
    auto was = slot.state.load();
    if ((was & flags_mask) != 0) continue;
    if (!slot.state.compare_exchange_strong(was, was | evict | busy)) continue;
    run(slot);
    if (slot.fd < 0) return true;
  }
  return false;
}

void Front::Core::tick() {
  const auto now = now_ms();
  const auto made = slots_made.load();
  for (std::uint32_t i = 0; i < made; ++i) {
    auto& slot = *slot_at(i);
    const auto deadline = slot.deadline_ms.load(std::memory_order_relaxed);
    if (deadline != 0 && deadline <= now) touch(i, slot.generation(), late);
  }
  if (!draining)
    for (std::size_t i = 0; i < listeners.size(); ++i) accept_from(listener_index + static_cast<std::uint32_t>(i));
}

// --- One connection
// ---------------------------------------------------------------------------------------------------

void Front::Core::advance(Slot& slot, std::uint32_t flags) {
  if (slot.fd < 0) return;
  if (flags & (broken | cut)) return close_slot(slot);
  if (flags & readable) slot.may_read = true;
  if (flags & peer_done) slot.half_closed = true;
  // A browser that closes its event stream says no more than that.
  if ((flags & peer_done) && slot.phase == Phase::feed) return close_slot(slot);
  if (flags & evict) {
    if (slot.phase == Phase::head && slot.parser.untouched() && slot.in.empty() && slot.unsent() == 0)
      return close_slot(slot);
  }
  if (flags & late) {
    on_deadline(slot);
    if (slot.fd < 0) return;
  }
  if ((flags & answered) && slot.phase == Phase::waiting) complete(slot, slot.flight->reply);
  if (flags & wind_down) {
    if (slot.flight) slot.flight->close = true;
    if (slot.feed) slot.feed->close();
    if (slot.phase == Phase::head) slot.may_read = true;  // what has arrived by now is still answered
  }
  pump(slot);
  if (slot.fd < 0) return;
  if (draining && slot.phase == Phase::head && slot.parser.untouched() && slot.in.empty() && slot.unsent() == 0)
    return close_slot(slot);
  // Buffers of connections that wait belong to those that work.
  if (slot.in.empty() && slot.in.capacity() > 64) {
    if (here && here->spare_in.capacity() < slot.in.capacity() && slot.in.capacity() <= 64 * 1024)
      slot.in.swap(here->spare_in);
    slot.in = std::string();
  }
  if (slot.out.empty() && slot.out.capacity() > 64) {
    if (here && here->spare_out.capacity() < slot.out.capacity() && slot.out.capacity() <= 256 * 1024)
      slot.out.swap(here->spare_out);
    slot.out = std::string();
  }
}

void Front::Core::pump(Slot& slot) {
  std::size_t turn = 0;
  for (;;) {
    bool starved = false;
    while (slot.phase <= Phase::upload && !slot.close_after && !starved && slot.unsent() < out_high) {
      switch (step(slot)) {
        case Step::went_on: break;
        case Step::starved: starved = true; break;
        case Step::closed: return;
      }
    }
    if ((slot.phase == Phase::streaming || slot.phase == Phase::feed) && slot.unsent() < out_high)
      if (!produce(slot)) return close_slot(slot);
    const auto sending = slot.unsent();
    switch (flush(slot)) {
      case Flush::sent: break;
      case Flush::blocked:
      case Flush::closed: return;
    }
    if (slot.phase == Phase::lingering) return discard(slot);
    if (slot.close_after) {
      linger(slot);
      if (slot.fd >= 0) discard(slot);
      return;
    }
    if (slot.phase == Phase::waiting || slot.phase == Phase::feed || starved) return;
    turn += sending;
    if (slot.phase == Phase::streaming && turn > turn_max)
      return post(static_cast<std::uint64_t>(slot.generation()) << 32 | slot.index, go_on);
  }
}

// Reads once; false when there is nothing (more) to read now.
bool Front::Core::fill(Slot& slot) {
  if (!slot.may_read || slot.end_seen) return false;
  auto* scratch = here->scratch.get();
  const auto got = recv(slot.fd, scratch, scratch_size, 0);
  if (got <= 0) {
    slot.may_read = false;
    if (got == 0) slot.end_seen = true;
    if (got < 0 && errno == EINTR) slot.may_read = true;
    if (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) slot.end_seen = true;
    return false;
  }
  const auto n = static_cast<std::size_t>(got);
  if (n < scratch_size && !slot.half_closed) slot.may_read = false;  // drained; the next byte is the next event
  if (slot.in_at > 0) {
    slot.in.erase(0, slot.in_at);
    slot.in_at = 0;
  }
  if (slot.in.capacity() < 64) slot.in.swap(here->spare_in);
  slot.in.append(scratch, n);
  return true;
}

Front::Core::Step Front::Core::step(Slot& slot) {
  if (slot.phase == Phase::head && slot.input().empty() && !slot.in.empty()) {
    slot.in.clear();
    slot.in_at = 0;
  }
  if (slot.phase == Phase::head && !slot.in.empty()) {
    switch (slot.parser.feed(slot.input())) {
      case HeadParser::State::done: return begin_request(slot);
      case HeadParser::State::bad:
        refuse(slot, slot.parser.status(), Kind::rejected,
               slot.parser.status() == 431 ? "HEADER_TOO_LARGE" : "BAD_REQUEST", slot.parser.reason());
        return Step::went_on;
      case HeadParser::State::more: break;
    }
  } else if (slot.phase != Phase::head && !slot.input().empty()) {
    return slot.phase == Phase::body ? gather(slot) : gather_upload(slot);
  }
  if (fill(slot)) {
    slot.idle_since.store(0, std::memory_order_relaxed);
    return Step::went_on;
  }
  if (slot.end_seen) {
    // Somebody who goes in the middle of a request cannot be waiting for its answer.
    if (slot.unsent() == 0 || slot.phase != Phase::head) {
      close_slot(slot);
      return Step::closed;
    }
    slot.close_after = true;
    return Step::starved;
  }
  if (slot.phase == Phase::head && !slot.in.empty() && !slot.head_timed) {
    slot.head_timed = true;
    slot.deadline_ms.store(now_ms() + settings.head_time.ms, std::memory_order_relaxed);
  }
  return Step::starved;
}

Front::Core::Step Front::Core::begin_request(Slot& slot) {
  auto& head = here->head;
  slot.parser.read(slot.input(), head);
  auto flight = std::make_shared<Flight>();
  auto opening = engine.open(head, slot.peer, false, *flight);
  flight->core = shared_from_this();
  flight->key = static_cast<std::uint64_t>(slot.generation()) << 32 | slot.index;
  flight->close = head.close || draining.load(std::memory_order_relaxed);
  slot.in_at += slot.parser.size();
  slot.flight = flight;
  slot.idle_since.store(0, std::memory_order_relaxed);
  slot.deadline_ms.store(0, std::memory_order_relaxed);
  const bool body = head.has_body();
  if (!opening.refusal &&
      (in_progress.load(std::memory_order_relaxed) >= static_cast<std::int64_t>(settings.requests_max) ||
       (opening.blocks && blocked.load(std::memory_order_relaxed) >= settings.blocked_max) ||
       (body && gathering.load(std::memory_order_relaxed) >= settings.gathering_max)))
    opening.refusal =
        problem(Error{Kind::unavailable, "UNAVAILABLE", "Too busy just now. Please try again."}, flight->request);
  if (opening.refusal) {
    // A body that was refused unread would be taken for the next request.
    if (body || head.method == "CONNECT") flight->close = true;
    ++in_progress;
    complete(slot, *opening.refusal);
    return Step::went_on;
  }
  if (!body) return start(slot);

  slot.chunked_in = head.chunked;
  slot.decoder = ChunkedDecoder();
  slot.body_left = head.length;
  slot.body_max = opening.body_max;
  if (opening.upload) {
    auto begun = engine.begin_upload(flight);
    if (auto* refused = std::get_if<Reply>(&begun)) {
      flight->close = true;
      ++in_progress;
      complete(slot, *refused);
      return Step::went_on;
    }
    flight->upload = std::move(std::get<Upload>(begun));
    slot.sent_of_stream = 0;
    slot.phase = Phase::upload;
  } else {
    slot.phase = Phase::body;
    if (slot.input().size() < slot.body_left || slot.chunked_in) {
      slot.reserved =
          slot.chunked_in ? std::min<std::size_t>(slot.body_max, out_high) : static_cast<std::size_t>(slot.body_left);
      gathering += slot.reserved;
    }
    if (!slot.chunked_in)
      flight->request.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(head.length, 64 * 1024)));
  }
  slot.deadline_ms.store(now_ms() + settings.body_time.ms, std::memory_order_relaxed);
  if (head.expects_continue && slot.input().empty()) slot.out += "HTTP/1.1 100 Continue\r\n\r\n";
  return Step::went_on;
}

void Front::Core::release_reserved(Slot& slot) {
  gathering -= slot.reserved;
  slot.reserved = 0;
}

Front::Core::Step Front::Core::gather(Slot& slot) {
  auto& body = slot.flight->request.body;
  const auto input = slot.input();
  bool whole = false;
  if (slot.chunked_in) {
    std::size_t used = 0;
    const auto state = slot.decoder.feed(input, used, body);
    slot.in_at += used;
    if (state == ChunkedDecoder::State::bad) {
      refuse(slot, 400, Kind::rejected, "BAD_REQUEST", "The chunked body is malformed.");
      return Step::went_on;
    }
    if (body.size() > slot.body_max) {
      refuse(slot, 413, Kind::too_large, "PAYLOAD_TOO_LARGE", "The body is too large.");
      return Step::went_on;
    }
    whole = state == ChunkedDecoder::State::done;
  } else {
    const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(slot.body_left, input.size()));
    body.append(input.substr(0, take));
    slot.in_at += take;
    slot.body_left -= take;
    whole = slot.body_left == 0;
  }
  if (slot.in_at == slot.in.size()) {
    slot.in.clear();
    slot.in_at = 0;
  }
  if (!whole) return Step::went_on;
  release_reserved(slot);
  return start(slot);
}

Front::Core::Step Front::Core::gather_upload(Slot& slot) {
  auto flight = slot.flight;
  const auto input = slot.input();
  auto& piece = here->piece;
  piece.clear();
  bool whole = false;
  if (slot.chunked_in) {
    std::size_t used = 0;
    const auto state = slot.decoder.feed(input, used, piece);
    slot.in_at += used;
    if (state == ChunkedDecoder::State::bad) {
      flight->upload.reset();
      refuse(slot, 400, Kind::rejected, "BAD_REQUEST", "The chunked body is malformed.");
      return Step::went_on;
    }
    whole = state == ChunkedDecoder::State::done;
  } else {
    const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(slot.body_left, input.size()));
    piece.assign(input.substr(0, take));
    slot.in_at += take;
    slot.body_left -= take;
    whole = slot.body_left == 0;
  }
  if (slot.in_at == slot.in.size()) {
    slot.in.clear();
    slot.in_at = 0;
  }
  slot.sent_of_stream += piece.size();
  const auto refuse_with = [&](Reply reply) {
    flight->upload.reset();
    flight->close = true;
    ++in_progress;
    complete(slot, reply);
    return Step::went_on;
  };
  if (slot.sent_of_stream > slot.body_max)
    return refuse_with(problem(Error{Kind::too_large, "PAYLOAD_TOO_LARGE", "The body is too large."}, flight->request));
  if (!piece.empty()) {
    slot.deadline_ms.store(0, std::memory_order_relaxed);
    try {
      Blocking waiting;
      if (auto taken = flight->upload->take(piece); !taken) return refuse_with(problem(taken.error(), flight->request));
    } catch (const std::exception& exception) {
      return refuse_with(engine.thrown(&exception, flight->request));
    }
    const auto now = now_ms();
    slot.deadline_ms.store(now + settings.body_time.ms, std::memory_order_relaxed);
    // Slow lines are welcome, drips are not.
    const auto took_ms = now - flight->began_us / 1000;
    if (took_ms > 60'000 && slot.sent_of_stream * 1000 / static_cast<std::uint64_t>(took_ms) < 1024) {
      flight->upload.reset();
      refuse(slot, 408, Kind::rejected, "TOO_SLOW", "The request took too long to arrive.");
      return Step::went_on;
    }
  }
  if (!whole) return Step::went_on;
  return start(slot);
}

// Calls the handler, or the end of an upload.
Front::Core::Step Front::Core::start(Slot& slot) {
  const auto flight = slot.flight;
  slot.phase = Phase::waiting;
  slot.deadline_ms.store(0, std::memory_order_relaxed);
  ++in_progress;
  here->running = flight.get();
  {
    Respond respond([flight](Reply reply) { answer(*flight, std::move(reply)); });
    if (flight->upload) {
      try {
        const auto upload = std::move(flight->upload);
        flight->upload.reset();
        upload->finish(respond);
      } catch (const std::exception& exception) {
        respond(engine.thrown(&exception, flight->request));
      }
    } else {
      engine.run(flight, std::move(respond));
    }
  }
  here->running = nullptr;
  if (flight->answered_inside) complete(slot, flight->reply);
  return Step::went_on;
}

// From any thread. Inside the handler's own call nobody needs to be woken.
void Front::Core::answer(Flight& flight, Reply reply) {
  flight.reply = std::move(reply);
  if (here && here->running == &flight) {
    flight.answered_inside = true;
    return;
  }
  static_cast<Core*>(flight.core.get())->post(flight.key, answered);
}

void Front::Core::complete(Slot& slot, Reply& reply) {
  --in_progress;
  if (slot.phase == Phase::body) release_reserved(slot);
  auto& flight = *slot.flight;
  if (slot.out.capacity() < 64) slot.out.swap(here->spare_out);
  const auto written = engine.write(flight, reply, flight.close || draining.load(std::memory_order_relaxed), slot.out);
  if (written.close) flight.close = true;
  slot.chunked_out = written.chunked;
  switch (written.body) {
    case Engine::Body::whole: return finish_request(slot);
    case Engine::Body::stream:
      slot.stream = std::move(reply.stream);
      slot.sent_of_stream = 0;
      slot.phase = Phase::streaming;
      return;
    case Engine::Body::feed:
      slot.feed = std::move(reply.feed);
      slot.phase = Phase::feed;
      slot.deadline_ms.store(now_ms() + settings.heartbeat.ms, std::memory_order_relaxed);
      slot.feed->attach([core = shared_from_this(), key = flight.key] { core->post(key, fed); });
      if (draining) slot.feed->close();
      return;
  }
}

// Its answer is in `out`, whole.
void Front::Core::finish_request(Slot& slot) {
  const auto now = engine.done(*slot.flight) / 1000;
  if (slot.flight->close) slot.close_after = true;
  slot.flight.reset();
  slot.phase = slot.close_after ? Phase::ending : Phase::head;
  slot.parser.reset();
  slot.head_timed = false;
  slot.deadline_ms.store(now + settings.idle_time.ms, std::memory_order_relaxed);
  slot.idle_since.store(now, std::memory_order_relaxed);
}

// A request that went wrong before a handler had it: the connection ends with the answer.
void Front::Core::refuse(Slot& slot, int status, Kind kind, std::string_view code, std::string_view safe) {
  release_reserved(slot);
  slot.flight.reset();
  engine.write_refusal(status, kind, code, safe, slot.out);
  slot.close_after = true;
  slot.phase = Phase::ending;
  slot.idle_since.store(0, std::memory_order_relaxed);
}

// More of a streamed answer; false when it broke, so that the receiver must not take it for whole.
bool Front::Core::produce(Slot& slot) {
  if (slot.out_at > 0) {
    slot.out.erase(0, slot.out_at);
    slot.out_at = 0;
  }
  if (slot.phase == Phase::feed) {
    std::string text;
    const bool more = slot.feed->take(text);
    slot.flight->bytes += text.size();
    if (slot.chunked_out) {
      append_chunk(slot.out, text);
    } else {
      slot.out += text;
    }
    if (more) return true;
    if (slot.chunked_out) slot.out += "0\r\n\r\n";
    slot.feed->detach();
    slot.feed.reset();
    slot.flight->close = true;
    finish_request(slot);
    return true;
  }
  const auto stream = slot.stream;
  std::string piece;
  bool more = true;
  while (more && slot.out.size() < out_high) {
    piece.clear();
    try {
      Blocking waiting;
      more = stream->next(piece);
    } catch (const std::exception& exception) {
      log::error("http.stream_failed",
                 {{"request", slot.flight->request.caller.request_id}, {"what", exception.what()}});
      return false;
    }
    slot.sent_of_stream += piece.size();
    slot.flight->bytes += piece.size();
    if (stream->length && slot.sent_of_stream > *stream->length) return false;
    if (slot.chunked_out) {
      append_chunk(slot.out, piece);
    } else {
      slot.out += piece;
    }
  }
  if (more) return true;
  if (stream->length && slot.sent_of_stream != *stream->length) return false;
  if (slot.chunked_out) slot.out += "0\r\n\r\n";
  slot.stream.reset();
  finish_request(slot);
  return true;
}

Front::Core::Flush Front::Core::flush(Slot& slot) {
  while (slot.out_at < slot.out.size()) {
    const auto sent = send(slot.fd, slot.out.data() + slot.out_at, slot.unsent(), MSG_NOSIGNAL);
    if (sent > 0) {
      slot.out_at += static_cast<std::size_t>(sent);
      continue;
    }
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      if (!slot.write_timed) {
        slot.write_timed = true;
        slot.deadline_ms.store(now_ms() + settings.write_time.ms + static_cast<std::int64_t>(slot.unsent() / 16),
                               std::memory_order_relaxed);
      }
      slot.idle_since.store(0, std::memory_order_relaxed);
      return Flush::blocked;
    }
    close_slot(slot);
    return Flush::closed;
  }
  slot.out.clear();
  slot.out_at = 0;
  if (slot.write_timed) {
    slot.write_timed = false;
    const auto now = now_ms();
    if (slot.phase == Phase::head) {
      slot.deadline_ms.store(now + settings.idle_time.ms, std::memory_order_relaxed);
      slot.idle_since.store(now, std::memory_order_relaxed);
    } else {
      slot.deadline_ms.store(slot.phase == Phase::feed                                  ? now + settings.heartbeat.ms
                             : slot.phase == Phase::body || slot.phase == Phase::upload ? now + settings.body_time.ms
                                                                                        : 0,
                             std::memory_order_relaxed);
    }
  }
  return Flush::sent;
}

void Front::Core::on_deadline(Slot& slot) {
  const auto deadline = slot.deadline_ms.load(std::memory_order_relaxed);
  if (deadline == 0 || deadline > now_ms()) return;
  if (slot.write_timed) return close_slot(slot);
  switch (slot.phase) {
    case Phase::head:
      if (slot.parser.untouched() && slot.in.empty()) return close_slot(slot);
      return refuse(slot, 408, Kind::rejected, "TOO_SLOW", "The request took too long to arrive.");
    case Phase::body:
    case Phase::upload: return refuse(slot, 408, Kind::rejected, "TOO_SLOW", "The request took too long to arrive.");
    case Phase::feed:
      if (slot.chunked_out) {
        append_chunk(slot.out, ":\n\n");
      } else {
        slot.out += ":\n\n";
      }
      slot.deadline_ms.store(now_ms() + settings.heartbeat.ms, std::memory_order_relaxed);
      return;
    case Phase::waiting:
    case Phase::streaming: slot.deadline_ms.store(0, std::memory_order_relaxed); return;
    case Phase::ending:
    case Phase::lingering: return close_slot(slot);
  }
}

// Closing while bytes of the peer lie unread would make the system take back our last answer: so we say that we are
// done, and read what comes until the peer is done too.
void Front::Core::linger(Slot& slot) {
  if (slot.end_seen) return close_slot(slot);
  shutdown(slot.fd, SHUT_WR);
  slot.phase = Phase::lingering;
  slot.may_read = true;
  slot.in.clear();
  slot.in_at = 0;
  slot.deadline_ms.store(now_ms() + 2000, std::memory_order_relaxed);
  slot.idle_since.store(0, std::memory_order_relaxed);
}

void Front::Core::discard(Slot& slot) {
  while (slot.may_read) {
    const auto got = recv(slot.fd, here->scratch.get(), scratch_size, 0);
    if (got > 0) {
      slot.discarded += static_cast<std::size_t>(got);
      if (slot.discarded > 1024 * 1024) return close_slot(slot);
    } else if (got < 0 && errno == EINTR) {
      continue;
    } else if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      slot.may_read = false;
    } else {
      return close_slot(slot);
    }
  }
}

void Front::Core::close_slot(Slot& slot) {
  if (slot.fd < 0) return;
  if (slot.phase == Phase::waiting) --in_progress;
  if (slot.feed) slot.feed->detach();
  if (slot.flight && (slot.phase == Phase::streaming || slot.phase == Phase::feed)) engine.done(*slot.flight);
  release_reserved(slot);
  slot.deadline_ms.store(0, std::memory_order_relaxed);
  slot.idle_since.store(0, std::memory_order_relaxed);
  slot.feed.reset();
  slot.stream.reset();
  if (slot.flight) slot.flight->upload.reset();
  slot.flight.reset();
  slot.in = std::string();
  slot.out = std::string();
  slot.in_at = slot.out_at = 0;
  slot.parser.reset();
  close(slot.fd);
  slot.fd = -1;
}

// --- The front
// --------------------------------------------------------------------------------------------------------

Front::Front(FrontSettings settings, Engine& engine, metrics::Registry& metrics)
    : core_(std::make_shared<Core>(std::move(settings), engine, metrics)) {}

Front::~Front() { core_->drain({}); }

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
