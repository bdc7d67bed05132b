#pragma once

namespace tuition {

// Says that this thread is about to wait (for a commit, a hash, a provider). The HTTP front listens, and lets a spare
// thread take the place for that long; on other threads it does nothing. May nest.
class Blocking {
 public:
  Blocking();
  ~Blocking();
  Blocking(const Blocking&) = delete;
  Blocking& operator=(const Blocking&) = delete;

  // Heard by the calling thread's outermost Blocking. Both may be null.
  struct Listener {
    void (*begin)(void* context) = nullptr;
    void (*end)(void* context) = nullptr;
    void* context = nullptr;
  };
  static void listen_on_this_thread(Listener listener);
};

}  // namespace tuition
