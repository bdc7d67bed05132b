#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>

#include "catalogue/folders/course_files.h"
#include "catalogue/folders/transfer.h"
#include "catalogue/library.h"
#include "platform/archive/zip.h"

namespace tuition::catalogue {
namespace {

// A course that plays a recording longer than any archive could be in memory.
struct Post : Library {
  using Library::Library;
  std::vector<archive::ZipFile> folder(std::size_t bytes) {
    std::string sound = "RIFF1234WAVE";
    while (sound.size() < bytes) sound += std::to_string(sound.size()) + ";";
    sound.resize(bytes);
    return {
        {"c/01-m/01-heard.md", "---\ntitle: Heard\nkind: audio\npreview: false\nfile: media/heard.wav\n---\nHear.\n"},
        {"c/01-m/module.md", "---\ntitle: M\nlevel: 1\npreview: false\n---\n"},
        {"c/course.md", "---\nslug: c\ntitle: C\naccess: free\naccent: violet\nlevel_gate: false\n---\n"},
        {"c/media/heard.wav", std::move(sound)},
        {"c/media/open.png", tests::png(300, 200)}};
  }
  Result<CourseImport> send(const Caller& who, const std::vector<archive::ZipFile>& packed, DryRun dry_run,
                            std::optional<std::uint64_t> declared = {}) {
    return send(who, archive::zip(packed), dry_run, declared);
  }
  Result<CourseImport> send(const Caller& who, const std::string& zip, DryRun dry_run,
                            std::optional<std::uint64_t> declared = {}) {
    auto begun = CourseUpload::begin(door, who, dry_run, declared);
    if (!begun) return begun.error();
    for (std::size_t at = 0; at < zip.size(); at += 300'000)
      if (auto taken = (*begun)->take(std::string_view(zip).substr(at, 300'000)); !taken) return taken.error();
    return (*begun)->finish();
  }
  std::map<std::string, std::string> written(const CourseId& course) {
    const auto whole = db->read([&](ReadTx& tx) { return whole_course(tx, course); });
    std::map<std::string, std::string> out;
    for (auto& each : write_course(whole.draft)) out.emplace(each.path, each.bytes);
    for (const auto& each : whole.files) {
      auto& bytes = out[each.path];
      while (blobs::read(*db, each.blob, bytes.size(), 1 << 20, bytes)) {}
    }
    return out;
  }
};

}  // namespace

TEST_CASE("an archive with a recording of 20 MiB becomes a course, byte for byte") {
  Post post;
  const auto teacher = post.instructor();
  const auto files = post.folder(20 * 1024 * 1024 + 17);
  const auto tried = post.send(teacher, files, DryRun::yes);
  REQUIRE(tried);
  CHECK(tried->change == Imported::Change::created);
  CHECK(!tried->course);
  CHECK(post.rows(true) == 0);  // what a trial put away is gone

  const auto made = post.send(teacher, files, DryRun::no);
  REQUIRE(made);
  const auto out = post.written(*made->course);
  CHECK(out.size() == files.size());
  for (const auto& each : files) {
    CAPTURE(each.path);
    CHECK(out.at(each.path) == each.bytes);
  }
  // The picture, and the recording in chunks; of the archive itself nothing.
  CHECK(post.rows(true) == 1 + (20 * 1024 * 1024 + 17 + 64 * 1024 - 1) / (64 * 1024));
  CHECK(post.send(teacher, files, DryRun::no)->change == Imported::Change::none);
  // And out again, in pieces.
  auto zip = zip_course(post.door, export_course(post.door, teacher, "c").value());
  std::string archive;
  std::size_t longest = 0;
  for (std::string piece; zip.next(piece); piece.clear()) {
    longest = std::max(longest, piece.size());
    archive += piece;
  }
  CHECK(archive.size() == zip.length());
  CHECK(longest <= 2 * blobs::piece_bytes);
  CHECK(post.send(teacher, archive, DryRun::no)->change == Imported::Change::none);
  const auto unpacked = archive::unzip(archive, {.file_max = 64 << 20, .total_max = 64 << 20});
  REQUIRE(unpacked);
  REQUIRE(unpacked->size() == files.size());
  for (const auto& each : *unpacked) CHECK(each.bytes == out.at(each.path));
  const auto picture = post.file_id(*made->course, "media/open.png");
  const auto item = post.db->read([&](ReadTx& tx) { return media(tx, picture); });
  CHECK(item->width == 300);
}

TEST_CASE("a file in an archive may be as large as one that is uploaded for a lesson") {
  Post post([](app::Options& options) { options.media.lesson_mib = 1; });
  const auto teacher = post.instructor();
  const auto refused = post.send(teacher, post.folder(1024 * 1024 + 1), DryRun::no);
  CHECK(refused.error().fields[0].field == "c/media/heard.wav");
  CHECK(refused.error().fields[0].reason == "is longer than 1 MiB");
  CHECK(post.rows(true) == 0);
  CHECK(post.send(teacher, post.folder(1024 * 1024), DryRun::no));
}

TEST_CASE("an archive that is too much, damaged or of somebody else leaves nothing") {
  Post post([](app::Options& options) { options.media.course_mib = 1; });
  const auto teacher = post.instructor();
  const auto small = post.folder(200'000);
  CHECK(post.send(teacher, small, DryRun::no, 1024 * 1024 + 1).error().code == "PAYLOAD_TOO_LARGE");
  // Noise, so that the archive is no smaller than what is in it.
  std::string noise = "RIFF1234WAVE";
  for (std::uint32_t seed = 7; noise.size() < 1'200'000;)
    noise += static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
  auto large = small;
  large[3].bytes = noise;
  CHECK(post.send(teacher, large, DryRun::no).error().code == "PAYLOAD_TOO_LARGE");
  // Small on the way, and more than it may be once it is unpacked.
  large[3].bytes = "RIFF1234WAVE" + std::string(1'200'000, 'x');
  const auto bomb = post.send(teacher, large, DryRun::no);
  CHECK(bomb.error().code == "PAYLOAD_TOO_LARGE");
  CHECK(bomb.error().safe == "What is in this archive is more than 1 MiB.");
  auto wrong = small;
  wrong[0].bytes = std::string(600 * 1024, 'x');
  CHECK(post.send(teacher, wrong, DryRun::no).error().fields[0].reason == "is longer than 512 KiB");
  wrong[0].bytes = small[0].bytes;
  wrong[4].bytes = "<html>";
  CHECK(post.send(teacher, wrong, DryRun::no).error().fields[0].field == "c/media/open.png:1");
  const auto whole = archive::zip(small);
  CHECK(!post.send(teacher, whole.substr(0, whole.size() / 2), DryRun::no));
  CHECK(!post.send(teacher, std::string{}, DryRun::no));
  CHECK(post.send(post.learner(), small, DryRun::no).error().code == "FORBIDDEN");
  CHECK(post.rows(true) == 0);
  CHECK(post.rows(false) == 0);
  CHECK(post.send(teacher, small, DryRun::no));
}

}  // namespace tuition::catalogue
