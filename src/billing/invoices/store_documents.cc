#include "billing/invoices/store_documents.h"

#define INVOICE_CASE_SELECT                                                                                          \
  "SELECT i.id, i.user_id, COALESCE(i.number, i.provider_number, ''), i.status, i.provider, i.provider_invoice_id, " \
  "COALESCE(s.plan_name, d.name, ''), COALESCE((SELECT p.reference FROM payments p WHERE p.invoice_id = i.id "       \
  "ORDER BY p.id LIMIT 1), ''), i.total_minor, i.paid_minor, i.currency, i.issued_at, i.paid_at, i.created_at, "     \
  "i.test "                                                                                                          \
  "FROM invoices i LEFT JOIN subscriptions s ON s.id = i.subscription_id LEFT JOIN checkouts c ON c.id = "           \
  "i.checkout_id LEFT JOIN products d ON d.id = c.product_id "

namespace tuition::billing::store {

Parties parties_of(ReadTx& tx, const InvoiceId& id) {
  return tx.one<Parties>("SELECT seller_json, buyer_json FROM invoices WHERE id = ?1", id).value_or(Parties{});
}

void freeze_parties(WriteTx& tx, const InvoiceId& id, const Parties& parties) {
  tx.execute("UPDATE invoices SET seller_json = ?2, buyer_json = ?3 WHERE id = ?1 AND seller_json IS NULL", id,
             parties.seller_json, parties.buyer_json);
}

std::optional<InvoiceCase> invoice_case(ReadTx& tx, const InvoiceId& id) {
  return tx.one<InvoiceCase>(INVOICE_CASE_SELECT "WHERE i.id = ?1", id);
}

std::vector<InvoiceCase> invoice_cases(ReadTx& tx, const Caller& admin, const std::optional<InvoiceStatus>& status,
                                       bool tests, const InvoiceId& after, std::int64_t limit) {
  if (!admin.is_admin()) return {};
  return tx.many<InvoiceCase>(
      INVOICE_CASE_SELECT
      "WHERE (?1 IS NULL OR i.id < ?1) AND (?2 IS NULL OR i.status = ?2) AND (?4 OR i.test = 0) "
      "ORDER BY i.id DESC LIMIT ?3",
      after, status, limit, tests);
}

std::vector<CreditNote> credit_notes_of(ReadTx& tx, const InvoiceId& invoice) {
  return tx.many<CreditNote>(
      "SELECT id, number, amount_minor, tax_minor, issued_at, withdrawn_at FROM credit_notes WHERE invoice_id = ?1 "
      "ORDER BY number",
      invoice);
}

bool has_credit_note(ReadTx& tx, const RefundId& refund) {
  return tx.one<std::int64_t>("SELECT 1 FROM credit_notes WHERE refund_id = ?1", refund).has_value();
}

void add_credit_note(WriteTx& tx, const CreditNote& note, const InvoiceId& invoice, const RefundId& refund,
                     const Currency& currency) {
  tx.execute(
      "INSERT INTO credit_notes (id, number, invoice_id, refund_id, currency, amount_minor, tax_minor, issued_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      note.id, note.number, invoice, refund, currency, note.amount_minor, note.tax_minor, note.issued_at);
}

void withdraw_credit_note(WriteTx& tx, const RefundId& refund, Instant now) {
  tx.execute("UPDATE credit_notes SET withdrawn_at = ?2 WHERE refund_id = ?1 AND withdrawn_at IS NULL", refund, now);
}

}  // namespace tuition::billing::store
