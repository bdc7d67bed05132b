#include "catalogue/media/media_library.h"

#include <algorithm>
#include <tuple>

#include "audit/audit.h"
#include "catalogue/catalogue.h"
#include "catalogue/media/store_media.h"
#include "platform/base/text.h"

namespace tuition::catalogue {
namespace {

Error library_is_for_staff() { return {Kind::forbidden, "FORBIDDEN", "The library is for instructors."}; }

LibraryItem library_item(Catalogue& door, ReadTx& tx, MediaItem item) {
  LibraryItem made{std::move(item)};
  made.shown = is_in_use(door, tx, made.id);
  return made;
}

}  // namespace

Result<Page<LibraryItem>> list_media(Catalogue& door, const Caller& caller, const MediaQuery& query) {
  if (!caller.is_staff()) return library_is_for_staff();
  if (query.cursor && !is_uuid(*query.cursor))
    return invalid_field("cursor", "is no place in this list: begin again without it");
  Page<LibraryItem> page;
  page.limit = query.limit;
  door.db.read([&](ReadTx& tx) {
    std::vector<MediaItem> found;
    if (query.id) {
      if (auto item = store::media(tx, *query.id); item && item->purpose == Purpose::lesson)
        found.push_back(std::move(*item));
    } else {
      found = store::library(tx, {.kind = query.kind ? std::string(name_of(*query.kind)) : "",
                                  .search = to_lower_ascii(query.search.value_or("")),
                                  .owner = query.mine ? caller.user : UserId{},
                                  .before = query.cursor.value_or("g"),
                                  .limit = query.limit + 1});
    }
    for (auto& item : found) page.rows.push_back(library_item(door, tx, std::move(item)));
  });
  if (static_cast<std::int64_t>(page.rows.size()) > query.limit) {
    page.rows.pop_back();
    page.next = page.rows.back().id.text();
  }
  return page;
}

Result<MediaRoom> media_room(Catalogue& door, const Caller& caller) {
  if (!caller.is_staff()) return library_is_for_staff();
  constexpr std::int64_t mebibyte = 1024 * 1024;
  MediaRoom room;
  room.quota = door.media.staff_quota_mib * mebibyte;
  room.file_max = door.media.lesson_mib * mebibyte;
  room.bytes = door.db.read([&](ReadTx& tx) { return store::bytes_of(tx, caller.user); });
  return room;
}

Result<MediaPlaces> media_places(Catalogue& door, const Caller& caller, const MediaId& id) {
  if (!caller.is_staff()) return library_is_for_staff();
  return door.db.read([&](ReadTx& tx) -> Result<MediaPlaces> {
    const auto item = store::media(tx, id);
    if (!item || item->purpose != Purpose::lesson) return not_found("There is no such file.");
    MediaPlaces all;
    for (auto& row : store::places_of(tx, id)) {
      const bool editable = caller.is_admin() || caller.is(row.instructor);
      if (!editable && row.status != Status::published) {
        ++all.elsewhere;
        continue;
      }
      all.places.push_back({.kind = row.kind,
                            .course = std::move(row.course),
                            .course_title = std::move(row.course_title),
                            .id = std::move(row.id),
                            .title = std::move(row.title),
                            .editable = editable});
    }
    // The folder it came in last, after what shows it.
    std::stable_sort(all.places.begin(), all.places.end(), [](const MediaPlace& a, const MediaPlace& b) {
      return std::tuple(std::string_view(a.course_title), a.course.text(), a.kind == PlaceKind::folder) <
             std::tuple(std::string_view(b.course_title), b.course.text(), b.kind == PlaceKind::folder);
    });
    return all;
  });
}

Result<LibraryItem> rename_media(Catalogue& door, const Caller& caller, const MediaId& id, std::string_view name) {
  const auto before = TRY(door.db.read([&](ReadTx& tx) { return changeable_media(tx, caller, id); }));
  std::string beginning;
  while (beginning.size() < sniff_bytes &&
         blobs::read(door.db, before.blob, beginning.size(), sniff_bytes - beginning.size(), beginning)) {}
  const auto type = type_of(beginning);
  if (name_contradicts(name, type)) return invalid_field("name", "ends like a file of another kind: " + before.mime);
  const auto tidy = tidy_name(name, type);
  return door.db.write([&](WriteTx& tx) -> Result<LibraryItem> {
    auto item = TRY(changeable_media(tx, caller, id));
    if (item.name == tidy) return library_item(door, tx, std::move(item));
    audit::record(tx, {.at = door.clock.now(),
                       .actor = caller,
                       .action = "media.renamed",
                       .category = audit::Category::business,
                       .target_type = "media",
                       .target_id = id.text(),
                       .description = "The file \"" + item.name + "\" was renamed to \"" + tidy + "\"."});
    store::rename_media(tx, id, tidy);
    item.name = tidy;
    return library_item(door, tx, std::move(item));
  });
}

}  // namespace tuition::catalogue
