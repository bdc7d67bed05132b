#include "billing/payments/purchases.h"

#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/checkout.h"
#include "billing/invoices/documents.h"
#include "billing/offers/products.h"
#include "billing/offers/tax.h"
#include "billing/store.h"
#include "billing/subscriptions/store_renewals.h"
#include "billing/subscriptions/undo.h"

namespace tuition::billing {
namespace {

// An invoice of our own, paid already: for what is bought once no gateway draws one up.
InvoiceId draw_invoice(Billing& billing, WriteTx& tx, const Checkout& checkout, const Product& product,
                       const CheckoutState& state) {
  const auto now = billing.clock.now();
  const auto name = "own:" + checkout.reference;
  if (const auto known = store::invoice_at_provider(tx, checkout.provider, name)) return known->id;
  InvoiceState invoice;
  invoice.id = name;
  invoice.number = store::next_invoice_number(tx);
  invoice.status = InvoiceStatus::paid;
  invoice.currency = state.currency;
  const auto parts = untaxed({state.total_minor, state.currency}, checkout.tax);
  check(parts.ok(), "what was paid has a share of tax");
  const bool added = checkout.tax && !checkout.tax->inclusive;
  const auto sold_minor = added ? parts->net.minor : state.total_minor;
  invoice.subtotal_minor = sold_minor + checkout.discount_minor;
  invoice.discount_minor = checkout.discount_minor;
  invoice.tax_minor = parts->tax.minor;
  invoice.total_minor = invoice.paid_minor = state.total_minor;
  invoice.issued = invoice.paid = now;
  invoice.lines.push_back({product.name, sold_minor, 1, {}, {}});
  if (checkout.tax) invoice.taxes.push_back({*checkout.tax, parts->net.minor, parts->tax.minor, {}});
  const auto id = new_id<InvoiceTag>(billing.clock, billing.entropy);
  store::put_invoice(tx, id, checkout.user, {}, checkout.provider, invoice, now);
  store::tie_invoice(tx, id, checkout.id);
  freeze_parties(billing, tx, id, checkout.user);
  return id;
}

}  // namespace

std::string put_purchase(Billing& billing, WriteTx& tx, const Checkout& checkout, const CheckoutState& state) {
  const auto now = billing.clock.now();
  const auto product = store::product(tx, checkout.product);
  check(product.has_value(), "a checkout has its product");
  if (state.total_minor > 0) {
    store::NewPayment payment;
    payment.id = new_id<PaymentTag>(billing.clock, billing.entropy);
    payment.user = checkout.user;
    payment.email = checkout.email;
    payment.checkout = checkout.id;
    payment.provider = checkout.provider;
    payment.reference = checkout.reference;
    payment.provider_payment_id = state.payment_id.empty() ? state.session_id : state.payment_id;
    payment.amount = {state.total_minor, state.currency};
    payment.paid_at = now;
    payment.invoice = draw_invoice(billing, tx, checkout, *product, state);
    store::put_payment(tx, payment, now);
  }
  const auto before = owned(tx, checkout.user, product->id, now);
  if (before && !before->ends_at) {
    if (store::fail_checkout(tx, checkout.id, already_owned, "paid for something owned for good", now)) {
      push_undo(billing, tx, checkout);
      audit::record(tx, {.at = now,
                         .action = "billing.second_purchase",
                         .category = audit::Category::business,
                         .severity = audit::Severity::critical,
                         .target_type = "checkout",
                         .target_id = checkout.id.text(),
                         .description = "The product " + product->code +
                                        " was paid for by somebody who owns it; the payment is being refunded."});
    }
    return "this person owns the product already";
  }
  open_purchase(billing, tx, checkout, *product);
  const auto buyer = billing.buyer(tx, checkout.user);
  if (!buyer) return {};
  outreach::PurchaseCompleted message{.name = buyer->name,
                                      .product_name = product->name,
                                      .amount = to_text(Money{state.total_minor, state.currency}),
                                      .paid_on = day_of(now),
                                      .reference = checkout.reference};
  if (product->access_days) {
    const auto starts_at = before && before->ends_at ? *before->ends_at : now;
    message.access_until = day_of(starts_at + days(*product->access_days));
  }
  outreach::enqueue(tx, billing.outreach, {.email = buyer->email, .user = checkout.user}, message);
  return {};
}

}  // namespace tuition::billing
