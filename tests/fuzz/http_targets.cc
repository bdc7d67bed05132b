#include <algorithm>

#include "fuzz.h"
#include "platform/base/text.h"
#include "platform/http/front/chunked.h"
#include "platform/http/front/head.h"
#include "platform/http/front/stream.h"
#include "platform/http/network.h"
#include "platform/http/request.h"

namespace tuition::fuzz {
namespace {

using namespace tuition::http;

// Where to cut an input into pieces, as a network might: from the input itself, so that a run repeats.
std::size_t piece_after(std::string_view input, std::size_t at) {
  const auto byte = static_cast<unsigned char>(input[at]);
  return std::min(input.size(), at + 1 + byte % 13);
}

bool same(const Head& a, const Head& b) {
  return a.method == b.method && a.path == b.path && a.query == b.query && a.authority == b.authority &&
         a.minor == b.minor && a.fields == b.fields && a.length == b.length && a.chunked == b.chunked &&
         a.close == b.close && a.expects_continue == b.expects_continue &&
         a.unknown_expectation == b.unknown_expectation;
}

std::uint64_t read_head(std::string_view input) {
  HeadParser whole;
  const auto state = whole.feed(input);

  HeadParser pieces;
  auto so_far = HeadParser::State::more;
  for (std::size_t at = 0; at < input.size() && so_far == HeadParser::State::more;) {
    at = piece_after(input, at);
    so_far = pieces.feed(input.substr(0, at));
  }
  demand(so_far == state, "a head reads the same in pieces");

  Happened happened;
  happened.also(static_cast<std::uint64_t>(state));
  if (state == HeadParser::State::bad) {
    const int status = whole.status();
    demand(status == 400 || status == 414 || status == 431 || status == 501 || status == 505, "a refusal has a status");
    demand(pieces.status() == status, "a refusal is the same in pieces");
    return happened.also(static_cast<std::uint64_t>(status)).text(whole.reason());
  }
  if (state != HeadParser::State::done) return happened.size(input.size());

  demand(whole.size() <= input.size() && whole.size() == pieces.size(), "a head ends where it ends");
  demand(input.substr(0, whole.size()).ends_with("\r\n\r\n"), "a head ends with an empty line");
  Head head, again;
  whole.read(input, head);
  pieces.read(input, again);
  demand(same(head, again), "a head holds the same in pieces");
  const auto inside = [&](std::string_view view) {
    return view.empty() || (view.data() >= input.data() && view.data() + view.size() <= input.data() + whole.size());
  };
  demand(is_token(head.method), "a method is a token");
  // An absolute target without a path asks for the root, which is then not in the head.
  demand(inside(head.method) && (inside(head.path) || head.path == "/") && inside(head.query) && inside(head.authority),
         "views lead into the head");
  demand(head.path == "*" || head.path.starts_with('/'), "a path begins with a slash");
  demand(head.path.find_first_of(" ?#\r\n") == std::string_view::npos, "a path is one");
  demand(head.authority.empty() ? head.minor == 0 : is_authority(head.authority), "a host is one");
  demand(!(head.chunked && head.length > 0), "a body has one framing");
  int lengths = 0, hosts = 0;
  for (const auto& [name, value] : head.fields) {
    demand(is_token(name) && inside(name), "a field's name is a token");
    demand(is_field_value(value) && inside(value), "a field's value has no controls");
    demand(value == trim(value), "a value is trimmed");
    if (equals_ignoring_case(name, "content-length")) ++lengths;
    if (equals_ignoring_case(name, "host")) ++hosts;
    if (equals_ignoring_case(name, "transfer-encoding"))
      demand(head.chunked && lengths == 0, "a transfer coding is chunked, with no length beside it");
  }
  demand(hosts <= 1, "there is one host");
  demand(!head.chunked || lengths == 0, "a chunked body has no length");
  return happened.also(head.chunked)
      .also(head.close)
      .also(head.expects_continue)
      .also(head.unknown_expectation)
      .also(static_cast<std::uint64_t>(head.minor))
      .size(head.fields.size())
      .size(head.length)
      .size(head.query.size())
      .size(input.size() - whole.size());
}

std::uint64_t read_chunks(std::string_view input) {
  ChunkedDecoder whole;
  std::size_t used = 0;
  std::string out;
  const auto state = whole.feed(input, used, out);
  demand(used <= input.size(), "no more is taken than there is");
  demand(out.size() <= input.size(), "no more comes out than went in");

  ChunkedDecoder pieces;
  std::string again;
  std::size_t taken = 0;
  auto so_far = ChunkedDecoder::State::more;
  for (std::size_t at = 0; at < input.size() && so_far == ChunkedDecoder::State::more;) {
    const auto end = piece_after(input, at);
    std::size_t some = 0;
    so_far = pieces.feed(input.substr(at, end - at), some, again);
    demand(some <= end - at, "no more is taken than a piece holds");
    demand(so_far != ChunkedDecoder::State::more || some == end - at, "who wants more has taken everything");
    taken += some;
    at = end;
  }
  demand(so_far == state, "chunks read the same in pieces");
  if (state != ChunkedDecoder::State::bad) demand(again == out && taken == used, "chunks carry the same in pieces");
  return Happened().also(static_cast<std::uint64_t>(state)).size(out.size()).size(input.size() - used);
}

std::uint64_t read_cookie(std::string_view input) {
  Request request;
  // As the engine hands it over: one or two fields of that name.
  const auto cut = input.find('\n');
  request.headers.emplace_back("cookie", input.substr(0, cut));
  if (cut != std::string_view::npos) request.headers.emplace_back("cookie", input.substr(cut + 1));
  Happened happened;
  for (const auto* name : {"tuition_at", "__Host-tuition_at", "a"}) {
    const auto value = request.cookie(name);
    demand(value.find(';') == std::string_view::npos, "a cookie ends at the semicolon");
    demand(value.empty() || std::any_of(request.headers.begin(), request.headers.end(),
                                        [&](const auto& each) { return each.second.find(value) != std::string::npos; }),
           "a cookie is part of what was sent");
    happened.size(value.size());
  }
  return happened.size(request.headers.size());
}

std::uint64_t read_ranges(std::string_view input) {
  Happened happened;
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}, ~std::uint64_t{0}}) {
    ByteRange range{};
    const auto answer = read_range(input, size, range);
    happened.also(static_cast<std::uint64_t>(answer));
    if (answer == RangeAnswer::part)
      demand(range.size > 0 && range.from < size && range.size <= size - range.from, "a range lies inside");
    if (answer == RangeAnswer::whole) demand(range.from == 0 && range.size == size, "the whole is the whole");
  }
  return happened;
}

std::uint64_t read_address(std::string_view input) {
  Happened happened;
  if (const auto address = Address::parse(input)) {
    const auto again = Address::parse(address->text());
    demand(again && *again == *address, "an address reads the same as it is written");
    happened.also(address->v4).also(address->is_loopback());
  }
  std::vector<std::string> problems;
  const auto networks = Networks::parse({std::string(input)}, &problems);
  demand(networks.empty() == !problems.empty(), "a network is one, or a problem");
  networks.contains_peer("192.0.2.1");
  return happened.also(networks.empty()).also(is_authority(input)).also(networks.contains_unix());
}

}  // namespace

Targets http_targets() {
  return {
      {.name = "head",
       .sentence = "the head of a request",
       .run = read_head,
       .seeds =
           {"GET / HTTP/1.1\r\nHost: school.example\r\n\r\n",
            "POST /api/auth/login?token=1 HTTP/1.1\r\nHost: localhost:8080\r\nContent-Type: application/json\r\n"
            "Content-Length: 17\r\nExpect: 100-continue\r\n\r\n{\"email\":\"a@b.c\"}",
            "PUT /a%20b/..%2f HTTP/1.1\r\nHost: [::1]:80\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
            "GET / HTTP/1.0\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\n\r\n",
            "GET http://school.example/x?y HTTP/1.1\r\nHost: school.example\r\n\r\n",
            "\r\nGET / HTTP/1.1\r\nHost: x\r\nCookie: a=1; b=\"2\"\r\nX-Empty:\r\nX-Tab:\ta\tb \r\n\r\nGET / "
            "HTTP/1.1\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\nContent-Length: 4\r\n\r\n",
            "GET / HTTP/2.0\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
       .dictionary = {"\r\n",
                      "\r\n\r\n",
                      "\n",
                      "Host: ",
                      "Content-Length: ",
                      "Transfer-Encoding: ",
                      "chunked",
                      "Connection: ",
                      "close",
                      "keep-alive",
                      "Expect: 100-continue",
                      " HTTP/1.1\r\n",
                      " HTTP/1.0\r\n",
                      "\r\n ",
                      "\r\n\t",
                      "http://",
                      "https://",
                      "[::1]",
                      "%00",
                      "%2f",
                      ": ",
                      " :",
                      "identity",
                      "*"}},
      {.name = "chunked",
       .sentence = "a chunked body",
       .run = read_chunks,
       .seeds = {"5\r\nhello\r\n0\r\n\r\n", "1;a=b;c=\"d\"\r\nx\r\n00\r\nX-T: y\r\n\r\nGET /",
                 "A\r\n0123456789\r\n0\r\n\r\n", "ffffffffffffffff\r\n", "0\r\n\r\n", "3\nabc\n0\n\n"},
       .dictionary = {"\r\n", "0\r\n\r\n", ";", "=\"", "ffff", "FFFFFFFFFFFFFFFF", "10", "\r", "X: y\r\n"}},
      {.name = "cookies",
       .sentence = "the field Cookie",
       .run = read_cookie,
       .seeds = {"tuition_at=abc.def.ghi; a=1", "a=\"quoted\"; __Host-tuition_at=x", "a=1; a=2", "a=1\na=2", "=;=; a",
                 ""},
       .dictionary = {"; ", "tuition_at=", "__Host-tuition_at=", "a=", "\"", "\n"}},
      {.name = "ranges",
       .sentence = "the field Range",
       .run = read_ranges,
       .seeds = {"bytes=0-", "bytes=0-0", "bytes=-5", "bytes=999-1000", "bytes=1-2,4-5", "BYTES=5-1", "items=0-1", ""},
       .dictionary = {"bytes=", "-", ",", "18446744073709551615", "18446744073709551616", " "}},
      {.name = "addresses",
       .sentence = "addresses of hosts and networks",
       .run = read_address,
       .seeds = {"192.0.2.1", "::1", "[2001:db8::1]:8080", "fe80::1%eth0", "10.0.0.0/8", "fc00::/7", "local", "unix",
                 "::ffff:192.0.2.1", "0.0.0.0/0", "school.example:443"},
       .dictionary = {"::", "/", "ffff", ":", ".", "%", "[", "]", "/128", "/0"}},
  };
}

}  // namespace tuition::fuzz
