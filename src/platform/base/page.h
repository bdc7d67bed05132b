#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tuition {

// One page of a list. `next` is opaque to the client and absent on the last page.
template <class T>
struct Page {
  std::vector<T> rows{};
  std::int64_t limit = 20;
  std::optional<std::string> next{};
  std::optional<std::int64_t> total{};
};

}  // namespace tuition
