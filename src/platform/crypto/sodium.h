#pragma once

#include <string>

namespace tuition::crypto {

// Chooses libsodium's fastest code for this processor and seeds its generator; throws when the system has no
// randomness. Cheap after the first time, safe from any thread.
void initialise_sodium();

std::string sodium_version();

}  // namespace tuition::crypto
