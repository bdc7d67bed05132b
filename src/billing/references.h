#pragma once

#include <string>
#include <string_view>

#include "platform/base/entropy.h"
#include "platform/base/time.h"

namespace tuition::billing {

// <prefix>-<unix ms>-<8 characters>: told to people, so that they can quote it.
inline std::string new_reference(std::string_view prefix, const Clock& clock, Entropy& entropy) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::uint8_t random[8];
  entropy.fill(random);
  std::string reference = std::string(prefix) + "-" + std::to_string(clock.now().ms) + "-";
  for (auto byte : random) reference += alphabet[byte & 31];
  return reference;
}

}  // namespace tuition::billing
