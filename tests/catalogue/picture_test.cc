#include "catalogue/media/picture.h"

#include <catch2/catch_test_macros.hpp>

#include "pictures.h"

namespace tuition::catalogue {
namespace {

using namespace std::string_view_literals;
using namespace tests;

struct Cleaned {
  bool well = false;
  std::string bytes{};
  std::string problem{};
  std::uint32_t width = 0, height = 0;
  bool had_metadata = false;
};

Cleaned clean(PictureFormat format, std::string_view bytes, std::size_t step = 1 << 20, PictureLimits limits = {}) {
  PictureCleaner cleaner(format, limits);
  Cleaned out;
  out.well = true;
  for (std::size_t at = 0; at < bytes.size() && out.well; at += step)
    out.well = cleaner.take(bytes.substr(at, step), out.bytes);
  out.well = out.well && cleaner.finish();
  out.problem = cleaner.problem();
  out.width = cleaner.width();
  out.height = cleaner.height();
  out.had_metadata = cleaner.had_metadata();
  return out;
}

bool holds(const std::string& bytes, std::string_view part) { return bytes.find(part) != std::string::npos; }

const auto png_secrets = png_block("eXIf", "GPS 52.5N") + png_block("tEXt", "Author\0Me") +
                         png_block("iTXt", "XMP GPS") + png_block("prVt", "secret");
const auto webp_secrets = webp_block("EXIF", "II*\0 GPS 52.5N 13.4E") + webp_block("XMP ", "<x>GPS</x>");

}  // namespace

TEST_CASE("a picture without metadata passes byte for byte") {
  for (const auto& [format, bytes] :
       {std::pair{PictureFormat::png, png(640, 480)}, std::pair{PictureFormat::jpeg, jpeg(640, 480)},
        std::pair{PictureFormat::gif, gif(640, 480, 3)}}) {
    CAPTURE(static_cast<int>(format));
    const auto out = clean(format, bytes);
    CHECK(out.problem.empty());
    CHECK(out.well);
    CHECK(out.bytes == bytes);
    CHECK(out.width == 640);
    CHECK(out.height == 480);
    CHECK(!out.had_metadata);
  }
}

TEST_CASE("place, camera and remarks do not go out, and nothing else changes") {
  const auto p = clean(PictureFormat::png, png(640, 480, png_secrets));
  CHECK(p.bytes == png(640, 480));
  CHECK(p.had_metadata);

  const auto j =
      clean(PictureFormat::jpeg, jpeg(640, 480,
                                      exif(1) + jpeg_segment(0xe1, "http://ns.adobe.com/xap GPS") +
                                          jpeg_segment(0xfe, "my GPS") + jpeg_segment(0xe0, "JFXX\0\x10thumbnail"sv)));
  CHECK(j.bytes == jpeg(640, 480));
  CHECK(j.had_metadata);

  const auto g = clean(PictureFormat::gif, gif(640, 480, 2, "\x21\xfe\x05GPS!!\0\x21\xff\x0bXMP DataXMP\x03GPS\0"sv));
  CHECK(g.bytes == gif(640, 480, 2));
  CHECK(g.had_metadata);
}

TEST_CASE("a JPEG that lies on its side stays so without its place") {
  const auto out = clean(PictureFormat::jpeg, jpeg(640, 480, exif(6)));
  CHECK(out.well);
  CHECK(!holds(out.bytes, "GPS"));
  CHECK(holds(out.bytes, "Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06"sv));
  // What was made of it is taken as it is.
  CHECK(clean(PictureFormat::jpeg, out.bytes).bytes == out.bytes);
}

TEST_CASE("a WebP's metadata becomes zeros, and its header says that there is none") {
  const auto before = webp(640, 480, webp_secrets);
  const auto out = clean(PictureFormat::webp, before);
  CHECK(out.well);
  CHECK(out.bytes.size() == before.size());
  CHECK(!holds(out.bytes, "GPS"));
  CHECK(!holds(out.bytes, "EXIF"));
  CHECK(!holds(out.bytes, "XMP "));
  CHECK(out.bytes[20] == 0);
  CHECK(out.width == 640);
  CHECK(out.height == 480);
}

TEST_CASE("what is appended to a picture does not pass") {
  for (const auto& [format, bytes] :
       {std::pair{PictureFormat::png, png(64, 48)}, std::pair{PictureFormat::jpeg, jpeg(64, 48)},
        std::pair{PictureFormat::gif, gif(64, 48, 1)}}) {
    const auto out = clean(format, bytes + "<script>alert(1)</script>PK\x03\x04");
    CHECK(out.well);
    CHECK(out.bytes == bytes);
  }
  const auto out = clean(PictureFormat::webp, webp(64, 48) + "<script>");
  CHECK(out.well);
  CHECK(!holds(out.bytes, "<script>"));
}

TEST_CASE("it does not matter in which pieces a picture comes") {
  const std::pair<PictureFormat, std::string> all[] = {
      {PictureFormat::png, png(640, 480, png_secrets)},
      {PictureFormat::jpeg, jpeg(640, 480, exif(8) + jpeg_segment(0xfe, "remark"))},
      {PictureFormat::webp, webp(640, 480, webp_secrets)},
      {PictureFormat::gif, gif(640, 480, 5, "\x21\xfe\x05GPS!!\0"sv)}};
  for (const auto& [format, bytes] : all) {
    const auto whole = clean(format, bytes);
    REQUIRE(whole.well);
    for (const std::size_t step : {1, 2, 3, 7, 64, 1000}) {
      CAPTURE(static_cast<int>(format), step);
      const auto out = clean(format, bytes, step);
      CHECK(out.well);
      CHECK(out.bytes == whole.bytes);
    }
  }
}

TEST_CASE("a picture cut anywhere is refused") {
  const std::pair<PictureFormat, std::string> all[] = {{PictureFormat::png, png(64, 48)},
                                                       {PictureFormat::jpeg, jpeg(64, 48)},
                                                       {PictureFormat::webp, webp(64, 48)},
                                                       {PictureFormat::gif, gif(64, 48, 2)}};
  for (const auto& [format, bytes] : all)
    for (std::size_t size = 0; size < bytes.size(); size += size < 100 ? 1 : 37) {
      CAPTURE(static_cast<int>(format), size);
      CHECK(!clean(format, std::string_view(bytes).substr(0, size)).well);
    }
}

TEST_CASE("a picture that would unpack to too much is refused by its header") {
  for (const auto& [format, bytes] :
       {std::pair{PictureFormat::png, png(50'000, 50'000)}, std::pair{PictureFormat::jpeg, jpeg(50'000, 50'000)},
        std::pair{PictureFormat::webp, webp(50'000, 50'000)}, std::pair{PictureFormat::gif, gif(50'000, 50'000, 1)},
        std::pair{PictureFormat::png, png(10'000, 10'000)}, std::pair{PictureFormat::png, png(100'000, 1)}}) {
    CAPTURE(static_cast<int>(format));
    const auto out = clean(format, bytes);
    CHECK(!out.well);
    CHECK(out.problem.find("pixels") != std::string::npos);
  }
  CHECK(!clean(PictureFormat::gif, gif(10, 10, 100'000)).well);
  CHECK(!clean(PictureFormat::png, png(0, 10)).well);
  CHECK(!clean(PictureFormat::jpeg, jpeg(10, 0)).well);
}

TEST_CASE("lengths that lie are refused, and no byte beyond the picture is read") {
  auto p = png(64, 48);
  p.replace(33, 4, "\xff\xff\xff\xff"sv);
  CHECK(!clean(PictureFormat::png, p).well);
  CHECK(!clean(PictureFormat::jpeg, "\xff\xd8\xff\xe1\0\0"sv).well);
  CHECK(!clean(PictureFormat::jpeg, "\xff\xd8\xff\xe1\0\x01"sv).well);
  auto w = webp(64, 48);
  w.replace(16, 4, "\xff\xff\xff\x7f"sv);
  CHECK(!clean(PictureFormat::webp, w).well);
  // A directory of EXIF entries that points outside says nothing about which way is up.
  CHECK(clean(PictureFormat::jpeg, jpeg(64, 48, jpeg_segment(0xe1, "Exif\0\0II\x2a\0\xff\xff\xff\xff"sv))).bytes ==
        jpeg(64, 48));
  for (std::uint32_t seed = 1; seed < 3000; ++seed) {
    auto bytes = seed % 2 ? jpeg(64, 48, exif(6)) : webp(64, 48, webp_secrets);
    auto at = seed * 2654435761U;
    for (int i = 0; i < 4; ++i, at = at * 1664525 + 1013904223) bytes[4 + at % 120] = static_cast<char>(at >> 13);
    (void)clean(seed % 2 ? PictureFormat::jpeg : PictureFormat::webp, bytes, 1 + seed % 97);
  }
}

}  // namespace tuition::catalogue
