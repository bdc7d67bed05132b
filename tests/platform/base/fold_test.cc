#include "platform/base/fold.h"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <utility>

namespace tuition {

TEST_CASE("what people type to find a name is the name, whatever its case and accents") {
  const std::pair<std::string, std::string> table[] = {
      {"Zoë Müller", "zoe muller"},
      {"ZOËMÜLLER", "zoemuller"},
      {"Mu\u0308ller", "muller"},  // the accent as a character of its own
      {"Österberg", "osterberg"},
      {"Łukasz Ørsted", "lukasz orsted"},
      {"STRASSE, Straße", "strasse, strasse"},
      {"Þóra Æsir", "thora aesir"},
      {"Nguyễn Thị Hương", "nguyen thi huong"},
      {"ΑΘΗΝΑ", "αθηνα"},
      {"ЁЛКА", "елка"},
      {"ﬁne Ａ", "fine a"},
      {"李小龍", "李小龍"},
      {"Plain O'Neill-7", "plain o'neill-7"},
      {"", ""},
      {"a\xff B", "a\xff b"},  // not UTF-8
  };
  for (const auto& [text, expected] : table) {
    CAPTURE(text);
    CHECK(folded(text) == expected);
    CHECK(folded(expected) == expected);
  }
}

TEST_CASE("without case, accents still count, however they are written") {
  const std::pair<std::string, std::string> table[] = {
      {"ÉTUDE", "étude"}, {"E\u0301tude", "étude"}, {"Große", "grosse"}, {"GROSSE", "grosse"},
      {"Etude", "etude"}, {"Привет", "привет"},     {"ﬁne", "fine"},     {"", ""},
      {"A\xff", "a\xff"},  // not UTF-8
  };
  for (const auto& [text, expected] : table) {
    CAPTURE(text);
    CHECK(without_case(text) == expected);
    CHECK(without_case(expected) == expected);
  }
}

}  // namespace tuition
