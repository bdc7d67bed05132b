#include "platform/base/fold.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

#include "platform/base/text.h"

namespace tuition {
namespace {

// In lower case, as the rest is by then.
constexpr std::pair<std::string_view, std::string_view> without_accent[] = {
    {"ø", "o"}, {"ł", "l"},  {"đ", "d"},  {"ð", "d"},  {"ħ", "h"}, {"ı", "i"},
    {"ŧ", "t"}, {"þ", "th"}, {"æ", "ae"}, {"œ", "oe"}, {"ĸ", "k"}, {"ŋ", "n"}};

struct Free {
  void operator()(utf8proc_uint8_t* bytes) const { std::free(bytes); }
};

}  // namespace

std::string folded(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    return to_lower_ascii(text);
  utf8proc_uint8_t* bytes = nullptr;
  const auto length = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()), &bytes,
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                                     UTF8PROC_STRIPMARK));
  const std::unique_ptr<utf8proc_uint8_t, Free> owned(bytes);
  if (length < 0) return to_lower_ascii(text);
  std::string out;
  const std::string_view rest(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
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

}  // namespace tuition
