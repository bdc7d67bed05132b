#include "billing/store.h"

// What a person sees of their own books, and asks of a subscription.
#define SUBSCRIPTION_ORDER_COLUMNS \
  "id, subscription_id, kind, price_id, proration_at, reason, comment, status, job_id, error_code"
#define INVOICE_COLUMNS                                                                                              \
  "i.id, i.user_id, COALESCE(i.number, i.provider_number, ''), i.status, i.provider, COALESCE(s.plan_name, d.name, " \
  "''), "                                                                                                            \
  "i.currency, i.subtotal_minor, i.discount_minor, i.tax_minor, i.total_minor, i.paid_minor, i.hosted_url, "         \
  "i.issued_at, i.paid_at, i.created_at"

namespace tuition::billing::store {
namespace {

constexpr SqlText invoice_rows("SELECT " INVOICE_COLUMNS
                               " FROM invoices i LEFT JOIN subscriptions s ON s.id = i.subscription_id "
                               "LEFT JOIN checkouts c ON c.id = i.checkout_id LEFT JOIN products d ON d.id = "
                               "c.product_id WHERE i.user_id = ?1");
constexpr SqlText payment_rows(
    "SELECT p.id, p.reference, p.status, p.provider, COALESCE(s.plan_name, d.name, ''), p.amount_minor, p.currency, "
    "COALESCE((SELECT SUM(r.amount_minor) FROM refunds r WHERE r.payment_id = p.id AND r.status <> 'failed'), 0), "
    "p.invoice_id, p.checkout_id, p.payment_date, p.created_at FROM payments p "
    "LEFT JOIN invoices i ON i.id = p.invoice_id LEFT JOIN subscriptions s ON s.id = i.subscription_id "
    "LEFT JOIN checkouts c ON c.id = p.checkout_id LEFT JOIN products d ON d.id = c.product_id "
    "WHERE p.user_id = ?1");

}  // namespace

void put_order(WriteTx& tx, const SubscriptionOrder& order, Instant now) {
  tx.execute(
      "INSERT INTO subscription_orders (id, subscription_id, kind, price_id, proration_at, reason, comment, job_id, "
      "created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
      order.id, order.subscription, order.kind, order.price, order.proration_at, order.reason, order.comment, order.job,
      now);
}

std::optional<SubscriptionOrder> order(ReadTx& tx, const SubscriptionOrderId& id) {
  return tx.one<SubscriptionOrder>("SELECT " SUBSCRIPTION_ORDER_COLUMNS " FROM subscription_orders WHERE id = ?1", id);
}

std::optional<SubscriptionOrder> pending_order(ReadTx& tx, const SubscriptionId& subscription) {
  return tx.one<SubscriptionOrder>("SELECT " SUBSCRIPTION_ORDER_COLUMNS
                                   " FROM subscription_orders WHERE subscription_id = ?1 AND status = 'pending'",
                                   subscription);
}

void end_order(WriteTx& tx, const SubscriptionOrderId& id, OrderStatus status, const std::string& code,
               const std::string& message, Instant now) {
  const auto or_null = [](const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); };
  tx.execute(
      "UPDATE subscription_orders SET status = ?2, error_code = ?3, error_message = ?4, done_at = ?5 "
      "WHERE id = ?1 AND status = 'pending'",
      id, status, or_null(code), or_null(message), now);
}

Sql invoices_statement(OwnInvoicesForm::Order order) {
  switch (order) {
    case OwnInvoicesForm::Order::newest:
      return sql<invoice_rows, "AND (?2 IS NULL OR i.id < ?2) ORDER BY i.id DESC LIMIT ?4">();
    case OwnInvoicesForm::Order::oldest:
      return sql<invoice_rows, "AND (?2 IS NULL OR i.id > ?2) ORDER BY i.id LIMIT ?4">();
    case OwnInvoicesForm::Order::largest:
      return sql<invoice_rows,
                 "AND (?2 IS NULL OR (i.total_minor, i.id) < (?3, ?2)) ORDER BY i.total_minor DESC, i.id DESC "
                 "LIMIT ?4">();
    case OwnInvoicesForm::Order::smallest:
      return sql<invoice_rows,
                 "AND (?2 IS NULL OR (i.total_minor, i.id) > (?3, ?2)) ORDER BY i.total_minor, i.id LIMIT ?4">();
  }
  return "SELECT 0";
}

std::vector<InvoiceDetail> invoices_of(ReadTx& tx, const UserId& user, OwnInvoicesForm::Order order,
                                       const std::optional<Behind<InvoiceId>>& behind, std::int64_t limit) {
  const auto from = behind.value_or(Behind<InvoiceId>{});
  return tx.many<InvoiceDetail>(invoices_statement(order), user, from.id, from.amount_minor, limit);
}

std::optional<InvoiceDetail> invoice(ReadTx& tx, const InvoiceId& id) {
  return tx.one<InvoiceDetail>(
      "SELECT " INVOICE_COLUMNS
      " FROM invoices i LEFT JOIN subscriptions s ON s.id = i.subscription_id "
      "LEFT JOIN checkouts c ON c.id = i.checkout_id LEFT JOIN products d ON d.id = c.product_id WHERE i.id = ?1",
      id);
}

std::vector<InvoiceLine> lines_of(ReadTx& tx, const InvoiceId& id) {
  return tx.many<InvoiceLine>(
      "SELECT description, amount_minor, quantity, period_start, period_end FROM invoice_lines WHERE invoice_id = ?1 "
      "ORDER BY position",
      id);
}

Sql payments_statement(OwnPaymentsForm::Order order) {
  switch (order) {
    case OwnPaymentsForm::Order::newest:
      return sql<payment_rows, "AND (?2 IS NULL OR p.id < ?2) ORDER BY p.id DESC LIMIT ?4">();
    case OwnPaymentsForm::Order::oldest:
      return sql<payment_rows, "AND (?2 IS NULL OR p.id > ?2) ORDER BY p.id LIMIT ?4">();
    case OwnPaymentsForm::Order::largest:
      return sql<payment_rows,
                 "AND (?2 IS NULL OR (p.amount_minor, p.id) < (?3, ?2)) ORDER BY p.amount_minor DESC, p.id DESC "
                 "LIMIT ?4">();
    case OwnPaymentsForm::Order::smallest:
      return sql<payment_rows,
                 "AND (?2 IS NULL OR (p.amount_minor, p.id) > (?3, ?2)) ORDER BY p.amount_minor, p.id LIMIT ?4">();
  }
  return "SELECT 0";
}

std::vector<PaymentDetail> payments_of(ReadTx& tx, const UserId& user, OwnPaymentsForm::Order order,
                                       const std::optional<Behind<PaymentId>>& behind, std::int64_t limit) {
  const auto from = behind.value_or(Behind<PaymentId>{});
  return tx.many<PaymentDetail>(payments_statement(order), user, from.id, from.amount_minor, limit);
}

}  // namespace tuition::billing::store
