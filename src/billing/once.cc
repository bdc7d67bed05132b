#include "billing/once.h"

#include "billing/store.h"
#include "platform/base/text.h"
#include "platform/crypto/hmac.h"

namespace tuition::billing {
namespace {

std::string digest_of_body(const OnceKey& use) { return to_hex(bytes_of(crypto::sha256(use.body))); }

UserId key_owner(const OnceKey& use) { return use.user.empty() ? UserId("nobody") : use.user; }
// Two strangers may send the same key: for nobody in particular it counts for one body only.
std::string route_of(const OnceKey& use) {
  return use.user.empty() ? use.route + ":" + digest_of_body(use) : use.route;
}

}  // namespace

Result<void> check_key(std::string_view key) {
  if (key.size() > 255) return invalid_field("Idempotency-Key", "must be at most 255 characters long");
  return {};
}

Result<std::string> made_before(ReadTx& tx, const OnceKey& use) {
  if (use.key.empty()) return std::string{};
  const auto used = store::idempotent_use(tx, use.key, key_owner(use), route_of(use));
  if (!used) return std::string{};
  if (used->body_hash != digest_of_body(use))
    return conflict("IDEMPOTENCY_MISMATCH", "This Idempotency-Key was used for something else.");
  return used->subject_id;
}

Result<std::string> once(WriteTx& tx, const OnceKey& use, Instant now,
                         const std::function<Result<std::string>()>& make) {
  auto before = TRY(made_before(tx, use));
  if (!before.empty()) return before;
  auto made = TRY(make());
  if (!use.key.empty()) store::remember_key(tx, use.key, key_owner(use), route_of(use), digest_of_body(use), made, now);
  return made;
}

}  // namespace tuition::billing
