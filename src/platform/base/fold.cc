#include "platform/base/fold.h"

#include <utf8proc.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "platform/base/text.h"

namespace tuition {
namespace {

// In lower case, as the rest is by then.
constexpr std::pair<std::string_view, std::string_view> without_accent[] = {
    {"ø", "o"}, {"ł", "l"},  {"đ", "d"},  {"ð", "d"},  {"ħ", "h"}, {"ı", "i"},
    {"ŧ", "t"}, {"þ", "th"}, {"æ", "ae"}, {"œ", "oe"}, {"ĸ", "k"}, {"ŋ", "n"}};

// The text by these options; in lower ASCII letters where it is not UTF-8.
std::string mapped(std::string_view text, int options) {
  const auto how = static_cast<utf8proc_option_t>(options);
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto size = static_cast<utf8proc_ssize_t>(text.size());
  const auto length = utf8proc_decompose(bytes, size, nullptr, 0, how);
  if (length < 0) return to_lower_ascii(text);
  // One more, for the zero that the text gets at its end.
  std::vector<utf8proc_int32_t> points(static_cast<std::size_t>(length) + 1);
  utf8proc_decompose(bytes, size, points.data(), length, how);
  const auto written = utf8proc_reencode(points.data(), length, how);
  if (written < 0) return to_lower_ascii(text);
  return {reinterpret_cast<const char*>(points.data()), static_cast<std::size_t>(written)};
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

std::string folded(std::string_view text) {
  if (is_ascii(text)) return to_lower_ascii(text);
  const auto plain =
      mapped(text, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
  const std::string_view rest(plain);
  std::string out;
  for (std::size_t at = 0; at < rest.size();) {
    const auto* found = std::find_if(std::begin(without_accent), std::end(without_accent),
                                     [&](const auto& each) { return rest.substr(at).starts_with(each.first); });
    if (found == std::end(without_accent)) {
      out += rest[at++];
    } else {
      out += found->second;
      at += found->first.size();
    }
  }
  return out;
}

std::string without_case(std::string_view text) {
  if (is_ascii(text)) return to_lower_ascii(text);
  return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
}

}  // namespace tuition
