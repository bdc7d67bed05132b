#pragma once

#include <optional>
#include <string>
#include <vector>

#include "billing/wire.h"
#include "entitlements/types.h"

namespace tuition::billing {

struct PriceForm {
  Currency currency{};
  std::int64_t amount_minor = 0;
  std::optional<Interval> interval{};
  std::optional<std::int64_t> interval_count{};
};
constexpr auto fields_of(const PriceForm*) {
  return table(
      "PriceForm", field("currency", &PriceForm::currency, "ISO 4217 code."),
      field("amountMinor", &PriceForm::amount_minor, "In the currency's smallest unit.", range(1, 1'000'000'000'000)),
      field("interval", &PriceForm::interval, "Of a plan, how often it is charged; a month when not given."),
      field("intervalCount", &PriceForm::interval_count, "Of a plan, every so many intervals.",
            range(1, most_intervals)));
}

struct OpensForm {
  entitlements::Scope kind = entitlements::Scope::all;
  std::optional<std::string> id{};
};
constexpr auto fields_of(const OpensForm*) {
  return table("OpensForm", field("kind", &OpensForm::kind, "all, category, course or feature."),
               field("id", &OpensForm::id, "Which one; none for all.", length(1, 100)));
}
inline void check_form(const OpensForm& form, FormProblems& problems) {
  if (!problems.fine("kind")) return;
  if (form.kind == entitlements::Scope::all && form.id) problems.add("id", "is for a single thing, not for all");
  if (form.kind != entitlements::Scope::all && !form.id) problems.add("id", "is required");
}

// What is sold is priced once per currency and interval.
inline void check_prices(const std::vector<PriceForm>& prices, bool renews, FormProblems& problems) {
  if (prices.empty() && problems.fine("prices"))
    problems.add("prices", "must hold one at least: what has no price cannot be bought");
  const auto usual = renews ? Interval::month : Interval::once;
  for (std::size_t i = 0; i < prices.size(); ++i) {
    const auto at = "prices[" + std::to_string(i) + "]";
    if (renews && prices[i].interval == Interval::once)
      problems.add(at + ".interval", "must not be once: a plan renews");
    if (!renews && prices[i].interval.value_or(Interval::once) != Interval::once)
      problems.add(at + ".interval", "must be once: a product is paid once");
    for (std::size_t j = 0; j < i; ++j)
      if (prices[j].currency == prices[i].currency &&
          prices[j].interval.value_or(usual) == prices[i].interval.value_or(usual) &&
          prices[j].interval_count.value_or(1) == prices[i].interval_count.value_or(1))
        problems.add(at + ".currency", "has a price for this interval already");
  }
}

struct NewPlanForm {
  std::string code{};
  std::string name{};
  std::optional<std::string> description{};
  std::vector<std::string> features{};
  std::optional<std::int64_t> trial_days{};
  std::optional<OpensForm> opens{};
  std::optional<std::string> group{};
  std::vector<PriceForm> prices{};
};
constexpr auto fields_of(const NewPlanForm*) {
  return table(
      "NewPlanForm",
      field("code", &NewPlanForm::code, "Its short stable name; never changes.", formatted(Format::slug, 60)),
      field("name", &NewPlanForm::name, "What people see.", length(1, 80)),
      field("description", &NewPlanForm::description, "One or two sentences.", long_text(0, 500)),
      field("features", &NewPlanForm::features, "What it includes, a line each.", items(0, 20)),
      field("trialDays", &NewPlanForm::trial_days, "Days before the first charge.", range(0, 730)),
      field("opens", &NewPlanForm::opens, "What it opens; everything when not given."),
      field("group", &NewPlanForm::group, "Of the plans of one group a person has one at a time; main when not given.",
            formatted(Format::slug, 40)),
      field("prices", &NewPlanForm::prices, "What it costs.", items(1, 40)));
}
inline void check_form(const NewPlanForm& form, FormProblems& problems) { check_prices(form.prices, true, problems); }

struct PlanForm {
  std::string name{};
  std::optional<std::string> description{};
  std::vector<std::string> features{};
  std::optional<std::int64_t> trial_days{};
  std::optional<OpensForm> opens{};
  std::optional<std::string> group{};
  std::vector<PriceForm> prices{};
  std::optional<bool> on_sale{};
};
constexpr auto fields_of(const PlanForm*) {
  return table("PlanForm", field("name", &PlanForm::name, "What people see.", length(1, 80)),
               field("description", &PlanForm::description, "One or two sentences.", long_text(0, 500)),
               field("features", &PlanForm::features, "What it includes, a line each.", items(0, 20)),
               field("trialDays", &PlanForm::trial_days, "Days before the first charge.", range(0, 730)),
               field("opens", &PlanForm::opens,
                     "What it opens; as it is when not given. While people have it, it can only become everything, and "
                     "they get it at once."),
               field("group", &PlanForm::group,
                     "The group of plans it is one of; as it is when not given. It stays while people have the plan.",
                     formatted(Format::slug, 40)),
               field("prices", &PlanForm::prices,
                     "What it costs from now on; who has it goes on paying what they agreed to.", items(1, 40)),
               field("onSale", &PlanForm::on_sale, "Whether it can be bought; as it is when not given."));
}
inline void check_form(const PlanForm& form, FormProblems& problems) { check_prices(form.prices, true, problems); }

struct NewProductForm {
  std::string code{};
  std::string name{};
  std::optional<std::string> description{};
  ProductKind kind = ProductKind::course;
  std::optional<std::int64_t> access_days{};
  std::vector<OpensForm> opens{};
  std::vector<PriceForm> prices{};
};
constexpr auto fields_of(const NewProductForm*) {
  return table(
      "NewProductForm",
      field("code", &NewProductForm::code, "Its short stable name; never changes.", formatted(Format::slug, 60)),
      field("name", &NewProductForm::name, "What people see.", length(1, 80)),
      field("description", &NewProductForm::description, "One or two sentences.", long_text(0, 500)),
      field("kind", &NewProductForm::kind, "A course, a bundle of several things, or full access."),
      field("accessDays", &NewProductForm::access_days, "How many days it opens things for; none: for good.",
            range(1, 36500)),
      field("opens", &NewProductForm::opens, "What it opens.", items(1, 50)),
      field("prices", &NewProductForm::prices, "What it costs, per currency.", items(1, 40)));
}
inline void check_form(const NewProductForm& form, FormProblems& problems) {
  check_prices(form.prices, false, problems);
}

struct ProductForm {
  std::string name{};
  std::optional<std::string> description{};
  std::optional<std::int64_t> access_days{};
  std::vector<PriceForm> prices{};
  std::optional<bool> on_sale{};
};
constexpr auto fields_of(const ProductForm*) {
  return table("ProductForm", field("name", &ProductForm::name, "What people see.", length(1, 80)),
               field("description", &ProductForm::description, "One or two sentences.", long_text(0, 500)),
               field("accessDays", &ProductForm::access_days,
                     "How many days it opens things for who buys it now; none: for good.", range(1, 36500)),
               field("prices", &ProductForm::prices, "What it costs from now on.", items(1, 40)),
               field("onSale", &ProductForm::on_sale, "Whether it can be bought; as it is when not given."));
}
inline void check_form(const ProductForm& form, FormProblems& problems) { check_prices(form.prices, false, problems); }

// A plan as administrators see it, on sale or not.
struct ListedPlanView {
  PlanId id{};
  std::string code{};
  std::string name{};
  std::string description{};
  std::vector<std::string> features{};
  std::int64_t trial_days = 0;
  ScopeView opens{};
  std::vector<PriceView> prices{};
  bool on_sale = true;
  std::int64_t subscribers = 0;
  std::int64_t taken = 0;
  std::string group{};
};
constexpr auto fields_of(const ListedPlanView*) {
  return table(
      "ListedPlan", field("id", &ListedPlanView::id, "The plan's id."),
      field("code", &ListedPlanView::code, "Its short stable name."),
      field("name", &ListedPlanView::name, "What people see."),
      field("description", &ListedPlanView::description, "One or two sentences."),
      field("features", &ListedPlanView::features, "What it includes, a line each."),
      field("trialDays", &ListedPlanView::trial_days, "Days before the first charge."),
      field("opens", &ListedPlanView::opens, "What it opens."),
      field("prices", &ListedPlanView::prices, "What it costs whoever buys it now."),
      field("onSale", &ListedPlanView::on_sale, "Whether it can be bought."),
      field("subscribers", &ListedPlanView::subscribers, "How many subscriptions to it run."),
      field("taken", &ListedPlanView::taken, "How many have it or are about to: subscriptions and open orders."),
      field("group", &ListedPlanView::group, "Of the plans of one group a person has one at a time."));
}

// A product as administrators see it, on sale or not.
struct ListedProductView {
  ProductId id{};
  std::string code{};
  std::string name{};
  std::string description{};
  ProductKind kind = ProductKind::course;
  std::optional<std::int64_t> access_days{};
  std::vector<ScopeView> opens{};
  std::vector<PriceView> prices{};
  bool on_sale = true;
  std::int64_t buyers = 0;
};
constexpr auto fields_of(const ListedProductView*) {
  return table(
      "ListedProduct", field("id", &ListedProductView::id, "The product's id."),
      field("code", &ListedProductView::code, "Its short stable name."),
      field("name", &ListedProductView::name, "What people see."),
      field("description", &ListedProductView::description, "One or two sentences."),
      field("kind", &ListedProductView::kind, "A course, a bundle of several things, or full access."),
      field("accessDays", &ListedProductView::access_days, "How many days it opens things for; null: for good."),
      field("opens", &ListedProductView::opens, "What it opens."),
      field("prices", &ListedProductView::prices, "What it costs whoever buys it now."),
      field("onSale", &ListedProductView::on_sale, "Whether it can be bought."),
      field("buyers", &ListedProductView::buyers, "How often it was bought."));
}

}  // namespace tuition::billing
