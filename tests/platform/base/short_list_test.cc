#include "platform/base/short_list.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

namespace tuition {
namespace {

const std::vector<std::string> words{"ab", "cd", "ef", "gh", "ij"};
const auto itself = [](const std::string& word) { return word; };

ShortListForm after(std::int64_t limit, std::optional<std::string> cursor = {}) {
  return {.limit = limit, .cursor = std::move(cursor)};
}

}  // namespace

TEST_CASE("a short list is given page by page, each row once, with how many there are") {
  for (std::int64_t limit = 1; limit <= 6; ++limit) {
    std::vector<std::string> seen;
    std::optional<std::string> cursor;
    int pages = 0;
    do {
      const auto page = page_of_all(words, after(limit, cursor), itself);
      REQUIRE(page);
      CHECK(page->limit == limit);
      CHECK(page->total == 5);
      seen.insert(seen.end(), page->rows.begin(), page->rows.end());
      cursor = page->next;
      ++pages;
    } while (cursor);
    CHECK(seen == words);
    CHECK(pages == (5 + limit - 1) / limit);
  }
}

TEST_CASE("a page goes on behind its row, whatever comes and goes before it") {
  const auto first = page_of_all(words, after(2), itself);
  const auto next = page_of_all(std::vector<std::string>{"aa", "ab", "cd", "ef"}, after(2, first->next), itself);
  REQUIRE(next);
  CHECK(next->rows == std::vector<std::string>{"ef"});
  CHECK_FALSE(next->next);
}

TEST_CASE("where the row is gone, a page goes on with what stands there now") {
  const auto first = page_of_all(words, after(2), itself);
  const auto next = page_of_all(std::vector<std::string>{"ab", "ef", "gh"}, after(2, first->next), itself);
  REQUIRE(next);
  CHECK(next->rows == std::vector<std::string>{"ef", "gh"});
  CHECK(page_of_all(std::vector<std::string>{}, after(2, first->next), itself)->rows.empty());
}

TEST_CASE("a cursor that was never given out is refused by name") {
  for (const auto& cursor :
       {std::string("x"), std::string("cd"), cursor_behind("other", "cd", "1"), cursor_behind("short", "cd"),
        cursor_behind("short", "cd", "one"), cursor_behind("short", "cd", "-1")}) {
    const auto page = page_of_all(words, after(2, cursor), itself);
    REQUIRE_FALSE(page);
    CHECK(page.error().fields.at(0).field == "cursor");
  }
}

TEST_CASE("an empty list is one empty page") {
  const auto page = page_of_all(std::vector<std::string>{}, ShortListForm{}, itself);
  CHECK(page->rows.empty());
  CHECK(page->limit == 20);
  CHECK_FALSE(page->next);
}

}  // namespace tuition
