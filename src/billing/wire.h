#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "billing/types.h"
#include "platform/base/fields_json.h"

namespace tuition::billing {

// The most intervals that one charge may be for.
inline constexpr std::int64_t most_intervals = 36;

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
  std::string group{};
};
constexpr auto fields_of(const PlanView*) {
  return table(
      "Plan", field("id", &PlanView::id, "The plan's id."), field("code", &PlanView::code, "Its short stable name."),
      field("name", &PlanView::name, "What people see."),
      field("description", &PlanView::description, "One or two sentences."),
      field("features", &PlanView::features, "What it includes, a line each."),
      field("prices", &PlanView::prices, "What it costs, per currency and interval."),
      field("trialDays", &PlanView::trial_days, "Days before the first charge; none for who has had a subscription."),
      field("scope", &PlanView::scope, "What it opens."),
      field("current", &PlanView::current, "Whether the caller has it now."),
      field("group", &PlanView::group, "Of the plans of one group a person has one at a time."));
}

struct ProductView {
  ProductId id{};
  std::string code{};
  std::string name{};
  std::string description{};
  ProductKind kind = ProductKind::course;
  std::vector<PriceView> prices{};
  std::optional<std::int64_t> access_days{};
  std::vector<ScopeView> opens{};
  bool owned = false;
  std::optional<Instant> owned_until{};
};
constexpr auto fields_of(const ProductView*) {
  return table("Product", field("id", &ProductView::id, "The product's id."),
               field("code", &ProductView::code, "Its short stable name."),
               field("name", &ProductView::name, "What people see."),
               field("description", &ProductView::description, "One or two sentences."),
               field("kind", &ProductView::kind, "A course, a bundle of several things, or full access."),
               field("prices", &ProductView::prices, "What it costs, per currency; to be paid once."),
               field("accessDays", &ProductView::access_days, "How many days it opens things for; null: for good."),
               field("opens", &ProductView::opens, "What it opens."),
               field("owned", &ProductView::owned, "Whether the caller has bought it and may use it now."),
               field("ownedUntil", &ProductView::owned_until, "Until when; null when not owned, or for good."));
}

struct TaxView {
  std::string name{};
  std::string country{};
  std::int64_t basis_points = 0;
  bool inclusive = true;
};
constexpr auto fields_of(const TaxView*) {
  return table("Tax", field("name", &TaxView::name, "What the tax is called."),
               field("country", &TaxView::country, "Whose it is, two letters."),
               field("basisPoints", &TaxView::basis_points, "Hundredths of a per cent: 1600 is 16 %."),
               field("inclusive", &TaxView::inclusive, "Whether prices contain it; otherwise it is added to them."));
}
inline TaxView view_of(const Tax& tax) { return {tax.name, tax.country, tax.basis_points, tax.inclusive}; }

// A country as people give it: two letters.
inline void check_country(const std::optional<std::string>& country, FormProblems& problems) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (country && !std::all_of(country->begin(), country->end(), letter))
    problems.add("country", "must be two letters, such as KE");
}

struct CheckoutForm {
  std::optional<PlanId> plan{};
  std::optional<ProductId> product{};
  std::optional<Interval> interval{};
  std::optional<std::int64_t> interval_count{};
  std::optional<Currency> currency{};
  std::optional<std::string> provider{};
  std::optional<std::string> coupon{};
  std::optional<std::string> country{};
  std::optional<std::string> success_url{};
  std::optional<std::string> cancel_url{};
};
constexpr auto fields_of(const CheckoutForm*) {
  return table(
      "CheckoutForm", field("planId", &CheckoutForm::plan, "The plan to subscribe to; this or a product."),
      field("productId", &CheckoutForm::product, "The product to buy; this or a plan."),
      field("interval", &CheckoutForm::interval, "How often to be charged, where the plan leaves a choice."),
      field("intervalCount", &CheckoutForm::interval_count,
            "Every so many intervals, where the plan leaves a choice; one when not given.", range(1, most_intervals)),
      field("currency", &CheckoutForm::currency, "The currency to pay in, where the plan leaves a choice."),
      field("provider", &CheckoutForm::provider, "The payment provider, where several could take it.",
            formatted(Format::word, 40)),
      field("couponCode", &CheckoutForm::coupon, "A coupon to apply.", formatted(Format::word, 60)),
      field("country", &CheckoutForm::country,
            "Where the buyer is, two letters, for the tax; the school's own when not given.", length(2, 2)),
      field("successUrl", &CheckoutForm::success_url, "Where to return after paying; a page of this site.",
            formatted(Format::path_or_url, 1000)),
      field("cancelUrl", &CheckoutForm::cancel_url, "Where to return when the buyer turns back; a page of this site.",
            formatted(Format::path_or_url, 1000)));
}

// One thing at a time: a plan, or a product.
template <class Form>
void check_offer(const Form& form, FormProblems& problems) {
  if (!problems.fine("planId") || !problems.fine("productId")) return;
  if (!form.plan && !form.product) problems.add("planId", "is required, or else productId");
  if (form.plan && form.product) problems.add("productId", "must not be given together with planId");
}
inline void check_form(const CheckoutForm& form, FormProblems& problems) {
  check_offer(form, problems);
  check_country(form.country, problems);
}

struct CouponForm {
  std::string code{};
  std::optional<PlanId> plan{};
  std::optional<ProductId> product{};
  std::optional<Interval> interval{};
  std::optional<std::int64_t> interval_count{};
  std::optional<Currency> currency{};
};
constexpr auto fields_of(const CouponForm*) {
  return table("CouponForm", field("code", &CouponForm::code, "The coupon's code.", formatted(Format::word, 60)),
               field("planId", &CouponForm::plan, "The plan to try it on; this or a product."),
               field("productId", &CouponForm::product, "The product to try it on; this or a plan."),
               field("interval", &CouponForm::interval, "As for the checkout."),
               field("intervalCount", &CouponForm::interval_count, "As for the checkout.", range(1, most_intervals)),
               field("currency", &CouponForm::currency, "As for the checkout."));
}

inline void check_form(const CouponForm& form, FormProblems& problems) { check_offer(form, problems); }

struct CouponView {
  std::string code{};
  std::string name{};
  std::optional<std::int64_t> percent{};
  CouponDuration duration = CouponDuration::once;
  std::optional<std::int64_t> duration_months{};
  std::int64_t amount_minor = 0;
  std::int64_t discount_minor = 0;
  std::int64_t total_minor = 0;
  Currency currency{};
};
constexpr auto fields_of(const CouponView*) {
  return table("CouponQuote", field("code", &CouponView::code, "The coupon's code."),
               field("name", &CouponView::name, "What people see."),
               field("percent", &CouponView::percent, "Its percentage; null when it takes off a fixed amount."),
               field("duration", &CouponView::duration, "On a subscription: the first payment, some months, or all."),
               field("durationMonths", &CouponView::duration_months, "How many months, when it is for some."),
               field("amountMinor", &CouponView::amount_minor, "The price without it, in the smallest unit."),
               field("discountMinor", &CouponView::discount_minor, "What it takes off."),
               field("totalMinor", &CouponView::total_minor, "What remains to pay."),
               field("currency", &CouponView::currency, "ISO 4217 code."));
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

struct ProductRef {
  ProductId id{};
  std::string code{};
  std::string name{};
};
constexpr auto fields_of(const ProductRef*) {
  return table("ProductRef", field("id", &ProductRef::id, "The product's id."),
               field("code", &ProductRef::code, "Its short stable name."),
               field("name", &ProductRef::name, "What people see."));
}

struct CheckoutFailure {
  std::string code{};
  std::string message{};
};
constexpr auto fields_of(const CheckoutFailure*) {
  return table("CheckoutFailure", field("code", &CheckoutFailure::code, "Stable, for programs."),
               field("message", &CheckoutFailure::message, "For people."));
}

struct CheckoutPrice {
  std::int64_t amount_minor = 0;
  std::int64_t discount_minor = 0;
  std::int64_t tax_minor = 0;
  std::int64_t total_minor = 0;
  Currency currency{};
  Interval interval = Interval::month;
  std::int64_t interval_count = 1;
};
constexpr auto fields_of(const CheckoutPrice*) {
  return table("CheckoutPrice", field("amountMinor", &CheckoutPrice::amount_minor, "In the currency's smallest unit."),
               field("discountMinor", &CheckoutPrice::discount_minor, "What a coupon takes off the first payment."),
               field("taxMinor", &CheckoutPrice::tax_minor, "The tax in the first payment."),
               field("totalMinor", &CheckoutPrice::total_minor, "The first payment once a trial, if any, is over."),
               field("currency", &CheckoutPrice::currency, "ISO 4217 code."),
               field("interval", &CheckoutPrice::interval, "How often it is charged."),
               field("intervalCount", &CheckoutPrice::interval_count, "Every so many intervals."));
}

struct CheckoutView {
  CheckoutId id{};
  CheckoutStatus status = CheckoutStatus::open;
  std::optional<std::string> url{};
  std::string provider{};
  std::optional<PlanRef> plan{};
  std::optional<ProductRef> product{};
  CheckoutPrice price{};
  std::int64_t trial_days = 0;
  std::optional<std::string> coupon_code{};
  std::optional<TaxView> tax{};
  Instant expires_at{};
  Instant created_at{};
  std::optional<Instant> completed_at{};
  bool access_open = false;
  std::optional<CheckoutFailure> failure{};
};
constexpr auto fields_of(const CheckoutView*) {
  return table(
      "Checkout", field("checkoutId", &CheckoutView::id, "The checkout's id."),
      field("status", &CheckoutView::status, "Where it stands: only completed means paid."),
      field("url", &CheckoutView::url, "The provider's page to pay on; null until it is known or when it is over."),
      field("provider", &CheckoutView::provider, "Who takes the payment."),
      field("plan", &CheckoutView::plan, "The plan that is bought; null for a product."),
      field("product", &CheckoutView::product, "The product that is bought; null for a plan."),
      field("price", &CheckoutView::price, "What it costs."),
      field("trialDays", &CheckoutView::trial_days, "Days before the first charge; a person has one trial only."),
      field("couponCode", &CheckoutView::coupon_code, "The coupon applied."),
      field("tax", &CheckoutView::tax, "The tax in what it costs; null where there is none."),
      field("expiresAt", &CheckoutView::expires_at, "When the page closes."),
      field("createdAt", &CheckoutView::created_at, "When it was begun."),
      field("completedAt", &CheckoutView::completed_at, "When it was paid, failed or expired."),
      field("accessOpen", &CheckoutView::access_open, "Whether the bought access is open now."),
      field("failure", &CheckoutView::failure, "Why it failed; null when it did not."));
}

// On a stream of events (outreach/live.h): another state of one of the person's checkouts.
struct CheckoutTold {
  CheckoutId id{};
  CheckoutStatus status = CheckoutStatus::open;
};
constexpr auto fields_of(const CheckoutTold*) {
  return table("CheckoutTold", field("checkoutId", &CheckoutTold::id, "The checkout's id."),
               field("status", &CheckoutTold::status, "Where it stands now."));
}

struct ChargeView {
  std::int64_t amount_minor = 0;
  std::int64_t discount_minor = 0;
  std::int64_t total_minor = 0;
  std::int64_t tax_minor = 0;
  Instant at{};
};
constexpr auto fields_of(const ChargeView*) {
  return table("Charge", field("amountMinor", &ChargeView::amount_minor, "The price, in the smallest unit."),
               field("discountMinor", &ChargeView::discount_minor, "What the coupon takes off."),
               field("totalMinor", &ChargeView::total_minor, "What is charged, with the tax."),
               field("taxMinor", &ChargeView::tax_minor, "The tax in it."),
               field("at", &ChargeView::at, "When: of a quote, if bought now."));
}

struct ScheduledChangeView {
  PlanRef plan{};
  Interval interval = Interval::month;
  std::int64_t interval_count = 1;
  std::int64_t amount_minor = 0;
  Currency currency{};
  Instant at{};
};
constexpr auto fields_of(const ScheduledChangeView*) {
  return table(
      "ScheduledChange", field("plan", &ScheduledChangeView::plan, "The plan to come."),
      field("interval", &ScheduledChangeView::interval, "How often it is charged."),
      field("intervalCount", &ScheduledChangeView::interval_count, "Every so many intervals."),
      field("amountMinor", &ScheduledChangeView::amount_minor, "What each period costs, in the smallest unit."),
      field("currency", &ScheduledChangeView::currency, "ISO 4217 code."),
      field("at", &ScheduledChangeView::at, "When it begins."));
}

struct SubscriptionView {
  SubscriptionId id{};
  PlanRef plan{};
  SubscriptionStatus status = SubscriptionStatus::active;
  std::string group{};
  Interval interval = Interval::month;
  std::int64_t interval_count = 1;
  std::int64_t amount_minor = 0;
  Currency currency{};
  Instant period_start{};
  Instant period_end{};
  std::optional<Instant> next_charge_at{};
  std::optional<ChargeView> next_charge{};
  std::optional<TaxView> tax{};
  bool cancel_at_period_end = false;
  std::optional<Instant> trial_end{};
  std::optional<Instant> paused_at{};
  std::optional<Instant> access_until{};
  std::optional<Instant> cancelled_at{};
  std::optional<Instant> ended_at{};
  bool surplus = false;
  std::optional<ScheduledChangeView> scheduled_change{};
  std::string provider{};
  std::string provider_name{};
  bool manageable = false;
  bool has_portal = false;
  bool payable = false;
  bool pausable = false;
};
constexpr auto fields_of(const SubscriptionView*) {
  return table(
      "Subscription", field("id", &SubscriptionView::id, "The subscription's id."),
      field("plan", &SubscriptionView::plan, "The plan it is for."),
      field("status", &SubscriptionView::status, "Where it stands."),
      field("group", &SubscriptionView::group, "The plans it can be changed to are of this group."),
      field("interval", &SubscriptionView::interval, "How often it is charged."),
      field("intervalCount", &SubscriptionView::interval_count, "Every so many intervals."),
      field("amountMinor", &SubscriptionView::amount_minor, "What each period costs, in the smallest unit."),
      field("currency", &SubscriptionView::currency, "ISO 4217 code."),
      field("currentPeriodStart", &SubscriptionView::period_start, "When the paid period began."),
      field("currentPeriodEnd", &SubscriptionView::period_end, "When it ends."),
      field("nextChargeAt", &SubscriptionView::next_charge_at, "When the next charge is due; null when there is none."),
      field("nextCharge", &SubscriptionView::next_charge,
            "What the next charge comes to, with a coupon that lasts, a change to come and the tax; null when there is "
            "none."),
      field("tax", &SubscriptionView::tax, "The tax that it began with and keeps; null where there is none."),
      field("cancelAtPeriodEnd", &SubscriptionView::cancel_at_period_end, "Whether it ends with the period."),
      field("trialEnd", &SubscriptionView::trial_end, "When the trial ends or ended."),
      field("pausedAt", &SubscriptionView::paused_at, "Since when it stands still; null while it goes on."),
      field("accessUntil", &SubscriptionView::access_until,
            "Until when it opens lessons if nothing more is paid; null when it does not."),
      field("cancelledAt", &SubscriptionView::cancelled_at, "When somebody asked for its end."),
      field("endedAt", &SubscriptionView::ended_at, "When it ended."),
      field("surplus", &SubscriptionView::surplus, "A second one by mistake, cancelled and refunded at once."),
      field("scheduledChange", &SubscriptionView::scheduled_change, "The plan it changes to with the next period."),
      field("provider", &SubscriptionView::provider, "Who takes the payments."),
      field("providerName", &SubscriptionView::provider_name, "The same, as people know them; empty for a gift."),
      field("manageable", &SubscriptionView::manageable, "Whether it can be changed and cancelled here."),
      field("hasPortal", &SubscriptionView::has_portal, "Whether the provider has a page for cards and addresses."),
      field("payable", &SubscriptionView::payable,
            "Whether the next period can be paid for now, by a checkout of the same plan."),
      field("pausable", &SubscriptionView::pausable, "Whether its owner may let it stand still."));
}

struct SubscriptionsView {
  std::optional<SubscriptionView> current{};
  std::vector<SubscriptionView> history{};
};
constexpr auto fields_of(const SubscriptionsView*) {
  return table("Subscriptions", field("current", &SubscriptionsView::current, "The one that runs, if any."),
               field("history", &SubscriptionsView::history, "Those that are over, the newest first."));
}

struct CancelForm {
  std::optional<LeavingReason> reason{};
  std::optional<std::string> comment{};
  std::optional<bool> immediately{};
};
constexpr auto fields_of(const CancelForm*) {
  return table("CancelForm", field("reason", &CancelForm::reason, "Why."),
               field("comment", &CancelForm::comment, "Why, in own words.", long_text(0, 1000)),
               field("immediately", &CancelForm::immediately,
                     "At once, with the end of access, instead of with the paid period."));
}

struct ChangeForm {
  PlanId plan{};
  std::optional<Interval> interval{};
  std::optional<std::int64_t> interval_count{};
};
constexpr auto fields_of(const ChangeForm*) {
  return table("ChangeForm", field("planId", &ChangeForm::plan, "The plan to change to."),
               field("interval", &ChangeForm::interval, "How often to be charged; as now when not given."),
               field("intervalCount", &ChangeForm::interval_count,
                     "Every so many intervals; as now, or one, when not given.", range(1, most_intervals)));
}

struct UpgradeForm {
  PlanId plan{};
  std::optional<Interval> interval{};
  std::optional<std::int64_t> interval_count{};
  std::optional<ChangeTime> effective{};
  std::optional<Instant> proration_date{};
};
constexpr auto fields_of(const UpgradeForm*) {
  return table("UpgradeForm", field("planId", &UpgradeForm::plan, "The plan to change to."),
               field("interval", &UpgradeForm::interval, "How often to be charged; as now when not given."),
               field("intervalCount", &UpgradeForm::interval_count,
                     "Every so many intervals; as now, or one, when not given.", range(1, most_intervals)),
               field("effective", &UpgradeForm::effective,
                     "When; without it a step up is taken now and a step down with the next period."),
               field("prorationDate", &UpgradeForm::proration_date,
                     "The moment the preview was made for, so that the same is charged; at most an hour ago."));
}

struct ChangePreview {
  std::string kind{};
  ChangeTime effective = ChangeTime::now;
  Instant effective_at{};
  PlanRef plan{};
  Interval interval = Interval::month;
  std::int64_t interval_count = 1;
  std::int64_t amount_minor = 0;
  Currency currency{};
  std::int64_t due_now_minor = 0;
  std::int64_t credit_minor = 0;
  std::optional<Instant> proration_date{};
};
constexpr auto fields_of(const ChangePreview*) {
  return table(
      "ChangePreview", field("kind", &ChangePreview::kind, "upgrade or downgrade."),
      field("effective", &ChangePreview::effective, "Now, or with the end of the paid period."),
      field("effectiveAt", &ChangePreview::effective_at, "The moment it takes place."),
      field("plan", &ChangePreview::plan, "The plan to change to."),
      field("interval", &ChangePreview::interval, "How often it is charged."),
      field("intervalCount", &ChangePreview::interval_count, "Every so many intervals."),
      field("amountMinor", &ChangePreview::amount_minor, "What each period then costs, in the smallest unit."),
      field("currency", &ChangePreview::currency, "ISO 4217 code."),
      field("dueNowMinor", &ChangePreview::due_now_minor, "What is to be paid at once."),
      field("creditMinor", &ChangePreview::credit_minor, "What of the paid period is taken into account in it."),
      field("prorationDate", &ChangePreview::proration_date,
            "To be sent with the change, so that the same is charged; null when nothing is due now."));
}

struct CancellationView {
  SubscriptionStatus status = SubscriptionStatus::active;
  bool cancel_at_period_end = false;
  std::optional<Instant> access_until{};
};
constexpr auto fields_of(const CancellationView*) {
  return table("Cancellation", field("status", &CancellationView::status, "Where the subscription stands."),
               field("cancelAtPeriodEnd", &CancellationView::cancel_at_period_end, "Whether it ends with the period."),
               field("accessUntil", &CancellationView::access_until, "Until when lessons stay open; null: closed."));
}

struct PortalView {
  std::string url{};
};
constexpr auto fields_of(const PortalView*) {
  return table("Portal",
               field("url", &PortalView::url, "The provider's page; good for a few minutes, for one person."));
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
