#include "platform/archive/zip_stream.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>

#include "platform/archive/zip.h"

namespace tuition::archive {
namespace {

std::string noise(std::size_t size) {
  std::string made;
  for (std::uint32_t seed = 7; made.size() < size;)
    made += static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
  return made;
}

// Handed out by pieces of an odd size.
ZipPart stored(std::string path, std::string bytes) {
  const auto size = bytes.size();
  return {std::move(path), {}, size, [bytes = std::move(bytes)](std::uint64_t at, std::string& out) {
            out += bytes.substr(static_cast<std::size_t>(at), 4093);
            return at < bytes.size();
          }};
}

ZipPart packed(std::string path, std::string bytes) { return {std::move(path), std::move(bytes), 0, {}}; }

std::string sent(ZipStream& stream, std::size_t* longest = nullptr) {
  std::string out;
  for (std::string piece; stream.next(piece); piece.clear()) {
    if (longest) *longest = std::max(*longest, piece.size());
    out += piece;
  }
  return out;
}

std::uint64_t number_at(const std::string& archive, std::uint64_t at, int bytes) {
  std::uint64_t number = 0;
  for (int i = bytes - 1; i >= 0; --i)
    number = number << 8 |
             static_cast<unsigned char>(archive.at(static_cast<std::size_t>(at) + static_cast<std::size_t>(i)));
  return number;
}

struct Listed {
  std::uint64_t packed = 0;
  std::uint64_t size = 0;
  std::uint64_t at = 0;
  std::string bytes{};  // as they stand there
};

// What the directory says, by APPNOTE.TXT: a number of all ones stands in the ZIP64 field.
std::map<std::string, Listed> directory_of(const std::string& archive) {
  const auto end = archive.size() - 22;
  REQUIRE(archive.substr(end, 4) == "PK\x05\x06");
  auto count = number_at(archive, end + 10, 2);
  auto at = number_at(archive, end + 16, 4);
  if (count == 0xffff || at == 0xffffffff) {
    REQUIRE(archive.substr(end - 20, 4) == "PK\x06\x07");
    const auto zip64 = number_at(archive, end - 12, 8);
    REQUIRE(archive.substr(zip64, 4) == "PK\x06\x06");
    REQUIRE(zip64 + 12 + number_at(archive, zip64 + 4, 8) == end - 20);
    count = number_at(archive, zip64 + 32, 8);
    at = number_at(archive, zip64 + 48, 8);
  }
  std::map<std::string, Listed> all;
  for (std::uint64_t i = 0; i < count; ++i) {
    REQUIRE(archive.substr(at, 4) == "PK\x01\x02");
    Listed one{number_at(archive, at + 20, 4), number_at(archive, at + 24, 4), number_at(archive, at + 42, 4), {}};
    const auto name = archive.substr(at + 46, number_at(archive, at + 28, 2));
    auto extra = at + 46 + name.size();
    const auto next = extra + number_at(archive, at + 30, 2);
    if (extra < next) {
      REQUIRE(number_at(archive, extra, 2) == 1);
      REQUIRE(extra + 4 + number_at(archive, extra + 2, 2) == next);
      extra += 4;
    }
    for (auto* number : {&one.size, &one.packed, &one.at})
      if (*number == 0xffffffff) {
        *number = number_at(archive, extra, 8);
        extra += 8;
      }
    CHECK(extra == next);
    REQUIRE(archive.substr(one.at, 4) == "PK\x03\x04");
    CHECK(archive.substr(one.at + 30, name.size()) == name);
    const auto begin = one.at + 30 + name.size() + number_at(archive, one.at + 28, 2);
    one.bytes = archive.substr(begin, one.packed);
    // What was sent without its checksum says it behind the bytes.
    if ((number_at(archive, one.at + 6, 2) & 8) != 0) {
      CHECK(archive.substr(begin + one.packed, 4) == "PK\x07\x08");
      CHECK(number_at(archive, begin + one.packed + 4, 4) == number_at(archive, at + 16, 4));
    }
    all.emplace(name, std::move(one));
    at = next;
  }
  return all;
}

std::map<std::string, std::string> files_of(const std::string& archive) {
  auto files = unzip(archive, {.files_max = 100'000});
  REQUIRE(files);
  std::map<std::string, std::string> out;
  for (auto& each : *files) out.emplace(each.path, each.bytes);
  return out;
}

}  // namespace

TEST_CASE("a ZIP that is made while it is sent is as long as it said and holds what went in") {
  const auto film = noise(300'001);
  const auto parts = [&] {
    return std::vector{packed("c/course.md", std::string(9000, 'a')), stored("c/media/film.mp4", film),
                       packed("c/empty.md", ""), stored("c/media/none.bin", ""), stored("c/media/one.bin", "1")};
  };
  ZipStream stream(parts());
  const auto length = stream.length();
  std::size_t longest = 0;
  const auto archive = sent(stream, &longest);
  CHECK(archive.size() == length);
  CHECK(longest < 10'000);
  const auto files = files_of(archive);
  CHECK(files.size() == 5);
  CHECK(files.at("c/course.md") == std::string(9000, 'a'));
  CHECK(files.at("c/media/film.mp4") == film);
  CHECK(files.at("c/empty.md").empty());
  CHECK(files.at("c/media/none.bin").empty());
  CHECK(files.at("c/media/one.bin") == "1");
  // Texts are packed, films are not.
  CHECK(archive.size() < film.size() + 1500);
  ZipStream again(parts());
  CHECK(sent(again) == archive);
  std::string more;
  CHECK_FALSE(again.next(more));
  CHECK(more.empty());
}

TEST_CASE("sizes, places and numbers of files beyond the plain fields are written as ZIP64") {
  // As it is at four gibibytes, from another number on.
  for (const std::uint64_t plain_max : {1, 40, 2000, 70'000}) {
    CAPTURE(plain_max);
    const auto film = noise(70'000);
    ZipStream stream({packed("a.md", "text"), stored("film.mp4", film), packed("b.md", "more"), stored("c.bin", "c")},
                     plain_max);
    const auto length = stream.length();
    const auto archive = sent(stream);
    CHECK(archive.size() == length);
    const auto listed = directory_of(archive);
    CHECK(listed.size() == 4);
    CHECK(listed.at("a.md").size == 4);
    CHECK(listed.at("film.mp4").bytes == film);
    CHECK(listed.at("b.md").at > film.size());
    CHECK(listed.at("c.bin").bytes == "c");
  }
  std::vector<ZipPart> many;
  for (int i = 0; i < 66'000; ++i) many.push_back(stored(std::to_string(i), "x"));
  ZipStream stream(std::move(many));
  const auto archive = sent(stream);
  CHECK(directory_of(archive).size() == 66'000);
  CHECK(files_of(archive).size() == 66'000);
}

TEST_CASE("a file that ends early, or goes on, cuts the ZIP short") {
  for (const auto& part :
       {ZipPart{"a", {}, 5000, stored("a", "short").read}, ZipPart{"a", {}, 3, stored("a", "longer").read},
        ZipPart{"a", {}, 3, [](std::uint64_t, std::string&) { return true; }}}) {
    ZipStream stream({part, packed("b", "text")});
    CHECK(sent(stream).find("PK\x05\x06") == std::string::npos);
    std::string more;
    CHECK_FALSE(stream.next(more));
    CHECK(more.empty());
  }
}

}  // namespace tuition::archive
