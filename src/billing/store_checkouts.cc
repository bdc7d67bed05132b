#include "billing/store.h"

// The row of Checkout.
#define CHECKOUT_COLUMNS                                                                                              \
  "id, user_id, email, plan_id, product_id, price_id, trial_days, coupon_id, provider, reference, status, "           \
  "provider_session_id, url, amount_minor, discount_minor, currency, success_url, cancel_url, request_body, job_id, " \
  "error_code, error_message, expires_at, created_at, completed_at, tax_minor, tax_name, tax_country, "               \
  "tax_basis_points, tax_inclusive"

namespace tuition::billing {

void take_row(Row& row, Checkout& out) {
  row.take(out.id, out.user, out.email, out.plan, out.product, out.price, out.trial_days, out.coupon, out.provider,
           out.reference, out.status, out.session, out.url, out.amount_minor, out.discount_minor, out.currency,
           out.success_url, out.cancel_url, out.request_body, out.job, out.error_code, out.error_message,
           out.expires_at, out.created_at, out.completed_at, out.tax_minor);
  const auto name = row.get<std::optional<std::string>>();
  const auto country = row.get<std::optional<std::string>>();
  const auto basis_points = row.get<std::optional<std::int64_t>>();
  const auto inclusive = row.get<std::optional<bool>>();
  if (name && country && basis_points && inclusive) out.tax = Tax{*name, *country, *basis_points, *inclusive};
}

}  // namespace tuition::billing

namespace tuition::billing::store {

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
  const auto& tax = checkout.tax;
  tx.execute(
      "INSERT INTO checkouts (id, user_id, email, plan_id, product_id, price_id, trial_days, coupon_id, provider, "
      "reference, status, amount_minor, discount_minor, currency, success_url, cancel_url, job_id, expires_at, "
      "created_at, tax_minor, tax_name, tax_country, tax_basis_points, tax_inclusive) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, "
      "?23, ?24)",
      checkout.id, checkout.user, checkout.email, checkout.plan, checkout.product, checkout.price, checkout.trial_days,
      checkout.coupon, checkout.provider, checkout.reference, checkout.status, checkout.amount_minor,
      checkout.discount_minor, checkout.currency, checkout.success_url, checkout.cancel_url, checkout.job,
      checkout.expires_at, checkout.created_at, checkout.tax_minor, tax ? std::optional(tax->name) : std::nullopt,
      tax ? std::optional(tax->country) : std::nullopt, tax ? std::optional(tax->basis_points) : std::nullopt,
      tax ? std::optional(tax->inclusive) : std::nullopt);
}

std::vector<Checkout> open_checkouts(ReadTx& tx, const UserId& user) {
  return tx.many<Checkout>("SELECT " CHECKOUT_COLUMNS
                           " FROM checkouts WHERE user_id = ?1 AND status = 'open' ORDER BY created_at DESC",
                           user);
}

std::optional<Checkout> checkout(ReadTx& tx, const CheckoutId& id) {
  return tx.one<Checkout>("SELECT " CHECKOUT_COLUMNS " FROM checkouts WHERE id = ?1", id);
}

std::vector<CheckoutId> purchases_of(ReadTx& tx, const UserId& user, const ProductId& product) {
  return tx.many<CheckoutId>("SELECT id FROM checkouts WHERE user_id = ?1 AND product_id = ?2 AND status = 'completed'",
                             user, product);
}

std::optional<Checkout> checkout_of(ReadTx& tx, const CheckoutId& id, const UserId& user) {
  auto found = checkout(tx, id);
  if (!found || found->user != user) return std::nullopt;
  return found;
}

std::optional<CheckoutId> order_to_begin(ReadTx& tx, const std::string& provider, const std::string& email,
                                         const PriceId& price, Instant after) {
  return tx.one<CheckoutId>(
      "SELECT id FROM checkouts WHERE provider = ?1 AND email = ?2 COLLATE NOCASE AND price_id = ?3 AND "
      "provider_session_id IS NOT NULL AND status IN ('open', 'expired') AND created_at > ?4 ORDER BY created_at DESC "
      "LIMIT 1",
      provider, email, price, after);
}

std::optional<CheckoutId> order_behind(ReadTx& tx, const Subscription& subscription) {
  return tx.one<CheckoutId>(
      "SELECT id FROM checkouts WHERE user_id = ?1 AND provider = ?2 AND plan_id IS NOT NULL AND status = 'completed' "
      "AND created_at <= ?3 ORDER BY created_at DESC LIMIT 1",
      subscription.user, subscription.provider, subscription.created_at);
}

std::optional<CheckoutId> checkout_by_session(ReadTx& tx, const std::string& provider, const std::string& session) {
  return tx.one<CheckoutId>("SELECT id FROM checkouts WHERE provider = ?1 AND provider_session_id = ?2", provider,
                            session);
}

void renew_reference(WriteTx& tx, const CheckoutId& id, const std::string& reference) {
  tx.execute("UPDATE checkouts SET reference = ?2, request_body = NULL WHERE id = ?1 AND provider_session_id IS NULL",
             id, reference);
}

std::optional<CheckoutId> checkout_by_reference(ReadTx& tx, const std::string& reference) {
  return tx.one<CheckoutId>("SELECT id FROM checkouts WHERE reference = ?1", reference);
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
  switch (which) {
    case Remote::customer:
      tx.execute(
          "DELETE FROM customers WHERE provider = ?2 AND user_id = (SELECT user_id FROM checkouts WHERE id = ?1)", id,
          provider);
      return;
    case Remote::plan:
      tx.execute(
          "DELETE FROM remote_names WHERE provider = ?2 AND kind = 'plan' AND own LIKE (SELECT price_id FROM checkouts "
          "WHERE id = ?1) || ' %'",
          id, provider);
      return;
    case Remote::tax_rate:
      tx.execute("DELETE FROM remote_names WHERE provider = ?1 AND kind = 'tax_rate'", provider);
      return;
    case Remote::coupon:
      tx.execute(
          "UPDATE coupons SET provider_coupon_id = NULL WHERE id = (SELECT coupon_id FROM checkouts WHERE id = ?1)",
          id);
      return;
    case Remote::offer:
      tx.execute("UPDATE plans SET provider_product_id = NULL WHERE id = (SELECT plan_id FROM checkouts WHERE id = ?1)",
                 id);
      tx.execute(
          "UPDATE products SET provider_product_id = NULL WHERE id = (SELECT product_id FROM checkouts WHERE id = ?1)",
          id);
      tx.execute(
          "UPDATE prices SET provider = NULL, provider_price_id = NULL "
          "WHERE plan_id = (SELECT plan_id FROM checkouts WHERE id = ?1) "
          "OR product_id = (SELECT product_id FROM checkouts WHERE id = ?1)",
          id);
      return;
  }
}

void note_checkout_error(WriteTx& tx, const CheckoutId& id, const std::string& code, const std::string& message) {
  tx.execute("UPDATE checkouts SET error_code = ?2, error_message = ?3 WHERE id = ?1", id, code, message);
}

bool reserve_coupon(WriteTx& tx, const CouponRedemptionId& id, const CouponId& coupon, const UserId& user,
                    const CheckoutId& checkout, Instant now) {
  if (tx.execute("UPDATE coupons SET used = used + 1 WHERE id = ?1 AND (max_uses IS NULL OR used < max_uses)",
                 coupon) == 0)
    return false;
  tx.execute("INSERT INTO coupon_redemptions (id, coupon_id, user_id, checkout_id, at) VALUES (?1, ?2, ?3, ?4, ?5)", id,
             coupon, user, checkout, now);
  return true;
}

bool end_checkout(WriteTx& tx, const CheckoutId& id, CheckoutStatus status, Instant now) {
  if (tx.execute("UPDATE checkouts SET status = ?2, completed_at = ?3 WHERE id = ?1 AND status = 'open'", id, status,
                 now) == 0)
    return false;
  if (tx.execute("DELETE FROM coupon_redemptions WHERE checkout_id = ?1", id) > 0)
    tx.execute("UPDATE coupons SET used = used - 1 WHERE id = (SELECT coupon_id FROM checkouts WHERE id = ?1)", id);
  return true;
}

bool fail_checkout(WriteTx& tx, const CheckoutId& id, const std::string& code, const std::string& message,
                   Instant now) {
  end_checkout(tx, id, CheckoutStatus::failed, now);
  return tx.execute(
             "UPDATE checkouts SET status = 'failed', completed_at = ?2, error_code = ?3, error_message = ?4 "
             "WHERE id = ?1 AND status <> 'completed' AND error_code IS DISTINCT FROM ?3",
             id, now, code, message) > 0;
}

bool complete_checkout(WriteTx& tx, const CheckoutId& id, Instant now) {
  if (tx.execute(
          "UPDATE checkouts SET status = 'completed', completed_at = ?2, error_code = NULL, error_message = NULL "
          "WHERE id = ?1 AND status <> 'completed'",
          id, now) == 0)
    return false;
  // A checkout that had ended gave its use of the coupon back. Now it is paid, with the discount: that is a use, even
  // one beyond the limit. The checkout's own id will do for the row's.
  if (tx.execute("INSERT INTO coupon_redemptions (id, coupon_id, user_id, checkout_id, at) "
                 "SELECT id, coupon_id, user_id, id, ?2 FROM checkouts WHERE id = ?1 AND coupon_id IS NOT NULL "
                 "ON CONFLICT (checkout_id) DO NOTHING",
                 id, now) > 0)
    tx.execute("UPDATE coupons SET used = used + 1 WHERE id = (SELECT coupon_id FROM checkouts WHERE id = ?1)", id);
  return true;
}

std::vector<Checkout> unfinished_orders(ReadTx& tx, Instant from, Instant to) {
  return tx.many<Checkout>("SELECT " CHECKOUT_COLUMNS
                           " FROM checkouts WHERE status = 'expired' AND reminded_at IS NULL AND created_at > ?1 AND "
                           "created_at <= ?2 AND provider <> 'manual' ORDER BY created_at DESC LIMIT 200",
                           from, to);
}

bool note_order_reminded(WriteTx& tx, const CheckoutId& id, const UserId& user, Instant now) {
  const bool first =
      tx.execute("UPDATE checkouts SET reminded_at = ?2 WHERE id = ?1 AND reminded_at IS NULL", id, now) > 0;
  tx.execute("UPDATE checkouts SET reminded_at = ?2 WHERE user_id = ?1 AND status = 'expired' AND reminded_at IS NULL",
             user, now);
  return first;
}

bool wants_no_reminders(ReadTx& tx, const UserId& user) {
  return tx
      .one<bool>(
          "SELECT EXISTS (SELECT 1 FROM user_profiles WHERE id = ?1 AND json_extract(preferences_json, "
          "'$.noOrderReminders') = 1)",
          user)
      .value();
}

std::vector<CheckoutId> overdue_checkouts(ReadTx& tx, Instant now) {
  return tx.many<CheckoutId>(
      "SELECT id FROM checkouts WHERE status = 'open' AND expires_at < ?1 ORDER BY expires_at LIMIT 200", now);
}

}  // namespace tuition::billing::store
