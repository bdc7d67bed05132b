#include "learning/search.h"

#include <algorithm>
#include <map>
#include <set>

#include "learning/access.h"
#include "learning/learning.h"
#include "platform/base/text.h"
#include "platform/http/json.h"

namespace tuition::learning {
namespace {

using catalogue::Hit;
using catalogue::HitKind;

constexpr std::int64_t hits_max = 200;

// What one person sees of what was found.
class Sieve {
 public:
  Sieve(ReadTx& tx, const Viewer& viewer, const catalogue::Shelf& shelf) : tx_(tx), viewer_(viewer), shelf_(shelf) {}

  // None: it is not on the shelf, or may not be found this way.
  std::optional<SearchHit> pass(const Hit& hit, bool in_title) {
    switch (hit.kind) {
      case HitKind::course: {
        const auto* course = shelf_.course(hit.id);
        if (!course) return std::nullopt;
        auto shown = of(*course, hit, course->title);
        shown.snippet = hit.snippet;
        return shown;
      }
      case HitKind::module: {
        const auto* place = shelf_.module(catalogue::ModuleId(hit.id));
        if (!place) return std::nullopt;
        const auto& module = place->module();
        return closing(of(*place->course, hit, module.title), hit, in_title,
                       !module.preview && lock_of(viewer_, *place->course, module, standing(*place->course)));
      }
      case HitKind::lesson: {
        const auto* place = shelf_.lesson(catalogue::LessonId(hit.id));
        if (!place) return std::nullopt;
        return closing(of(*place->course, hit, place->lesson().title), hit, in_title,
                       lock_of(viewer_, *place, standing(*place->course)).has_value());
      }
    }
    return std::nullopt;
  }

 private:
  static SearchHit of(const catalogue::Course& course, const Hit& hit, const std::string& title) {
    return {hit.kind, hit.id, title, course.slug, course.title, {}, false};
  }

  static std::optional<SearchHit> closing(SearchHit shown, const Hit& hit, bool in_title, bool locked) {
    if (locked && !in_title) return std::nullopt;
    shown.locked = locked;
    if (!locked) shown.snippet = hit.snippet;
    return shown;
  }

  const Standing& standing(const catalogue::Course& course) {
    const auto [at, fresh] = standings_.try_emplace(course.id.text());
    if (fresh && needs_standing(viewer_, course)) at->second = standing_of(tx_, viewer_, course);
    return at->second;
  }

  ReadTx& tx_;
  const Viewer& viewer_;
  const catalogue::Shelf& shelf_;
  std::map<std::string, Standing> standings_{};
};

}  // namespace

Result<Page<SearchHit>> search(Learning& door, const Caller& caller, const SearchForm& form) {
  const auto from = form.cursor ? parse_integer(*form.cursor) : std::optional<std::int64_t>(0);
  if (!from || *from < 0 || *from > hits_max)
    return invalid_field("cursor", "is no place in this list: begin again without it");
  Page<SearchHit> page;
  page.limit = form.limit.value_or(page_limit_default);
  const auto words = catalogue::search_words(form.query);
  if (words.empty()) return page;

  const auto shelf = catalogue::shelf(door.catalogue);
  const auto viewer = viewer_of(door, caller);
  std::vector<SearchHit> found;
  door.db.read([&](ReadTx& tx) {
    std::set<std::string> titled;
    for (const auto& hit : catalogue::search(tx, words, catalogue::SearchIn::titles, hits_max)) titled.insert(hit.id);
    Sieve sieve(tx, viewer, *shelf);
    for (const auto& hit : catalogue::search(tx, words, catalogue::SearchIn::everything, hits_max * 4)) {
      if (static_cast<std::int64_t>(found.size()) == hits_max) return;
      if (auto shown = sieve.pass(hit, titled.contains(hit.id))) found.push_back(std::move(*shown));
    }
  });
  const auto begin = std::min(static_cast<std::size_t>(*from), found.size());
  const auto end = std::min(begin + static_cast<std::size_t>(page.limit), found.size());
  for (auto i = begin; i < end; ++i) page.rows.push_back(std::move(found[i]));
  if (end < found.size()) page.next = std::to_string(end);
  return page;
}

http::Routes search_routes(Learning& door) {
  return {
      http::for_keys(
          "courses:read",
          {.method = http::Method::get,
           .path = "/api/search",
           .operation = "search",
           .access = http::Access::anyone,
           .bucket = http::Bucket::api,
           .sentence =
               "Courses, modules and lessons by their words, the best first. Texts are searched where the caller may "
               "read them.",
           .endpoint = http::json([&door](const http::Request& request, const SearchForm& form)
                                      -> Result<Page<SearchHit>> { return search(door, request.caller, form); })}),
  };
}

}  // namespace tuition::learning
