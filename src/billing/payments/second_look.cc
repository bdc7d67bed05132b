#include "billing/payments/second_look.h"

#include "audit/audit.h"
#include "billing/act_route.h"
#include "billing/billing.h"
#include "billing/notices.h"
#include "billing/payments/refunds.h"
#include "billing/payments/store_refunds.h"

namespace tuition::billing {
namespace {

Error not_a_payment() { return not_found("There is no such payment."); }

// Money has come in, whatever became of it since.
bool came_in(PaymentStatus status) {
  switch (status) {
    case PaymentStatus::pending:
    case PaymentStatus::processing:
    case PaymentStatus::failed:
    case PaymentStatus::cancelled: return false;
    case PaymentStatus::success:
    case PaymentStatus::partially_refunded:
    case PaymentStatus::refunded:
    case PaymentStatus::disputed: return true;
  }
  return false;
}

Error unknown_there(const Gateway& gateway) {
  return conflict("CONFLICT", std::string(gateway.label()) + " knows no such payment; nothing has changed.");
}

// Text: why what it says was set aside.
Result<std::string> ask_again(Billing& billing, Gateway& gateway, const store::PaymentCase& payment) {
  const auto missing = [&](const Error& error) { return error.code == remote_object_missing; };
  if (came_in(payment.status)) {
    const auto state = gateway.fetch_payment(payment.provider_payment_id);
    if (!state) return missing(state.error()) ? unknown_there(gateway) : state.error();
    return billing.db.write(
        [&](WriteTx& tx) -> Result<std::string> { return put_payment_state(billing, tx, payment.provider, *state); });
  }
  const auto state = gateway.fetch_checkout(payment.reference);
  if (!state) return missing(state.error()) ? unknown_there(gateway) : state.error();
  return billing.db.write(
      [&](WriteTx& tx) -> Result<std::string> { return put_checkout(billing, tx, payment.provider, *state, {}); });
}

}  // namespace

Result<PaymentCaseView> look_again(Billing& billing, const Caller& caller, const PaymentId& id) {
  if (!caller.is_admin()) return not_a_payment();
  const auto payment = billing.db.read([&](ReadTx& tx) { return store::payment_case(tx, id); });
  if (!payment) return not_a_payment();
  if (payment->provider == manual_gateway)
    return conflict("CONFLICT", "This payment was made by hand: there is no provider to ask.");
  auto* gateway = billing.gateways.named(payment->provider);
  if (!gateway)
    return Error{Kind::not_configured, "NOT_CONFIGURED", "The provider of this payment is not set up here any more."};
  const auto set_aside = TRY(ask_again(billing, *gateway, *payment));
  billing.db.write([&](WriteTx& tx) {
    const auto after = store::payment_case(tx, id);
    auto outcome = "; it stands at " + std::string(name_of(after->status)) + ".";
    if (!set_aside.empty()) outcome = "; set aside: " + set_aside + ".";
    audit::record(tx, {.at = billing.clock.now(),
                       .actor = caller,
                       .action = "payment.verified",
                       .category = audit::Category::business,
                       .target_type = "payment",
                       .target_id = id.text(),
                       .description = "Asked " + std::string(gateway->label()) + " about the payment " +
                                      payment->reference + outcome});
  });
  return show_payment(billing, caller, id);
}

http::Routes second_look_routes(Billing& billing) {
  return {act_route(billing, "/api/admin/payments/{id}/verify", "verifyPaymentAgain",
                    "Asks the provider of a payment now, and applies what it says.", {404, 409, 503}, look_again)};
}

}  // namespace tuition::billing
