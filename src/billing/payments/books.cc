#include "billing/payments/books.h"

#include "billing/billing.h"
#include "billing/invoices/documents.h"
#include "billing/store.h"
#include "platform/base/page.h"
#include "platform/base/text.h"

namespace tuition::billing {
namespace {

InvoiceView view_of(const store::InvoiceDetail& row) {
  InvoiceView view;
  view.id = row.id;
  if (!row.number.empty()) view.number = row.number;
  view.status = row.status;
  view.item_name = row.item_name;
  view.currency = row.currency;
  view.subtotal_minor = row.subtotal_minor;
  view.discount_minor = row.discount_minor;
  view.tax_minor = row.tax_minor;
  view.total_minor = row.total_minor;
  view.paid_minor = row.paid_minor;
  view.issued_at = row.issued_at;
  view.paid_at = row.paid_at;
  view.created_at = row.created_at;
  view.provider = row.provider;
  if (row.hosted_url && !row.hosted_url->empty()) view.hosted_url = row.hosted_url;
  return view;
}

PaymentView view_of(const store::PaymentDetail& row) {
  PaymentView view;
  view.id = row.id;
  view.reference = row.reference;
  view.status = row.status;
  view.item_name = row.item_name;
  view.amount_minor = row.amount_minor;
  view.refunded_minor = row.refunded_minor;
  view.currency = row.currency;
  view.provider = row.provider;
  if (!row.invoice.empty()) view.invoice = row.invoice;
  if (!row.checkout.empty()) view.checkout = row.checkout;
  view.paid_at = row.paid_at;
  view.created_at = row.created_at;
  return view;
}

std::int64_t amount_of(const InvoiceView& invoice) { return invoice.total_minor; }
std::int64_t amount_of(const PaymentView& payment) { return payment.amount_minor; }

// A page of rows in the order that was asked for, from the one behind the cursor. `rows(tx, order, behind, limit)`
// reads them.
template <class View, class RowId, class Form, class Rows>
Result<Page<View>> page_of(Billing& billing, const Form& form, Rows rows) {
  const auto order = form.sort.value_or(Form::Order::newest);
  Page<View> page;
  page.limit = form.limit.value_or(page_limit_default);
  std::optional<store::Behind<RowId>> behind;
  if (form.cursor) {
    const auto place = TRY(place_of(*form.cursor, name_of(order)));
    const auto amount = parse_integer(place.key);
    if (!is_uuid(place.id) || !amount) return no_such_place();
    behind = {RowId(place.id), *amount};
  }
  const auto found = billing.db.read([&](ReadTx& tx) { return rows(tx, order, behind, page.limit + 1); });
  for (const auto& row : found) {
    if (static_cast<std::int64_t>(page.rows.size()) == page.limit) {
      const auto& last = page.rows.back();
      page.next = cursor_behind(name_of(order), last.id.text(), std::to_string(amount_of(last)));
      break;
    }
    page.rows.push_back(view_of(row));
  }
  return page;
}

}  // namespace

Result<Page<InvoiceView>> list_invoices(Billing& billing, const Caller& caller, const OwnInvoicesForm& form) {
  return page_of<InvoiceView, InvoiceId>(billing, form, [&](ReadTx& tx, auto order, const auto& behind, auto limit) {
    return store::invoices_of(tx, caller.user, order, behind, limit);
  });
}

Result<Page<PaymentView>> list_payments(Billing& billing, const Caller& caller, const OwnPaymentsForm& form) {
  return page_of<PaymentView, PaymentId>(billing, form, [&](ReadTx& tx, auto order, const auto& behind, auto limit) {
    return store::payments_of(tx, caller.user, order, behind, limit);
  });
}

Result<InvoiceView> show_invoice(Billing& billing, const Caller& caller, const InvoiceId& id) {
  return billing.db.read([&](ReadTx& tx) -> Result<InvoiceView> {
    const auto row = store::invoice(tx, id);
    if (!row || (row->user != caller.user && !caller.is_admin())) return not_found("There is no such invoice.");
    auto view = view_of(*row);
    for (const auto& each : store::lines_of(tx, id))
      view.lines.push_back({each.description, each.quantity, each.amount_minor, each.period_start, each.period_end});
    for (const auto& each : store::taxes_of(tx, id))
      view.taxes.push_back({each.tax.name, each.tax.country, each.tax.basis_points, each.tax.inclusive,
                            each.taxable_minor, each.tax_minor});
    show_parties(billing, tx, row->user, view);
    return view;
  });
}

}  // namespace tuition::billing
