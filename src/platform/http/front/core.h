#pragma once

// The inside of the front, shared by front.cc (start and stop), turns.cc (threads, events, places) and connection.cc
// (what happens on one connection). Nothing else includes it.

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "platform/http/events.h"
#include "platform/http/front/chunked.h"
#include "platform/http/front/front.h"
#include "platform/http/front/listen.h"

namespace tuition::http {

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
constexpr std::int64_t slow_ms = 1000;         // who holds memory for longer may be cut for it
constexpr std::size_t turn_max = 1024 * 1024;  // bytes one connection may send before others get their turn
constexpr int batch = 16;

enum class Phase : std::uint8_t { head, body, upload, waiting, streaming, feed, ending, lingering };

inline std::int64_t now_ms() { return steady_us() / 1000; }

// An exchange of a connection of ours. Its handler's Respond holds it too, and may outlive connection and front: so it
// keeps the core alive and names its connection by key.
struct Flight : Exchange {
  std::shared_ptr<void> core{};
  std::uint64_t key = 0;
  Reply reply{};
  Respond::Make make{};          // of the reply, where that is left to the thread that sends it
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
  std::atomic<std::size_t> held{0};          // bytes that wait for the peer, and how long nothing has come of it
  std::atomic<std::int64_t> held_since{0};
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
  bool counted = false;  // among those in progress
  std::string peer{};
  std::string in{};
  std::size_t in_at = 0;
  std::string out{};
  std::size_t out_at = 0;
  std::string_view tail{};  // to be sent after `out`; lives as long as the program
  std::size_t head_size = 0;
  HeadParser parser{};
  ChunkedDecoder decoder{};
  std::uint64_t body_left = 0;
  std::size_t body_max = 0;
  std::uint64_t sent_of_stream = 0;
  std::int64_t asked_ms = 0;  // when the stream's caller was last seen to be one still; of a feed, its last heartbeat
  std::int64_t feed_ends_ms = 0;  // at the latest
  std::size_t discarded = 0;
  std::shared_ptr<Flight> flight{};
  std::shared_ptr<BodyStream> stream{};
  std::shared_ptr<EventFeed> feed{};

  std::uint32_t generation() const { return static_cast<std::uint32_t>(state.load() >> 32); }
  std::size_t unsent() const { return out.size() - out_at + tail.size(); }
  std::size_t holds() const;
  std::string_view input() const { return std::string_view(in).substr(in_at); }
};

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
    std::uint32_t accepting = 0;  // the listener it takes connections from
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

  Result<void> listen();
  Result<void> start();
  void drain(Duration limit);
  void close_listeners();

  // Threads.
  void work();
  bool take_place();
  bool spawn();
  void begin_blocking(Worker& me);
  void end_blocking();
  void handle(const epoll_event& event);
  void post(std::uint64_t key, std::uint32_t flags);
  void take_posted();

  // Connections.
  Slot* slot_at(std::uint32_t index) const;
  Slot* new_slot();
  void touch(std::uint32_t index, std::uint32_t generation, std::uint32_t flags);
  bool run(Slot& slot);
  void accept_from(std::uint32_t which);
  void accept_one(int fd, const sockaddr_storage& from);
  void give_up(Slot& slot, const char* why);
  void refuse_connection(int fd);
  bool evict_one();
  bool find_longest_idle();
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
  static void answer_made(Flight& flight, Respond::Make make);
  static void answered_by(Flight& flight);
  void count(Slot& slot);
  void uncount(Slot& slot);
  void complete_flight(Slot& slot);
  void complete(Slot& slot, Reply& reply);
  void finish_request(Slot& slot);
  void refuse(Slot& slot, int status, Kind kind, std::string_view code, std::string_view safe);
  bool produce(Slot& slot);
  enum class Flush { sent, blocked, closed };
  Flush flush(Slot& slot);
  void on_deadline(Slot& slot);
  std::int64_t feed_pause() const;
  void look_after_feed(Slot& slot);
  void linger(Slot& slot);
  void discard(Slot& slot);
  void account(Slot& slot);
  void make_room();
  void cut_off(Slot& slot);
  void close_slot(Slot& slot);

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
  std::atomic<std::size_t> held{0};
  std::atomic<bool> draining{false}, cutting{false}, stopping{false}, started{false};
  std::mutex drained_mutex;
  std::condition_variable drained;

  // Those that have waited longest between requests when they were last looked for, the longest first.
  struct Idle {
    std::int64_t since = 0;
    std::uint32_t index = 0;
  };
  std::mutex idle_mutex;
  std::array<Idle, 256> longest_idle{};
  std::size_t idle_next = 0, idle_count = 0;

  std::mutex posted_mutex;
  std::deque<Item> posted;
  bool posted_signalled = false;

  std::mutex pool_mutex;
  std::condition_variable pool_changed;
  std::vector<std::thread> threads;
  int target = 1, parked = 0, permits = 0;
  std::atomic<int> running{0}, blocked{0};
};

}  // namespace tuition::http
