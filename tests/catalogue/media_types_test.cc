#include "catalogue/media/media_types.h"

#include <catch2/catch_test_macros.hpp>

#include "pictures.h"
#include "platform/base/text.h"

namespace tuition::catalogue {
namespace {

using namespace std::string_view_literals;

std::string boxes(std::string_view brand) {
  return std::string("\0\0\0\x20"sv) + "ftyp" + std::string(brand) + std::string(20, '\0');
}

}  // namespace

TEST_CASE("a file is what its first bytes say") {
  const struct {
    std::string bytes;
    std::string_view mime;
    MediaKind kind;
  } rows[] = {
      {tests::png(1, 1), "image/png", MediaKind::image},
      {tests::jpeg(1, 1), "image/jpeg", MediaKind::image},
      {tests::webp(1, 1), "image/webp", MediaKind::image},
      {tests::gif(1, 1, 1), "image/gif", MediaKind::image},
      {"RIFF1234WAVEfmt ", "audio/wav", MediaKind::audio},
      {std::string("ID3\x04\0\0"sv), "audio/mpeg", MediaKind::audio},
      {std::string("\xff\xfb\x90\x64"sv), "audio/mpeg", MediaKind::audio},
      {std::string("OggS\0\x02") + std::string(22, '\0') + "OpusHead", "audio/ogg", MediaKind::audio},
      {std::string("OggS\0\x02") + std::string(22, '\0') + "\x80theora", "video/ogg", MediaKind::video},
      {"fLaC1234", "audio/flac", MediaKind::audio},
      {boxes("M4A "), "audio/mp4", MediaKind::audio},
      {boxes("isom"), "video/mp4", MediaKind::video},
      {boxes("mp42"), "video/mp4", MediaKind::video},
      {std::string("\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm"), "video/webm", MediaKind::video},
      {"%PDF-1.7\n", "application/pdf", MediaKind::file},
      {"MThd1234", "audio/midi", MediaKind::file},
      {std::string("PK\x03\x04rest"), "application/zip", MediaKind::file},
      {"X:1\nT:A tune\nK:C\nCDEF|", "text/plain; charset=utf-8", MediaKind::file},
      // What a browser could take for a page, or could run, has no type.
      {"<!DOCTYPE html><p>hello", "application/octet-stream", MediaKind::file},
      {"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "application/octet-stream",
       MediaKind::file},
      {"  \n<?xml version='1.0'?><svg/>", "application/octet-stream", MediaKind::file},
      {"hello <SCRIPT>alert(1)</SCRIPT>", "application/octet-stream", MediaKind::file},
      {std::string("MZ\x90\0\x03"sv), "application/octet-stream", MediaKind::file},
      {boxes("avif"), "application/octet-stream", MediaKind::file},
      {"RIFF1234AVI LIST", "application/octet-stream", MediaKind::file},
      {"", "application/octet-stream", MediaKind::file},
  };
  for (const auto& row : rows) {
    CAPTURE(row.bytes.substr(0, 20));
    const auto type = type_of(row.bytes);
    CHECK(type.mime == row.mime);
    CHECK(type.kind == row.kind);
  }
}

TEST_CASE("a text whose beginning ends within a letter is a text") {
  for (std::size_t i = 0; i < 4; ++i) {
    std::string text(sniff_bytes - 2 - i, 'a');
    for (int n = 0; n < 10; ++n) text += "\xe2\x99\xaa";  // a note
    CHECK(type_of(std::string_view(text).substr(0, sniff_bytes)).mime == "text/plain; charset=utf-8");
    CHECK(type_of(std::string_view(text).substr(0, 100)).mime == "text/plain; charset=utf-8");
  }
  CHECK(type_of("a\xe2\x99").mime == "application/octet-stream");
}

TEST_CASE("a name that claims another type than the content has is noticed") {
  const auto html = type_of("<html>");
  const auto png = type_of(tests::png(1, 1));
  CHECK(name_contradicts("face.png", html));
  CHECK(name_contradicts("face.PNG", html));
  CHECK(name_contradicts("song.mp3", png));
  CHECK(!name_contradicts("face.png", png));
  CHECK(!name_contradicts("face", png));
  CHECK(!name_contradicts("notes.docx", type_of("PK\x03\x04")));
  CHECK(!name_contradicts("page.html", html));
}

TEST_CASE("names become harmless and keep their ending") {
  const auto png = type_of(tests::png(1, 1));
  const auto any = type_of("<html>");
  CHECK(tidy_name("face.png", png) == "face.png");
  CHECK(tidy_name("../../etc/passwd", any) == "passwd");
  CHECK(tidy_name("C:\\temp\\face.png", png) == "face.png");
  CHECK(tidy_name("face.png.html", png) == "face.png.html.png");
  CHECK(tidy_name("a\r\nSet-Cookie: x=1\".png", png) == "x=1_.png");
  CHECK(tidy_name("Größe 1.PNG", png) == "Größe 1.PNG");
  CHECK(tidy_name("cod\xe2\x80\xaegnp.exe", any) == "codgnp.exe");
  CHECK(tidy_name("", png) == "file.png");
  CHECK(tidy_name("...", any) == "file");
  CHECK(tidy_name("\xff\xfe", png) == "file.png");
  CHECK(tidy_name(".htaccess", any) == "htaccess");
  const auto long_name = tidy_name(std::string(300, 'x') + "é.png", png);
  CHECK(long_name.size() == 120);
  CHECK(long_name.ends_with("x.png"));
  for (int i = 0; i < 60; ++i)
    CHECK(is_utf8(tidy_name(std::string(static_cast<std::size_t>(i), 'a') + std::string(100, '\xc3') + "é", any)));
  std::string accents;
  for (int i = 0; i < 100; ++i) accents += "é";
  CHECK(is_utf8(tidy_name(accents, png)));
  CHECK(tidy_name(accents, png).size() <= 120);
}

}  // namespace tuition::catalogue
