#include "catalogue/media/media_library.h"

#include <catch2/catch_test_macros.hpp>

#include "catalogue/library.h"
#include "catalogue/media/store_media.h"
#include "uses_index.h"

namespace tuition::catalogue {
namespace {

std::vector<std::string> words_of(const MediaPlaces& found) {
  std::vector<std::string> words;
  for (const auto& each : found.places)
    words.push_back(std::string(name_of(each.kind)) + " " + each.course_title + "/" + each.title +
                    (each.editable ? " editable" : ""));
  return words;
}

}  // namespace

TEST_CASE("a file's places are named by course, and drafts of others keep their titles") {
  Library library;
  const auto course = library.course();
  const auto staff = library.instructor();
  const auto admin = library.caller(library.person("admin@x.example", Role::admin), Role::admin);
  const auto heard = library.file_id(course, "media/heard.wav");
  const auto cover = library.file_id(course, "media/cover.png");
  const auto open = library.file_id(course, "media/open.png");

  using Words = std::vector<std::string>;
  CHECK(words_of(*media_places(library.door, staff, heard)) == Words{"file C/Heard", "folder C/media/heard.wav"});
  CHECK(words_of(*media_places(library.door, staff, cover)) == Words{"course C/", "folder C/media/cover.png"});
  CHECK(words_of(*media_places(library.door, admin, open)) ==
        Words{"lesson C/Open editable", "folder C/media/open.png editable"});
  CHECK(list_media(library.door, staff, {.id = heard})->rows.front().shown);

  library.db->write([&](WriteTx& tx) { tx.execute("UPDATE courses SET status = 'draft'"); });
  const auto hidden = media_places(library.door, staff, heard);
  CHECK(hidden->places.empty());
  CHECK(hidden->elsewhere == 2);
  CHECK(media_places(library.door, admin, heard)->places.size() == 2);
  library.db->write([&](WriteTx& tx) { tx.execute("UPDATE courses SET instructor_id = ?1", staff.user); });
  CHECK(words_of(*media_places(library.door, staff, heard)) ==
        Words{"file C/Heard editable", "folder C/media/heard.wav editable"});

  const auto idle = library.upload(staff, Purpose::lesson, tests::png(64, 64), "idle.png");
  CHECK(media_places(library.door, staff, idle->id)->places.empty());
  CHECK(!list_media(library.door, staff, {.id = idle->id})->rows.front().shown);
  CHECK(media_places(library.door, library.learner(), heard).error().code == "FORBIDDEN");
  const auto receipt = library.upload(staff, Purpose::proof, "%PDF-1.7");
  CHECK(media_places(library.door, staff, receipt->id).error().code == "NOT_FOUND");
}

TEST_CASE("a file keeps an ending that fits, whatever it is renamed to") {
  Library library;
  const auto staff = library.instructor();
  const auto other = library.instructor("other");
  const auto item = library.upload(staff, Purpose::lesson, tests::png(64, 64), "first.png");
  const auto named = [&](const std::string& name) {
    const auto made = rename_media(library.door, staff, item->id, name);
    return made ? made->name : made.error().code;
  };
  CHECK(named("The staff.png") == "The staff.png");
  CHECK(named("The staff") == "The staff.png");
  CHECK(named("../../etc/The keys.png") == "The keys.png");
  CHECK(named("notes.v2") == "notes.v2.png");
  CHECK(named("sound.mp3") == "VALIDATION_ERROR");
  CHECK(list_media(library.door, staff, {.search = "notes"})->rows.size() == 1);
  CHECK(rename_media(library.door, other, item->id, "mine.png").error().code == "FORBIDDEN");
  CHECK(rename_media(library.door, library.learner(), item->id, "mine.png").error().code == "NOT_FOUND");
  CHECK(library.db->read([&](ReadTx& tx) {
    return tx.one<std::string>("SELECT description FROM audit_logs WHERE action = 'media.renamed' ORDER BY id LIMIT 1");
  }) == "The file \"first.png\" was renamed to \"The staff.png\".");
}

TEST_CASE("those who teach see what their own files take") {
  Library library([](app::Options& options) {
    options.media.lesson_mib = 3;
    options.media.staff_quota_mib = 5;
  });
  const auto staff = library.instructor();
  const auto other = library.instructor("other");
  REQUIRE(library.upload(staff, Purpose::lesson, "RIFF1234WAVE" + std::string(1000, 'x'), "a.wav"));
  REQUIRE(library.upload(other, Purpose::lesson, "RIFF1234WAVE" + std::string(500, 'y'), "b.wav"));
  const auto room = media_room(library.door, staff);
  REQUIRE(room);
  CHECK(room->bytes == 1012);
  CHECK(room->quota == 5 * 1024 * 1024);
  CHECK(room->file_max == 3 * 1024 * 1024);
  CHECK(media_room(library.door, library.learner()).error().code == "FORBIDDEN");

  CHECK(list_media(library.door, staff, {})->rows.size() == 2);
  const auto mine = list_media(library.door, staff, {.mine = true});
  REQUIRE(mine->rows.size() == 1);
  CHECK(mine->rows.front().name == "a.wav");
  CHECK(list_media(library.door, staff, {.kind = MediaKind::image, .mine = true})->rows.empty());
}

TEST_CASE("a file's places go by indexes") {
  Library library;
  CHECK(tests::uses_index(*library.db, store::places_statement()));
}

}  // namespace tuition::catalogue
