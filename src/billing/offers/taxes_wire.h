#pragma once

#include <optional>
#include <string>
#include <vector>

#include "billing/wire.h"

namespace tuition::billing {

struct TaxRateForm {
  std::string country{};
  std::string name{};
  std::int64_t basis_points = 0;
  std::optional<bool> inclusive{};
};
constexpr auto fields_of(const TaxRateForm*) {
  return table(
      "TaxRateForm", field("country", &TaxRateForm::country, "Two letters: KE, DE.", length(2, 2)),
      field("name", &TaxRateForm::name, "What it is called: VAT.", length(1, 60)),
      field("basisPoints", &TaxRateForm::basis_points, "Hundredths of a per cent: 1600 is 16 %.", range(1, 10'000)),
      field("inclusive", &TaxRateForm::inclusive,
            "Whether prices contain it, as they do when not given; otherwise it is added to them."));
}

struct TaxChangeForm {
  std::string name{};
  std::int64_t basis_points = 0;
  std::optional<bool> inclusive{};
};
constexpr auto fields_of(const TaxChangeForm*) {
  return table(
      "TaxChangeForm", field("name", &TaxChangeForm::name, "What it is called: VAT.", length(1, 60)),
      field("basisPoints", &TaxChangeForm::basis_points, "Hundredths of a per cent: 1600 is 16 %.", range(1, 10'000)),
      field("inclusive", &TaxChangeForm::inclusive, "Whether prices contain it; as it is when not given."));
}

struct TaxRateView {
  std::string id{};
  std::string country{};
  std::string name{};
  std::int64_t basis_points = 0;
  bool inclusive = true;
};
constexpr auto fields_of(const TaxRateView*) {
  return table(
      "TaxRate", field("id", &TaxRateView::id, "The rate's id."),
      field("country", &TaxRateView::country, "Two letters."), field("name", &TaxRateView::name, "What it is called."),
      field("basisPoints", &TaxRateView::basis_points, "Hundredths of a per cent: 1600 is 16 %."),
      field("inclusive", &TaxRateView::inclusive, "Whether prices contain it; otherwise it is added to them."));
}

// What buyers should know of taxes before they buy.
struct TaxesView {
  std::optional<std::string> country{};
  std::vector<TaxView> rates{};
};
constexpr auto fields_of(const TaxesView*) {
  return table("Taxes",
               field("country", &TaxesView::country,
                     "Where the school sells from, two letters: counts for who does not say where they are."),
               field("rates", &TaxesView::rates, "The taxes by country; elsewhere none is due."));
}

}  // namespace tuition::billing
