#include "audit/store.h"

#include <limits>

namespace tuition::audit::store {
namespace {

constexpr SqlText columns(
    "SELECT id, timestamp, actor_kind, user_id, ip_address, request_id, action, category, severity, target_type, "
    "target_id, description, metadata_json, prev_hash, hash, key_id FROM audit_logs");
// The plus signs leave the choice of the index to what follows. An action that ends in a dot stands for all that begin
// so.
constexpr SqlText which(
    "WHERE (?1 IS NULL OR +user_id = ?1) AND (?2 IS NULL OR +target_id = ?2) "
    "AND (?3 IS NULL OR +action = ?3 OR (substr(?3, -1) = '.' AND instr(action, ?3) = 1)) "
    "AND (?4 IS NULL OR category = ?4) AND (?5 IS NULL OR severity = ?5) AND (?6 IS NULL OR ip_address = ?6) "
    "AND (?7 IS NULL OR +timestamp >= ?7) AND (?8 IS NULL OR +timestamp < ?8)");

}  // namespace

std::optional<Link> last(ReadTx& tx) {
  return tx.one<Link>("SELECT id, hash, key_id FROM audit_logs ORDER BY id DESC LIMIT 1");
}

void append(WriteTx& tx, const Row& row) {
  const auto& entry = row.entry;
  tx.execute(
      "INSERT INTO audit_logs (id, timestamp, actor_kind, user_id, ip_address, request_id, action, category, severity, "
      "target_type, target_id, description, metadata_json, prev_hash, hash, key_id) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
      row.id, entry.at, entry.actor.sort, entry.actor.user, entry.actor.ip, entry.actor.request_id, entry.action,
      entry.category, entry.severity, entry.target_type, entry.target_id, entry.description, entry.metadata,
      row.previous_hash, row.hash, row.key_id);
}

void take_row(tuition::Row& from, Row& row) {
  from.take(row.id, row.entry.at, row.entry.actor.sort, row.entry.actor.user, row.entry.actor.ip,
            row.entry.actor.request_id, row.entry.action, row.entry.category, row.entry.severity, row.entry.target_type,
            row.entry.target_id, row.entry.description, row.entry.metadata, row.previous_hash, row.hash, row.key_id);
}

std::vector<Row> after(ReadTx& tx, std::int64_t id, std::int64_t limit) {
  return tx.many<Row>(sql<columns, "WHERE id > ?1 ORDER BY id LIMIT ?2">(), id, limit);
}

Sql newest_statement(Lead lead) {
  switch (lead) {
    case Lead::number: return sql<columns, which, "AND id < ?9 ORDER BY id DESC LIMIT ?10">();
    case Lead::user: return sql<columns, which, "AND user_id = ?1 AND id < ?9 ORDER BY id DESC LIMIT ?10">();
    case Lead::target:
      return sql<columns, which, "AND target_id = ?2 AND target_id <> '' AND id < ?9 ORDER BY id DESC LIMIT ?10">();
    case Lead::action: return sql<columns, which, "AND action = ?3 AND id < ?9 ORDER BY id DESC LIMIT ?10">();
  }
  return "SELECT 0";
}

Sql oldest_statement(Lead lead) {
  switch (lead) {
    case Lead::number: return sql<columns, which, "AND id > ?9 ORDER BY id LIMIT ?10">();
    case Lead::user: return sql<columns, which, "AND user_id = ?1 AND id > ?9 ORDER BY id LIMIT ?10">();
    case Lead::target:
      return sql<columns, which, "AND target_id = ?2 AND target_id <> '' AND id > ?9 ORDER BY id LIMIT ?10">();
    case Lead::action: return sql<columns, which, "AND action = ?3 AND id > ?9 ORDER BY id LIMIT ?10">();
  }
  return "SELECT 0";
}

std::vector<Row> list(ReadTx& tx, const Caller& caller, const TrailFilter& filter, TrailOrder order,
                      std::optional<std::int64_t> behind, std::int64_t limit) {
  if (!caller.is_admin()) return {};
  const auto lead = filter.user                                       ? Lead::user
                    : filter.target                                   ? Lead::target
                    : filter.action && !filter.action->ends_with('.') ? Lead::action
                                                                      : Lead::number;
  const bool back = order == TrailOrder::newest;
  return tx.many<Row>(back ? newest_statement(lead) : oldest_statement(lead), filter.user, filter.target, filter.action,
                      filter.category, filter.severity, filter.ip, filter.from, filter.to,
                      behind.value_or(back ? std::numeric_limits<std::int64_t>::max() : 0), limit);
}

std::vector<Row> oldest(ReadTx& tx, const Caller& caller, const TrailFilter& filter, std::int64_t behind,
                        std::int64_t limit) {
  if (!caller.is_admin()) return {};
  return tx.many<Row>(sql<columns, which, "AND id > ?9 ORDER BY id LIMIT ?10">(), filter.user, filter.target,
                      filter.action, filter.category, filter.severity, filter.ip, filter.from, filter.to, behind,
                      limit);
}

}  // namespace tuition::audit::store
