#pragma once

#include <string_view>
#include <vector>

#include "billing/gateway.h"

namespace tuition::billing {

// The gateway of payments that people make by hand: it has no page to pay on.
inline constexpr std::string_view manual_gateway = "manual";

// The gateways the operator has configured, in order of preference.
struct Gateways {
  std::vector<Gateway*> all{};

  Gateway* named(std::string_view name) const {
    for (auto* each : all)
      if (each->name() == name) return each;
    return nullptr;
  }
  // The first that takes the currency and has a page to pay on.
  Gateway* taking(const Currency& currency) const {
    for (auto* each : all)
      if (each->name() != manual_gateway && each->takes(currency)) return each;
    return nullptr;
  }
};

}  // namespace tuition::billing
