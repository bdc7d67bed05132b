#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "platform/base/entropy.h"
#include "platform/base/result.h"
#include "platform/base/secret.h"

namespace tuition::crypto {

// The key file beside the database: 32 random bytes, mode 0600, made when absent. From it a key per purpose is derived.
class KeyRing {
 public:
  // Error when the file is unreadable, of the wrong size, or open to others.
  static Result<KeyRing> open(const std::filesystem::path& file, Entropy& entropy);
  // For tests and memory-only apps.
  static KeyRing ephemeral(Entropy& entropy);

  Secret derive(std::string_view purpose) const;  // 32 bytes

 private:
  explicit KeyRing(Secret root) : root_(std::move(root)) {}
  Secret root_;
};

// Secrets at rest: secretbox (XSalsa20-Poly1305) with a random nonce, bound to a context such as "mfa:<user id>" so
// that a sealed value copied to another row does not open.
class Seal {
 public:
  explicit Seal(Secret key) : key_(std::move(key)) {}
  std::string seal(const Secret& plain, std::string_view context, Entropy& entropy) const;
  Result<Secret> open(std::string_view sealed, std::string_view context) const;

 private:
  Secret key_;
};

}  // namespace tuition::crypto
