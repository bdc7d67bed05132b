#include "billing/store.h"

// The row of Subscription.
#define SUBSCRIPTION_COLUMNS                                                                                  \
  "id, user_id, plan_id, plan, plan_name, plan_group, price_id, provider, provider_subscription_id, status, " \
  "current_period_start, current_period_end, trial_end, cancel_at_period_end, cancelled_at, ended_at, "       \
  "grace_until, surplus, scheduled_price_id, scheduled_at, undone_at, moving_at, paused_at, "                 \
  "created_at"

namespace tuition::billing::store {

std::optional<Subscription> live_subscription(ReadTx& tx, const UserId& user, const std::string& group) {
  return tx.one<Subscription>("SELECT " SUBSCRIPTION_COLUMNS
                              " FROM subscriptions WHERE user_id = ?1 AND plan_group = ?2 AND status IN ('trialing', "
                              "'active', 'past_due', 'unpaid', 'paused')",
                              user, group);
}

bool had_subscription(ReadTx& tx, const UserId& user, const std::string& group) {
  return tx
      .one<bool>(
          "SELECT EXISTS (SELECT 1 FROM subscriptions WHERE user_id = ?1 AND plan_group = ?2 "
          "AND status <> 'incomplete' AND surplus = 0)",
          user, group)
      .value();
}

std::vector<std::string> groups_had(ReadTx& tx, const UserId& user) {
  return tx.many<std::string>(
      "SELECT DISTINCT plan_group FROM subscriptions WHERE user_id = ?1 AND status <> 'incomplete' AND surplus = 0",
      user);
}

std::optional<Subscription> subscription(ReadTx& tx, const SubscriptionId& id) {
  return tx.one<Subscription>("SELECT " SUBSCRIPTION_COLUMNS " FROM subscriptions WHERE id = ?1", id);
}

std::optional<Subscription> current_subscription(ReadTx& tx, const UserId& user) {
  return tx.one<Subscription>(
      "SELECT " SUBSCRIPTION_COLUMNS
      " FROM subscriptions WHERE user_id = ?1 "
      "AND status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused') ORDER BY created_at DESC LIMIT 1",
      user);
}

std::optional<Subscription> subscription_at_provider(ReadTx& tx, const std::string& provider, const std::string& id) {
  return tx.one<Subscription>("SELECT " SUBSCRIPTION_COLUMNS
                              " FROM subscriptions WHERE provider = ?1 AND provider_subscription_id = ?2",
                              provider, id);
}

bool insert_subscription(WriteTx& tx, const Subscription& s) {
  return tx.attempt(
      "INSERT INTO subscriptions (id, user_id, plan_id, plan, plan_name, plan_group, price_id, provider, "
      "provider_subscription_id, status, current_period_start, current_period_end, trial_end, cancel_at_period_end, "
      "cancelled_at, ended_at, grace_until, surplus, created_at, updated_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?19)",
      s.id, s.user, s.plan, s.plan_code, s.plan_name, s.group, s.price, s.provider, s.provider_id, s.status,
      s.period_start, s.period_end, s.trial_end, s.cancel_at_period_end, s.cancelled_at, s.ended_at, s.grace_until,
      s.surplus, s.created_at);
}

bool update_subscription(WriteTx& tx, const Subscription& s, Instant now) {
  return tx.attempt(
      "UPDATE subscriptions SET plan_id = ?2, plan = ?3, plan_name = ?4, price_id = ?5, status = ?6, "
      "current_period_start = ?7, current_period_end = ?8, trial_end = ?9, cancel_at_period_end = ?10, cancelled_at = "
      "?11, "
      "ended_at = ?12, grace_until = ?13, updated_at = ?14, surplus = ?15, "
      "scheduled_price_id = ?16, scheduled_at = ?17, paused_at = ?18 WHERE id = ?1",
      s.id, s.plan, s.plan_code, s.plan_name, s.price, s.status, s.period_start, s.period_end, s.trial_end,
      s.cancel_at_period_end, s.cancelled_at, s.ended_at, s.grace_until, now, s.surplus, s.scheduled_price,
      s.scheduled_at, s.paused_at);
}

void rename_subscription(WriteTx& tx, const SubscriptionId& id, const std::string& provider_id) {
  tx.execute("UPDATE subscriptions SET provider_subscription_id = ?2 WHERE id = ?1", id, provider_id);
}

std::vector<Subscription> live_subscriptions_to(ReadTx& tx, const PlanId& plan) {
  return tx.many<Subscription>("SELECT " SUBSCRIPTION_COLUMNS
                               " FROM subscriptions WHERE plan_id = ?1 AND status IN ('trialing', 'active', "
                               "'past_due', 'unpaid', 'paused')",
                               plan);
}

std::vector<Subscription> subscriptions_past_period(ReadTx& tx, Instant before) {
  return tx.many<Subscription>(
      "SELECT " SUBSCRIPTION_COLUMNS
      " FROM subscriptions WHERE status IN ('trialing', 'active', 'past_due') AND current_period_end < ?1 "
      "AND substr(provider_subscription_id, 1, 4) <> 'own_' LIMIT 200",
      before);
}

std::vector<Subscription> subscriptions(ReadTx& tx, const Caller& admin,
                                        const std::optional<SubscriptionStatus>& status, const PlanId& plan, bool tests,
                                        const SubscriptionId& after, std::int64_t limit) {
  if (!admin.is_admin()) return {};
  return tx.many<Subscription>("SELECT " SUBSCRIPTION_COLUMNS
                               " FROM subscriptions WHERE (?1 IS NULL OR id < ?1) AND (?2 IS NULL OR status = ?2) "
                               "AND (?3 IS NULL OR plan_id = ?3) AND (?5 OR test = 0) ORDER BY id DESC LIMIT ?4",
                               after, status, plan, limit, tests);
}

bool is_test(ReadTx& tx, const SubscriptionId& id) {
  return tx.one<bool>("SELECT test FROM subscriptions WHERE id = ?1", id).value_or(false);
}

std::vector<SubscriptionChange> changes_of(ReadTx& tx, const Caller& admin, const SubscriptionId& id,
                                           std::int64_t after, std::int64_t limit) {
  if (!admin.is_admin()) return {};
  return tx.many<SubscriptionChange>(
      "SELECT id, kind, old_json, new_json, reason, at FROM subscription_changes WHERE subscription_id = ?1 AND id > "
      "?2 "
      "ORDER BY id LIMIT ?3",
      id, after, limit);
}

std::vector<Subscription> subscriptions_of(ReadTx& tx, const UserId& user) {
  return tx.many<Subscription>(
      "SELECT " SUBSCRIPTION_COLUMNS " FROM subscriptions WHERE user_id = ?1 ORDER BY created_at DESC, id DESC", user);
}

void schedule_change(WriteTx& tx, const SubscriptionId& id, const PriceId& price, std::optional<Instant> at) {
  tx.execute("UPDATE subscriptions SET scheduled_price_id = ?2, scheduled_at = ?3 WHERE id = ?1", id, price, at);
}

void note_cancel_reason(WriteTx& tx, const SubscriptionId& id, const std::optional<std::string>& reason) {
  tx.execute("UPDATE subscriptions SET cancel_reason = ?2 WHERE id = ?1", id, reason);
}

void mark_moving(WriteTx& tx, const SubscriptionId& id, Instant now) {
  tx.execute("UPDATE subscriptions SET moving_at = ?2, updated_at = ?2 WHERE id = ?1 AND moving_at IS NULL", id, now);
}

bool mark_undone(WriteTx& tx, const SubscriptionId& id, Instant now) {
  return tx.execute("UPDATE subscriptions SET undone_at = ?2, updated_at = ?2 WHERE id = ?1 AND undone_at IS NULL", id,
                    now) > 0;
}

std::optional<InvoiceRow> invoice_at_provider(ReadTx& tx, const std::string& provider, const std::string& id) {
  return tx.one<InvoiceRow>("SELECT id, status FROM invoices WHERE provider = ?1 AND provider_invoice_id = ?2",
                            provider, id);
}

void put_invoice(WriteTx& tx, const InvoiceId& id, const UserId& user, const SubscriptionId& subscription,
                 const std::string& provider, const InvoiceState& state, Instant now) {
  tx.execute(
      "INSERT INTO invoices (id, user_id, subscription_id, provider, provider_invoice_id, provider_number, status, "
      "currency, "
      "subtotal_minor, discount_minor, tax_minor, total_minor, paid_minor, hosted_url, issued_at, paid_at, created_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) "
      "ON CONFLICT (provider, provider_invoice_id) DO UPDATE SET provider_number = excluded.provider_number, "
      "status = CASE WHEN invoices.status IN ('partially_refunded', 'refunded') THEN invoices.status "
      "ELSE excluded.status END, subtotal_minor = excluded.subtotal_minor, discount_minor = excluded.discount_minor, "
      "tax_minor = excluded.tax_minor, total_minor = excluded.total_minor, paid_minor = excluded.paid_minor, "
      "hosted_url = excluded.hosted_url, issued_at = excluded.issued_at, paid_at = excluded.paid_at",
      id, user, subscription, provider, state.id, state.number, state.status, state.currency, state.subtotal_minor,
      state.discount_minor, state.tax_minor, state.total_minor, state.paid_minor, state.hosted_url, state.issued,
      state.paid, now);
  tx.execute("DELETE FROM invoice_lines WHERE invoice_id = ?1", id);
  std::int64_t position = 0;
  for (const auto& line : state.lines)
    tx.execute(
        "INSERT INTO invoice_lines (invoice_id, position, description, quantity, amount_minor, period_start, "
        "period_end) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        id, position++, line.description, line.quantity, line.amount_minor, line.period_start, line.period_end);
  tx.execute("DELETE FROM invoice_taxes WHERE invoice_id = ?1", id);
  position = 0;
  for (const auto& each : state.taxes)
    tx.execute(
        "INSERT INTO invoice_taxes (invoice_id, position, name, country, basis_points, inclusive, taxable_minor, "
        "tax_minor) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        id, position++, each.tax.name, each.tax.country, each.tax.basis_points, each.tax.inclusive, each.taxable_minor,
        each.tax_minor);
}

std::vector<InvoiceTax> taxes_of(ReadTx& tx, const InvoiceId& id) {
  struct TaxRow {
    std::string name{};
    std::string country{};
    std::int64_t basis_points = 0;
    bool inclusive = true;
    std::int64_t taxable_minor = 0;
    std::int64_t tax_minor = 0;
  };
  std::vector<InvoiceTax> taxes;
  for (auto& row : tx.many<TaxRow>("SELECT name, country, basis_points, inclusive, taxable_minor, tax_minor FROM "
                                   "invoice_taxes WHERE invoice_id = ?1 ORDER BY position",
                                   id))
    taxes.push_back({{std::move(row.name), std::move(row.country), row.basis_points, row.inclusive},
                     row.taxable_minor,
                     row.tax_minor,
                     {}});
  return taxes;
}

void tie_invoice(WriteTx& tx, const InvoiceId& id, const CheckoutId& checkout) {
  tx.execute("UPDATE invoices SET checkout_id = ?2 WHERE id = ?1", id, checkout);
}

bool put_payment(WriteTx& tx, const NewPayment& payment, Instant now) {
  return tx.execute(
             "INSERT INTO payments (id, user_id, email, invoice_id, checkout_id, provider, reference, "
             "provider_payment_id, amount_minor, currency, status, payment_date, verified_at, created_at, updated_at) "
             "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'success', ?11, ?12, ?12, ?12) ON CONFLICT DO NOTHING",
             payment.id, payment.user, payment.email, payment.invoice, payment.checkout, payment.provider,
             payment.reference, payment.provider_payment_id, payment.amount.minor, payment.amount.currency,
             payment.paid_at, now) > 0;
}

std::vector<PaymentRow> kept_payments_of(ReadTx& tx, const SubscriptionId& subscription) {
  return tx.many<PaymentRow>(
      "SELECT p.id, p.invoice_id, p.provider_payment_id, p.amount_minor, p.currency FROM payments p "
      "JOIN invoices i ON i.id = p.invoice_id WHERE i.subscription_id = ?1 AND p.status = 'success'",
      subscription);
}

std::vector<PaymentRow> kept_payments_of(ReadTx& tx, const CheckoutId& checkout) {
  return tx.many<PaymentRow>(
      "SELECT id, invoice_id, provider_payment_id, amount_minor, currency FROM payments "
      "WHERE checkout_id = ?1 AND status = 'success'",
      checkout);
}

std::optional<KeptPayment> kept_payment(ReadTx& tx, const PaymentId& id) {
  struct Whose {
    UserId user{};
    std::string provider{};
    std::string item_name{};
  };
  const auto row = tx.one<PaymentRow>(
      "SELECT id, invoice_id, provider_payment_id, amount_minor, currency FROM payments WHERE id = ?1 AND status = "
      "'success'",
      id);
  const auto whose = tx.one<Whose>(
      "SELECT p.user_id, p.provider, COALESCE(s.plan_name, '') FROM payments p LEFT JOIN invoices i ON i.id = "
      "p.invoice_id LEFT JOIN subscriptions s ON s.id = i.subscription_id WHERE p.id = ?1",
      id);
  if (!row || !whose) return std::nullopt;
  return KeptPayment{*row, whose->user, whose->provider, whose->item_name};
}

bool paid_since(ReadTx& tx, const SubscriptionId& subscription, Instant moment) {
  return tx
      .one<std::int64_t>(
          "SELECT 1 FROM invoices WHERE subscription_id = ?1 AND status = 'paid' AND total_minor > 0 AND created_at > "
          "?2 LIMIT 1",
          subscription, moment)
      .has_value();
}

std::optional<Money> refunded_of(ReadTx& tx, const SubscriptionId& subscription) {
  return tx.one<Money>(
      "SELECT SUM(r.amount_minor), r.currency FROM refunds r JOIN payments p ON p.id = r.payment_id "
      "JOIN invoices i ON i.id = p.invoice_id WHERE i.subscription_id = ?1 GROUP BY r.currency",
      subscription);
}

bool put_refund(WriteTx& tx, const RefundId& id, const PaymentRow& payment, const std::string& provider,
                const RefundState& state, const std::string& reason, Instant now) {
  if (tx.execute(
          "INSERT INTO refunds (id, payment_id, provider, provider_refund_id, amount_minor, currency, reason, status, "
          "created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (provider, provider_refund_id) DO "
          "NOTHING",
          id, payment.id, provider, state.id, state.amount_minor, state.currency, reason, state.status, now) == 0)
    return false;
  tx.execute("UPDATE payments SET status = 'refunded', updated_at = ?2 WHERE id = ?1", payment.id, now);
  if (!payment.invoice.empty()) tx.execute("UPDATE invoices SET status = 'refunded' WHERE id = ?1", payment.invoice);
  return true;
}

std::string email_of_buyer(ReadTx& tx, const UserId& user, const std::string& provider) {
  return tx
      .one<std::string>(
          "SELECT email FROM checkouts WHERE user_id = ?1 AND provider = ?2 ORDER BY created_at DESC LIMIT 1", user,
          provider)
      .value_or("");
}

bool keep_event(WriteTx& tx, const EventId& id, const std::string& provider, const Notice& notice,
                const std::string& payload, const std::optional<std::string>& head_json, EventStatus status,
                Instant now) {
  return tx.execute(
             "INSERT INTO webhook_events (id, provider, event_id, event_type, object_id, payload, status, error, "
             "provider_created_at, created_at, headers_json) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) "
             "ON CONFLICT (provider, event_id) DO NOTHING",
             id, provider, notice.event_id, notice.event_type, notice.object_id, payload, status,
             notice.ignored_because.empty() ? std::optional<std::string>{} : notice.ignored_because, notice.created,
             now, head_json) > 0;
}

std::optional<Event> event(ReadTx& tx, const EventId& id) {
  return tx.one<Event>("SELECT id, provider, event_id, event_type, object_id, status FROM webhook_events WHERE id = ?1",
                       id);
}

void mark_event(WriteTx& tx, const EventId& id, EventStatus status, const std::string& error, Instant now) {
  tx.execute(
      "UPDATE webhook_events SET status = ?2, error = ?3, processed_at = ?4, attempts = attempts + 1 WHERE id = ?1 "
      "AND status NOT IN ('processed', 'ignored')",
      id, status, error.empty() ? std::optional<std::string>{} : error, now);
}

}  // namespace tuition::billing::store
