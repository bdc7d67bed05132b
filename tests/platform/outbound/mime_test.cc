#include "platform/outbound/mime.h"

#include <catch2/catch_test_macros.hpp>

#include "platform/base/text.h"

using namespace tuition;
using namespace tuition::outbound;

namespace {

Mail mail() {
  Mail mail;
  mail.from = "Music School <school@example.org>";
  mail.to = "ada@example.org";
  mail.subject = "Welcome";
  mail.text = "Hello\n";
  mail.message_id = "m-1@example.org";
  mail.date = Instant{1'795'163'400'000};
  return mail;
}

// Undoes encoded words and folding, as a reader would.
std::string decoded(std::string header) {
  std::string out;
  std::size_t at = 0;
  while (at < header.size()) {
    if (header.compare(at, 3, "\r\n ") == 0) {
      at += header.compare(at + 3, 2, "=?") == 0 ? 3 : 2;
    } else if (header.compare(at, 10, "=?UTF-8?B?") == 0) {
      const auto end = header.find("?=", at + 10);
      out += *from_base64(header.substr(at + 10, end - at - 10));
      at = end + 2;
    } else {
      out += header[at++];
    }
  }
  return out;
}

std::string header(const std::string& message, const std::string& name) {
  const auto begin = message.find("\r\n" + name + ": ") + name.size() + 4;
  auto end = message.find("\r\n", begin);
  while (message[end + 2] == ' ') end = message.find("\r\n", end + 2);
  return message.substr(begin, end - begin);
}

void check_lines(const std::string& message) {
  for (auto line : split(message, '\n')) {
    if (!line.empty() && line.ends_with('\r')) line.remove_suffix(1);
    CHECK(line.size() <= 78);
    CHECK(line.find('\r') == std::string_view::npos);
  }
}

}  // namespace

TEST_CASE("a plain mail has its headers and its text") {
  CHECK(*compose(mail()) ==
        "Date: " + mail_date(mail().date) +
            "\r\nFrom: \"Music School\" <school@example.org>\r\nTo: ada@example.org\r\nSubject: Welcome\r\n"
            "Message-ID: <m-1@example.org>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nHello\r\n");
}

TEST_CASE("text comes first and HTML second, the same bytes at every try") {
  Mail both = mail();
  both.html = "<p>Hello</p>";
  const std::string message = *compose(both);
  CHECK(message == *compose(both));
  const auto text = message.find("text/plain");
  const auto html = message.find("text/html");
  CHECK(text < html);
  CHECK(html != std::string::npos);
  CHECK(message.find("Content-Type: multipart/alternative;\r\n boundary=\"=_") != std::string::npos);
  CHECK(message.ends_with("--\r\n"));
}

TEST_CASE("subjects of any script and length decode to themselves") {
  std::string umlauts;
  for (int i = 0; i < 200; ++i) umlauts += "\xc3\xbc";
  for (const std::string& subject :
       {umlauts, std::string("\xf0\x9f\x8e\xb5 Pr\xc3\xa9lude, \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"),
        std::string(300, 'x'), std::string("two  spaces"), std::string("=?UTF-8?B?aGk=?="),
        std::string("a perfectly ordinary subject that goes on for rather longer than one line of a mail should be")}) {
    CAPTURE(subject);
    Mail one = mail();
    one.subject = subject;
    const std::string message = *compose(one);
    check_lines(message);
    CHECK(decoded(header(message, "Subject")) == subject);
  }
}

TEST_CASE("encoded words are at most 75 characters and never split a character") {
  std::string notes;
  for (int i = 0; i < 40; ++i) notes += i % 3 == 0 ? "\xf0\x9f\x8e\xb5" : i % 3 == 1 ? "\xc3\xbc" : "a";
  std::string encoded = encode_words(notes, 9);
  for (auto word : split(encoded, '\n')) {
    word = trim(word);
    CHECK(word.size() <= 75);
    CHECK(is_utf8(*from_base64(word.substr(10, word.size() - 12))));
  }
}

TEST_CASE("names are quoted or encoded, addresses never are") {
  Mail one = mail();
  one.from = "\"School, \\\"The\\\" Best\" <school@example.org>";
  CHECK(header(*compose(one), "From") == "\"School, \\\"The\\\" Best\" <school@example.org>");
  one.from =
      "\xc3\x89"
      "cole <school@example.org>";
  CHECK(header(*compose(one), "From").ends_with("?= <school@example.org>"));
  CHECK(decoded(header(*compose(one), "From")) ==
        "\xc3\x89"
        "cole <school@example.org>");
  one.to = "j\xc3\xbcrgen@example.org";
  CHECK(header(*compose(one), "To") == "j\xc3\xbcrgen@example.org");
}

TEST_CASE("no value can add a header or an address") {
  const auto refuses = [](Mail bad) {
    const auto result = compose(bad);
    CAPTURE(result ? result.value() : std::string());
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == Kind::rejected);
  };
  for (const std::string& poison :
       {std::string("x\r\nBcc: all@example.org"), std::string("x\nBcc: a@b.example"), std::string("x\ry"),
        std::string("x\0y", 3), std::string("x\x7fy"), std::string("\xff")}) {
    CAPTURE(to_hex(bytes_of(poison)));
    Mail bad = mail();
    bad.subject = poison;
    refuses(bad);
    bad = mail();
    bad.from = poison + " <school@example.org>";
    refuses(bad);
    bad = mail();
    bad.to = "ada@example.org" + poison;
    refuses(bad);
    bad = mail();
    bad.reply_to = poison + "@example.org";
    refuses(bad);
    bad = mail();
    bad.message_id = "a@b" + poison;
    refuses(bad);
    bad = mail();
    bad.headers = {{"List-Unsubscribe", poison}};
    refuses(bad);
  }
  for (const char* to :
       {"", "ada", "a@b.example, c@d.example", "<a@b.example", "a@b.example>", "a@b.example <", "a b@c.example"}) {
    CAPTURE(to);
    Mail bad = mail();
    bad.to = to;
    refuses(bad);
  }
  Mail bad = mail();
  bad.headers = {{"Bcc: x", "y"}};
  refuses(bad);
}

TEST_CASE("extra headers are carried") {
  Mail one = mail();
  one.headers = {{"List-Unsubscribe", "<https://school.example/u/1>"}};
  CHECK(header(*compose(one), "List-Unsubscribe") == "<https://school.example/u/1>");
}

TEST_CASE("bodies keep every byte within short lines") {
  CHECK(quoted_printable("a=b") == "a=3Db\r\n");
  CHECK(quoted_printable("\xc3\xbc") == "=C3=BC\r\n");
  CHECK(quoted_printable("x \ny\t\r\nz") == "x=20\r\ny=09\r\nz\r\n");
  CHECK(quoted_printable("a\rb\n\nc") == "a\r\nb\r\n\r\nc\r\n");
  CHECK(quoted_printable(".\n..\n") == "=2E\r\n=2E.\r\n");
  CHECK(quoted_printable("").empty());
  check_lines(quoted_printable(std::string(1000, '=') + std::string(1000, 'x') + "\xe2\x82\xac"));
}
