#include "platform/crypto/hmac_key.h"

#include <sodium.h>

#include <cstring>

#include "platform/base/text.h"
#include "platform/crypto/sodium.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace tuition::crypto {
namespace {

using State = std::array<std::uint32_t, 8>;
constexpr std::size_t block_size = 64;

// The state and the count of bytes are all that libsodium keeps between whole blocks.
crypto_hash_sha256_state resumed(const State& midway) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  std::memcpy(state.state, midway.data(), sizeof state.state);
  state.count = block_size * 8;
  return state;
}

State after_block(const std::array<unsigned char, block_size>& block) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  crypto_hash_sha256_update(&state, block.data(), block.size());
  State midway;
  std::memcpy(midway.data(), state.state, sizeof state.state);
  sodium_memzero(&state, sizeof state);
  return midway;
}

std::string portable_digest(const State& midway, std::string_view rest) {
  auto state = resumed(midway);
  crypto_hash_sha256_update(&state, bytes_of(rest).data(), rest.size());
  std::string out(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256_final(&state, reinterpret_cast<unsigned char*>(out.data()));
  sodium_memzero(&state, sizeof state);
  return out;
}

#if defined(__x86_64__)

bool has_instructions() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & bit_SSE4_1) == 0 || (c & bit_SSSE3) == 0) return false;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_SHA) != 0;
}

// FIPS 180-4, section 4.2.2.
alignas(16) constexpr std::uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// The instructions hold the state as two registers, words A B E F and C D G H, and do two rounds at a time.
[[gnu::target("sha,sse4.1,ssse3")]] void compress(State& state, const unsigned char* data, std::size_t blocks) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  auto* words = reinterpret_cast<__m128i*>(state.data());
  const __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128(words), 0xb1);
  const __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128(words + 1), 0x1b);
  __m128i abef = _mm_alignr_epi8(cdab, efgh, 8);
  __m128i cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
  for (; blocks > 0; --blocks, data += block_size) {
    const __m128i abef_was = abef;
    const __m128i cdgh_was = cdgh;
    __m128i w[4];
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) {
      auto& now = w[i & 3];
      if (i < 4) {
        now = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(data) + i), big_endian);
      } else {
        const auto& last = w[(i + 3) & 3];
        const auto sum =
            _mm_add_epi32(_mm_sha256msg1_epu32(now, w[(i + 1) & 3]), _mm_alignr_epi8(last, w[(i + 2) & 3], 4));
        now = _mm_sha256msg2_epu32(sum, last);
      }
      const auto k = _mm_load_si128(reinterpret_cast<const __m128i*>(round_constants) + i);
      const auto wk = _mm_add_epi32(now, k);
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, wk);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(wk, 0x0e));
    }
    abef = _mm_add_epi32(abef, abef_was);
    cdgh = _mm_add_epi32(cdgh, cdgh_was);
  }
  const __m128i feba = _mm_shuffle_epi32(abef, 0x1b);
  const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xb1);
  _mm_storeu_si128(words, _mm_blend_epi16(feba, dchg, 0xf0));
  _mm_storeu_si128(words + 1, _mm_alignr_epi8(dchg, feba, 8));
}

// What stands for `rest` behind one block that is in the state already.
std::array<unsigned char, 32> fast_digest(State state, std::string_view rest) {
  const auto whole = rest.size() / block_size;
  compress(state, bytes_of(rest).data(), whole);
  const auto left = rest.substr(whole * block_size);
  std::array<unsigned char, 2 * block_size> tail{};
  std::memcpy(tail.data(), left.data(), left.size());
  tail[left.size()] = 0x80;
  const std::size_t tail_blocks = left.size() + 9 > block_size ? 2 : 1;
  const std::uint64_t bits = (rest.size() + block_size) * 8;
  for (std::size_t i = 0; i < 8; ++i)
    tail[tail_blocks * block_size - 1 - i] = static_cast<unsigned char>(bits >> (8 * i));
  compress(state, tail.data(), tail_blocks);
  std::array<unsigned char, 32> out;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<unsigned char>(state[i / 4] >> (24 - i % 4 * 8));
  return out;
}

#endif

}  // namespace

HmacKey::HmacKey(std::string_view key) {
  initialise_sodium();
  std::array<unsigned char, block_size> block{};
  if (key.size() > block.size()) {
    crypto_hash_sha256(block.data(), bytes_of(key).data(), key.size());
  } else {
    std::memcpy(block.data(), key.data(), key.size());
  }
  for (auto& each : block) each ^= 0x36;
  midway_.inner = after_block(block);
  for (auto& each : block) each ^= 0x36 ^ 0x5c;
  midway_.outer = after_block(block);
  sodium_memzero(block.data(), block.size());
}

HmacKey::~HmacKey() { sodium_memzero(&midway_, sizeof midway_); }

std::string HmacKey::portable(std::string_view message) const {
  return portable_digest(midway_.outer, portable_digest(midway_.inner, message));
}

#if defined(__x86_64__)

bool HmacKey::accelerated() {
  static const bool has = has_instructions();
  return has;
}

std::string HmacKey::sign(std::string_view message) const {
  if (!accelerated()) return portable(message);
  const auto inner = fast_digest(midway_.inner, message);
  const auto outer = fast_digest(midway_.outer, {reinterpret_cast<const char*>(inner.data()), inner.size()});
  return {outer.begin(), outer.end()};
}

#else

bool HmacKey::accelerated() { return false; }
std::string HmacKey::sign(std::string_view message) const { return portable(message); }

#endif

}  // namespace tuition::crypto
