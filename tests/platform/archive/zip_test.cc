#include "platform/archive/zip.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

namespace tuition::archive {
namespace {

std::string reason_of(const Result<std::vector<ZipFile>>& result) {
  REQUIRE_FALSE(result);
  return result.error().fields.empty() ? result.error().safe : result.error().fields.front().reason;
}

// Writes over every place where the name stands: in the entry, and in the directory at the end.
std::string renamed(std::string archive, const std::string& from, const std::string& to) {
  REQUIRE(from.size() == to.size());
  for (auto at = archive.find(from); at != std::string::npos; at = archive.find(from, at + 1))
    archive.replace(at, to.size(), to);
  return archive;
}

}  // namespace

TEST_CASE("what goes into a ZIP comes out again, and the same files make the same ZIP") {
  std::string noise;
  for (int i = 0; i < 70'000; ++i) noise += static_cast<char>((i * 7919) >> 3);
  const std::vector<ZipFile> files{{"a/course.md", "---\n"},
                                   {"a/empty", ""},
                                   {"a/gr\xc3\xb6\xc3\x9f"
                                    "e.bin",
                                    noise}};
  const auto made = zip(files);
  CHECK(made == zip(files));
  const auto out = unzip(made, {});
  REQUIRE(out);
  REQUIRE(out->size() == 3);
  for (std::size_t i = 0; i < files.size(); ++i) {
    CHECK((*out)[i].path == files[i].path);
    CHECK((*out)[i].bytes == files[i].bytes);
  }
  CHECK(unzip(zip({}), {})->empty());
}

TEST_CASE("names that lead out of a ZIP, or that are no plain names, are refused") {
  const auto made = zip({{"aa/bbbbb.md", "x"}});
  for (const std::string name :
       {"/a/bbbbb.md", "../bbbbb.md", "aa/../bb.md", "aa\\bbbbb.md", "C:/bbbbb.md", "aa//bbbb.md", "./abbbbb.md",
        "aa/bb\x01"
        "bb.md",
        "aa/bb\xff"
        "bb.md"}) {
    INFO(name);
    CHECK_FALSE(unzip(renamed(made, "aa/bbbbb.md", name), {}));
  }
  CHECK(reason_of(unzip(renamed(made, "aa/bbbbb.md", "../bbbbb.md"), {})) ==
        "has a name that leads out of the archive");
  CHECK(reason_of(unzip(renamed(zip({{"a.md", "x"}, {"b.md", "y"}}), "b.md", "a.md"), {})) == "is there twice");
  CHECK(reason_of(unzip(zip({{std::string(300, 'a'), "x"}}), {})) == "has a name longer than 255 bytes");
}

TEST_CASE("a ZIP that holds too much is refused before it fills the memory") {
  const std::string zeros(1'000'000, '\0');
  const auto bomb = zip({{"zeros", zeros}});
  CHECK(bomb.size() < 5'000);
  CHECK(reason_of(unzip(bomb, {})) == "is longer than 512 KiB");
  CHECK(unzip(bomb, {.file_max = 2'000'000}).ok());
  CHECK(unzip(bomb, {.file_max = 2'000'000, .total_max = 900'000}).error().kind == Kind::too_large);
  std::vector<ZipFile> many;
  for (int i = 0; i < 20; ++i) many.push_back({std::to_string(i), "x"});
  CHECK(unzip(zip(many), {.files_max = 19}).error().kind == Kind::too_large);
  CHECK(unzip(zip(many), {.files_max = 20}).ok());
  CHECK(unzip(zip(many), {.files_max = 5}).error().kind == Kind::too_large);
}

TEST_CASE("a ZIP that lies about its sizes or is damaged is refused") {
  const auto made = zip({{"a", std::string(3000, 'a') + "b"}});
  CHECK_FALSE(unzip("", {}));
  CHECK_FALSE(unzip("no archive at all", {}));
  CHECK_FALSE(unzip(made.substr(0, made.size() / 2), {}));
  // Every byte wrong once: refused, or the very same file.
  int refused = 0;
  for (std::size_t i = 0; i < made.size(); ++i) {
    auto broken = made;
    broken[i] = static_cast<char>(broken[i] ^ 0x55);
    const auto out = unzip(broken, {});
    if (!out) ++refused;
    if (out && !out->empty()) CHECK(out->front().bytes.size() <= 512 * 1024);
  }
  CHECK(refused > static_cast<int>(made.size() / 3));
}

TEST_CASE("an archive that lies elsewhere is read piece by piece") {
  const auto made = zip({{"a.md", "text"}, {"media/long.bin", std::string(300'000, 'l')}});
  std::size_t most = 0;
  const ZipSource source{made.size(), [&](std::uint64_t at, char* to, std::size_t size) {
                           most = std::max(most, size);
                           return made.copy(to, size, static_cast<std::size_t>(at));
                         }};
  std::string text;
  std::size_t bytes = 0;
  std::size_t longest = 0;
  const auto open = [&](const std::string& path) -> ZipTaker {
    if (path == "a.md")
      return {10, [&](std::string_view piece) -> Result<void> {
                text += piece;
                return {};
              }};
    return {300'000, [&](std::string_view piece) -> Result<void> {
              bytes += piece.size();
              longest = std::max(longest, piece.size());
              return {};
            }};
  };
  REQUIRE(unzip_to(source, {}, open));
  CHECK(text == "text");
  CHECK(bytes == 300'000);
  CHECK(longest <= 16 * 1024);
  CHECK(most <= 64 * 1024);

  const auto limited = [&](const std::string&) -> ZipTaker {
    return {299'999, [](std::string_view) -> Result<void> { return {}; }};
  };
  CHECK(unzip_to(source, {}, limited).error().fields[0].field == "media/long.bin");
  const auto refusing = [&](const std::string&) -> ZipTaker {
    return {300'000, [](std::string_view) -> Result<void> { return unprocessable("no"); }};
  };
  CHECK(unzip_to(source, {}, refusing).error().safe == "no");
}

}  // namespace tuition::archive
