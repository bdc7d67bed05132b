#include "billing/payments/store_by_hand.h"

#define MANUAL_SELECT                                                                                          \
  "SELECT m.id, m.user_id, m.checkout_id, m.method, m.note, m.proof_media_id, m.status, m.review_note, "       \
  "m.created_at, m.reviewed_at, c.reference, COALESCE(p.name, d.name, ''), c.email, "                          \
  "c.amount_minor - c.discount_minor + CASE WHEN c.tax_inclusive = 0 THEN c.tax_minor ELSE 0 END, c.currency " \
  "FROM manual_payments m JOIN checkouts c ON c.id = m.checkout_id "                                           \
  "LEFT JOIN plans p ON p.id = c.plan_id LEFT JOIN products d ON d.id = c.product_id "

namespace tuition::billing::store {

void add_manual(WriteTx& tx, const ManualPayment& payment) {
  tx.execute(
      "INSERT INTO manual_payments (id, user_id, checkout_id, method, note, proof_media_id, status, created_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'submitted', ?7)",
      payment.id, payment.user, payment.checkout, payment.method, payment.note, payment.proof, payment.created_at);
}

std::optional<ManualPayment> manual_payment(ReadTx& tx, const ManualPaymentId& id) {
  return tx.one<ManualPayment>(MANUAL_SELECT "WHERE m.id = ?1", id);
}

std::vector<ManualPayment> manual_of(ReadTx& tx, const UserId& user, const ManualPaymentId& after, std::int64_t limit) {
  return tx.many<ManualPayment>(MANUAL_SELECT
                                "WHERE m.user_id = ?1 AND (?2 IS NULL OR m.id < ?2) ORDER BY m.id DESC LIMIT ?3",
                                user, after, limit);
}

std::vector<ManualPayment> manual_payments(ReadTx& tx, const Caller& admin, const std::optional<HandStatus>& status,
                                           const ManualPaymentId& after, std::int64_t limit) {
  if (!admin.is_admin()) return {};
  return tx.many<ManualPayment>(MANUAL_SELECT
                                "WHERE (?1 IS NULL OR m.id < ?1) AND (?2 IS NULL OR m.status = ?2) "
                                "ORDER BY m.id DESC LIMIT ?3",
                                after, status, limit);
}

bool is_proof(ReadTx& tx, const std::string& media) {
  return tx.one<bool>("SELECT EXISTS (SELECT 1 FROM manual_payments WHERE proof_media_id = ?1)", media).value();
}

bool waits_by_hand(ReadTx& tx, const UserId& user, const PlanId& plan, const ProductId& product) {
  return tx
      .one<bool>(
          "SELECT EXISTS (SELECT 1 FROM manual_payments m JOIN checkouts c ON c.id = m.checkout_id "
          "WHERE m.user_id = ?1 AND m.status = 'submitted' AND c.plan_id IS ?2 AND c.product_id IS ?3)",
          user, plan, product)
      .value();
}

bool amend_manual(WriteTx& tx, const ManualPaymentId& id, const std::string& note,
                  const std::optional<std::string>& proof) {
  return tx.execute("UPDATE manual_payments SET note = ?2, proof_media_id = ?3 WHERE id = ?1 AND status = 'submitted'",
                    id, note, proof) > 0;
}

bool decide_manual(WriteTx& tx, const ManualPaymentId& id, HandStatus status, const std::optional<UserId>& reviewer,
                   const std::optional<std::string>& note, Instant now) {
  return tx.execute(
             "UPDATE manual_payments SET status = ?2, reviewer_id = ?3, review_note = ?4, reviewed_at = ?5 "
             "WHERE id = ?1 AND status = 'submitted'",
             id, status, reviewer, note, now) > 0;
}

}  // namespace tuition::billing::store
