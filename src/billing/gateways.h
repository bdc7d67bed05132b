#pragma once

#include <string_view>
#include <vector>

#include "billing/gateway.h"

namespace tuition::billing {

// The gateways the operator has configured, in order of preference.
struct Gateways {
  std::vector<Gateway*> all{};

  Gateway* named(std::string_view name) const {
    for (auto* each : all)
      if (each->name() == name) return each;
    return nullptr;
  }
};

}  // namespace tuition::billing
