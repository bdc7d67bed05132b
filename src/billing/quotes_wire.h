#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "billing/wire.h"

namespace tuition::billing {

struct QuoteForm {
  std::optional<Interval> interval{};
  std::optional<Currency> currency{};
  std::optional<std::string> coupon{};
  std::optional<std::string> country{};
};
constexpr auto fields_of(const QuoteForm*) {
  return table("QuoteForm", field("interval", &QuoteForm::interval, "As for the checkout."),
               field("currency", &QuoteForm::currency, "As for the checkout."),
               field("coupon", &QuoteForm::coupon, "A coupon's code.", formatted(Format::word, 60)),
               field("country", &QuoteForm::country, "The buyer's country, two letters, for the tax.", length(2, 2)));
}

inline void check_form(const QuoteForm& form, FormProblems& problems) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (form.country && !std::all_of(form.country->begin(), form.country->end(), letter))
    problems.add("country", "must be two letters, such as KE");
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
               field("totalMinor", &ChargeView::total_minor, "What is charged."),
               field("taxMinor", &ChargeView::tax_minor, "The tax that is contained in it."),
               field("at", &ChargeView::at, "When, if bought now."));
}

struct TaxView {
  std::string name{};
  std::string country{};
  std::int64_t basis_points = 0;
};
constexpr auto fields_of(const TaxView*) {
  return table("Tax", field("name", &TaxView::name, "What the tax is called."),
               field("country", &TaxView::country, "Whose it is, two letters."),
               field("basisPoints", &TaxView::basis_points, "Hundredths of a per cent: 1600 is 16 %."));
}

struct QuoteView {
  PlanRef plan{};
  Interval interval = Interval::month;
  std::int64_t interval_count = 1;
  Currency currency{};
  std::int64_t trial_days = 0;
  std::optional<std::string> coupon_code{};
  std::optional<TaxView> tax{};
  ChargeView first{};
  ChargeView renewal{};
};
constexpr auto fields_of(const QuoteView*) {
  return table(
      "Quote", field("plan", &QuoteView::plan, "The plan."),
      field("interval", &QuoteView::interval, "How often it is charged."),
      field("intervalCount", &QuoteView::interval_count, "Every so many intervals."),
      field("currency", &QuoteView::currency, "ISO 4217 code."),
      field("trialDays", &QuoteView::trial_days, "Days before the first charge."),
      field("couponCode", &QuoteView::coupon_code, "The coupon applied."),
      field("tax", &QuoteView::tax, "The tax contained in the charges; null when none is known for that country."),
      field("first", &QuoteView::first, "The first charge."),
      field("renewal", &QuoteView::renewal, "The one after it."));
}

struct CompareForm {
  std::vector<PlanId> ids{};
};
constexpr auto fields_of(const CompareForm*) {
  return table("CompareForm", field("ids", &CompareForm::ids, "Two to ten plans, separated by commas.", items(2, 10)));
}

struct ComparisonRow {
  std::string feature{};
  std::vector<PlanId> in{};
};
constexpr auto fields_of(const ComparisonRow*) {
  return table("ComparisonRow", field("feature", &ComparisonRow::feature, "What is included."),
               field("planIds", &ComparisonRow::in, "In which of the plans."));
}

struct ComparisonView {
  std::vector<PlanView> plans{};
  std::vector<ComparisonRow> rows{};
};
constexpr auto fields_of(const ComparisonView*) {
  return table("Comparison", field("plans", &ComparisonView::plans, "The plans, in the order asked for."),
               field("rows", &ComparisonView::rows, "Every feature that one of them has."));
}

struct TaxRateForm {
  std::string country{};
  std::string name{};
  std::int64_t basis_points = 0;
};
constexpr auto fields_of(const TaxRateForm*) {
  return table(
      "TaxRateForm", field("country", &TaxRateForm::country, "Two letters: KE, DE.", length(2, 2)),
      field("name", &TaxRateForm::name, "What it is called: VAT.", length(1, 60)),
      field("basisPoints", &TaxRateForm::basis_points, "Hundredths of a per cent: 1600 is 16 %.", range(1, 10'000)));
}

struct TaxChangeForm {
  std::string name{};
  std::int64_t basis_points = 0;
};
constexpr auto fields_of(const TaxChangeForm*) {
  return table(
      "TaxChangeForm", field("name", &TaxChangeForm::name, "What it is called: VAT.", length(1, 60)),
      field("basisPoints", &TaxChangeForm::basis_points, "Hundredths of a per cent: 1600 is 16 %.", range(1, 10'000)));
}

struct TaxRateView {
  std::string id{};
  std::string country{};
  std::string name{};
  std::int64_t basis_points = 0;
};
constexpr auto fields_of(const TaxRateView*) {
  return table("TaxRate", field("id", &TaxRateView::id, "The rate's id."),
               field("country", &TaxRateView::country, "Two letters."),
               field("name", &TaxRateView::name, "What it is called."),
               field("basisPoints", &TaxRateView::basis_points, "Hundredths of a per cent, contained in prices."));
}

}  // namespace tuition::billing
