#include "catalogue/authoring/author_text.h"

#include <catch2/catch_test_macros.hpp>
#include <set>

namespace tuition::catalogue {

TEST_CASE("titles become names for addresses") {
  const std::pair<const char*, const char*> rows[] = {
      {"Hear what you play", "hear-what-you-play"},
      {"Gr\xc3\xb6\xc3\x9f"
       "e & Takt",
       "grose-takt"},
      {"  --Don't stop!--  ", "dont-stop"},
      {"\xc5\x81\xc3\xb3"
       "d\xc5\xba, caf\xc3\xa9 n\xc2\xba 7",
       "lodz-cafe-n-7"},
      {"\xe9\x9f\xb3\xe4\xb9\x90", "untitled"},
      {"\xe9\x9f\xb3 A4", "a4"},
      {"", "untitled"},
      {"3/4", "3-4"},
  };
  for (const auto& [title, slug] : rows) {
    INFO(title);
    CHECK(slug_from(title) == slug);
  }
  CHECK(slug_from(std::string(500, 'x')).size() == 80);
}

TEST_CASE("a name that is taken gets a number") {
  const std::set<std::string> taken{"a", "a-2"};
  const auto is_taken = [&](const std::string& slug) { return taken.contains(slug); };
  CHECK(free_slug("b", is_taken) == "b");
  CHECK(free_slug("a", is_taken) == "a-3");
}

TEST_CASE("Markdown is kept as a course folder holds it") {
  const std::pair<const char*, const char*> rows[] = {
      {"", ""}, {"a", "a\n"}, {"a\r\nb\r", "a\nb\n"}, {"a\n\n \n", "a\n"}, {"    code", "    code\n"}, {"\n\n", ""}};
  for (const auto& [typed, kept] : rows) {
    INFO(typed);
    CHECK(kept_markdown(typed) == kept);
    CHECK(kept_markdown(kept) == kept);
  }
}

TEST_CASE("a file keeps the name it came with while that says where it stands") {
  CHECK(file_name_of("003-pulse", 3, "pulse", "") == "003-pulse");
  CHECK(file_name_of("03-pulse.md", 4, "pulse", ".md") == "04-pulse.md");
  CHECK(file_name_of("03-pulse.md", 3, "beat", ".md") == "03-beat.md");
  CHECK(file_name_of("", 123, "pulse", "") == "123-pulse");
}

}  // namespace tuition::catalogue
