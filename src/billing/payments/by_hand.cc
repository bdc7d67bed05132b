#include "billing/payments/by_hand.h"

#include <algorithm>

#include "audit/audit.h"
#include "billing/billing.h"
#include "billing/checkout.h"
#include "billing/notices.h"
#include "billing/offers/coupons.h"
#include "billing/offers/offers.h"
#include "billing/offers/tax.h"
#include "billing/offers/taxes.h"
#include "billing/once.h"
#include "billing/pages.h"
#include "billing/payments/store_by_hand.h"
#include "billing/references.h"
#include "billing/store.h"
#include "platform/base/fields_json.h"
#include "platform/http/json.h"
#include "platform/jobs/once.h"

namespace tuition::billing {
namespace {

// Whoever pays by hand may take long.
constexpr Duration page_open = days(365);
constexpr const char* manual_route = "manual-payment";

Error no_payment_by_hand() { return not_found("There is no such payment."); }

ManualPaymentView view_of(const store::ManualPayment& row) {
  return {row.id,     row.status, row.reference, row.item_name,   row.amount_minor, row.currency,
          row.method, row.note,   row.proof,     row.review_note, row.created_at,   row.reviewed_at};
}

AdminManualPaymentView admin_view_of(const store::ManualPayment& row) {
  return {row.id,   row.status, row.reference, row.item_name, row.amount_minor, row.currency,   row.method,
          row.note, row.proof,  row.user,      row.email,     row.review_note,  row.created_at, row.reviewed_at};
}

void record(Billing& billing, WriteTx& tx, const Caller& caller, const store::ManualPayment& row, std::string action,
            std::string sentence) {
  audit::record(tx, {.at = billing.clock.now(),
                     .actor = caller,
                     .action = std::move(action),
                     .category = audit::Category::business,
                     .target_type = "manual_payment",
                     .target_id = row.id.text(),
                     .description = std::move(sentence)});
}

// The order behind it: nobody's page is opened for it.
Result<Checkout> order_by_hand(Billing& billing, WriteTx& tx, const Caller& caller, const ManualPaymentForm& form) {
  const auto now = billing.clock.now();
  const auto buyer = billing.buyer(tx, caller.user);
  if (!buyer) return not_found("This account no longer exists.");
  const auto chosen = TRY(
      choose_offer(tx, caller.user, {form.plan, form.product, form.interval, form.interval_count, form.currency}, now));
  if (store::waits_by_hand(tx, caller.user, chosen.plan, chosen.product))
    return conflict("CONFLICT", "You have told us of a payment for this already. The school looks into it.");
  Checkout checkout;
  checkout.id = new_id<CheckoutTag>(billing.clock, billing.entropy);
  checkout.user = caller.user;
  checkout.email = buyer->email;
  checkout.plan = chosen.plan;
  checkout.product = chosen.product;
  checkout.price = chosen.price.id;
  checkout.provider = manual_gateway;
  checkout.reference = new_reference("MAN", billing.clock, billing.entropy);
  checkout.amount_minor = chosen.price.amount_minor;
  checkout.currency = chosen.price.currency;
  checkout.success_url = checkout.cancel_url = billing.outreach.options.base_url + "/app/account/subscription";
  checkout.created_at = now;
  checkout.expires_at = now + page_open;
  std::optional<Coupon> coupon;
  if (form.coupon) {
    coupon = TRY(find_coupon(tx, *form.coupon, now));
    checkout.coupon = coupon->id;
    const Money amount{checkout.amount_minor, checkout.currency};
    checkout.discount_minor = TRY(try_coupon(tx, *coupon, {caller.user, chosen.offer.id, amount, 0}, now)).minor;
    if (checkout.discount_minor == checkout.amount_minor) return unprocessable("Nothing would be left to pay.");
  }
  checkout.tax = TRY(tax_of_order(billing, tx, caller.user, chosen.plan, form.country));
  const Money price{checkout.amount_minor - checkout.discount_minor, checkout.currency};
  checkout.tax_minor = TRY(taxed(price, checkout.tax)).tax.minor;
  store::open_checkout(tx, checkout);
  if (coupon)
    check(store::reserve_coupon(tx, new_id<store::CouponRedemptionTag>(billing.clock, billing.entropy), coupon->id,
                                caller.user, checkout.id, now),
          "a coupon that was tried in this transaction has a use left");
  return checkout;
}

Result<std::string> tell_by_hand(Billing& billing, WriteTx& tx, const Caller& caller, const ManualPaymentForm& form) {
  if (form.proof && !billing.has_receipt(tx, caller.user, *form.proof))
    return invalid_field("proofMediaId", "is no receipt that you uploaded");
  const auto checkout = TRY(order_by_hand(billing, tx, caller, form));
  store::ManualPayment row;
  row.id = new_id<ManualPaymentTag>(billing.clock, billing.entropy);
  row.user = caller.user;
  row.checkout = checkout.id;
  row.method = form.method;
  row.note = form.note.value_or("");
  row.proof = form.proof;
  row.created_at = billing.clock.now();
  store::add_manual(tx, row);
  record(billing, tx, caller, row, "billing.manual_payment_told",
         "Told of a payment by hand (" + checkout.reference + ").");
  return row.id.text();
}

}  // namespace

Result<ManualPaymentView> submit_by_hand(Billing& billing, const Caller& caller, const ManualPaymentForm& form,
                                         std::string_view key) {
  TRY(jobs::check_key(key));
  if (!billing.gateways.named(manual_gateway))
    return Error{Kind::not_configured, "NOT_CONFIGURED", "This school does not take payments by hand."};
  const auto& offered = billing.options.manual_methods;
  if (std::find(offered.begin(), offered.end(), name_of(form.method)) == offered.end())
    return invalid_field("method", "is not offered by this school");
  return billing.db.write([&](WriteTx& tx) -> Result<ManualPaymentView> {
    const auto id = TRY(once(tx, {std::string(key), caller.user, manual_route, to_json(form)}, billing.clock.now(),
                             [&] { return tell_by_hand(billing, tx, caller, form); }));
    return view_of(*store::manual_payment(tx, ManualPaymentId(id)));
  });
}

Result<Page<ManualPaymentView>> list_by_hand(Billing& billing, const Caller& caller, const ShortListForm& form) {
  return billing.db.read([&](ReadTx& tx) {
    return page_by_id<ManualPaymentView, ManualPaymentId>(
        form.limit, form.cursor,
        [&](const ManualPaymentId& after, std::int64_t limit) {
          return store::manual_of(tx, caller.user, after, limit);
        },
        [](const store::ManualPayment& row) { return view_of(row); });
  });
}

Result<ManualPaymentView> amend_by_hand(Billing& billing, const Caller& caller, const ManualPaymentId& id,
                                        const ProofForm& form) {
  return billing.db.write([&](WriteTx& tx) -> Result<ManualPaymentView> {
    const auto row = store::manual_payment(tx, id);
    if (!row || row->user != caller.user) return no_payment_by_hand();
    if (form.proof && !billing.has_receipt(tx, caller.user, *form.proof))
      return invalid_field("proofMediaId", "is no receipt that you uploaded");
    if (!store::amend_manual(tx, id, form.note.value_or(row->note), form.proof ? form.proof : row->proof))
      return conflict("CONFLICT", "The school has decided about this payment already.");
    record(billing, tx, caller, *row, "billing.manual_payment_amended", "Said more of a payment by hand.");
    return view_of(*store::manual_payment(tx, id));
  });
}

Result<void> withdraw_by_hand(Billing& billing, const Caller& caller, const ManualPaymentId& id) {
  return billing.db.write([&](WriteTx& tx) -> Result<void> {
    const auto row = store::manual_payment(tx, id);
    if (!row || row->user != caller.user) return no_payment_by_hand();
    const auto now = billing.clock.now();
    if (!store::decide_manual(tx, id, HandStatus::withdrawn, {}, {}, now))
      return conflict("CONFLICT", "The school has decided about this payment already.");
    store::end_checkout(tx, row->checkout, CheckoutStatus::expired, now);
    tell_checkout(billing, tx, row->checkout);
    record(billing, tx, caller, *row, "billing.manual_payment_withdrawn", "Took a payment by hand back.");
    return {};
  });
}

Result<Page<AdminManualPaymentView>> list_all_by_hand(Billing& billing, const Caller& caller,
                                                      const ManualPaymentsForm& form) {
  return billing.db.read([&](ReadTx& tx) {
    return page_by_id<AdminManualPaymentView, ManualPaymentId>(
        form.limit, form.cursor,
        [&](const ManualPaymentId& after, std::int64_t limit) {
          return store::manual_payments(tx, caller, form.status, after, limit);
        },
        [](const store::ManualPayment& row) { return admin_view_of(row); });
  });
}

Result<AdminManualPaymentView> approve_by_hand(Billing& billing, const Caller& caller, const ManualPaymentId& id,
                                               const ReviewForm& form) {
  return billing.db.write([&](WriteTx& tx) -> Result<AdminManualPaymentView> {
    const auto row = store::manual_payment(tx, id);
    if (!row) return no_payment_by_hand();
    if (row->status != HandStatus::submitted)
      return conflict("CONFLICT", "This payment was " + std::string(name_of(row->status)) + " already.");
    const auto checkout = store::checkout(tx, row->checkout);
    const auto plan = store::plan(tx, checkout->plan);
    // What was paid for a second time must not be taken: the money is with the school, who gives it back.
    OfferWish wish;
    if (plan) wish.plan = plan->id;
    if (!checkout->product.empty()) wish.product = checkout->product;
    const auto still = choose_offer(tx, row->user, wish, billing.clock.now());
    if (!still && still.error().code == "PAYMENT_RUNNING")
      return conflict("PAYMENT_RUNNING",
                      "The buyer's card is being charged for this at the moment. Please try again shortly.");
    if (!still && still.error().kind == Kind::conflict)
      return unprocessable("The buyer has this already. Reject the payment and give the money back.");
    store::decide_manual(tx, id, HandStatus::approved, caller.user, form.note, billing.clock.now());
    CheckoutState paid;
    paid.session_id = paid.payment_id = row->reference;
    paid.status = CheckoutState::Status::complete;
    paid.paid = true;
    paid.checkout_id = checkout->id.text();
    paid.only_total = true;
    paid.total_minor = row->amount_minor;
    paid.currency = row->currency;
    const auto set_aside = put_checkout(billing, tx, std::string(manual_gateway), paid);
    if (!set_aside.empty()) return unprocessable("This payment could not be booked: " + set_aside + ".");
    record(billing, tx, caller, *row, "billing.manual_payment_approved",
           "Approved the payment by hand " + row->reference + ".");
    return admin_view_of(*store::manual_payment(tx, id));
  });
}

Result<AdminManualPaymentView> reject_by_hand(Billing& billing, const Caller& caller, const ManualPaymentId& id,
                                              const ReviewForm& form) {
  return billing.db.write([&](WriteTx& tx) -> Result<AdminManualPaymentView> {
    const auto row = store::manual_payment(tx, id);
    if (!row) return no_payment_by_hand();
    const auto now = billing.clock.now();
    if (!store::decide_manual(tx, id, HandStatus::rejected, caller.user, form.note, now))
      return conflict("CONFLICT", "This payment was " + std::string(name_of(row->status)) + " already.");
    store::end_checkout(tx, row->checkout, CheckoutStatus::failed, now);
    tell_checkout(billing, tx, row->checkout);
    if (const auto buyer = billing.buyer(tx, row->user)) {
      outreach::ManualPaymentRejected message{.name = buyer->name,
                                              .item_name = row->item_name,
                                              .amount = to_text(Money{row->amount_minor, row->currency}),
                                              .reference = row->reference};
      if (form.note && !form.note->empty()) message.note = form.note;
      outreach::enqueue(tx, billing.outreach, {.email = buyer->email, .user = row->user}, message);
    }
    record(billing, tx, caller, *row, "billing.manual_payment_rejected",
           "Rejected the payment by hand " + row->reference + ".");
    return admin_view_of(*store::manual_payment(tx, id));
  });
}

http::Routes by_hand_routes(Billing& billing) {
  using http::Access;
  using http::Bucket;
  using http::Method;
  using http::Request;
  const auto id_in = [](const Request& request) { return ManualPaymentId(std::string(request.param("id"))); };
  const auto decide = [&billing, id_in](std::string_view path, std::string_view operation, std::string_view sentence,
                                        Result<AdminManualPaymentView> (*verb)(
                                            Billing&, const Caller&, const ManualPaymentId&, const ReviewForm&)) {
    return http::Route{
        .method = Method::post,
        .path = path,
        .operation = operation,
        .access = Access::admin,
        .bucket = Bucket::admin,
        .sentence = sentence,
        .endpoint = http::json(
            [&billing, id_in, verb](const Request& request, const ReviewForm& form) -> Result<AdminManualPaymentView> {
              return verb(billing, request.caller, id_in(request), form);
            }),
        .statuses = {404, 409, 422},
        .alias = path.substr(4),
        .scope = "billing:write"};
  };
  return {
      {.method = Method::post,
       .path = "/api/billing/manual-payments",
       .operation = "submitManualPayment",
       .access = Access::member,
       .bucket = Bucket::forms,
       .sentence = "Tell the school of a payment made by hand. Takes an Idempotency-Key.",
       .endpoint =
           http::json([&billing](const Request& request, const ManualPaymentForm& form) -> Result<ManualPaymentView> {
             return submit_by_hand(billing, request.caller, form, request.header("idempotency-key"));
           }),
       .statuses = {404, 409, 422, 503},
       .success = 201,
       .scope = "billing:write"},
      {.method = Method::get,
       .path = "/api/billing/manual-payments",
       .operation = "listManualPayments",
       .access = Access::member,
       .bucket = Bucket::api,
       .sentence = "The caller's payments by hand, the newest first.",
       .endpoint =
           http::json([&billing](const Request& request, const ShortListForm& form) -> Result<Page<ManualPaymentView>> {
             return list_by_hand(billing, request.caller, form);
           }),
       .scope = "billing:read"},
      {.method = Method::put,
       .path = "/api/billing/manual-payments/{id}",
       .operation = "amendManualPayment",
       .access = Access::member,
       .bucket = Bucket::forms,
       .sentence = "Say more of a payment by hand, or send its receipt, while it waits.",
       .endpoint =
           http::json([&billing, id_in](const Request& request, const ProofForm& form) -> Result<ManualPaymentView> {
             return amend_by_hand(billing, request.caller, id_in(request), form);
           }),
       .statuses = {404, 409},
       .scope = "billing:write"},
      {.method = Method::del,
       .path = "/api/billing/manual-payments/{id}",
       .operation = "withdrawManualPayment",
       .access = Access::member,
       .bucket = Bucket::forms,
       .sentence = "Take a payment by hand back while it waits.",
       .endpoint = http::json([&billing, id_in](const Request& request) -> Result<http::NoData> {
         TRY(withdraw_by_hand(billing, request.caller, id_in(request)));
         return http::NoData{};
       }),
       .statuses = {404, 409},
       .scope = "billing:write"},
      {.method = Method::get,
       .path = "/api/admin/manual-payments",
       .operation = "listAllManualPayments",
       .access = Access::admin,
       .bucket = Bucket::admin,
       .sentence = "Everybody's payments by hand, the newest first.",
       .endpoint = http::json(
           [&billing](const Request& request, const ManualPaymentsForm& form) -> Result<Page<AdminManualPaymentView>> {
             return list_all_by_hand(billing, request.caller, form);
           }),
       .alias = "/admin/manual-payments",
       .scope = "billing:read"},
      decide("/api/admin/manual-payments/{id}/approve", "approveManualPayment",
             "The money came: open what was paid for.", approve_by_hand),
      decide("/api/admin/manual-payments/{id}/reject", "rejectManualPayment", "The money did not come: say so.",
             reject_by_hand),
  };
}

}  // namespace tuition::billing
