#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "catalogue/catalogue.h"
#include "platform/base/caller.h"
#include "platform/base/fields.h"
#include "platform/base/page.h"
#include "platform/base/result.h"
#include "platform/http/route.h"

// Search, as one person may. Titles and the texts about courses are for everybody, as in the catalogue. The text of a
// lesson, or of a module's introduction, counts only where it is open to who searches: what is closed is not found by
// its words, so that searching tells nothing about them, and no piece of it is shown.
namespace tuition::learning {

struct Learning;

struct SearchForm {
  std::string query{};
  std::optional<std::int64_t> limit{};
  std::optional<std::string> cursor{};
};

constexpr auto fields_of(const SearchForm*) {
  return table("SearchForm", field("q", &SearchForm::query, "The words to find, all of them.", length(1, 200)),
               field("limit", &SearchForm::limit, "How many at once; 20 unless said.", range(1, 100)),
               field("cursor", &SearchForm::cursor, "Where the page before ended.", length(1, 20)));
}

struct SearchHit {
  catalogue::HitKind kind = catalogue::HitKind::course;
  std::string id{};
  std::string title{};
  std::string course_slug{};
  std::string course_title{};
  std::optional<std::string> snippet{};
  bool locked = false;
};

constexpr auto fields_of(const SearchHit*) {
  return table("SearchHit", field("kind", &SearchHit::kind, "What was found."), field("id", &SearchHit::id, "Its id."),
               field("title", &SearchHit::title, "Its title."),
               field("courseSlug", &SearchHit::course_slug, "The course it is in, by its name in addresses."),
               field("courseTitle", &SearchHit::course_title, "That course's title."),
               field("snippet", &SearchHit::snippet, "Plain text around what was found; null where it is closed."),
               field("locked", &SearchHit::locked, "Whether it is closed to the caller now."));
}

// At most the 200 best.
Result<Page<SearchHit>> search(Learning& door, const Caller& caller, const SearchForm& form);

http::Routes search_routes(Learning& door);

}  // namespace tuition::learning
