#include "platform/config/file.h"

#include <catch2/catch_test_macros.hpp>
#include <map>

using namespace tuition::config;

namespace {
std::map<std::string, std::string> read(std::string_view text) {
  const auto contents = read_file_text(text);
  for (const auto& each : contents.problems) FAIL("line " << each.line << ": " << each.reason);
  std::map<std::string, std::string> found;
  for (const auto& each : contents.entries) found[each.name] = each.text;
  return found;
}
std::string problem(std::string_view text) {
  const auto contents = read_file_text(text);
  if (contents.problems.empty()) return "none";
  return std::to_string(contents.problems.front().line) + ": " + contents.problems.front().reason;
}
}  // namespace

TEST_CASE("a file holds sections, dotted names and comments") {
  const auto found = read(
      "\xef\xbb\xbf# a school\nmode = \"dev\"\r\n\n[http]\nport = 8_080 # where\n  host='0.0.0.0'\n[mail . smtp]\n"
      "secure = true\nlimits.per_day = -5");
  CHECK(found == std::map<std::string, std::string>{{"mode", "dev"},
                                                    {"http.port", "8080"},
                                                    {"http.host", "0.0.0.0"},
                                                    {"mail.smtp.secure", "true"},
                                                    {"mail.smtp.limits.per_day", "-5"}});
}

TEST_CASE("quoted values keep every character") {
  const auto found =
      read("a = \"p#ss, w=rd [1] \\\"x\\\" \\\\ \\t \\u00e9 \\U0001F3B5\"\nb = 'C:\\path # not a comment'\nc = \"\"\n");
  CHECK(found.at("a") == "p#ss, w=rd [1] \"x\" \\ \t \xc3\xa9 \xf0\x9f\x8e\xb5");
  CHECK(found.at("b") == "C:\\path # not a comment");
  CHECK(found.at("c").empty());
}

TEST_CASE("an array becomes a list with commas") {
  const auto found = read("a = [\"x\", 'y', 3,\n  # between\n  true,\n]\nb = []\n");
  CHECK(found.at("a") == "x,y,3,true");
  CHECK(found.at("b").empty());
}

TEST_CASE("what cannot be read is told with its line") {
  CHECK(problem("\na = hello") == "2: text values need quotes: name = \"value\"");
  CHECK(problem("a = \"open\nb = 1") == "1: a quoted value must end on its line");
  CHECK(problem("a = 1 2") == "1: has something after the value");
  CHECK(problem("a = 1.5").starts_with("1: text values need quotes"));
  CHECK(problem("a 1") == "1: needs = between name and value");
  CHECK(problem("= 1").starts_with("1: must begin with a name"));
  CHECK(problem("[http\nport = 1") == "1: a [section] must end with ]");
  CHECK(problem("[[x]]").starts_with("1: arrays of tables"));
  CHECK(problem("a = \"\\q\"").starts_with("1: has an unknown \\ escape"));
  CHECK(problem("a = \"\\ud800\"").starts_with("1: has an unknown \\ escape"));
  CHECK(problem("a = [1, [2]]").starts_with("1: an array holds plain values"));
  CHECK(problem("a = [\"x,y\"]") == "1: a value of an array may not hold a comma");
  CHECK(problem("a = [1") == "1: an array must end with ]");
  CHECK(problem("a = ") == "1: text values need quotes: name = \"value\"");
  CHECK(problem("a.b = 1\n[a]\nb = 2") == "3: a.b is set twice; the first time in line 1");
}

TEST_CASE("every problem of a file is found, and the good lines still count") {
  const auto contents = read_file_text("a = x\nb = 2\nc = y\n");
  CHECK(contents.problems.size() == 2);
  REQUIRE(contents.entries.size() == 1);
  CHECK(contents.entries[0].name == "b");
}

TEST_CASE("a value quoted for the file reads back the same") {
  const std::string text = "a \"b\" \\ c\nd\te # f";
  CHECK(read("x = " + quote_for_file(text)).at("x") == text);
}
