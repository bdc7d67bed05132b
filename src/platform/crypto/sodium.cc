#include "platform/crypto/sodium.h"

#include <sodium.h>

#include "platform/base/check.h"

namespace tuition::crypto {

void initialise_sodium() {
  static const bool ready = sodium_init() >= 0;
  check(ready, "libsodium finds a source of randomness");
}

std::string sodium_version() { return sodium_version_string(); }

}  // namespace tuition::crypto
