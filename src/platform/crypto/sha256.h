#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace tuition::crypto {

// SHA-256 of what comes in pieces.
class Sha256 {
 public:
  Sha256();
  void add(std::string_view piece);
  std::string finish();  // 32 raw bytes, once

 private:
  alignas(8) std::array<std::byte, 128> state_{};  // libsodium's, which only the source file knows
};

}  // namespace tuition::crypto
