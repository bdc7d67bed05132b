#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "platform/base/entropy.h"
#include "platform/base/secret.h"
#include "platform/base/time.h"
#include "sandbox/mischief.h"

namespace tuition::sandbox {

struct Event {
  std::string id{};
  std::string type{};
  std::string body{};
};

struct Delivery {
  std::string event_id{};
  std::string type{};
  int attempts = 0;
  int status = 0;  // of the last attempt; 0: no answer
  bool delivered = false;
  bool given_up = false;
  Instant due{};
};

// An event that is still to be delivered, and how it has fared so far.
struct Waiting {
  Event event{};
  Delivery record{};
};

// The headers that go with a body sent at that moment: who sends it, and the signature.
using Signed = std::function<std::vector<std::pair<std::string, std::string>>(std::string_view body, Instant at)>;

// Sends events to one webhook address, signed as their provider signs them, in order, over real HTTP, and again with
// growing pauses (by the clock given) while they are not answered 2xx. Safe from any thread.
class Deliveries {
 public:
  // `changed` hears of every change, under a lock: it must wait for nothing.
  Deliveries(
      const Clock& clock, Entropy& entropy, Signed headers, std::function<void()> changed = [] {});
  ~Deliveries();  // stops

  void start();
  void stop();
  // Events wait until there is an address.
  void to(std::string url);
  std::string target() const;  // that address; empty while there is none
  void send(std::vector<Event> events, const Manner& manner);
  // Whatever waits, by delay or for another try, is sent now.
  void release();
  // The clock was moved.
  void wake();
  // Waits until nothing is due and nothing is being sent; false when that takes longer than `patience`.
  bool settle(Duration patience);
  std::vector<Delivery> recent() const;  // newest first, at most 100

  // What is still to be delivered, with what is being sent; and what has been, newest first. Restored before start().
  std::vector<Waiting> waiting() const;
  std::vector<Delivery> past() const;
  void restore(std::vector<Waiting> waiting, std::vector<Delivery> past);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The header that goes with a body sent at `at`.
std::string stripe_signature(const Secret& secret, std::string_view body, Instant at);
Signed as_stripe(Secret webhook_secret);

}  // namespace tuition::sandbox
