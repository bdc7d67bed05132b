#pragma once

// Lists that what they are about keeps short: somebody's devices, the plans of a school. They are read whole and still
// given page by page, like all lists, so that whoever asks treats every list alike.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
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

// The page of `all` that `form` asks for. `id_of(row)` is a text without spaces that no other row has; for lists that
// only grow at their end, `id_of(row, place)` may say the place. A VALIDATION_ERROR at "cursor" when the row it names
// is not in the list any more: beginning anew would send a client round for ever.
template <class T, class IdOf>
Result<Page<T>> page_of_all(std::vector<T> all, const ShortListForm& form, IdOf id_of) {
  const auto name_at = [&](std::size_t place) -> std::string {
    if constexpr (std::is_invocable_v<IdOf, const T&, std::size_t>) {
      return id_of(all[place], place);
    } else {
      return id_of(all[place]);
    }
  };
  std::size_t from = 0;
  if (form.cursor) {
    const auto place = TRY(place_of(*form.cursor, "short"));
    while (from < all.size() && name_at(from) != place.id) ++from;
    if (from++ == all.size()) return no_such_place();
  }
  Page<T> page;
  page.limit = form.limit.value_or(page_limit_default);
  const auto to = std::min(all.size(), from + static_cast<std::size_t>(page.limit));
  if (to < all.size()) page.next = cursor_behind("short", name_at(to - 1));
  page.total = static_cast<std::int64_t>(all.size());
  for (auto i = from; i < to; ++i) page.rows.push_back(std::move(all[i]));
  return page;
}

}  // namespace tuition
