#include "platform/crypto/system_entropy.h"

#include <sodium.h>

#include "platform/crypto/sodium.h"

namespace tuition::crypto {

SystemEntropy::SystemEntropy() { initialise_sodium(); }

void SystemEntropy::fill(std::span<std::uint8_t> bytes) { randombytes_buf(bytes.data(), bytes.size()); }

}  // namespace tuition::crypto
