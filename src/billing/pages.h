#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/fields.h"
#include "platform/base/id.h"
#include "platform/base/page.h"
#include "platform/base/result.h"
#include "platform/base/text.h"

namespace tuition::billing {

inline constexpr std::int64_t page_limit_usual = 20;

struct NextPageForm {
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
};
constexpr auto fields_of(const NextPageForm*) {
  return table("NextPageForm",
               field("limit", &NextPageForm::limit, "How many at once; 20 when not given.", range(1, 100)),
               field("cursor", &NextPageForm::cursor, "Where the page before ended, as it said.", length(1, 200)));
}

// What a page shows of a list that is at hand as a whole and in an order of its own.
struct Stretch {
  std::size_t from = 0;
  std::size_t count = 0;
  std::int64_t limit = page_limit_usual;
  std::optional<std::string> next{};
};

// A cursor names the last row of the page before and where it stood: should it be gone, what followed stands there now.
template <class View>
Result<Stretch> stretch_of(const std::vector<View>& all, const NextPageForm& form, std::string_view order) {
  Stretch page;
  page.limit = form.limit.value_or(page_limit_usual);
  if (form.cursor) {
    const auto place = TRY(place_of(*form.cursor, order));
    const auto end = place.key.data() + place.key.size();
    if (std::from_chars(place.key.data(), end, page.from).ptr != end || place.key.empty()) return no_such_place();
    const auto last =
        std::find_if(all.begin(), all.end(), [&](const View& each) { return each.id.text() == place.id; });
    page.from = last == all.end() ? std::min(page.from, all.size()) : static_cast<std::size_t>(last - all.begin()) + 1;
  }
  const auto left = all.size() - page.from;
  page.count = std::min(left, static_cast<std::size_t>(page.limit));
  if (page.count < left) {
    const auto at = page.from + page.count - 1;
    page.next = cursor_behind(order, all[at].id.text(), std::to_string(at));
  }
  return page;
}

// A page of rows in the order of their ids, from the one after the cursor. `rows(after, limit)` reads them,
// `view(row)` makes what is shown, which has the row's id.
template <class View, class RowId, class Rows, class Show>
Result<Page<View>> page_by_id(const std::optional<std::int64_t>& limit, const std::optional<std::string>& cursor,
                              Rows rows, Show view) {
  Page<View> page;
  page.limit = limit.value_or(page_limit_usual);
  RowId after;
  if (cursor) {
    const auto named = from_base64url(*cursor);
    if (!named || !is_uuid(*named)) return invalid_field("cursor", "is not one that was given out");
    after = RowId(*named);
  }
  std::string last;
  for (const auto& row : rows(after, page.limit + 1)) {
    if (static_cast<std::int64_t>(page.rows.size()) == page.limit) {
      page.next = to_base64url(last);
      break;
    }
    page.rows.push_back(view(row));
    last = row.id.text();
  }
  return page;
}

}  // namespace tuition::billing
