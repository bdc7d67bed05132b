#pragma once

// Lists that what they are about keeps short: somebody's devices, the plans of a school. They are read whole and still
// given page by page, like all lists, so that whoever asks treats every list alike.

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/base/fields.h"
#include "platform/base/page.h"
#include "platform/base/result.h"

namespace tuition {

struct ShortListForm {
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
};

constexpr auto fields_of(const ShortListForm*) {
  return table("ShortListForm",
               field("limit", &ShortListForm::limit, "How many at once; 20 when not given.", range(1, 100)),
               field("cursor", &ShortListForm::cursor, "Where the page before ended, as it said.", length(1, 400)));
}

// Which part of a list of `size` rows a page shows.
struct Stretch {
  std::size_t from = 0;
  std::size_t count = 0;
  std::int64_t limit = page_limit_default;
  std::optional<std::string> next{};
};

// A cursor names the last row of the page before and where it stood: should it be gone, what followed stands there now.
// `id_at(place)` is a text without spaces that no other row has; `order` says which list in which order it is. A
// VALIDATION_ERROR at "cursor" for what was never given out.
template <class IdAt>
Result<Stretch> stretch_of(std::size_t size, const std::optional<std::int64_t>& limit,
                           const std::optional<std::string>& cursor, std::string_view order, IdAt id_at) {
  Stretch page;
  page.limit = limit.value_or(page_limit_default);
  if (cursor) {
    const auto place = TRY(place_of(*cursor, order));
    const auto end = place.key.data() + place.key.size();
    if (std::from_chars(place.key.data(), end, page.from).ptr != end || place.key.empty()) return no_such_place();
    std::size_t last = 0;
    while (last < size && id_at(last) != place.id) ++last;
    page.from = last < size ? last + 1 : std::min(page.from, size);
  }
  const auto left = size - page.from;
  page.count = std::min(left, static_cast<std::size_t>(page.limit));
  if (page.count < left) {
    const auto at = page.from + page.count - 1;
    page.next = cursor_behind(order, id_at(at), std::to_string(at));
  }
  return page;
}

// The page of `all` that `form` asks for.
template <class T, class IdOf>
Result<Page<T>> page_of_all(std::vector<T> all, const ShortListForm& form, IdOf id_of) {
  auto part = TRY(stretch_of(all.size(), form.limit, form.cursor, "short",
                             [&](std::size_t place) -> std::string { return id_of(all[place]); }));
  Page<T> page{{}, part.limit, std::move(part.next), static_cast<std::int64_t>(all.size())};
  for (std::size_t i = 0; i < part.count; ++i) page.rows.push_back(std::move(all[part.from + i]));
  return page;
}

}  // namespace tuition
