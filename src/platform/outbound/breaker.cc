#include "platform/outbound/breaker.h"

namespace tuition::outbound {

bool Breaker::may_call(Instant now) {
  if (state_ == State::open && now - opened_ >= settings_.rest) {
    state_ = State::half_open;
    trying_ = false;
  }
  if (state_ == State::open || (state_ == State::half_open && trying_)) return false;
  trying_ = state_ == State::half_open;
  return true;
}

void Breaker::succeeded() {
  // A call that began before the circuit opened may end well after; it proves nothing about now.
  if (state_ == State::open) return;
  state_ = State::closed;
  failures_ = 0;
  trying_ = false;
}

void Breaker::failed(Instant now) {
  if (state_ == State::open) return;
  ++failures_;
  if (state_ == State::closed && failures_ < settings_.failures_max) return;
  state_ = State::open;
  opened_ = now;
  trying_ = false;
}

}  // namespace tuition::outbound
