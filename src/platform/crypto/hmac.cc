#include "platform/crypto/hmac.h"

#include <sodium.h>

#include "platform/base/text.h"
#include "platform/crypto/sha1.h"
#include "platform/crypto/sodium.h"

namespace tuition::crypto {
namespace {

unsigned char* writable(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

// libsodium wants a pointer even where there is nothing to read.
const unsigned char* readable(std::string_view bytes) { return bytes_of(bytes.empty() ? "" : bytes).data(); }

std::string sha1_text(std::string_view message) {
  const auto digest = sha1(message);
  return std::string(digest.begin(), digest.end());
}

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view message) {
  initialise_sodium();
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, readable(key), key.size());
  crypto_auth_hmacsha256_update(&state, readable(message), message.size());
  std::string out(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256_final(&state, writable(out));
  sodium_memzero(&state, sizeof state);
  return out;
}

std::string hmac_sha512(std::string_view key, std::string_view message) {
  initialise_sodium();
  crypto_auth_hmacsha512_state state;
  crypto_auth_hmacsha512_init(&state, readable(key), key.size());
  crypto_auth_hmacsha512_update(&state, readable(message), message.size());
  std::string out(crypto_auth_hmacsha512_BYTES, '\0');
  crypto_auth_hmacsha512_final(&state, writable(out));
  sodium_memzero(&state, sizeof state);
  return out;
}

std::string hmac_sha1(std::string_view key, std::string_view message) {
  std::string block = key.size() > 64 ? sha1_text(key) : std::string(key);
  block.resize(64, '\0');
  std::string inner = block;
  std::string outer = block;
  for (char& each : inner) each = static_cast<char>(each ^ 0x36);
  for (char& each : outer) each = static_cast<char>(each ^ 0x5c);
  const std::string out = sha1_text(outer + sha1_text(inner.append(message)));
  sodium_memzero(block.data(), block.size());
  sodium_memzero(inner.data(), inner.size());
  sodium_memzero(outer.data(), outer.size());
  return out;
}

std::string sha256(std::string_view message) {
  initialise_sodium();
  std::string out(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(writable(out), readable(message), message.size());
  return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(readable(a), readable(b), a.size()) == 0;
}

}  // namespace tuition::crypto
