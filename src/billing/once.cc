#include "billing/once.h"

#include "platform/base/text.h"
#include "platform/crypto/hmac.h"
#include "platform/jobs/once.h"

namespace tuition::billing {
namespace {

jobs::Asked asked_of(const OnceKey& use) {
  auto digest = to_hex(bytes_of(crypto::sha256(use.body)));
  if (!use.user.empty()) return {use.key, use.user, use.route, std::move(digest)};
  // Two strangers may send the same key: for nobody in particular it counts for one body only.
  return {use.key, UserId("nobody"), use.route + ":" + digest, digest};
}

}  // namespace

Result<std::string> made_before(ReadTx& tx, const OnceKey& use) {
  return TRY(jobs::made_before(tx, asked_of(use))).value_or("");
}

Result<std::string> once(WriteTx& tx, const OnceKey& use, Instant now,
                         const std::function<Result<std::string>()>& make) {
  return jobs::once(tx, asked_of(use), now, make);
}

}  // namespace tuition::billing
