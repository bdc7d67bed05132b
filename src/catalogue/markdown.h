#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "platform/base/result.h"

// The only place where text becomes HTML.
namespace tuition::catalogue {

inline constexpr std::size_t html_max = 2 * 1024 * 1024;

// CommonMark with tables. The HTML can be put into a page as it stands:
//   no raw HTML passes: it is shown as text;
//   links and images keep http, https, mailto and relative addresses; of any other only the words stay;
//   headings begin at h2 (the page's title is the h1) and carry an id made of their words, "h-" before it;
//   a fence with the info string `abc` becomes <pre class="abc" data-abc>, and one with `practice` is not shown;
//   no inline style: columns are aligned by class (align-right, align-center).
// There are no footnotes (md4c reads none; a quotation or an explanation in brackets stands where it is read) and no
// formulas (drawing them takes a typesetter of hundreds of kilobytes in every learner's browser): [^1] and $x$ are
// text. Fails when the HTML would be longer than `max` bytes. Time and memory grow with the text's length only.
Result<std::string> to_html(std::string_view markdown, std::size_t max = html_max);

// The same with addresses of one's own: asked for every address that links and images name, as it was written; where it
// answers, that is used instead.
using Addresses = std::function<std::optional<std::string>(std::string_view address)>;
Result<std::string> to_html(std::string_view markdown, const Addresses& addresses, std::size_t max = html_max);

// Inline Markdown without its marks: for answers and labels. Of several blocks a line, with spaces between.
std::string to_plain(std::string_view markdown);

}  // namespace tuition::catalogue
