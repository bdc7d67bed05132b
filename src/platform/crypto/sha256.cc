#include "platform/crypto/sha256.h"

#include <sodium.h>

#include "platform/base/text.h"
#include "platform/crypto/sodium.h"

namespace tuition::crypto {
namespace {

crypto_hash_sha256_state* as_state(std::array<std::byte, 128>& bytes) {
  static_assert(sizeof(crypto_hash_sha256_state) <= 128 && alignof(crypto_hash_sha256_state) <= 8);
  return reinterpret_cast<crypto_hash_sha256_state*>(bytes.data());
}

}  // namespace

Sha256::Sha256() {
  initialise_sodium();
  crypto_hash_sha256_init(as_state(state_));
}

void Sha256::add(std::string_view piece) {
  crypto_hash_sha256_update(as_state(state_), bytes_of(piece).data(), piece.size());
}

std::string Sha256::finish() {
  std::string out(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256_final(as_state(state_), reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

}  // namespace tuition::crypto
