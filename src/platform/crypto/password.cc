#include "platform/crypto/password.h"

#include <sodium.h>

extern "C" {
#include <crypt_blowfish.h>
}

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "platform/base/blocking.h"
#include "platform/base/check.h"
#include "platform/crypto/hmac.h"
#include "platform/crypto/sodium.h"

namespace tuition::crypto {
namespace {

constexpr int retry_after_s = 2;

std::string base64(const unsigned char* bytes, std::size_t count) {
  std::array<char, 64> out{};
  return sodium_bin2base64(out.data(), out.size(), bytes, count, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}

bool is_bcrypt(std::string_view hash) {
  return hash.starts_with("$2a$") || hash.starts_with("$2b$") || hash.starts_with("$2y$");
}

bool matches_bcrypt(const std::string& password, const std::string& hash) {
  // It would see only what stands before a NUL.
  if (password.find('\0') != std::string::npos) return false;
  std::array<char, 61> made{};
  if (hash.size() != made.size() - 1 ||
      !_crypt_blowfish_rn(password.c_str(), hash.c_str(), made.data(), static_cast<int>(made.size())))
    return false;
  const bool same = equal_in_constant_time(std::string_view(made.data(), hash.size()), hash);
  sodium_memzero(made.data(), made.size());
  return same;
}

// What a hash says of its cost: "bcrypt 12", or an argon2id hash up to its salt. Empty for anything else.
std::string cost_in(std::string_view hash) {
  if (is_bcrypt(hash)) return "bcrypt " + std::string(hash.substr(4, 2));
  constexpr std::string_view last = ",p=1$";
  const auto at = hash.find(last);
  if (!hash.starts_with("$argon2id$") || at == std::string_view::npos) return {};
  return std::string(hash.substr(0, at + last.size()));
}

}  // namespace

struct PasswordHasher::Gate {
  explicit Gate(Cost cost) : free(cost.at_once), queue_max(cost.queue_max) {}

  bool enter() {
    std::unique_lock lock(mutex);
    if (free == 0) {
      if (waiting >= queue_max) return false;
      ++waiting;
      changed.wait(lock, [this] { return free > 0; });
      --waiting;
    }
    --free;
    return true;
  }
  void leave() {
    {
      std::lock_guard lock(mutex);
      ++free;
    }
    changed.notify_one();
  }

  std::mutex mutex;
  std::condition_variable changed;
  int free;
  int waiting = 0;
  const int queue_max;

  class Permit {
   public:
    explicit Permit(Gate& gate) : gate_(gate), granted_(gate.enter()) {}
    ~Permit() {
      if (granted_) gate_.leave();
    }
    Permit(const Permit&) = delete;
    Permit& operator=(const Permit&) = delete;
    bool granted() const { return granted_; }

   private:
    Gate& gate_;
    const bool granted_;
  };
};

namespace {

Error too_busy() {
  Error error{Kind::unavailable, "UNAVAILABLE", "Many people are signing in right now. Please try again in a moment."};
  error.detail = "the queue of password hashes is full";
  error.retry_after_s = retry_after_s;
  return error;
}

Error no_memory() {
  Error error{Kind::unavailable, "UNAVAILABLE", "The server is too busy. Please try again in a moment."};
  error.detail = "argon2id got no memory";
  error.retry_after_s = retry_after_s;
  return error;
}

}  // namespace

// For each cost that hashes have, one that no password matches; our own is the first.
struct PasswordHasher::Costs {
  static constexpr std::size_t most = 8;
  struct Nobody {
    std::string cost;
    std::string hash;
  };

  std::vector<Nobody> but(std::string_view cost) const {
    std::lock_guard lock(mutex);
    std::vector<Nobody> others;
    for (const auto& each : all)
      if (each.cost != cost) others.push_back(each);
    return others;
  }

  mutable std::mutex mutex;
  std::vector<Nobody> all;
};

PasswordHasher::PasswordHasher(Cost cost)
    : cost_(cost), gate_(std::make_unique<Gate>(cost)), costs_(std::make_unique<Costs>()) {
  initialise_sodium();
  check(cost.at_once > 0 && cost.queue_max >= 0, "password hashes run at least one at a time");
  check(cost.memory_kib >= crypto_pwhash_argon2id_MEMLIMIT_MIN / 1024 && cost.passes >= 1,
        "argon2id gets at least its minimum of memory and passes");
  std::array<unsigned char, 16> salt{};
  std::array<unsigned char, 32> hash{};
  randombytes_buf(salt.data(), salt.size());
  randombytes_buf(hash.data(), hash.size());
  const std::string own = own_beginning();
  costs_->all.push_back({own, own + base64(salt.data(), salt.size()) + "$" + base64(hash.data(), hash.size())});
}

PasswordHasher::~PasswordHasher() = default;

Result<std::string> PasswordHasher::hash(const Secret& password) {
  const Blocking blocking;
  const Gate::Permit permit(*gate_);
  if (!permit.granted()) return too_busy();
  std::array<char, crypto_pwhash_argon2id_STRBYTES> phc{};
  const std::string& text = password.reveal();
  if (crypto_pwhash_argon2id_str(phc.data(), text.data(), text.size(), cost_.passes, cost_.memory_kib * 1024) != 0)
    return no_memory();
  return std::string(phc.data());
}

Result<PasswordHasher::Verdict> PasswordHasher::verify(const Secret& password, const std::string& phc) {
  const Blocking blocking;
  const Gate::Permit permit(*gate_);
  if (!permit.granted()) return too_busy();
  const std::string& text = password.reveal();
  Verdict verdict;
  const auto try_at = [&](const std::string& hash) -> Result<bool> {
    if (is_bcrypt(hash)) return matches_bcrypt(text, hash);
    errno = 0;
    if (crypto_pwhash_argon2id_str_verify(hash.c_str(), text.data(), text.size()) == 0) return true;
    // It says no more than that it does not fit: a password is not wrong because the machine is short.
    if (errno == ENOMEM) return no_memory();
    return false;
  };
  if (!phc.empty()) verdict.right = TRY(try_at(phc));
  if (verdict.right) {
    verdict.outdated = is_bcrypt(phc) ||
                       crypto_pwhash_argon2id_str_needs_rehash(phc.c_str(), cost_.passes, cost_.memory_kib * 1024) != 0;
    return verdict;
  }
  for (const auto& nobody : costs_->but(cost_in(phc))) TRY(try_at(nobody.hash));
  return verdict;
}

std::string PasswordHasher::own_beginning() const {
  return "$argon2id$v=19$m=" + std::to_string(cost_.memory_kib) + ",t=" + std::to_string(cost_.passes) + ",p=1$";
}

std::size_t PasswordHasher::costs() const {
  std::lock_guard lock(costs_->mutex);
  return costs_->all.size();
}

void PasswordHasher::learn_of(std::string_view phc) {
  auto cost = cost_in(phc);
  std::lock_guard lock(costs_->mutex);
  auto& all = costs_->all;
  const bool known = std::any_of(all.begin(), all.end(), [&](const auto& each) { return each.cost == cost; });
  if (cost.empty() || known || all.size() >= Costs::most) return;
  const auto& own = all.front();
  // bcrypt: head and salt as they are, and in place of the hash what is none.
  auto hash =
      is_bcrypt(phc) ? std::string(phc.substr(0, 29)) + std::string(31, '.') : cost + own.hash.substr(own.cost.size());
  all.push_back({std::move(cost), std::move(hash)});
}

}  // namespace tuition::crypto
