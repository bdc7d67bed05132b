#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tuition::crypto {

// HMAC-SHA256 (RFC 2104) with one key, for many messages: what depends on the key alone is computed once, and where the
// processor has instructions for SHA-256 they are used. Wipes itself when it goes. Safe from any thread.
class HmacKey {
 public:
  explicit HmacKey(std::string_view key);
  ~HmacKey();
  HmacKey(const HmacKey&) = default;
  HmacKey& operator=(const HmacKey&) = delete;

  std::string sign(std::string_view message) const;  // 32 raw bytes

  // Whether sign() uses the processor's instructions; portable() never does.
  static bool accelerated();
  std::string portable(std::string_view message) const;

 private:
  // SHA-256 after one block: the key under each of HMAC's two pads.
  struct Midway {
    std::array<std::uint32_t, 8> inner{};
    std::array<std::uint32_t, 8> outer{};
  };
  Midway midway_{};
};

}  // namespace tuition::crypto
