#include "platform/base/csv.h"

#include <catch2/catch_test_macros.hpp>

namespace tuition {
namespace {

using Cells = std::vector<std::string>;

}  // namespace

TEST_CASE("cells are read with their quotes, commas and line breaks") {
  const auto csv = read_csv("a,b\r\n\"x, \"\"y\"\"\",\"two\nlines\"\nlast,\n");
  REQUIRE(csv.rows.size() == 3);
  CHECK(csv.problems.empty());
  CHECK(csv.rows[0].cells == Cells{"a", "b"});
  CHECK(csv.rows[1].cells == Cells{"x, \"y\"", "two\nlines"});
  CHECK(csv.rows[2].cells == Cells{"last", ""});
  CHECK(csv.rows[2].line == 4);
}

TEST_CASE("a byte order mark, empty lines and a missing last line break do no harm") {
  const auto csv = read_csv(
      "\xEF\xBB\xBF"
      "a,b\n\n\r\n1,2");
  REQUIRE(csv.rows.size() == 2);
  CHECK(csv.rows[0].cells == Cells{"a", "b"});
  CHECK(csv.rows[1].cells == Cells{"1", "2"});
  CHECK(csv.rows[1].line == 4);
  CHECK(read_csv("").rows.empty());
}

TEST_CASE("semicolons separate where the first line has no comma") {
  CHECK(read_csv("a;b\n1,5;2").rows[1].cells == Cells{"1,5", "2"});
}

TEST_CASE("what cannot be read is named by its line, and the rest is read") {
  const auto csv = read_csv("a,b\nx\"y,1\n\xFF,2\n\"z\"z,3\nfine,4\n\"open,5\n");
  REQUIRE(csv.problems.size() == 4);
  CHECK(csv.problems[0].line == 2);
  CHECK(csv.problems[1].line == 3);
  CHECK(csv.problems[1].reason == "is not UTF-8");
  CHECK(csv.problems[2].line == 4);
  CHECK(csv.problems[3].line == 6);
  REQUIRE(csv.rows.size() == 2);
  CHECK(csv.rows[1].cells == Cells{"fine", "4"});
}

}  // namespace tuition
