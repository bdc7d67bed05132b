#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalogue/media/media.h"
#include "catalogue/types.h"
#include "platform/base/caller.h"
#include "platform/base/page.h"
#include "platform/base/result.h"
#include "platform/storage/database.h"

// The lessons' files as those who teach look through them.
namespace tuition::catalogue {

struct MediaQuery {
  std::optional<MediaId> id{};
  std::optional<MediaKind> kind{};
  std::optional<std::string> search{};  // part of the name
  bool mine = false;
  std::int64_t limit = 20;
  std::optional<std::string> cursor{};
};

struct LibraryItem : MediaItem {
  bool shown = false;  // somewhere, so that it cannot be deleted
};

// Newest first. FORBIDDEN for who does not teach.
Result<Page<LibraryItem>> list_media(Catalogue& door, const Caller& caller, const MediaQuery& query);

// What all files of the caller take, and may take.
struct MediaRoom {
  std::int64_t bytes = 0;
  std::int64_t quota = 0;
  std::int64_t file_max = 0;  // of one file
};
Result<MediaRoom> media_room(Catalogue& door, const Caller& caller);

// How a course holds on to a file: shown in its page, a module's or a lesson's text; played by a lesson; belonging to a
// question, or to one that was taken out and is kept for the attempts that answered it; lying in its folder.
enum class PlaceKind { course, module, lesson, file, question, retired, folder };

constexpr auto names_of(PlaceKind) {
  return std::array{std::pair{PlaceKind::course, std::string_view{"course"}},
                    std::pair{PlaceKind::module, std::string_view{"module"}},
                    std::pair{PlaceKind::lesson, std::string_view{"lesson"}},
                    std::pair{PlaceKind::file, std::string_view{"file"}},
                    std::pair{PlaceKind::question, std::string_view{"question"}},
                    std::pair{PlaceKind::retired, std::string_view{"retired"}},
                    std::pair{PlaceKind::folder, std::string_view{"folder"}}};
}

struct MediaPlace {
  PlaceKind kind = PlaceKind::course;
  CourseId course{};
  std::string course_title{};
  std::string id{};     // the module's, lesson's or quiz's; the course's own where it is none of them
  std::string title{};  // of the same; a folder's path
  bool editable = false;
};

struct MediaPlaces {
  std::vector<MediaPlace> places{};
  std::int64_t elsewhere = 0;  // in drafts of others, whose titles are theirs
};
Result<MediaPlaces> media_places(Catalogue& door, const Caller& caller, const MediaId& id);

// By its owner or an administrator. What the file is, its content says: the name keeps an ending that fits, and one
// that claims another kind is refused. NOT_FOUND, FORBIDDEN, VALIDATION_ERROR.
Result<LibraryItem> rename_media(Catalogue& door, const Caller& caller, const MediaId& id, std::string_view name);

}  // namespace tuition::catalogue
