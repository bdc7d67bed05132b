#include "sandbox/stripe/shapes.h"

#include <map>

#include "platform/base/check.h"

namespace tuition::sandbox::stripe {
namespace {

struct Shape {
  const char* kind;
  const char* text;
};

// As API version 2026-10-28.endive answers them, without values.
constexpr Shape shapes[] = {
    {"customer",
     R"({"id": null, "object": "customer", "balance": 0, "created": null, "default_source": null, "description": null,
"email": null, "invoice_settings": {"custom_fields": null, "default_payment_method": null, "footer": null,
"rendering_options": null}, "livemode": false, "metadata": {}, "shipping": null, "address": null, "currency": null,
"delinquent": false, "invoice_prefix": null, "name": null, "next_invoice_sequence": 1, "phone": null,
"preferred_locales": [], "tax_exempt": "none", "test_clock": null})"},
    {"payment_method",
     R"({"id": null, "object": "payment_method", "billing_details": {"address": {"city": null, "country": null, "line1":
null, "line2": null, "postal_code": null, "state": null}, "email": null, "name": null, "phone": null, "tax_id":
null}, "created": null, "customer": null, "customer_account": null, "livemode": false, "metadata": {}, "type":
"card", "allow_redisplay": "limited", "card": {"brand": "visa", "checks": null, "country": "US", "display_brand":
"visa", "exp_month": 4, "exp_year": 2031, "funding": "credit", "generated_from": null, "last4": "4242", "networks":
null, "regulated_status": null, "three_d_secure_usage": null, "wallet": null, "fingerprint": null}})"},
    {"payment_intent",
     R"({"id": null, "object": "payment_intent", "allowed_payment_method_types": null, "amount": 0, "amount_capturable": 0,
"amount_received": 0, "application": null, "application_fee_amount": null, "automatic_payment_methods": null,
"canceled_at": null, "cancellation_reason": null, "capture_method": "automatic_async", "client_secret": null,
"confirmation_method": "automatic", "created": null, "currency": null, "customer": null, "customer_account": null,
"description": null, "excluded_payment_method_types": null, "last_payment_error": null, "latest_charge": null,
"livemode": false, "managed_payments": null, "metadata": {}, "next_action": null, "on_behalf_of": null,
"payment_method": null, "payment_method_configuration_details": null, "payment_method_options": null,
"payment_method_types": ["card"], "payment_record": null, "processing": null, "receipt_email": null, "review": null,
"setup_future_usage": null, "shipping": null, "source": null, "statement_descriptor": null,
"statement_descriptor_suffix": null, "status": "succeeded", "transfer_group": null})"},
    {"charge",
     R"({"id": null, "object": "charge", "amount": 0, "amount_captured": 0, "amount_refunded": 0, "application": null,
"application_fee": null, "application_fee_amount": null, "balance_transaction": null, "billing_details": {"address":
{"city": null, "country": null, "line1": null, "line2": null, "postal_code": null, "state": null}, "email": null,
"name": null, "phone": null, "tax_id": null}, "calculated_statement_descriptor": null, "captured": true, "created":
null, "currency": null, "customer": null, "description": null, "disputed": false, "failure_balance_transaction":
null, "failure_code": null, "failure_message": null, "fraud_details": {}, "livemode": false, "metadata": {},
"on_behalf_of": null, "outcome": {"advice_code": null, "network_advice_code": null, "network_decline_code": null,
"network_status": "approved_by_network", "reason": null, "seller_message": "Payment complete.", "type":
"authorized", "risk_level": "normal", "risk_score": 12}, "paid": true, "payment_intent": null, "payment_method":
null, "payment_method_details": {"type": "card", "card": {"amount_authorized": null, "authorization_code": null,
"brand": "visa", "checks": {"address_line1_check": "pass", "address_postal_code_check": "pass", "cvc_check":
"pass"}, "country": "US", "electronic_commerce_indicator": null, "exp_month": 4, "exp_year": 2031, "funding":
"credit", "installments": null, "last4": "4242", "mandate": null, "network": "visa", "network_transaction_id": null,
"regulated_status": null, "three_d_secure": null, "transaction_link_id": null, "wallet": null, "fingerprint":
null}}, "receipt_email": null, "receipt_number": null, "receipt_url": null, "refunded": false, "review": null,
"shipping": null, "source": null, "source_transfer": null, "statement_descriptor": null,
"statement_descriptor_suffix": null, "status": "succeeded", "transfer_data": null, "transfer_group": null})"},
    {"checkout.session",
     R"({"id": null, "object": "checkout.session", "adaptive_pricing": {"enabled": false}, "after_expiration": null,
"allow_promotion_codes": null, "allowed_payment_method_types": null, "amount_subtotal": 0, "amount_total": 0,
"automatic_tax": {"enabled": false, "liability": null, "provider": null, "status": null},
"billing_address_collection": "auto", "cancel_url": null, "client_reference_id": null, "client_secret": null,
"collected_information": null, "consent": null, "consent_collection": null, "created": null, "currency": null,
"currency_conversion": null, "custom_fields": [], "custom_text": {"after_submit": null, "shipping_address": null,
"submit": null, "terms_of_service_acceptance": null}, "customer": null, "customer_account": null,
"customer_creation": null, "customer_details": null, "customer_email": null, "discounts": [], "expires_at": null,
"integration_identifier": null, "invoice": null, "invoice_creation": null, "livemode": false, "locale": null,
"managed_payments": null, "metadata": {}, "mode": null, "origin_context": null, "payment_intent": null,
"payment_link": null, "payment_method_collection": null, "payment_method_configuration_details": null,
"payment_method_options": {}, "payment_method_types": ["card"], "payment_status": "unpaid", "permissions": null,
"recovered_from": null, "saved_payment_method_options": null, "setup_intent": null, "shipping_address_collection":
null, "shipping_cost": null, "shipping_options": [], "status": "open", "submit_type": null, "subscription": null,
"success_url": null, "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0}, "ui_mode":
"hosted_page", "url": null, "wallet_options": null, "phone_number_collection": {"enabled": false}})"},
    {"subscription",
     R"({"id": null, "object": "subscription", "application": null, "application_fee_percent": null, "automatic_tax":
{"disabled_reason": null, "enabled": false, "liability": null}, "billing_cycle_anchor": null,
"billing_cycle_anchor_config": null, "billing_mode": {"flexible": {"proration_discounts": "included"}, "type":
"flexible"}, "billing_schedules": [], "billing_thresholds": null, "cancel_at": null, "cancel_at_period_end": false,
"canceled_at": null, "cancellation_details": {"comment": null, "feedback": null, "feedback_option": null, "reason":
null}, "collection_method": "charge_automatically", "created": null, "currency": null, "customer": null,
"customer_account": null, "days_until_due": null, "default_payment_method": null, "default_source": null,
"description": null, "discounts": [], "ended_at": null, "invoice_settings": {"account_tax_ids": null,
"custom_fields": null, "description": null, "footer": null, "issuer": {"type": "self"}}, "items": {"object": "list",
"data": [], "has_more": false, "url": null, "total_count": 0}, "latest_invoice": null, "livemode": false,
"managed_payments": null, "metadata": {}, "next_pending_invoice_item_invoice": null, "on_behalf_of": null,
"pause_collection": null, "payment_settings": {"payment_method_options": null, "payment_method_types": null,
"save_default_payment_method": "off"}, "pending_invoice_item_interval": null, "pending_setup_intent": null,
"pending_update": null, "schedule": null, "start_date": null, "status": "active", "test_clock": null,
"transfer_data": null, "trial_end": null, "trial_settings": {"end_behavior": {"billing_cycle_anchor": null,
"missing_payment_method": "create_invoice"}}, "trial_start": null, "default_tax_rates": []})"},
    {"subscription_item",
     R"({"id": null, "object": "subscription_item", "billing_thresholds": null, "created": null, "current_period_end": null,
"current_period_start": null, "current_trial": null, "discounts": [], "metadata": {}, "plan": null, "price": null,
"subscription": null, "tax_rates": [], "quantity": 1})"},
    {"plan",
     R"({"id": null, "object": "plan", "active": true, "amount": 0, "amount_decimal": "0", "billing_scheme": "per_unit",
"created": null, "currency": null, "interval": "month", "interval_count": 1, "livemode": false, "metadata": {},
"meter": null, "nickname": null, "product": null, "tiers_mode": null, "transform_usage": null, "trial_period_days":
null, "usage_type": "licensed"})"},
    {"invoice",
     R"({"id": null, "object": "invoice", "account_country": "US", "account_name": "Sandbox school", "account_tax_ids":
null, "amount_due": 0, "amount_overpaid": 0, "amount_paid": 0, "amount_remaining": 0, "amount_shipping": 0,
"application": null, "attempt_count": 0, "attempted": false, "automatic_tax": {"disabled_reason": null, "enabled":
false, "liability": null, "provider": null, "status": null}, "automatically_finalizes_at": null, "billing_reason":
"subscription_create", "collection_method": "charge_automatically", "created": null, "currency": null,
"custom_fields": null, "customer": null, "customer_account": null, "customer_address": null, "customer_email": null,
"customer_name": null, "customer_phone": null, "customer_shipping": null, "customer_tax_exempt": "none",
"default_payment_method": null, "default_source": null, "default_tax_rates": [], "description": null, "discounts":
[], "due_date": null, "effective_at": null, "ending_balance": null, "footer": null, "from_invoice": null, "issuer":
{"type": "self"}, "last_finalization_error": null, "latest_revision": null, "lines": {"object": "list", "data": [],
"has_more": false, "url": null, "total_count": 0}, "livemode": false, "metadata": {}, "next_payment_attempt": null,
"number": null, "on_behalf_of": null, "parent": null, "payment_settings": {"default_mandate": null,
"payment_method_options": null, "payment_method_types": null}, "period_end": null, "period_start": null,
"post_payment_credit_notes_amount": 0, "pre_payment_credit_notes_amount": 0, "receipt_number": null, "rendering":
null, "shipping_cost": null, "shipping_details": null, "starting_balance": 0, "statement_descriptor": null,
"status": "draft", "status_transitions": {"finalized_at": null, "marked_uncollectible_at": null, "paid_at": null,
"voided_at": null}, "subtotal": 0, "subtotal_excluding_tax": 0, "test_clock": null, "total": 0,
"total_discount_amounts": [], "total_excluding_tax": 0, "total_pretax_credit_amounts": [], "total_taxes": [],
"webhooks_delivered_at": null, "auto_advance": true, "customer_tax_ids": [], "hosted_invoice_url": null,
"invoice_pdf": null})"},
    {"line_item",
     R"({"id": null, "object": "line_item", "amount": 0, "currency": null, "description": null, "discount_amounts": [],
"discountable": true, "discounts": [], "invoice": null, "livemode": false, "metadata": {}, "parent": null, "period":
null, "pretax_credit_amounts": [], "pricing": null, "quantity": 1, "quantity_decimal": "1", "subscription": null,
"subtotal": 0, "taxes": []})"},
    {"invoice_payment",
     R"({"id": null, "object": "invoice_payment", "amount_paid": 0, "amount_requested": 0, "created": null, "currency":
null, "invoice": null, "is_default": true, "livemode": false, "payment": {"payment_intent": null, "type":
"payment_intent"}, "status": "paid", "status_transitions": {"canceled_at": null, "paid_at": null}})"},
    {"product",
     R"({"id": null, "object": "product", "active": true, "created": null, "description": null, "images": [], "livemode":
false, "marketing_features": [], "metadata": {}, "name": null, "package_dimensions": null, "shippable": null,
"tax_details": null, "type": "service", "updated": null, "url": null, "default_price": null, "unit_label": null,
"statement_descriptor": null, "tax_code": null})"},
    {"price",
     R"({"id": null, "object": "price", "active": true, "billing_scheme": "per_unit", "created": null, "currency": null,
"custom_unit_amount": null, "livemode": false, "lookup_key": null, "metadata": {}, "nickname": null, "product":
null, "recurring": null, "tax_behavior": "unspecified", "tiers_mode": null, "transform_quantity": null, "type":
"recurring", "unit_amount": 0, "unit_amount_decimal": "0"})"},
    {"coupon",
     R"({"id": null, "object": "coupon", "amount_off": null, "created": null, "currency": null, "duration": "once",
"duration_in_months": null, "livemode": false, "max_redemptions": null, "metadata": {}, "name": null, "percent_off":
null, "redeem_by": null, "times_redeemed": 0, "valid": true})"},
    {"refund",
     R"({"id": null, "object": "refund", "amount": 0, "balance_transaction": null, "charge": null, "created": null,
"currency": null, "customer": null, "customer_account": null, "metadata": {}, "payment_intent": null,
"payment_method": null, "reason": null, "receipt_number": null, "source_transfer_reversal": null, "status":
"succeeded", "transfer_reversal": null})"},
    {"dispute",
     R"({"id": null, "object": "dispute", "amount": 0, "balance_transactions": [], "charge": null, "created": null,
"currency": null, "enhanced_eligibility_types": [], "evidence": {}, "evidence_details": {"due_by": null,
"enhanced_eligibility": {}, "has_evidence": false, "past_due": false, "submission_count": 0, "submission_method":
"manual"}, "intended_submission_method": null, "is_charge_refundable": false, "livemode": false, "metadata": {},
"network_reason_code": null, "payment_intent": null, "payment_method_details": {"type": "card", "card": {"brand":
"visa", "case_type": "chargeback", "network": "visa", "network_reason_code": "10.4"}}, "reason": "fraudulent",
"status": "needs_response"})"},
};

}  // namespace

const Json& blank(std::string_view kind) {
  static const std::map<std::string, Json, std::less<>> parsed = [] {
    std::map<std::string, Json, std::less<>> all;
    for (const Shape& each : shapes) all.emplace(each.kind, Json::parse(each.text));
    return all;
  }();
  const auto found = parsed.find(kind);
  check(found != parsed.end(), "every object has a shape");
  return found->second;
}

}  // namespace tuition::sandbox::stripe
