#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/fields.h"
#include "platform/base/id.h"
#include "platform/base/page.h"
#include "platform/base/result.h"
#include "platform/base/short_list.h"
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

// Of a list that is at hand as a whole and in an order of its own.
template <class View>
Result<Stretch> stretch_of(const std::vector<View>& all, const NextPageForm& form, std::string_view order) {
  return tuition::stretch_of(all.size(), form.limit, form.cursor, order,
                             [&](std::size_t place) { return all[place].id.text(); });
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
