#include "accounts/passwords/password_rules.h"

#include <catch2/catch_test_macros.hpp>

#include <string>

#include "app/embedded.h"
#include "platform/base/text.h"

namespace tuition::accounts {
namespace {

const std::string_view common = app::embedded_words().front().bytes;

std::optional<std::string> on(std::string_view password, int min = 12) {
  return complaint(password, {.min = min, .common = common, .site_name = "Hill Road Music"},
                   {.email = "grace.hopper@navy.example", .full_name = "Grace B Hopper"});
}

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("length counts characters, whatever they are") {
  CHECK(on("elevenchars") == "must be at least 12 characters");
  CHECK_FALSE(on("twelve chars"));
  CHECK_FALSE(on(repeated(" ", 15)));
  CHECK_FALSE(on(repeated("\U0001F3B5", 12)));
  CHECK(on(repeated("\U0001F3B5", 11)));
  CHECK_FALSE(on(repeated("a1 ", 333)));
  CHECK_FALSE(on(repeated("A", 72) + "x"));
  CHECK_FALSE(on("739104628851734"));
}

TEST_CASE("passwords that are tried first are refused in any case") {
  CHECK(on("password1", 8));
  CHECK(on("PassWord1", 8));
  CHECK(on("qwertyuiop", 8));
  CHECK(on("1q2w3e4r5t6y"));
  CHECK_FALSE(on("practice makes perfect"));
}

TEST_CASE("what is tried first stays refused when it is doubled, dressed with digits, or a row of keys") {
  for (const auto* text :
       {"aaaaaaaaaaaa",     "AAAAAAAAAAAA",      "abababababab",     "abcabcabcabc",   "Xy1!xY1!xy1!",  "a a a a a a a",
        "passwordpassword", "PasswordPassword1", "sunshinepassword", "dragondragon12", "password2024!", "Password2024!",
        "sunshine12345",    "monkey123456789",   "!!welcome2026",    "123password123", "2026-Summer-!", "qwertyuiop12",
        "123456789012",     "987654321098",      "qwertyuiopas",     "asdfghjklqwe",   "abcdefghijkl",  "1qaz2wsx3edc",
        "abcd1234efgh",     "aaaa1111bbbb",      "qwertzuiop12",     "azertyuiop12",   "111122223333"}) {
    CAPTURE(text);
    CHECK(on(text));
  }
  for (const auto* text :
       {"739104628851734", "582916403775", "password is a word", "practice makes perfect", "correct horse battery",
        "counting in sevens", "sunshine739104628", "tomato2024!x", "two dragons dance", "abcd is not enough",
        "welcome back to the forest", "Tr0ub4dor&3xyz", "notpasswordish", "the summer of 69"}) {
    CAPTURE(text);
    CHECK_FALSE(on(text));
  }
}

TEST_CASE("a name is found in any case, with its accents and without") {
  const PasswordOwner zoe{.email = "zm@school.example", .full_name = "Zoë Müller"};
  for (const auto* text : {"zoëmüller123", "ZOËMÜLLER123", "zoemuller123", "Zo-e Mül-ler 7", "mu\u0308ller and co"}) {
    CAPTURE(text);
    CHECK(complaint(text, {.common = common}, zoe) == "must not contain your name");
  }
  CHECK_FALSE(complaint("the mill at noon", {.common = common}, zoe));
}

TEST_CASE("one's own name, one's address and the school's name are refused, however they are spaced") {
  CHECK(on("i am grace the great"));
  CHECK(on("G-R-A-C-E and more"));
  CHECK(on("xx grace.hopper xx"));
  CHECK(on("hillroadmusic rocks"));
  CHECK(on("I love Hill Road Music"));
  CHECK_FALSE(on("a road up the hill"));
}

TEST_CASE("names too short to guess by do not get in the way") {
  CHECK_FALSE(complaint("a bee in a bottle", {.common = common}, {.email = "b@x.example", .full_name = "Bo B"}));
}

TEST_CASE("every line of the list is found, and nothing between the lines") {
  std::size_t lines = 0;
  for (const auto line : split(common, '\n')) {
    if (line.empty()) continue;
    ++lines;
    if (!has_line(common, line)) FAIL("not found: " << line);
    if (has_line(common, std::string(line) + "\x01")) FAIL("found, but is not there: " << line);
  }
  CHECK(lines > 3000);
  CHECK_FALSE(has_line("", "a"));
  CHECK_FALSE(has_line("b\n", "a"));
  CHECK_FALSE(has_line("b\n", "c"));
  CHECK(has_line("a\nb\nc", "c"));
  CHECK_FALSE(has_line("a\nb\nc\n", ""));
}

}  // namespace tuition::accounts
