#pragma once

#include "platform/base/entropy.h"

namespace tuition::crypto {

// libsodium's generator, seeded by the system. Initialises libsodium.
class SystemEntropy final : public Entropy {
 public:
  SystemEntropy();
  void fill(std::span<std::uint8_t> bytes) override;
};

}  // namespace tuition::crypto
