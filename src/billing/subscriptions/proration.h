#pragma once

#include "billing/types.h"

namespace tuition::billing {

// Whether a change of price is a step up (taken at once, the difference paid) or down (at the end of what is paid).
// What counts is what a year costs; both are in one currency.
enum class ChangeKind { upgrade, downgrade };
constexpr auto names_of(ChangeKind) {
  using std::pair, std::string_view;
  return std::array{pair{ChangeKind::upgrade, string_view{"upgrade"}},
                    pair{ChangeKind::downgrade, string_view{"downgrade"}}};
}
ChangeKind kind_of_change(const Price& from, const Price& to);

}  // namespace tuition::billing
