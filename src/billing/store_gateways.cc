#include "billing/store_gateways.h"

namespace tuition::billing::store {

std::vector<TaxRate> tax_rates(ReadTx& tx) {
  return tx.many<TaxRate>("SELECT id, country, name, basis_points, inclusive FROM tax_rates ORDER BY country");
}

bool add_tax_rate(WriteTx& tx, const TaxRate& rate, Instant now) {
  return tx.attempt(
      "INSERT INTO tax_rates (id, country, name, basis_points, inclusive, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
      rate.id, rate.country, rate.name, rate.basis_points, rate.inclusive, now);
}

bool change_tax_rate(WriteTx& tx, const TaxRate& rate) {
  return tx.execute("UPDATE tax_rates SET name = ?2, basis_points = ?3, inclusive = ?4 WHERE id = ?1", rate.id,
                    rate.name, rate.basis_points, rate.inclusive) > 0;
}

bool remove_tax_rate(WriteTx& tx, const std::string& id) {
  return tx.execute("DELETE FROM tax_rates WHERE id = ?1", id) > 0;
}

std::string plan_name(const Checkout& checkout) {
  return checkout.price.text() + " " + std::to_string(total_of(checkout));
}

PriceId price_in(const std::string& plan_name) { return PriceId(plan_name.substr(0, plan_name.find(' '))); }

std::optional<std::string> remote_name(ReadTx& tx, const std::string& provider, Remembered kind,
                                       const std::string& own) {
  return tx.one<std::string>("SELECT remote FROM remote_names WHERE provider = ?1 AND kind = ?2 AND own = ?3", provider,
                             kind, own);
}

std::optional<std::string> own_name(ReadTx& tx, const std::string& provider, Remembered kind,
                                    const std::string& remote) {
  return tx.one<std::string>("SELECT own FROM remote_names WHERE provider = ?1 AND kind = ?2 AND remote = ?3", provider,
                             kind, remote);
}

void remember_name(WriteTx& tx, const std::string& provider, Remembered kind, const std::string& own,
                   const std::string& remote, Instant now) {
  tx.execute(
      "INSERT INTO remote_names (provider, kind, own, remote, created_at) VALUES (?1, ?2, ?3, ?4, ?5) "
      "ON CONFLICT (provider, kind, own) DO UPDATE SET remote = excluded.remote",
      provider, kind, own, remote, now);
}

void forget_name(WriteTx& tx, const std::string& provider, Remembered kind, const std::string& own) {
  tx.execute("DELETE FROM remote_names WHERE provider = ?1 AND kind = ?2 AND own = ?3", provider, kind, own);
}

std::optional<bool> names_tests(ReadTx& tx, const std::string& provider) {
  return tx.one<bool>("SELECT test FROM provider_modes WHERE provider = ?1", provider);
}

void note_mode(WriteTx& tx, const std::string& provider, bool test, Instant now) {
  tx.execute(
      "INSERT INTO provider_modes (provider, test, since) VALUES (?1, ?2, ?3) "
      "ON CONFLICT (provider) DO UPDATE SET test = excluded.test, since = excluded.since",
      provider, test, now);
}

void mark_tests(WriteTx& tx, const std::string& provider) {
  tx.execute("UPDATE payments SET test = 1 WHERE provider = ?1", provider);
  tx.execute("UPDATE invoices SET test = 1 WHERE provider = ?1", provider);
  tx.execute("UPDATE subscriptions SET test = 1 WHERE provider = ?1", provider);
  tx.execute("UPDATE checkouts SET test = 1 WHERE provider = ?1", provider);
}

void forget_names(WriteTx& tx, const std::string& provider) {
  tx.execute("DELETE FROM customers WHERE provider = ?1", provider);
  tx.execute("DELETE FROM saved_cards WHERE provider = ?1", provider);
  tx.execute("DELETE FROM remote_names WHERE provider = ?1", provider);
  tx.execute("UPDATE prices SET provider_price_id = NULL WHERE provider = ?1", provider);
  // Only Stripe has names for these.
  if (provider != "stripe") return;
  tx.execute("UPDATE plans SET provider_product_id = NULL");
  tx.execute("UPDATE products SET provider_product_id = NULL");
  tx.execute("UPDATE coupons SET provider_coupon_id = NULL");
}

std::vector<CheckoutId> open_checkouts_at(ReadTx& tx, const std::string& provider) {
  return tx.many<CheckoutId>("SELECT id FROM checkouts WHERE provider = ?1 AND status = 'open'", provider);
}

#define BEGUN_COLUMNS                                                                                                \
  "id, user_id, email, provider, reference, amount_minor, currency, status, product_id, url, notes, metadata_json, " \
  "failure_code, failure_message, payment_date, created_at"

void begin_payment(WriteTx& tx, const BegunPayment& payment, Instant now) {
  tx.execute(
      "INSERT INTO payments (id, user_id, email, provider, reference, amount_minor, currency, status, product_id, "
      "notes, "
      "metadata_json, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)",
      payment.id, payment.user, payment.email, payment.provider, payment.reference, payment.amount_minor,
      payment.currency, payment.status, payment.product, payment.notes, payment.metadata_json, now);
}

std::optional<BegunPayment> begun_payment(ReadTx& tx, const PaymentId& id) {
  return tx.one<BegunPayment>("SELECT " BEGUN_COLUMNS " FROM payments WHERE id = ?1", id);
}

std::optional<BegunPayment> payment_by_reference(ReadTx& tx, const std::string& reference) {
  return tx.one<BegunPayment>("SELECT " BEGUN_COLUMNS " FROM payments WHERE reference = ?1", reference);
}

void attach_page(WriteTx& tx, const PaymentId& id, const std::string& url) {
  tx.execute("UPDATE payments SET url = ?2, failure_code = NULL, failure_message = NULL WHERE id = ?1", id, url);
}

void note_payment_failure(WriteTx& tx, const PaymentId& id, const std::string& code, const std::string& message) {
  tx.execute("UPDATE payments SET failure_code = ?2, failure_message = ?3 WHERE id = ?1", id, code, message);
}

bool payment_succeeds(WriteTx& tx, const PaymentId& id, const std::string& provider_payment_id, Instant now) {
  return tx.execute(
             "UPDATE payments SET status = 'success', provider_payment_id = ?2, payment_date = ?3, verified_at = ?3, "
             "updated_at = ?3, failure_code = NULL, failure_message = NULL WHERE id = ?1 AND status IN ('pending', "
             "'processing', 'failed', 'cancelled')",
             id, provider_payment_id, now) > 0;
}

bool payment_ends(WriteTx& tx, const PaymentId& id, PaymentStatus status, Instant now) {
  return tx.execute(
             "UPDATE payments SET status = ?2, updated_at = ?3 WHERE id = ?1 AND status IN ('pending', 'processing')",
             id, status, now) > 0;
}

}  // namespace tuition::billing::store
