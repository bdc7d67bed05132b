#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

namespace tuition {

// What a list gives when nobody says how much.
inline constexpr std::int64_t page_limit_default = 20;

// One page of a list. `next` is opaque to the client and absent on the last page.
template <class T>
struct Page {
  std::vector<T> rows{};
  std::int64_t limit = page_limit_default;
  std::optional<std::string> next{};
  std::optional<std::int64_t> total{};
};

// Lists are sorted by one of the names of an enum (?sort=-createdAt; names_of lists them, the first is the usual one),
// with a literal statement for each, and go on behind a row, which the cursor names by its id and by what it was sorted
// by: so rows that come or go meanwhile shift nothing.
struct PagePlace {
  std::string id{};
  std::string key{};
};

// `order` goes with it, because a place in one order is none in another. `id` holds no space.
std::string cursor_behind(std::string_view order, std::string_view id, std::string_view key = {});
// A VALIDATION_ERROR at "cursor" when it was not made for this order.
Result<PagePlace> place_of(std::string_view cursor, std::string_view order);
Error no_such_place();

}  // namespace tuition
