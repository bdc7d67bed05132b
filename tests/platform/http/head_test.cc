#include "platform/http/front/head.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <string>

#include "platform/http/front/chunked.h"

using namespace tuition::http;

namespace {

int status_for(const std::string& bytes) {
  HeadParser parser;
  return parser.feed(bytes) == HeadParser::State::bad ? parser.status() : 0;
}

std::string with(const std::string& fields) { return "POST / HTTP/1.1\r\nHost: a.example\r\n" + fields + "\r\n"; }

}  // namespace

TEST_CASE("a head is read the same whole and byte by byte") {
  const std::string bytes =
      "GET /api/plans?limit=2 HTTP/1.1\r\nHost: a.example:8080\r\nX-Thing:  some words \t\r\nConnection: "
      "Close\r\n\r\nrest";
  HeadParser whole, slow;
  REQUIRE(whole.feed(bytes) == HeadParser::State::done);
  std::size_t needed = 0;
  for (std::size_t i = 1; i <= bytes.size(); ++i)
    if (slow.feed(std::string_view(bytes).substr(0, i)) == HeadParser::State::done) {
      needed = i;
      break;
    }
  CHECK(needed == bytes.size() - 4);
  CHECK(whole.size() == needed);
  CHECK(slow.size() == needed);
  Head head;
  slow.read(bytes, head);
  CHECK(head.method == "GET");
  CHECK(head.path == "/api/plans");
  CHECK(head.query == "limit=2");
  CHECK(head.authority == "a.example:8080");
  CHECK(head.fields[1].second == "some words");
  CHECK(head.close);
}

TEST_CASE("a control character is seen wherever it stands in a value") {
  for (std::size_t length = 1; length < 50; ++length) {
    const std::string value(length, 'x');
    CHECK(status_for(with("Long: " + value + "\r\n")) == 0);
    for (std::size_t at = 0; at < length; ++at) {
      for (const char control : {'\0', '\x01', '\x1f', '\x7f'}) {
        auto broken = value;
        broken[at] = control;
        CHECK(status_for(with("Long: " + broken + "\r\n")) == 400);
      }
      auto fine = value;
      fine[at] = '\xe9';
      CHECK(status_for(with("Long: " + fine + "\r\n")) == 0);
    }
  }
}

TEST_CASE("framing that two readers could understand differently is refused") {
  CHECK(status_for(with("Content-Length: 3\r\n")) == 0);
  CHECK(status_for(with("Transfer-Encoding: Chunked\r\n")) == 0);
  CHECK(status_for(with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")) == 400);
  CHECK(status_for(with("Content-Length: 3\r\nContent-Length: 3\r\n")) == 400);
  CHECK(status_for(with("Content-Length: +3\r\n")) == 400);
  CHECK(status_for(with("Content-Length: 9999999999999999999\r\n")) == 400);
  CHECK(status_for(with("Transfer-Encoding: gzip, chunked\r\n")) == 501);
  CHECK(status_for(with("Transfer-Encoding: \r\n")) == 400);
  CHECK(status_for(with("Folded: a\r\n b\r\n")) == 400);
  CHECK(status_for(with("Bare: a\rb\r\n")) == 400);
  CHECK(status_for(with("Space : a\r\n")) == 400);
}

TEST_CASE("a request that cannot become one is refused before its head is complete") {
  CHECK(status_for("GET /\r\n") == 400);
  CHECK(status_for("\x16\x03\x01") == 400);
  CHECK(status_for("PRI * HTTP/2.0\r\n") == 505);
  CHECK(status_for("GET / HTTP/1.1\nHost") == 400);
  CHECK(status_for("GET /" + std::string(9000, 'x')) == 414);
  CHECK(status_for("GET / HTTP/1.1\r\nX: " + std::string(40000, 'x')) == 431);
}

TEST_CASE("a host is a name or an address with at most a port") {
  for (const auto* good : {"a", "a.example", "a.example:80", "127.0.0.1:8080", "[::1]:8080", "[2001:db8::1]"})
    CHECK(is_authority(good));
  for (const auto* bad : {"", "a b", "a/b", "user@a", "a,b", "a:", "a:99999", "[::1", "[]", "[::1]x", "a:1:2"})
    CHECK_FALSE(is_authority(bad));
}

TEST_CASE("chunks are joined wherever the bytes were cut") {
  const std::string coded = "A;note=\"x\"\r\n0123456789\r\n3\r\nabc\r\n0\r\nTrailer: gone\r\n\r\nnext";
  const auto step = GENERATE(1U, 2U, 3U, 7U, 100U);
  ChunkedDecoder decoder;
  std::string body;
  std::size_t at = 0;
  auto state = ChunkedDecoder::State::more;
  while (state == ChunkedDecoder::State::more && at < coded.size()) {
    std::size_t used = 0;
    state = decoder.feed(std::string_view(coded).substr(at, step), used, body);
    at += used;
  }
  CHECK(state == ChunkedDecoder::State::done);
  CHECK(body == "0123456789abc");
  CHECK(coded.substr(at) == "next");
}

TEST_CASE("chunks that are not exactly as the rule says are refused") {
  for (const auto* coded : {"0x5\r\n", "+5\r\n", " 5\r\n", "\r\n", "5\n", "00000000000000005\r\n", "1\r\nab",
                            "0\r\n x\r\n", "5;\x01\r\n"}) {
    ChunkedDecoder decoder;
    std::string body;
    std::size_t used = 0;
    CHECK(decoder.feed(coded, used, body) == ChunkedDecoder::State::bad);
  }
}
