#include "billing/store.h"

namespace tuition::billing {

void take_row(Row& row, Checkout& out) {
  row.take(out.id, out.user, out.email, out.plan, out.price, out.provider, out.reference, out.status, out.session,
           out.url, out.amount_minor, out.currency, out.success_url, out.cancel_url, out.request_body, out.job,
           out.error_code, out.error_message, out.expires_at, out.created_at, out.completed_at);
}

}  // namespace tuition::billing

namespace tuition::billing::store {

std::vector<Plan> plans_on_sale(ReadTx& tx) {
  return tx.many<Plan>(
      "SELECT id, code, name, description, features_json, scope, scope_id, plan_group, trial_days, active, "
      "provider_product_id FROM plans WHERE active = 1 ORDER BY sort, code");
}

std::optional<Plan> plan(ReadTx& tx, const PlanId& id) {
  return tx.one<Plan>(
      "SELECT id, code, name, description, features_json, scope, scope_id, plan_group, trial_days, active, "
      "provider_product_id FROM plans WHERE id = ?1",
      id);
}

std::optional<Plan> plan_by_code(ReadTx& tx, const std::string& code) {
  return tx.one<Plan>(
      "SELECT id, code, name, description, features_json, scope, scope_id, plan_group, trial_days, active, "
      "provider_product_id FROM plans WHERE code = ?1",
      code);
}

std::vector<Price> prices_on_sale(ReadTx& tx) {
  return tx.many<Price>(
      "SELECT id, plan_id, currency, amount_minor, interval, interval_count, provider_price_id FROM prices WHERE "
      "active = 1 "
      "ORDER BY plan_id, currency, amount_minor");
}

std::vector<Price> prices_of(ReadTx& tx, const PlanId& plan) {
  return tx.many<Price>(
      "SELECT id, plan_id, currency, amount_minor, interval, interval_count, provider_price_id FROM prices "
      "WHERE plan_id = ?1 AND active = 1 ORDER BY currency, amount_minor",
      plan);
}

std::optional<Price> price(ReadTx& tx, const PriceId& id) {
  return tx.one<Price>(
      "SELECT id, plan_id, currency, amount_minor, interval, interval_count, provider_price_id FROM prices WHERE id = "
      "?1",
      id);
}

std::optional<Price> price_at_provider(ReadTx& tx, const std::string& provider, const std::string& provider_price_id) {
  return tx.one<Price>(
      "SELECT id, plan_id, currency, amount_minor, interval, interval_count, provider_price_id FROM prices "
      "WHERE provider = ?1 AND provider_price_id = ?2",
      provider, provider_price_id);
}

void put_plan(WriteTx& tx, const Plan& plan, std::int64_t sort, Instant now) {
  tx.execute(
      "INSERT INTO plans (id, code, name, description, features_json, scope, scope_id, plan_group, trial_days, active, "
      "sort, "
      "created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12) "
      "ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description, "
      "features_json = excluded.features_json, trial_days = excluded.trial_days, active = excluded.active, "
      "sort = excluded.sort, updated_at = excluded.updated_at",
      plan.id, plan.code, plan.name, plan.description, plan.features, plan.scope, plan.scope_id, plan.group,
      plan.trial_days, plan.active, sort, now);
}

void put_price(WriteTx& tx, const Price& price, Instant now) {
  tx.execute(
      "INSERT INTO prices (id, plan_id, currency, amount_minor, interval, interval_count, created_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      price.id, price.plan, price.currency, price.amount_minor, price.interval, price.interval_count, now);
}

void remember_product(WriteTx& tx, const PlanId& plan, const std::string& provider_product_id) {
  tx.execute("UPDATE plans SET provider_product_id = ?2 WHERE id = ?1", plan, provider_product_id);
}

void remember_price(WriteTx& tx, const PriceId& price, const std::string& provider,
                    const std::string& provider_price_id) {
  tx.execute("UPDATE prices SET provider = ?2, provider_price_id = ?3 WHERE id = ?1", price, provider,
             provider_price_id);
}

std::optional<std::string> customer_id(ReadTx& tx, const UserId& user, const std::string& provider) {
  return tx.one<std::string>("SELECT provider_customer_id FROM customers WHERE user_id = ?1 AND provider = ?2", user,
                             provider);
}

void remember_customer(WriteTx& tx, const UserId& user, const std::string& provider, const std::string& id,
                       Instant now) {
  tx.execute(
      "INSERT INTO customers (user_id, provider, provider_customer_id, created_at) VALUES (?1, ?2, ?3, ?4) "
      "ON CONFLICT (user_id, provider) DO UPDATE SET provider_customer_id = excluded.provider_customer_id",
      user, provider, id, now);
}

void open_checkout(WriteTx& tx, const Checkout& checkout) {
  tx.execute(
      "INSERT INTO checkouts (id, user_id, email, plan_id, price_id, provider, reference, status, amount_minor, "
      "currency, "
      "success_url, cancel_url, job_id, expires_at, created_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
      checkout.id, checkout.user, checkout.email, checkout.plan, checkout.price, checkout.provider, checkout.reference,
      checkout.status, checkout.amount_minor, checkout.currency, checkout.success_url, checkout.cancel_url,
      checkout.job, checkout.expires_at, checkout.created_at);
}

std::optional<Checkout> checkout(ReadTx& tx, const CheckoutId& id) {
  return tx.one<Checkout>(
      "SELECT id, user_id, email, plan_id, price_id, provider, reference, status, provider_session_id, url, "
      "amount_minor, "
      "currency, success_url, cancel_url, request_body, job_id, error_code, error_message, expires_at, created_at, "
      "completed_at FROM checkouts WHERE id = ?1",
      id);
}

std::optional<Checkout> checkout_of(ReadTx& tx, const CheckoutId& id, const UserId& user) {
  auto found = checkout(tx, id);
  if (!found || found->user != user) return std::nullopt;
  return found;
}

std::optional<CheckoutId> checkout_by_session(ReadTx& tx, const std::string& provider, const std::string& session) {
  return tx.one<CheckoutId>("SELECT id FROM checkouts WHERE provider = ?1 AND provider_session_id = ?2", provider,
                            session);
}

void store_request(WriteTx& tx, const CheckoutId& id, const std::string& body) {
  tx.execute("UPDATE checkouts SET request_body = ?2 WHERE id = ?1 AND request_body IS NULL", id, body);
}

void attach_session(WriteTx& tx, const CheckoutId& id, const std::string& session, const std::string& url) {
  tx.execute(
      "UPDATE checkouts SET provider_session_id = ?2, url = ?3, error_code = NULL, error_message = NULL WHERE id = ?1",
      id, session, url);
}

void forget_remote(WriteTx& tx, const CheckoutId& id, const std::string& provider, Remote which) {
  tx.execute("UPDATE checkouts SET request_body = NULL WHERE id = ?1", id);
  if (which == Remote::customer) {
    tx.execute("DELETE FROM customers WHERE provider = ?2 AND user_id = (SELECT user_id FROM checkouts WHERE id = ?1)",
               id, provider);
    return;
  }
  tx.execute("UPDATE plans SET provider_product_id = NULL WHERE id = (SELECT plan_id FROM checkouts WHERE id = ?1)",
             id);
  tx.execute(
      "UPDATE prices SET provider = NULL, provider_price_id = NULL "
      "WHERE plan_id = (SELECT plan_id FROM checkouts WHERE id = ?1)",
      id);
}

void note_checkout_error(WriteTx& tx, const CheckoutId& id, const std::string& code, const std::string& message) {
  tx.execute("UPDATE checkouts SET error_code = ?2, error_message = ?3 WHERE id = ?1", id, code, message);
}

bool end_checkout(WriteTx& tx, const CheckoutId& id, CheckoutStatus status, Instant now) {
  return tx.execute("UPDATE checkouts SET status = ?2, completed_at = ?3 WHERE id = ?1 AND status = 'open'", id, status,
                    now) > 0;
}

bool complete_checkout(WriteTx& tx, const CheckoutId& id, Instant now) {
  return tx.execute(
             "UPDATE checkouts SET status = 'completed', completed_at = ?2 WHERE id = ?1 AND status <> 'completed'", id,
             now) > 0;
}

std::vector<CheckoutId> overdue_checkouts(ReadTx& tx, Instant now) {
  return tx.many<CheckoutId>(
      "SELECT id FROM checkouts WHERE status = 'open' AND expires_at < ?1 ORDER BY expires_at LIMIT 200", now);
}

std::optional<Subscription> live_subscription(ReadTx& tx, const UserId& user, const std::string& group) {
  return tx.one<Subscription>(
      "SELECT id, user_id, plan_id, plan, plan_name, plan_group, price_id, provider, provider_subscription_id, status, "
      "current_period_start, current_period_end, trial_end, cancel_at_period_end, cancelled_at, ended_at, grace_until, "
      "created_at FROM subscriptions WHERE user_id = ?1 AND plan_group = ?2 "
      "AND status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused')",
      user, group);
}

std::optional<Subscription> current_subscription(ReadTx& tx, const UserId& user) {
  return tx.one<Subscription>(
      "SELECT id, user_id, plan_id, plan, plan_name, plan_group, price_id, provider, provider_subscription_id, status, "
      "current_period_start, current_period_end, trial_end, cancel_at_period_end, cancelled_at, ended_at, grace_until, "
      "created_at FROM subscriptions WHERE user_id = ?1 "
      "AND status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused') ORDER BY created_at DESC LIMIT 1",
      user);
}

std::optional<Subscription> subscription_at_provider(ReadTx& tx, const std::string& provider, const std::string& id) {
  return tx.one<Subscription>(
      "SELECT id, user_id, plan_id, plan, plan_name, plan_group, price_id, provider, provider_subscription_id, status, "
      "current_period_start, current_period_end, trial_end, cancel_at_period_end, cancelled_at, ended_at, grace_until, "
      "created_at FROM subscriptions WHERE provider = ?1 AND provider_subscription_id = ?2",
      provider, id);
}

bool insert_subscription(WriteTx& tx, const Subscription& s) {
  return tx.attempt(
      "INSERT INTO subscriptions (id, user_id, plan_id, plan, plan_name, plan_group, price_id, provider, "
      "provider_subscription_id, status, current_period_start, current_period_end, trial_end, cancel_at_period_end, "
      "cancelled_at, ended_at, grace_until, created_at, updated_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?18)",
      s.id, s.user, s.plan, s.plan_code, s.plan_name, s.group, s.price, s.provider, s.provider_id, s.status,
      s.period_start, s.period_end, s.trial_end, s.cancel_at_period_end, s.cancelled_at, s.ended_at, s.grace_until,
      s.created_at);
}

bool update_subscription(WriteTx& tx, const Subscription& s, Instant now) {
  return tx.attempt(
      "UPDATE subscriptions SET plan_id = ?2, plan = ?3, plan_name = ?4, price_id = ?5, status = ?6, "
      "current_period_start = ?7, current_period_end = ?8, trial_end = ?9, cancel_at_period_end = ?10, cancelled_at = "
      "?11, "
      "ended_at = ?12, grace_until = ?13, updated_at = ?14 WHERE id = ?1",
      s.id, s.plan, s.plan_code, s.plan_name, s.price, s.status, s.period_start, s.period_end, s.trial_end,
      s.cancel_at_period_end, s.cancelled_at, s.ended_at, s.grace_until, now);
}

std::vector<Subscription> subscriptions_past_period(ReadTx& tx, Instant before) {
  return tx.many<Subscription>(
      "SELECT id, user_id, plan_id, plan, plan_name, plan_group, price_id, provider, provider_subscription_id, status, "
      "current_period_start, current_period_end, trial_end, cancel_at_period_end, cancelled_at, ended_at, grace_until, "
      "created_at FROM subscriptions WHERE status IN ('trialing', 'active', 'past_due') AND current_period_end < ?1 "
      "LIMIT 200",
      before);
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
      "status = excluded.status, subtotal_minor = excluded.subtotal_minor, discount_minor = excluded.discount_minor, "
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
}

bool put_payment(WriteTx& tx, const PaymentId& id, const UserId& user, const std::string& email,
                 const InvoiceId& invoice, const std::string& provider, const std::string& reference,
                 const InvoiceState& state, std::string_view status, Instant now) {
  return tx.execute(
             "INSERT INTO payments (id, user_id, email, invoice_id, provider, reference, provider_payment_id, "
             "amount_minor, "
             "currency, status, payment_date, verified_at, created_at, updated_at) "
             "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?12) ON CONFLICT DO NOTHING",
             id, user, email, invoice, provider, reference, state.payment_id, state.total_minor, state.currency, status,
             state.paid, now) > 0;
}

std::string email_of_buyer(ReadTx& tx, const UserId& user, const std::string& provider) {
  return tx
      .one<std::string>(
          "SELECT email FROM checkouts WHERE user_id = ?1 AND provider = ?2 ORDER BY created_at DESC LIMIT 1", user,
          provider)
      .value_or("");
}

bool keep_event(WriteTx& tx, const EventId& id, const std::string& provider, const Notice& notice,
                const std::string& payload, EventStatus status, Instant now) {
  return tx.execute(
             "INSERT INTO webhook_events (id, provider, event_id, event_type, object_id, payload, status, error, "
             "provider_created_at, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
             "ON CONFLICT (provider, event_id) DO NOTHING",
             id, provider, notice.event_id, notice.event_type, notice.object_id, payload, status,
             notice.ignored_because.empty() ? std::optional<std::string>{} : notice.ignored_because, notice.created,
             now) > 0;
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

std::optional<IdempotentUse> idempotent_use(ReadTx& tx, const std::string& key, const UserId& user,
                                            const std::string& route) {
  return tx.one<IdempotentUse>(
      "SELECT body_hash, subject_id FROM idempotency_keys WHERE key = ?1 AND user_id = ?2 AND route = ?3", key, user,
      route);
}

void remember_key(WriteTx& tx, const std::string& key, const UserId& user, const std::string& route,
                  const std::string& body_hash, const std::string& subject, Instant now) {
  tx.execute(
      "INSERT INTO idempotency_keys (key, user_id, route, body_hash, subject_id, created_at) VALUES (?1, ?2, ?3, ?4, "
      "?5, ?6)",
      key, user, route, body_hash, subject, now);
}

std::int64_t forget_keys(WriteTx& tx, Instant before) {
  return tx.execute("DELETE FROM idempotency_keys WHERE created_at < ?1", before);
}

}  // namespace tuition::billing::store
