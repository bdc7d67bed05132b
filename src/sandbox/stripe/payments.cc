#include "sandbox/stripe/billing.h"
#include "sandbox/stripe/discounts.h"
#include "sandbox/stripe/disputes.h"
#include "sandbox/stripe/params.h"
#include "sandbox/stripe/shapes.h"
#include "sandbox/stripe/taxes.h"

// Invoices, payments, charges and refunds.

namespace tuition::sandbox::stripe {
namespace {

constexpr const char* declined_message = "Your card was declined.";

std::string money(std::int64_t amount, const std::string& currency) {
  const std::string cents = std::to_string(100 + amount % 100).substr(1);
  std::string code = currency;
  for (char& each : code) each = static_cast<char>(each - 32);
  return std::to_string(amount / 100) + "." + cents + " " + code;
}

}  // namespace

Json& make_payment_method(Account& account, const std::string& customer, const Json& person) {
  Json& method = account.add("payment_method", account.new_id("pm_1", 23));
  method["customer"] = customer;
  method["billing_details"]["email"] = person.value("email", Json());
  method["billing_details"]["name"] = person.value("name", Json());
  method["card"]["fingerprint"] = account.new_id("", 16);
  return method;
}

Json& make_payment(Account& account, const std::string& customer, std::int64_t amount, const std::string& currency,
                   const std::string& payment_method, Card card) {
  Json& charge = account.add("charge", account.new_id("ch_3", 23));
  Json& intent = account.add("payment_intent", account.new_id("pi_3", 23));
  const Json who = customer.empty() ? Json() : Json(customer);
  intent["client_secret"] = text_at(intent, "id") + "_secret_" + account.new_id("", 24);
  intent["amount"] = amount;
  intent["currency"] = currency;
  intent["customer"] = who;
  intent["latest_charge"] = charge["id"];
  charge["amount"] = amount;
  charge["currency"] = currency;
  charge["customer"] = who;
  charge["payment_intent"] = intent["id"];
  charge["payment_method"] = payment_method;
  if (card == Card::good) {
    intent["amount_received"] = amount;
    intent["payment_method"] = payment_method;
    charge["amount_captured"] = amount;
    charge["balance_transaction"] = account.new_id("txn_3", 23);
    charge["receipt_url"] = account.base_url + "/receipt/" + text_at(charge, "id");
    return intent;
  }
  intent["status"] = "requires_payment_method";
  intent["last_payment_error"] = Json{{"type", "card_error"},
                                      {"code", "card_declined"},
                                      {"decline_code", "generic_decline"},
                                      {"charge", charge["id"]},
                                      {"message", declined_message},
                                      {"doc_url", "https://docs.stripe.com/error-codes/card-declined"}};
  charge["status"] = "failed";
  charge["paid"] = false;
  charge["captured"] = false;
  charge["failure_code"] = "card_declined";
  charge["failure_message"] = declined_message;
  charge["outcome"]["network_status"] = "declined_by_network";
  charge["outcome"]["type"] = "issuer_declined";
  charge["outcome"]["reason"] = "generic_decline";
  charge["outcome"]["seller_message"] = "The bank did not return any further details with this decline.";
  return intent;
}

Json& draw_invoice(Account& account, const Json& subscription, std::int64_t amount, std::string_view reason) {
  const Json& item = subscription["items"]["data"][0];
  const Json& price = item["price"];
  const std::string customer_id = text_at(subscription, "customer");
  const std::string id = account.new_id("in_1", 23);

  Json line = blank("line_item");
  line["id"] = account.new_id("il_1", 23);
  line["amount"] = amount;
  line["subtotal"] = amount;
  line["currency"] = price["currency"];
  const Json* product = account.find("product", text_at(price, "product"));
  const std::string name = product ? text_at(*product, "name") : "Subscription";
  line["description"] = amount == 0 ? "Trial period for " + name
                                    : std::to_string(integer_at(item, "quantity")) + " \xc3\x97 " + name + " (at " +
                                          money(integer_at(price, "unit_amount"), text_at(price, "currency")) + " / " +
                                          text_at(price["recurring"], "interval") + ")";
  line["invoice"] = id;
  line["metadata"] = subscription["metadata"];
  line["parent"] = Json{{"invoice_item_details", nullptr},
                        {"subscription_item_details",
                         {{"invoice_item", nullptr},
                          {"proration", false},
                          {"proration_details", {{"credited_items", nullptr}}},
                          {"subscription", subscription["id"]},
                          {"subscription_item", item["id"]}}},
                        {"type", "subscription_item_details"}};
  line["period"] = Json{{"start", item["current_period_start"]}, {"end", item["current_period_end"]}};
  line["pricing"] = Json{{"price_details", {{"price", price["id"]}, {"product", price["product"]}}},
                         {"type", "price_details"},
                         {"unit_amount_decimal", price["unit_amount_decimal"]}};
  line["quantity"] = item["quantity"];
  line["quantity_decimal"] = std::to_string(integer_at(item, "quantity"));
  line["subscription"] = subscription["id"];

  Json& invoice = account.add("invoice", id);
  for (const char* each :
       {"amount_due", "amount_remaining", "subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax"})
    invoice[each] = amount;
  invoice["billing_reason"] = reason;
  invoice["currency"] = price["currency"];
  invoice["customer"] = customer_id;
  if (const Json* customer = account.find("customer", customer_id)) {
    invoice["customer_email"] = customer->value("email", Json());
    invoice["customer_name"] = customer->value("name", Json());
  }
  invoice["lines"]["data"] = Json::array({line});
  invoice["lines"]["total_count"] = 1;
  invoice["lines"]["url"] = "/v1/invoices/" + id + "/lines";
  invoice["parent"] =
      Json{{"quote_details", nullptr},
           {"subscription_details", {{"metadata", subscription["metadata"]}, {"subscription", subscription["id"]}}},
           {"type", "subscription_details"}};
  invoice["period_start"] = account.now_s();
  invoice["period_end"] = account.now_s();
  discount_invoice(account, subscription, invoice);
  tax_invoice(item, invoice);
  return invoice;
}

void finalize_invoice(Account& account, Json& invoice) {
  invoice["status"] = "open";
  invoice["status_transitions"]["finalized_at"] = account.now_s();
  invoice["effective_at"] = account.now_s();
  invoice["ending_balance"] = 0;
  invoice["webhooks_delivered_at"] = account.now_s();
  std::int64_t number = 1;
  std::string prefix = "SANDBOX";
  if (Json* customer = account.find("customer", text_at(invoice, "customer"));
      customer && !customer->contains("deleted")) {
    number = integer_at(*customer, "next_invoice_sequence");
    prefix = text_at(*customer, "invoice_prefix");
    (*customer)["next_invoice_sequence"] = number + 1;
  }
  const std::string digits = std::to_string(10000 + number).substr(1);
  invoice["number"] = prefix + "-" + digits;
  // Without the prefix: like Stripe's, the address does not name the invoice.
  const std::string page = account.base_url + "/invoice/" + text_at(invoice, "id").substr(3);
  invoice["hosted_invoice_url"] = page;
  invoice["invoice_pdf"] = page + "/pdf";
  account.emit("invoice.finalized", invoice);
}

bool collect(Account& account, Json& invoice, Card card, Attempt attempt) {
  const std::int64_t amount = integer_at(invoice, "amount_due");
  invoice["attempted"] = true;
  if (amount > 0) {
    const bool counts = attempt == Attempt::scheduled || integer_at(invoice, "attempt_count") == 0;
    if (counts) invoice["attempt_count"] = integer_at(invoice, "attempt_count") + 1;
    std::string method;
    if (const Json* subscription =
            account.find("subscription", text_at(invoice["parent"]["subscription_details"], "subscription")))
      method = text_at(*subscription, "default_payment_method");
    Json& intent =
        make_payment(account, text_at(invoice, "customer"), amount, text_at(invoice, "currency"), method, card);
    const Json& charge = *account.find("charge", text_at(intent, "latest_charge"));
    Json& link = account.add("invoice_payment", account.new_id("inpay_1", 23));
    link["amount_requested"] = amount;
    link["currency"] = invoice["currency"];
    link["invoice"] = invoice["id"];
    link["payment"]["payment_intent"] = intent["id"];
    if (card == Card::declined) {
      link["status"] = "open";
      link["amount_paid"] = nullptr;
      account.emit("charge.failed", charge);
      account.emit("payment_intent.payment_failed", intent);
      // Three more tries, then no more.
      const std::int64_t tries = integer_at(invoice, "attempt_count");
      if (counts) invoice["next_payment_attempt"] = tries < 4 ? Json(account.now_s() + (tries + 2) * 86400) : Json();
      account.emit("invoice.payment_failed", invoice);
      return false;
    }
    link["amount_paid"] = amount;
    link["status_transitions"]["paid_at"] = account.now_s();
    account.emit("payment_intent.succeeded", intent);
    account.emit("charge.succeeded", charge);
    invoice["amount_paid"] = amount;
    invoice["amount_remaining"] = 0;
    account.emit("invoice_payment.paid", link);
  }
  invoice["status"] = "paid";
  invoice["status_transitions"]["paid_at"] = account.now_s();
  invoice["auto_advance"] = false;
  invoice["next_payment_attempt"] = nullptr;
  account.emit("invoice.paid", invoice);
  account.emit("invoice.payment_succeeded", invoice);
  return true;
}

Result<Json> create_refund(Account& account, const Json& given) {
  using Sort = Param::Sort;
  static const Params table{{"payment_intent"},
                            {"charge"},
                            {"amount", Sort::integer},
                            {"reason", Sort::text, false, {}, {"duplicate", "fraudulent", "requested_by_customer"}},
                            {"metadata", Sort::metadata}};
  const Json params = TRY(check_params(given, table));
  std::string charge_id = text_at(params, "charge");
  if (const std::string intent = text_at(params, "payment_intent"); !intent.empty())
    charge_id = text_at(*TRY(account.need("payment_intent", intent, "payment_intent")), "latest_charge");
  if (charge_id.empty())
    return refusal(Kind::invalid, "parameter_missing",
                   "One of the following params should be provided: payment_intent or charge.");
  Json& charge = *TRY(account.need("charge", charge_id, "charge"));
  const std::int64_t rest = integer_at(charge, "amount_captured") - integer_at(charge, "amount_refunded");
  if (rest <= 0)
    return refusal(Kind::invalid, "charge_already_refunded", "Charge " + charge_id + " has already been refunded.");
  if (const Json* dispute = dispute_of(account, charge_id);
      dispute && holds_money(*dispute) && (*dispute)["is_charge_refundable"] != true)
    return refusal(Kind::invalid, "charge_disputed", "Charge " + charge_id + " has been charged back.");
  const std::int64_t amount = params.contains("amount") ? integer_at(params, "amount") : rest;
  if (amount < 1) return refusal(Kind::invalid, "parameter_invalid_integer", "Invalid positive integer", "amount");
  if (amount > rest)
    return refusal(Kind::invalid, "",
                   "Refund amount (" + money(amount, text_at(charge, "currency")) +
                       ") is greater than unrefunded amount on charge (" + money(rest, text_at(charge, "currency")) +
                       ")",
                   "amount");
  Json& refund = account.add("refund", account.new_id("re_3", 23));
  refund["amount"] = amount;
  refund["charge"] = charge_id;
  for (const char* each : {"currency", "customer", "payment_intent", "payment_method"}) refund[each] = charge[each];
  if (params.contains("reason")) refund["reason"] = params["reason"];
  merge_metadata(refund, params);
  charge["amount_refunded"] = integer_at(charge, "amount_refunded") + amount;
  charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"];
  account.emit("refund.created", refund);
  account.emit("charge.refunded", charge);
  return refund;
}

}  // namespace tuition::sandbox::stripe
