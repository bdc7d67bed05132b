// What goes with a course's folder, what may be kept, and what is deleted.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "catalogue/library.h"
#include "catalogue/media/media.h"

namespace tuition::catalogue {

TEST_CASE("a question's picture goes with its course into a folder, and comes back with it") {
  Library library;
  static const auto picture = tests::png(40, 30);
  static const auto other = tests::png(41, 30);
  const auto teacher = library.instructor();
  library.files = {{"c/course.md", "---\nslug: c\ntitle: C\naccess: free\naccent: violet\nlevel_gate: false\n---\n"},
                   {"c/01-m/module.md", "---\ntitle: M\nlevel: 1\npreview: false\n---\n"},
                   {"c/01-m/01-q.md",
                    "---\ntitle: Q\nkind: quiz\npreview: false\npass_percent: 70\n---\n## Which note?\nkind: single\n"
                    "file: media/staff.png\n- [x] C\n- [ ] D\n"},
                   {"c/media/staff.png", picture}};
  const auto made = import_courses(library.door, library.files, Publish::no, teacher.user);
  REQUIRE(made);
  const auto id = made->front().course;
  const auto file = library.file_id(id, "media/staff.png");
  CHECK(library.db->read([&](ReadTx& tx) {
    return tx.one<std::string>("SELECT media_id FROM quiz_data WHERE retired_at IS NULL");
  }) == file.text());

  const auto exported = export_course(library.door, teacher, "c").value();
  std::vector<PackageFile> again;
  for (const auto& each : exported.files) again.push_back({each.path, each.bytes});
  REQUIRE(exported.media.size() == 1);
  CHECK(exported.media.front().path == "c/media/staff.png");
  again.push_back({"c/media/staff.png", picture});
  for (const auto& each : library.files) {
    const auto same = std::find_if(again.begin(), again.end(), [&](const auto& out) { return out.path == each.path; });
    REQUIRE(same != again.end());
    CHECK(same->bytes == each.bytes);
  }
  CHECK(import_courses(library.door, again, Publish::no, teacher.user)->front().change == Imported::Change::none);

  // One from the library goes out as well, under its own name.
  const auto shelf = library.upload(teacher, Purpose::lesson, other, "ledger lines.png");
  REQUIRE(shelf);
  library.db->write([&](WriteTx& tx) { tx.execute("UPDATE quiz_data SET media_id = ?1", shelf->id); });
  const auto changed = export_course(library.door, teacher, "c").value();
  const auto quiz = std::find_if(changed.files.begin(), changed.files.end(),
                                 [](const auto& each) { return each.path == "c/01-m/01-q.md"; });
  CHECK(quiz->bytes.find("file: media/ledger-lines.png\n") != std::string::npos);
  CHECK(std::any_of(changed.media.begin(), changed.media.end(),
                    [](const auto& each) { return each.path == "c/media/ledger-lines.png"; }));

  // Without its line the question has none.
  auto bare = library.files;
  bare[2].bytes = "---\ntitle: Q\nkind: quiz\n---\n## Which note?\nkind: single\n- [x] C\n- [ ] D\n";
  REQUIRE(import_courses(library.door, bare, Publish::no, teacher.user));
  CHECK(library.db->read([&](ReadTx& tx) {
    return tx.one<std::int64_t>("SELECT COUNT(*) FROM quiz_data WHERE media_id IS NOT NULL");
  }) == 0);
}

TEST_CASE("courses that wait for each other come together, whatever their names, and unknown ones are named") {
  Library library;
  const auto course = [](const std::string& slug, const std::string& before) {
    return "---\nslug: " + slug + "\ntitle: T\naccess: free\n" + before + "---\n";
  };
  static const auto a = course("a", "certificate: true\ncertificate_months: 12\nrequires: b, c\n");
  static const auto b = course("b", "requires: c\n");
  static const auto c = course("c", "");
  static const auto lost = course("d", "requires: nowhere\n");
  const auto files_of = [](std::vector<std::pair<std::string, std::string>> all) {
    static std::vector<std::string> paths;
    static std::vector<std::pair<std::string, std::string>> kept;
    kept = std::move(all);
    paths.clear();
    std::vector<PackageFile> files;
    paths.reserve(kept.size() * 2);
    for (const auto& [slug, text] : kept) {
      files.push_back({paths.emplace_back(slug + "/course.md"), text});
      files.push_back({paths.emplace_back(slug + "/01-m/module.md"), "---\ntitle: M\nlevel: 1\n---\n"});
    }
    return files;
  };
  REQUIRE(import_courses(library.door, files_of({{"a", a}, {"b", b}, {"c", c}}), Publish::no));
  const auto exported = export_course(library.door, system_caller(), "a").value();
  const auto first = std::find_if(exported.files.begin(), exported.files.end(),
                                  [](const auto& each) { return each.path == "a/course.md"; });
  CHECK(first->bytes.find("certificate: true\ncertificate_months: 12\nrequires: b, c\n") != std::string::npos);
  CHECK(import_courses(library.door, files_of({{"a", a}}), Publish::no)->front().change == Imported::Change::none);
  static const auto circle = course("c", "requires: a\n");
  CHECK(import_courses(library.door, files_of({{"c", circle}}), Publish::no).error().fields.front().field ==
        "c/course.md:1");
  CHECK(import_courses(library.door, files_of({{"d", lost}}), Publish::no)
            .error()
            .fields.front()
            .reason.find("nowhere") != std::string::npos);
}

TEST_CASE("what goes is in the trail: by whom, and what it was") {
  Library library;
  const auto teacher = library.instructor();
  const auto sheet = library.upload(teacher, Purpose::lesson, tests::png(20, 20), "sheet.png");
  REQUIRE(sheet);
  REQUIRE(delete_media(library.door, teacher, sheet->id));
  const auto entry = library.db->read([&](ReadTx& tx) {
    return tx.one<std::string>(
        "SELECT COALESCE(user_id, '') || ' ' || target_id || ' ' || description FROM audit_logs "
        "WHERE action = 'media.deleted'");
  });
  CHECK(entry == teacher.user.text() + " " + sheet->id.text() + " The file \"sheet.png\" was deleted.");

  // Nor does the sweep go by unseen; it says nothing of whose it was.
  REQUIRE(library.upload(library.learner(), Purpose::avatar, tests::png(65, 65), "ann at home.png"));
  library.clock.pass(days(2));
  sweep_media(library.door);
  CHECK(library.db->read([&](ReadTx& tx) {
    return tx.one<std::string>(
        "SELECT description FROM audit_logs WHERE action = 'media.deleted' AND actor_kind = 'system'");
  }) == "A picture of a person was deleted.");
}

TEST_CASE("a lesson's file is kept where a lesson lets it, and only heard elsewhere") {
  Library library;
  const auto course = library.course();
  const auto heard = library.file_id(course, "media/heard.wav");
  const auto learner = library.learner();
  library.subscribe(learner);
  const auto asked = [&](const Caller& who, const MediaId& id, const std::string& link, bool download) {
    http::Request request;
    request.params = {{"id", id.text()}};
    request.caller = who;
    if (download) request.query.emplace_back("download", "1");
    for (const auto* part : {"expires", "signature"})
      if (const auto at = link.find(std::string(part) + "="); at != link.npos) {
        const auto from = at + std::string_view(part).size() + 1;
        request.query.emplace_back(part, link.substr(from, link.find('&', from) - from));
      }
    const auto reply = learning::media_answer(library.app->learning, request);
    std::string disposition;
    for (const auto& [name, value] : reply.headers)
      if (name == "Content-Disposition") disposition = value.substr(0, value.find(';'));
    return std::to_string(reply.status) + " " + disposition;
  };
  const auto link = media_link(library.door, *library.db->read([&](ReadTx& tx) { return media(tx, heard); }));
  const auto lets = [&](const char* slug, bool may) {
    library.db->write([&](WriteTx& tx) {
      tx.execute("UPDATE lessons SET downloadable = ?2 WHERE slug = ?1", std::string(slug), may);
      changed(library.door, tx);
    });
  };
  const auto teacher = library.instructor();
  CHECK(asked(learner, heard, "", false) == "200 inline");
  CHECK(asked(learner, heard, "", true) == "403 ");
  CHECK(asked(Caller{}, heard, link, false) == "200 inline");
  CHECK(asked(Caller{}, heard, link, true) == "403 ");
  CHECK(asked(teacher, heard, "", true) == "200 attachment");
  CHECK(asked(Caller{}, heard, "", true) == "401 ");

  lets("heard", true);
  CHECK(asked(learner, heard, "", true) == "200 attachment");
  CHECK(asked(Caller{}, heard, link, true) == "200 attachment");

  // Another lesson that shows the same, and lets it be kept, is of no use to who may not open it.
  lets("heard", false);
  const auto open = library.file_id(course, "media/open.png");
  CHECK(asked(Caller{}, open, "", false) == "200 inline");
  CHECK(asked(Caller{}, open, "", true) == "403 ");
  library.db->write([&](WriteTx& tx) {
    tx.execute("UPDATE lessons SET media_id = ?1, downloadable = 1 WHERE slug = 'heard'", open);
    changed(library.door, tx);
  });
  CHECK(asked(Caller{}, open, "", true) == "403 ");
  CHECK(asked(learner, open, "", true) == "200 attachment");
  lets("open", true);
  CHECK(asked(Caller{}, open, "", true) == "200 attachment");
}

}  // namespace tuition::catalogue
