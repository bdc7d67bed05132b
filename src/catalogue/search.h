#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/types.h"
#include "platform/storage/database.h"

// Full-text search over everything there is, drafts included: who may find what is not decided here
// (learning/search.h).
namespace tuition::catalogue {

enum class HitKind { course, module, lesson };

constexpr auto names_of(HitKind) {
  return std::array{std::pair{HitKind::course, std::string_view{"course"}},
                    std::pair{HitKind::module, std::string_view{"module"}},
                    std::pair{HitKind::lesson, std::string_view{"lesson"}}};
}

struct Hit {
  std::string id{};
  HitKind kind = HitKind::course;
  std::string snippet{};  // plain text around what was found; of the text, never of the title
};

// What people type, as a question to the index: every word must be there, the last one may be a beginning. Whatever
// means something to the index is taken as a letter or left out. Empty: there is no word in it.
std::string search_words(std::string_view typed);

enum class SearchIn { titles, everything };

// Of published courses, the best first. `words` come from search_words and are not empty.
Sql search_statement();
std::vector<Hit> search(ReadTx& tx, const std::string& words, SearchIn where, std::int64_t limit);

}  // namespace tuition::catalogue
