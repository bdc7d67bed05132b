#include "catalogue/markdown.h"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <tuple>

namespace tuition::catalogue {
namespace {

std::string html(std::string_view markdown) { return to_html(markdown).value(); }

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("Markdown becomes the HTML one expects") {
  struct Row {
    const char* markdown;
    const char* html;
  };
  const Row rows[] = {
      {"a *b* **c** `d`", "<p>a <em>b</em> <strong>c</strong> <code>d</code></p>\n"},
      {"# One", "<h2 id=\"h-one\">One</h2>\n"},
      {"### Bars, *metre* & dots", "<h3 id=\"h-bars-metre-dots\">Bars, <em>metre</em> &amp; dots</h3>\n"},
      {"- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"},
      {"3. a", "<ol start=\"3\">\n<li>a</li>\n</ol>\n"},
      {"> q", "<blockquote>\n<p>q</p>\n</blockquote>\n"},
      {"a  \nb", "<p>a<br>\nb</p>\n"},
      {"---", "<hr>\n"},
      {"```abc\nX:1\nK:C\nC<D & \"E\"\n```",
       "<pre class=\"abc\" data-abc>X:1\nK:C\nC&lt;D &amp; &quot;E&quot;\n</pre>\n"},
      {"```c++\na<b\n```", "<pre><code class=\"language-c++\">a&lt;b\n</code></pre>\n"},
      {"&copy; &#65; &lt;", "<p>&copy; &#65; &lt;</p>\n"},
      {"[a](/b?c=1&d=2 \"t\")", "<p><a href=\"/b?c=1&amp;d=2\" title=\"t\">a</a></p>\n"},
      {"[a](https://x.example/b)", "<p><a href=\"https://x.example/b\" rel=\"noopener noreferrer\">a</a></p>\n"},
      {"<me@x.example>", "<p><a href=\"mailto:me@x.example\">me@x.example</a></p>\n"},
      {"![al *t*](/i.png)", "<p><img src=\"/i.png\" alt=\"al t\" loading=\"lazy\"></p>\n"},
      {"|a|b|\n|-|-:|\n|1|2|",
       "<table>\n<thead>\n<tr><th scope=\"col\">a</th><th scope=\"col\" class=\"align-right\">b</th></tr>\n</thead>\n"
       "<tbody>\n<tr><td>1</td><td class=\"align-right\">2</td></tr>\n</tbody>\n</table>\n"},
  };
  for (const auto& row : rows) CHECK(html(row.markdown) == row.html);
}

TEST_CASE("an empty corner of a table is no header") {
  CHECK(html("| | b |\n|---|---|\n| 1 | 2 |\n").find("<tr><td></td><th scope=\"col\">b</th></tr>") !=
        std::string::npos);
}

TEST_CASE("no raw HTML passes") {
  for (const auto* each : {"<script>alert(1)</script>", "a <img src=x onerror=alert(1)> b", "<div onclick='x'>\n\nhi",
                           "<!-- c -->", "`<b>`", "```\n<b>\n```", "```abc\n</pre><script>\n```"}) {
    INFO(each);
    const auto out = html(each);
    CHECK_FALSE(has(out, "<script"));
    CHECK_FALSE(has(out, "<img"));
    CHECK_FALSE(has(out, "<div"));
    CHECK_FALSE(has(out, "<!--"));
    CHECK_FALSE(has(out, "<b>"));
  }
}

TEST_CASE("only allowed addresses are linked, however they are dressed up") {
  for (const auto* each : {"[a](javascript:alert(1))", "[a](JaVaScRiPt:alert(1))", "[a](&#106;avascript:alert(1))",
                           "[a](&#x6A;avascript:alert(1))", "[a](data:text/html,x)", "[a](vbscript:x)",
                           "<javascript:alert(1)>", "[a][r]\n\n[r]: javascript:x", "[a](<java\tscript:x>)",
                           "![a](data:image/svg+xml,x)", "[a](file:///etc/passwd)"}) {
    INFO(each);
    const auto out = html(each);
    CHECK_FALSE(has(out, "<a "));
    CHECK_FALSE(has(out, "<img"));
  }
  // An entity we do not know is not decoded by the browser either.
  CHECK(has(html("[a](javascript&colon;alert(1))"), "href=\"javascript&amp;colon;alert(1)\""));
  CHECK(has(html("[a](/x\"onclick=y)"), "href=\"/x%22onclick=y\""));
  CHECK(has(html("[a](/ü)"), "href=\"/%C3%BC\""));
}

TEST_CASE("every heading has an id of its own") {
  CHECK(html("## Steps\n## Steps\n## !\n## Über uns") ==
        "<h2 id=\"h-steps\">Steps</h2>\n<h2 id=\"h-steps--2\">Steps</h2>\n<h2 id=\"h-section\">!</h2>\n"
        "<h2 id=\"h-Über-uns\">Über uns</h2>\n");
}

TEST_CASE("HTML that would grow beyond its limit is refused") {
  CHECK_FALSE(to_html(std::string(3000, 'a'), 2000).ok());
  CHECK_FALSE(to_html(std::string(900, '&'), 2000).ok());
}

TEST_CASE("hostile Markdown ends, with HTML in proportion") {
  const auto many = [](std::string_view part, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += part;
    return out;
  };
  std::chrono::steady_clock::duration longest{};
  std::string slowest;
  for (const auto& each :
       {many("> ", 150'000) + "x", many("- ", 150'000) + "x", many("*a **b ", 40'000), many("[", 300'000),
        many("![", 150'000), many("[a](", 75'000), many("# a\n", 75'000), many("`", 300'000), many("a|", 150'000),
        "|" + many("a|", 1000) + "\n|" + many("-|", 1000) + "\n" + many("|\n", 100'000), many("&#9;", 75'000),
        many("<a ", 100'000), many("_a__b_", 50'000), many("1. a\n", 60'000), many("  - a\n", 40'000),
        many("[r]: /x\n", 30'000) + many("[r]", 20'000), many("\\", 300'000), many("~~~\n", 75'000)}) {
    INFO(each.substr(0, 20));
    const auto began = std::chrono::steady_clock::now();
    const auto out = to_html(each, 16 * 1024 * 1024);
    const auto took = std::chrono::steady_clock::now() - began;
    if (took > longest) std::tie(longest, slowest) = std::pair{took, each.substr(0, 20)};
    if (out) CHECK(out->size() < 40 * each.size());
  }
  WARN("the slowest took " << std::chrono::duration_cast<std::chrono::milliseconds>(longest).count()
                           << " ms: " << slowest);
}

TEST_CASE("labels lose their marks and keep their words") {
  CHECK(to_plain("**B♭** or *A*") == "B♭ or A");
  CHECK(to_plain("1. e4") == "1. e4");
  CHECK(to_plain("- 3") == "- 3");
  CHECK(to_plain("a & b &amp; `c`") == "a & b & c");
  CHECK(to_plain("[a](/x)") == "a");
  CHECK(to_plain("on the **staff**.\n\n## Level 2\n\n- one\n- two") == "on the staff. Level 2 one two");
}

}  // namespace tuition::catalogue
