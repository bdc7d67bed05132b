#pragma once

#include <string>
#include <string_view>

#include "platform/base/secret.h"

namespace tuition::crypto {

// Signs documents that others check without us: Ed25519 (RFC 8032), pure, no context. The same message always has the
// same signature. Safe from any thread.
class DocumentSigner {
 public:
  explicit DocumentSigner(const Secret& seed);  // 32 bytes

  std::string sign(std::string_view message) const;              // 64 raw bytes
  const std::string& public_key() const { return public_key_; }  // 32 raw bytes
  // Names the key: the first 16 hexadecimal digits of the public key's SHA-256.
  const std::string& key_id() const { return key_id_; }

 private:
  Secret secret_key_;
  std::string public_key_;
  std::string key_id_;
};

// False also for keys and signatures of a wrong length.
bool is_signed(std::string_view message, std::string_view signature, std::string_view public_key);

}  // namespace tuition::crypto
