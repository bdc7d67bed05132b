#include "billing/invoices/invoices.h"

#include "audit/audit.h"
#include "billing/act_route.h"
#include "billing/billing.h"
#include "billing/invoices/store_documents.h"
#include "billing/pages.h"
#include "billing/subscriptions/subscriptions.h"
#include "platform/http/json.h"

namespace tuition::billing {
namespace {

Error no_such_invoice() { return not_found("There is no such invoice."); }

AdminInvoiceView view_of(Billing& billing, ReadTx& tx, const store::InvoiceCase& row) {
  AdminInvoiceView view;
  view.id = row.id;
  if (!row.number.empty()) view.number = row.number;
  view.status = row.status;
  view.item_name = row.item_name;
  view.user = row.user;
  if (const auto buyer = billing.buyer(tx, row.user)) view.email = buyer->email;
  view.total_minor = row.total_minor;
  view.paid_minor = row.paid_minor;
  view.currency = row.currency;
  view.provider = row.provider;
  view.issued_at = row.issued_at;
  view.paid_at = row.paid_at;
  view.created_at = row.created_at;
  view.test = row.test;
  return view;
}

void record(Billing& billing, WriteTx& tx, const Caller& caller, const store::InvoiceCase& row, const char* action,
            const char* sentence) {
  audit::record(tx, {.at = billing.clock.now(),
                     .actor = caller,
                     .action = action,
                     .category = audit::Category::business,
                     .target_type = "invoice",
                     .target_id = row.id.text(),
                     .description = sentence});
}

// What is asked of the provider about an open invoice, and why it may not have been done.
struct InvoiceOrder {
  const char* action;
  const char* sentence;
  Result<InvoiceState> (Gateway::*ask)(const std::string&);
  InvoiceStatus wanted;
  const char* otherwise;
};

// The order, and the books brought to where the provider stands after it, whatever that is.
Result<AdminInvoiceView> order_invoice(Billing& billing, const Caller& caller, const InvoiceId& id,
                                       const InvoiceOrder& order) {
  if (!caller.is_admin()) return no_such_invoice();
  const auto row = billing.db.read([&](ReadTx& tx) { return store::invoice_case(tx, id); });
  if (!row) return no_such_invoice();
  if (row->status != InvoiceStatus::open)
    return conflict("CONFLICT", "This invoice is " + std::string(name_of(row->status)) + ", not open.");
  auto* gateway = billing.gateways.named(row->provider);
  if (!gateway)
    return Error{Kind::not_configured, "NOT_CONFIGURED", "The invoice's provider is not set up here any more."};
  // In the trail before the call: if its answer is lost, who asked is not.
  billing.db.write([&](WriteTx& tx) { record(billing, tx, caller, *row, order.action, order.sentence); });
  const auto state = TRY((gateway->*order.ask)(row->provider_id));
  // What follows for the subscription comes as a notice too; here it is there at once.
  const auto subscription = gateway->fetch_subscription(state.subscription_id);
  auto view = billing.db.write([&](WriteTx& tx) -> Result<AdminInvoiceView> {
    if (subscription) put_subscription(billing, tx, row->provider, *subscription);
    put_invoice(billing, tx, row->provider, state, {});
    return view_of(billing, tx, *store::invoice_case(tx, id));
  });
  if (view && state.status != order.wanted)
    return conflict("CONFLICT", state.status == InvoiceStatus::open
                                    ? std::string(order.otherwise)
                                    : "This invoice is " + std::string(name_of(state.status)) + " by now.");
  return view;
}

}  // namespace

Result<Page<AdminInvoiceView>> list_all_invoices(Billing& billing, const Caller& caller, const AllInvoicesForm& form) {
  return billing.db.read([&](ReadTx& tx) {
    return page_by_id<AdminInvoiceView, InvoiceId>(
        form.limit, form.cursor,
        [&](const InvoiceId& after, std::int64_t limit) {
          return store::invoice_cases(tx, caller, form.status, form.tests.value_or(false), after, limit);
        },
        [&](const store::InvoiceCase& row) { return view_of(billing, tx, row); });
  });
}

Result<AdminInvoiceView> void_invoice(Billing& billing, const Caller& caller, const InvoiceId& id) {
  return order_invoice(
      billing, caller, id,
      {"invoice.void_asked", "Asked the provider to void an open invoice.", &Gateway::void_invoice,
       InvoiceStatus::voided, "The provider did not void this invoice. Please look at its dashboard."});
}

Result<AdminInvoiceView> retry_invoice(Billing& billing, const Caller& caller, const InvoiceId& id) {
  return order_invoice(
      billing, caller, id,
      {"invoice.retry_asked", "Asked the provider to take the payment of an open invoice now.", &Gateway::pay_invoice,
       InvoiceStatus::paid, "The payment did not go through. The provider tries again by its own schedule."});
}

Result<AdminInvoiceView> send_receipt(Billing& billing, const Caller& caller, const InvoiceId& id) {
  if (!caller.is_admin()) return no_such_invoice();
  return billing.db.write([&](WriteTx& tx) -> Result<AdminInvoiceView> {
    const auto row = store::invoice_case(tx, id);
    if (!row) return no_such_invoice();
    const bool paid = row->status == InvoiceStatus::paid || row->status == InvoiceStatus::partially_refunded ||
                      row->status == InvoiceStatus::refunded;
    if (!paid) return conflict("CONFLICT", "There is a receipt for what was paid only.");
    const auto buyer = billing.buyer(tx, row->user);
    if (!buyer) return conflict("CONFLICT", "The buyer's account was removed: there is nobody to write to.");
    outreach::enqueue(tx, billing.outreach, {.email = buyer->email, .user = row->user},
                      outreach::PaymentReceived{.name = buyer->name,
                                                .plan_name = row->item_name,
                                                .amount = to_text(Money{row->total_minor, row->currency}),
                                                .paid_on = day_of(row->paid_at.value_or(row->created_at)),
                                                .reference = row->reference});
    record(billing, tx, caller, *row, "invoice.receipt_sent", "Sent the receipt of an invoice again.");
    return view_of(billing, tx, *row);
  });
}

http::Routes invoice_routes(Billing& billing) {
  using http::Access;
  using http::Bucket;
  using http::Method;
  using http::Request;
  return {
      {.method = Method::get,
       .path = "/api/admin/invoices",
       .operation = "listAllInvoices",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Everybody's invoices, the newest first.",
       .endpoint = http::json(
           [&billing](const Request& request, const AllInvoicesForm& form) -> Result<Page<AdminInvoiceView>> {
             return list_all_invoices(billing, request.caller, form);
           }),
       .alias = "/admin/invoices",
       .scope = "billing:read"},
      act_route(billing, "/api/admin/invoices/{id}/void", "voidInvoice", "Have an open invoice paid no more.",
                {404, 409, 503}, void_invoice),
      act_route(billing, "/api/admin/invoices/{id}/retry", "retryInvoice",
                "Have the provider try to take an open invoice's payment.", {404, 409, 503}, retry_invoice),
      act_route(billing, "/api/admin/invoices/{id}/send", "sendReceipt", "Send the receipt of a paid invoice again.",
                {404, 409}, send_receipt),
  };
}

}  // namespace tuition::billing
