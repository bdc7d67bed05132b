#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "platform/base/result.h"
#include "platform/base/secret.h"

namespace tuition::crypto {

// argon2id (RFC 9106) by libsodium; hashes of bcrypt that came from elsewhere are checked as well, and always outdated.
// As many hashes at once as `at_once`, `queue_max` more may wait; beyond that the answer is kind unavailable with a
// Retry-After, because each hash takes memory.
class PasswordHasher {
 public:
  struct Cost {
    std::size_t memory_kib = 19 * 1024;
    unsigned passes = 2;
    int at_once = 2;
    int queue_max = 64;
  };
  explicit PasswordHasher(Cost cost);
  ~PasswordHasher();

  // PHC text: $argon2id$v=19$m=...,t=...,p=1$salt$hash. Blocks.
  Result<std::string> hash(const Secret& password);
  struct Verdict {
    bool right = false;
    bool outdated = false;  // right, but made at another cost: hash anew
  };
  // An empty `phc` costs the same time as a wrong password: for addresses nobody has. One of bcrypt costs what it was
  // made to cost, and as bcrypt does sees 72 bytes of the password only. Blocks.
  Result<Verdict> verify(const Secret& password, const std::string& phc);

 private:
  struct Gate;
  Cost cost_;
  std::unique_ptr<Gate> gate_;
  std::string nobody_;  // a hash no password matches
};

}  // namespace tuition::crypto
