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
  // A wrong password takes the same time whoever's it is, and so does an empty `phc`, for addresses nobody has: while
  // there are hashes of other costs, each wrong one pays all of them. bcrypt sees 72 bytes of the password only.
  // Blocks.
  Result<Verdict> verify(const Secret& password, const std::string& phc);

  // That there is such a hash, of somebody: made elsewhere or at a former cost. A handful of costs is remembered.
  void learn_of(std::string_view phc);
  // How many costs a wrong password pays.
  std::size_t costs() const;
  // What our own hashes begin with.
  std::string own_beginning() const;

 private:
  struct Gate;
  struct Costs;
  Cost cost_;
  std::unique_ptr<Gate> gate_;
  std::unique_ptr<Costs> costs_;
};

}  // namespace tuition::crypto
