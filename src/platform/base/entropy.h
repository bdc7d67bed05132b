#pragma once

#include <cstdint>
#include <span>

namespace tuition {

// Where random bytes come from. Implementations may be called from any thread.
class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

}  // namespace tuition
