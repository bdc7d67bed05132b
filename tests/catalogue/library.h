#pragma once

// A school with a library of files, and a course that shows some of them.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app_fixture.h"
#include "catalogue/catalogue.h"
#include "catalogue/folders/transfer.h"
#include "catalogue/pictures.h"
#include "learning/media/media_delivery.h"
#include "platform/base/check.h"

namespace tuition::catalogue {

struct Library : tests::AppFixture {
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

}  // namespace tuition::catalogue
