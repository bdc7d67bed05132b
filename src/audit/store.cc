#include "audit/store.h"

namespace tuition::audit::store {

std::optional<Link> last(ReadTx& tx) {
  return tx.one<Link>("SELECT id, hash FROM audit_logs ORDER BY id DESC LIMIT 1");
}

void append(WriteTx& tx, std::int64_t id, const Entry& entry, const std::string& previous_hash,
            const std::string& hash) {
  tx.execute(
      "INSERT INTO audit_logs (id, timestamp, actor_kind, user_id, ip_address, request_id, action, category, severity, "
      "target_type, target_id, description, metadata_json, prev_hash, hash) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
      id, entry.at, entry.actor.sort, entry.actor.user, entry.actor.ip, entry.actor.request_id, entry.action,
      entry.category, entry.severity, entry.target_type, entry.target_id, entry.description, entry.metadata,
      previous_hash, hash);
}

void each(ReadTx& tx, const std::function<void(const Row&)>& visit) {
  tx.each(
      "SELECT id, timestamp, actor_kind, user_id, ip_address, request_id, action, category, severity, target_type, "
      "target_id, description, metadata_json, prev_hash, hash FROM audit_logs ORDER BY id",
      [&](tuition::Row& from) {
        Row row;
        from.take(row.id, row.entry.at, row.entry.actor.sort, row.entry.actor.user, row.entry.actor.ip,
                  row.entry.actor.request_id, row.entry.action, row.entry.category, row.entry.severity,
                  row.entry.target_type, row.entry.target_id, row.entry.description, row.entry.metadata,
                  row.previous_hash, row.hash);
        visit(row);
      });
}

}  // namespace tuition::audit::store
