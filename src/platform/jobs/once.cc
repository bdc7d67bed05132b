#include "platform/jobs/once.h"

namespace tuition::jobs {
namespace {

constexpr std::size_t key_length_max = 255;

}  // namespace

Result<void> check_key(std::string_view key) {
  if (key.size() > key_length_max) return invalid_field("Idempotency-Key", "must be at most 255 characters long");
  return {};
}

Result<std::optional<std::string>> made_before(ReadTx& tx, const Asked& asked) {
  struct Use {
    std::string body_hash{};
    std::string made{};
  };
  if (asked.key.empty()) return std::optional<std::string>();
  auto use =
      tx.one<Use>("SELECT body_hash, subject_id FROM idempotency_keys WHERE key = ?1 AND user_id = ?2 AND route = ?3",
                  asked.key, asked.user, asked.route);
  if (!use) return std::optional<std::string>();
  if (use->body_hash != asked.body_hash)
    return conflict("IDEMPOTENCY_MISMATCH", "This Idempotency-Key was used for a different request.");
  return std::optional(std::move(use->made));
}

void remember(WriteTx& tx, const Asked& asked, const std::string& made, Instant now) {
  if (asked.key.empty()) return;
  tx.execute(
      "INSERT INTO idempotency_keys (key, user_id, route, body_hash, subject_id, created_at) VALUES (?1, ?2, ?3, ?4, "
      "?5, ?6)",
      asked.key, asked.user, asked.route, asked.body_hash, made, now);
}

Result<std::string> once(WriteTx& tx, const Asked& asked, Instant now,
                         const std::function<Result<std::string>()>& make) {
  if (auto before = TRY(made_before(tx, asked))) return *std::move(before);
  auto made = TRY(make());
  remember(tx, asked, made, now);
  return made;
}

std::int64_t forget_keys(WriteTx& tx, Instant before) {
  return tx.execute("DELETE FROM idempotency_keys WHERE created_at < ?1", before);
}

}  // namespace tuition::jobs
