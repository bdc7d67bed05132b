#include "billing/inbox/store_inbox.h"

#define EVENT_COLUMNS "id, provider, event_id, event_type, object_id, status, attempts, error, created_at, processed_at"
#define RUN_COLUMNS                                                                                              \
  "r.id, r.provider, r.since, r.status, r.checked, r.fixed, r.error, r.started_at, r.done_at, (SELECT count(*) " \
  "FROM reconcile_differences d WHERE d.run_id = r.id AND d.fixed = 0)"
#define KEPT_SUBSCRIPTION_COLUMNS                                                                             \
  "id, user_id, plan_id, plan, plan_name, plan_group, price_id, provider, provider_subscription_id, status, " \
  "current_period_start, current_period_end, trial_end, cancel_at_period_end, cancelled_at, ended_at, "       \
  "grace_until, surplus, scheduled_price_id, scheduled_at, undone_at, moving_at, paused_at, "                 \
  "created_at"

namespace tuition::billing::store {

std::vector<EventView> events(ReadTx& tx, const Caller& admin, const EventFilter& filter, const EventId& after,
                              std::int64_t limit) {
  if (!admin.is_admin()) return {};
  return tx.many<EventView>("SELECT " EVENT_COLUMNS
                            " FROM webhook_events WHERE (?1 IS NULL OR id < ?1) AND (?2 IS NULL OR status = ?2) "
                            "AND (?3 IS NULL OR provider = ?3) AND (?4 IS NULL OR event_type = ?4) "
                            "ORDER BY id DESC LIMIT ?5",
                            after, filter.status, filter.provider, filter.type, limit);
}

std::optional<EventView> event_view(ReadTx& tx, const EventId& id) {
  return tx.one<EventView>("SELECT " EVENT_COLUMNS " FROM webhook_events WHERE id = ?1", id);
}

std::optional<std::string> payload_of(ReadTx& tx, const EventId& id) {
  return tx.one<std::string>("SELECT payload FROM webhook_events WHERE id = ?1", id);
}

std::optional<std::string> head_of(ReadTx& tx, const EventId& id) {
  return tx.one<std::string>("SELECT headers_json FROM webhook_events WHERE id = ?1 AND headers_json IS NOT NULL", id);
}

void reopen_event(WriteTx& tx, const EventId& id) {
  tx.execute("UPDATE webhook_events SET status = 'received', error = NULL WHERE id = ?1", id);
}

void begin_run(WriteTx& tx, const ReconcileRunId& id, const std::string& provider, Instant since, Instant now) {
  tx.execute("INSERT INTO reconcile_runs (id, provider, since, status, started_at) VALUES (?1, ?2, ?3, 'running', ?4)",
             id, provider, since, now);
}

void note_difference(WriteTx& tx, const ReconcileRunId& id, const DifferenceView& difference) {
  tx.execute(
      "INSERT INTO reconcile_differences (run_id, position, provider, subject, found, fixed) VALUES (?1, "
      "(SELECT count(*) FROM reconcile_differences WHERE run_id = ?1), ?2, ?3, ?4, ?5)",
      id, difference.provider, difference.subject, difference.found, difference.fixed);
}

void end_run(WriteTx& tx, const ReconcileRunId& id, std::int64_t checked, const std::optional<std::string>& error,
             Instant now) {
  tx.execute(
      "UPDATE reconcile_runs SET status = CASE WHEN ?3 IS NULL THEN 'done' ELSE 'failed' END, checked = ?2, error = "
      "?3, "
      "done_at = ?4, fixed = (SELECT count(*) FROM reconcile_differences WHERE run_id = ?1 AND fixed = 1) WHERE id = "
      "?1",
      id, checked, error, now);
}

std::optional<ReconcileRun> run(ReadTx& tx, const ReconcileRunId& id) {
  return tx.one<ReconcileRun>("SELECT " RUN_COLUMNS " FROM reconcile_runs r WHERE r.id = ?1", id);
}

std::vector<ReconcileRun> runs(ReadTx& tx, const Caller& admin, const ReconcileRunId& after, std::int64_t limit) {
  if (!admin.is_admin()) return {};
  return tx.many<ReconcileRun>("SELECT " RUN_COLUMNS
                               " FROM reconcile_runs r WHERE (?1 IS NULL OR r.id < ?1) ORDER BY r.id DESC LIMIT ?2",
                               after, limit);
}

std::vector<DifferenceView> differences_of(ReadTx& tx, const ReconcileRunId& id) {
  return tx.many<DifferenceView>(
      "SELECT provider, subject, found, fixed FROM reconcile_differences WHERE run_id = ?1 ORDER BY position", id);
}

std::vector<Unsettled> unsettled(ReadTx& tx, const std::string& provider, Instant since) {
  return tx.many<Unsettled>(
      "SELECT provider, provider_session_id, reference FROM checkouts WHERE provider = ?1 AND created_at >= ?2 "
      "AND provider_session_id IS NOT NULL AND status IN ('open', 'expired') UNION ALL "
      "SELECT provider, reference, reference FROM payments WHERE provider = ?1 AND created_at >= ?2 AND url IS NOT "
      "NULL "
      "AND status IN ('pending', 'processing', 'failed', 'cancelled') LIMIT 2000",
      provider, since);
}

std::vector<Subscription> live_at(ReadTx& tx, const std::string& provider) {
  return tx.many<Subscription>("SELECT " KEPT_SUBSCRIPTION_COLUMNS
                               " FROM subscriptions WHERE provider = ?1 AND status IN ('trialing', 'active', "
                               "'past_due', 'unpaid', 'paused') ORDER BY current_period_end LIMIT 5000",
                               provider);
}

std::vector<PaymentId> payments_since(ReadTx& tx, const std::string& provider, Instant since) {
  return tx.many<PaymentId>(
      "SELECT id FROM payments WHERE provider = ?1 AND created_at >= ?2 AND provider_payment_id IS NOT NULL AND status "
      "IN ('success', 'partially_refunded', 'disputed') ORDER BY created_at LIMIT 5000",
      provider, since);
}

}  // namespace tuition::billing::store
