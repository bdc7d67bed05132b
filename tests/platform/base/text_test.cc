#include "platform/base/text.h"

#include <catch2/catch_test_macros.hpp>

namespace tuition {

TEST_CASE("addresses that mail could reach pass, and nothing with space, quotes or two at-signs") {
  for (const auto* good : {"a@b.example", "first.last+tag@sub.example.org", "ümlaut@exämple.org"})
    CHECK(looks_like_email(good));
  for (const auto* bad : {"", "a", "@b.example", "a@", "a@b", "a b@c.example", "a@b@c.example", "a@.example",
                          "a..b@c.example", "a@b.example.", "\"a\"@b.example", "a@b.exa\r\nmple"})
    CHECK_FALSE(looks_like_email(bad));
}

TEST_CASE("base64 texts that do not stand for exactly one value are refused") {
  CHECK(to_base64("ab") == "YWI=");
  CHECK(to_base64url("\xff\xfe\xfd") == "__79");
  CHECK(from_base64("YWI=") == "ab");
  CHECK(from_base64url("YWI") == "ab");
  for (const auto* bad : {"YWI", "YW=I", "YWJ=", "Y===", "!!!!"}) CHECK_FALSE(from_base64(bad));
  for (const auto* bad : {"Y", "YR", "YWJ", "YWJh!", "YWJhY", "YWJhYR", "YW+h",
                          "YWJh\xff"
                          "A"})
    CHECK_FALSE(from_base64url(bad));
}

TEST_CASE("bytes come back from base64 the same, whatever their number") {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    CHECK(from_base64url(to_base64url(bytes)) == bytes);
    CHECK(from_base64(to_base64(bytes)) == bytes);
    bytes += static_cast<char>(i * 89);
  }
}

TEST_CASE("escapes are decoded once and broken ones are refused") {
  CHECK(percent_decode("a%20b+c", Plus::literal) == "a b+c");
  CHECK(percent_decode("a%20b+c", Plus::space) == "a b c");
  CHECK(percent_decode("%2541", Plus::literal) == "%41");
  for (const auto* bad : {"%", "%4", "%zz", "a%"}) CHECK_FALSE(percent_decode(bad, Plus::literal));
}

TEST_CASE("text that is not UTF-8 is told from text that is") {
  CHECK(is_utf8("plain é 𝄞"));
  for (const auto* bad : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xc3"}) CHECK_FALSE(is_utf8(bad));
  CHECK(count_code_points("é𝄞a") == 3);
}

TEST_CASE("control characters are seen, line breaks and tabs are not") {
  CHECK_FALSE(has_control("a\tb\nc\r"));
  CHECK(has_control(std::string_view("a\0b", 3)));
  CHECK(has_control("\x1b[31m"));
  CHECK(has_control("\xc2\x85"));
}

}  // namespace tuition
