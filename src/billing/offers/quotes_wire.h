#pragma once

#include <optional>
#include <string>
#include <vector>

#include "billing/wire.h"

namespace tuition::billing {

struct QuoteForm {
  std::optional<Interval> interval{};
  std::optional<std::int64_t> interval_count{};
  std::optional<Currency> currency{};
  std::optional<std::string> coupon{};
  std::optional<std::string> country{};
};
constexpr auto fields_of(const QuoteForm*) {
  return table("QuoteForm", field("interval", &QuoteForm::interval, "As for the checkout."),
               field("intervalCount", &QuoteForm::interval_count, "As for the checkout.", range(1, most_intervals)),
               field("currency", &QuoteForm::currency, "As for the checkout."),
               field("coupon", &QuoteForm::coupon, "A coupon's code.", formatted(Format::word, 60)),
               field("country", &QuoteForm::country,
                     "Where the buyer is, two letters, for the tax; the school's own when not given.", length(2, 2)));
}

inline void check_form(const QuoteForm& form, FormProblems& problems) { check_country(form.country, problems); }

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
  return table("Quote", field("plan", &QuoteView::plan, "The plan."),
               field("interval", &QuoteView::interval, "How often it is charged."),
               field("intervalCount", &QuoteView::interval_count, "Every so many intervals."),
               field("currency", &QuoteView::currency, "ISO 4217 code."),
               field("trialDays", &QuoteView::trial_days, "Days before the first charge."),
               field("couponCode", &QuoteView::coupon_code, "The coupon applied."),
               field("tax", &QuoteView::tax, "The tax in the charges; null when none is known for that country."),
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

}  // namespace tuition::billing
