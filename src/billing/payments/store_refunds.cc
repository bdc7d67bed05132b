#include "billing/payments/store_refunds.h"

#define PAYMENT_CASE_SELECT                                                                                    \
  "SELECT p.id, p.user_id, p.email, p.invoice_id, p.checkout_id, COALESCE(c.product_id, p.product_id), "       \
  "i.subscription_id, p.provider, p.reference, COALESCE(p.provider_payment_id, ''), "                          \
  "COALESCE(s.plan_name, d.name, p.notes, ''), p.status, p.amount_minor, p.currency, "                         \
  "COALESCE((SELECT SUM(r.amount_minor) FROM refunds r WHERE r.payment_id = p.id AND r.status IN ('pending', " \
  "'succeeded')), 0), p.failure_message, p.payment_date, p.created_at, p.test FROM payments p "                \
  "LEFT JOIN invoices i ON i.id = p.invoice_id LEFT JOIN subscriptions s ON s.id = i.subscription_id "         \
  "LEFT JOIN checkouts c ON c.id = p.checkout_id LEFT JOIN products d ON d.id = COALESCE(c.product_id, p.product_id) "
#define REFUND_SELECT                                                                                             \
  "SELECT r.id, r.payment_id, p.reference, r.provider, r.provider_refund_id, r.amount_minor, r.currency, "        \
  "r.tax_minor, r.reason, r.access_policy, r.access_ends_at, r.status, r.job_id, r.error_message, r.created_at, " \
  "r.done_at "                                                                                                    \
  "FROM refunds r JOIN payments p ON p.id = r.payment_id "
#define DISPUTE_SELECT \
  "SELECT id, payment_id, amount_minor, currency, reason, status, created_at, closed_at FROM disputes "

namespace tuition::billing::store {

std::optional<PaymentCase> payment_case(ReadTx& tx, const PaymentId& id) {
  return tx.one<PaymentCase>(PAYMENT_CASE_SELECT "WHERE p.id = ?1", id);
}

std::optional<PaymentCase> payment_case_at_provider(ReadTx& tx, const std::string& provider, const std::string& id) {
  return tx.one<PaymentCase>(PAYMENT_CASE_SELECT "WHERE p.provider = ?1 AND p.provider_payment_id = ?2", provider, id);
}

std::vector<PaymentCase> payment_cases(ReadTx& tx, const Caller& admin, const PaymentFilter& filter,
                                       const PaymentId& after, std::int64_t limit) {
  if (!admin.is_admin()) return {};
  return tx.many<PaymentCase>(PAYMENT_CASE_SELECT
                              "WHERE (?1 IS NULL OR p.id < ?1) AND (?2 IS NULL OR p.status = ?2) "
                              "AND (?3 IS NULL OR p.provider = ?3) AND (?4 IS NULL OR substr(p.reference, 1, "
                              "length(?4)) = ?4 OR lower(substr(p.email, 1, length(?4))) = lower(?4)) "
                              "AND (?6 OR p.test = 0) ORDER BY p.id DESC LIMIT ?5",
                              after, filter.status, filter.provider, filter.text, limit, filter.tests);
}

void set_payment_status(WriteTx& tx, const PaymentId& id, PaymentStatus status, Instant now) {
  tx.execute("UPDATE payments SET status = ?2, updated_at = ?3 WHERE id = ?1 AND status <> ?2", id, status, now);
}

void set_invoice_refunded(WriteTx& tx, const InvoiceId& id, bool whole) {
  tx.execute(
      "UPDATE invoices SET status = CASE WHEN ?2 THEN 'refunded' ELSE 'partially_refunded' END WHERE id = ?1 AND "
      "status IN ('paid', 'partially_refunded', 'refunded')",
      id, whole);
}

void add_refund(WriteTx& tx, const NewRefund& refund, Instant now) {
  tx.execute(
      "INSERT INTO refunds (id, payment_id, provider, provider_refund_id, amount_minor, currency, reason, "
      "access_policy, access_ends_at, lines_json, status, actor_id, job_id, created_at, tax_minor) VALUES (?1, ?2, ?3, "
      "?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
      refund.id, refund.payment, refund.provider, refund.provider_id, refund.amount_minor, refund.currency,
      refund.reason, refund.access, refund.access_ends_at, refund.lines_json, refund.status, refund.actor, refund.job,
      now, refund.tax_minor);
}

std::optional<RefundRow> refund(ReadTx& tx, const RefundId& id) {
  return tx.one<RefundRow>(REFUND_SELECT "WHERE r.id = ?1", id);
}

std::optional<RefundRow> refund_at_provider(ReadTx& tx, const std::string& provider, const std::string& id) {
  return tx.one<RefundRow>(REFUND_SELECT "WHERE r.provider = ?1 AND r.provider_refund_id = ?2", provider, id);
}

std::vector<RefundRow> refunds_of(ReadTx& tx, const PaymentId& payment) {
  return tx.many<RefundRow>(REFUND_SELECT "WHERE r.payment_id = ?1 ORDER BY r.id DESC", payment);
}

std::vector<RefundRow> refunds(ReadTx& tx, const Caller& admin, bool tests, const RefundId& after, std::int64_t limit) {
  if (!admin.is_admin()) return {};
  return tx.many<RefundRow>(REFUND_SELECT
                            "WHERE (?1 IS NULL OR r.id < ?1) AND (?3 OR p.test = 0) ORDER BY r.id DESC LIMIT ?2",
                            after, limit, tests);
}

void note_refund(WriteTx& tx, const RefundId& id, const std::string& provider_id, RefundStatus status, Instant now) {
  tx.execute(
      "UPDATE refunds SET provider_refund_id = ?2, status = ?3, error_message = NULL, "
      "done_at = CASE WHEN ?3 = 'pending' THEN NULL ELSE ?4 END WHERE id = ?1",
      id, provider_id, status, now);
}

void note_refund_error(WriteTx& tx, const RefundId& id, const std::string& error) {
  tx.execute("UPDATE refunds SET error_message = ?2 WHERE id = ?1", id, error);
}

std::vector<RefundRow> refunds_on_their_way(ReadTx& tx, Instant before) {
  return tx.many<RefundRow>(REFUND_SELECT "WHERE r.status = 'pending' AND r.created_at < ?1 ORDER BY r.id LIMIT 200",
                            before);
}

std::optional<DisputeRow> dispute_at_provider(ReadTx& tx, const std::string& provider, const std::string& id) {
  return tx.one<DisputeRow>(DISPUTE_SELECT "WHERE provider = ?1 AND provider_dispute_id = ?2", provider, id);
}

std::vector<DisputeRow> disputes_of(ReadTx& tx, const PaymentId& payment) {
  return tx.many<DisputeRow>(DISPUTE_SELECT "WHERE payment_id = ?1 ORDER BY id DESC", payment);
}

void put_dispute(WriteTx& tx, const DisputeId& id, const PaymentId& payment, const std::string& provider,
                 const DisputeState& state, Instant now) {
  tx.execute(
      "INSERT INTO disputes (id, payment_id, provider, provider_dispute_id, amount_minor, currency, reason, status, "
      "created_at, closed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, CASE WHEN ?8 IN ('won', 'lost') THEN ?9 END) "
      "ON CONFLICT (provider, provider_dispute_id) DO UPDATE SET status = excluded.status, "
      "amount_minor = excluded.amount_minor, reason = excluded.reason, "
      "closed_at = COALESCE(disputes.closed_at, excluded.closed_at) WHERE disputes.status NOT IN ('won', 'lost')",
      id, payment, provider, state.id, state.amount_minor, state.currency, state.reason, state.status, now);
}

std::vector<ToldRow> events_about(ReadTx& tx, const PaymentCase& payment) {
  return tx.many<ToldRow>(
      "SELECT created_at, event_type, status FROM webhook_events "
      "WHERE provider = ?1 AND object_id IN (?2, (SELECT provider_session_id FROM checkouts WHERE id = ?3), "
      "(SELECT provider_invoice_id FROM invoices WHERE id = ?4)) ORDER BY created_at LIMIT 100",
      payment.provider, payment.provider_payment_id, payment.checkout, payment.invoice);
}

}  // namespace tuition::billing::store
