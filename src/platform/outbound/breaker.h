#pragma once

#include <cstdint>

#include "platform/base/time.h"

namespace tuition::outbound {

// Keeps us from waiting for a provider that is down. Pure: told the time, shared by nobody.
//   closed     calls go through; `failures_max` failures in a row open it
//   open       calls are refused until `rest` is over
//   half open  one call at a time may try; success closes, failure opens again
class Breaker {
 public:
  struct Settings {
    int failures_max = 5;
    Duration rest = seconds(30);
  };
  enum class State { closed, open, half_open };

  explicit Breaker(Settings settings) : settings_(settings) {}

  // True when a call may be made; every true is followed by exactly one succeeded() or failed().
  bool may_call(Instant now);
  void succeeded();
  void failed(Instant now);
  State state() const { return state_; }

 private:
  Settings settings_;
  State state_ = State::closed;
  int failures_ = 0;
  bool trying_ = false;
  Instant opened_{};
};

// What breakers are told: a clock that nobody sets.
inline Instant steady_instant() { return Instant{steady_us() / 1000}; }

}  // namespace tuition::outbound
