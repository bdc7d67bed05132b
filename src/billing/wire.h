#pragma once

#include <optional>
#include <string>
#include <vector>

#include "billing/types.h"
#include "platform/base/fields.h"

namespace tuition::billing {

struct PriceView {
  PriceId id{};
  Currency currency{};
  std::int64_t amount_minor = 0;
  Interval interval = Interval::month;
  std::int64_t interval_count = 1;
};
constexpr auto fields_of(const PriceView*) {
  return table("Price", field("id", &PriceView::id, "The price's id."),
               field("currency", &PriceView::currency, "ISO 4217 code."),
               field("amountMinor", &PriceView::amount_minor, "In the currency's smallest unit."),
               field("interval", &PriceView::interval, "How often it is charged."),
               field("intervalCount", &PriceView::interval_count, "Every so many intervals."));
}

struct ScopeView {
  std::string kind{};
  std::optional<std::string> id{};
};
constexpr auto fields_of(const ScopeView*) {
  return table("PlanScope", field("kind", &ScopeView::kind, "What the plan opens: all, category, course or feature."),
               field("id", &ScopeView::id, "Which one; null for all."));
}

struct PlanView {
  PlanId id{};
  std::string code{};
  std::string name{};
  std::string description{};
  std::vector<std::string> features{};
  std::vector<PriceView> prices{};
  std::int64_t trial_days = 0;
  ScopeView scope{};
  bool current = false;
};
constexpr auto fields_of(const PlanView*) {
  return table("Plan", field("id", &PlanView::id, "The plan's id."),
               field("code", &PlanView::code, "Its short stable name."),
               field("name", &PlanView::name, "What people see."),
               field("description", &PlanView::description, "One or two sentences."),
               field("features", &PlanView::features, "What it includes, a line each."),
               field("prices", &PlanView::prices, "What it costs, per currency and interval."),
               field("trialDays", &PlanView::trial_days, "Days before the first charge."),
               field("scope", &PlanView::scope, "What it opens."),
               field("current", &PlanView::current, "Whether the caller has it now."));
}

struct CheckoutForm {
  PlanId plan{};
  std::optional<Interval> interval{};
  std::optional<Currency> currency{};
  std::optional<std::string> provider{};
  std::optional<std::string> coupon{};
  std::optional<std::string> success_url{};
  std::optional<std::string> cancel_url{};
};
constexpr auto fields_of(const CheckoutForm*) {
  return table(
      "CheckoutForm", field("planId", &CheckoutForm::plan, "The plan to subscribe to."),
      field("interval", &CheckoutForm::interval, "How often to be charged, where the plan leaves a choice."),
      field("currency", &CheckoutForm::currency, "The currency to pay in, where the plan leaves a choice."),
      field("provider", &CheckoutForm::provider, "The payment provider, where several could take it.",
            formatted(Format::word, 40)),
      field("couponCode", &CheckoutForm::coupon, "A coupon to apply.", formatted(Format::word, 60)),
      field("successUrl", &CheckoutForm::success_url, "Where to return after paying; a page of this site.",
            formatted(Format::path_or_url, 1000)),
      field("cancelUrl", &CheckoutForm::cancel_url, "Where to return when the buyer turns back; a page of this site.",
            formatted(Format::path_or_url, 1000)));
}

struct PlanRef {
  PlanId id{};
  std::string code{};
  std::string name{};
};
constexpr auto fields_of(const PlanRef*) {
  return table("PlanRef", field("id", &PlanRef::id, "The plan's id."),
               field("code", &PlanRef::code, "Its short stable name."),
               field("name", &PlanRef::name, "What people see."));
}

struct CheckoutPrice {
  std::int64_t amount_minor = 0;
  Currency currency{};
  Interval interval = Interval::month;
};
constexpr auto fields_of(const CheckoutPrice*) {
  return table("CheckoutPrice", field("amountMinor", &CheckoutPrice::amount_minor, "In the currency's smallest unit."),
               field("currency", &CheckoutPrice::currency, "ISO 4217 code."),
               field("interval", &CheckoutPrice::interval, "How often it is charged."));
}

struct CheckoutView {
  CheckoutId id{};
  CheckoutStatus status = CheckoutStatus::open;
  std::optional<std::string> url{};
  std::string provider{};
  PlanRef plan{};
  CheckoutPrice price{};
  Instant expires_at{};
  Instant created_at{};
  std::optional<Instant> completed_at{};
  bool access_open = false;
};
constexpr auto fields_of(const CheckoutView*) {
  return table(
      "Checkout", field("checkoutId", &CheckoutView::id, "The checkout's id."),
      field("status", &CheckoutView::status, "Where it stands: only completed means paid."),
      field("url", &CheckoutView::url, "The provider's page to pay on; null until it is known or when it is over."),
      field("provider", &CheckoutView::provider, "Who takes the payment."),
      field("plan", &CheckoutView::plan, "What is bought."), field("price", &CheckoutView::price, "What it costs."),
      field("expiresAt", &CheckoutView::expires_at, "When the page closes."),
      field("createdAt", &CheckoutView::created_at, "When it was begun."),
      field("completedAt", &CheckoutView::completed_at, "When it was paid, failed or expired."),
      field("accessOpen", &CheckoutView::access_open, "Whether the bought access is open now."));
}

struct SubscriptionView {
  SubscriptionId id{};
  PlanRef plan{};
  SubscriptionStatus status = SubscriptionStatus::active;
  Interval interval = Interval::month;
  std::int64_t amount_minor = 0;
  Currency currency{};
  Instant period_start{};
  Instant period_end{};
  std::optional<Instant> next_charge_at{};
  bool cancel_at_period_end = false;
  std::optional<Instant> trial_end{};
  std::string provider{};
};
constexpr auto fields_of(const SubscriptionView*) {
  return table(
      "Subscription", field("id", &SubscriptionView::id, "The subscription's id."),
      field("plan", &SubscriptionView::plan, "The plan it is for."),
      field("status", &SubscriptionView::status, "Where it stands."),
      field("interval", &SubscriptionView::interval, "How often it is charged."),
      field("amountMinor", &SubscriptionView::amount_minor, "What each period costs, in the smallest unit."),
      field("currency", &SubscriptionView::currency, "ISO 4217 code."),
      field("currentPeriodStart", &SubscriptionView::period_start, "When the paid period began."),
      field("currentPeriodEnd", &SubscriptionView::period_end, "When it ends."),
      field("nextChargeAt", &SubscriptionView::next_charge_at, "When the next charge is due; null when there is none."),
      field("cancelAtPeriodEnd", &SubscriptionView::cancel_at_period_end, "Whether it ends with the period."),
      field("trialEnd", &SubscriptionView::trial_end, "When the trial ends or ended."),
      field("provider", &SubscriptionView::provider, "Who takes the payments."));
}

struct WebhookReceipt {
  bool received = true;
  bool duplicate = false;
};
constexpr auto fields_of(const WebhookReceipt*) {
  return table("WebhookReceipt", field("received", &WebhookReceipt::received, "The event is kept."),
               field("duplicate", &WebhookReceipt::duplicate, "It was kept before; nothing more is done."));
}

}  // namespace tuition::billing
