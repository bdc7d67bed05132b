#pragma once

#include "platform/base/time.h"

namespace tuition::tests {

// Stands until it is moved.
class StandingClock final : public Clock {
 public:
  Instant now() const override { return at; }
  void pass(Duration by) { at = at + by; }
  Instant at = parse_instant("2026-11-20T08:30:00Z").value();
};

}  // namespace tuition::tests
