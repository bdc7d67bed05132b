#include "catalogue/media/media.h"

#include <algorithm>
#include <map>

#include <catch2/catch_test_macros.hpp>

#include "accounts/profile.h"
#include "catalogue/folders/course_files.h"
#include "catalogue/library.h"
#include "catalogue/media/media_library.h"
#include "catalogue/store.h"
#include "uses_index.h"

namespace tuition::catalogue {

TEST_CASE("a picture of oneself is stored without its metadata, shown in the profile, and gone with the next") {
  Library library;
  const auto who = library.learner();
  const auto first = library.upload(who, Purpose::avatar, tests::jpeg(512, 512, tests::exif(1)), "me at home.jpeg");
  REQUIRE(first);
  CHECK(first->mime == "image/jpeg");
  CHECK(first->name == "me at home.jpeg");
  CHECK(first->width == 512);
  CHECK(library.read(*first) == tests::jpeg(512, 512));

  auto profile = accounts::update_profile(library.app->accounts, who, {.avatar_id = first->id.text()});
  REQUIRE(profile);
  CHECK(profile->avatar_id == first->id.text());
  CHECK(profile->avatar_url == "/api/media/" + first->id.text());
  CHECK(library.open(Caller{}, first->id));
  CHECK(delete_media(library.door, who, first->id).error().code == "MEDIA_IN_USE");

  const auto second = library.upload(who, Purpose::avatar, tests::png(64, 64));
  REQUIRE(second);
  REQUIRE(accounts::update_profile(library.app->accounts, who, {.avatar_id = second->id.text()}));
  CHECK(library.rows(false) == 1);
  CHECK(!library.open(who, first->id));
  profile = accounts::update_profile(library.app->accounts, who, {.avatar_id = ""});
  REQUIRE(profile);
  CHECK(!profile->avatar_url);
  CHECK(library.rows(false) == 0);
  CHECK(library.rows(true) == 0);
}

TEST_CASE("only one's own picture can be shown as one's own") {
  Library library;
  const auto who = library.learner();
  const auto other = library.instructor();
  const auto theirs = library.upload(other, Purpose::avatar, tests::png(64, 64));
  const auto lesson = library.upload(other, Purpose::lesson, tests::png(64, 64));
  const auto proof = library.upload(who, Purpose::proof, tests::png(64, 64));
  for (const auto& id : {theirs->id.text(), lesson->id.text(), proof->id.text(), std::string("no-id"),
                         std::string("0190b6f0-0000-7000-8000-000000000000")}) {
    CAPTURE(id);
    const auto refused = accounts::update_profile(library.app->accounts, who, {.avatar_id = id});
    REQUIRE(!refused);
    CHECK(refused.error().fields.front().field == "avatarId");
  }
}

TEST_CASE("what may be uploaded depends on what it is for and what it is") {
  Library library;
  const auto who = library.learner();
  const auto staff = library.instructor();
  const auto code = [&](const Caller& caller, Purpose purpose, const std::string& bytes, const std::string& name) {
    const auto made = library.upload(caller, purpose, bytes, name);
    return made ? std::string(made->mime) : made.error().code;
  };
  CHECK(code(who, Purpose::avatar, tests::webp(64, 64), "x") == "image/webp");
  CHECK(code(who, Purpose::avatar, tests::gif(64, 64, 1), "x") == "UNSUPPORTED_MEDIA");
  CHECK(code(who, Purpose::avatar, "<svg onload='alert(1)'/>", "face.svg") == "UNSUPPORTED_MEDIA");
  CHECK(code(who, Purpose::avatar, "<html><script>alert(1)</script>", "face.png") == "UNSUPPORTED_MEDIA");
  CHECK(code(who, Purpose::avatar, "%PDF-1.7", "face.png") == "UNSUPPORTED_MEDIA");
  CHECK(code(who, Purpose::avatar, "", "face.png") == "UNPROCESSABLE");
  CHECK(code(who, Purpose::avatar, tests::png(50'000, 50'000), "x") == "UNPROCESSABLE");
  CHECK(code(who, Purpose::avatar, tests::png(64, 64).substr(0, 3000), "x") == "UNPROCESSABLE");
  CHECK(code(who, Purpose::proof, "%PDF-1.7", "receipt.pdf") == "application/pdf");
  CHECK(code(who, Purpose::proof, "RIFF1234WAVE", "x.wav") == "UNSUPPORTED_MEDIA");
  CHECK(code(who, Purpose::lesson, tests::png(64, 64), "x") == "FORBIDDEN");
  CHECK(code(Caller{}, Purpose::avatar, tests::png(64, 64), "x") == "UNAUTHENTICATED");
  CHECK(code(staff, Purpose::lesson, "<html><script>alert(1)</script>", "page.html") == "application/octet-stream");
  CHECK(code(staff, Purpose::lesson, "<html><script>alert(1)</script>", "page.png") == "UNSUPPORTED_MEDIA");
  CHECK(code(staff, Purpose::lesson, "RIFF1234WAVE", "song.wav") == "audio/wav");
  CHECK(library.rows(false) == 4);
}

TEST_CASE("limits of size and quotas hold before and while a file comes") {
  Library library([](app::Options& options) {
    options.media.avatar_kib = 64;
    options.media.lesson_mib = 2;
    options.media.member_quota_mib = 1;
  });
  const auto who = library.learner();
  CHECK(library.upload(who, Purpose::avatar, tests::png(64, 64), "", 65 * 1024).error().code == "PAYLOAD_TOO_LARGE");
  CHECK(library.upload(who, Purpose::avatar, tests::png(64, 64, tests::png_block("IDAT", std::string(70'000, 'x'))))
            .error()
            .code == "PAYLOAD_TOO_LARGE");
  const auto proof = [&](int n) { return "%PDF-1.7" + std::to_string(n) + std::string(300'000, 'x'); };
  for (int i = 0; i < 3; ++i) REQUIRE(library.upload(who, Purpose::proof, proof(i)));
  CHECK(library.upload(who, Purpose::proof, proof(4)).error().code == "QUOTA_EXCEEDED");
  CHECK(library.upload(who, Purpose::proof, "%PDF-1.7", "", 300'000).error().code == "QUOTA_EXCEEDED");
  CHECK(library.rows(false) == 3);
  CHECK(library.rows(true) == 15);

  // Also of what is under way only.
  const auto other = library.caller(library.person("other@x.example"));
  auto one = MediaUpload::begin(library.door, other, Purpose::proof, "", {});
  auto two = MediaUpload::begin(library.door, other, Purpose::proof, "", {});
  REQUIRE((*one)->take(proof(5) + std::string(400'000, 'x')));
  REQUIRE((*two)->take(proof(6)));
  CHECK(library.upload(other, Purpose::proof, "%PDF-1.7", "", 300'000).error().code == "QUOTA_EXCEEDED");
  one->reset();
  CHECK(library.upload(other, Purpose::proof, proof(7)));
}

TEST_CASE("a lesson's file is for who may open the lesson, or holds a signed link") {
  Library library;
  const auto course = library.course();
  const auto who = library.learner();
  const auto heard = library.file_id(course, "media/heard.wav");
  const auto open = library.file_id(course, "media/open.png");
  const auto cover = library.file_id(course, "media/cover.png");

  // What the course's page and previews show is everybody's.
  CHECK(library.open(Caller{}, cover));
  CHECK(library.open(Caller{}, open));
  CHECK(library.open(Caller{}, heard).error().code == "UNAUTHENTICATED");
  CHECK(library.open(who, heard).error().code == "PAYMENT_REQUIRED");
  CHECK(library.open(library.instructor(), heard));
  CHECK(library.open(who, MediaId("0190b6f0-0000-7000-8000-000000000000")).error().code == "NOT_FOUND");

  const auto item = library.db->read([&](ReadTx& tx) { return media(tx, heard); });
  const auto link = media_link(library.door, *item);
  CHECK(library.open(Caller{}, heard, link));
  auto forged = link;
  forged.back() = forged.back() == 'A' ? 'B' : 'A';
  CHECK(library.open(Caller{}, heard, forged).error().code == "UNAUTHENTICATED");
  auto later = link;
  later.replace(later.find("expires=") + 8, 1, "9");
  CHECK(library.open(Caller{}, heard, later).error().code == "UNAUTHENTICATED");
  const auto other = library.upload(library.instructor("second"), Purpose::lesson, "RIFF1234WAVEother");
  CHECK(library.open(Caller{}, other->id, link).error().code == "NOT_FOUND");
  library.clock.pass(minutes(library.door.media.link_minutes + 11));
  CHECK(library.open(Caller{}, heard, link).error().code == "UNAUTHENTICATED");

  // And who has paid, for as long as that holds.
  library.subscribe(who);
  CHECK(library.open(who, heard));
  library.clock.pass(days(31));
  CHECK(library.open(who, heard).error().code == "PAYMENT_REQUIRED");
}

TEST_CASE("the page around a film of another site may frame that site and nothing else") {
  Library library;
  const std::vector<PackageFile> files{
      {"c/course.md", "---\nslug: c\ntitle: C\nsummary: S.\naccess: paid\ninstructor: I\n---\n"},
      {"c/01-m/module.md", "---\ntitle: M\nlevel: 1\n---\n"},
      {"c/01-m/01-a.md",
       "---\ntitle: Bow & arrow\nkind: embed\npreview: true\nembed_url: "
       "https://player.vimeo.com/video/1?h=2&t=3\n---\n"},
      {"c/01-m/02-b.md", "---\ntitle: B\nkind: embed\nembed_url: https://www.youtube-nocookie.com/embed/x\n---\n"}};
  REQUIRE(import_courses(library.door, files, Publish::yes));
  const auto& lessons = shelf(library.door)->course("c")->lessons;
  const auto ask = [&](const LessonId& id, const Caller& caller) {
    http::Request request;
    request.caller = caller;
    request.params = {{"lessonId", id.text()}};
    return learning::embed_answer(library.app->learning, request);
  };
  const auto policy_of = [](const http::Reply& reply) {
    for (const auto& [name, value] : reply.headers)
      if (name == "Content-Security-Policy") return value;
    return std::string{};
  };
  const auto open = ask(lessons[0].id, Caller{});
  CHECK(open.status == 200);
  CHECK(open.body.find("src=\"https://player.vimeo.com/video/1?h=2&amp;t=3\"") != std::string::npos);
  CHECK(open.body.find("<title>Bow &amp; arrow</title>") != std::string::npos);
  CHECK(policy_of(open).ends_with("frame-ancestors 'self'; frame-src https://player.vimeo.com"));
  CHECK(policy_of(open).starts_with("default-src 'none'; "));
  CHECK(ask(lessons[1].id, Caller{}).status == 401);
  const auto staff = ask(lessons[1].id, library.instructor());
  CHECK(staff.status == 200);
  CHECK(policy_of(staff).ends_with("frame-src https://www.youtube-nocookie.com"));
}

TEST_CASE("files of drafts and files that nothing shows are for the staff alone") {
  Library library;
  const auto staff = library.instructor();
  const auto unused = library.upload(staff, Purpose::lesson, tests::png(64, 64));
  CHECK(library.open(library.learner(), unused->id).error().code == "NOT_FOUND");
  CHECK(library.open(library.instructor("second"), unused->id));
}

TEST_CASE("a proof is its owner's and the administrators'") {
  Library library;
  const auto who = library.learner();
  const auto proof = library.upload(who, Purpose::proof, "%PDF-1.7 paid", "proof.pdf");
  REQUIRE(proof);
  CHECK(library.open(who, proof->id));
  CHECK(library.open(library.caller(library.person("a@x.example", Role::admin), Role::admin), proof->id));
  CHECK(library.open(library.instructor(), proof->id).error().code == "NOT_FOUND");
  CHECK(library.open(Caller{}, proof->id).error().code == "NOT_FOUND");
  CHECK(delete_media(library.door, library.instructor("second"), proof->id).error().code == "NOT_FOUND");
  CHECK(delete_media(library.door, who, proof->id));
  CHECK(library.rows(true) == 0);
}

TEST_CASE("files are deleted by their owner, and not while a lesson shows them") {
  Library library;
  const auto staff = library.instructor();
  const auto other = library.instructor("second");
  const auto admin = library.caller(library.person("a@x.example", Role::admin), Role::admin);
  const auto file = library.upload(staff, Purpose::lesson, tests::png(64, 64), "x.png");
  CHECK(delete_media(library.door, other, file->id).error().code == "FORBIDDEN");
  CHECK(delete_media(library.door, library.learner(), file->id).error().code == "NOT_FOUND");
  CHECK(delete_media(library.door, staff, file->id));
  CHECK(delete_media(library.door, staff, file->id).error().code == "NOT_FOUND");

  const auto course = library.course();
  for (const auto* path : {"media/heard.wav", "media/open.png", "media/cover.png"})
    CHECK(delete_media(library.door, admin, library.file_id(course, path)).error().code == "MEDIA_IN_USE");
}

TEST_CASE("a course that comes again keeps the ids of files that are the same, and drops the others") {
  Library library;
  const auto course = library.course();
  const auto before = library.db->read([&](ReadTx& tx) { return course_files(tx, course.text()); });
  REQUIRE(before.size() == 3);
  CHECK(before[0].blob == before[2].blob);  // cover and open are the same picture, stored once
  CHECK(library.rows(true) == 5);
  for (const auto& each : before) {
    std::string bytes;
    while (blobs::read(*library.db, each.blob, bytes.size(), 1 << 20, bytes)) {}
    const auto from = std::find_if(library.files.begin(), library.files.end(),
                                   [&](const PackageFile& file) { return file.path == "c/" + each.path; });
    CHECK(bytes == from->bytes);
  }

  auto again = import_courses(library.door, library.files, Publish::yes);
  REQUIRE(again);
  CHECK(again->front().change == Imported::Change::none);

  const auto louder = "RIFF1234WAVE" + std::string(90'000, 't');
  library.files[6].bytes = louder;
  again = import_courses(library.door, library.files, Publish::yes);
  REQUIRE(again);
  CHECK(again->front().change == Imported::Change::updated);
  const auto after = library.db->read([&](ReadTx& tx) { return course_files(tx, course.text()); });
  REQUIRE(after.size() == 3);
  CHECK(after[0].media == before[0].media);
  CHECK(after[1].media != before[1].media);
  CHECK(after[2].media == before[2].media);
  CHECK(library.rows(false) == 3);
  CHECK(library.rows(true) == 3);
  const auto draft = library.db->read([&](ReadTx& tx) { return store::draft_of(tx, course); });
  CHECK(draft.modules[0].lessons[1].file == "media/heard.wav");
  CHECK(draft.modules[0].lessons[1].media == after[1].media.text());
  CHECK(draft.modules[0].lessons[0].body_md == "See ![it](../media/open.png).\n");
  CHECK(draft.modules[0].lessons[0].body_html.find("/api/media/" + after[2].media.text()) != std::string::npos);

  // Without its files the course has none.
  library.files = {library.files[1],
                   {"c/course.md", "---\nslug: c\ntitle: C\nsummary: S.\naccess: paid\ninstructor: I\n---\n"}};
  REQUIRE(import_courses(library.door, library.files, Publish::yes));
  CHECK(library.rows(false) == 0);
  CHECK(library.rows(true) == 0);
}

TEST_CASE("a course goes out as it came in, files and all") {
  Library library;
  const auto course = library.course();
  const auto whole = library.db->read([&](ReadTx& tx) { return whole_course(tx, course); });
  std::map<std::string, std::string> written;
  for (auto& each : write_course(whole.draft)) written.emplace(each.path, each.bytes);
  for (const auto& each : whole.files) {
    auto& bytes = written[each.path];
    while (blobs::read(*library.db, each.blob, bytes.size(), 1 << 20, bytes)) {}
    CHECK(static_cast<std::int64_t>(bytes.size()) == each.bytes);
  }
  REQUIRE(written.size() == library.files.size());
  for (const auto& file : library.files) {
    CAPTURE(file.path);
    // Texts come back in the order of keys that is described, files byte for byte.
    if (!file.path.ends_with(".md")) CHECK(written[std::string(file.path)] == file.bytes);
  }
  std::vector<PackageFile> again;
  for (const auto& [path, bytes] : written) again.push_back({path, bytes});
  const auto put = import_courses(library.door, again, Publish::yes);
  REQUIRE(put);
  CHECK(put->front().change == Imported::Change::none);
  // And once more the very same bytes.
  const auto twice = library.db->read([&](ReadTx& tx) { return write_course(whole_course(tx, course).draft); });
  for (const auto& each : twice) CHECK(each.bytes == written[each.path]);
}

TEST_CASE("what was chosen from the library goes out with the course, under a name of its folder") {
  Library library;
  const auto course = library.course();
  const auto staff = library.instructor();
  const auto picture = library.upload(staff, Purpose::lesson, tests::png(70, 70), "Größe & Takt.png");
  const auto film = library.upload(staff, Purpose::lesson, "\x1a\x45\xdf\xa3----webm", "heard.webm");
  REQUIRE(film);
  library.db->write([&](WriteTx& tx) {
    tx.execute(
        "UPDATE lessons SET body_md = 'See ![](/api/media/' || ?1 || ').' || char(10), kind = 'video', media_id = ?2 "
        "WHERE title = 'Open'",
        picture->id, film->id);
  });
  const auto whole = library.db->read([&](ReadTx& tx) { return whole_course(tx, course); });
  const auto& lesson = whole.draft.modules[0].lessons[0];
  CHECK(lesson.body_md == "See ![](../media/Gr-e-Takt.png).\n");
  CHECK(lesson.file == "media/heard.webm");
  REQUIRE(whole.files.size() == 5);
  CHECK(whole.files[0].path == "c/media/Gr-e-Takt.png");
}

TEST_CASE("any name becomes one of a course's folder") {
  CHECK(folder_name("face.png") == "face.png");
  CHECK(folder_name("..  hidden file.txt") == "hidden-file.txt");
  CHECK(folder_name("\xc3\xa9\xc3\xa9.png") == "png");
  CHECK(folder_name("") == "file");
  CHECK(folder_name(std::string(300, 'x') + ".png").size() == 90);
}

TEST_CASE("a course folder whose files are wrong is refused with all that is wrong") {
  Library library;
  const auto position = tests::jpeg(64, 64, tests::exif(1));
  const auto huge = tests::png(50'000, 50'000);
  const std::vector<PackageFile> files{
      {"c/course.md", "---\nslug: c\ntitle: C\nsummary: S.\naccess: paid\ninstructor: I\n---\n"},
      {"c/01-m/module.md", "---\ntitle: M\nlevel: 1\n---\n"},
      {"c/01-m/01-a.md", "---\ntitle: A\nkind: audio\nfile: media/gone.wav\n---\n"},
      {"c/01-m/02-b.md", "---\ntitle: B\nkind: video\nfile: media/home.jpg\n---\n"},
      {"c/01-m/03-c.md", "---\ntitle: C\nkind: text\nfile: media/home.jpg\n---\n"},
      {"c/01-m/04-d.md", "---\ntitle: D\nkind: text\n---\n![](../media/missing.png)\n"},
      {"c/01-m/05-e.md", "---\ntitle: E\nkind: image\n---\n"},
      {"c/media/home.jpg", position},
      {"c/media/huge.png", huge},
      {"c/media/page.png", "<html>"},
      {"c/media/a b.txt", "hello\n"},
      {"c/media/empty.bin", ""}};
  const auto refused = import_courses(library.door, files, Publish::yes);
  REQUIRE(!refused);
  std::vector<std::string> fields;
  for (const auto& each : refused.error().fields) fields.push_back(each.field);
  std::sort(fields.begin(), fields.end());
  CHECK(fields == std::vector<std::string>{"c/01-m/01-a.md:4", "c/01-m/02-b.md:4", "c/01-m/03-c.md:4",
                                           "c/01-m/04-d.md:1", "c/01-m/05-e.md:1", "c/media/a b.txt:1",
                                           "c/media/empty.bin:1", "c/media/home.jpg:1", "c/media/huge.png:1",
                                           "c/media/page.png:1"});
  CHECK(library.rows(true) == 0);
}

TEST_CASE("the library is the staff's, paged, by kind and part of a name") {
  Library library;
  const auto staff = library.instructor();
  for (int i = 0; i < 5; ++i) {
    library.clock.pass(seconds(1));
    REQUIRE(library.upload(staff, Purpose::lesson, tests::png(64, 64), "Picture " + std::to_string(i) + ".png"));
    REQUIRE(library.upload(staff, Purpose::lesson, "RIFF1234WAVE" + std::to_string(i), "Sound.wav"));
    REQUIRE(library.upload(staff, Purpose::avatar, tests::png(64, 64)));
  }
  CHECK(list_media(library.door, library.learner(), {}).error().code == "FORBIDDEN");
  CHECK(list_media(library.door, staff, {})->rows.size() == 10);
  CHECK(list_media(library.door, staff, {.kind = MediaKind::audio})->rows.size() == 5);
  CHECK(list_media(library.door, staff, {.search = "CTURE 3"})->rows.size() == 1);
  CHECK(!list_media(library.door, staff, {.cursor = "x"}));
  std::vector<std::string> seen;
  std::optional<std::string> cursor;
  do {
    const auto page = list_media(library.door, staff, {.kind = MediaKind::image, .limit = 2, .cursor = cursor});
    REQUIRE(page);
    for (const auto& each : page->rows) seen.push_back(each.name);
    cursor = page->next;
  } while (cursor);
  CHECK(seen ==
        std::vector<std::string>{"Picture 4.png", "Picture 3.png", "Picture 2.png", "Picture 1.png", "Picture 0.png"});
}

TEST_CASE("who is removed takes their pictures and proofs along, and leaves what lessons show") {
  Library library;
  const auto staff = library.instructor();
  REQUIRE(library.upload(staff, Purpose::lesson, "RIFF1234WAVE"));
  REQUIRE(library.upload(staff, Purpose::proof, "%PDF-1.7"));
  const auto picture = library.upload(staff, Purpose::avatar, tests::png(64, 64));
  REQUIRE(accounts::update_profile(library.app->accounts, staff, {.avatar_id = picture->id.text()}));
  library.db->write([&](WriteTx& tx) { forget_person(library.door, tx, staff.user); });
  CHECK(library.rows(false) == 1);
  CHECK(library.rows(true) == 1);
  CHECK(library.db->read([&](ReadTx& tx) {
    return tx.one<std::int64_t>("SELECT COUNT(*) FROM media WHERE owner_id IS NOT NULL");
  }) == 0);
}

TEST_CASE("a picture that nobody uses is swept after a day") {
  Library library;
  const auto who = library.learner();
  const auto used = library.upload(who, Purpose::avatar, tests::png(64, 64));
  REQUIRE(accounts::update_profile(library.app->accounts, who, {.avatar_id = used->id.text()}));
  REQUIRE(library.upload(who, Purpose::avatar, tests::png(65, 65)));
  sweep_media(library.door);
  CHECK(library.rows(false) == 2);
  library.clock.pass(days(2));
  sweep_media(library.door);
  CHECK(library.rows(false) == 1);
  CHECK(library.open(Caller{}, used->id));
}

TEST_CASE("ids of files are found in rendered text") {
  const std::string id = "0190b6f0-0000-7000-8000-000000000000";
  CHECK(media_in("<img src=\"/api/media/" + id + "\"> <a href=\"/api/media/" + id + "?download=1\">").size() == 1);
  CHECK(media_in("/api/media/ /api/media/short /api/media").empty());
}

TEST_CASE("questions about files have an index") {
  Library library;
  for (const Sql each :
       {Sql("SELECT SUM(bytes) FROM media WHERE owner_id = ?1"), Sql("SELECT id FROM lessons WHERE media_id = ?1"),
        Sql("SELECT 1 FROM media_uses WHERE media_id = ?1"), Sql("SELECT 1 FROM course_files WHERE media_id = ?1"),
        Sql("SELECT 1 FROM media WHERE blob_id = ?1"),
        Sql("SELECT data FROM blob_chunks WHERE blob_id = ?1 AND seq = ?2"),
        Sql("SELECT id FROM blobs WHERE sha256 = ?1"), Sql("SELECT id FROM blobs WHERE sha256 IS NULL"),
        Sql("SELECT 1 FROM user_profiles WHERE avatar_media_id = ?1")})
    CHECK(tests::uses_index(*library.db, each));
}

}  // namespace tuition::catalogue
