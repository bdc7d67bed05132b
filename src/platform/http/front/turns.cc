// Threads take turns on one epoll, and connections take turns on threads.

#include <fcntl.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "platform/base/blocking.h"
#include "platform/base/burst.h"
#include "platform/base/short_turns.h"
#include "platform/http/front/core.h"
#include "platform/http/network.h"
#include "platform/log/log.h"

namespace tuition::http {
namespace {

std::uint32_t flags_of(std::uint32_t events) {
  std::uint32_t flags = 0;
  if (events & EPOLLIN) flags |= readable;
  if (events & EPOLLOUT) flags |= writable;
  if (events & EPOLLRDHUP) flags |= peer_done | readable;
  if (events & EPOLLHUP) flags |= peer_done | readable;
  if (events & EPOLLERR) flags |= broken;
  return flags;
}

}  // namespace

thread_local Front::Core::Worker* Front::Core::here = nullptr;

// False when the system has no thread for us; those there are go on.
bool Front::Core::spawn() {
  ++running;
  try {
    threads.emplace_back([self = shared_from_this()] { self->work(); });
  } catch (const std::exception&) {
    --running;
    return false;
  }
  return true;
}

void Front::Core::work() {
  take_short_turns();
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
    while (me.next < me.count) {
      try {
        handle(me.events[me.next++]);
      } catch (const std::exception&) {
        // No memory to pass it on. Connections have deadlines, and listeners are looked at every second.
      }
    }
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
  if (me.next < me.count || me.next_item < me.item_count || me.accepting != 0) {
    bool signal = false;
    {
      std::lock_guard lock(posted_mutex);
      for (; me.next < me.count; ++me.next) {
        // A wake-up that this thread took and does not follow must go to another, or what is posted waits for ever.
        if (me.events[me.next].data.u64 == wake_index)
          signal = true;
        else
          posted.push_back({me.events[me.next].data.u64, flags_of(me.events[me.next].events)});
      }
      for (; me.next_item < me.item_count; ++me.next_item) posted.push_back(me.items[me.next_item]);
      // A connection's first request blocks while others still wait to be accepted.
      if (me.accepting != 0) posted.push_back({std::exchange(me.accepting, 0), readable});
      signal = !std::exchange(posted_signalled, true) || signal;
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
  // A commit answers many connections: they are fetched together.
  Burst::at_end([core = shared_from_this()] {
    const std::uint64_t one = 1;
    (void)!write(core->wake, &one, sizeof one);
  });
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

Slot* Front::Core::slot_at(std::uint32_t index) const {
  return chunks[index / slots_per_chunk].load(std::memory_order_acquire) + index % slots_per_chunk;
}

// Held busy by the caller, until it has made a connection of it and calls run().
Slot* Front::Core::new_slot() {
  std::lock_guard lock(slots_mutex);
  Slot* slot = nullptr;
  if (!free_slots.empty()) {
    slot = slot_at(free_slots.back());
    free_slots.pop_back();
  } else {
    const auto index = slots_made.load();
    if (index >= connections_max) return nullptr;
    auto& chunk = chunks[index / slots_per_chunk];
    if (!chunk.load()) {
      free_slots.reserve(index + slots_per_chunk);  // to give one back takes no memory
      chunk.store(new Slot[slots_per_chunk], std::memory_order_release);
    }
    slot = slot_at(index);
    slot->index = index;
    slot->parser = HeadParser(settings.head);
    slots_made.store(index + 1, std::memory_order_release);
  }
  // A late event may just be finding out that nobody is here.
  auto free = slot->state.load() & ~flags_mask;
  while (!slot->state.compare_exchange_weak(free, free | busy, std::memory_order_acq_rel)) free &= ~flags_mask;
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

// The calling thread holds it busy. True when the connection has ended with this; whose place it is then, nobody knows.
bool Front::Core::run(Slot& slot) {
  const bool open = slot.fd >= 0;
  for (;;) {
    const auto state = slot.state.fetch_and(~flags_mask | busy, std::memory_order_acq_rel);
    if (open) {
      try {
        advance(slot, static_cast<std::uint32_t>(state) & ~static_cast<std::uint32_t>(busy));
      } catch (const std::exception& failed) {
        give_up(slot, failed.what());
      }
    }
    const auto generation = state & ~flags_mask;
    if (open && slot.fd < 0) {
      slot.state.store(generation + (1ULL << 32), std::memory_order_release);
      {
        std::lock_guard lock(slots_mutex);
        free_slots.push_back(slot.index);
      }
      if (--live == 0 && draining) {
        std::lock_guard lock(drained_mutex);
        drained.notify_all();
      }
      return true;
    }
    auto expected = generation | busy;
    if (slot.state.compare_exchange_strong(expected, generation, std::memory_order_acq_rel)) return false;
  }
}

// What a handler throws is answered; here, most likely, there was no memory for the answer. One connection ends, the
// others go on.
void Front::Core::give_up(Slot& slot, const char* why) {
  here->running = nullptr;
  if (slot.flight && (slot.phase == Phase::streaming || slot.phase == Phase::feed)) slot.phase = Phase::ending;
  cut_off(slot);
  try {
    log::error("http.connection_lost", {{"why", why}});
  } catch (const std::exception&) {
    // Nor for a line in the log.
  }
}

void Front::Core::accept_from(std::uint32_t which) {
  if (draining) return;
  const int listening = listeners[which - listener_index].fd;
  struct Accepting {
    explicit Accepting(std::uint32_t which) { here->accepting = which; }
    ~Accepting() { here->accepting = 0; }
  } accepting(which);
  for (int i = 0; i < 64; ++i) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const int fd = accept4(listening, reinterpret_cast<sockaddr*>(&from), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      try {
        accept_one(fd, from);
      } catch (const std::exception&) {
        close(fd);  // no memory for one more
      }
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
  engine.write_refusal(503, Kind::unavailable, "UNAVAILABLE", "Too many connections. Please try again.", {}, out);
  (void)!send(fd, out.data(), out.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  shutdown(fd, SHUT_WR);
  close(fd);
}

void Front::Core::accept_one(int fd, const sockaddr_storage& from) {
  std::string peer = "unix";
  Address address;
  if (from.ss_family == AF_INET) {
    address.v4 = true;
    address.bytes[10] = address.bytes[11] = 0xff;
    std::memcpy(&address.bytes[12], &reinterpret_cast<const sockaddr_in*>(&from)->sin_addr, 4);
    peer = address.text();
  } else if (from.ss_family == AF_INET6) {
    std::memcpy(address.bytes.data(), &reinterpret_cast<const sockaddr_in6*>(&from)->sin6_addr, 16);
    static constexpr std::uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    address.v4 = std::memcmp(address.bytes.data(), mapped, sizeof mapped) == 0;
    peer = address.text();
  }
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
  slot->peer = std::move(peer);
  const auto now = now_ms();
  slot->deadline_ms = now + settings.head_time.ms;
  slot->idle_since = now;
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  // Odd while a connection lives here.
  const auto generation = static_cast<std::uint32_t>(slot->state.fetch_add(1ULL << 32) >> 32) + 1;
  event.data.u64 = static_cast<std::uint64_t>(generation) << 32 | slot->index;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) slot->state.fetch_or(cut);
  if (draining) slot->state.fetch_or(wind_down);
  run(*slot);
}

// Ends the connection that has waited longest between requests. To look through all of them is dear, so one look finds
// many, which then follow one another; whoever has asked something since is left alone.
bool Front::Core::evict_one() {
  for (int looks = 0;;) {
    Idle longest;
    {
      std::lock_guard lock(idle_mutex);
      if (idle_next == idle_count && (++looks > 1 || !find_longest_idle())) return false;
      longest = longest_idle[idle_next++];
    }
    auto& slot = *slot_at(longest.index);
    if (slot.idle_since.load(std::memory_order_relaxed) != longest.since) continue;
    auto was = slot.state.load();
    if ((was & flags_mask) != 0) continue;
    if (!slot.state.compare_exchange_strong(was, was | evict | busy)) continue;
    if (run(slot)) return true;
  }
}

// Takes no memory: it is called when there may be none.
bool Front::Core::find_longest_idle() {
  const auto longer = [](const Idle& a, const Idle& b) { return a.since < b.since; };
  const auto begin = longest_idle.begin();
  const auto now = now_ms();
  const auto made = slots_made.load();
  idle_next = idle_count = 0;
  for (std::uint32_t i = 0; i < made; ++i) {
    const Idle each{slot_at(i)->idle_since.load(std::memory_order_relaxed), i};
    if (each.since == 0 || now - each.since < 1000) continue;
    auto end = begin + static_cast<std::ptrdiff_t>(idle_count);
    if (idle_count < longest_idle.size()) {
      ++idle_count;
    } else if (longer(each, longest_idle.front())) {
      std::pop_heap(begin, end--, longer);
    } else {
      continue;
    }
    *end = each;
    std::push_heap(begin, end + 1, longer);
  }
  std::sort_heap(begin, begin + static_cast<std::ptrdiff_t>(idle_count), longer);
  return idle_count > 0;
}

void Front::Core::tick() {
  // A timer that is not read does not go on.
  std::uint64_t times = 0;
  (void)!read(timer, &times, sizeof times);
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

}  // namespace tuition::http
