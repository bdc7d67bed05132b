#include "catalogue/media.h"

#include <algorithm>
#include <map>

#include <catch2/catch_test_macros.hpp>

#include "accounts/profile.h"
#include "app_fixture.h"
#include "catalogue/catalogue.h"
#include "catalogue/course_files.h"
#include "catalogue/store.h"
#include "catalogue/transfer.h"
#include "learning/media_delivery.h"
#include "pictures.h"
#include "uses_index.h"

namespace tuition::catalogue {
namespace {

using tests::AppFixture;

struct Library : AppFixture {
  using AppFixture::AppFixture;
  Catalogue& door = app->catalogue;

  Result<MediaItem> upload(const Caller& who, Purpose purpose, const std::string& bytes, const std::string& name = "",
                           std::optional<std::uint64_t> declared = {}) {
    auto begun = MediaUpload::begin(door, who, purpose, name, declared);
    if (!begun) return begun.error();
    for (std::size_t at = 0; at < bytes.size(); at += 50'000) {
      auto taken = (*begun)->take(std::string_view(bytes).substr(at, 50'000));
      if (!taken) return taken.error();
    }
    return (*begun)->finish();
  }
  std::string read(const MediaItem& item) {
    std::string out;
    while (blobs::read(*db, item.blob, out.size(), 100'000, out)) {}
    return out;
  }
  std::int64_t rows(bool chunks) {
    for (int i = 0; i < 20; ++i) db->write([](WriteTx&) {});
    return db->read([&](ReadTx& tx) {
      return chunks ? *tx.one<std::int64_t>("SELECT COUNT(*) FROM blob_chunks")
                    : *tx.one<std::int64_t>("SELECT COUNT(*) FROM media");
    });
  }
  Caller learner() { return caller(person("learner@x.example")); }
  Caller instructor(const std::string& name = "instructor") {
    return caller(person(name + "@x.example", Role::instructor), Role::instructor);
  }

  // A paid course of two lessons, of which the first is open to everybody. Both show files.
  CourseId course() {
    static const auto picture = tests::png(300, 200);
    static const auto sound = "RIFF1234WAVE" + std::string(200'000, 's');
    files = {{"c/course.md",
              "---\nslug: c\ntitle: C\nsummary: S.\naccess: paid\ninstructor: I\n---\n![](media/cover.png)\n"},
             {"c/01-m/module.md", "---\ntitle: M\nlevel: 1\n---\n"},
             {"c/01-m/01-open.md", "---\ntitle: Open\nkind: text\npreview: true\n---\nSee ![it](../media/open.png).\n"},
             {"c/01-m/02-heard.md", "---\ntitle: Heard\nkind: audio\nfile: media/heard.wav\n---\nHear.\n"},
             {"c/media/cover.png", picture},
             {"c/media/open.png", picture},
             {"c/media/heard.wav", sound}};
    const auto made = import_courses(door, files, Publish::yes);
    check(made.ok(), "the course is imported");
    return made->front().course;
  }
  MediaId file_id(const CourseId& course, std::string_view path) {
    for (const auto& each : db->read([&](ReadTx& tx) { return course_files(tx, course.text()); }))
      if (each.path == path) return each.media;
    throw Bug("the course has that file");
  }
  // Everything is open to them for a month.
  void subscribe(const Caller& who) {
    db->write([&](WriteTx& tx) {
      entitlements::grant(app->entitlements, tx,
                          {.user = who.user,
                           .scope = entitlements::Scope::all,
                           .source = entitlements::Source::subscription,
                           .source_id = "s",
                           .starts_at = clock.now(),
                           .ends_at = clock.now() + days(30),
                           .reason = "Paid."});
    });
  }
  Result<MediaItem> open(const Caller& who, const MediaId& id, const std::string& link = "") {
    const auto part = [&](const std::string& name) {
      const auto at = link.find(name + "=");
      if (at == std::string::npos) return std::string{};
      const auto from = at + name.size() + 1;
      return link.substr(from, link.find('&', from) - from);
    };
    return learning::open_media(app->learning, who, id, part("expires"), part("signature"));
  }
  std::vector<PackageFile> files{};
};

}  // namespace

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
